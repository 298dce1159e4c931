"""What a spa offers of itself: its own words, which were looked over before they were sent."""

from dataclasses import dataclass
from typing import ClassVar

from assistant.domain.consent import MessageClass
from assistant.messages.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Message):
    """A campaign's words for one client, filled in; by text they go out as they are."""

    message_class: ClassVar[MessageClass] = MessageClass.MARKETING
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Message):
    """The words of an offer, sent to the one who wants to see them on a phone before anyone else does."""

    words: str


MESSAGES = (Offer, Trial)
