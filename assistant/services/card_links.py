"""A link for a card, sent because the desk asked for it."""

from assistant.db import spas
from assistant.db.reach import reach
from assistant.domain.calendar import local_day
from assistant.messages.catalog import CardLink
from assistant.runtime import UnitOfWork
from assistant.services import audit, links, messaging
from assistant.services.addressing import Addressee
from assistant.services.links import LIFE, Purpose


def number(uow: UnitOfWork, spa_id: int, client_id: int) -> str | None:
    """Where it would go; None where nothing may be sent, or too many wrong digits were typed today."""
    to = reach(uow, spa_id, client_id, about_money=True)
    return None if links.locked_out(uow, spa_id, client_id) else to.number


def send(uow: UnitOfWork, spa_id: int, client_id: int, *, actor: str) -> bool:
    """Send one; it revokes every earlier link of theirs. False where none may be sent."""
    to = reach(uow, spa_id, client_id, about_money=True)
    if to.number is None or number(uow, spa_id, client_id) is None:
        return False
    address = links.make(uow, spa_id, client_id, Purpose.CARD, sent_to=to.number, asked=True)
    good_until = local_day(uow.now + LIFE, spas.house(uow, spa_id).zone)
    message = CardLink(first_name=to.first_name, link=address, good_until=good_until)
    addressee = Addressee(spa_id, to.number, to.locale, client_id)
    messaging.tell(uow, addressee, message, key=f"link-desk:{client_id}:{uow.now.isoformat()}")
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="card_link_sent", subject=f"client:{client_id}")
    return True
