"""Tickets: what a client had today, what paid for it, and what was given back."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Facts, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain.tickets import Tender


class Ticket(Base):
    """One sale at the till, exactly as it was quoted. Open while its card is asked: its credits are held meanwhile."""

    __tablename__ = "ticket"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("invoice_id", "invoice"),
        UniqueConstraint("spa_id", "key"),
        CheckConstraint("status IN ('open', 'paid', 'void', 'abandoned')", name="status"),
        CheckConstraint(one_of("tender", Tender), name="tender"),
        CheckConstraint(
            "due_cents >= 0 AND tax_cents >= 0 AND tip_cents >= 0 AND total_cents = due_cents + tax_cents + tip_cents",
            name="cents",
        ),
        Index("ix_ticket_client", "spa_id", "client_id", "id"),
        Index("ix_ticket_invoice", "spa_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
        Index("ix_ticket_open", "spa_id", "opened_at", postgresql_where=text("status = 'open'")),
        Index("ix_ticket_opened", "spa_id", "opened_at"),
        Index("ix_ticket_voiding", "spa_id", "id", postgresql_where=text("status = 'paid' AND voided_by IS NOT NULL")),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    key: Mapped[Code]
    """The till's own name for it: the same sale sent twice is one."""
    client_id: Mapped[int]
    status: Mapped[Code]
    tender: Mapped[Code]
    due_cents: Mapped[int]
    """What credits and member prices left to pay, before tax and tip."""
    tax_cents: Mapped[int]
    tip_cents: Mapped[int]
    total_cents: Mapped[int]
    quote: Mapped[Facts]
    """The whole quote that was accepted, each line with its reasons."""
    invoice_id: Mapped[int | None]
    """The order that its remainder is charged by."""
    declined: Mapped[Code | None]
    """Why the card did not pay, the last time it was asked."""
    actor: Mapped[Code]
    visit_on: Mapped[Day]
    """The day of the visit: before the ticket's own, where it was written down late (`features.md` C12)."""
    opened_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    voided_at: Mapped[Instant | None]
    voided_by: Mapped[Code | None]
    """Who voids it: at once, or as soon as the processor has said that the money went back."""
    void_reason: Mapped[Words | None]


class HeldSale(Base):
    """A sale that waits while somebody else is served: what was typed, to go on with."""

    __tablename__ = "held_sale"
    __table_args__ = (belongs("client_id", "client"),)

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fields: Mapped[Facts]
    held_at: Mapped[Instant]
    held_by: Mapped[Code]


class TicketLine(Base):
    """One line of a ticket: what it costs, what the credit covered, and what is left to pay."""

    __tablename__ = "ticket_line"
    __table_args__ = (
        belongs("ticket_id", "ticket"),
        belongs("service_id", "service"),
        belongs("entry_id", "ledger_entry"),
        belongs("dollar_entry_id", "ledger_entry"),
        CheckConstraint(
            "covered_cents >= 0 AND saved_cents >= 0 AND dollar_cents >= 0 AND due_cents >= 0"
            " AND list_cents = covered_cents + saved_cents + dollar_cents + due_cents",
            name="cents",
        ),
        CheckConstraint("(credit_unit IS NULL) = (credit_amount = 0)", name="credit"),
    )

    spa_id: Mapped[SpaId]
    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    service_id: Mapped[int]
    list_cents: Mapped[int]
    credit_unit: Mapped[Code | None]
    credit_amount: Mapped[int] = mapped_column(server_default="0")
    covered_cents: Mapped[int] = mapped_column(server_default="0")
    """What of the list price the service credit covered."""
    saved_cents: Mapped[int] = mapped_column(server_default="0")
    """What the member price took off."""
    dollar_cents: Mapped[int] = mapped_column(server_default="0")
    """What dollars of credit paid."""
    due_cents: Mapped[int]
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """The reasons, as they were shown: which credit, which price, or why a discount was taken off."""
    entry_id: Mapped[int | None]
    """The use of service credit in the books."""
    dollar_entry_id: Mapped[int | None]
    """The use of dollars."""
