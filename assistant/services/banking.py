"""What a paid cycle banks: its grants, less what is held back or owed back, and what a cap makes of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.db import credits as table
from assistant.db.billing import Owed
from assistant.db.credits import Claim
from assistant.domain import banking as rules
from assistant.domain import ledger as books
from assistant.domain import stored
from assistant.domain.banking import Part
from assistant.domain.calendar import local_day
from assistant.domain.credits import MILLI, Lot, LotClass, paid_part
from assistant.domain.ledger import USD
from assistant.domain.plans import GrantTerms
from assistant.domain.rollover import Cap, GrantPlan
from assistant.runtime import UnitOfWork
from assistant.services import caps, credits, ledger
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
    today = local_day(uow.now, owed.zone)
    planned = [(each, rules.planned(each, lots, today, owed.region, owed.prices or {})) for each in parts]
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
    sold = [stored.read(GrantTerms, each, "grant") for each in owed.grants]
    return rules.parts(sold, owed.held_back or {}, owed.dues_cents - owed.access_share_cents, owed.prices or {})


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


def _grants(uow: UnitOfWork, owed: Owed, part: Part, plan: GrantPlan) -> Iterator[Grant]:
    """The grant, and the dollars that stand for what of it did not fit."""
    key = f"cycle:{owed.invoice_id}:{part.place}"
    for each in rules.banked(part, plan, local_day(uow.now, owed.zone), owed.region):
        yield Grant(
            f"{key}:{USD}" if each.in_dollars else key,
            owed.client_id,
            each.unit,
            each.amount,
            each.lot_class,
            uow.now,
            each.expires_on,
            paid_cents=each.paid_cents,
            reference_cents=_listed(each.unit, each.amount, owed.prices or {}),
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
