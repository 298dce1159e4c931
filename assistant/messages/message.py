"""What every message is, and the values that several of them speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from assistant.domain.consent import MessageClass


@dataclass(frozen=True, slots=True)
class Credits:
    """An amount of a member's credit, with the spa's words for it in the member's language."""

    amount: int
    """Cents for dollars, milli-units for services."""
    one: str = ""
    many: str = ""
    """Both empty for dollars."""

    @classmethod
    def of(cls, words: Mapping[str, tuple[str, str]], unit: str, amount: int) -> Self:
        """In the spa's words for the unit; dollars need none."""
        return cls(amount, *words.get(unit, ("", "")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to say. `first_name` may be left out where a name makes a text too long."""

    message_class: ClassVar[MessageClass] = MessageClass.CONVERSATION_REPLY
    first_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Message):
    """Something a member is told without having asked, about their own membership."""

    message_class: ClassVar[MessageClass] = MessageClass.TRANSACTIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyNotice(Notice):
    """A notice of what the membership costs, of what is paid or owed: who wants no other text gets it all the same
    (`features.md` E5).
    """
