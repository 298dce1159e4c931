"""What is owed and how it is asked for: versions of the ladder, cases, and their steps."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Facts, Id, Instant, SpaId, belongs


class DunningPolicy(Base):
    """A spa's ladder as it was on a day. Cases keep the one they began under (`features.md` D20)."""

    __tablename__ = "dunning_policy"
    __table_args__ = (UniqueConstraint("spa_id", "number"),)

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    number: Mapped[int]
    terms: Mapped[Facts]
    since: Mapped[Instant]


class DunningCase(Base):
    """One invoice that was declined, from its first decline until it is settled one way or another."""

    __tablename__ = "dunning_case"
    __table_args__ = (
        belongs("invoice_id", "invoice"),
        belongs("membership_id", "membership"),
        belongs("client_id", "client"),
        belongs("policy_id", "dunning_policy"),
        UniqueConstraint("spa_id", "invoice_id"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="outcome"),
        Index("ix_dunning_case_open", "spa_id", "client_id", postgresql_where=text("closed_at IS NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    invoice_id: Mapped[int]
    membership_id: Mapped[int]
    client_id: Mapped[int]
    policy_id: Mapped[int | None]
    """None: the ladder that ships with this code."""
    opened_at: Mapped[Instant]
    rule: Mapped[Code]
    """What the last decline asks of us."""
    script: Mapped[Code]
    """What the member is told about it."""
    soft: Mapped[int] = mapped_column(server_default="0")
    """Declines that allow only so many more tries."""
    promise_on: Mapped[Day | None]
    promised_at: Mapped[Instant | None]
    told_at: Mapped[Instant | None]
    """When the member is known to have been told: delivered, or said in their own conversation."""
    closed_at: Mapped[Instant | None]
    outcome: Mapped[Code | None]
    """paid, skipped, waived, paused, cancelled, ended."""


class DunningStep(Base):
    """One step of a case's ladder. It reads anew whether anything is still owed when its time comes."""

    __tablename__ = "dunning_step"
    __table_args__ = (
        belongs("case_id", "dunning_case"),
        CheckConstraint("kind IN ('tell', 'retry', 'move', 'final')", name="kind"),
        CheckConstraint("(outcome IS NULL) = (done_at IS NULL)", name="outcome"),
        Index("ix_dunning_step_due", "due_at", "spa_id", "case_id", postgresql_where=text("done_at IS NULL")),
    )

    spa_id: Mapped[SpaId]
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    what: Mapped[Code]
    due_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    outcome: Mapped[Code | None]
    """done, or why it was dropped."""
