"""What came in, kept before it is thought about."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Id, Instant, SpaId, Words, one_of


class Inbound(StrEnum):
    """How far an inbound event has come."""

    KEPT = "kept"
    ANSWERED = "answered"
    SILENT = "silent"
    """Handled, and rightly not answered: `understood` says why."""
    DEAD = "dead"
    """Thinking about it failed too often: a person must."""


class InboundEvent(Base):
    """One text or email, once: the provider's id is unique."""

    __tablename__ = "inbound_event"
    __table_args__ = (
        UniqueConstraint("spa_id", "channel", "external_id"),
        CheckConstraint(one_of("status", Inbound), name="status"),
        Index("ix_inbound_event_kept", "id", postgresql_where=text("status = 'kept'")),
        Index("ix_inbound_event_sender", "spa_id", "sender", "id"),
        Index("ix_inbound_event_sender_kept", "spa_id", "sender", "id", postgresql_where=text("status = 'kept'")),
        Index("ix_inbound_event_redact", "id", postgresql_where=text("redact_at_provider")),
        Index("ix_inbound_event_words", "received_at", postgresql_where=text("body <> ''")),
    )

    spa_id: Mapped[SpaId]
    """No foreign key, or every text of a spa would lock its one row; the spa comes from the statement that keeps it."""
    id: Mapped[Id]
    channel: Mapped[Code]
    external_id: Mapped[Code]
    sender: Mapped[Words]
    recipient: Mapped[Words]
    body: Mapped[Words]
    facts: Mapped[Facts]
    """The provider's other parameters, cleaned of card numbers as the body is."""
    received_at: Mapped[Instant]
    status: Mapped[Code] = mapped_column(server_default=Inbound.KEPT)
    understood: Mapped[Code | None]
    """What it was taken to mean, or why it was not answered."""
    certainty: Mapped[int | None] = mapped_column(SmallInteger)
    """How sure that was, in percent; None where no meaning was looked for."""
    settled_at: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    card_removed: Mapped[bool] = mapped_column(server_default=text("false"))
    redact_at_provider: Mapped[bool] = mapped_column(server_default=text("false"))
    """A card number was in it: the provider's own copy has still to be wiped (`rules.md` 7.1)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An inbound event to be thought about."""

    spa_id: int
    id: int
    channel: str
    external_id: str
    sender: str
    recipient: str
    body: str
    facts: dict[str, str]
    received_at: datetime
    card_removed: bool


def settle(uow: Asks, kept: Kept, status: Inbound, understood: str, at: datetime, certainty: int | None = None) -> None:
    """Write how an event was handled; it is never thought about again."""
    uow.sql(
        "UPDATE inbound_event SET status = %s, understood = %s, settled_at = %s, certainty = %s"
        " WHERE spa_id = %s AND id = %s",
        (status.value, understood, at, certainty, kept.spa_id, kept.id),
    )


CARRIER_CONFIRMS = "carrier_confirms"
"""Why we say nothing to a word that the carrier answers itself."""


def last_stop(uow: Asks, kept: Kept, *, since: datetime) -> str | None:
    """How the last opt-out before this text was confirmed, if one was since then: `stop` by us, or by the carrier."""
    row = uow.sql(
        "SELECT understood FROM inbound_event WHERE spa_id = %s AND sender = %s AND id < %s AND received_at >= %s"
        " AND understood IN ('stop', 'carrier_confirms') ORDER BY id DESC LIMIT 1",
        (kept.spa_id, kept.sender, kept.id, since),
    ).fetchone()
    return None if row is None else str(row[0])


def understood_before(uow: Asks, kept: Kept, *, since: datetime) -> str | None:
    """What the same sender's last event before this one was taken to mean, if it came since then."""
    row = uow.sql(
        "SELECT understood FROM inbound_event WHERE spa_id = %s AND sender = %s AND id < %s AND received_at >= %s"
        " AND settled_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        (kept.spa_id, kept.sender, kept.id, since),
    ).fetchone()
    return None if row is None else row[0]
