"""Acts that are over one hand's limit: asked for by one person, and decided by another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import TupleRow
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Id, Instant, SpaId, Words, belongs
from assistant.db.staff_names import name_of


class Approval(Base):
    """One act that waits for a second person's yes, as it was quoted to who asks for it."""

    __tablename__ = "approval"
    __table_args__ = (
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "token"),
        CheckConstraint("status IN ('waiting', 'approved', 'declined', 'lapsed', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status <> 'approved' OR decided_by <> asked_by", name="two_hands"),
        Index("ix_approval_waiting", "spa_id", "id", postgresql_where=text("status = 'waiting'")),
        Index("ix_approval_client", "spa_id", "client_id", "id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    token: Mapped[Code]
    """Of the form that asked: the same form is one request."""
    kind: Mapped[Code]
    """Which act: `grant`, `refund`, `ticket-void`."""
    client_id: Mapped[int | None]
    """Whom it is done to; nobody where it is not about one client."""
    payload: Mapped[Facts]
    """What was answered: all that the act needs to be quoted again."""
    mark: Mapped[Code]
    """Of the quote that was shown: another one is not what was asked for."""
    lines: Mapped[list[list[str]]] = mapped_column(JSONB)
    """The quote in words."""
    why: Mapped[Words]
    """Why one hand is not enough."""
    asked_by: Mapped[Code]
    asked_at: Mapped[Instant]
    status: Mapped[Code] = mapped_column(server_default="waiting")
    decided_by: Mapped[Code | None]
    decided_at: Mapped[Instant | None]
    said: Mapped[Words | None]
    """Why not, or what came of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One of them, with the names of both."""

    id: int
    kind: str
    client_id: int | None
    client: str | None
    payload: dict[str, Any]
    mark: str
    lines: list[list[str]]
    why: str
    asked_by: str
    asker: str
    asked_at: datetime
    status: str
    decider: str | None
    decided_at: datetime | None
    said: str | None


REQUEST = f"""
    SELECT a.id, a.kind, a.client_id, c.first_name || ' ' || c.last_name, a.payload, a.mark, a.lines, a.why, a.asked_by,
           {name_of("a.asked_by")}, a.asked_at, a.status, {name_of("a.decided_by")}, a.decided_at, a.said
    FROM approval a LEFT JOIN client c ON (c.spa_id, c.id) = (a.spa_id, a.client_id) WHERE a.spa_id = %s"""


def request(uow: Asks, spa_id: int, approval_id: int, *, lock: bool = False) -> Request | None:
    """One of them; locked, whoever decides it too waits for its turn here."""
    for_update = " FOR NO KEY UPDATE OF a" if lock else ""
    return _one(uow.sql(f"{REQUEST} AND a.id = %s{for_update}", (spa_id, approval_id)).fetchone())


def _one(row: TupleRow | None) -> Request | None:
    return Request(*row) if row else None


def waiting(uow: Asks, spa_id: int, *, most: int, besides: str = "") -> list[Request]:
    """Those that wait, the oldest first; without what somebody has asked for themselves."""
    which = "a.status = 'waiting' AND a.asked_by <> %s"
    rows = uow.sql(f"{REQUEST} AND {which} ORDER BY a.id LIMIT %s", (spa_id, besides, most))
    return [Request(*row) for row in rows.fetchall()]


def decided(uow: Asks, spa_id: int, *, most: int) -> list[Request]:
    """Those that were decided, the last first."""
    rows = uow.sql(f"{REQUEST} AND a.status <> 'waiting' ORDER BY a.id DESC LIMIT %s", (spa_id, most))
    return [Request(*row) for row in rows.fetchall()]


def of_client(uow: Asks, spa_id: int, client_id: int) -> list[Request]:
    """What waits about one client."""
    rows = uow.sql(f"{REQUEST} AND a.client_id = %s AND a.status = 'waiting' ORDER BY a.id", (spa_id, client_id))
    return [Request(*row) for row in rows.fetchall()]
