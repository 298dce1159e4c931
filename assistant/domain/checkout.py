"""What a visit costs this client: credit, then member prices, then dollars of credit, then the rest, line by line.

The order is fixed (`features.md` C2): a service credit covers its own service whatever that costs today (C14), the
member price is for what it does not cover, dollar credit pays of that, and the remainder is due. Credit that is scarce
goes where it saves its owner most. Tips and tax are never paid with credit (C21, G7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from assistant.domain.desk import DeskPolicy
from assistant.domain.ledger import USD
from assistant.domain.pricing import PriceRule, member_price

MOST_LINES = 50
MOST_OF_ONE = 1000
WHOLE = 10_000
"""Basis points."""


@dataclass(frozen=True, slots=True)
class Item:
    """What the spa sells today, at its list price."""

    service_id: int
    code: str
    name: str
    category: str
    list_cents: int
    credit_unit: str | None = None
    credit_amount: int = 1000
    dollars_cover: bool = True
    taxable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """What the till typed: so many of a service."""

    code: str
    quantity: int = 1
    promo: PriceRule | None = None
    take_off: str | None = None
    """Why staff took every discount off this line (`features.md` C1, G6)."""
    no_credit: bool = False
    """The client keeps their credit for another day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """A whole visit."""

    lines: tuple[CartLine, ...]
    tip_cents: int = 0
    booked_on: date | None = None
    """When the visit was booked: a price may be honoured by it (`features.md` G4)."""
    booking: str | None = None
    """What credit is held for this visit under: it is used first, though its day be over (`features.md` G2, C3)."""
    late_because: str | None = None
    """Why a visit of an earlier day is only written down now (`features.md` C12)."""


class Why(StrEnum):
    """Why a line costs what it costs."""

    SERVICE_CREDIT = "service_credit"
    """`amount` of `unit` covered `cents` of the list price."""
    MEMBER_PRICE = "member_price"
    PROMO = "promo"
    """A promotion's price was the best, or went together with the member's."""
    DOLLAR_CREDIT = "dollar_credit"
    DISCOUNT_TAKEN_OFF = "discount_taken_off"
    """It would have been `cents` less; staff said why not, in `words`."""
    CREDIT_KEPT = "credit_kept"
    CREDIT_SHORT = "credit_short"
    """So much more of `unit` would have covered the rest."""
    NOT_FOR_DOLLARS = "not_for_dollars"
    """There are dollars of credit, which may not pay for this (`features.md` C21)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with its values; the words for it are the till's."""

    why: Why
    cents: int = 0
    unit: str | None = None
    amount: int = 0
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line: list = covered + saved + dollars + due."""

    place: int
    service_id: int
    code: str
    name: str
    quantity: int
    list_cents: int
    credit_unit: str | None
    """The service credit that is used; None where none is."""
    credit_amount: int
    covered_cents: int
    """What of the list price that covers."""
    saved_cents: int
    """What the member price takes off the rest."""
    dollar_cents: int
    """What dollar credit pays of that."""
    due_cents: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The whole visit: total = due + tax + tip."""

    lines: tuple[BillLine, ...]
    due_cents: int
    tax_cents: int
    tip_cents: int
    total_cents: int

    @property
    def list_cents(self) -> int:
        return sum(line.list_cents for line in self.lines)

    def uses(self) -> dict[str, int]:
        """The credit it takes, by unit."""
        used: dict[str, int] = {}
        for line in self.lines:
            for unit, amount in ((line.credit_unit, line.credit_amount), (USD, line.dollar_cents)):
                if unit and amount:
                    used[unit] = used.get(unit, 0) + amount
        return used


@dataclass(frozen=True, slots=True)
class _Draft:
    """A line while it is priced. `own`: what all of it costs this client before any credit."""

    place: int
    line: CartLine
    item: Item
    list_cents: int
    own_cents: int
    best_cents: int
    by_promo: bool
    used: int = 0
    dollars: int = 0

    @property
    def needed(self) -> int:
        return self.item.credit_amount * self.line.quantity

    @property
    def rest_list(self) -> int:
        return _share(self.list_cents, self.needed - self.used, self.needed)

    @property
    def rest_own(self) -> int:
        return _share(self.own_cents, self.needed - self.used, self.needed)

    @property
    def same(self) -> tuple[object, ...]:
        """All that tells two lines apart: those that are the same may change places and nobody is the poorer."""
        line = self.line
        return (line.code, line.quantity, repr(line.promo), line.take_off or "", line.no_credit)


def price(
    cart: Cart, items: Mapping[str, Item], held: Mapping[str, int], rules: Sequence[PriceRule], policy: DeskPolicy
) -> Bill:
    """What the cart costs: `held` is the credit that may be used today, by unit; `rules` the member prices that hold.

    Raises `KeyError` for what nobody sells, and `ValueError` for a cart that is none.
    """
    if not 0 < len(cart.lines) <= MOST_LINES or cart.tip_cents < 0:
        raise ValueError("a cart has a few lines, and no tip below zero")
    left = dict(held)
    drafts = [_draft(place, line, items[line.code], rules) for place, line in enumerate(cart.lines, 1)]
    drafts = _with_dollars(_with_credits(drafts, left), left, policy)
    lines = tuple(_line(each, left) for each in drafts)
    due_cents = sum(line.due_cents for line in lines)
    tax_cents = _share(sum(_taxed(each, policy) for each in drafts), policy.tax_basis_points, WHOLE)
    total_cents = due_cents + tax_cents + cart.tip_cents
    return Bill(
        lines=lines, due_cents=due_cents, tax_cents=tax_cents, tip_cents=cart.tip_cents, total_cents=total_cents
    )


def _draft(place: int, line: CartLine, item: Item, rules: Sequence[PriceRule]) -> _Draft:
    if not 0 < line.quantity <= MOST_OF_ONE:
        raise ValueError(f"{line.quantity} of {line.code} is no quantity")
    best = member_price(item.list_cents, item.code, item.category, rules, line.promo)
    own = item.list_cents if line.take_off else best.cents
    by_promo = line.promo is not None and line.promo in best.rules
    many = line.quantity
    return _Draft(place, line, item, item.list_cents * many, own * many, best.cents * many, by_promo)


def _with_credits(drafts: list[_Draft], left: dict[str, int]) -> list[_Draft]:
    """Service credit, where a thousandth of it saves most: at the dearest first, and of the same at the taxed one."""
    done = {each.place: each for each in drafts}
    for each in sorted(drafts, key=_by_worth):
        unit = each.item.credit_unit
        if unit is None or each.line.no_credit:
            continue
        used = replace(each, used=min(left.get(unit, 0), each.needed))
        if used.rest_own < each.own_cents:  # what costs nothing, or a part too small to pay a cent, keeps its credit
            done[each.place] = used
            left[unit] -= used.used
    return list(done.values())


def _by_worth(each: _Draft) -> tuple[object, ...]:
    return (-Fraction(each.own_cents, each.needed), not each.item.taxable, *each.same)


def _with_dollars(drafts: list[_Draft], left: dict[str, int], policy: DeskPolicy) -> list[_Draft]:
    """Dollars of credit on what is left of the lines they may pay for: where they spare tax first, then the dearest."""
    done = {each.place: each for each in drafts}
    spares_tax = policy.tax_basis_points > 0 and not policy.tax_on_credit
    for each in sorted(drafts, key=lambda each: (not (spares_tax and each.item.taxable), -each.rest_own, *each.same)):
        if each.item.dollars_cover and not each.line.no_credit:
            dollars = min(left.get(USD, 0), each.rest_own)
            done[each.place] = replace(each, dollars=dollars)
            left[USD] = left.get(USD, 0) - dollars
    return list(done.values())


def _taxed(each: _Draft, policy: DeskPolicy) -> int:
    """What of a line is taxed: what is paid for it, or what it would cost its client without any credit."""
    if not each.item.taxable:
        return 0
    return each.own_cents if policy.tax_on_credit else each.rest_own - each.dollars


def _line(each: _Draft, left: Mapping[str, int]) -> BillLine:
    covered, saved = each.list_cents - each.rest_list, each.rest_list - each.rest_own
    return BillLine(
        place=each.place,
        service_id=each.item.service_id,
        code=each.item.code,
        name=each.item.name,
        quantity=each.line.quantity,
        list_cents=each.list_cents,
        credit_unit=each.item.credit_unit if each.used else None,
        credit_amount=each.used,
        covered_cents=covered,
        saved_cents=saved,
        dollar_cents=each.dollars,
        due_cents=each.rest_own - each.dollars,
        why=tuple(_reasons(each, covered, saved, left)),
    )


def _reasons(each: _Draft, covered: int, saved: int, left: Mapping[str, int]) -> Iterable[Reason]:
    unit, line, item = each.item.credit_unit, each.line, each.item
    if each.used:
        yield Reason(Why.SERVICE_CREDIT, covered, unit, each.used)
    if saved:
        yield Reason(Why.PROMO if each.by_promo else Why.MEMBER_PRICE, saved)
    if line.take_off:
        yield Reason(Why.DISCOUNT_TAKEN_OFF, each.own_cents - each.best_cents, words=line.take_off)
    if each.dollars:
        yield Reason(Why.DOLLAR_CREDIT, each.dollars, USD, each.dollars)
    if line.no_credit:
        yield Reason(Why.CREDIT_KEPT)
    elif each.own_cents and unit and each.used < each.needed:
        yield Reason(Why.CREDIT_SHORT, unit=unit, amount=each.needed - each.used)
    if left.get(USD) and not item.dollars_cover and not line.no_credit and each.rest_own:
        yield Reason(Why.NOT_FOR_DOLLARS)


def _share(cents: int, part: int, whole: int) -> int:
    """So many parts of the whole, half a cent up."""
    return (2 * cents * part + whole) // (2 * whole)
