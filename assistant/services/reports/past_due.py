"""Who had not paid on a day, for how long, and what brought back those who did."""

from dataclasses import dataclass
from datetime import date

from assistant.runtime import UnitOfWork

BUCKETS = ((0, 7), (8, 14), (15, 30), (31, None))
"""Days since the charge fell due."""


@dataclass(frozen=True, slots=True)
class Aged:
    """What has been owed for so many days."""

    from_days: int
    to_days: int | None
    invoices: int
    cents: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """Cases that were opened in the period, by the last thing that happened before the money came."""

    after: str
    """The step, by kind and name; `promise`, `new card`; `itself` where nothing had been done yet; `-`: not paid."""
    cases: int
    cents: int


@dataclass(frozen=True, slots=True)
class PastDue:
    """A day's ageing, and how a period's cases ended."""

    from_on: date
    as_of: date
    aged: tuple[Aged, ...]
    recovered: tuple[Recovered, ...]
    open_cents: int
    """Counted by another way: every invoice of dues that was open at the end of the day."""

    @property
    def holds(self) -> bool:
        return sum(each.cents for each in self.aged) == self.open_cents


WAS_OPEN = """
    FROM invoice i JOIN spa s ON s.spa_id = i.spa_id
    WHERE i.spa_id = %(spa)s AND i.kind = 'dues' AND (i.opened_at AT TIME ZONE s.zone)::date <= %(as_of)s
      AND (i.settled_at IS NULL OR (i.settled_at AT TIME ZONE s.zone)::date > %(as_of)s)"""
AGED = f"""
    SELECT least(greatest(%(as_of)s - i.due_on, 0), 31), count(*), sum(i.dues_cents + i.setup_fee_cents)::bigint
    {WAS_OPEN} GROUP BY 1"""
OPEN = f"SELECT coalesce(sum(i.dues_cents + i.setup_fee_cents), 0)::bigint {WAS_OPEN}"
RECOVERED = """
    SELECT CASE WHEN c.outcome IS DISTINCT FROM 'paid' OR (c.closed_at AT TIME ZONE s.zone)::date > %(as_of)s THEN '-'
                WHEN last.cause = 'card' THEN 'new card'
                WHEN last.cause = 'retry' AND c.promise_on <= (c.closed_at AT TIME ZONE s.zone)::date THEN 'promise'
                ELSE coalesce(step.kind || ' ' || step.what, 'itself') END,
           count(*), sum(i.dues_cents + i.setup_fee_cents)::bigint
    FROM dunning_case c JOIN spa s ON s.spa_id = c.spa_id JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
    LEFT JOIN LATERAL (
        SELECT d.kind, d.what FROM dunning_step d
        WHERE d.spa_id = c.spa_id AND d.case_id = c.id AND d.outcome = 'done' AND d.kind <> 'retry'
          AND d.done_at <= c.closed_at
        ORDER BY d.done_at DESC, d.number DESC LIMIT 1) step ON true
    LEFT JOIN LATERAL (
        SELECT a.cause FROM charge_attempt a
        WHERE a.spa_id = i.spa_id AND a.invoice_id = i.id AND a.status = 'succeeded'
        ORDER BY a.number DESC LIMIT 1) last ON true
    WHERE c.spa_id = %(spa)s AND (c.opened_at AT TIME ZONE s.zone)::date BETWEEN %(from_on)s AND %(as_of)s
    GROUP BY 1 ORDER BY 3 DESC, 1"""


def past_due(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> PastDue:
    """What was open at the end of a day, by its age; and of the cases since another day, what brought the money."""
    asked = {"spa": spa_id, "from_on": from_on, "as_of": as_of}
    ages = uow.sql(AGED, asked).fetchall()
    aged = tuple(
        Aged(
            low,
            high,
            sum(many for days, many, _ in ages if low <= days <= (31 if high is None else high)),
            sum(cents for days, _, cents in ages if low <= days <= (31 if high is None else high)),
        )
        for low, high in BUCKETS
    )
    recovered = tuple(Recovered(*row) for row in uow.sql(RECOVERED, asked).fetchall())
    [[open_cents]] = uow.sql(OPEN, asked).fetchall()
    return PastDue(from_on, as_of, aged, recovered, open_cents)
