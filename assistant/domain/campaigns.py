"""What a campaign may be and do: its life, its arms, and when it stops itself (`features.md` G8, G11)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    JOIN = "join"
    """Members are left out: they have what is offered."""
    OFFER = "offer"


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """Confirmed; it begins at its hour."""
    SENDING = "sending"
    HELD = "held"
    """Paused by a person, or by itself."""
    STOPPED = "stopped"
    DONE = "done"


class Place(StrEnum):
    """How far one recipient is."""

    PLANNED = "planned"
    TOLD = "told"
    """It is a message: what became of it is the message's to say."""
    DROPPED = "dropped"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """A campaign that goes on: so many days after a client's so-manieth visit, each client once."""

    after_visits: int
    days: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.after_visits <= 50 and 0 <= self.days <= 365):
            raise ValueError("after the first to the fiftieth visit, and within a year of it")


UNDO = timedelta(seconds=60)
"""From the confirmation to the first text (`features.md` E27)."""

_NEXT = {
    CampaignStatus.DRAFT: {CampaignStatus.SCHEDULED, CampaignStatus.STOPPED},
    CampaignStatus.SCHEDULED: {
        CampaignStatus.DRAFT,
        CampaignStatus.SENDING,
        CampaignStatus.HELD,
        CampaignStatus.STOPPED,
    },
    CampaignStatus.SENDING: {CampaignStatus.HELD, CampaignStatus.STOPPED, CampaignStatus.DONE},
    CampaignStatus.HELD: {CampaignStatus.SENDING, CampaignStatus.STOPPED},
    CampaignStatus.STOPPED: set(),
    CampaignStatus.DONE: set(),
}


def may_become(now: CampaignStatus, then: CampaignStatus) -> bool:
    """Whether a campaign may go from one state to another; what is stopped or done stays so."""
    return then in _NEXT[now]


FEWEST_SENT = 50
"""Before so many were sent, a share says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a campaign stands, in recipients."""

    sent: int
    failed: int
    opted_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a campaign pauses itself: shares of what was sent, in hundredths of a percent."""

    failed_basis_points: int = 1_000
    opted_out_basis_points: int = 300


def must_hold(progress: Progress, limits: Limits) -> str | None:
    """Why a campaign should pause by itself, or None."""
    if progress.sent < FEWEST_SENT:
        return None
    if progress.failed * 10_000 > progress.sent * limits.failed_basis_points:
        return "failures"
    if progress.opted_out * 10_000 > progress.sent * limits.opted_out_basis_points:
        return "opt_outs"
    return None
