"""Links to a member's own pages: to a phone or an address on file and nowhere else, at few tries a day.

In every mail there is a way to ask for one, which holds for good and shows nothing: who presses its button has a link
sent to its owner.
"""

import binascii
from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography.exceptions import InvalidTag

from assistant.db import spas
from assistant.domain.calendar import local_day
from assistant.domain.evidence import SHAKEN_FOR
from assistant.messages.membership import MembershipLink
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, links, messaging
from assistant.services.addressing import Way, way_to
from assistant.services.links import LIFE, Purpose, State

PURPOSE = "manage"
MOST_A_DAY = 3
"""Links that whoever holds an old one, or a mail, may have sent to its owner."""
ON_ITS_WAY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a page speaks: nothing of it says to whom."""

    spa_id: int
    client_id: int
    spa: str
    help_phone: str
    locale: str
    accent: str | None
    state: State = State.UNKNOWN
    """Of the link they came by, where it was one."""


OWNER = """
    SELECT c.spa_id, c.id, s.name, s.help_phone, c.locale, s.accent
    FROM client c JOIN spa s ON s.spa_id = c.spa_id WHERE c.spa_id = %s AND c.id = %s"""


def address(uow: UnitOfWork, spa_id: int, client_id: int) -> str:
    """Where a client asks for a link: for the foot of their mails."""
    return f"{uow.links.base_url}/manage/{token(uow, spa_id, client_id)}"


def token(uow: UnitOfWork, spa_id: int, client_id: int) -> str:
    """Their number under our seal: nobody makes another's, and nothing has to be kept."""
    return uow.links.seal.close_all(f"{PURPOSE}:{spa_id}:{client_id}".encode()).rstrip("=")


def owner(rt: Runtime, given: str) -> Owner | None:
    """Whose mail it stood in; None for what we did not make. Changes nothing."""
    return rt.transact(lambda uow: _owner(uow, given))


def _owner(uow: UnitOfWork, given: str) -> Owner | None:
    try:
        purpose, spa_id, client_id = uow.links.seal.open_all(given + "=" * (-len(given) % 4)).decode().split(":")
        named = (int(spa_id), int(client_id))
    except (InvalidTag, binascii.Error, ValueError):
        return None
    row = uow.sql(OWNER, named).fetchone() if purpose == PURPOSE else None
    return None if row is None else Owner(*row)


def look(rt: Runtime, link_token: str) -> Owner | None:
    """Whose link it is, and how it stands; None for one that was never made. Changes nothing."""
    return rt.transact(lambda uow: _look(uow, link_token))


def _look(uow: UnitOfWork, link_token: str) -> Owner | None:
    link = links.find(uow, link_token)
    if link is None or link.purpose is not Purpose.MEMBERSHIP:
        return None
    [row] = uow.sql(OWNER, (link.spa_id, link.client_id)).fetchall()
    return replace(Owner(*row), state=link.state)


def made_for(uow: UnitOfWork, spa_id: int, client_id: int, *, asked_at: str) -> MembershipLink | None:
    """A new link, for the words that bring it; every earlier one ends.

    None where they have no phone whose digits it could ask for, or typed too many wrong ones today.
    """
    number = links.number_for(uow, spa_id, client_id, asked_at=asked_at)
    if number is None or links.locked_out(uow, spa_id, client_id):
        return None
    made = links.make(uow, spa_id, client_id, Purpose.MEMBERSHIP, sent_to=number, asked=True)
    return MembershipLink(link=made, good_until=local_day(uow.now + LIFE, spas.house(uow, spa_id).zone))


def way(uow: UnitOfWork, spa_id: int, client_id: int) -> Way | None:
    """Where it would go. A number that may not be theirs any more is sent none (`reliability.md` §3)."""
    found = way_to(uow, spa_id, client_id, about_money=True)
    if found is None or links.number_for(uow, spa_id, client_id, asked_at=found.to.number) is None:
        return None
    if links.locked_out(uow, spa_id, client_id) or _shaken(uow, spa_id, found):
        return None
    return found


def _shaken(uow: UnitOfWork, spa_id: int, found: Way) -> bool:
    lately = "SELECT 1 FROM phone WHERE spa_id = %s AND number = %s AND shaken_at > %s"
    return uow.sql(lately, (spa_id, found.to.number, uow.now - SHAKEN_FOR)).fetchone() is not None


def send(uow: UnitOfWork, spa_id: int, client_id: int, *, actor: str, evidence: str) -> bool:
    """Send one, by text or else by mail. False where none may be."""
    found = way(uow, spa_id, client_id)
    message = made_for(uow, spa_id, client_id, asked_at=found.to.number) if found else None
    if found is None or message is None:
        return False
    messaging.tell(
        uow,
        found.to,
        replace(message, first_name=found.first_name),
        key=f"link-membership:{client_id}:{uow.now.isoformat()}",
    )
    subject = f"client:{client_id}"
    audit.write(uow, spa_id, actor=actor, evidence=evidence, act="membership_link_sent", subject=subject)
    return True


def again(rt: Runtime, link_token: str) -> bool | None:
    """A new link for one that is good no more. None where it needs no other, or was never made."""
    return rt.transact(lambda uow: _again(uow, link_token))


def _again(uow: UnitOfWork, link_token: str) -> bool | None:
    found = _look(uow, link_token)
    return None if found is None or found.state is State.GOOD else _asked(uow, found)


def ask(rt: Runtime, given: str) -> bool | None:
    """By the way that stands in a mail. None for what we did not make."""

    def asked(uow: UnitOfWork) -> bool | None:
        found = _owner(uow, given)
        return None if found is None else _asked(uow, found)

    return rt.transact(asked)


def _asked(uow: UnitOfWork, found: Owner) -> bool:
    """Who asks twice is sent one; nobody has their phone filled with them."""
    subject, spa_id = f"client:{found.client_id}", found.spa_id
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, found.client_id))
    rows = uow.sql(
        "SELECT at FROM audit WHERE spa_id = %s AND subject = %s AND act = 'membership_link_sent' AND actor = 'member'"
        " AND at > %s ORDER BY at DESC",
        (spa_id, subject, uow.now - timedelta(days=1)),
    ).fetchall()
    if rows and uow.now - rows[0][0] < ON_ITS_WAY:
        return True
    return len(rows) < MOST_A_DAY and send(uow, spa_id, found.client_id, actor="member", evidence="E0")
