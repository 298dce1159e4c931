"""Who did what, on what evidence: written in the same transaction as the act, and only ever added to."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Facts, Id, Instant, SpaId


class Audit(Base):
    """One act."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "spa_id", "subject", "id"),)

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    at: Mapped[Instant]
    actor: Mapped[Code]
    """`member`, `carrier`, `clock`, or `staff:<id>`."""
    evidence: Mapped[Code]
    """E0 to E3 (`reliability.md` §3)."""
    act: Mapped[Code]
    subject: Mapped[Code]
    """What was acted on: `phone:<id>`, `client:<id>`, `entry:<id>`."""
    before: Mapped[Facts | None]
    after: Mapped[Facts | None]
