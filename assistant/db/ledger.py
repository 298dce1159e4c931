"""The books: accounts, entries, postings, credit lots, and which lot each use came out of.

Rows are written by the functions of `migrations/sql/`, and by nothing else; triggers refuse to change or delete them.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain.credits import LotClass
from assistant.domain.ledger import Account


class LedgerAccount(Base):
    """A member's account in one unit, with its balance: locked when it is posted to.

    The spa's own accounts have no row. They are only added to, and their balance is the sum of their postings: a locked
    one would let the whole spa post no faster than one at a time (`performance.md` 1b).
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        belongs("client_id", "client"),
        CheckConstraint(one_of("account", Account), name="account"),
        CheckConstraint("account <> 'credits' OR balance <= 0", name="credits_not_overdrawn"),
    )

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[Code] = mapped_column(primary_key=True)
    unit: Mapped[Code] = mapped_column(primary_key=True)
    balance: Mapped[int]


class LedgerEntry(Base):
    """One business event, once: its key is unique for ever.

    No foreign key to the spa: every posting of a spa would lock that one row (`docs/performance.md`).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        belongs("reverses", "ledger_entry"),
        UniqueConstraint("spa_id", "key"),
        Index("ix_ledger_entry_xid", "xid", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
        Index(
            "uq_ledger_entry_reverses", "spa_id", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")
        ),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    key: Mapped[Code]
    kind: Mapped[Code]
    occurred_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    reverses: Mapped[int | None]
    xid: Mapped[int] = mapped_column(server_default=text("pg_current_xact_id()::text::bigint"))
    """The transaction that wrote it: how the daily sums know what they have counted (`db/books.py`)."""


class LedgerPosting(Base):
    """One leg of an entry: a debit (+) or a credit (-) of one account. `client_id` 0 is the spa itself."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        belongs("entry_id", "ledger_entry"),
        CheckConstraint(one_of("account", Account), name="account"),
        CheckConstraint("amount <> 0", name="amount"),
        Index(
            "ix_ledger_posting_member",
            "spa_id",
            "client_id",
            "account",
            "unit",
            "entry_id",
            postgresql_where=text("client_id <> 0"),
        ),
    )

    spa_id: Mapped[SpaId]
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leg: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    client_id: Mapped[int]
    account: Mapped[Code]
    unit: Mapped[Code]
    amount: Mapped[int]


class CreditLot(Base):
    """Credit granted at one time. What is left of it is what was granted less what was allocated."""

    __tablename__ = "credit_lot"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("entry_id", "ledger_entry"),
        UniqueConstraint("spa_id", "entry_id", "unit"),
        CheckConstraint(one_of("lot_class", LotClass), name="lot_class"),
        belongs("invoice_id", "invoice"),
        belongs("source_lot_id", "credit_lot"),
        CheckConstraint("granted > 0 AND remaining BETWEEN 0 AND granted", name="remaining"),
        CheckConstraint("held BETWEEN 0 AND remaining", name="held"),
        CheckConstraint("cents_left BETWEEN 0 AND paid_cents AND (remaining > 0 OR cents_left = 0)", name="cents_left"),
        CheckConstraint("lot_class = 'promo' OR expires_on IS NULL", name="paid_never_expires"),
        Index(
            "ix_credit_lot_open",
            "spa_id",
            "client_id",
            "unit",
            "expires_on",
            "id",
            postgresql_where=text("remaining > 0"),
        ),
        Index("ix_credit_lot_invoice", "spa_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
        Index("ix_credit_lot_source", "spa_id", "source_lot_id", postgresql_where=text("source_lot_id IS NOT NULL")),
        Index(
            "ix_credit_lot_expiring",
            "spa_id",
            "expires_on",
            postgresql_where=text("remaining > 0 AND expires_on IS NOT NULL"),
        ),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    client_id: Mapped[int]
    unit: Mapped[Code]
    lot_class: Mapped[Code]
    granted: Mapped[int]
    remaining: Mapped[int]
    granted_on: Mapped[Day]
    expires_on: Mapped[Day | None]
    """The last day it can be used: it may move later, and never earlier."""
    entry_id: Mapped[int]
    held: Mapped[int] = mapped_column(server_default="0")
    """Of what remains, so much is promised to bookings and open tickets (`credit_hold`)."""
    paid_cents: Mapped[int] = mapped_column(server_default="0")
    """What its dues paid for all of it: what the books owe for it, and earn as it is used (`features.md` H1, H2)."""
    cents_left: Mapped[int] = mapped_column(server_default="0")
    """Of `paid_cents`, so much is not used: nothing of it is lost to rounding, for the last use takes the rest."""
    reference_cents: Mapped[int | None]
    """Its list value on the day of the grant, which no later price changes (`features.md` C3)."""
    frozen_at: Mapped[Instant | None]
    """Since when it cannot be used, because the bank disputes what paid for it (`features.md` D16)."""
    invoice_id: Mapped[int | None]
    """The paid cycle or order it came from."""
    source_lot_id: Mapped[int | None]
    """The giver's lot, where it was a gift."""
    reason: Mapped[Words | None]
    """Why staff gave it."""


class Allocation(Base):
    """So much of a posting to a member's credits came out of (+) or went into (-) that lot."""

    __tablename__ = "allocation"
    __table_args__ = (
        belongs("lot_id", "credit_lot"),
        ForeignKeyConstraint(
            ["spa_id", "entry_id", "leg"],
            ["ledger_posting.spa_id", "ledger_posting.entry_id", "ledger_posting.leg"],
        ),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_allocation_lot", "spa_id", "lot_id"),
    )

    spa_id: Mapped[SpaId]
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leg: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    lot_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int]
    cents: Mapped[int] = mapped_column(server_default="0")
    """What of the lot's `paid_cents` went with it; 0 for the grant itself."""
