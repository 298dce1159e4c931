"""What a paid cycle banks, by the rollover that each grant was sold with, and what is neither granted nor charged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain import rollover
from assistant.domain.credits import Lot, LotClass
from assistant.domain.ledger import USD
from assistant.domain.plans import GrantTerms, worths
from assistant.domain.rollover import AtCap, Cap, GrantPlan


class UnknownWorthError(ValueError):
    """Nobody has said what a credit is worth, and it must be known: unknown is never zero."""


@dataclass(frozen=True, slots=True)
class Part:
    """One grant of the cycle: what it still comes to, and what it is worth."""

    place: int
    terms: GrantTerms
    worth_cents: int

    @property
    def paid_cents(self) -> int:
        """Of its worth, what its dues paid for it: nothing for a promotion, and for dollars no more than themselves."""
        if self.terms.lot_class is LotClass.PROMO:
            return 0
        return min(self.worth_cents, self.terms.amount) if self.terms.unit == USD else self.worth_cents


def parts(
    grants: Sequence[GrantTerms], held_back: Mapping[str, int], credit_cents: int, prices: Mapping[str, int]
) -> list[Part]:
    """The grants of the terms, less what was held back when the cycle was opened, with what was paid for each."""
    left = [
        (place, replace(terms, amount=terms.amount - held_back.get(str(place), 0)))
        for place, terms in enumerate(grants)
        if terms.amount > held_back.get(str(place), 0)
    ]
    worth = worths([terms for _, terms in left], credit_cents, prices)
    return [Part(place, terms, cents) for (place, terms), cents in zip(left, worth, strict=True)]


def planned(part: Part, lots: list[Lot], today: date, region: str | None, prices: Mapping[str, int]) -> GrantPlan:
    """What a cap makes of a grant today; what was to be held back was, before the money was asked for.

    What is granted is added to `lots`, for it takes room from what follows.
    """
    terms = part.terms
    if not isinstance(terms.rollover, Cap) or terms.rollover.at_cap is AtCap.HOLD_AND_REDUCE:
        plan = GrantPlan(terms.amount)
    else:
        mine = [lot for lot in lots if lot.unit == terms.unit]
        worth = part.worth_cents if terms.lot_class is LotClass.PROMO else part.paid_cents
        if terms.rollover.at_cap is AtCap.CONVERT:
            worth = worth_of(terms, mine, worth, today, region, prices)
        plan = rollover.at_grant(
            terms.rollover, mine, terms.amount, today, region, lot_class=terms.lot_class, worth_cents=worth
        )
    if plan.granted:
        lots.append(Lot(0, terms.unit, terms.lot_class, plan.granted, plan.granted, today))
    return plan


@dataclass(frozen=True, slots=True)
class Banked:
    """A lot to be: of the grant itself, or the dollars that stand for what of it did not fit."""

    unit: str
    amount: int
    lot_class: LotClass
    paid_cents: int
    expires_on: date | None
    in_dollars: bool = False


def banked(part: Part, plan: GrantPlan, today: date, region: str | None) -> Iterator[Banked]:
    """The lots that a part comes to. Each keeps its share of the dues (`features.md` H1, H2)."""
    terms = part.terms
    paid_in_dollars = 0 if terms.lot_class is LotClass.PROMO else plan.converted_cents
    if plan.granted:
        until = rollover.expires_on(terms.rollover, terms.lot_class, today, region)
        yield Banked(terms.unit, plan.granted, terms.lot_class, part.paid_cents - paid_in_dollars, until)
    if plan.converted_cents:
        yield Banked(USD, plan.converted_cents, terms.lot_class, paid_in_dollars, None, in_dollars=True)


def held_back(
    grants: Sequence[GrantTerms],
    lots: list[Lot],
    credit_cents: int,
    today: date,
    region: str | None,
    prices: Mapping[str, int],
) -> tuple[dict[str, int], int]:
    """What does not fit under a cap, by place, and the cents that the cycle costs less by (`features.md` C5).

    What is granted is added to `lots`, for it takes room from what follows. Raises `UnknownWorthError`.
    """
    places: dict[str, int] = {}
    cents = 0
    for place, (grant, worth) in enumerate(zip(grants, worths(grants, credit_cents, prices), strict=True)):
        plan = GrantPlan(grant.amount)
        if isinstance(grant.rollover, Cap) and grant.rollover.at_cap is AtCap.HOLD_AND_REDUCE:
            mine = [lot for lot in lots if lot.unit == grant.unit]
            worth_cents = worth_of(grant, mine, worth, today, region, prices)
            asked = (grant.rollover, mine, grant.amount, today, region)
            plan = rollover.at_grant(*asked, lot_class=grant.lot_class, worth_cents=worth_cents)
        if plan.held_back and cents + plan.dues_reduction_cents <= credit_cents:
            places[str(place)] = plan.held_back
            cents += plan.dues_reduction_cents
        else:
            plan = GrantPlan(grant.amount)
        if plan.granted:
            lots.append(Lot(0, grant.unit, grant.lot_class, plan.granted, plan.granted, today))
    return places, cents


def worth_of(
    grant: GrantTerms,
    lots: Sequence[Lot],
    worth_cents: int,
    today: date,
    region: str | None,
    prices: Mapping[str, int],
) -> int:
    """What a grant is worth. Raises `UnknownWorthError` where that must be known, for it does not fit, and is not."""
    if grant.unit != USD and grant.unit not in prices:
        over = rollover.cap_warning_on(grant.rollover, lots, grant.amount, today, region, lot_class=grant.lot_class)
        if over is not None:
            raise UnknownWorthError(f"nobody has said what one {grant.unit} is worth")
    return worth_cents
