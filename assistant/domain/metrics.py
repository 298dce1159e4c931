"""What the owner reads, as the field defines it: MRR movements, churn rates, and what they are measured against."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Movement(StrEnum):
    """Why recurring revenue is not what it was (`rules.md` 8.5, 8.7). Judged for a client, over all they hold."""

    NEW = "new"
    """Pays for the first time ever."""
    REACTIVATION = "reactivation"
    """Had left, and pays again."""
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    """Pays less than before: one of several memberships dropped counts here."""
    CHURN = "churn"
    """The last membership ended."""
    PAUSED = "paused"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Moved:
    """All the movements of one kind in a period: cents in a month, and how many."""

    cents: int = 0
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """Recurring revenue over a period: opening + every movement = closing, or a move was missed (`rules.md` 8.5)."""

    opening_cents: int
    opening_clients: int
    """Clients with a membership, at rest or not."""
    moved: Mapping[Movement, Moved]

    def of(self, kind: Movement) -> Moved:
        return self.moved.get(kind, Moved())

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(each.cents for each in self.moved.values())

    @property
    def closing_clients(self) -> int:
        came = self.of(Movement.NEW).moves + self.of(Movement.REACTIVATION).moves
        return self.opening_clients + came - self.of(Movement.CHURN).moves


@dataclass(frozen=True, slots=True)
class Churn:
    """What was lost in a period, by what there was at its start; None where there was nothing (`rules.md` 8.9)."""

    logo: Fraction | None
    """Clients who left, by clients there were."""
    gross: Fraction | None
    """Churn and contraction, by the opening revenue."""
    net: Fraction | None
    """The same less expansion. Who comes back is told by itself, and makes no churn smaller."""


def churn(period: Period) -> Churn:
    """The three rates. A pause is none of them (`rules.md` 8.7)."""
    lost = -period.of(Movement.CHURN).cents - period.of(Movement.CONTRACTION).cents
    more = period.of(Movement.EXPANSION).cents
    return Churn(
        logo=_by(period.of(Movement.CHURN).moves, period.opening_clients),
        gross=_by(lost, period.opening_cents),
        net=_by(lost - more, period.opening_cents),
    )


def _by(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def percent(rate: Fraction | None) -> str:
    """As it is read: `13.0 %`, a half up; `-` for none."""
    if rate is None:
        return "-"
    tenths, rest = divmod(abs(2000 * rate.numerator) + rate.denominator, 2 * rate.denominator)
    del rest
    return f"{'-' if rate < 0 and tenths else ''}{tenths // 10}.{tenths % 10} %"
