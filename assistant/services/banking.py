"""What a paid cycle banks: its grants, less what is held back or owed back, and what a cap makes of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.db import credits as table
from assistant.db.billing import Owed
from assistant.db.credits import Claim
from assistant.domain import ledger as books
from assistant.domain import rollover, stored
from assistant.domain.calendar import local_day
from assistant.domain.credits import MILLI, Lot, LotClass, paid_part
from assistant.domain.ledger import USD
from assistant.domain.plans import GrantTerms, worths
from assistant.domain.rollover import AtCap, Cap, GrantPlan
from assistant.runtime import UnitOfWork
from assistant.services import caps, credits, hold_backs, ledger
from assistant.services.caps import Rolling
from assistant.services.credits import Grant


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a grant is less by because it is owed back, and the dues behind that."""

    claim_id: int
    amount: int
    cents: int


@dataclass(frozen=True, slots=True)
class Banked:
    """All that a paid cycle comes to."""

    grants: tuple[Grant, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    rolling: tuple[Rolling, ...] = ()

    @property
    def paid_cents(self) -> int:
        """What of the dues paid for credit; the rest bought access."""
        return sum(each.paid_cents or 0 for each in self.grants) + sum(each.cents for each in self.withheld)


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


def of(uow: UnitOfWork, owed: Owed) -> Banked:
    """What the paid cycle banks: once for each grant of its terms, by the rollover policy it was sold with.

    Each lot keeps its part of the dues, so that the books owe for it what was paid for it (`features.md` H1, H2).
    Raises `ValueError` for terms that cannot be read, or whose worth must be known and is not: unknown is never zero,
    and the invoice stays as it is until it is known.
    """
    parts = _parts(owed)
    if not parts:
        return Banked()
    lots: list[Lot] = []
    if any(isinstance(each.terms.rollover, Cap) for each in parts):
        table.lock(uow, owed.spa_id, [owed.client_id])
        lots = table.counted(uow, owed.spa_id, owed.client_id)
    parts, withheld = _less_what_is_owed_back(parts, table.claims(uow, owed.spa_id, owed.client_id))
    planned = [(each, _planned(uow, owed, each, lots)) for each in parts]
    return Banked(
        tuple(grant for part, plan in planned for grant in _grants(uow, owed, part, plan)),
        tuple(withheld),
        tuple(
            Rolling(part.place, part.terms.unit, part.terms.rollover.most, plan.rolls_off)
            for part, plan in planned
            if plan.rolls_off and isinstance(part.terms.rollover, Cap)
        ),
    )


def _parts(owed: Owed) -> list[Part]:
    """The grants of the terms, less what was held back when the cycle was opened, with what was paid for each."""
    held = owed.held_back or {}
    sold = [(place, stored.read(GrantTerms, each, "grant")) for place, each in enumerate(owed.grants)]
    left = [
        (place, replace(terms, amount=terms.amount - held.get(str(place), 0)))
        for place, terms in sold
        if terms.amount > held.get(str(place), 0)
    ]
    worth = worths([terms for _, terms in left], owed.dues_cents - owed.access_share_cents, owed.prices or {})
    return [Part(place, terms, cents) for (place, terms), cents in zip(left, worth, strict=True)]


def _less_what_is_owed_back(parts: Sequence[Part], claims: Sequence[Claim]) -> tuple[list[Part], list[Withheld]]:
    """What was used and given back all the same comes out of what is paid for next (`features.md` C8)."""
    owed_back = {each.id: each.remaining for each in claims}
    left, withheld = [], []
    for each in parts:
        part: Part | None = each
        for claim in claims if each.terms.lot_class is LotClass.PAID else ():
            if (
                part is not None
                and claim.unit == each.terms.unit
                and (gone := min(owed_back[claim.id], part.terms.amount))
            ):
                cents = paid_part(part.paid_cents, part.terms.amount, gone)
                owed_back[claim.id] -= gone
                withheld.append(Withheld(claim.id, gone, cents))
                rest = part.terms.amount - gone
                part = (
                    replace(part, terms=replace(part.terms, amount=rest), worth_cents=part.worth_cents - cents)
                    if rest
                    else None
                )
        if part is not None:
            left.append(part)
    return left, withheld


def _planned(uow: UnitOfWork, owed: Owed, part: Part, lots: list[Lot]) -> GrantPlan:
    """What a cap makes of a grant today; what was to be held back was, before the money was asked for."""
    terms, today = part.terms, local_day(uow.now, owed.zone)
    if not isinstance(terms.rollover, Cap) or terms.rollover.at_cap is AtCap.HOLD_AND_REDUCE:
        planned = GrantPlan(terms.amount)
    else:
        mine = [lot for lot in lots if lot.unit == terms.unit]
        worth = part.worth_cents if terms.lot_class is LotClass.PROMO else part.paid_cents
        if terms.rollover.at_cap is AtCap.CONVERT:
            worth = hold_backs.worth_of(terms, mine, worth, today, owed.region, owed.prices or {})
        planned = rollover.at_grant(
            terms.rollover, mine, terms.amount, today, owed.region, lot_class=terms.lot_class, worth_cents=worth
        )
    if planned.granted:
        lots.append(Lot(0, terms.unit, terms.lot_class, planned.granted, planned.granted, today))
    return planned


def _grants(uow: UnitOfWork, owed: Owed, part: Part, plan: GrantPlan) -> Iterator[Grant]:
    """The grant, and the dollars that stand for what of it did not fit."""
    terms, key = part.terms, f"cycle:{owed.invoice_id}:{part.place}"
    paid_in_dollars = 0 if terms.lot_class is LotClass.PROMO else plan.converted_cents
    if plan.granted:
        today = local_day(uow.now, owed.zone)
        yield Grant(
            key,
            owed.client_id,
            terms.unit,
            plan.granted,
            terms.lot_class,
            uow.now,
            rollover.expires_on(terms.rollover, terms.lot_class, today, owed.region),
            paid_cents=part.paid_cents - paid_in_dollars,
            reference_cents=_listed(terms.unit, plan.granted, owed.prices or {}),
            invoice_id=owed.invoice_id,
        )
    if plan.converted_cents:
        yield Grant(
            f"{key}:{USD}",
            owed.client_id,
            USD,
            plan.converted_cents,
            terms.lot_class,
            uow.now,
            paid_cents=paid_in_dollars,
            reference_cents=plan.converted_cents,
            invoice_id=owed.invoice_id,
        )


def _listed(unit: str, amount: int, prices: Mapping[str, int]) -> int | None:
    if unit == USD:
        return amount
    return prices[unit] * amount // MILLI if unit in prices else None


def bank(uow: UnitOfWork, owed: Owed, banked: Banked) -> None:
    """Give it, settle what was owed back, and say what will roll off."""
    if banked.grants:
        credits.grant(uow, owed.spa_id, owed.zone, banked.grants)
    for each in banked.withheld:
        uow.sql(
            "UPDATE credit_claim SET remaining = remaining - %s WHERE spa_id = %s AND id = %s",
            (each.amount, owed.spa_id, each.claim_id),
        )
        if each.cents:
            entry = books.claim_met(f"claim:{each.claim_id}:{owed.invoice_id}", uow.now, each.cents)
            ledger.post(uow, owed.spa_id, [entry])
    for rolling in banked.rolling:
        caps.tell_roll_off(uow, owed, rolling)
