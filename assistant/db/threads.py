"""What staff write beside a conversation: notes, replies kept ready, and what they did with the assistant's drafts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Id, Instant, SpaId, Words, belongs, one_of


class Outcome(StrEnum):
    """What became of a draft of the assistant's."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    REPLACED = "replaced"
    LET_GO = "let_go"
    """Nothing was sent: it was answered otherwise, or needed no answer."""


class ThreadNote(Base):
    """A note for the staff alone, beside a client's thread or that of an address which is nobody's."""

    __tablename__ = "thread_note"
    __table_args__ = (
        belongs("client_id", "client"),
        CheckConstraint("(client_id IS NULL) <> (address IS NULL)", name="of_one"),
        Index("ix_thread_note_client", "spa_id", "client_id", "id", postgresql_where=text("client_id IS NOT NULL")),
        Index("ix_thread_note_address", "spa_id", "address", "id", postgresql_where=text("address IS NOT NULL")),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    client_id: Mapped[int | None]
    address: Mapped[Words | None]
    words: Mapped[Words]
    at: Mapped[Instant]
    actor: Mapped[Code]


class CannedReply(Base):
    """Words that are kept ready in one language; `((first name))` and `((spa))` are filled in."""

    __tablename__ = "canned_reply"
    __table_args__ = (
        UniqueConstraint("spa_id", "locale", "name"),
        CheckConstraint("locale IN ('en', 'es')", name="locale"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    locale: Mapped[Code]
    name: Mapped[Words]
    words: Mapped[Words]
    changed_at: Mapped[Instant]
    changed_by: Mapped[Code]


class InboxReview(Base):
    """An intent whose answers the owner keeps under review: they are drafts until a person sends them."""

    __tablename__ = "inbox_review"

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    intent: Mapped[Code] = mapped_column(primary_key=True)
    since: Mapped[Instant]
    actor: Mapped[Code]


class DraftReply(Base):
    """An answer that the assistant would have given, held for a person; and what the person made of it."""

    __tablename__ = "draft_reply"
    __table_args__ = (
        belongs("event_id", "inbound_event"),
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "event_id", "place"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        Index("ix_draft_reply_open", "spa_id", "address", "id", postgresql_where=text("settled_at IS NULL")),
        Index("ix_draft_reply_settled", "spa_id", "settled_at", postgresql_where=text("settled_at IS NOT NULL")),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    event_id: Mapped[int]
    place: Mapped[int]
    """The first answer to an event, or what else was asked for in it."""
    intent: Mapped[Code]
    client_id: Mapped[int | None]
    channel: Mapped[Code]
    address: Mapped[Words]
    locale: Mapped[Code]
    message: Mapped[Code]
    """Its name in the catalogue."""
    words: Mapped[Words]
    made_at: Mapped[Instant]
    outcome: Mapped[Code | None]
    settled_at: Mapped[Instant | None]
    settled_by: Mapped[Code | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that waits for a person."""

    id: int
    event_id: int
    place: int
    intent: str
    client_id: int | None
    channel: str
    address: str
    locale: str
    message: str
    words: str
    made_at: datetime
