"""Threads that a person is asked to take over, and those that a person has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Id, Instant, SpaId, Words, belongs


class HandoverRow(Base):
    """One thread with one address. It is a person's from `taken_at` until it is handed back."""

    __tablename__ = "handover"
    __table_args__ = (
        belongs("client_id", "client"),
        Index(
            "uq_handover_open", "spa_id", "channel", "address", unique=True, postgresql_where=text("closed_at IS NULL")
        ),
        Index("ix_handover_address", "spa_id", "address", "id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    channel: Mapped[Code]
    address: Mapped[Words]
    client_id: Mapped[int | None]
    topic: Mapped[Code]
    summary: Mapped[Words]
    """What the member said, without card numbers; what came later is added below it."""
    event_id: Mapped[int]
    """The last event that asked for it."""
    opened_at: Mapped[Instant]
    taken_at: Mapped[Instant | None]
    taken_by: Mapped[Words | None]
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[Words | None]
    said: Mapped[int] = mapped_column(server_default="0")
    """How often the person who has it has spoken: each time is a message of its own."""
    snoozed_until: Mapped[Instant | None]
    """Out of sight until then, or until they write again: after this event."""
    snoozed_after: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Handover:
    """A thread that waits for a person, or is a person's."""

    spa_id: int
    id: int
    channel: str
    address: str
    client_id: int | None
    topic: str
    summary: str
    opened_at: datetime
    taken_at: datetime | None
    taken_by: str | None
    closed_at: datetime | None


COLUMNS = "spa_id, id, channel, address, client_id, topic, summary, opened_at, taken_at, taken_by, closed_at"


def waiting(uow: Asks, spa_id: int) -> list[Handover]:
    """Every thread that is not handed back, medical ones first, then the oldest."""
    rows = uow.sql(
        f"SELECT {COLUMNS} FROM handover WHERE spa_id = %s AND closed_at IS NULL"
        " ORDER BY topic <> 'medical', opened_at, id",
        (spa_id,),
    )
    return [Handover(*row) for row in rows.fetchall()]
