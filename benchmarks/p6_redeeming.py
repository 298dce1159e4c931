"""P6: credit used at eight connections: >= 0.60 of the bare prepared function; 100,000 lots end in <= 3
statements, and ten times the lots take <= 11 times as long."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median

import psycopg

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.runtime import Runtime
from assistant.services import caps, credits
from benchmarks.counting import statements
from benchmarks.crew import crew
from benchmarks.harness import Goal, Report, Side, in_turn, settle
from benchmarks.ledgers import check_equal, count_statements
from benchmarks.ours import redeeming, spa
from benchmarks.ours.posting import SPA
from benchmarks.servers import Postgres, sqlalchemy

GOALS = (Goal("ours", "floor", least=0.60),)
FEW, MANY = 10_000, 100_000
MOST_STATEMENTS = 3
"""Besides BEGIN and COMMIT."""
MOST_TIMES = 11
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST = date(2026, 11, 21)
LOTS = """
WITH person AS (
    INSERT INTO client (spa_id, first_name, last_name, locale, created_at)
    SELECT 1, 'Member' || n, 'Example', 'en', %(at)s FROM generate_series(1, %(lots)s::int / 5) n RETURNING id
), account AS (
    INSERT INTO ledger_account (spa_id, client_id, account, unit, balance)
    SELECT 1, id, 'credits', 'visit', -5000 FROM person
), entry AS (
    INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at)
    SELECT 1, %(tag)s || ':' || id || ':' || n, 'credits_granted', %(at)s, %(at)s FROM person, generate_series(1, 5) n
    RETURNING id, split_part(key, ':', 2)::bigint AS client_id, split_part(key, ':', 3)::int AS n
), posting AS (
    INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
    SELECT 1, id, leg, CASE leg WHEN 1 THEN 0 ELSE client_id END, CASE leg WHEN 1 THEN 'issued' ELSE 'credits' END,
           'visit', (3 - 2 * leg) * 1000 FROM entry, generate_series(1, 2) leg
), lot AS (
    INSERT INTO credit_lot (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, expires_on, entry_id)
    SELECT 1, client_id, 'visit', 'promo', 1000, 1000, %(last)s::date - 30, %(expires)s, id FROM entry
    RETURNING id, client_id, entry_id
), said AS (
    INSERT INTO outbound_message (spa_id, key, channel, recipient, message, message_class, locale, body, segments,
                                  status, created_at, due_at, expires_at)
    SELECT 1, %(tag)s, 'sms', '+14152000000', 'rolling-off', 'transactional', 'en', '', 1, 'delivered', %(at)s,
           %(at)s, %(at)s
), rolling AS (
    INSERT INTO roll_off (spa_id, key, lot_id, client_id, amount, most, last_on, told_by, made_at)
    SELECT 1, 'r:' || id, id, client_id, 1000, 0, %(last)s, %(tag)s, %(at)s FROM lot WHERE %(rolls)s)
INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount) SELECT 1, entry_id, 2, id, -1000 FROM lot
"""


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which lots end, at one spa."""

    name: str
    rolls: bool
    run: Callable[[Runtime], int]


ENDINGS = (
    Ending("expire", False, lambda rt: rt.transact(lambda uow: credits.expire(uow, 1, redeeming.ZONE))),
    Ending("roll off", True, lambda rt: rt.transact(lambda uow: caps.roll_off_at(uow, 1, redeeming.ZONE))),
)


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "uses")
    with ExitStack() as stack:
        crews = {}
        for name in ("floor", "ours"):
            database = server.database(f"p6_{name}")
            redeeming.prepare(database)
            crews[name] = stack.enter_context(crew(f"redeem_{name}", database))
        check_equal(crews, report, posts=100)
        count_statements(crews, report)
        sides = [Side(name, partial(each.run, alone=True)) for name, each in crews.items()]
        in_turn(report, sides, rounds=rounds, seconds=seconds)
    settle(report, GOALS)
    quick = rounds * seconds <= 2
    for ending in ENDINGS:
        _ends(server, report, ending, rounds=1 if quick else min(rounds, 3), shrunk=20 if quick else 1)
    return report


def _ends(server: Postgres, report: Report, ending: Ending, *, rounds: int, shrunk: int) -> None:
    """Few lots on one day and many on another, of the same full tables."""
    few, many = FEW // shrunk, MANY // shrunk
    times: list[tuple[float, float]] = []
    most = 0
    for number in range(rounds):
        database = server.database(f"p6_{ending.name.replace(' ', '_')}_{number}")
        days = _fill(database, ending, few, many)
        ends = {lots: _end(database, ending, day, lots) for day, lots in days}
        times.append((ends[few][0], ends[many][0]))
        most = max(most, *(asked for _, asked in ends.values()))
    short, long = (median(each) for each in zip(*times, strict=True))
    ratio = median(each[1] / each[0] for each in times)
    missed = most > MOST_STATEMENTS or ratio > MOST_TIMES
    report.missed += missed
    print(
        f"  {ending.name}: {few:,} lots in {short:.2f} s, {many:,} in {long:.2f} s ({many / long:,.0f} lots/s);"
        f" goal: <= {MOST_STATEMENTS} statements, {most}; ten times the lots <= {MOST_TIMES}x, {ratio:.1f}x:"
        f" {'MISSED' if missed else 'met'}"
    )


def _fill(database: str, ending: Ending, *lots: int) -> list[tuple[date, int]]:
    """So many lots end on one day, and so many on the next."""
    upgrade(sqlalchemy(database))
    days = [(LAST + timedelta(days=number), many) for number, many in enumerate(lots)]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SPA, (1, "+14155550100"))
        for day, many in days:
            given = {"at": AT, "last": day, "lots": many, "rolls": ending.rolls, "tag": f"t{day}"}
            connection.execute(LOTS, given | {"expires": None if ending.rolls else day})
        connection.execute(f"VACUUM ANALYZE {redeeming.TOUCHED}, roll_off, outbound_message")
    return days


def _end(database: str, ending: Ending, day: date, lots: int) -> tuple[float, int]:
    """How long it took, and how many statements besides BEGIN and COMMIT; the second time there is nothing left."""
    now = datetime.combine(day, AT.timetz()) + timedelta(days=1)
    rt = Runtime(StoppedClock(now), Database(sqlalchemy(database)), spa.Silence(), spa.Silence())  # type: ignore[arg-type]
    with rt.unit_of_work() as uow:  # the connection is opened before the clock starts
        [[before]] = uow.sql("SELECT sum(remaining) FROM credit_lot").fetchall()
    with statements(database) as counts:
        began = time.monotonic()
        done = ending.run(rt)
        took = time.monotonic() - began
    assert done == lots, f"{done} of {lots} lots ended"
    assert ending.run(rt) == 0, "the second time more ended"
    with rt.unit_of_work() as uow:
        left = uow.sql("SELECT (SELECT sum(remaining) FROM credit_lot), (SELECT -sum(balance) FROM ledger_account)")
        assert left.fetchone() == (before - 1000 * lots,) * 2
    rt.database.close()
    return took, counts.statements - 2 * counts.commits
