"""What we answer about plans and payments: what is included, what can be joined, what was charged, joining, changing.

Amounts are whole cents. No plan's perk is told by a name that a spa wrote: it may be a treatment's (`rules.md` 7.3).
"""

from dataclasses import dataclass
from datetime import date

from assistant.domain.declines import Script
from assistant.messages.message import Credits, Message


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment; `plan` is None where it was for a visit."""

    on: date
    cents: int
    plan: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts(Message):
    """The last payments, and when the next is charged."""

    charges: tuple[Charge, ...]
    next_charge_on: date | None
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNotPaid(Message):
    """They ask what is owed, or why it was not taken: how much, and what can be done about it."""

    plan: str
    owed_cents: int
    script: Script
    retry_on: date | None
    link: str | None
    manual: bool
    help_phone: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as it is on offer; `banks` is empty where there is no room for it."""

    plan: str
    dues_cents: int
    yearly: bool
    banks: tuple[Credits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanList(Message):
    """What can be joined, and for how much."""

    spa: str
    plans: tuple[PlanLine, ...]
    joins: bool
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Perks(Message):
    """What a member's plan brings."""

    plan: str
    dues_cents: int
    yearly: bool
    banks: tuple[Credits, ...]
    birthday: Credits | None
    priority: bool
    member_prices: bool
    help_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinWhich(Message):
    """Which plan? They answer with its name."""

    plans: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOffered(Message):
    """What joining costs today and after; their token brings the link with all of its terms."""

    plan: str
    token: str
    today_cents: int
    next_charge_on: date
    next_charge_cents: int
    minimum_until: date | None
    saving_cents: int
    """What it would have saved on their own visits of the last three months; 0: nothing is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAlready(Message):
    """They are a member."""

    plan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWhich(Message):
    """Which plan? They answer with its name."""

    plans: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOffered(Message):
    """What going over means; their token does it."""

    plan: str
    token: str
    due_cents: int
    effective_on: date | None
    """None for today."""
    next_charge_on: date
    next_charge_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTrying(Message):
    """The difference is being charged: what became of it comes by itself."""

    plan: str
    due_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRefused(Message):
    """Why not now, and what to do."""

    reason: str
    help_phone: str


MESSAGES: tuple[type[Message], ...] = (
    Receipts,
    WhyNotPaid,
    PlanList,
    Perks,
    JoinWhich,
    JoinOffered,
    JoinAlready,
    ChangeWhich,
    ChangeOffered,
    ChangeTrying,
    ChangeRefused,
)
