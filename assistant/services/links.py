"""Secure links: 256 random bits, of which only a hash is kept; for one client and one purpose; revoked by the next.

Looking at one does nothing (`rules.md` 7.5): only a POST with what the member knows does, and its tries are counted in
the database, so that they are limited with Redis down too.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from assistant.runtime import UnitOfWork
from assistant.services import audit

BITS = 256
LIFE = timedelta(hours=72)
MOST_TRIES = 5
"""Wrong factors on one link."""
MOST_TRIES_A_DAY = 20
"""Wrong factors over all of a client's links (`reliability.md` §4)."""


FACTOR = 4
"""How many digits of their number a member types."""


class Purpose(StrEnum):
    CARD = "card"
    """Put a card on file."""
    AUTHENTICATE = "authenticate"
    """Pay what is owed on the bank's own page, the bank looking on."""
    JOIN = "join"
    """See a plan's terms, agree to them, and put a card on file."""
    MEMBERSHIP = "membership"
    """See one's own membership and change it."""


PATHS = {Purpose.JOIN: "join", Purpose.MEMBERSHIP: "membership"}
"""Where the pages of a purpose are; a card's for any other."""


class State(StrEnum):
    """What a link is good for."""

    GOOD = "good"
    USED = "used"
    """What it was for is done."""
    EXPIRED = "expired"
    LOCKED = "locked"
    """Too many wrong tries: a new one is to be asked for."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made, as it stands now."""

    spa_id: int
    id: int
    client_id: int
    purpose: Purpose
    state: State
    sent_to: str


def make(
    uow: UnitOfWork,
    spa_id: int,
    client_id: int,
    purpose: Purpose,
    *,
    sent_to: str,
    asked: bool = False,
    reminds: bool = False,
) -> str:
    """A new link's address; every earlier one of the client's is revoked by it: to a membership of those to it, and for
    a card of all for a card.

    `asked`: the member asked for it. `reminds`: it is the one reminder of an unfinished one, and gets none itself.
    """
    token = urlsafe_b64encode(uow.links.random_bytes(BITS // 8)).rstrip(b"=").decode()
    uow.sql(
        "UPDATE secure_link SET revoked_at = %s"
        " WHERE spa_id = %s AND client_id = %s AND revoked_at IS NULL AND used_at IS NULL"
        " AND (purpose = 'membership') = %s",
        (uow.now, spa_id, client_id, purpose is Purpose.MEMBERSHIP),
    )
    [[link_id]] = uow.sql(
        "INSERT INTO secure_link"
        " (spa_id, client_id, purpose, hash, sent_to, created_at, expires_at, asked, reminded_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            *(spa_id, client_id, purpose.value, _hash(token), sent_to, uow.now, uow.now + LIFE),
            *(asked, uow.now if reminds else None),
        ),
    ).fetchall()
    audit.write(uow, spa_id, actor="assistant", evidence="E0", act="link_made", subject=f"link:{link_id}")
    return f"{uow.links.base_url}/{PATHS.get(purpose, 'card')}/{token}"


def find(uow: UnitOfWork, token: str, *, lock: bool = False) -> Link | None:
    """The link of a token, as it stands; None for one that was never made. Changes nothing."""
    row = uow.sql(
        f"""SELECT l.spa_id, l.id, l.client_id, l.purpose, l.sent_to, l.used_at, l.revoked_at, l.expires_at, l.tries,
               (SELECT coalesce(sum(o.tries), 0) FROM secure_link o WHERE o.spa_id = l.spa_id
                AND o.client_id = l.client_id AND o.last_try_at > %s)
            FROM secure_link l WHERE l.hash = %s{" FOR NO KEY UPDATE OF l" if lock else ""}""",
        (uow.now - timedelta(days=1), _hash(token)),
    ).fetchone()
    if row is None:
        return None
    spa_id, link_id, client_id, purpose, sent_to, used_at, revoked_at, expires_at, tries, today = row
    state = _state(uow.now, used_at, revoked_at, expires_at, locked=tries >= MOST_TRIES or today >= MOST_TRIES_A_DAY)
    return Link(spa_id, link_id, client_id, Purpose(purpose), state, sent_to)


def number_for(uow: UnitOfWork, spa_id: int, client_id: int, *, asked_at: str) -> str | None:
    """The number whose last four digits the link will ask for: the very phone that asked, or one of theirs where they
    asked by mail. None: they have none.
    """
    if "@" not in asked_at:
        return asked_at
    row = uow.sql(
        "SELECT p.number FROM client_phone x JOIN phone p ON (p.spa_id, p.id) = (x.spa_id, x.phone_id)"
        " WHERE x.spa_id = %s AND x.client_id = %s ORDER BY x.preferred DESC, p.id LIMIT 1",
        (spa_id, client_id),
    ).fetchone()
    return None if row is None else str(row[0])


def locked_out(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    """Whether so many wrong factors were typed today that no link of the client's is good before tomorrow."""
    tries = "SELECT sum(tries) FROM secure_link WHERE spa_id = %s AND client_id = %s AND last_try_at > %s"
    [[today]] = uow.sql(tries, (spa_id, client_id, uow.now - timedelta(days=1))).fetchall()
    return (today or 0) >= MOST_TRIES_A_DAY


def _state(
    now: datetime, used_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, *, locked: bool
) -> State:
    if used_at is not None:
        return State.USED
    if revoked_at is not None or expires_at <= now:
        return State.EXPIRED
    return State.LOCKED if locked else State.GOOD


def check(uow: UnitOfWork, link: Link, typed: str) -> bool:
    """Whether what was typed are the last four digits of the number the link was sent to; a wrong one is counted.

    What is not four digits cannot be right and is not counted: a scanner that presses the button locks nobody out.
    """
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    if len(digits) != FACTOR:
        return False
    if hmac.compare_digest(digits.encode(), link.sent_to[-FACTOR:].encode()):
        return True
    uow.sql(
        "UPDATE secure_link SET tries = tries + 1, last_try_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now, link.spa_id, link.id),
    )
    return False


def used(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    """A card has come: every link that asked for one is done with."""
    uow.sql(
        "UPDATE secure_link SET used_at = %s"
        " WHERE spa_id = %s AND client_id = %s AND used_at IS NULL AND revoked_at IS NULL"
        " AND purpose <> 'membership'",
        (uow.now, spa_id, client_id),
    )


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
