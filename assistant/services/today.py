"""What the desk must know this morning: who did not pay and what was done about it, and who waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.db.handovers import Handover, waiting
from assistant.runtime import UnitOfWork

MOST = 12
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
class Task:
    """Something that only a person can settle."""

    id: int
    kind: str
    client_id: int | None
    name: str | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """How many tasks of a kind are open, and the oldest."""

    kind: str
    many: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """The whole page."""

    on: date
    at_risk_cents: int
    at_risk: int
    promised_cents: int
    in_doubt: int
    no_card: int
    collected_cents: int
    """Since the day began."""
    unpaid: list[Unpaid]
    promises: list[Unpaid]
    waiting: list[Handover]
    names: dict[int, str]
    """Of those who wait."""
    cancels: list[Task]
    unmatched: list[Task]
    tasks: list[Kind]


CASES = """
    WITH open AS MATERIALIZED (
        SELECT c.spa_id, c.id, c.client_id, c.invoice_id, c.promise_on,
               i.dues_cents + i.setup_fee_cents AS cents, i.due_on
        FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
        WHERE c.spa_id = %(spa)s AND c.closed_at IS NULL AND i.status = 'open')
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
    ORDER BY o.cents DESC, o.due_on, o.client_id LIMIT %(most)s"""
SUMS = """
    SELECT (%(now)s AT TIME ZONE s.zone)::date, coalesce(o.cents, 0)::bigint, coalesce(o.many, 0),
           coalesce(o.promised, 0)::bigint, coalesce(o.no_card, 0),
           (SELECT count(*) FROM charge_attempt a WHERE a.spa_id = s.spa_id AND a.status = 'unanswered'),
           (SELECT coalesce(sum(i.dues_cents + i.setup_fee_cents), 0)::bigint FROM invoice i
            WHERE i.spa_id = s.spa_id AND i.status = 'paid'
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
TASKS = """
    SELECT t.id, t.kind, t.client_id, c.first_name || ' ' || c.last_name, t.opened_at
    FROM staff_task t LEFT JOIN client c ON (c.spa_id, c.id) = (t.spa_id, t.client_id)
    WHERE t.spa_id = %s AND t.closed_at IS NULL ORDER BY t.id LIMIT 500"""
NAMES = "SELECT id, first_name || ' ' || last_name FROM client WHERE spa_id = %s AND id = ANY(%s)"
LEAVING = frozenset({"cancel_asked"})
UNMATCHED = frozenset({"in_doubt", "refund_due", "refund_failed", "stripe_event", "dispute", "join_came_twice"})


def look(uow: UnitOfWork, spa_id: int) -> Today:
    """The day as it stands now."""
    asked = {"spa": spa_id, "now": uow.now, "most": MOST}
    [[on, cents, many, promised, no_card, in_doubt, collected]] = uow.sql(SUMS, asked).fetchall()
    cases = [Unpaid(*row) for row in uow.sql(CASES, asked).fetchall()]
    tasks = open_tasks(uow, spa_id)
    who_waits = waiting(uow, spa_id)
    ids = [each.client_id for each in who_waits if each.client_id is not None]
    return Today(
        on=on,
        at_risk_cents=cents,
        at_risk=many,
        promised_cents=promised,
        in_doubt=in_doubt,
        no_card=no_card,
        collected_cents=collected,
        unpaid=cases,
        promises=[each for each in cases if each.promise_on is not None and each.promise_on <= on + SOON],
        waiting=who_waits,
        names=dict(uow.sql(NAMES, (spa_id, ids)).fetchall()) if ids else {},
        cancels=[each for each in tasks if each.kind in LEAVING],
        unmatched=[each for each in tasks if each.kind in UNMATCHED],
        tasks=_by_kind([each for each in tasks if each.kind not in LEAVING | UNMATCHED]),
    )


def open_tasks(uow: UnitOfWork, spa_id: int) -> list[Task]:
    """Every task that nobody has settled, the oldest first."""
    return [Task(*row) for row in uow.sql(TASKS, (spa_id,)).fetchall()]


def _by_kind(tasks: list[Task]) -> list[Kind]:
    kinds = {each.kind: [one for one in tasks if one.kind == each.kind] for each in tasks}
    found = [Kind(kind, len(of), min(one.opened_at for one in of)) for kind, of in kinds.items()]
    return sorted(found, key=lambda each: (-each.many, each.kind))
