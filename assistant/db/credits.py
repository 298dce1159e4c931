"""Credit that is promised to somebody, is about to roll off, or is owed back to the spa."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Id, Instant, SpaId, Words, belongs


class CreditHold(Base):
    """So much of a lot is kept for a booking or an open ticket, until it is used, let go, or its time is over."""

    __tablename__ = "credit_hold"
    __table_args__ = (
        belongs("lot_id", "credit_lot"),
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "ref", "lot_id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),
        CheckConstraint("outcome IN ('used', 'released', 'timed_out')", name="outcome"),
        Index("ix_credit_hold_open", "until", postgresql_where=text("settled_at IS NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    ref: Mapped[Code]
    """What it is kept for: `ticket:<id>`, `booking:<code>`. One reference may hold parts of several lots."""
    lot_id: Mapped[int]
    client_id: Mapped[int]
    unit: Mapped[Code]
    amount: Mapped[int]
    made_at: Mapped[Instant]
    until: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    outcome: Mapped[Code | None]


class RollOff(Base):
    """So much of a lot is over its cap: told, and gone after a day unless room is made until then (`features.md` C5)."""

    __tablename__ = "roll_off"
    __table_args__ = (
        belongs("lot_id", "credit_lot"),
        belongs("client_id", "client"),
        belongs("entry_id", "ledger_entry"),
        UniqueConstraint("spa_id", "key"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_roll_off_due", "spa_id", "last_on", postgresql_where=text("settled_at IS NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    key: Mapped[Code]
    lot_id: Mapped[int]
    client_id: Mapped[int]
    amount: Mapped[int]
    """At most so much goes: less, where room was made meanwhile."""
    most: Mapped[int]
    """The cap it is over."""
    last_on: Mapped[Day]
    made_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    entry_id: Mapped[int | None]
    """None once it is settled: room was made, and nothing went."""


class CreditClaim(Base):
    """Credit that was used and whose payment was given back all the same: the next grants are less by it.

    A manager decided so. No balance is ever below zero: what is owed back stands here (`features.md` C8).
    """

    __tablename__ = "credit_claim"
    __table_args__ = (
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "key"),
        CheckConstraint("amount > 0 AND remaining BETWEEN 0 AND amount", name="remaining"),
        Index("ix_credit_claim_open", "spa_id", "client_id", "unit", postgresql_where=text("remaining > 0")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    key: Mapped[Code]
    client_id: Mapped[int]
    unit: Mapped[Code]
    amount: Mapped[int]
    remaining: Mapped[int]
    approved_by: Mapped[Code]
    reason: Mapped[Words]
    made_at: Mapped[Instant]
