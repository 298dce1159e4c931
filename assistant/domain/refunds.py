"""What of a payment can go back, out of what it was booked as, and which unused credit goes with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise

from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD, Parts


class RefundRefusal(StrEnum):
    """Why nothing goes back."""

    DISPUTED = "disputed"
    """The bank has it in hand: to refund as well would be to pay twice (`features.md` D18)."""
    NOTHING_LEFT = "nothing_left"
    """It went back already, or what it bought was used."""
    TOO_MUCH = "too_much"
    """More than is left."""
    NOT_PAID = "not_paid"
    IN_DOUBT = "in_doubt"
    """An earlier charge or refund is being looked up."""
    NEEDS_MANAGER = "needs_manager"
    """Above what one hand at the desk may give back, or for credit that was used."""
    OF_A_TICKET = "of_a_ticket"
    """It paid for a ticket: that is what is to be refunded."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing goes back, and why; `most_cents` could."""

    why: RefundRefusal
    most_cents: int = 0


@dataclass(frozen=True, slots=True)
class Backing:
    """A lot that a payment paid for, or that was made of such a lot: what of it is free to be taken back."""

    lot_id: int
    client_id: int
    """Whose it is now: a gift is not the payer's any more (`features.md` C9)."""
    unit: str
    remaining: int
    free: int
    """Of what remains, so much is not promised to a booking or an open ticket."""
    cents_left: int
    """What of its dues is not used."""

    @property
    def free_cents(self) -> int:
        return self.cents_left * self.free // self.remaining if self.remaining else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment, what it was booked as, and what has become of that."""

    cents: int
    gone_cents: int = 0
    """Refunded before, or lost to the bank."""
    booked: Parts
    back: Parts = field(default_factory=Parts)
    """What of `booked` went back before; its `goodwill` was for credit that was used."""
    earned_access_cents: int = 0
    """Of the booked access, so much has been given by today, whatever went back."""
    lots: tuple[Backing, ...] = ()
    used: tuple[tuple[str, int], ...] = ()
    """Of the credit it paid for, so much was used, by unit, and is not claimed back yet."""

    @property
    def left_cents(self) -> int:
        return self.cents - self.gone_cents

    @property
    def credit_cents(self) -> int:
        """Behind credit that can be taken back."""
        return sum(lot.free_cents for lot in self.lots)

    @property
    def access_cents(self) -> int:
        """Access that was paid for and not given yet."""
        return max(0, self.booked.access - max(self.earned_access_cents, 0) - self.back.access)

    @property
    def used_cents(self) -> int:
        """Behind credit that was used, or is promised, less what was given back for it."""
        kept = self.booked.deferred - self.back.deferred - self.back.goodwill - self.credit_cents
        return max(0, min(kept, self.left_cents))


@dataclass(frozen=True, slots=True)
class TakeBack:
    """So much of a lot goes back to the spa with `cents` of its dues. Nothing of it: it stays, with less behind it."""

    lot_id: int
    client_id: int
    unit: str
    amount: int
    cents: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Credit that was used and is paid back all the same: the next grants are less by it (`features.md` C8)."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """Exactly what goes back, what it is booked as, and what happens to the credit."""

    cents: int
    tender: str
    """card, or how it is handed back at the desk."""
    parts: Parts
    takes: tuple[TakeBack, ...] = ()
    claims: tuple[Claim, ...] = ()
    used_cents: int = 0
    """What was used stays paid, unless it is claimed back."""
    left_cents: int = 0
    """What could still go back afterwards, used credit and all."""
    needs_manager: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody at the desk wants: `cents` None is all that can go back."""

    cents: int | None = None
    forced: bool = False
    """For used credit too: only with a manager."""
    tender: str = "card"
    most_cents: int = 0
    """What this hand may give back by itself."""
    manages: bool = False
    """It is a manager's: it needs no other for used credit."""


def plan_refund(paid: Paid, asked: Asked) -> RefundQuote | Refused:
    """What goes back of a paid cycle: never what was used, unless a manager forces it.

    All of it takes back every unused lot. A part comes out of what bought no credit first, and then takes the unused
    lots back in proportion: dollars to the cent, services by whole credits. A credit that stays has less behind it.
    """
    most = paid.left_cents - (0 if asked.forced else paid.used_cents)
    if most <= 0:
        return Refused(RefundRefusal.NOTHING_LEFT)
    cents = most if asked.cents is None else asked.cents
    if not 0 < cents <= most:
        return Refused(RefundRefusal.TOO_MUCH, most)
    parts = _parts(paid, cents)
    takes = tuple(_takes(paid.lots, parts.deferred, whole=cents >= paid.left_cents - paid.used_cents))
    claims = tuple(_claims(paid, parts.goodwill)) if asked.forced else ()
    return RefundQuote(
        cents=cents,
        tender=asked.tender,
        parts=parts,
        takes=takes,
        claims=claims,
        used_cents=paid.used_cents,
        left_cents=paid.left_cents - cents,
        needs_manager=cents > asked.most_cents or (parts.goodwill > 0 and not asked.manages),
    )


def _parts(paid: Paid, cents: int) -> Parts:
    """What nobody owed, access not given, what was earned without credit, unused credit, and last what was used."""
    owed_back = min(cents, paid.booked.owed_back - paid.back.owed_back)
    if owed_back:
        return replace(
            _parts(replace(paid, booked=replace(paid.booked, owed_back=0)), cents - owed_back), owed_back=owed_back
        )
    access = min(cents, paid.access_cents)
    earned = min(cents - access, max(0, paid.left_cents - paid.used_cents - paid.access_cents - paid.credit_cents))
    deferred = min(cents - access - earned, paid.credit_cents)
    return Parts(access=access, revenue=earned, deferred=deferred, goodwill=cents - access - earned - deferred)


def _takes(lots: Sequence[Backing], cents: int, *, whole: bool) -> Iterator[TakeBack]:
    """Which lots go back with so many cents of their dues; the cents of all sum to it."""
    for lot, share in zip(lots, _shares(cents, [lot.free_cents for lot in lots]), strict=True):
        amount = lot.free if whole else _in_proportion(lot, share)
        if amount or share:
            yield TakeBack(lot.lot_id, lot.client_id, lot.unit, amount, share)


def _in_proportion(lot: Backing, cents: int) -> int:
    if not cents:
        return 0
    amount = lot.free * cents // lot.free_cents
    return amount if lot.unit == USD else amount // MILLI * MILLI


def _shares(cents: int, weights: Sequence[int]) -> list[int]:
    """Cents split by weights: whole ones that sum to it, each at most its weight where all of it is no more."""
    total = sum(weights)
    if not total:
        return [0 for _ in weights]
    return [after - before for before, after in pairwise(cents * upto // total for upto in [0, *accumulate(weights)])]


def _claims(paid: Paid, goodwill_cents: int) -> Iterator[Claim]:
    """Of what was used, as much as is paid back for it."""
    for unit, amount in paid.used:
        if claimed := amount * goodwill_cents // paid.used_cents if paid.used_cents else 0:
            yield Claim(unit, claimed)


def plan_loss(paid: Paid, cents: int) -> tuple[Parts, tuple[TakeBack, ...]]:
    """What a bank took for good: unused credit goes with it, access ends, the rest is a loss (`features.md` D17)."""
    owed_back = min(cents, paid.booked.owed_back - paid.back.owed_back)
    deferred = min(cents - owed_back, paid.credit_cents)
    access = min(cents - owed_back - deferred, paid.access_cents)
    whole = deferred == paid.credit_cents and not owed_back
    return Parts(deferred=deferred, access=access, owed_back=owed_back), tuple(_takes(paid.lots, deferred, whole=whole))


def plan_outside(paid: Paid, cents: int) -> RefundQuote:
    """What somebody gave back elsewhere: booked by the same policy; for what was used nothing is claimed."""
    parts = _parts(paid, cents)
    whole = cents >= paid.left_cents - paid.used_cents
    takes = tuple(_takes(paid.lots, parts.deferred, whole=whole))
    return RefundQuote(cents, "card", parts, takes, used_cents=paid.used_cents, left_cents=paid.left_cents - cents)


def plan_sale(sold: Parts, back: Parts, asked: Asked, *, gone_cents: int = 0) -> RefundQuote | Refused:
    """What goes back of a ticket: its services and their tax in proportion, and the tip last."""
    left = sold.cents - back.cents - gone_cents
    if left <= 0:
        return Refused(RefundRefusal.NOTHING_LEFT)
    cents = left if asked.cents is None else asked.cents
    if not 0 < cents <= left:
        return Refused(RefundRefusal.TOO_MUCH, left)
    weights = [sold.revenue - back.revenue, sold.tax - back.tax]
    services = min(cents, sum(weights))
    revenue, tax = _shares(services, weights)
    tips = min(cents - services, sold.tips - back.tips)
    parts = Parts(revenue=revenue + cents - services - tips, tax=tax, tips=tips)
    return RefundQuote(cents, asked.tender, parts, left_cents=left - cents, needs_manager=cents > asked.most_cents)


def earned_by(access_cents: int, begins_on: date, ends_on: date, today: date) -> int:
    """How much of a cycle's access has been given before today: by days, its fraction of a cent down."""
    days = (ends_on - begins_on).days
    gone = min(max((today - begins_on).days, 0), days)
    return access_cents * gone // days if days else access_cents
