"""What we answer about dues and cards: PAY, RETRY, SKIP, PAUSE, CARD, and a day on which there will be money."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.pausing import PauseRefusal
from assistant.messages.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLink(Message):
    """The secure link they asked for."""

    link: str
    good_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLinkRests(Message):
    """So many wrong tries today that no link would open: one that is dead on arrival is not sent."""

    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingOwed(Message):
    """PAY, RETRY, SKIP or a promise where nothing is open."""

    next_charge_on: date | None
    """None where no charge is to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTrying(Message):
    """The card is being asked now."""

    owed_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaySettled(Message):
    """It is paid."""

    plan: str
    owed_cents: int
    next_charge_on: date


class PayRefusal(StrEnum):
    """Why a card is not asked now."""

    NEW_CARD = "new_card"
    """This one cannot be asked again, or there is none."""
    NOT_YET = "not_yet"
    """It has been asked too often for now."""
    AUTHENTICATE = "authenticate"
    """Their bank wants to see them first."""
    AT_DESK = "at_desk"
    """They pay at the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRefused(Message):
    """Not now, and what can be done instead."""

    reason: PayRefusal
    owed_cents: int
    link: str | None
    not_before: date | None
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipOffered(Message):
    """What skipping means; their token does it."""

    token: str
    cycle_on: date
    """The charge that is skipped: its month is told."""
    next_charge_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipDone(Message):
    """Skipped."""

    cycle_on: date
    next_charge_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseOffered(Message):
    """What pausing means; their token does it."""

    token: str
    starts_on: date
    resumes_on: date
    owed_cents: int
    """What stays owed all the same; 0 for nothing (`rules.md` 6.11)."""
    fee_cents: int = 0
    """What the pause costs, once it begins; 0 for nothing."""
    term_cycles: int = 0
    """By how many charges a minimum term ends later: never silently (`features.md` B10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseDone(Message):
    """Paused."""

    starts_on: date
    resumes_on: date
    next_charge_on: date
    credits_usable: bool
    """Whether credits can be used meanwhile (`features.md` B3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRefused(Message):
    """Why it cannot rest as asked, and what can be done."""

    reason: PauseRefusal
    next_possible_on: date | None
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPlanned(Message):
    """When the card is asked next: after an undone promise, or one that is asked again by itself."""

    owed_cents: int
    retry_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseAsked(Message):
    """Which day?"""

    owed_cents: int
    latest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade(Message):
    """The card is asked on the day they named (`features.md` N1)."""

    owed_cents: int
    promise_on: date
    benefits_on: bool
    """False where the benefits are paused already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCounter(Message):
    """Not that day: the latest is this (`features.md` D13)."""

    latest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseUsed(Message):
    """One promise a cycle, and it has been made."""

    retry_on: date | None
    """When the card is asked next by itself."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckingPayment(Message):
    """An earlier payment is being looked up: nothing is tried before it is known."""
