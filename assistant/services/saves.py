"""The one thing that is offered beside the end of a membership, as it would really be (`features.md` N6, F11)."""

from dataclasses import dataclass

from assistant.db import leavers, members
from assistant.db.members import Held
from assistant.domain.changing import ChangeKind, ChangeQuote
from assistant.domain.leaving import SaveOffer
from assistant.domain.pausing import PauseQuote
from assistant.runtime import UnitOfWork
from assistant.services import pauses, plan_changes, plans

MOST_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Save:
    """An offer, and what taking it does; a gift is a person's to arrange."""

    offer: SaveOffer
    quote: PauseQuote | ChangeQuote | None = None


def quote_save(uow: UnitOfWork, spa_id: int, membership_id: int, offer: SaveOffer | None) -> Save | None:
    """What is offered, to the day and the cent; None where it could not be done. Changes nothing."""
    held = members.held(uow, spa_id, membership_id, uow.now)
    match offer:
        case SaveOffer.REST if held is not None:
            return _rest(uow, held)
        case SaveOffer.SMALLER_PLAN if held is not None:
            return _smaller(uow, held)
        case SaveOffer.GIFT:
            return Save(offer)
        case _:
            return None


def _rest(uow: UnitOfWork, held: Held) -> Save | None:
    """As many months as they have banked, or as the plan's own rules for a pause allow."""
    banked = leavers.leaver(uow, held).banked_cents
    for months in range(min(max(banked // max(held.dues_cents, 1), 1), MOST_MONTHS), 0, -1):
        quote = pauses.quote_pause(uow, held.spa_id, held.membership_id, months=months)
        if isinstance(quote, PauseQuote):
            return None if quote.fee_cents else Save(SaveOffer.REST, quote)
    return None


def _smaller(uow: UnitOfWork, held: Held) -> Save | None:
    """The dearest of the plans that cost less."""
    cheaper = [each for each in plans.on_offer(uow, held.spa_id) if each.terms.dues_cents < held.dues_cents]
    for plan in sorted(cheaper, key=lambda each: each.terms.dues_cents, reverse=True):
        quote = plan_changes.quote_change(uow, held.spa_id, held.membership_id, plan.code)
        if isinstance(quote, ChangeQuote) and quote.kind is ChangeKind.DOWNGRADE and not quote.due_cents:
            return Save(SaveOffer.SMALLER_PLAN, quote)
    return None
