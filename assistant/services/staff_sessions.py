"""The end of one session: a copy of its cookie opens nothing more, while others of the same person go on."""

from datetime import timedelta
from hashlib import sha256

from assistant.runtime import UnitOfWork

END = """
    WITH past AS (DELETE FROM staff_signed_out WHERE until <= %(now)s)
    INSERT INTO staff_signed_out (hash, until) VALUES (%(hash)s, %(until)s) ON CONFLICT DO NOTHING"""


def end(uow: UnitOfWork, secret: str, *, lasts: timedelta) -> None:
    """It is over, which is kept for as long as its cookie would have lasted."""
    uow.sql(END, {"hash": _hash(secret), "now": uow.now, "until": uow.now + lasts})


def is_over(uow: UnitOfWork, secret: str) -> bool:
    """Whether it was signed out of. One statement: a `single_statement` will do."""
    return uow.sql("SELECT 1 FROM staff_signed_out WHERE hash = %s", (_hash(secret),)).fetchone() is not None


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
