"""What the card processor told us, each once: kept as names only, for what they tell of is fetched anew."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Id, Instant, SpaId, one_of


class EventStatus(StrEnum):
    """How far a provider's event has come."""

    KEPT = "kept"
    APPLIED = "applied"
    QUARANTINED = "quarantined"
    """Thanked for and not acted on: of a type, an account or an object we do not know."""
    DEAD = "dead"
    """Acting on it failed too often: a person must."""


class ProviderEvent(Base):
    """One event, once for its id, kept for 90 days. Under spa 0 where nobody's object is named."""

    __tablename__ = "provider_event"
    __table_args__ = (
        UniqueConstraint("spa_id", "external_id"),
        CheckConstraint(one_of("status", EventStatus), name="status"),
        Index("ix_provider_event_kept", "try_at", "id", postgresql_where=text("status = 'kept'")),
        Index("ix_provider_event_received", "received_at"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    external_id: Mapped[Code]
    type: Mapped[Code]
    account: Mapped[Code | None]
    object_id: Mapped[Code]
    created_at: Mapped[Instant]
    received_at: Mapped[Instant]
    status: Mapped[Code]
    reason: Mapped[Code | None]
    try_at: Mapped[Instant]
    failures: Mapped[int] = mapped_column(server_default="0")
    settled_at: Mapped[Instant | None]
    again: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it was brought once more."""
