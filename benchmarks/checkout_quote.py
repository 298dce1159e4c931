"""Checkout: quotes per second by one connection, beside their bare SQL; at the service layer p95 < 20 ms."""

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median

import psycopg

from assistant.clock import StoppedClock
from assistant.db import tills
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.pricing import PriceRule
from assistant.domain.tickets import Quote
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import checkout, credits, plans
from assistant.services.credits import Grant
from benchmarks.counting import statements
from benchmarks.harness import Report, Sample, Side, in_turn, same, settle
from benchmarks.ours import spa
from benchmarks.servers import Postgres, sqlalchemy

CLIENTS, LOTS = 5_000, 12
AIM_MS = 20.0
COUNTED = 50
NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)
ZONE = "America/Denver"
FILL = """
INSERT INTO spa (spa_id, name, zone, locale, help_phone, help_email, carrier_confirms_stop, policy)
    VALUES (1, 'Spa', 'America/Denver', 'en', '', '', false, '{"tax_basis_points": 825}');
INSERT INTO credit_kind (spa_id, unit, words, reference_cents)
    SELECT 1, u, '{"en": ["credit", "credits"]}', 16500 FROM unnest(ARRAY['visit', 'extra']) u;
INSERT INTO service (spa_id, code, name, category, list_price_cents, credit_unit, taxable, dollars_cover)
    SELECT 1, 's' || n, 'Service ' || n, (ARRAY['facials', 'devices', 'products'])[1 + n % 3], 4000 + 500 * n,
           (ARRAY['visit', 'extra', NULL])[1 + n % 3], n % 3 = 2, n % 3 <> 2 FROM generate_series(1, 60) n;
INSERT INTO client (spa_id, first_name, last_name, locale, created_at)
    SELECT 1, 'Client' || n, 'Example', 'en', now() FROM generate_series(1, 5000) n;
"""
MEMBERS = """
INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, ended_on, created_at)
    SELECT 1, c.id, v.id, CASE c.id % 20 WHEN 0 THEN 'suspended' WHEN 1 THEN 'past_due' WHEN 2 THEN 'ended'
           ELSE 'active' END, DATE '2026-01-05', CASE WHEN c.id % 20 = 2 THEN DATE '2026-10-01' END, now()
    FROM client c JOIN plan_version v ON v.id = 1 + c.id % 3 WHERE c.id % 4 <> 3
"""


class Tills:
    """A spa's till: the same carts for the same clients, in the same order of chance, whoever asks."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.rt = Runtime(StoppedClock(NOW), Database(sqlalchemy(database)), spa.Silence(), spa.Silence())  # type: ignore[arg-type]
        self.bare = psycopg.connect(database, autocommit=True, prepare_threshold=0)
        self.waits: list[float] = []

    def quote(self, client_id: int, cart: Cart) -> Quote:
        def ask(uow: UnitOfWork) -> Quote:
            found = checkout.quote(uow, 1, client_id, cart)
            assert isinstance(found, Quote)
            return found

        return self.rt.transact(ask, single=True)

    def floor(self, client_id: int, cart: Cart) -> object:
        """The one question by itself: nothing is made of its answer."""
        codes = [line.code for line in cart.lines]
        asked = {"spa": 1, "client": client_id, "codes": codes, "booking": None, "now": NOW, "on": None}
        asked |= {"soon": tills.SOON_DAYS}
        return self.bare.execute(tills.CLIENT, asked).fetchone()

    def run(self, ask: Callable[[int, Cart], object], seconds: float, tag: str, waits: list[float]) -> Sample:
        chance, began = random.Random(tag), time.monotonic()
        times = []
        while time.monotonic() - began < seconds:
            asked = a_visit(chance)
            before = time.perf_counter()
            ask(*asked)
            times.append((time.perf_counter() - before) * 1000)
        times.sort()
        waits += times
        rate = len(times) / (sum(times) / 1000)
        return Sample(rate, len(times), times[len(times) // 2], times[len(times) * 99 // 100])


def a_visit(chance: random.Random) -> tuple[int, Cart]:
    codes = [f"s{chance.randint(1, 60)}" for _ in range(chance.randint(1, 4))]
    lines = tuple(CartLine(code=code, quantity=chance.choice((1, 1, 1, 2))) for code in codes)
    return chance.randint(1, CLIENTS), Cart(lines=lines, tip_cents=chance.choice((0, 1_000)))


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "quotes")
    database = server.database("checkout_quote")
    upgrade(sqlalchemy(database))
    till = Tills(database)
    _fill(till)
    _count(till, report)
    waits: list[float] = []
    in_turn(
        report,
        [
            Side("bare SQL", lambda seconds, tag: till.run(till.floor, seconds, tag, [])),
            Side("checkout.quote", lambda seconds, tag: till.run(till.quote, seconds, tag, waits)),
        ],
        rounds=rounds,
        seconds=seconds,
    )
    settle(report, ())
    waits.sort()
    p95 = waits[len(waits) * 95 // 100]
    report.missed += p95 >= AIM_MS
    told = f"p50 {median(waits):.2f} ms, p95 {p95:.2f} ms, p99 {waits[len(waits) * 99 // 100]:.2f} ms"
    print(f"  {len(waits):,} quotes: {told}\n  goal: p95 < {AIM_MS:g} ms: {'met' if p95 < AIM_MS else 'MISSED'}")
    till.rt.database.close()
    till.bare.close()
    return report


def _fill(till: Tills) -> None:
    with psycopg.connect(till.database, autocommit=True) as connection:
        for statement in FILL.split(";\n")[:-1]:
            connection.execute(statement)
    with till.rt.unit_of_work() as uow:
        for number, percent in enumerate((10, 15, 20)):
            terms = Terms(
                dues_cents=9_900 + 5_000 * number,
                grants=(GrantTerms("visit", MILLI),),
                pricing=(PriceRule(category="facials", percent=percent), PriceRule(percent=5 * number)),
            )
            plans.offer(uow, 1, f"plan-{number}", f"Plan {number}", terms, actor="bench")
    with psycopg.connect(till.database, autocommit=True) as connection:
        connection.execute(MEMBERS)
    for number in range(LOTS):
        unit, lot_class = ("visit", "extra", "USD")[number % 3], LotClass.PROMO if number % 2 else LotClass.PAID
        last = date(2027, 1 + number % 12, 1) if lot_class is LotClass.PROMO else None
        with till.rt.unit_of_work() as uow:
            grants = [
                Grant(f"g{number}:{each}", each, unit, 1_000, lot_class, NOW, last, paid_cents=1_000)
                for each in range(1, CLIENTS + 1)
            ]
            credits.grant(uow, 1, ZONE, grants)
    with psycopg.connect(till.database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE spa, service, client, membership, plan, plan_version, credit_lot")


def _count(till: Tills, report: Report) -> None:
    """What a quote costs in statements, and that it says the same to whoever asks twice."""
    chance = random.Random("counted")
    visits = [a_visit(chance) for _ in range(COUNTED)]
    once = [till.quote(*each).bill for each in visits]
    with statements(till.database) as counts:
        again = [till.quote(*each).bill for each in visits]
    report.notes.append(counts.per(COUNTED, "quote"))
    report.notes.append(same("bills asked for twice", {"once": once, "again": again}))
