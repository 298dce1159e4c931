"""The numbers of a policy as people say them: dollars and percent, not cents and hundredths of a percent."""

import re
from dataclasses import dataclass
from decimal import Decimal

NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number is of, and how many of what is stored make one of it."""

    sign: str = ""
    scale: int = 1
    decimals: int = 0
    """Shown at least."""
    wrong: str = "A whole number."

    def shown(self, stored: int) -> str:
        """As it is typed: `150.00`, `7.25`."""
        found = (Decimal(stored) / self.scale).normalize()
        decimals = max(self.decimals, -int(found.as_tuple().exponent))
        return f"{found:.{decimals}f}"

    def read(self, said: str) -> int | None:
        """What is stored of what was typed, its sign and the commas of thousands forgiven; None where it is none."""
        bare = re.sub(r"(?<=\d),(?=\d{3}\b)", "", said.strip().removeprefix("$").removesuffix("%").strip())
        if not (bare.isascii() and NUMBER.fullmatch(bare)):
            return None
        found = Decimal(bare) * self.scale
        return int(found) if found == int(found) and found < MOST else None


DOLLARS = "An amount in dollars, as 150 or 150.50."
UNITS = {
    "_basis_points": Unit("%", 100, wrong="A percentage, with two decimals at most, as 7.25."),
    "_cents": Unit("$", 100, 2, DOLLARS),
    "_millicents": Unit("$", 100_000, 2, "An amount in dollars, as 0.012."),
    "_percent": Unit("%"),
    "_minutes": Unit("minutes"),
    "_hours": Unit("hours"),
    "_days": Unit("days"),
}
"""By how the name of a policy's field ends."""


def unit_of(name: str) -> Unit:
    """Of a field."""
    return next((unit for end, unit in UNITS.items() if name.endswith(end)), Unit())
