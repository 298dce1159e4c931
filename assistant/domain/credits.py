"""Credits are lots: what was granted, when, until when, and what is left of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MILLI = 1000
"""Service credits are counted in thousandths, so that half a session is a whole number (`features.md` C20)."""


class LotClass(StrEnum):
    """Where a lot came from. What a member paid for never expires (`rules.md` 6.12); a promotion may."""

    PAID = "paid"
    PROMO = "promo"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Lot:
    """Credit granted at one time. Amounts are cents or milli-units of `unit`, never negative."""

    id: int
    unit: str
    lot_class: LotClass
    granted: int
    remaining: int
    granted_on: date
    expires_on: date | None = None
    """The last day it can be used, to its end (`features.md` C3)."""

    def usable_on(self, day: date) -> bool:
        return self.remaining > 0 and (self.expires_on is None or day <= self.expires_on)


@dataclass(frozen=True, slots=True)
class Take:
    """So much out of that lot."""

    lot_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Short:
    """Not enough: how much is there."""

    available: int


def order_of_use(lots: Iterable[Lot]) -> list[Lot]:
    """Soonest expiring, promo before paid, oldest, id (`features.md` C1, C2)."""
    return sorted(
        lots,
        key=lambda lot: (lot.expires_on or date.max, lot.lot_class is not LotClass.PROMO, lot.granted_on, lot.id),
    )


def take(
    lots: Iterable[Lot], amount: int, today: date, *, mine: Mapping[int, int] | None = None
) -> tuple[Take, ...] | Short:
    """Which lots an amount comes out of today, in the order of use; `Short` when they do not hold it.

    `mine` is what of each lot is held for this very use, and not counted in what remains of it: those lots go first,
    and what is held goes though their day be over (`features.md` C3, C4). Raises `ValueError` for an amount that is not
    above zero: using less than nothing would be a grant.
    """
    if amount <= 0:
        raise ValueError(f"a use of {amount} is not a use")
    kept = mine or {}
    line = [
        Take(lot.id, kept.get(lot.id, 0) + (lot.remaining if lot.usable_on(today) else 0))
        for lot in sorted(order_of_use(lots), key=lambda lot: lot.id not in kept)
    ]
    if (available := sum(each.amount for each in line)) < amount:
        return Short(available)
    takes: list[Take] = []
    for each in line:
        if part := min(each.amount, amount):
            takes.append(Take(each.lot_id, part))
            amount -= part
    return tuple(takes)


def paid_part(cents_left: int, remaining: int, part: int) -> int:
    """What of a lot's dues goes with a part of what remains of it; the last part takes the rest, so none is lost."""
    return cents_left if part == remaining else cents_left * part // remaining


@dataclass(frozen=True, slots=True)
class Holding:
    """What a member has of one unit today, and what of it goes first."""

    unit: str
    amount: int
    expiring: int
    expires_on: date | None


def holdings(lots: Iterable[Lot], today: date) -> list[Holding]:
    """What can be used today, by unit in order of name, with the part that runs out first."""
    by_unit: dict[str, list[Lot]] = {}
    for lot in lots:
        if lot.usable_on(today):
            by_unit.setdefault(lot.unit, []).append(lot)
    return [_holding(unit, by_unit[unit]) for unit in sorted(by_unit)]


def _holding(unit: str, lots: Sequence[Lot]) -> Holding:
    soonest = min((lot.expires_on for lot in lots if lot.expires_on), default=None)
    return Holding(
        unit,
        sum(lot.remaining for lot in lots),
        sum(lot.remaining for lot in lots if soonest and lot.expires_on == soonest),
        soonest,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of why a balance is what it is: what is left of a lot, or of several together."""

    amount: int
    granted_on: date
    expires_on: date | None
    lots: int = 1


def explain(lots: Iterable[Lot], today: date, *, most: int) -> list[Line]:
    """The balance of one unit line by line, oldest grant first; the lines sum to it.

    When there are more than `most`, the oldest are told together in the first line.
    """
    usable = sorted((lot for lot in lots if lot.usable_on(today)), key=lambda lot: (lot.granted_on, lot.id))
    lines = [Line(lot.remaining, lot.granted_on, lot.expires_on) for lot in usable]
    if len(lines) <= most:
        return lines
    older, rest = lines[: len(lines) - most + 1], lines[len(lines) - most + 1 :]
    soonest = min((line.expires_on for line in older if line.expires_on), default=None)
    return [Line(sum(line.amount for line in older), older[0].granted_on, soonest, len(older)), *rest]
