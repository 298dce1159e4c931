"""What a spa may choose about its own desk: taxes, limits, and how long things are kept open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from assistant.domain import stored


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPolicy:
    """One spa's choices. Every field has a default; a spa stores only what it chose otherwise."""

    tax_basis_points: int = 0
    """Sales tax on taxable lines, in hundredths of a percent."""
    tax_on_credit: bool = False
    """Whether what a credit covers is taxed when it is used; else it was at the sale, or never."""
    ticket_minutes: int = 30
    """How long an open ticket holds its credits."""
    undo_grace_days: int = 14
    """For at least so long credit can be used that a void gives back after its last day (`features.md` C10)."""
    staff_credit_cents: int = 15_000
    """What one hand at the desk may give or take in credit at a time, at list value; above it a manager approves."""
    staff_refund_cents: int = 30_000
    """What one hand at the desk may give back at a time."""
    leave_credit_days: int = 60
    """How long promotional credit can be used after leaving (`features.md` B15); what was paid for has no end."""
    leave_waives_debt: bool = True
    """Whether what is owed is let go by who leaves while past due; it is never chased (`features.md` B16)."""

    def __post_init__(self) -> None:
        if min(stored.written(self).values()) < 0:
            raise ValueError("nothing of a desk's policy is below zero")
        if self.tax_basis_points > 3_000:
            raise ValueError("a sales tax above 30 % is a slip of the pen")
        if not 1 <= self.ticket_minutes <= 24 * 60:
            raise ValueError("a ticket is open for a minute at least, and a day at most")

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What a spa stored; the rest has its defaults. Raises `ValueError` for anything else."""
        return stored.read(cls, json, "policy")
