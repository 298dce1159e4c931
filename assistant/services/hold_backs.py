"""What does not fit under a cap is neither granted nor charged: decided before the money is asked for.

The plan that is shown and the day that is run ask the same question, so that who was shown it is charged it.
"""

from collections.abc import Mapping
from datetime import date

from assistant.db import billing_day, credits
from assistant.db.billing_day import Capped, Less
from assistant.domain import stored
from assistant.domain.banking import held_back
from assistant.domain.credits import Lot
from assistant.domain.plans import GrantTerms
from assistant.runtime import UnitOfWork
from assistant.services import tasks


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
    return held_back(terms, lots, each.dues_cents - access, today, each.region, prices)
