"""Access that was paid for is earned day by day over its cycle: one entry a spa and day (`rules.md` 8.2, H4).

What is earned by a day is the cycle's access by the days gone, its fraction of a cent down (`domain/refunds.earned_by`,
by which refunds go as well). What the account holds beyond that of cycles that are not over is earned today: so days
that were missed, payments that came late and refunds are all caught up, and a cycle that is over is earned to the cent.
"""

from assistant.db import spas
from assistant.db.spas import House
from assistant.domain import ledger as books
from assistant.domain.calendar import local_day
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import ledger
from assistant.services.book_days import DAYS

DUE = f"""
    WITH cycle AS (
        SELECT i.id, i.kind, i.due_on, c.ends_on FROM invoice i
        LEFT JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
        LEFT JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        CROSS JOIN LATERAL (
            SELECT coalesce(m.anchor_on, i.due_on) AS anchor, coalesce(v.cycle_months, 1) AS months) a
        CROSS JOIN LATERAL (
            SELECT cycle_date(a.anchor, cycle_on(a.anchor, a.months, i.due_on) + 1, a.months) AS ends_on) c
        WHERE i.spa_id = %(spa)s AND i.status = 'paid' AND i.due_on > %(today)s - 370 AND c.ends_on > %(today)s
    ), bought AS (
        SELECT c.due_on, c.ends_on, -sum(p.amount)::bigint AS cents, coalesce((
            SELECT sum(b.amount) FROM ledger_posting b
            WHERE b.spa_id = %(spa)s AND b.account = 'access' AND b.entry_id IN (
                SELECT r.entry_id FROM refund r WHERE r.spa_id = %(spa)s AND r.invoice_id = c.id AND r.status = 'done'
                UNION ALL
                SELECT x.id FROM dispute d JOIN ledger_entry x ON x.spa_id = d.spa_id
                    AND x.key = 'dispute_lost:' || d.dispute_id
                WHERE d.spa_id = %(spa)s AND d.invoice_id = c.id)), 0)::bigint AS back
        FROM cycle c
        JOIN ledger_entry e ON e.spa_id = %(spa)s AND e.key = c.kind || ':' || c.id
        JOIN ledger_posting p ON (p.spa_id, p.entry_id, p.account) = (e.spa_id, e.id, 'access')
        GROUP BY c.id, c.due_on, c.ends_on)
    SELECT (SELECT coalesce(-sum(amount), 0)::bigint FROM ({DAYS}) d WHERE account = 'access')
           - coalesce((
               SELECT sum(greatest(cents - back - cents * greatest(%(today)s - due_on, 0) / (ends_on - due_on), 0))
               FROM bought), 0)::bigint"""
"""What the account holds, less what cycles that are not over have still to earn."""


def earn(rt: Runtime) -> int:
    """Earn what today has brought, at every spa. Returns how many cents. Safe to run at any time, and twice at once."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(rt.transact(lambda uow, house=house: _earn(uow, house)) for house in houses)  # type: ignore[misc]


def _earn(uow: UnitOfWork, house: House) -> int:
    today = local_day(uow.now, house.zone)
    key = f"access:{today}"
    if uow.sql("SELECT 1 FROM ledger_entry WHERE spa_id = %s AND key = %s", (house.spa_id, key)).fetchone():
        return 0
    [[cents]] = uow.sql(DUE, {"spa": house.spa_id, "today": today}).fetchall()
    if cents <= 0:
        return 0
    [posted] = ledger.post(uow, house.spa_id, [books.earned(key, uow.now, cents)])
    return int(cents) if posted.fresh else 0
