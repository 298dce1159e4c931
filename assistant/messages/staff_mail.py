"""What the staff are mailed about their own accounts."""

from dataclasses import dataclass

from assistant.messages.message import Message, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInvited(Notice):
    """They have been given a post: the link on which they choose a password."""

    spa: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReset(Message):
    """They have asked for a new password, or somebody has in their name."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanged(Notice):
    """Their password is another one now."""


MESSAGES = (StaffInvited, StaffReset, StaffChanged)
