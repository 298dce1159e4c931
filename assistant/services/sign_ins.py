"""How often somebody may try to sign in, counted in the database: the same for every process, and after a restart."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256

from assistant.runtime import UnitOfWork

WINDOW = timedelta(minutes=15)
MOST = {"account": 10, "address": 200}
"""Tries within the window: a whole spa may sit behind one network address."""
COUNT = """
    INSERT INTO staff_try AS t (who, tries, since) SELECT w, 1, %(now)s FROM unnest(%(who)s::text[]) w
    ON CONFLICT (who) DO UPDATE SET tries = CASE WHEN t.since <= %(old)s THEN 1 ELSE t.tries + 1 END,
                                    since = CASE WHEN t.since <= %(old)s THEN %(now)s ELSE t.since END
    RETURNING who, tries"""


def tried(uow: UnitOfWork, by: Mapping[str, str]) -> bool:
    """Count one more try, as an `account` and from an `address`; False when that is one too many."""
    names = {_hidden(kind, who): kind for kind, who in by.items() if who}
    rows = uow.sql(COUNT, {"who": sorted(names), "now": uow.now, "old": uow.now - WINDOW}).fetchall()
    return all(tries <= MOST[names[who]] for who, tries in rows)


def succeeded(uow: UnitOfWork, account: str) -> None:
    """They are who they say: their earlier tries are forgotten, and those that are over with them."""
    uow.sql("DELETE FROM staff_try WHERE who = %s OR since <= %s", (_hidden("account", account), uow.now - WINDOW))


def _hidden(kind: str, who: str) -> str:
    """No address is kept for having been typed."""
    return sha256(f"{kind}:{who.strip().lower()}".encode()).hexdigest()[:32]
