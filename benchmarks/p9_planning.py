"""P9, its plan: a billing day of 100,000 memberships, of one spa and of 200, opened in < 60 s by few statements."""

import random
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

import psycopg

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.domain.billing import GAP_DAYS, Decision, is_late
from assistant.domain.calendar import cycle_date, local_day
from assistant.runtime import Runtime
from assistant.services import billing
from benchmarks.counting import WATCHER, statements
from benchmarks.harness import Report, same
from benchmarks.ours import spa
from benchmarks.servers import Postgres, libpq, sqlalchemy

MEMBERSHIPS = 100_000
SAMPLE = 1_000
AIM_SECONDS = 60
NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)
ZONE = "America/Los_Angeles"
TODAY = local_day(NOW, ZONE)
DAY_OF_ALL = {"first": date(2025, 1, 31), "today": TODAY}
SPAS = """
INSERT INTO spa (spa_id, name, zone, locale, help_phone, help_email, carrier_confirms_stop)
    SELECT s, 'Spa ' || s, 'America/Los_Angeles', 'en', '', '', false FROM generate_series(1, %(spas)s::int) s;
INSERT INTO plan (spa_id, code, name)
    SELECT s.spa_id, c, c FROM spa s, unnest(ARRAY['glow', 'year', 'start', 'comp']) c WHERE s.spa_id > 0;
INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, cycle_months, setup_fee_cents, intro_cents,
                          intro_cycles, grants, sold_from)
    SELECT p.spa_id, p.id, 1, t.dues, t.months, t.fee, t.intro, t.cycles, '[]', now() FROM plan p
    JOIN (VALUES ('glow', 14900, 1, 0, NULL::int, 0), ('year', 150000, 12, 0, NULL, 0),
                 ('start', 11900, 1, 2500, 4900, 2), ('comp', 0, 1, 0, NULL, 0))
        t(code, dues, months, fee, intro, cycles) USING (code);
INSERT INTO client (spa_id, first_name, last_name, locale, created_at)
    SELECT 1 + n %% %(spas)s::int, 'Member' || n, 'Example', 'en', now() FROM generate_series(1, %(members)s::int) n;
"""
MEMBERS = """
INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, first_cycle, collection, charge_exempt,
                        resumes_on, created_at)
    SELECT c.spa_id, c.id, v.id, CASE WHEN c.id %% 31 = 0 THEN 'paused' ELSE 'active' END, t.anchor,
           greatest(0, t.cycle - CASE WHEN c.id %% 53 = 0 THEN 2 WHEN c.id %% 89 = 0 THEN -1 ELSE 0 END),
           CASE WHEN c.id %% 47 = 0 THEN 'manual' ELSE 'card' END, CASE WHEN c.id %% 101 = 0 THEN 'a friend' END,
           CASE WHEN c.id %% 62 = 0 THEN %(today)s::date + 9 END, now()
    FROM client c
    JOIN plan p ON p.spa_id = c.spa_id
        AND p.code = CASE WHEN c.id %% 13 = 0 THEN 'year' WHEN c.id %% 11 = 0 THEN 'start'
                          WHEN c.id %% 97 = 0 THEN 'comp' ELSE 'glow' END
    JOIN plan_version v ON (v.spa_id, v.plan_id) = (p.spa_id, p.id)
    CROSS JOIN LATERAL (SELECT CASE WHEN c.id %% 17 = 0 THEN %(today)s::date - (c.id %% 40)::int
                                    ELSE %(first)s::date + (c.id %% 28)::int END AS anchor) a
    CROSS JOIN LATERAL (SELECT a.anchor, cycle_on(a.anchor, v.cycle_months, %(today)s::date) AS cycle) t;
INSERT INTO payer SELECT spa_id, id, 'cus' || id, now() FROM client;
INSERT INTO card (spa_id, client_id, role, payment_method_id, brand, last4, exp_month, exp_year, fingerprint, consent,
                  source, added_at)
    SELECT spa_id, id, 'current', 'pm' || id, 'visa', '4242', 1, 2034, 'f' || id, '{}', 'import', now() FROM client
    WHERE id %% 37 <> 0;
INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status, reason,
                     opened_at, settled_at, paid_at, paid_by)
    SELECT m.spa_id, m.id, m.client_id, m.plan_version_id, c.cycle,
           cycle_date(m.anchor_on, c.cycle, v.cycle_months), 100,
           CASE WHEN k.open THEN 'open' ELSE 'paid' END, NULL, now(),
           CASE WHEN NOT k.open THEN k.paid END, CASE WHEN NOT k.open THEN k.paid END,
           CASE WHEN NOT k.open THEN 'card' END
    FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    CROSS JOIN LATERAL (SELECT cycle_on(m.anchor_on, v.cycle_months, %(today)s::date)
                               - CASE WHEN m.client_id %% 83 = 0 THEN 0 ELSE 1 END AS cycle) c
    CROSS JOIN LATERAL (SELECT m.client_id %% 59 = 0 AS open,
                               %(now)s - make_interval(days => (m.client_id %% 5)::int) AS paid) k
    WHERE c.cycle >= 0 AND (m.client_id %% 83 = 0 OR m.client_id %% 59 = 0 OR m.client_id %% 7 = 0);
"""
"""Each kind of trouble falls on its own share of the members, by primes that seldom meet."""
FLOOR = """
INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, opened_at)
SELECT spa_id, id, client_id, plan_version_id, 1000, %s, 14900, now() FROM membership ORDER BY spa_id, id
"""
ONE = """
SELECT m.client_id, m.anchor_on, m.first_cycle, m.standing, m.resumes_on, m.collection, m.charge_exempt, v.cycle_months,
       v.dues_cents, v.setup_fee_cents, v.intro_cents, v.intro_cycles
FROM membership m JOIN plan_version v ON v.id = m.plan_version_id WHERE m.id = %s
"""
OPENED = """
SELECT cycle, due_on, dues_cents, setup_fee_cents, status, reason FROM invoice
WHERE opened_at = %s AND membership_id = %s
"""


class Line(NamedTuple):
    """What a day makes of one membership."""

    decision: Decision
    cycle: int
    due_on: date
    dues_cents: int
    setup_fee_cents: int
    missed: int


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "memberships")
    quick = rounds * seconds <= 2
    memberships = MEMBERSHIPS // 20 if quick else MEMBERSHIPS
    print(f"\n{report.claim}")
    for spas in (1, 10 if quick else 200):
        filled = f"p9_plan_{spas}"
        _fill(server.database(filled), spas, memberships)
        times, floors = [], []
        for number in range(1 if quick else min(rounds, 3)):
            floors.append(_floor(_copy(server, filled, f"{filled}_floor_{number}")))
            times.append(_day(_copy(server, filled, f"{filled}_{number}"), report, spas, memberships, told=number == 0))
        _tell(report, spas, memberships, times, floors)
    return report


def _fill(database: str, spas: int, memberships: int) -> None:
    upgrade(sqlalchemy(database))
    given = {"spas": spas, "members": memberships, "now": NOW, **DAY_OF_ALL}
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in f"{SPAS}{MEMBERS}".split(";\n")[:-1]:
            connection.execute(statement, given)
        connection.execute("VACUUM ANALYZE spa, plan, plan_version, client, membership, payer, card, invoice")


def _copy(server: Postgres, filled: str, name: str) -> str:
    """The same day again."""
    with psycopg.connect(libpq(server.server.url()), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {filled}")
    return server.database_named(name)


def _floor(database: str) -> float:
    """As many invoices, written and not thought about."""
    with psycopg.connect(database) as connection:
        began = time.monotonic()
        connection.execute(FLOOR, (TODAY,))
        connection.commit()
        return time.monotonic() - began


def _day(database: str, report: Report, spas: int, memberships: int, *, told: bool) -> float:
    """Bill it, the second time to no effect; compared with a plan made by hand, one membership at a time."""
    clock = StoppedClock(NOW)
    rt = Runtime(clock, Database(sqlalchemy(database)), spa.Silence(), spa.Silence())  # type: ignore[arg-type]
    with psycopg.connect(database, autocommit=True, application_name=WATCHER) as looking:
        sample = random.Random(spas).sample(range(1, memberships + 1), min(SAMPLE, memberships))
        wanted = {number: _by_hand(looking, number) for number in sample} if told else {}
        if told:
            report.notes.append(_planned(rt, spas, wanted))
        began = time.monotonic()
        if told:
            with statements(database) as counts:
                began = time.monotonic()
                opened = billing.bill(rt)
                took = time.monotonic() - began
            print(f"  {_spas(spas)}: {counts.statements} statements in all, {counts.per(memberships, 'membership')}")
            _compare(looking, report, wanted, opened)
            clock.advance(timedelta(hours=1))
            assert billing.bill(rt) == 0, "the second time opened more"
        else:
            billing.bill(rt)
            took = time.monotonic() - began
    rt.database.close()
    return took


def _planned(rt: Runtime, spas: int, wanted: dict[int, Line]) -> str:
    """What would be shown is what a hand would write."""
    began, shown = time.monotonic(), {}
    for spa_id in range(1, spas + 1):
        with rt.unit_of_work() as uow:
            for each in billing.plan(uow, spa_id, TODAY):
                assert each.cycle is not None
                assert each.due_on is not None
                money = each.dues_cents, each.setup_fee_cents
                shown[each.membership_id] = Line(each.decision, each.cycle, each.due_on, *money, each.missed)
    took = time.monotonic() - began
    same("plan", {"by hand": wanted, "planned": {number: shown[number] for number in wanted}})
    kinds = Counter(line.decision.value for line in wanted.values())
    assert len(kinds) == len(Decision), f"the sample has only {kinds}"
    said = ", ".join(f"{many} {kind}" for kind, many in kinds.most_common())
    return f"{_spas(spas)}: a plan of {len(shown):,} shown in {took:.1f} s, equal one by one to {len(wanted):,}: {said}"


def _compare(looking: psycopg.Connection[Any], report: Report, wanted: dict[int, Line], opened: int) -> None:
    """What was opened for each of the sample is what its line says, missed cycles and all."""
    found = {number: sorted(looking.execute(OPENED, (NOW, number)).fetchall(), key=str) for number in wanted}
    by_hand = {number: sorted(_invoices(looking, number, line), key=str) for number, line in wanted.items()}
    report.notes.append(same(f"invoices of {len(wanted):,} memberships", {"by hand": by_hand, "opened": found}))
    row = looking.execute("SELECT count(*) FROM invoice WHERE opened_at = %s AND status = 'open'", (NOW,)).fetchone()
    assert row == (opened,), f"{opened} were said to be opened, and {row} are"


def _by_hand(looking: psycopg.Connection[Any], number: int) -> Line:
    """`features.md` A and D8 in plain Python, of one membership at a time."""
    row = looking.execute(ONE, (number,)).fetchone()
    assert row
    client, anchor, first, standing, resumes_on, collection, exempt, months, dues, fee, intro, intro_cycles = row
    cycle = -1
    while cycle_date(anchor, (cycle + 1) * months) <= TODAY:
        cycle += 1
    known = looking.execute(
        "SELECT cycle, due_on, status, paid_at FROM invoice WHERE membership_id = %s ORDER BY cycle", (number,)
    ).fetchall()
    has_card = looking.execute("SELECT 1 FROM card WHERE client_id = %s AND role <> 'old'", (client,)).fetchone()
    price = intro if cycle < intro_cycles else dues
    setup = fee if cycle == 0 else 0
    rests = standing == "paused" and (resumes_on is None or resumes_on > TODAY)
    after_last = known[-1][0] + 1 if known else first
    owing = any(status == "open" for _, _, status, _ in known)
    decision = next(
        decision
        for decision, applies in (
            (Decision.NOT_DUE, cycle < first),
            (Decision.SETTLED, bool(known) and known[-1][0] >= cycle and not owing),
            (Decision.HELD, owing or (bool(known) and _too_soon(known[-1]))),
            (Decision.RESTS, rests),
            (Decision.EXEMPT, exempt is not None),
            (Decision.COMPLETE, price + setup == 0),
            (Decision.COLLECT, collection == "manual"),
            (Decision.ASK_CARD, has_card is None),
            (Decision.CHARGE, True),
        )
        if applies
    )
    missed = max(0, cycle - max(first, after_last))
    return Line(decision, cycle, cycle_date(anchor, cycle * months), price, setup, missed)


def _too_soon(last: tuple[int, date, str, datetime]) -> bool:
    """The last one was paid late, and only a moment ago."""
    paid_on = local_day(last[3], ZONE)
    return is_late(paid_on, last[1]) and paid_on + timedelta(days=GAP_DAYS) > TODAY


def _invoices(looking: psycopg.Connection[Any], number: int, line: Line) -> list[tuple[Any, ...]]:
    if line.decision in {Decision.NOT_DUE, Decision.SETTLED, Decision.HELD}:
        return []
    row = looking.execute(ONE, (number,)).fetchone()
    assert row
    _, anchor, *_, months, dues, _, intro, intro_cycles = row
    reason = {Decision.RESTS: "paused", Decision.EXEMPT: "exempt"}.get(line.decision)
    status = "skipped" if reason else "open"
    now = [(line.cycle, line.due_on, line.dues_cents, line.setup_fee_cents, status, reason)]
    missed = "paused" if line.decision is Decision.RESTS else "missed"
    return now + [
        (cycle, cycle_date(anchor, cycle * months), intro if cycle < intro_cycles else dues, 0, "skipped", missed)
        for cycle in range(line.cycle - line.missed, line.cycle)
    ]


def _tell(report: Report, spas: int, memberships: int, times: list[float], floors: list[float]) -> None:
    for note in report.notes:
        print(f"  {note}")
    report.notes.clear()
    took, floor = median(times), median(floors)
    met = took < AIM_SECONDS
    report.missed += not met
    each = ", ".join(f"{one:.2f}" for one in times)
    print(f"  {_spas(spas)}: {memberships:,} memberships billed in {took:.2f} s [{each}], {memberships / took:,.0f}/s")
    print(f"  {_spas(spas)}: floor, as many bare invoices: {floor:.2f} s; ours / floor {took / floor:.2f}")
    print(f"  goal: {_spas(spas)}: < {AIM_SECONDS} s: {took:.2f}, {'met' if met else 'MISSED'}")


def _spas(spas: int) -> str:
    return "one spa" if spas == 1 else f"{spas} spas"
