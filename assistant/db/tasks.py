"""What waits for a person."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Facts, Id, Instant, SpaId, Words, belongs


class StaffTask(Base):
    """Something only a person can settle: opened once for its key, and closed by whoever settles it."""

    __tablename__ = "staff_task"
    __table_args__ = (
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "key"),
        Index("ix_staff_task_open", "spa_id", "id", postgresql_where=text("closed_at IS NULL")),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    key: Mapped[Code]
    kind: Mapped[Code]
    client_id: Mapped[int | None]
    facts: Mapped[Facts]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    closed_by: Mapped[Code | None]
    resolution: Mapped[Words | None]
