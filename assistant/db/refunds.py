"""Money that goes back, by our hand or by a bank's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import TupleRow
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Id, Instant, SpaId, Words, belongs


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
        Index("ix_refund_ticket", "spa_id", "ticket_id"),
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


@dataclass(frozen=True, slots=True)
class Row:
    """A refund as it was committed, and what is known of it."""

    spa_id: int
    id: int
    key: str
    invoice_id: int | None
    attempt_id: int | None
    ticket_id: int | None
    client_id: int
    cents: int
    status: str
    tender: str
    plan: dict[str, Any]
    asked_at: datetime
    looks: int
    refund_id: str | None
    entry_id: int | None
    payment_id: str | None
    account: str | None


ROW = """
    SELECT r.spa_id, r.id, r.key, r.invoice_id, r.attempt_id, r.ticket_id, coalesce(i.client_id, t.client_id), r.cents,
           r.status, r.tender, r.plan, r.asked_at, r.looks, r.refund_id, r.entry_id, a.payment_id, s.stripe_account
    FROM refund r JOIN spa s ON s.spa_id = r.spa_id
    LEFT JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
    LEFT JOIN ticket t ON (t.spa_id, t.id) = (r.spa_id, r.ticket_id)
    LEFT JOIN charge_attempt a ON (a.spa_id, a.id) = (r.spa_id, r.attempt_id)"""


def _row(found: TupleRow | None) -> Row | None:
    return None if found is None else Row(*found)


def refund(uow: Asks, spa_id: int, refund_id: int) -> Row:
    """One refund, by our own id, locked. Raises `LookupError` where there is none."""
    lock = f"{ROW} WHERE r.spa_id = %s AND r.id = %s FOR NO KEY UPDATE OF r"
    found = _row(uow.sql(lock, (spa_id, refund_id)).fetchone())
    if found is None:
        raise LookupError(f"spa {spa_id} has no refund {refund_id}")
    return found


def next_doubt(uow: Asks, now: datetime) -> Row | None:
    """The refund that has been in doubt longest and is due to be looked up, locked."""
    query = f"""{ROW} WHERE r.status IN ('asked', 'unanswered') AND r.look_at <= %s
                ORDER BY r.look_at, r.id LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED"""
    return _row(uow.sql(query, (now,)).fetchone())


def of_provider(uow: Asks, spa_id: int, refund_id: str, key: str | None, payment_id: str) -> int | None:
    """Our own id of a refund of a payment that the provider tells of."""
    row = uow.sql(
        "SELECT r.id FROM refund r JOIN charge_attempt a ON (a.spa_id, a.id) = (r.spa_id, r.attempt_id)"
        " WHERE r.spa_id = %s AND (r.refund_id = %s OR r.key = %s) AND a.payment_id = %s",
        (spa_id, refund_id, key, payment_id),
    ).fetchone()
    return row[0] if row else None


def is_open(uow: Asks, spa_id: int, invoice_id: int) -> bool:
    """Whether a refund of an invoice may still be on the wire."""
    row = uow.sql(
        "SELECT 1 FROM refund WHERE spa_id = %s AND invoice_id = %s AND status IN ('asked', 'unanswered')",
        (spa_id, invoice_id),
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment that went through, with what it was for."""

    attempt_id: int
    invoice_id: int
    payment_id: str
    cents: int
    client_id: int
    membership_id: int | None
    ticket_id: int | None
    mistaken: bool
    """It came in when nothing was owed any more: it is its owner's (`mistake:` in the books)."""


TAKEN = """
    SELECT a.id, a.invoice_id, a.payment_id, a.amount_cents, i.client_id, i.membership_id, t.id,
           EXISTS (SELECT 1 FROM ledger_entry e WHERE e.spa_id = a.spa_id AND e.key = 'mistake:' || a.id)
    FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
    LEFT JOIN ticket t ON (t.spa_id, t.invoice_id) = (i.spa_id, i.id)
    WHERE a.spa_id = %s AND a.status = 'succeeded'"""


def taken(uow: Asks, spa_id: int, payment_id: str) -> Taken | None:
    """The payment of an id, if it is ours and went through."""
    row = uow.sql(f"{TAKEN} AND a.payment_id = %s", (spa_id, payment_id)).fetchone()
    return None if row is None else Taken(*row)


def payment_of_charge(uow: Asks, spa_id: int, charge_id: str) -> str | None:
    """The payment that a charge was made for, if it is ours."""
    row = uow.sql(
        "SELECT payment_id FROM charge_attempt WHERE spa_id = %s AND payment_id IS NOT NULL AND charge_id = %s",
        (spa_id, charge_id),
    ).fetchone()
    return row[0] if row else None


def taken_by(uow: Asks, spa_id: int, attempt_id: int) -> Taken | None:
    """The payment of an attempt, if it went through."""
    row = uow.sql(f"{TAKEN} AND a.id = %s", (spa_id, attempt_id)).fetchone()
    return None if row is None else Taken(*row)


def taken_for(uow: Asks, spa_id: int, invoice_id: int) -> list[Taken]:
    """Every payment that went through for an invoice, the latest first: more than one only by mistake."""
    rows = uow.sql(f"{TAKEN} AND a.invoice_id = %s ORDER BY a.number DESC", (spa_id, invoice_id))
    return [Taken(*row) for row in rows.fetchall()]


def is_disputed(uow: Asks, spa_id: int, attempt_id: int) -> bool:
    """Whether a bank has its money in hand. While it only asks, a refund is the best answer there is."""
    row = uow.sql(
        """SELECT 1 FROM dispute d WHERE d.spa_id = %s AND d.attempt_id = %s AND d.status = 'open' AND EXISTS (
               SELECT 1 FROM ledger_entry e WHERE e.spa_id = d.spa_id AND e.key = 'dispute:' || d.dispute_id)""",
        (spa_id, attempt_id),
    ).fetchone()
    return row is not None
