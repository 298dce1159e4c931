"""What a membership may be, and which changes between those are allowed."""

from enum import StrEnum


class Standing(StrEnum):
    """Where a membership stands today."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    """Something is owed; the benefits stay on while it is asked for."""
    SUSPENDED = "suspended"
    """Something has been owed for so long that the benefits rest until it is paid."""
    PAUSED = "paused"
    ENDED = "ended"


ALLOWED: frozenset[tuple[Standing, Standing]] = frozenset(
    {
        (Standing.SCHEDULED, Standing.ACTIVE),
        (Standing.SCHEDULED, Standing.ENDED),
        (Standing.ACTIVE, Standing.PAST_DUE),
        (Standing.ACTIVE, Standing.PAUSED),
        (Standing.ACTIVE, Standing.ENDED),
        (Standing.PAST_DUE, Standing.ACTIVE),
        (Standing.PAST_DUE, Standing.PAUSED),
        (Standing.PAST_DUE, Standing.SUSPENDED),
        (Standing.PAST_DUE, Standing.ENDED),
        (Standing.SUSPENDED, Standing.ACTIVE),
        (Standing.SUSPENDED, Standing.PAUSED),
        (Standing.SUSPENDED, Standing.ENDED),
        (Standing.PAUSED, Standing.ACTIVE),
        (Standing.PAUSED, Standing.ENDED),
    }
)
"""Every move a standing can make. Ended is for ever: who comes back gets a new membership."""
