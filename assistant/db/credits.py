"""Credit that is promised to somebody, is about to roll off, or is owed back to the spa."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import TupleRow
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from assistant.db.base import Asks, Base, Code, Day, Id, Instant, SpaId, Words, belongs
from assistant.domain.credits import Lot, LotClass


class CreditHold(Base):
    """So much of a lot is kept for a booking or an open ticket, until it is used, let go, or its time is over."""

    __tablename__ = "credit_hold"
    __table_args__ = (
        belongs("lot_id", "credit_lot"),
        belongs("client_id", "client"),
        Index(
            "uq_credit_hold_open",
            "spa_id",
            "ref",
            "lot_id",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_credit_hold_lot", "spa_id", "lot_id"),
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
    """So much of a lot is over its cap: told, and gone after a day unless room is made by then (`features.md` C5)."""

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
    told_by: Mapped[Code]
    """The key of the message that says so: without one that went out nothing goes."""
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


def prices(uow: Asks, spa_id: int) -> dict[str, int]:
    """What a whole unit of each credit is worth at list price, in cents."""
    rows = uow.sql("SELECT unit, reference_cents FROM credit_kind WHERE spa_id = %s", (spa_id,))
    return {unit: cents for unit, cents in rows.fetchall()}  # noqa: C416 - rows are not pairs to mypy


def counted(uow: Asks, spa_id: int, client_id: int) -> list[Lot]:
    """All that a member has, as a cap counts it: what is held or frozen too, but not what is told to roll off."""
    rows = uow.sql(
        """SELECT l.id, l.unit, l.lot_class, l.granted, l.remaining - least(l.remaining, coalesce((
                      SELECT sum(r.amount) FROM roll_off r
                      WHERE r.spa_id = l.spa_id AND r.lot_id = l.id AND r.settled_at IS NULL), 0))::bigint,
                  l.granted_on, l.expires_on
           FROM credit_lot l WHERE l.spa_id = %s AND l.client_id = %s AND l.remaining > 0 ORDER BY l.id""",
        (spa_id, client_id),
    )
    return [Lot(id_, unit, LotClass(class_), *rest) for id_, unit, class_, *rest in rows.fetchall()]


def lock(uow: Asks, spa_id: int, client_ids: Sequence[int]) -> None:
    """Nobody else uses, holds or gives what these clients have, until the end of this transaction."""
    uow.sql(
        "SELECT 1 FROM ledger_account WHERE spa_id = %s AND client_id = ANY(%s)"
        " ORDER BY client_id, account, unit FOR NO KEY UPDATE",
        (spa_id, [*client_ids]),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """Credit that is owed back to the spa."""

    id: int
    unit: str
    remaining: int


def claims(uow: Asks, spa_id: int, client_id: int) -> list[Claim]:
    """What a member owes back, the oldest first, locked."""
    rows = uow.sql(
        "SELECT id, unit, remaining FROM credit_claim WHERE spa_id = %s AND client_id = %s AND remaining > 0"
        " ORDER BY id FOR NO KEY UPDATE",
        (spa_id, client_id),
    )
    return [Claim(*row) for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Owned:
    """A lot as a change of hands or of mind finds it: its free part as `lot`, and all that it has and cost."""

    lot: Lot
    client_id: int
    remaining: int
    cents_left: int
    reference_cents: int | None
    held: int
    frozen: bool

    def reference_of(self, part: int) -> int | None:
        """The list value of a part, as it was on the day of the grant."""
        return None if self.reference_cents is None else self.reference_cents * part // self.lot.granted


OWNED = """
    SELECT id, unit, lot_class, granted, CASE WHEN frozen_at IS NULL THEN remaining - held ELSE 0 END, granted_on,
           expires_on, client_id, remaining, cents_left, reference_cents, held, frozen_at IS NOT NULL FROM credit_lot"""


def _owned(row: TupleRow) -> Owned:
    id_, unit, class_, granted, free, granted_on, expires_on, *rest = row
    return Owned(Lot(id_, unit, LotClass(class_), granted, free, granted_on, expires_on), *rest)


def owned(uow: Asks, spa_id: int, client_id: int, unit: str) -> list[Owned]:
    """Everything of a unit that a member has something left of."""
    rows = uow.sql(
        f"{OWNED} WHERE spa_id = %s AND client_id = %s AND unit = %s AND remaining > 0 ORDER BY id",
        (spa_id, client_id, unit),
    )
    return [_owned(row) for row in rows.fetchall()]


def lot(uow: Asks, spa_id: int, lot_id: int) -> Owned | None:
    """One lot, whether or not something is left of it."""
    row = uow.sql(f"{OWNED} WHERE spa_id = %s AND id = %s", (spa_id, lot_id)).fetchone()
    return _owned(row) if row else None
