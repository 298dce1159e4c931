"""The audit as the console lists it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.runtime import UnitOfWork

MOST = 50


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to what, and what it changed."""

    at: datetime
    actor: str
    by: str | None
    """Their name, of one of the staff."""
    act: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


LISTED = """
    SELECT a.at, a.actor, u.name, a.act, a.subject, a.before, a.after
    FROM audit a LEFT JOIN staff_user u ON a.actor = 'staff:' || u.id
    WHERE a.spa_id = %(spa)s AND (%(actor)s = '' OR a.actor = %(actor)s) AND (%(act)s = '' OR a.act = %(act)s)
      AND (%(subject)s = '' OR a.subject = %(subject)s)
    ORDER BY a.id DESC LIMIT %(most)s OFFSET %(past)s"""


def listed(
    uow: UnitOfWork, spa_id: int, *, actor: str = "", act: str = "", subject: str = "", page: int = 1
) -> list[Act]:
    """The last first; one more than a page where there are more."""
    past = (page - 1) * MOST
    values = {"spa": spa_id, "actor": actor, "act": act, "subject": subject, "most": MOST + 1, "past": past}
    return [Act(*row) for row in uow.sql(LISTED, values).fetchall()]
