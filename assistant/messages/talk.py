"""What we answer where a person is needed, or only a kind word: care, handing over, visits, thanks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from assistant.domain.consent import MessageClass
from assistant.domain.opening_hours import Opening, Span
from assistant.messages.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Care(Message):
    """Medical words: whom to call now, and that a person knows. Never advice (`features.md` E20)."""

    emergency_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisCare(Message):
    """Words of a crisis: the lines that answer day and night, and that a person knows (`features.md` E21)."""

    help_phone: str


class PersonTopic(StrEnum):
    """What a person is asked to take over."""

    ASKED = "asked"
    """They want a person."""
    UPSET = "upset"
    """They are angry, or speak of lawyers: no excuse and no offer, a person."""
    QUESTION = "question"
    """Something that we cannot tell."""
    REFUND = "refund"
    GIFT = "gift"
    MEDIA = "media"
    """A picture or a voice note."""
    JOIN = "join"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSoon(Message):
    """A person has it, and by when they answer."""

    topic: PersonTopic
    by: date
    today: bool
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAsked(Message):
    """The desk has their wish for a visit; nothing is booked before it says so (`reliability.md` §3)."""

    by: date
    today: bool
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours(Message):
    """The spa's own hours of the day they asked about, and when it opens next."""

    day: date
    today: bool
    spans: tuple[Span, ...]
    """None: closed that day."""
    until: int | None
    """The minute at which it closes, if it is open now."""
    opening: Opening | None
    help_phone: str


class Pleasantry(StrEnum):
    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    OK = "ok"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWord(Message):
    """A kind word back."""

    kind: Pleasantry


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTexts(Message):
    """Texts about what is owed and paid; after a STOP no others (`features.md` E5)."""

    spa: str
    already: bool
    """They get them anyway."""
    after_stop: bool = False
    """And no others: they had opted out of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedWithCare(Message):
    """The one confirmation of an opt-out that medical words came with: whom to call is said in it, or never."""

    message_class: ClassVar[MessageClass] = MessageClass.OPTOUT_CONFIRM
    spa: str
    emergency_phone: str
    crisis: bool


MESSAGES: tuple[type[Message], ...] = (
    Care,
    CrisisCare,
    StoppedWithCare,
    PersonSoon,
    VisitAsked,
    OpeningHours,
    KindWord,
    BillingTexts,
)
