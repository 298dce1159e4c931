"""One turn of a conversation as values: who said what, and what we answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.conversation.reading import Reading, Slots
from assistant.db.clients import Speaker
from assistant.db.inbox import Kept
from assistant.db.questions import Open
from assistant.db.spas import House
from assistant.domain.evidence import Freshness, Level
from assistant.messages.catalog import Message
from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Turn:
    """A text to be answered: the spa it came to, who has the phone, and which of them is texting, where we know."""

    event: Kept
    house: House
    people: tuple[Speaker, ...]
    stopped_at: datetime | None
    speaker: Speaker | None
    locale: str
    confirmed: Mapping[str, Any] = field(default_factory=dict)
    """What was offered under the token that this text is; empty for any other text."""
    reading: Reading = field(default_factory=lambda: Reading((), ()))
    """What was understood."""
    slots: Slots = field(default_factory=Slots)
    """For how long, until when, which plan: of this message, or of the wish that it confirms."""
    questions: tuple[Open, ...] = ()
    """What was asked at this address and is open, or was within a day."""
    level: Level = Level.E0
    fresh: Freshness = Freshness.FRESH
    billing: bool = False
    """They opted out, and asked for the texts about their payments all the same: they are answered."""
    unsure_since_now: bool = False
    """The number comes back after a long silence with this very text."""

    @property
    def channel(self) -> str:
        return self.event.channel

    @property
    def opted_out(self) -> bool:
        return self.stopped_at is not None and not self.billing

    @property
    def has_media(self) -> bool:
        return self.event.facts.get("NumMedia", "0") not in {"", "0"}

    @property
    def first_name(self) -> str:
        """Not of one whose number it may not be any more."""
        return self.speaker.first_name if self.speaker and self.fresh is Freshness.FRESH else ""


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with the first of these that fits two segments, the fullest first."""

    candidates: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Rightly no answer, and why."""

    reason: str


Answer = Say | Silence
Handler = Callable[[UnitOfWork, Turn], Answer]
PersonalHandler = Callable[[UnitOfWork, Turn, Speaker], Answer]


def say(*candidates: Message) -> Say:
    """One message, or the same thing said ever more shortly."""
    return Say(candidates)


@dataclass(frozen=True, slots=True)
class Intent:
    """Something anyone may want, and the words that say it exactly, by locale."""

    name: str
    handle: Handler
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonalIntent:
    """Something whose answer tells of one person: we must know who is texting before it is handled."""

    name: str
    handle: PersonalHandler
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


AnyIntent = Intent | PersonalIntent


def intent(name: str, **words: tuple[str, ...]) -> Callable[[Handler], Intent]:
    """Make an intent of its handler; `intents/__init__.py` lists it."""
    return lambda handle: Intent(name, handle, words)


def personal_intent(name: str, **words: tuple[str, ...]) -> Callable[[PersonalHandler], PersonalIntent]:
    """Make a personal intent of its handler."""
    return lambda handle: PersonalIntent(name, handle, words)
