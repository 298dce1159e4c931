"""What staff call the standing of a membership: the words they know from other systems (`ecosystem.md` §1)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.membership import Standing


class StaffStanding(StrEnum):
    """A membership as the desk speaks of it."""

    ACTIVE = "active"
    SCHEDULED = "scheduled"
    CARD_NEEDED = "card_needed"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    CHECKING = "checking"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    StaffStanding.ACTIVE: "Active",
    StaffStanding.SCHEDULED: "Scheduled",
    StaffStanding.CARD_NEEDED: "Credit card needed",
    StaffStanding.PAST_DUE: "Past due",
    StaffStanding.UNPAID: "Unpaid",
    StaffStanding.PAUSED: "Paused",
    StaffStanding.CANCELLED: "Cancelled",
    StaffStanding.CHECKING: "Checking payment",
}
PLAIN = {
    Standing.ACTIVE: StaffStanding.ACTIVE,
    Standing.SCHEDULED: StaffStanding.SCHEDULED,
    Standing.PAST_DUE: StaffStanding.PAST_DUE,
    Standing.SUSPENDED: StaffStanding.UNPAID,
    Standing.PAUSED: StaffStanding.PAUSED,
    Standing.ENDED: StaffStanding.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the word is chosen by."""

    standing: Standing
    leaves_on: date | None
    """When it ends, where that is agreed."""
    by_card: bool
    """Its dues are charged to a card."""
    has_card: bool
    in_doubt: bool
    """The bank has been asked and has not answered."""


def staff_standing(seen: Seen) -> StaffStanding:
    """The one word that tells the desk what to do: an unanswered charge first, then an end, then a missing card."""
    if seen.in_doubt and seen.standing is not Standing.ENDED:
        return StaffStanding.CHECKING
    if seen.leaves_on is not None:
        return StaffStanding.CANCELLED
    if seen.by_card and not seen.has_card and seen.standing in {Standing.ACTIVE, Standing.SCHEDULED, Standing.PAST_DUE}:
        return StaffStanding.CARD_NEEDED
    return PLAIN[seen.standing]
