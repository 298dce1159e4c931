"""What the phone and the inbox may show of the assistant's own database: a narrow, read-only window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


class InsightUnavailable(Exception):  # noqa: N818 - it is what the window is
    """The assistant's database cannot be read now. Its words are shown on the page: one plain sentence."""


@dataclass(frozen=True, slots=True)
class SpaNumber:
    """A number that members text. `zone` is the spa's IANA time zone; `address` is where it gets mail."""

    phone: str
    spa: str
    zone: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member to choose. `number` is the one of their spa; `standing` is a word such as active, paused, past_due.

    `address` is where they get mail, if anywhere.
    """

    name: str
    phone: str
    locale: str
    plan: str
    standing: str
    number: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Credits of one kind. `note` says when some of them end, or nothing."""

    kind: str
    left: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class NextCharge:
    """What is charged next, in words that are ready to show: `amount` "$149.00", `card` "Visa 4242"."""

    amount: str
    on: date
    card: str = ""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member behind a phone or an address, as the assistant's database has them."""

    name: str
    plan: str
    standing: str
    credits: Sequence[CreditLine] = ()
    next_charge: NextCharge | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One text or mail and what was made of it. `intent` None: not yet read; `silent` is why there was no answer."""

    heard: str
    at: datetime
    intent: str | None = None
    detail: str = ""
    answered: bool = False
    silent: str = ""


@dataclass(frozen=True, slots=True)
class PhoneInsight:
    """All known about one phone or address. `turns` are newest first; `segments` is the assistant's count by SM…"""

    members: Sequence[MemberView] = ()
    turns: Sequence[Turn] = ()
    segments: Mapping[str, int] = field(default_factory=dict)


class Insight(Protocol):
    """Reads the assistant's database; every method may raise InsightUnavailable."""

    def numbers(self) -> Sequence[SpaNumber]: ...

    def members(self) -> Sequence[MemberCard]: ...

    def about(self, phone: str) -> PhoneInsight: ...

    def about_mail(self, address: str) -> PhoneInsight: ...


@dataclass(frozen=True, slots=True)
class NoInsight:
    """A window that stays shut, and says why."""

    reason: str

    def numbers(self) -> Sequence[SpaNumber]:
        raise InsightUnavailable(self.reason)

    def members(self) -> Sequence[MemberCard]:
        raise InsightUnavailable(self.reason)

    def about(self, phone: str) -> PhoneInsight:
        raise InsightUnavailable(f"{self.reason} Nothing is known about {phone}.")

    def about_mail(self, address: str) -> PhoneInsight:
        return self.about(address)
