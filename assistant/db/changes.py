"""What is agreed about a membership: that it rests, goes over to another plan, ends, or begins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Day, Facts, Id, Instant, SpaId, Words, belongs


class Pause(Base):
    """One pause: agreed, begun on its first day, and over when the membership is on again or it was called off."""

    __tablename__ = "pause"
    __table_args__ = (
        belongs("membership_id", "membership"),
        belongs("invoice_id", "invoice"),
        CheckConstraint("resumes_on > starts_on", name="days"),
        CheckConstraint("fee_cents >= 0", name="fee"),
        Index("ix_pause_membership", "spa_id", "membership_id", "id"),
        Index("uq_pause_open", "spa_id", "membership_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_pause_due", "spa_id", "starts_on", postgresql_where=text("ended_at IS NULL")),
        Index("ix_pause_invoice", "spa_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    membership_id: Mapped[int]
    starts_on: Mapped[Day]
    resumes_on: Mapped[Day]
    fee_cents: Mapped[int] = mapped_column(server_default="0")
    clock_stops: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether promotional credit runs out later by the length of the pause (`features.md` B3)."""
    invoice_id: Mapped[int | None]
    """The order that its fee is asked by, once it has begun."""
    reason: Mapped[Words | None]
    actor: Mapped[Code]
    asked_at: Mapped[Instant]
    began_at: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    ended_on: Mapped[Day | None]
    """The day it was on again; None where it was called off before it began."""


class Cancellation(Base):
    """One request to leave: effective from the request, on whatever channel it came (`features.md` B18)."""

    __tablename__ = "cancellation"
    __table_args__ = (
        belongs("membership_id", "membership"),
        UniqueConstraint("spa_id", "code"),
        Index("ix_cancellation_membership", "spa_id", "membership_id", "id"),
        Index(
            "uq_cancellation_open",
            "spa_id",
            "membership_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL AND done_at IS NULL"),
        ),
        Index(
            "ix_cancellation_due",
            "spa_id",
            "effective_on",
            postgresql_where=text("withdrawn_at IS NULL AND done_at IS NULL"),
        ),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    membership_id: Mapped[int]
    code: Mapped[Code]
    """The confirmation number that the member gets (`rules.md` 6.4)."""
    asked_at: Mapped[Instant]
    """When they said so: no charge that falls due after it is made."""
    effective_on: Mapped[Day]
    """The day from which it is no membership any more: the end of what is paid for, or today."""
    credits_until: Mapped[Day | None]
    """The last day promotional credit can be used; None where nothing of theirs runs out (`rules.md` 6.12)."""
    offered: Mapped[Code | None]
    """The one save offer that stood beside it, if any: never a gate (`rules.md` 6.5)."""
    channel: Mapped[Code]
    reason: Mapped[Words | None]
    actor: Mapped[Code]
    withdrawn_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]


class PlanChange(Base):
    """One change of plan: an upgrade once its difference is paid, a downgrade at the next billing date."""

    __tablename__ = "plan_change"
    __table_args__ = (
        belongs("membership_id", "membership"),
        belongs("from_version_id", "plan_version"),
        belongs("to_version_id", "plan_version"),
        belongs("invoice_id", "invoice"),
        CheckConstraint("kind IN ('upgrade', 'downgrade')", name="kind"),
        CheckConstraint("status IN ('unpaid', 'scheduled', 'done', 'dropped')", name="status"),
        CheckConstraint("due_cents >= 0", name="cents"),
        Index("ix_plan_change_membership", "spa_id", "membership_id", "id"),
        Index(
            "uq_plan_change_open",
            "spa_id",
            "membership_id",
            unique=True,
            postgresql_where=text("status IN ('unpaid', 'scheduled')"),
        ),
        Index("ix_plan_change_invoice", "spa_id", "invoice_id", postgresql_where=text("invoice_id IS NOT NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    membership_id: Mapped[int]
    from_version_id: Mapped[int]
    to_version_id: Mapped[int]
    kind: Mapped[Code]
    status: Mapped[Code]
    due_cents: Mapped[int]
    """What is paid now: the difference for the days that are left."""
    quote: Mapped[Facts]
    """All that was quoted, and agreed to."""
    invoice_id: Mapped[int | None]
    """The order that its difference is paid by."""
    effective_on: Mapped[Day]
    actor: Mapped[Code]
    asked_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class JoinRequest(Base):
    """Somebody joins: the terms they saw, how they agreed, and the membership it became."""

    __tablename__ = "join_request"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("plan_version_id", "plan_version"),
        belongs("link_id", "secure_link"),
        belongs("membership_id", "membership"),
        CheckConstraint("status IN ('offered', 'agreed', 'joined', 'dropped')", name="status"),
        Index(
            "uq_join_request_open",
            "spa_id",
            "client_id",
            unique=True,
            postgresql_where=text("status IN ('offered', 'agreed')"),
        ),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    client_id: Mapped[int]
    plan_version_id: Mapped[int]
    quote: Mapped[Facts]
    link_id: Mapped[int | None]
    status: Mapped[Code]
    agreement: Mapped[Facts | None]
    """What was agreed: the hash and version of the words, when, on which channel, from where (`features.md` G3)."""
    asked_at: Mapped[Instant]
    agreed_at: Mapped[Instant | None]
    settled_at: Mapped[Instant | None]
    membership_id: Mapped[int | None]


def charged_by_token(uow: Asks, spa_id: int, client_id: int, since: datetime) -> int:
    """Cents of every change of plan that a client's own token has had charged, or is having charged, since then."""
    [[cents]] = uow.sql(
        """SELECT coalesce(sum(c.due_cents), 0)::bigint FROM plan_change c
           JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
           WHERE c.spa_id = %s AND m.client_id = %s AND c.actor = 'member' AND c.asked_at > %s
             AND c.status IN ('unpaid', 'done')""",
        (spa_id, client_id, since),
    ).fetchall()
    return int(cents)
