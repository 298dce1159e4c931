"""Whom a browser is signed in as, on a member's own pages: for an hour, after the right digits on a link of theirs."""

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Id, Instant, SpaId, belongs


class MemberSession(Base):
    """One browser's. Only a hash of its secret is kept."""

    __tablename__ = "member_session"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("link_id", "secure_link"),
        UniqueConstraint("spa_id", "hash"),
        Index("ix_member_session_hash", "hash"),
        Index("ix_member_session_client", "spa_id", "client_id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    client_id: Mapped[int]
    link_id: Mapped[int]
    """The link that it began with."""
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    began_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
