"""Double entry as values: an entry that does not balance cannot be made.

Amounts are signed: debits are positive, credits negative. Every unit is counted by itself: `USD` in cents, each service
credit in milli-units (`features.md` C20).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
    TAX = "tax"
    """Liability (USD): sales tax collected for the state."""
    TIPS = "tips"
    """Liability (USD): tips collected for whoever earned them."""
    DISPUTED = "disputed"
    """Asset (USD): taken back by a bank while a dispute is open."""
    LOSSES = "losses"
    """Expense (USD): services given, and their payment lost to a dispute."""
    GOODWILL = "goodwill"
    """Contra-revenue (USD): given back for services that were used."""


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


def granted(
    key: str,
    at: datetime,
    client_id: int,
    unit: str,
    amount: int,
    *,
    promo: bool = False,
    paid_cents: int | None = None,
) -> Entry:
    """Credit is promised to a member. Dollars that were paid for are owed already: they only get an owner.

    Of dollars, what was paid for them may be less than they are worth: the rest is a promotion.
    """
    if unit != USD:
        legs = [Leg(Account.ISSUED, unit, amount)]
    else:
        paid = 0 if promo else amount if paid_cents is None else paid_cents
        legs = [Leg(Account.DEFERRED, USD, paid), Leg(Account.PROMOTIONS, USD, amount - paid)]
    credit = Leg(Account.CREDITS, unit, -amount, client_id)
    return Entry(key, "credits_granted", at, (*(leg for leg in legs if leg.amount), credit))


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


def earned(key: str, at: datetime, cents: int) -> Entry:
    """So much of the access that was paid for has been given (`rules.md` 8.2)."""
    return Entry.transfer(
        key, "access_earned", at, debit=Leg(Account.ACCESS, USD, cents), credit=Leg(Account.REVENUE, USD, -cents)
    )


def transferred(key: str, at: datetime, giver_id: int, taker_id: int, unit: str, amount: int) -> Entry:
    """Credit changes hands as it is: nothing is earned by it, and nothing is promised anew (`features.md` N13)."""
    return Entry.transfer(
        key,
        "credits_transferred",
        at,
        debit=Leg(Account.CREDITS, unit, amount, giver_id),
        credit=Leg(Account.CREDITS, unit, -amount, taker_id),
    )


def sold(key: str, at: datetime, cents: int, *, tax_cents: int = 0, tip_cents: int = 0, fee_cents: int = 0) -> Entry:
    """Services paid for on the day they are given: `cents` is all that was taken, tax and tip with it."""
    legs = (
        Leg(Account.CLEARING, USD, cents - fee_cents),
        Leg(Account.FEES, USD, fee_cents),
        Leg(Account.REVENUE, USD, tax_cents + tip_cents - cents),
        Leg(Account.TAX, USD, -tax_cents),
        Leg(Account.TIPS, USD, -tip_cents),
    )
    return Entry(key, "sold", at, tuple(leg for leg in legs if leg.amount))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What money given back or fought over was booked as: each part in cents, none below zero."""

    deferred: int = 0
    """Of credit that is not used, and is taken back with it."""
    access: int = 0
    """Of access not yet earned."""
    revenue: int = 0
    """Of what was earned: a sale that is given back, access that was given."""
    tax: int = 0
    tips: int = 0
    goodwill: int = 0
    """Of credit that was used: a manager's decision."""
    owed_back: int = 0

    def legs(self, sign: int = 1) -> Iterator[Leg]:
        """A debit of each part, or with -1 a credit."""
        for account, cents in (
            (Account.DEFERRED, self.deferred),
            (Account.ACCESS, self.access),
            (Account.REVENUE, self.revenue),
            (Account.TAX, self.tax),
            (Account.TIPS, self.tips),
            (Account.GOODWILL, self.goodwill),
            (Account.OWED_BACK, self.owed_back),
        ):
            if cents:
                yield Leg(account, USD, sign * cents)

    @property
    def cents(self) -> int:
        return sum(leg.amount for leg in self.legs())


def refunded(key: str, at: datetime, parts: Parts) -> Entry:
    """Money goes back to the card it came from, out of what it was booked as (`features.md` C8). Fees stay paid."""
    return Entry(key, "refunded", at, (*parts.legs(), Leg(Account.CLEARING, USD, -parts.cents)))


def claim_met(key: str, at: datetime, cents: int) -> Entry:
    """A month's credit stands for one that was given back although it was used: the goodwill is given back too."""
    return Entry.transfer(
        key, "claim_met", at, debit=Leg(Account.DEFERRED, USD, cents), credit=Leg(Account.GOODWILL, USD, -cents)
    )


def disputed(key: str, at: datetime, cents: int, *, fee_cents: int = 0) -> Entry:
    """A bank took a payment back, and asks for a fee; whether it is lost is not known yet (`features.md` D16)."""
    legs = (
        Leg(Account.DISPUTED, USD, cents),
        Leg(Account.FEES, USD, fee_cents),
        Leg(Account.CLEARING, USD, -cents - fee_cents),
    )
    return Entry(key, "disputed", at, tuple(leg for leg in legs if leg.amount))


def dispute_won(key: str, at: datetime, cents: int) -> Entry:
    """The bank gives it back; the fee is not ours again by itself."""
    return Entry.transfer(
        key, "dispute_won", at, debit=Leg(Account.CLEARING, USD, cents), credit=Leg(Account.DISPUTED, USD, -cents)
    )


def dispute_lost(key: str, at: datetime, parts: Parts, loss_cents: int) -> Entry:
    """It is gone: what was not used is owed no more, the rest is a loss and no new charge (`features.md` D17)."""
    legs = (
        *parts.legs(),
        Leg(Account.LOSSES, USD, loss_cents),
        Leg(Account.DISPUTED, USD, -parts.cents - loss_cents),
    )
    return Entry(key, "dispute_lost", at, tuple(leg for leg in legs if leg.amount))


def reversed_legs(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The same legs with their signs turned: how a mistake is corrected, for nothing is ever edited."""
    return tuple(Leg(leg.account, leg.unit, -leg.amount, leg.client_id) for leg in legs)
