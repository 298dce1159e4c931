"""What members are told about their dues without having asked: receipts, declines, and what follows from them.

Amounts are whole cents. A link is a secure link's address, or None: the words then name a person to call. No card's
digits are among the fields, so that none can be texted (`rules.md` 7.1).
"""

from dataclasses import dataclass
from datetime import date

from assistant.domain.declines import Script
from assistant.domain.dunning import Final
from assistant.messages.message import Credits, MoneyNotice, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(MoneyNotice):
    """The receipt after every charge: what it banked, what is next, and how to leave (`rules.md` 5.13)."""

    plan: str
    dues_cents: int
    credits: tuple[Credits, ...]
    next_charge_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing(MoneyNotice):
    """What every text of the ladder says: what is owed, and what can be done about it."""

    plan: str
    owed_cents: int
    script: Script
    retry_on: date | None
    """When the card is asked again by itself."""
    link: str | None
    manual: bool
    """They pay at the desk, and no card is spoken of."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined(Owing):
    """The first text of a ladder; and the answer to a try that the member asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReminder(Owing):
    """It is still open; the benefits are on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitsPauseSoon(Owing):
    """The day on which the benefits pause, and what pauses with them, as the ledger has it now (`features.md` N5)."""

    suspends_on: date
    at_stake: tuple[Credits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOwed(Owing):
    """It is still owed, later on."""

    suspends_on: date | None
    """None where the benefits are paused already."""
    at_stake: tuple[Credits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNotice(Owing):
    """The end, its day, and what is kept (`features.md` D7)."""

    ends_on: date
    final: Final
    at_stake: tuple[Credits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitsPaused(MoneyNotice):
    """The benefits rest from today, and come back the moment it is paid."""

    plan: str
    owed_cents: int
    at_stake: tuple[Credits, ...]
    link: str | None
    manual: bool
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEndedUnpaid(MoneyNotice):
    """The end of the ladder: what was owed is let go, and what has become of the membership."""

    plan: str
    owed_cents: int
    final: Final
    next_on: date | None
    """The next charge where the cycle is skipped, the day it resumes where it pauses."""
    at_stake: tuple[Credits, ...]
    """What stays the member's (`rules.md` 6.12)."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleSkipped(MoneyNotice):
    """This cycle is let go by the desk: no charge, no credit."""

    plan: str
    dues_cents: int
    next_charge_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSaved(MoneyNotice):
    """A new card is on file, and what is charged to it now: 0 for nothing."""

    charging_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardExpiring(MoneyNotice):
    """The card runs out soon: a link, before a payment fails."""

    link: str
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnfinished(MoneyNotice):
    """Their page was opened and not finished: a fresh link, and who helps. Once a link."""

    link: str
    good_until: date
    pays: bool
    """It is their bank's own page that is waited for, and no card."""
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange(MoneyNotice):
    """New dues, from when, and how to leave first (`rules.md` 6.9)."""

    plan: str
    old_cents: int
    new_cents: int
    effective_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapWarning(Notice):
    """The next grant will not fit: use some before it."""

    held: Credits
    most: Credits
    grants_on: date
    help_phone: str
