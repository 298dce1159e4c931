"""A quote at the till: what it comes to, what it could come to, and what changed since it was made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.checkout import Bill, Cart, Item, price
from assistant.domain.desk import DeskPolicy
from assistant.domain.entitlements import Entitled, Held, Membership, entitled
from assistant.domain.ledger import USD
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms

LATE_DAYS = 31
"""A visit can be written down so long after it was."""


class Tender(StrEnum):
    """What pays the remainder."""

    CARD = "card"
    """The card on file."""
    CASH = "cash"
    CHEQUE = "cheque"
    TERMINAL = "terminal"
    NOTHING = "nothing"
    """Nothing is left to pay."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that can be joined today."""

    plan: str
    terms: Terms


class InsteadOf(StrEnum):
    """Why it could come to something else."""

    JOINED = "joined"
    """As a member under the best plan on offer (`features.md` C9)."""
    PAID_UP = "paid_up"
    """Once what is owed is paid (`features.md` G5)."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What it would come to, under which plan, and what that costs first: a cycle's dues, or what is owed."""

    why: InsteadOf
    plan: str
    first_cents: int
    total_cents: int
    saved_cents: int


@dataclass(frozen=True, slots=True)
class Left:
    """Credit of one unit, in cents or milli-units."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the desk is to know of who comes in, in one line (`features.md` C6, N17)."""

    owed_cents: int = 0
    """Of dues, today."""
    promised_on: date | None = None
    """The day the client named for it."""
    expiring: Left | None = None
    """The credit that runs out first, where that is soon."""
    expires_on: date | None = None
    tasks: int = 0
    """What waits for a person: a text that nobody understood, a payment in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a visit comes to, and what the desk is to know. What is accepted is `bill`, on that day."""

    client_id: int
    on: date
    bill: Bill
    cart: Cart
    plan: str | None
    standing: Standing | None
    """None for who never was a member."""
    arrival: Arrival
    promo: bool
    """Whether promotional credit may be used: else only what was paid for."""
    left: tuple[Left, ...]
    """What can be used after it."""
    resting: tuple[Left, ...]
    """What there is and cannot be used in this standing."""
    instead: tuple[Instead, ...]
    told_late: bool = False
    """The visit was on an earlier day (`features.md` C12)."""


class CannotSell(StrEnum):
    """Why there is no quote, or no sale."""

    NO_SUCH_CLIENT = "no_such_client"
    NO_SUCH_SERVICE = "no_such_service"
    BAD_CART = "bad_cart"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    NO_REASON = "no_reason"
    """A visit that is written down late needs one."""
    NO_TENDER = "no_tender"
    """Something is left to pay, and nothing was said to pay it."""
    KEY_TAKEN = "key_taken"
    """The till's key was another sale's."""
    NO_SUCH_TICKET = "no_such_ticket"
    NOT_OPEN = "not_open"
    NOT_PAID = "not_paid"
    NEEDS_APPROVAL = "needs_approval"
    """More than one hand at the desk may give back."""
    NOT_GIVEN_BACK = "not_given_back"
    """The money cannot go back: the sale stays a sale."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and about what."""

    why: CannotSell
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """All that a quote goes by."""

    client_id: int
    today: date
    on: date
    items: Mapping[str, Item]
    held: Sequence[Held] = ()
    memberships: Sequence[Membership] = ()
    offers: Sequence[Offer] = ()
    arrival: Arrival = field(default_factory=Arrival)
    policy: DeskPolicy = field(default_factory=DeskPolicy)


def quote(client: Client, cart: Cart) -> Quote | Refusal:
    """What it comes to today, by the standing of today."""
    if (refused := _refused(client, cart)) is not None:
        return refused
    may = entitled(client.memberships, client.on, client.policy, cart.booked_on)
    free, everything = may.of(client.held), Entitled((), paid=True, promo=True).of(client.held)
    try:
        bill = price(cart, client.items, free, may.rules, client.policy)
    except ValueError as error:
        return Refusal(CannotSell.BAD_CART, str(error))
    now, used = _current(client.memberships), bill.uses()
    return Quote(
        client_id=client.client_id,
        on=client.on,
        bill=bill,
        cart=cart,
        plan=now.plan if now else None,
        standing=now.standing if now else None,
        arrival=client.arrival,
        promo=may.promo,
        left=_lefts({unit: free[unit] - used.get(unit, 0) for unit in free}),
        resting=_lefts({unit: everything[unit] - free[unit] for unit in free}),
        instead=tuple(_instead(client, cart, bill, free)),
        told_late=client.on < client.today,
    )


def _refused(client: Client, cart: Cart) -> Refusal | None:
    if client.on > client.today:
        return Refusal(CannotSell.IN_THE_FUTURE, client.on.isoformat())
    if client.on < client.today - timedelta(days=LATE_DAYS):
        return Refusal(CannotSell.TOO_LONG_AGO, client.on.isoformat())
    unknown = [line.code for line in cart.lines if line.code not in client.items]
    return Refusal(CannotSell.NO_SUCH_SERVICE, ", ".join(unknown)) if unknown else None


def _current(memberships: Sequence[Membership]) -> Membership | None:
    """The one the desk speaks of: one that owes, then one that is not over, then the last one."""
    owing = (Standing.PAST_DUE, Standing.SUSPENDED)
    ranked = sorted(memberships, key=lambda each: (each.standing is Standing.ENDED, each.standing not in owing))
    return ranked[0] if ranked else None


def _lefts(amounts: Mapping[str, int]) -> tuple[Left, ...]:
    return tuple(Left(unit, amount) for unit, amount in sorted(amounts.items()) if amount)


def _instead(client: Client, cart: Cart, bill: Bill, free: Mapping[str, int]) -> Iterator[Instead]:
    """By the same code that prices the visit: who is no member could join, who owes could pay."""
    if all(each.standing is Standing.ENDED for each in client.memberships):
        yield from _joined(client, cart, bill, free)
    if any(each.standing in (Standing.PAST_DUE, Standing.SUSPENDED) for each in client.memberships):
        paid_up = [_paid_up(each) for each in client.memberships]
        may = entitled(paid_up, client.on, client.policy, cart.booked_on)
        total = price(cart, client.items, may.of(client.held), may.rules, client.policy).total_cents
        now = _current(client.memberships)
        saved = bill.total_cents - total
        yield Instead(InsteadOf.PAID_UP, now.plan if now else "", client.arrival.owed_cents, total, saved)


def _joined(client: Client, cart: Cart, bill: Bill, free: Mapping[str, int]) -> Iterator[Instead]:
    """The plan whose prices save most; of the same, the one with the lower dues."""
    found = [
        (price(cart, client.items, free, each.terms.pricing, client.policy).total_cents, each.terms.dues_cents, each)
        for each in client.offers
    ]
    total, dues, best = min(found, key=lambda each: (each[0], each[1], each[2].plan), default=(0, 0, None))
    if best is not None and total < bill.total_cents:
        yield Instead(InsteadOf.JOINED, best.plan, dues, total, bill.total_cents - total)


def _paid_up(each: Membership) -> Membership:
    owing = each.standing in (Standing.PAST_DUE, Standing.SUSPENDED)
    return Membership(each.plan, Standing.ACTIVE, each.terms) if owing else each


# ── what changed since ──


class Changed(StrEnum):
    """Why a quote no longer holds."""

    CREDIT = "credit"
    """`before` and `now` of `unit` that it would use."""
    PRICE = "price"
    """`before` and `now`: all that is to be paid, in cents."""
    STANDING = "standing"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was quoted."""

    what: Changed
    unit: str | None = None
    before: int = 0
    now: int = 0


def same_deal(accepted: Quote, fresh: Quote) -> bool:
    """Whether what was accepted is what would be posted, to the cent and to the credit (`features.md` N14)."""
    return (accepted.client_id, accepted.on, accepted.bill) == (fresh.client_id, fresh.on, fresh.bill)


def changes(accepted: Quote, fresh: Quote) -> tuple[Change, ...]:
    """What is different, in the order of what the desk asks about."""
    return tuple(_changes(accepted, fresh))


def _changes(accepted: Quote, fresh: Quote) -> Iterator[Change]:
    before, now = accepted.bill.uses(), fresh.bill.uses()
    for unit in [*sorted({*before, *now} - {USD}), USD]:
        if before.get(unit, 0) != now.get(unit, 0):
            yield Change(Changed.CREDIT, unit, before.get(unit, 0), now.get(unit, 0))
    if accepted.standing is not fresh.standing:
        yield Change(Changed.STANDING)
    if accepted.on != fresh.on:
        yield Change(Changed.DAY)
    if accepted.bill.total_cents != fresh.bill.total_cents:
        yield Change(Changed.PRICE, None, accepted.bill.total_cents, fresh.bill.total_cents)
