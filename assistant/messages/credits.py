"""What members are told of their credit without having asked."""

from dataclasses import dataclass
from datetime import date

from assistant.messages.message import Credits, Message, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingOff(Notice):
    """What is over the cap can be used until a day, and is gone after it."""

    most: Credits
    amount: Credits
    last_on: date
    help_phone: str


MESSAGES: tuple[type[Message], ...] = (RollingOff,)
