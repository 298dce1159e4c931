"""Signing in to one's own membership: by a link that was sent, and the last digits of a phone on file.

The link is used by that and no other way (`rules.md` 7.5). What it leaves in the browser is good for an hour, for one
client of one spa, and only while the phone whose digits were typed is theirs.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, links
from assistant.services.links import Purpose, State

LIFE = timedelta(hours=1)
BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """They are signed in: what their browser keeps."""

    secret: str


@dataclass(frozen=True, slots=True)
class NotOpened:
    """Why not: the link's state, or wrong."""

    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in."""

    spa_id: int
    id: int
    client_id: int
    link_id: int
    digits_of: str
    """The number whose last digits they typed."""
    secret: str

    @property
    def actor(self) -> str:
        return f"client:{self.client_id}"

    @property
    def csrf(self) -> str:
        """What every form of theirs carries, and nobody else's can."""
        return hmac.new(self.secret.encode(), b"form", sha256).hexdigest()


def begin(rt: Runtime, token: str, typed: str) -> Opened | NotOpened:
    """With the right digits the link is used, and they are signed in."""
    return rt.transact(lambda uow: _begin(uow, token, typed))


def _begin(uow: UnitOfWork, token: str, typed: str) -> Opened | NotOpened:
    link = links.find(uow, token, lock=True)
    if link is None or link.purpose is not Purpose.MEMBERSHIP:
        return NotOpened(State.UNKNOWN)
    if link.state is not State.GOOD:
        return NotOpened(link.state)
    if not links.check(uow, link, typed):
        return NotOpened("wrong")
    uow.sql("UPDATE secure_link SET used_at = %s WHERE spa_id = %s AND id = %s", (uow.now, link.spa_id, link.id))
    secret = urlsafe_b64encode(uow.links.random_bytes(BYTES)).rstrip(b"=").decode()
    uow.sql(
        "INSERT INTO member_session (spa_id, client_id, link_id, hash, began_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (link.spa_id, link.client_id, link.id, _hash(secret), uow.now, uow.now + LIFE),
    )
    subject = f"client:{link.client_id}"
    audit.write(uow, link.spa_id, actor="member", evidence="E2", act="membership_opened", subject=subject)
    return Opened(secret)


def find(uow: UnitOfWork, secret: str) -> Session | None:
    """Who that browser is signed in as; None for nobody, or for nobody any more."""
    row = uow.sql(
        """SELECT m.spa_id, m.id, m.client_id, m.link_id, l.sent_to FROM member_session m
           JOIN secure_link l ON (l.spa_id, l.id) = (m.spa_id, m.link_id)
           WHERE m.hash = %s AND m.ended_at IS NULL AND m.expires_at > %s AND EXISTS (
               SELECT FROM client_phone x JOIN phone p ON (p.spa_id, p.id) = (x.spa_id, x.phone_id)
               WHERE (x.spa_id, x.client_id) = (m.spa_id, m.client_id) AND p.number = l.sent_to)""",
        (_hash(secret), uow.now),
    ).fetchone()
    if row is None:
        return None
    spa_id, session_id, client_id, link_id, digits_of = row
    return Session(spa_id, session_id, client_id, link_id, digits_of, secret)


def end(uow: UnitOfWork, session: Session) -> None:
    """They are done here."""
    uow.sql(
        "UPDATE member_session SET ended_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now, session.spa_id, session.id),
    )


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
