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


MOVED = """
    SELECT extract(year FROM on_day)::int, extract(month FROM on_day)::int, kind, sum(delta_cents)::bigint,
           sum(moves)::bigint
    FROM mrr_day WHERE spa_id = %s AND on_day <= %s GROUP BY 1, 2, 3"""


def months(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> tuple[Month, ...]:
    """Every month from the one of a day to that of another, each opening where the one before it closed."""
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
        opening = Period(this.closing_cents, this.closing_clients, {})
        start = cycle_date(start, 1)
    return tuple(found)


def _after(opening: Period, moved: dict[Movement, Moved]) -> Period:
    month = Period(opening.opening_cents, opening.opening_clients, moved)
    return Period(month.closing_cents, month.closing_clients, {})
