"""Monthly recurring revenue: what it was, every reason why it moved, what it is (`rules.md` 8.5-8.8).

Price and not cash; a year by its twelfth. What is past due is in it until it ends, and told beside it as at risk (8.6);
what is at rest is not, and is told as paused (8.7). Sums are read from `mrr_day`, which a trigger keeps.
"""

from dataclasses import dataclass
from datetime import date

from assistant.domain.metrics import Churn, Moved, Movement, Period, churn
from assistant.runtime import UnitOfWork

LONG_PAUSE_DAYS = 90
"""Who rests longer is told as good as gone (`rules.md` 8.7)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the memberships that a plan has on a day count for, in cents a month."""

    plan: str
    cents: int
    at_risk_cents: int
    """Of it, past due."""
    paused_cents: int
    """Beside it: what rests would count for."""
    long_paused_cents: int


@dataclass(frozen=True, slots=True)
class Mrr:
    """A period of it, and what it is made of at its end."""

    from_on: date
    as_of: date
    period: Period
    plans: tuple[Standing, ...]

    @property
    def recounted_cents(self) -> int:
        """The same closing, from where every membership stands and not from what moved."""
        return sum(each.cents for each in self.plans)

    @property
    def holds(self) -> bool:
        return self.period.closing_cents == self.recounted_cents

    @property
    def churn(self) -> Churn:
        return churn(self.period)


MOVED = """
    SELECT kind, on_day >= %(from_on)s, sum(delta_cents)::bigint, sum(moves)::bigint FROM mrr_day
    WHERE spa_id = %(spa)s AND on_day <= %(as_of)s GROUP BY 1, 2"""
STANDS = """
    SELECT p.name, coalesce(sum(s.mrr_cents), 0)::bigint,
           coalesce(sum(s.mrr_cents) FILTER (WHERE s.standing IN ('past_due', 'suspended')), 0)::bigint,
           coalesce(sum(mrr_of('active', v.dues_cents, v.cycle_months)) FILTER (
               WHERE s.standing = 'paused'), 0)::bigint,
           coalesce(sum(mrr_of('active', v.dues_cents, v.cycle_months)) FILTER (
               WHERE s.standing = 'paused' AND coalesce((
                   SELECT max(r.on_day) FROM membership_move r
                   WHERE r.spa_id = %(spa)s AND r.membership_id = s.membership_id AND r.kind = 'paused'
                     AND r.on_day <= %(as_of)s), s.on_day) < %(as_of)s - %(long)s), 0)::bigint
    FROM (SELECT DISTINCT ON (membership_id) membership_id, plan_id, plan_version_id, standing, mrr_cents, on_day
          FROM membership_move
          WHERE spa_id = %(spa)s AND on_day <= %(as_of)s ORDER BY membership_id, id DESC) s
    JOIN plan p ON (p.spa_id, p.id) = (%(spa)s, s.plan_id)
    JOIN plan_version v ON (v.spa_id, v.id) = (%(spa)s, s.plan_version_id)
    GROUP BY p.id, p.name ORDER BY 2 DESC, p.id"""


def period(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Period:
    """What moved from a day to another, both with it, from the sums by day: at any size in the same time."""
    rows = uow.sql(MOVED, {"spa": spa_id, "from_on": from_on, "as_of": as_of}).fetchall()
    before = {Movement(kind): Moved(cents, moves) for kind, within, cents, moves in rows if not within}
    opening = Period(0, 0, before)
    within = {Movement(kind): Moved(cents, moves) for kind, inside, cents, moves in rows if inside}
    return Period(opening.closing_cents, opening.closing_clients, within)


def mrr(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Mrr:
    """The period, recounted at its end from where every membership stood."""
    asked = {"spa": spa_id, "as_of": as_of, "long": LONG_PAUSE_DAYS}
    plans = tuple(Standing(*row) for row in uow.sql(STANDS, asked).fetchall())
    return Mrr(from_on, as_of, period(uow, spa_id, from_on, as_of), plans)
