"""What is said about a pause that ends, and about leaving: the day, the money, what stays, and how to take it back.

Amounts are whole cents. A confirmation number is letters and digits of our own. Nothing here stands between a member
and the end of their membership: the one offer is a sentence beside it (`rules.md` 6.5).
"""

from dataclasses import dataclass
from datetime import date

from assistant.domain.leaving import SaveOffer
from assistant.messages.message import Credits, Message, MoneyNotice, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeOffered(Message):
    """What coming back means; their token does it."""

    token: str
    charge_cents: int
    """What is charged at once; 0 for nothing."""
    resumes_on: date | None
    """None for today."""
    next_charge_on: date
    calls_off: bool
    """The pause has not begun, and does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeDone(Message):
    """It is on again."""

    charge_cents: int
    resumes_on: date | None
    next_charge_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaused(Message):
    """RESUME where nothing rests."""

    next_charge_on: date | None
    """None where no charge is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumesSoon(MoneyNotice):
    """It is on again in a few days: when, what is charged then, and what else can be done (`rules.md` 6.11)."""

    plan: str
    resumes_on: date
    next_charge_on: date
    dues_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True)
class Saving:
    """The one thing that may suit them better than leaving, and its own token."""

    token: str
    offer: SaveOffer
    until: date | None = None
    """When a rest is over, or from when the smaller plan holds."""
    plan: str = ""
    cents: int = 0
    """The smaller plan, and what it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOffered(Message):
    """What leaving means, with its token; and beside it the one thing that may suit them better (`features.md` N6)."""

    token: str
    plan: str
    effective_on: date | None
    """The last day is the one before; None for today."""
    charges_left: int
    let_go_cents: int
    """What is owed, and is let go; 0 for nothing."""
    kept: tuple[Credits, ...]
    saving: Saving | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveDone(Message):
    """It ends: the number that proves it, the day, what stays theirs, and how to take it back (`rules.md` 6.4)."""

    plan: str
    code: str
    effective_on: date
    ended: bool
    """The day is today: it cannot be taken back."""
    charges_left: int
    kept: tuple[Credits, ...]
    credits_until: date | None
    cash_out_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveConfirmed(Notice):
    """The same, to one who left by another way than a text."""

    plan: str
    code: str
    effective_on: date
    ended: bool
    charges_left: int
    kept: tuple[Credits, ...]
    credits_until: date | None
    cash_out_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyLeaving(Message):
    """They have left already: the number and the day once more."""

    code: str
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToLeave(Message):
    """There is no membership to end."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveUndone(Message):
    """They stay: everything is as it was."""

    next_charge_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToUndo(Message):
    """UNDO where nothing can be taken back: nothing was changed, or its day has come."""

    ended: bool
    """There was a membership, and it is over."""
    help_phone: str


MESSAGES: tuple[type[Message], ...] = (
    ResumeOffered,
    ResumeDone,
    NotPaused,
    ResumesSoon,
    LeaveOffered,
    LeaveDone,
    LeaveConfirmed,
    AlreadyLeaving,
    NothingToLeave,
    LeaveUndone,
    NothingToUndo,
)
