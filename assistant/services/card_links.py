"""A link for a card, sent because the desk asked for it."""

from datetime import timedelta

from assistant.db import spas
from assistant.db.reach import reach
from assistant.domain.calendar import local_day
from assistant.messages.catalog import CardLink
from assistant.runtime import UnitOfWork
from assistant.services import audit, choices, links, messaging
from assistant.services.addressing import Addressee
from assistant.services.links import LIFE, Purpose
from assistant.services.member_sessions import Session


def number(uow: UnitOfWork, spa_id: int, client_id: int) -> str | None:
    """Where it would go; None where nothing may be sent, or too many wrong digits were typed today."""
    to = reach(uow, spa_id, client_id, about_money=True)
    return None if links.locked_out(uow, spa_id, client_id) else to.number


MOST_PAGES_A_DAY = 10
"""Card pages that one who is signed in may open: more of them would be trying cards out (`reliability.md` §3)."""


def for_signed_in(uow: UnitOfWork, session: Session) -> str | None:
    """The token of a link for a card, for one who has typed the digits already. None: they have opened too many."""
    spa_id, client_id = session.spa_id, session.client_id
    lately = (
        "SELECT count(*) FROM secure_link WHERE spa_id = %s AND client_id = %s AND purpose <> %s AND created_at > %s"
    )
    since = (spa_id, client_id, Purpose.MEMBERSHIP, uow.now - timedelta(days=1))
    [[many]] = uow.sql(lately, since).fetchall()
    if many >= MOST_PAGES_A_DAY:
        return None
    purpose = Purpose.AUTHENTICATE if choices.needs_authentication(uow, spa_id, client_id) else Purpose.CARD
    made = links.make(uow, spa_id, client_id, purpose, sent_to=session.digits_of, asked=True)
    return made.rpartition("/")[2]


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
