"""Money that goes back, by our hand or by a bank's."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Facts, Id, Instant, SpaId, Words, belongs


class Refund(Base):
    """One refund: committed with its key before the processor is asked, and answered once."""

    __tablename__ = "refund"
    __table_args__ = (
        belongs("invoice_id", "invoice"),
        belongs("attempt_id", "charge_attempt"),
        belongs("ticket_id", "ticket"),
        belongs("entry_id", "ledger_entry"),
        UniqueConstraint("spa_id", "key"),
        UniqueConstraint("spa_id", "refund_id"),
        CheckConstraint("status IN ('asked', 'unanswered', 'done', 'failed')", name="status"),
        CheckConstraint("cents > 0", name="cents"),
        CheckConstraint("invoice_id IS NOT NULL OR ticket_id IS NOT NULL", name="source"),
        Index("ix_refund_invoice", "spa_id", "invoice_id"),
        Index("ix_refund_attempt", "spa_id", "attempt_id"),
        Index("ix_refund_doubt", "look_at", postgresql_where=text("status IN ('asked', 'unanswered')")),
        Index(
            "uq_refund_open",
            "spa_id",
            "invoice_id",
            unique=True,
            postgresql_where=text("status IN ('asked', 'unanswered')"),
        ),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    key: Mapped[Code]
    invoice_id: Mapped[int | None]
    attempt_id: Mapped[int | None]
    """The payment that goes back; None for one that goes back in cash."""
    ticket_id: Mapped[int | None]
    cents: Mapped[int]
    status: Mapped[Code]
    tender: Mapped[Code]
    """card, or how it is handed back at the desk."""
    plan: Mapped[Facts]
    """What it takes back and what it is booked as, as it was quoted (`domain/refunds.py`)."""
    reason: Mapped[Words]
    actor: Mapped[Code]
    approved_by: Mapped[Code | None]
    asked_at: Mapped[Instant]
    look_at: Mapped[Instant]
    looks: Mapped[int] = mapped_column(server_default="0")
    settled_at: Mapped[Instant | None]
    refund_id: Mapped[Code | None]
    """The processor's own."""
    failure: Mapped[Code | None]
    entry_id: Mapped[int | None]


class Dispute(Base):
    """A cardholder told their bank that a payment was wrong: what we do about it until the bank decides."""

    __tablename__ = "dispute"
    __table_args__ = (
        belongs("attempt_id", "charge_attempt"),
        belongs("invoice_id", "invoice"),
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "dispute_id"),
        CheckConstraint("status IN ('open', 'won', 'lost')", name="status"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed"),
        Index("ix_dispute_client", "spa_id", "client_id", postgresql_where=text("status = 'open'")),
        Index("ix_dispute_attempt", "spa_id", "attempt_id"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    dispute_id: Mapped[Code]
    """The processor's own."""
    attempt_id: Mapped[int]
    invoice_id: Mapped[int]
    client_id: Mapped[int]
    cents: Mapped[int]
    fee_cents: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[Code]
    status: Mapped[Code]
    due_at: Mapped[Instant | None]
    """By when evidence is to be with the bank."""
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    pack: Mapped[Facts]
    """The evidence, as it stood when the dispute was opened (`features.md` N23)."""
