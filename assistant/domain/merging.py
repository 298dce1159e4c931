"""Whether two clients can become one: the same person was written down twice. It cannot be undone, so doubt refuses."""

from dataclasses import dataclass
from enum import StrEnum


class MergeRefusal(StrEnum):
    """Why two stay two."""

    SAME = "same"
    UNKNOWN = "unknown"
    """There is no such client, or they are another's already."""
    BOTH_MEMBERS = "both_members"
    """Two memberships run: which dues are right is for a person to decide first."""
    BOTH_CARDS = "both_cards"
    """The processor knows them as two, and a card of one cannot be charged as the other's."""
    IN_DOUBT = "in_doubt"
    """A bank has not said yet whether it paid, or gave back."""
    DISPUTED = "disputed"
    """A bank has a payment in hand, and credit is frozen for it."""
    HELD = "held"
    """Credit is kept for an open ticket or a booking."""
    TICKET_OPEN = "ticket_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two."""

    client_id: int
    merged: bool = False
    member: bool = False
    """A membership of theirs is not over."""
    card: bool = False
    in_doubt: bool = False
    disputed: bool = False
    held: bool = False
    ticket_open: bool = False


def cannot_merge(goes: Side, stays: Side) -> MergeRefusal | None:
    """Why `goes` cannot become `stays`; None where they can."""
    both = (goes, stays)
    reasons = (
        (MergeRefusal.SAME, goes.client_id == stays.client_id),
        (MergeRefusal.UNKNOWN, any(each.merged for each in both)),
        (MergeRefusal.BOTH_MEMBERS, all(each.member for each in both)),
        (MergeRefusal.BOTH_CARDS, all(each.card for each in both)),
        (MergeRefusal.IN_DOUBT, any(each.in_doubt for each in both)),
        (MergeRefusal.DISPUTED, any(each.disputed for each in both)),
        (MergeRefusal.TICKET_OPEN, goes.ticket_open),
        (MergeRefusal.HELD, goes.held),
    )
    return next((why for why, so in reasons if so), None)
