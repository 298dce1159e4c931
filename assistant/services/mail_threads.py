"""Reply addresses: a token that only our own mail holds says whose conversation a reply belongs to (`rules.md` 4.6)."""

import re
from base64 import b32encode
from datetime import timedelta
from hashlib import sha256

from assistant.db.emails import Thread
from assistant.runtime import UnitOfWork

LIFE = timedelta(days=90)
SPA = re.compile(r"[0-9]{1,18}")
BYTES = 20
"""160 random bits; small letters and digits only, for mail programs change the case of what stands before the @."""


def open_thread(uow: UnitOfWork, spa_id: int, client_id: int, address: str) -> str:
    """A new thread with a client; returns its token, which is stored nowhere."""
    token = f"{spa_id}-{b32encode(uow.links.random_bytes(BYTES)).decode().lower()}"
    uow.sql(
        "INSERT INTO mail_thread (spa_id, token_digest, client_id, address, created_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (spa_id, _digest(token), client_id, address.lower(), uow.now, uow.now + LIFE),
    )
    return token


def thread_of(uow: UnitOfWork, token: str) -> Thread | None:
    """The thread of a token, while it holds. The token begins with its spa, so that it is looked up by key."""
    spa_id = token.partition("-")[0]
    if not SPA.fullmatch(spa_id):
        return None
    row = uow.sql(
        "SELECT spa_id, id, client_id, address FROM mail_thread"
        " WHERE spa_id = %s AND token_digest = %s AND expires_at > %s",
        (int(spa_id), _digest(token.lower()), uow.now),
    ).fetchone()
    return None if row is None else Thread(*row)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
