"""The way to one's own membership: a page to see it, to change it and to choose what is sent."""

from dataclasses import dataclass
from datetime import date

from assistant.messages.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipLink(Message):
    """The secure link they asked for, or had sent by the desk."""

    link: str
    good_until: date


MESSAGES: tuple[type[Message], ...] = (MembershipLink,)
