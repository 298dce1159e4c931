"""The receipt of a visit by text: what was paid, which credit it took, and what of it is left."""

from collections.abc import Mapping

from assistant.db.spas import credit_words, house
from assistant.domain.tickets import Quote
from assistant.messages.catalog import Credits, TicketReceipt
from assistant.runtime import UnitOfWork
from assistant.services import messaging
from assistant.services.addressing import way_to


def send(uow: UnitOfWork, spa_id: int, ticket_id: int, quote: Quote, left: Mapping[str, int]) -> None:
    """Once for a ticket, and only to a phone that may be texted about the membership."""
    way = way_to(uow, spa_id, quote.client_id)
    if way is None:
        return
    message = receipt(uow, spa_id, way.first_name, way.locale, quote, left)
    messaging.tell(uow, way.to, message, key=f"ticket:{ticket_id}")


def receipt(
    uow: UnitOfWork, spa_id: int, first_name: str, locale: str, quote: Quote, left: Mapping[str, int]
) -> TicketReceipt:
    """What was paid and used, in their language. `left`: of each unit that it used, what there is of it."""
    words, spa = credit_words(uow, spa_id, locale), house(uow, spa_id)
    return TicketReceipt(
        first_name=first_name,
        paid_cents=quote.bill.total_cents,
        used=tuple(Credits.of(words, unit, amount) for unit, amount in quote.bill.uses().items()),
        left=tuple(Credits.of(words, unit, amount) for unit, amount in left.items()),
        help_phone=spa.help_phone,
    )
