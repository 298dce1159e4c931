"""What is heard and what is made of it: the values that pass between the doors, understanding and the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Meaning(StrEnum):
    """What a message can be about, as seen from outside; the intents of the handlers are finer."""

    BALANCE = "balance"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL_MEMBERSHIP = "cancel_membership"
    UPDATE_CARD = "update_card"
    JOIN = "join"
    CHANGE_PLAN = "change_plan"
    HELP = "help"
    STOP = "stop"
    START = "start"
    HUMAN = "human"
    PAYMENT_QUESTION = "payment_question"
    BOOK = "book"
    PERKS = "perks"
    CONFIRM_YES = "confirm_yes"
    CONFIRM_NO = "confirm_no"
    SMALLTALK = "smalltalk"
    MEDICAL = "medical"
    OTHER = "other"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


class Status(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    NON_MEMBER = "non_member"


class Pending(StrEnum):
    """The open question, by what its answer would do."""

    PAUSE_CONFIRM = "pause_confirm"
    PAUSE_DURATION = "pause_duration"
    CANCEL_CONFIRM = "cancel_confirm"
    CHANGE_CONFIRM = "change_confirm"
    CHANGE_WHICH = "change_which"
    JOIN_CONFIRM = "join_confirm"
    JOIN_PLAN = "join_plan"
    RESUME_CONFIRM = "resume_confirm"
    SAVE_OFFER = "save_offer"
    BOOK_OFFER = "book_offer"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and all that understanding may know of whom it is from.

    `last_outbound` is the newest thing we said on that channel: the token of an open question stands in it. `plans` are
    the names as the spa writes them, and `prices` are by name, in the spa's own reckoning. `carrier_hint` is Twilio's
    `OptOutType`. An email is heard as it came, quotes and all.
    """

    channel: Channel
    text: str
    today: date
    status: Status = Status.NON_MEMBER
    opted_out: bool = False
    pending: Pending | None = None
    last_outbound: str | None = None
    plans: tuple[str, ...] = ()
    prices: Mapping[str, int] | None = None
    locale: str = "en"
    carrier_hint: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """For how long (ISO 8601), or until which day (on which it is over), and the plan as the spa writes it."""

    duration: str | None = None
    until: date | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means.

    `wanted` are the finer intents, in the order of `intents`. `opt_out`: no more texts, or no more mail. `near_stop`:
    it may be, and is asked once. `read` are the words that counted, `redacted_text` all of it without card numbers.
    `executed` is what this message would carry out with no further question. `locale` is the language it is in.
    """

    intents: tuple[Meaning, ...]
    wanted: tuple[str, ...]
    confidence: float = 0.0
    slots: Slots = field(default_factory=Slots)
    opt_out: bool = False
    near_stop: bool = False
    read: str = ""
    redacted_text: str = ""
    executed: tuple[str, ...] = ()
    locale: str = "en"
