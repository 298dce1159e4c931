"""The headline figures, and how each has been at the end of every month: from sums by day, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from assistant.domain.calendar import cycle_date
from assistant.domain.ledger import USD
from assistant.domain.metrics import Churn, Movement
from assistant.runtime import UnitOfWork
from assistant.services.book_days import DAYS
from assistant.services.reports import churn, past_due
from assistant.services.reports.past_due import PastDue

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Trends:
    """A year, a figure a month; the last month is as far as it has come."""

    as_of: date
    clients: tuple[int, ...]
    mrr_cents: tuple[int, ...]
    left: tuple[int, ...]
    owed_cents: tuple[int, ...]
    """Dues paid for service credit not used, and dollars of credit."""
    churn: Churn
    """Of the last month."""
    past_due: PastDue

    @property
    def past_due_cents(self) -> int:
        return sum(each.cents for each in self.past_due.aged)

    @property
    def recovered(self) -> tuple[int, int]:
        """Cents of the month's cases that were paid, and of all of them."""
        cases = self.past_due.recovered
        return sum(each.cents for each in cases if each.after != "-"), sum(each.cents for each in cases)


MOVED = f"""
    SELECT date_trunc('month', on_day)::date, -sum(amount)::bigint FROM ({DAYS}) d
    WHERE (account = 'deferred' OR account = 'credits' AND unit = '{USD}') AND on_day <= %(as_of)s GROUP BY 1"""


def trends(uow: UnitOfWork, spa_id: int, as_of: date) -> Trends:
    """Twelve months to a day."""
    first = cycle_date(as_of.replace(day=1), 1 - MONTHS)
    months = churn.months(uow, spa_id, first, as_of)
    return Trends(
        as_of,
        clients=tuple(each.period.closing_clients for each in months),
        mrr_cents=tuple(each.period.closing_cents for each in months),
        left=tuple(each.period.of(Movement.CHURN).moves for each in months),
        owed_cents=_owed(uow, spa_id, [each.as_of for each in months], as_of),
        churn=months[-1].churn,
        past_due=past_due.past_due(uow, spa_id, as_of.replace(day=1), as_of),
    )


def _owed(uow: UnitOfWork, spa_id: int, ends: Sequence[date], as_of: date) -> tuple[int, ...]:
    """What was owed at the end of each month."""
    moved: dict[date, int] = dict(uow.sql(MOVED, {"spa": spa_id, "as_of": as_of}).fetchall())
    before = sum(cents for month, cents in moved.items() if month < ends[0].replace(day=1))
    return tuple(accumulate((moved.get(end.replace(day=1), 0) for end in ends), initial=before))[1:]
