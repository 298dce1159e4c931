"""How long a story is, how many are in it, how often what happens, and how closely it is watched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """How long, how many, and how closely it is watched."""

    members: int
    days: int
    close: bool
    """Everything is checked after each step; if not, what changed after each day, and everything once a month."""
    joining_days: int = 28

    @property
    def rates(self) -> "Rates":
        return CLOSE if self.close else WIDE


@dataclass(frozen=True, slots=True)
class Rates:
    """How often things happen in a day, or at an edge."""

    debtor: float
    """That one who owes does something about it, or the desk does."""
    anybody: float
    """For each member."""
    visits: float
    """For each member: what they do with what they hold, at the till and beside it."""
    changes: float
    """For each member: to their membership, or that money goes back."""
    faults: float
    """In all, for each member."""
    dying: tuple[float, ...]
    crossing: float
    never: tuple[float, ...]
    away: float
    lazy: float
    """That the machine does not look at all in the evening."""


CLOSE = Rates(0.3, 0.035, 0.06, 0.03, 0.08, (0.0, 0.004, 0.015), 0.05, (0.0, 0.1, 0.9), 0.012, 0.3)
WIDE = Rates(0.16, 0.006, 0.004, 0.0015, 0.006, (0.0, 0.0005, 0.002), 0.004, (0.7, 0.8, 0.95), 0.012, 0.0)
