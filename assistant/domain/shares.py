"""Shares with their intervals, and what a campaign brought over those who were held out of it."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with its 95 % interval; all are parts of one."""

    part: int
    whole: int
    share: float
    low: float
    high: float


def share(part: int, whole: int) -> Share:
    """Wilson's interval. Of nobody it could be anything. Raises `ValueError` for more than all."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    if whole == 0:
        return Share(0, 0, 0.0, 0.0, 1.0)
    rate, square = part / whole, Z * Z
    middle = (rate + square / (2 * whole)) / (1 + square / whole)
    reach = Z * sqrt(rate * (1 - rate) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return Share(part, whole, rate, min(rate, max(0.0, middle - reach)), max(rate, min(1.0, middle + reach)))


@dataclass(frozen=True, slots=True)
class Lift:
    """How much larger one share is than another, in parts of one; the interval is Newcombe's."""

    lift: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the two differ by more than chance explains, nineteen times of twenty."""
        return self.low > 0 or self.high < 0


def lift(told: Share, held_out: Share) -> Lift:
    """What those who were told did, over what those held out did of themselves."""
    difference = told.share - held_out.share
    down = sqrt((told.share - told.low) ** 2 + (held_out.high - held_out.share) ** 2)
    up = sqrt((told.high - told.share) ** 2 + (held_out.share - held_out.low) ** 2)
    return Lift(difference, max(-1.0, difference - down), min(1.0, difference + up))
