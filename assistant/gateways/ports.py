"""What we ask of the world, in our words: every adapter and every sandbox answers these and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.doorbells import Doorbell


@dataclass(frozen=True, slots=True)
class Text:
    """One text to send. `message_id` is our own row's id: it rides in the callback URL, so that an answer lost
    on the way back can still be matched (`reliability.md` §0.5).
    """

    spa_id: int
    message_id: int
    sender: str
    """E.164 number of the spa."""
    recipient: str
    """E.164 number of the member."""
    body: str
    validity_seconds: int
    """How long the provider may keep trying, so that nothing lands outside its window: 1 to 36,000."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the text and will call back about it."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider answered, and did not take the text. `code` is its own error number (`rules.md` 3.6)."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows: the text may or may not have been taken. Never repeat it before looking it up."""

    reason: str


Answer = Accepted | Refused | Unanswered


class Texts(Protocol):
    """Text messages, by any provider."""

    def send(self, text: Text) -> Answer:
        """Hand one text to the provider. Never raises for anything the network or the provider does."""
        ...

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """Look up a text whose answer was lost: same sender, recipient and body, taken at or after `since`, and not one
        of the `known` provider ids. None when the provider says it has no such text.
        """
        ...

    def redact(self, provider_id: str) -> bool:
        """Have the provider forget the words of one message it holds (`rules.md` 7.1). True when it has."""
        ...


class Queue(Protocol):
    """The doorbell. A ring may be lost or doubled: the rows are the truth."""

    def ring(self, bell: Doorbell) -> None:
        """Ask for a job to run soon; many rings before it starts are one run. Never raises: a sweep finds the lost."""
        ...
