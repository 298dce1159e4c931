"""What members are told about joining, and about going over to another plan.

Amounts are whole cents. A link is a secure link's address. The words say what is charged and when, and how to leave
(`rules.md` 5.13, 6.9).
"""

from dataclasses import dataclass
from datetime import date

from assistant.messages.message import Credits, Message, MoneyNotice, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLink(Notice):
    """The way to join a plan: a page with all of its terms, and the card after them (`rules.md` 6.1)."""

    plan: str
    link: str
    good_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Notice):
    """They have joined: what was agreed to, right after it was (`rules.md` 6.9)."""

    plan: str
    returning: bool
    today_cents: int
    next_charge_on: date
    next_charge_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(MoneyNotice):
    """They are on another plan from now on: what was paid for it, what that banked, and the next charge."""

    plan: str
    paid_cents: int
    banked: Credits | None
    next_charge_on: date
    next_charge_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeSet(MoneyNotice):
    """They will be on another plan from the next billing date: until then nothing changes."""

    plan: str
    effective_on: date
    next_charge_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeUnpaid(MoneyNotice):
    """The payment for another plan did not go through: the membership is what it was."""

    plan: str
    due_cents: int
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLinkTexted(Message):
    """Asked for by mail, the link goes to their phone, whose digits it asks for: that is said in the mail's thread."""

    plan: str


MESSAGES = (JoinLink, JoinLinkTexted, Welcome, PlanChanged, PlanChangeSet, PlanChangeUnpaid)
