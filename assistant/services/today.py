"""What the desk must know this morning: who did not pay and what was done about it, and who waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.db import approvals
from assistant.db.approvals import Request
from assistant.runtime import UnitOfWork

MOST_UNPAID, MOST = 10, 3
"""So many lines there are on the page, of those who did not pay and of each kind beside them."""
SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Somebody's dues that were asked for and did not come."""

    client_id: int
    name: str
    cents: int
    due_on: date
    decline_code: str | None
    done: str | None
    """The last step, as `tell payment-declined`."""
    done_at: datetime | None
    next: str | None
    next_at: datetime | None
    promise_on: date | None
    has_card: bool
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A day that somebody named for what they owe."""

    client_id: int
    name: str
    cents: int
    on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a person's answer."""

    client_id: int | None
    name: str
    topic: str
    summary: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something that only a person can settle."""

    id: int
    kind: str
    client_id: int | None
    name: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """How many tasks of a kind are open, and since when the oldest is."""

    kind: str
    many: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures at the top."""

    on: date
    at_risk_cents: int
    at_risk: int
    promised_cents: int
    no_card: int
    in_doubt: int
    collected_cents: int
    """Since the day began."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each, however few are shown."""

    waiting: int
    promises: int
    cancels: int
    unmatched: int
    tasks: int
    approvals: int


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page."""

    sums: Sums
    counts: Counts
    unpaid: list[Unpaid]
    promises: list[Promise]
    waiting: list[Waiting]
    cancels: list[Task]
    unmatched: list[Task]
    tasks: list[Kind]
    approvals: list[Request]


CASES = """
    WITH open AS MATERIALIZED (
        SELECT c.spa_id, c.id, c.client_id, c.invoice_id, c.promise_on,
               i.dues_cents + i.setup_fee_cents AS cents, i.due_on
        FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
        WHERE c.spa_id = %(spa)s AND c.closed_at IS NULL AND i.status = 'open'
        ORDER BY cents DESC, i.due_on, c.client_id LIMIT %(most)s)
    SELECT o.client_id, k.first_name || ' ' || k.last_name, o.cents, o.due_on, a.decline_code,
           done.what, done.done_at, next.what, next.due_at, o.promise_on,
           EXISTS (SELECT 1 FROM card d WHERE (d.spa_id, d.client_id) = (o.spa_id, o.client_id) AND d.role = 'current'),
           coalesce(a.status IN ('asked', 'unanswered'), false)
    FROM open o JOIN client k ON (k.spa_id, k.id) = (o.spa_id, o.client_id)
    LEFT JOIN LATERAL (
        SELECT x.decline_code, x.status FROM charge_attempt x
        WHERE (x.spa_id, x.invoice_id) = (o.spa_id, o.invoice_id) ORDER BY x.number DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (
        SELECT d.kind || ' ' || d.what AS what, d.done_at FROM dunning_step d
        WHERE (d.spa_id, d.case_id) = (o.spa_id, o.id) AND d.outcome = 'done'
        ORDER BY d.done_at DESC, d.number DESC LIMIT 1) done ON true
    LEFT JOIN LATERAL (
        SELECT d.kind || ' ' || d.what AS what, d.due_at FROM dunning_step d
        WHERE (d.spa_id, d.case_id) = (o.spa_id, o.id) AND d.done_at IS NULL
        ORDER BY d.due_at, d.number LIMIT 1) next ON true
    ORDER BY o.cents DESC, o.due_on, o.client_id"""
SUMS = """
    SELECT (%(now)s AT TIME ZONE s.zone)::date, coalesce(o.cents, 0)::bigint, coalesce(o.many, 0),
           coalesce(o.promised, 0)::bigint, coalesce(o.no_card, 0),
           (SELECT count(*) FROM charge_attempt a WHERE a.spa_id = s.spa_id AND a.status = 'unanswered'),
           (SELECT coalesce(sum(i.dues_cents + i.setup_fee_cents), 0)::bigint FROM invoice i
            WHERE i.spa_id = s.spa_id AND i.status = 'paid' AND i.kind = 'dues'
              AND i.paid_at >= ((%(now)s AT TIME ZONE s.zone)::date)::timestamp AT TIME ZONE s.zone)
    FROM spa s LEFT JOIN LATERAL (
        SELECT sum(i.dues_cents + i.setup_fee_cents) AS cents, count(*) AS many,
               sum(i.dues_cents + i.setup_fee_cents) FILTER (WHERE c.promise_on IS NOT NULL) AS promised,
               count(*) FILTER (WHERE NOT EXISTS (
                   SELECT 1 FROM card k WHERE (k.spa_id, k.client_id) = (c.spa_id, c.client_id)
                   AND k.role = 'current')) AS no_card
        FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
        WHERE c.spa_id = s.spa_id AND c.closed_at IS NULL AND i.status = 'open') o ON true
    WHERE s.spa_id = %(spa)s"""
PROMISES = """
    SELECT count(*) OVER (), c.client_id, k.first_name || ' ' || k.last_name, i.dues_cents + i.setup_fee_cents,
           c.promise_on
    FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id) AND i.status = 'open'
    JOIN client k ON (k.spa_id, k.id) = (c.spa_id, c.client_id)
    WHERE c.spa_id = %s AND c.closed_at IS NULL AND c.promise_on <= %s ORDER BY c.promise_on, c.id LIMIT %s"""
WAITING = """
    SELECT count(*) OVER (), h.client_id, coalesce(k.first_name || ' ' || k.last_name, h.address), h.topic, h.summary,
           h.opened_at
    FROM handover h LEFT JOIN client k ON (k.spa_id, k.id) = (h.spa_id, h.client_id)
    WHERE h.spa_id = %s AND h.closed_at IS NULL ORDER BY h.topic <> 'medical', h.opened_at, h.id LIMIT %s"""
KINDS = """
    SELECT kind, count(*), min(opened_at) FROM staff_task WHERE spa_id = %s AND closed_at IS NULL
    GROUP BY kind ORDER BY count(*) DESC, kind"""
TASKS = """
    SELECT t.id, t.kind, t.client_id, c.first_name || ' ' || c.last_name, t.opened_at
    FROM staff_task t LEFT JOIN client c ON (c.spa_id, c.id) = (t.spa_id, t.client_id)
    WHERE t.spa_id = %s AND t.closed_at IS NULL AND (%s::text[] IS NULL OR t.kind = ANY(%s))
    ORDER BY t.id LIMIT %s OFFSET %s"""
TO_APPROVE = """
    SELECT count(*) FROM approval WHERE spa_id = %s AND status = 'waiting' AND asked_by <> %s"""
LEAVING = frozenset({"cancel_asked"})
TOLD_OTHERWISE = frozenset({"handover"})
"""A thread that waits for a person is told as such."""
UNMATCHED = frozenset({"in_doubt", "refund_due", "refund_failed", "stripe_event", "dispute", "join_came_twice"})


def look(uow: UnitOfWork, spa_id: int, approver: str | None = None) -> Today:
    """The day as it stands now; for who may say yes to others, also what waits for that."""
    asked = {"spa": spa_id, "now": uow.now, "most": MOST_UNPAID}
    [row] = uow.sql(SUMS, asked).fetchall()
    sums = Sums(*row)
    promises = uow.sql(PROMISES, (spa_id, sums.on + SOON, MOST)).fetchall()
    waiting = uow.sql(WAITING, (spa_id, MOST)).fetchall()
    kinds = [Kind(*each) for each in uow.sql(KINDS, (spa_id,)).fetchall()]
    others = [each for each in kinds if each.kind not in LEAVING | UNMATCHED | TOLD_OTHERWISE]
    to_approve = _to_approve(uow, spa_id, approver) if approver else 0
    return Today(
        sums=sums,
        counts=Counts(
            waiting=waiting[0][0] if waiting else 0,
            promises=promises[0][0] if promises else 0,
            cancels=_many(kinds, LEAVING),
            unmatched=_many(kinds, UNMATCHED),
            tasks=sum(each.many for each in others),
            approvals=to_approve,
        ),
        unpaid=[Unpaid(*each) for each in uow.sql(CASES, asked).fetchall()],
        promises=[Promise(*each) for _, *each in promises],
        waiting=[Waiting(*each) for _, *each in waiting],
        cancels=tasks_of(uow, spa_id, LEAVING, most=MOST) if _many(kinds, LEAVING) else [],
        unmatched=tasks_of(uow, spa_id, UNMATCHED, most=MOST) if _many(kinds, UNMATCHED) else [],
        tasks=others[:MOST],
        approvals=approvals.waiting(uow, spa_id, most=MOST, besides=approver) if approver and to_approve else [],
    )


def _to_approve(uow: UnitOfWork, spa_id: int, approver: str) -> int:
    """What others have asked for: nobody says yes to their own."""
    [[many]] = uow.sql(TO_APPROVE, (spa_id, approver)).fetchall()
    return int(many)


def _many(kinds: list[Kind], of: frozenset[str]) -> int:
    return sum(each.many for each in kinds if each.kind in of)


def tasks_of(uow: UnitOfWork, spa_id: int, kinds: frozenset[str] | None, *, most: int, past: int = 0) -> list[Task]:
    """The tasks of some kinds, or of all, that nobody has settled: the oldest first."""
    wanted = sorted(kinds) if kinds is not None else None
    return [Task(*row) for row in uow.sql(TASKS, (spa_id, wanted, wanted, most, past)).fetchall()]
