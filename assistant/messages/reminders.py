"""What a client is told of itself: before a charge, before credit is lost, on a birthday, once a year, after leaving.

Amounts are whole cents. Every notice of money says how to change or to leave (`rules.md` 6.9).
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from assistant.domain.consent import MessageClass
from assistant.messages.message import Credits, Message, MoneyNotice, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalSoon(MoneyNotice):
    """The next charge is near."""

    plan: str
    dues_cents: int
    charge_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsExpiring(Notice):
    """Credit that is likely to be lost: how much, and its last day."""

    credits: Credits
    last_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayTreat(Notice):
    """A treat is on the account."""

    credits: Credits
    last_on: date
    spa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualNotice(MoneyNotice):
    """Once a year: what the membership is, what it costs, and how it ends (`rules.md` 6.3, 6.8)."""

    plan: str
    dues_cents: int
    cycle_months: int
    next_charge_on: date
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WinBack(Message):
    """A while after leaving: that the door is open. An offer, and only to who agreed to those."""

    message_class: ClassVar[MessageClass] = MessageClass.MARKETING
    spa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InAnotherWay(Notice):
    """By mail, what could not be brought by text: the same words."""

    words: str


MESSAGES = (RenewalSoon, CreditsExpiring, BirthdayTreat, AnnualNotice, WinBack, InAnotherWay)
