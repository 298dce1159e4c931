"""P10: MRR, churn and credit liability over 1,000,000 and 10,000,000 movements: counted anew <= 2.5x a bare sum of the
same rows; from the sums by day, with a thousand entries that are in none yet, <= 10 ms at any size, and equal to the
recount."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median

import psycopg

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.domain.metrics import Movement
from assistant.runtime import Runtime
from assistant.services import book_days
from assistant.services.reports import churn, liability, mrr
from benchmarks.harness import Report
from benchmarks.ours.posting import Unreached
from benchmarks.servers import Postgres, sqlalchemy

SIZES = (1_000_000, 10_000_000)
MOST_TIMES = 2.5
MOST_MS = 10.0
AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
FROM_ON, AS_OF = date(2026, 1, 1), date(2026, 11, 22)

MOVES = """
    INSERT INTO membership_move (spa_id, membership_id, client_id, at, on_day, standing, plan_id, plan_version_id,
                                 mrr_cents, delta_cents, kind)
    SELECT 1, 1 + n %% 100000, 1 + n %% 100000, d.day + time '12:00', d.day, 'active', 1 + n %% 2, 1, 14900,
           CASE n %% 7 WHEN 0 THEN -14900 WHEN 1 THEN -100 WHEN 2 THEN 100 WHEN 3 THEN -14900 ELSE 14900 END,
           (ARRAY['churn', 'contraction', 'expansion', 'paused', 'resumed', 'new', 'reactivation'])[1 + n %% 7]
    FROM generate_series(1, %(many)s::bigint) n, LATERAL (SELECT date '2023-01-01' + (n %% 1420)::int AS day) d
"""
MOVE_SUMS = """
    INSERT INTO mrr_day SELECT spa_id, on_day, plan_id, kind, sum(delta_cents), count(*) FROM membership_move
    GROUP BY 1, 2, 3, 4"""
BOOKS = (
    """INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at, xid)
       SELECT 1, 'p10:' || n, CASE WHEN n %% 3 = 0 THEN 'credits_spent' ELSE 'credits_granted' END, d.at, d.at, 3
       FROM generate_series(1, %(many)s::bigint / 2) n,
            LATERAL (SELECT timestamptz '2023-01-01 12:00Z' + (n %% 1420)::int * interval '1 day' AS at) d""",
    """INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
       SELECT 1, e.id, l.leg, CASE l.leg WHEN 1 THEN 0 ELSE 1 + e.id %% 100000 END,
              CASE WHEN l.leg = 2 THEN 'credits' WHEN e.kind = 'credits_spent' THEN 'redeemed' ELSE 'issued' END,
              'visit', CASE WHEN e.kind = 'credits_spent' THEN -1 ELSE 1 END * (3 - 2 * l.leg) * 1000
       FROM ledger_entry e, (VALUES (1), (2)) l(leg)""",
)
COUNTED_ANEW = {
    "MRR and churn": (
        "SELECT sum(delta_cents) FROM membership_move WHERE spa_id = 1",
        "SELECT kind, on_day, sum(delta_cents), count(*) FROM membership_move WHERE spa_id = 1 GROUP BY 1, 2",
    ),
    "liability": (
        "SELECT sum(amount) FROM ledger_posting WHERE spa_id = 1",
        """SELECT account, unit, sum(amount) FROM ledger_posting
           WHERE spa_id = 1 AND account IN ('credits', 'deferred') GROUP BY 1, 2""",
    ),
}
"""The bare sum, and the same rows counted as the report needs them, where they stand today."""


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    """Each size in a database of its own; `--quick` takes the smaller one only."""
    report = Report(__doc__, "reports")
    print(f"\n{__doc__}")
    for many in SIZES if seconds >= 1 else SIZES[:1]:
        url = server.database(f"p10_{many}")
        upgrade(sqlalchemy(url))
        database = Database(sqlalchemy(url))
        rt = Runtime(StoppedClock(AT), database, Unreached(), Unreached())  # type: ignore[arg-type]
        _fill(url, many)
        _counted_anew(report, url, many, rounds)
        _from_the_sums(report, rt, url, many, rounds)
        database.close()
    return report


def _fill(url: str, many: int) -> None:
    """Rows without their foreign keys and triggers: nobody could make ten million of them through the front door."""
    started = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO spa (name, zone, locale, help_phone, help_email, carrier_confirms_stop)"
            " VALUES ('Fern', 'America/Denver', 'en', '', '', false)"
        )
        connection.execute("SET session_replication_role = replica")
        for statement in (MOVES, *BOOKS):
            connection.execute(statement, {"many": many})
        connection.execute(MOVE_SUMS)
        connection.execute("VACUUM ANALYZE")
    print(f"  {many:,} movements and {many:,} postings made in {time.perf_counter() - started:.0f} s")


def _write_more(url: str) -> None:
    """A thousand entries that no sum has yet, as a busy spa writes between two of the job's rounds."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            """WITH e AS (
                   INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at)
                   SELECT 1, 'p10:young:' || n, 'credits_granted', %(at)s, %(at)s FROM generate_series(1, 1000) n
                   RETURNING id)
               INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
               SELECT 1, e.id, l.leg, l.leg - 1, CASE l.leg WHEN 2 THEN 'credits' ELSE 'issued' END, 'visit',
                      (3 - 2 * l.leg) * 1000
               FROM e, (VALUES (1), (2)) l(leg)""",
            {"at": AT},
        )


def _counted_anew(report: Report, url: str, many: int, rounds: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for what, (bare, grouped) in COUNTED_ANEW.items():
            floor, ours, again = [], [], []
            for _ in range(rounds):
                floor.append(_timed(lambda statement=bare: connection.execute(statement).fetchall()))  # type: ignore[misc]
                ours.append(_timed(lambda statement=grouped: connection.execute(statement).fetchall()))  # type: ignore[misc]
                again.append(_timed(lambda statement=bare: connection.execute(statement).fetchall()))  # type: ignore[misc]
            times = median(one / two for one, two in zip(ours, floor, strict=True))
            agrees = median(one / two for one, two in zip(again, floor, strict=True))
            met = times <= MOST_TIMES
            report.missed += not met
            print(
                f"  {many:>10,}  {what}, counted anew: {median(ours) * 1000:.0f} ms,"
                f" a bare sum {median(floor) * 1000:.0f} ms:"
                f" {times:.2f}x (A/A {agrees:.2f}); goal <= {MOST_TIMES}: {'met' if met else 'MISSED'}"
            )


def _from_the_sums(report: Report, rt: Runtime, url: str, many: int, rounds: int) -> None:
    caught_up = _timed(lambda: book_days.catch_up(rt))
    print(f"  {many:>10,}  the books' sums by day caught up in {caught_up:.1f} s")
    _write_more(url)
    with rt.unit_of_work() as uow:
        reports: dict[str, Callable[[], object]] = {
            "MRR": lambda: mrr.period(uow, 1, FROM_ON, AS_OF),
            "churn": lambda: churn.months(uow, 1, FROM_ON, AS_OF),
            "liability": lambda: liability.rolled(uow, 1, FROM_ON, AS_OF),
        }
        for what, run in reports.items():
            run()
            ms = median(_timed(run) for _ in range(max(rounds, 5))) * 1000
            report.missed += ms > MOST_MS
            print(
                f"  {many:>10,}  {what} from the sums: {ms:.1f} ms;"
                f" goal <= {MOST_MS:g}: {'met' if ms <= MOST_MS else 'MISSED'}"
            )
        period, credit = mrr.period(uow, 1, FROM_ON, AS_OF), liability.rolled(uow, 1, FROM_ON, AS_OF)
    with psycopg.connect(url, autocommit=True) as connection:
        anew = connection.execute(
            "SELECT kind, sum(delta_cents)::bigint, count(*) FROM membership_move"
            " WHERE spa_id = 1 AND on_day BETWEEN %s AND %s GROUP BY 1",
            (FROM_ON, AS_OF),
        ).fetchall()
        [[held]] = connection.execute(
            "SELECT -sum(amount)::bigint FROM ledger_posting WHERE spa_id = 1 AND account = 'credits'"
        ).fetchall()
    moved = {Movement(kind): (cents, moves) for kind, cents, moves in anew}
    equal = {kind: (each.cents, each.moves) for kind, each in period.moved.items()} == moved
    equal = equal and sum(credit["visit"].values()) == held
    report.missed += not equal
    print(f"  {many:>10,}  the sums {'equal' if equal else 'DIFFER FROM'} the recount")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
