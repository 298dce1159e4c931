"""The books summed by day, caught up a little at a time, and exact beside writers that have not committed.

An entry carries the number of the transaction that wrote it. What is older than every transaction still running can
no longer change: that is counted, once, under the lock of the spa's mark. A report adds what is younger.
A database that was dumped and loaded elsewhere counts its transactions from the start: its sums are made anew.
"""

from assistant.db import spas
from assistant.runtime import Runtime, UnitOfWork


def catch_up(rt: Runtime) -> int:
    """Count what can be counted at every spa. Returns how many sums were changed. Safe to run at any time."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(rt.transact(lambda uow, spa_id=house.spa_id: count(uow, spa_id)) for house in houses)  # type: ignore[misc]


def count(uow: UnitOfWork, spa_id: int) -> int:
    """Count one spa's. The mark is locked before anything is looked at."""
    uow.sql("INSERT INTO book_mark (spa_id) VALUES (%s) ON CONFLICT DO NOTHING", (spa_id,))
    uow.sql("SELECT 1 FROM book_mark WHERE spa_id = %s FOR UPDATE", (spa_id,))
    if uow.sql(AHEAD_OF_US, (spa_id,)).fetchone():
        uow.sql("DELETE FROM book_day WHERE spa_id = %s", (spa_id,))
    [[changed]] = uow.sql(COUNT, {"spa": spa_id}).fetchall()
    return int(changed)


AHEAD_OF_US = """
    UPDATE book_mark SET xid = 0 WHERE spa_id = %s AND xid > pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    RETURNING 1"""
"""A mark that no transaction has come to: it was set by another server."""
COUNT = """
    WITH upto AS MATERIALIZED (
        SELECT m.xid AS since, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS upto
        FROM book_mark m WHERE m.spa_id = %(spa)s
    ), counted AS (
        INSERT INTO book_day AS d (spa_id, on_day, account, unit, kind, amount, postings)
        SELECT e.spa_id, (e.occurred_at AT TIME ZONE s.zone)::date, p.account, p.unit, e.kind, sum(p.amount)::bigint,
               count(*)
        FROM upto JOIN ledger_entry e ON e.spa_id = %(spa)s AND e.xid >= upto.since AND e.xid < upto.upto
        JOIN spa s ON s.spa_id = e.spa_id
        JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (spa_id, on_day, account, unit, kind)
        DO UPDATE SET amount = d.amount + excluded.amount, postings = d.postings + excluded.postings
        RETURNING postings
    ), moved AS (
        UPDATE book_mark m SET xid = greatest(m.xid, upto.upto) FROM upto WHERE m.spa_id = %(spa)s)
    SELECT count(*) FROM counted"""

DAYS = """
    SELECT on_day, account, unit, kind, amount FROM book_day WHERE spa_id = %(spa)s
    UNION ALL
    SELECT on_day, account, unit, kind, amount FROM books_since_mark(%(spa)s)"""
"""Every day's postings: what is counted, and what is younger than the mark."""
