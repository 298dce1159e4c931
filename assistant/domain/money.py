"""Money as a value: whole cents, and nothing that could lose one."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """US dollars in whole cents."""

    cents: int

    def __add__(self, other: Self) -> Self:
        return type(self)(self.cents + other.cents)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.cents - other.cents)

    def __neg__(self) -> Self:
        return type(self)(-self.cents)

    def split(self, parts: int) -> tuple[Self, ...]:
        """Into `parts` (1 or more) that sum to the whole; what does not divide goes to the last (`features.md` A12)."""
        if parts < 1:
            raise ValueError(f"{parts} is no number of parts")
        each = abs(self.cents) // parts * (1 if self.cents >= 0 else -1)
        return (*(type(self)(each) for _ in range(parts - 1)), type(self)(self.cents - each * (parts - 1)))

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}${abs(self.cents) // 100:,}.{abs(self.cents) % 100:02d}"
