"""Who left, month by month: clients, revenue, and revenue less what the others grew by (`rules.md` 8.9)."""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.calendar import cycle_date
from assistant.domain.metrics import Churn, Moved, Movement, Period, churn
from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Month:
    """One month, or as much of it as there is."""

    from_on: date
    as_of: date
    period: Period

    @property
    def churn(self) -> Churn:
        return churn(self.period)


@dataclass(frozen=True, slots=True)
class Churned:
    """Months on end, each opening where the one before it closed; and their end counted by another way."""

    months: tuple[Month, ...]
    recounted_cents: int
    recounted_clients: int
    """Who had a membership at the end, at rest or not: counted one by one."""

    @property
    def closing(self) -> Period:
        return self.months[-1].period

    @property
    def holds(self) -> bool:
        found = (self.closing.closing_cents, self.closing.closing_clients)
        return found == (self.recounted_cents, self.recounted_clients)


MOVED = """
    SELECT extract(year FROM on_day)::int, extract(month FROM on_day)::int, kind, sum(delta_cents)::bigint,
           sum(moves)::bigint
    FROM mrr_day WHERE spa_id = %s AND on_day <= %s GROUP BY 1, 2, 3"""
RECOUNTED = """
    SELECT coalesce(sum(mrr_cents), 0)::bigint,
           count(DISTINCT client_id) FILTER (WHERE standing IN ('active', 'past_due', 'suspended', 'paused'))
    FROM (SELECT DISTINCT ON (membership_id) client_id, standing, mrr_cents FROM membership_move
          WHERE spa_id = %s AND on_day <= %s ORDER BY membership_id, id DESC) s"""


def churned(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Churned:
    """The months, held against how every membership stood at their end."""
    [[cents, clients]] = uow.sql(RECOUNTED, (spa_id, as_of)).fetchall()
    return Churned(months(uow, spa_id, from_on, as_of), cents, clients)


def months(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> tuple[Month, ...]:
    """Every month from the one of a day to that of another, from the sums by day: at any size in the same time."""
    rows = uow.sql(MOVED, (spa_id, as_of)).fetchall()
    by_month: dict[date, dict[Movement, Moved]] = {}
    for year, month, kind, cents, moves in rows:
        by_month.setdefault(date(year, month, 1), {})[Movement(kind)] = Moved(cents, moves)
    first = from_on.replace(day=1)
    opening = Period(0, 0, {})
    for month in sorted(each for each in by_month if each < first):
        opening = _after(opening, by_month[month])
    found, start = [], first
    while start <= as_of:
        end = min(cycle_date(start, 1) - timedelta(days=1), as_of)
        this = Period(opening.opening_cents, opening.opening_clients, by_month.get(start, {}))
        found.append(Month(start, end, this))
        opening = _after(opening, by_month.get(start, {}))
        start = cycle_date(start, 1)
    return tuple(found)


def _after(opening: Period, moved: dict[Movement, Moved]) -> Period:
    month = Period(opening.opening_cents, opening.opening_clients, moved)
    return Period(month.closing_cents, month.closing_clients, {})
