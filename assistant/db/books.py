"""What the reports read: every move a membership ever made, and the books summed by day."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Id, Instant, SpaId, belongs, one_of
from assistant.domain.membership import Standing
from assistant.domain.metrics import Movement


class MembershipMove(Base):
    """A membership's standing or terms changed: written by a trigger, so that no change is ever missed.

    `kind` is judged for the client as a whole: who drops one of two plans contracts, and who drops both churns
    (`rules.md` 8.5).
    """

    __tablename__ = "membership_move"
    __table_args__ = (
        belongs("membership_id", "membership"),
        CheckConstraint(one_of("standing", Standing), name="standing"),
        CheckConstraint(f"kind IS NULL OR {one_of('kind', Movement)}", name="kind"),
        Index("ix_membership_move_membership", "spa_id", "membership_id", "id"),
        Index("ix_membership_move_client", "spa_id", "client_id", "id"),
        Index("ix_membership_move_day", "spa_id", "on_day"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    membership_id: Mapped[int]
    client_id: Mapped[int]
    at: Mapped[Instant]
    on_day: Mapped[Day]
    """The day it was at the spa."""
    standing: Mapped[Code]
    """From now on."""
    plan_id: Mapped[int]
    plan_version_id: Mapped[int]
    mrr_cents: Mapped[int]
    """What it counts for from now on, in a month: the plan's price, not cash; nothing while it rests."""
    delta_cents: Mapped[int]
    kind: Mapped[Code | None]
    """None: a move that changes no figure, such as into past due."""


class MrrDay(Base):
    """One day's movements of one kind in one plan, summed as they happen: what reports read at any size."""

    __tablename__ = "mrr_day"

    spa_id: Mapped[SpaId]
    on_day: Mapped[Day] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    delta_cents: Mapped[int]
    moves: Mapped[int]


class BookDay(Base):
    """One day's postings to one account by one kind of entry, summed: never ahead of the books, and caught up by a job.

    Members' accounts are summed over all members.
    """

    __tablename__ = "book_day"

    spa_id: Mapped[SpaId]
    on_day: Mapped[Day] = mapped_column(primary_key=True)
    account: Mapped[Code] = mapped_column(primary_key=True)
    unit: Mapped[Code] = mapped_column(primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    amount: Mapped[int]
    postings: Mapped[int]


class BookMark(Base):
    """How far the sums have come: everything written by an older transaction is in them, and nothing else."""

    __tablename__ = "book_mark"

    spa_id: Mapped[SpaId]
    xid: Mapped[int] = mapped_column(server_default="0")
