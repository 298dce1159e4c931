"""Every message there is: a dataclass each, whose fields are all that its words may use.

The folder of a message's words is its name in kebab case, under `templates/messages/`.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from assistant.domain.consent import MessageClass
from assistant.domain.membership import Standing
from assistant.messages import changes, handover, joining, membership, offers, plans, reminders, staff_mail, talk
from assistant.messages import credits as credit_notices
from assistant.messages.changes import (
    AlreadyLeaving,
    LeaveConfirmed,
    LeaveDone,
    LeaveOffered,
    LeaveUndone,
    NothingToLeave,
    NotPaused,
    ResumeDone,
    ResumeOffered,
    ResumesSoon,
)
from assistant.messages.checkout import TicketReceipt
from assistant.messages.dues import (
    BenefitsPaused,
    BenefitsPauseSoon,
    CapWarning,
    CardExpiring,
    CardSaved,
    CardUnfinished,
    CycleSkipped,
    LastNotice,
    MembershipEndedUnpaid,
    PaymentDeclined,
    PaymentReceived,
    PaymentReminder,
    PriceChange,
    StillOwed,
)
from assistant.messages.dues_replies import (
    CardLink,
    CardLinkRests,
    CheckingPayment,
    NothingOwed,
    PauseDone,
    PauseOffered,
    PauseRefused,
    PayRefusal,
    PayRefused,
    PaySettled,
    PayTrying,
    PromiseAsked,
    PromiseCounter,
    PromiseMade,
    PromiseUsed,
    RetryPlanned,
    SkipDone,
    SkipOffered,
)
from assistant.messages.message import Credits, Message, Notice
from assistant.messages.refunds import RefundMade

__all__ = [
    "CATALOG",
    "AlreadyLeaving",
    "Balance",
    "BenefitsPauseSoon",
    "BenefitsPaused",
    "CapWarning",
    "CardExpiring",
    "CardLink",
    "CardLinkRests",
    "CardRemoved",
    "CardSaved",
    "CheckingPayment",
    "Credits",
    "CycleSkipped",
    "Help",
    "LastNotice",
    "LeaveConfirmed",
    "LeaveDone",
    "LeaveOffered",
    "LeaveUndone",
    "Membership",
    "MembershipEndedUnpaid",
    "Message",
    "NotPaused",
    "NotUnderstood",
    "NothingOwed",
    "NothingSaid",
    "NothingToLeave",
    "Notice",
    "PauseDone",
    "PauseOffered",
    "PauseRefused",
    "PayRefusal",
    "PayRefused",
    "PaySettled",
    "PayTrying",
    "PaymentDeclined",
    "PaymentReceived",
    "PaymentReminder",
    "PriceChange",
    "PromiseAsked",
    "PromiseCounter",
    "PromiseMade",
    "PromiseUsed",
    "RefundMade",
    "ResumeDone",
    "ResumeOffered",
    "ResumesSoon",
    "RetryPlanned",
    "SkipDone",
    "SkipOffered",
    "Started",
    "StillOwed",
    "Stopped",
    "TicketReceipt",
    "Trouble",
    "UnknownNumber",
    "WhoIsThis",
    "Why",
    "WhyLine",
]


@dataclass(frozen=True, slots=True)
class Membership:
    """How a membership stands, and what is next."""

    standing: Standing
    next_charge_on: date
    dues_cents: int
    resumes_on: date | None
    leaves_on: date | None = None
    """The day from which it is over, where that is agreed."""


@dataclass(frozen=True, slots=True)
class WhyLine:
    """What is left of one lot, or of several old ones together."""

    amount: Credits
    granted_on: date
    expires_on: date | None
    lots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Message):
    """What a member has, what runs out next, how the membership stands, and the next charge."""

    credits: tuple[Credits, ...]
    expiring: Credits | None
    expires_on: date | None
    membership: Membership | None
    """None for a client who is no member."""
    help_phone: str
    book_token: str = ""
    """With it, or with a yes, the desk finds them a visit before it runs out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why(Message):
    """Why a balance is what it is: its lines sum to it."""

    parts: tuple[tuple[Credits, tuple[WhyLine, ...]], ...]
    """Each total, and its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsThis(Message):
    """Several people share the phone: asks who is texting, and says nothing else."""

    names: tuple[str, ...]
    """As they are numbered; none where they would not fit, and the member answers with a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Message):
    """What can be asked, a person to call, and how to stop (`rules.md` 1.18)."""

    spa: str
    help_phone: str
    help_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Message):
    """The one confirmation of an opt-out: no offer, no link (`rules.md` 1.7). By mail `texts` need not end with it."""

    message_class: ClassVar[MessageClass] = MessageClass.OPTOUT_CONFIRM
    spa: str
    billing: bool = False
    others: bool = False
    """`billing`: ask if texts about payments are wanted (E5). `others`: another phone gets ours still (E8)."""
    texts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Message):
    """Texts about the membership are back; offers are not (`rules.md` 1.13)."""

    spa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood(Message):
    """We could not tell what was meant: says what we can do."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingSaid(Message):
    """A blank text, or a picture: says what we can do."""

    help_phone: str
    media: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownNumber(Message):
    """A number we do not know: discloses nothing (`features.md` E10)."""

    spa: str
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRemoved(Message):
    """A card number was texted: it was not kept, and the safe way is another (`rules.md` 7.1)."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble(Message):
    """Thinking about a text failed for good: a person will."""

    help_phone: str


CATALOG: tuple[type[Message], ...] = (
    Balance,
    Why,
    WhoIsThis,
    Help,
    Stopped,
    Started,
    NotUnderstood,
    NothingSaid,
    UnknownNumber,
    CardRemoved,
    Trouble,
    TicketReceipt,
    PaymentReceived,
    PaymentDeclined,
    PaymentReminder,
    BenefitsPauseSoon,
    StillOwed,
    LastNotice,
    BenefitsPaused,
    MembershipEndedUnpaid,
    CycleSkipped,
    CardSaved,
    CardExpiring,
    CardUnfinished,
    PriceChange,
    CapWarning,
    CardLink,
    CardLinkRests,
    NothingOwed,
    PayTrying,
    PaySettled,
    PayRefused,
    SkipOffered,
    SkipDone,
    PauseOffered,
    PauseDone,
    PauseRefused,
    RetryPlanned,
    PromiseAsked,
    PromiseMade,
    PromiseCounter,
    PromiseUsed,
    CheckingPayment,
    *credit_notices.MESSAGES,
    *joining.MESSAGES,
    *changes.MESSAGES,
    RefundMade,
    *talk.MESSAGES,
    *handover.MESSAGES,
    *plans.MESSAGES,
    *offers.MESSAGES,
    *(*reminders.MESSAGES, *staff_mail.MESSAGES, *membership.MESSAGES),
)
