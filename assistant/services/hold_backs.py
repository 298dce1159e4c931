"""What does not fit under a cap is neither granted nor charged: decided before the money is asked for.

The plan that is shown and the day that is run ask the same question, so that who was shown it is charged it.
"""

from collections.abc import Mapping
from datetime import date

from assistant.db import billing_day, credits
from assistant.db.billing_day import Capped, Less
from assistant.domain import rollover, stored
from assistant.domain.credits import Lot
from assistant.domain.ledger import USD
from assistant.domain.plans import GrantTerms, worths
from assistant.domain.rollover import AtCap, Cap
from assistant.runtime import UnitOfWork
from assistant.services import tasks


class UnknownWorthError(ValueError):
    """Nobody has said what a credit is worth, and it must be known: unknown is never zero."""


def less(
    uow: UnitOfWork,
    spa_id: int,
    today: date,
    *,
    client_id: int | None = None,
    moving: Mapping[int, int] | None = None,
) -> Less:
    """Whose dues are how much less on a day, as it stands now, and what is held back for it: by membership."""
    found = billing_day.capped(uow, spa_id, today, client_id=client_id, moving=moving)
    prices = credits.prices(uow, spa_id) if found else {}
    lots: dict[int, list[Lot]] = {}
    reduced: dict[int, tuple[int | None, dict[str, int]]] = {}
    for each in found:
        held = lots.setdefault(each.client_id, credits.counted(uow, spa_id, each.client_id) if found else [])
        try:
            places, cents = _of(each, held, today, prices)
        except ValueError:
            reduced[each.membership_id] = (None, {})
        else:
            if cents:
                reduced[each.membership_id] = (cents, places | {"cents": cents})
    return reduced


def leave_out(uow: UnitOfWork, spa_id: int, today: date) -> Less:
    """The same for the day that is opened now. What cannot be known is not opened: a person is told, and the next run
    asks again.
    """
    found = less(uow, spa_id, today)
    for membership_id, (cents, _) in found.items():
        if cents is None:
            facts = {"membership": membership_id, "why": "its terms, or the worth of what it grants, cannot be read"}
            tasks.open_task(uow, spa_id, key=f"terms:{membership_id}", kind="terms_unreadable", facts=facts)
    return found


def _of(each: Capped, lots: list[Lot], today: date, prices: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """What is held back by place, and the cents it costs less by; what is granted takes room from what follows."""
    terms = tuple(stored.read(GrantTerms, sold, "grant") for sold in each.grants)
    access = each.access_cents * each.dues_cents // each.full_dues_cents if each.full_dues_cents else 0
    credit_cents = each.dues_cents - access
    places: dict[str, int] = {}
    cents = 0
    for place, (grant, worth) in enumerate(zip(terms, worths(terms, credit_cents, prices), strict=True)):
        planned = rollover.GrantPlan(grant.amount)
        if isinstance(grant.rollover, Cap) and grant.rollover.at_cap is AtCap.HOLD_AND_REDUCE:
            mine = [lot for lot in lots if lot.unit == grant.unit]
            planned = rollover.at_grant(
                grant.rollover,
                mine,
                grant.amount,
                today,
                each.region,
                lot_class=grant.lot_class,
                worth_cents=worth_of(grant, mine, worth, today, each.region, prices),
            )
        if planned.held_back and cents + planned.dues_reduction_cents <= credit_cents:
            places[str(place)] = planned.held_back
            cents += planned.dues_reduction_cents
        else:
            planned = rollover.GrantPlan(grant.amount)
        if planned.granted:
            lots.append(Lot(0, grant.unit, grant.lot_class, planned.granted, planned.granted, today))
    return places, cents


def worth_of(
    grant: GrantTerms,
    lots: list[Lot],
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
