"""Double entry as values: an entry that does not balance cannot be made.

Amounts are signed: debits are positive, credits negative. Every unit is counted by itself: `USD` in cents, each service
credit in milli-units (`features.md` C20).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

USD = "USD"
SPA = 0
"""The client id of the spa's own accounts."""


class Account(StrEnum):
    """The chart of accounts; `docs/ledger.md` says what each is for."""

    CLEARING = "clearing"
    """Asset (USD): taken by the card processor, or in the till, and not yet in the bank."""
    CREDITS = "credits"
    """Liability, one per member and unit: what the member holds. Never a debit balance: the database refuses."""
    ISSUED = "issued"
    """What the spa has promised, per service credit: the other side of a grant."""
    REDEEMED = "redeemed"
    """What members have used, per service credit."""
    EXPIRED = "expired"
    """What ran out unused."""
    DEFERRED = "deferred"
    """Liability (USD): dues received for services not yet given (ASC 606-10-55-46, `rules.md` 8.1)."""
    REVENUE = "revenue"
    """Income (USD): services given."""
    PROMOTIONS = "promotions"
    """Contra-revenue (USD): dollars promised that nobody paid for."""
    ACCESS = "access"
    """Liability (USD): dues received for access and perks, earned over the cycle (`rules.md` 8.2)."""
    FEES = "fees"
    """Expense (USD): what the card processor keeps."""
    OWED_BACK = "owed_back"
    """Liability (USD): money taken that is to go back to its owner."""


class UnbalancedError(ValueError):
    """The legs of an entry do not sum to zero in every unit."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting: an account, and what it is debited (+) or credited (-) in its unit's smallest part."""

    account: Account
    unit: str
    amount: int
    client_id: int = SPA


@dataclass(frozen=True, slots=True)
class Entry:
    """One business event. `key` names it for ever: posting it again changes nothing."""

    key: str
    kind: str
    occurred_at: datetime
    legs: tuple[Leg, ...]
    reverses: int | None = None

    def __post_init__(self) -> None:
        sums: dict[str, int] = defaultdict(int)
        for leg in self.legs:
            sums[leg.unit] += leg.amount
        if not self.legs or any(sums.values()) or not all(leg.amount for leg in self.legs):
            raise UnbalancedError(f"entry {self.key!r} does not balance: {dict(sums)}")

    @classmethod
    def transfer(cls, key: str, kind: str, at: datetime, *, debit: Leg, credit: Leg) -> Self:
        """An entry of two legs, as plain as the phrase."""
        return cls(key, kind, at, (debit, credit))


def granted(key: str, at: datetime, client_id: int, unit: str, amount: int, *, promo: bool = False) -> Entry:
    """Credit is promised to a member. Dollars that were paid for are owed already: they only get an owner."""
    given = Account.ISSUED if unit != USD else Account.PROMOTIONS if promo else Account.DEFERRED
    return Entry.transfer(
        key,
        "credits_granted",
        at,
        debit=Leg(given, unit, amount),
        credit=Leg(Account.CREDITS, unit, -amount, client_id),
    )


def spent(key: str, at: datetime, client_id: int, unit: str, amount: int) -> Entry:
    """A member uses what they hold."""
    return Entry.transfer(
        key,
        "credits_spent",
        at,
        debit=Leg(Account.CREDITS, unit, amount, client_id),
        credit=Leg(Account.REDEEMED if unit != USD else Account.REVENUE, unit, -amount),
    )


def expired(key: str, at: datetime, client_id: int, unit: str, amount: int) -> Entry:
    """What a member held runs out. Only promotional credit may (`rules.md` 6.12)."""
    return Entry.transfer(
        key,
        "credits_expired",
        at,
        debit=Leg(Account.CREDITS, unit, amount, client_id),
        credit=Leg(Account.EXPIRED if unit != USD else Account.PROMOTIONS, unit, -amount),
    )


def dues_collected(key: str, at: datetime, cents: int, *, access_cents: int = 0, fee_cents: int = 0) -> Entry:
    """A cycle is paid: cash in less what the processor keeps, owed in credit and in access (`rules.md` 8.1, 8.2)."""
    legs = (
        Leg(Account.CLEARING, USD, cents - fee_cents),
        Leg(Account.FEES, USD, fee_cents),
        Leg(Account.DEFERRED, USD, access_cents - cents),
        Leg(Account.ACCESS, USD, -access_cents),
    )
    return Entry(key, "dues_collected", at, tuple(leg for leg in legs if leg.amount))


def taken_by_mistake(key: str, at: datetime, cents: int, *, fee_cents: int = 0) -> Entry:
    """Money came in that nobody owed any more: it is its owner's, and is to go back."""
    legs = (
        Leg(Account.CLEARING, USD, cents - fee_cents),
        Leg(Account.FEES, USD, fee_cents),
        Leg(Account.OWED_BACK, USD, -cents),
    )
    return Entry(key, "taken_by_mistake", at, tuple(leg for leg in legs if leg.amount))


def reversed_legs(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The same legs with their signs turned: how a mistake is corrected, for nothing is ever edited."""
    return tuple(Leg(leg.account, leg.unit, -leg.amount, leg.client_id) for leg in legs)
