"""What a membership brings besides credit and prices: a birthday treat, priority, and extras by name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PerkKind(StrEnum):
    BIRTHDAY = "birthday"
    """Promotional credit in the month of the member's birthday."""
    PRIORITY_BOOKING = "priority_booking"
    EXTRA = "extra"
    """Anything else, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perk:
    """One perk. A birthday treat has a unit, an amount and the days it is good for; an extra has a name."""

    kind: PerkKind
    unit: str | None = None
    amount: int = 0
    valid_days: int = 0
    name: str | None = None

    def __post_init__(self) -> None:
        gives = (self.unit is not None, self.amount > 0, self.valid_days > 0)
        if self.kind is PerkKind.BIRTHDAY and not all((*gives, self.unit)):
            raise ValueError("a birthday treat has a unit, an amount and days it is good for")
        if self.valid_days > 366:
            raise ValueError("a birthday treat is good until the next one at most")
        if self.kind is not PerkKind.BIRTHDAY and (any(gives) or self.amount or self.valid_days):
            raise ValueError("only a birthday treat gives credit")
        if (self.kind is PerkKind.EXTRA) != bool(self.name):
            raise ValueError("an extra has a name, and nothing else has one")


@dataclass(frozen=True, slots=True)
class PromoGrant:
    """A treat to grant once: `key_year` is the birthday's year, and the key that makes it once."""

    unit: str
    amount: int
    key_year: int
    expires_on: date


def birthday_grant(
    perks: Iterable[Perk], born_on: date, today: date, already: Collection[int] = ()
) -> PromoGrant | None:
    """The treat to grant today: in the birth month, once a year. Who was born on a leap day has it every February.

    `already` are the years in which it was granted.
    """
    perk = next((each for each in perks if each.kind is PerkKind.BIRTHDAY), None)
    if perk is None or perk.unit is None or today.month != born_on.month or today < born_on or today.year in already:
        return None
    return PromoGrant(perk.unit, perk.amount, today.year, today + timedelta(days=perk.valid_days))
