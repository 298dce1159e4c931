"""Replies that a spa keeps ready, in each language: written by who may speak for it, filled in for who reads them."""

import re
from dataclasses import dataclass

from assistant.domain import placeholders, reply_lint
from assistant.domain.reply_lint import HOLES, Refused
from assistant.domain.words import sanitise
from assistant.runtime import UnitOfWork
from assistant.services import audit

LOCALES = ("en", "es")
MOST = 200
LONGEST_NAME = 60
BEFORE_A_MARK = re.compile(r" +([,.!?])")


@dataclass(frozen=True, slots=True)
class Canned:
    """One of them."""

    id: int
    locale: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """There is one of that name in that language."""


def listed(uow: UnitOfWork, spa_id: int) -> list[Canned]:
    """All of a spa's, by language and name."""
    rows = uow.sql(
        "SELECT id, locale, name, words FROM canned_reply WHERE spa_id = %s ORDER BY locale, lower(name), id LIMIT %s",
        (spa_id, MOST),
    )
    return [Canned(*row) for row in rows.fetchall()]


def one(uow: UnitOfWork, spa_id: int, canned_id: int) -> Canned | None:
    """One of this spa's."""
    row = uow.sql(
        "SELECT id, locale, name, words FROM canned_reply WHERE spa_id = %s AND id = %s", (spa_id, canned_id)
    ).fetchone()
    return None if row is None else Canned(*row)


def keep(
    uow: UnitOfWork, spa_id: int, canned_id: int | None, *, locale: str, name: str, words: str, by: str
) -> Canned | Taken | tuple[Refused, ...] | None:
    """Write a new one, or change one. None where there is none of that number."""
    clean = sanitise(words).strip()
    if wrong := reply_lint.lint(clean, holes=HOLES):
        return wrong
    called = " ".join(sanitise(name).split())[:LONGEST_NAME]
    clash = uow.sql(
        "SELECT 1 FROM canned_reply WHERE spa_id = %s AND locale = %s AND name = %s AND id IS DISTINCT FROM %s",
        (spa_id, locale, called, canned_id),
    ).fetchone()
    if clash is not None:
        return Taken()
    values = {"spa": spa_id, "id": canned_id, "locale": locale, "name": called, "words": clean, "by": by}
    row = uow.sql(NEW if canned_id is None else CHANGED, values | {"now": uow.now}).fetchone()
    if row is None:
        return Taken() if canned_id is None else None
    act, subject = "canned_reply_kept", f"canned_reply:{row[0]}"
    audit.write(uow, spa_id, actor=by, evidence="E3", act=act, subject=subject, after={"name": called, "words": clean})
    return Canned(row[0], locale, called, clean)


NEW = """
    INSERT INTO canned_reply (spa_id, locale, name, words, changed_at, changed_by)
    VALUES (%(spa)s, %(locale)s, %(name)s, %(words)s, %(now)s, %(by)s) ON CONFLICT DO NOTHING RETURNING id"""
CHANGED = """
    UPDATE canned_reply SET locale = %(locale)s, name = %(name)s, words = %(words)s, changed_at = %(now)s,
        changed_by = %(by)s
    WHERE spa_id = %(spa)s AND id = %(id)s RETURNING id"""


def drop(uow: UnitOfWork, spa_id: int, canned_id: int, *, by: str) -> bool:
    """It is kept no longer. False where there was none."""
    row = uow.sql(
        "DELETE FROM canned_reply WHERE spa_id = %s AND id = %s RETURNING name", (spa_id, canned_id)
    ).fetchone()
    if row is None:
        return False
    subject = f"canned_reply:{canned_id}"
    audit.write(
        uow, spa_id, actor=by, evidence="E3", act="canned_reply_dropped", subject=subject, before={"name": row[0]}
    )
    return True


def filled(each: Canned, *, first_name: str, spa: str) -> str:
    """The words for one reader; to somebody whose name we do not know, `Hi ((first name)),` is `Hi,`."""
    words = placeholders.filled(each.words, {"first name": first_name, "spa": spa})
    return words if first_name else BEFORE_A_MARK.sub(r"\1", words)
