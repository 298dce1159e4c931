"""What dues are to come, day by day: every cycle that will fall due if nothing more is agreed than today."""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.runtime import UnitOfWork

DAYS = 91
"""Thirteen whole weeks."""


@dataclass(frozen=True, slots=True)
class Due:
    """Charges that fall due on a day, or from it on for a week."""

    from_on: date
    charges: int
    cents: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days to come, this one first as far as it is not billed. What is owed already is told beside it."""

    as_of: date
    until_on: date
    """The last of the days."""
    days: tuple[Due, ...]
    """Those on which anything falls due."""
    owed_cents: int

    @property
    def cents(self) -> int:
        return sum(day.cents for day in self.days)

    @property
    def weeks(self) -> tuple[Due, ...]:
        """All of it in weeks, those with nothing due among them."""
        starts = [self.as_of + timedelta(days=gone) for gone in range(0, (self.until_on - self.as_of).days + 1, 7)]
        weeks = [(start, [day for day in self.days if 0 <= (day.from_on - start).days < 7]) for start in starts]
        return tuple(Due(start, sum(d.charges for d in days), sum(d.cents for d in days)) for start, days in weeks)


AHEAD = """
    WITH terms AS (
        SELECT m.id, m.client_id, m.standing, m.resumes_on, m.anchor_on, m.first_cycle, v.cycle_months, v.id AS version,
               NULL::date AS from_on, g.effective_on AS before_on
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        LEFT JOIN plan_change g ON (g.spa_id, g.membership_id) = (m.spa_id, m.id) AND g.status = 'scheduled'
        WHERE m.spa_id = %(spa)s AND m.standing <> 'ended' AND m.charge_exempt IS NULL
        UNION ALL
        SELECT m.id, m.client_id, m.standing, m.resumes_on,
               CASE WHEN w.cycle_months > v.cycle_months THEN cycle_date(g.effective_on, -n.number, w.cycle_months)
                    ELSE m.anchor_on END,
               CASE WHEN w.cycle_months > v.cycle_months THEN n.number ELSE m.first_cycle END,
               w.cycle_months, w.id, g.effective_on, NULL
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        JOIN plan_change g ON (g.spa_id, g.membership_id) = (m.spa_id, m.id) AND g.status = 'scheduled'
        JOIN plan_version w ON (w.spa_id, w.id) = (g.spa_id, g.to_version_id)
        CROSS JOIN LATERAL (
            SELECT (cycle_on(m.anchor_on, v.cycle_months, g.effective_on) + 3) / 4 * 4 AS number) n
        WHERE m.spa_id = %(spa)s AND m.standing <> 'ended' AND m.charge_exempt IS NULL
    ), cycle AS (
        SELECT t.*, n.cycle, cycle_date(t.anchor_on, n.cycle, t.cycle_months) AS due_on
        FROM terms t CROSS JOIN LATERAL generate_series(
            greatest(cycle_on(t.anchor_on, t.cycle_months, greatest(%(as_of)s, t.from_on) - 1) + 1, t.first_cycle),
            cycle_on(t.anchor_on, t.cycle_months, %(until)s)) n(cycle))
    SELECT c.due_on, count(*),
           sum(CASE WHEN c.cycle < t.intro_cycles THEN t.intro_cents ELSE t.dues_cents END
               + CASE WHEN c.cycle = 0 THEN t.setup_fee_cents ELSE 0 END)::bigint
    FROM cycle c JOIN plan_version t ON (t.spa_id, t.id) = (%(spa)s, c.version)
    LEFT JOIN cancellation x ON (x.spa_id, x.membership_id) = (%(spa)s, c.id)
        AND x.withdrawn_at IS NULL AND x.done_at IS NULL
    LEFT JOIN pause p ON (p.spa_id, p.membership_id) = (%(spa)s, c.id) AND p.ended_at IS NULL
    WHERE coalesce(c.due_on < c.before_on, true) AND coalesce(c.due_on < x.effective_on, true)
      AND (c.standing <> 'paused' OR c.resumes_on <= c.due_on)
      AND NOT coalesce(c.due_on >= p.starts_on AND c.due_on < p.resumes_on, false)
      AND NOT EXISTS (SELECT 1 FROM staff_task k WHERE k.spa_id = %(spa)s AND k.client_id = c.client_id
                      AND k.kind = 'cancel_asked' AND k.closed_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.spa_id = %(spa)s AND i.membership_id = c.id AND i.kind = 'dues'
                      AND i.cycle = c.cycle)
    GROUP BY 1 ORDER BY 1"""
"""The words of `db/billing_day.py`, for many days at once. A change of plan that is to come cuts the days in two; where
its cycles are longer they are counted as `domain/changing.py` will count them.
"""
OWED = """
    SELECT coalesce(sum(dues_cents + setup_fee_cents), 0)::bigint FROM invoice
    WHERE spa_id = %s AND status = 'open' AND kind = 'dues'"""


def forecast(uow: UnitOfWork, spa_id: int, as_of: date, *, days: int = DAYS) -> Forecast:
    """The dues of so many days from `as_of` on, by what is agreed now: pauses, leaves, changes, introductory prices.

    Not in it: a new price that was announced, which holds only for who was told in time, and cards that will fail.
    """
    until = as_of + timedelta(days=days - 1)
    found = uow.sql(AHEAD, {"spa": spa_id, "as_of": as_of, "until": until}).fetchall()
    [[owed_cents]] = uow.sql(OWED, (spa_id,)).fetchall()
    return Forecast(as_of, until, tuple(Due(*row) for row in found), owed_cents)
