"""What is said around open questions and by a person who has a thread."""

from dataclasses import dataclass
from datetime import date

from assistant.messages.message import Message, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSays(Message):
    """A person's own words, as they wrote them."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWrites(Notice):
    """A person's own words to one who has not written lately: no answer, so it waits for the day and for consent."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichOne(Message):
    """A bare yes where more than one question is open: each with its token."""

    options: tuple[tuple[str, str], ...]
    """The token, and the intent it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAsItIs(Message):
    """A no to what was asked: nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingAsked(Message):
    """A yes or a no where nothing awaits one (`rules.md` 1.12)."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DidYouMean(Message):
    """Not sure what was meant: the one or two likeliest."""

    guesses: tuple[str, ...]
    """Names of intents."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseHowLong(Message):
    """A pause was asked for, and not for how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YourName(Message):
    """A number that was silent for long: who has it, before anything of anyone is said (`features.md` E9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearStop(Message):
    """It may have been a STOP: offers rest, and it is asked once (`features.md` E4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongToken(Message):
    """A token, and not ours: nothing was changed."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensRest(Message):
    """Too many wrong tokens: a person takes over (`reliability.md` §3)."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAdded(Notice):
    """A new phone is theirs now: told the old way too, so that a stranger's is seen (`reliability.md` §3)."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveByMail(Message):
    """They ended the texts, and perhaps the membership: what that would mean, and its token (`rules.md` 1.11)."""

    plan: str
    token: str
    effective_on: date | None
    """None for today."""
    charges_left: int
    sure: bool
    """They said so; else one word may have meant the texts alone."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHere(Message):
    """A mail from their address that is no answer to one of ours: an answer to this very one is (`rules.md` 4.12)."""

    word: str
    """What to answer with, where one word says it; else empty."""
    help_phone: str


MESSAGES: tuple[type[Message], ...] = (
    PersonSays,
    PersonWrites,
    WhichOne,
    LeftAsItIs,
    NothingAsked,
    DidYouMean,
    PauseHowLong,
    YourName,
    NearStop,
    WrongToken,
    TokensRest,
    NumberAdded,
    LeaveByMail,
    ReplyHere,
)
