"""What dues are to come, week by week: every cycle that will fall due if nothing more is agreed than today."""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.runtime import UnitOfWork

DAYS = 90


@dataclass(frozen=True, slots=True)
class Week:
    """Charges that fall due from a day on, for seven days."""

    from_on: date
    charges: int
    cents: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weeks to come. What is owed already is no forecast; it is told beside it."""

    as_of: date
    until_on: date
    weeks: tuple[Week, ...]
    owed_cents: int

    @property
    def cents(self) -> int:
        return sum(week.cents for week in self.weeks)


AHEAD = """
    SELECT (cycle_date(m.anchor_on, n.cycle, v.cycle_months) - %(as_of)s - 1) / 7 AS week, count(*),
           sum(CASE WHEN n.cycle < t.intro_cycles THEN t.intro_cents ELSE t.dues_cents END
               + CASE WHEN n.cycle = 0 THEN t.setup_fee_cents ELSE 0 END)::bigint
    FROM membership m
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    LEFT JOIN cancellation c ON (c.spa_id, c.membership_id) = (m.spa_id, m.id)
        AND c.withdrawn_at IS NULL AND c.done_at IS NULL
    LEFT JOIN pause p ON (p.spa_id, p.membership_id) = (m.spa_id, m.id) AND p.ended_at IS NULL
    LEFT JOIN plan_change g ON (g.spa_id, g.membership_id) = (m.spa_id, m.id) AND g.status = 'scheduled'
    CROSS JOIN LATERAL generate_series(
        greatest(cycle_on(m.anchor_on, v.cycle_months, %(as_of)s) + 1, m.first_cycle),
        cycle_on(m.anchor_on, v.cycle_months, %(until)s)) n(cycle)
    JOIN plan_version t ON t.spa_id = m.spa_id
        AND t.id = CASE WHEN g.effective_on <= cycle_date(m.anchor_on, n.cycle, v.cycle_months)
                        THEN g.to_version_id ELSE m.plan_version_id END
    WHERE m.spa_id = %(spa)s AND m.standing <> 'ended' AND m.charge_exempt IS NULL
      AND (c.effective_on IS NULL OR cycle_date(m.anchor_on, n.cycle, v.cycle_months) < c.effective_on)
      AND (m.standing <> 'paused' OR m.resumes_on <= cycle_date(m.anchor_on, n.cycle, v.cycle_months))
      AND NOT coalesce(cycle_date(m.anchor_on, n.cycle, v.cycle_months) >= p.starts_on
                       AND cycle_date(m.anchor_on, n.cycle, v.cycle_months) < p.resumes_on, false)
      AND NOT EXISTS (
          SELECT 1 FROM invoice i WHERE i.spa_id = m.spa_id AND i.membership_id = m.id AND i.cycle = n.cycle)
    GROUP BY 1"""
OWED = """
    SELECT coalesce(sum(dues_cents + setup_fee_cents), 0)::bigint FROM invoice
    WHERE spa_id = %s AND status = 'open' AND kind = 'dues'"""


def forecast(uow: UnitOfWork, spa_id: int, as_of: date, *, days: int = DAYS) -> Forecast:
    """The dues of the days after `as_of`, by what is agreed now: pauses, leaves, changes and introductory prices."""
    until = as_of + timedelta(days=days)
    rows = uow.sql(AHEAD, {"spa": spa_id, "as_of": as_of, "until": until}).fetchall()
    found = {week: (many, cents) for week, many, cents in rows}
    weeks = tuple(Week(as_of + timedelta(days=1 + 7 * week), *found.get(week, (0, 0))) for week in range(-(-days // 7)))
    [[owed_cents]] = uow.sql(OWED, (spa_id,)).fetchall()
    return Forecast(as_of, until, weeks, owed_cents)
