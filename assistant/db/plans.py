"""Plans, their versions that never change, and the memberships sold under them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Day, Facts, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain.billing import GAP_DAYS, Collection, is_late
from assistant.domain.calendar import cycle_date, next_charge
from assistant.domain.membership import Standing


class Plan(Base):
    """What a member joins."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("spa_id", "code"),)

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    code: Mapped[Code]
    name: Mapped[Words]
    retired_at: Mapped[Instant | None]
    """Since when nobody new may join it."""


class PlanVersion(Base):
    """A plan's terms as sold on a day. The database refuses to change one: new terms are a new version."""

    __tablename__ = "plan_version"
    __table_args__ = (
        belongs("plan_id", "plan"),
        UniqueConstraint("spa_id", "plan_id", "number"),
        CheckConstraint("cycle_months IN (1, 12)", name="cycle_months"),
        CheckConstraint(
            "dues_cents >= 0 AND setup_fee_cents >= 0 AND access_cents BETWEEN 0 AND dues_cents", name="cents"
        ),
        CheckConstraint("(intro_cycles > 0) = (intro_cents IS NOT NULL)", name="intro"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    plan_id: Mapped[int]
    number: Mapped[int]
    dues_cents: Mapped[int]
    cycle_months: Mapped[int] = mapped_column(server_default="1")
    setup_fee_cents: Mapped[int] = mapped_column(server_default="0")
    intro_cents: Mapped[int | None]
    intro_cycles: Mapped[int] = mapped_column(server_default="0")
    access_cents: Mapped[int] = mapped_column(server_default="0")
    """The part of the dues that buys access and not credit (`rules.md` 8.2)."""
    grants: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What each paid cycle banks: `[{"unit": "visit", "amount": 1000}]`."""
    terms: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """All the rest of `domain/plans.py::Terms`, as it was sold."""
    sold_from: Mapped[Instant]


class Membership(Base):
    """One client's membership, under the version they agreed to."""

    __tablename__ = "membership"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("plan_version_id", "plan_version"),
        CheckConstraint(one_of("standing", Standing), name="standing"),
        CheckConstraint("(standing = 'ended') = (ended_on IS NOT NULL)", name="ended"),
        Index("ix_membership_client", "spa_id", "client_id", "id"),
        CheckConstraint(one_of("collection", Collection), name="collection"),
        Index(
            "uq_membership_current",
            "spa_id",
            "client_id",
            "plan_version_id",
            unique=True,
            postgresql_where=text("standing <> 'ended'"),
        ),
        Index("ix_membership_billed", "spa_id", "id", postgresql_where=text("standing <> 'ended'")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    client_id: Mapped[int]
    plan_version_id: Mapped[int]
    standing: Mapped[Code]
    anchor_on: Mapped[Day]
    """The day of cycle 0: with a cycle's number it gives every date (`features.md` A1). In the future for a member who
    was brought from elsewhere, active now and first charged then (`features.md` A9).
    """
    first_cycle: Mapped[int] = mapped_column(server_default="0")
    """The first cycle that is ours to bill."""
    collection: Mapped[Code] = mapped_column(server_default=Collection.CARD)
    charge_exempt: Mapped[Words | None]
    """Why nothing is charged by itself, where staff said so (`features.md` D13)."""
    dunning_exempt: Mapped[Words | None]
    """Why nothing that is owed is asked for, where staff said so."""
    resumes_on: Mapped[Day | None]
    ended_on: Mapped[Day | None]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]
    """When its standing or its terms last changed: whoever changes them says so, for `membership_move` goes by it."""


class PlanMigration(Base):
    """A new price from a day on: which members go from which terms to which (`rules.md` 6.9)."""

    __tablename__ = "plan_migration"
    __table_args__ = (
        belongs("from_version_id", "plan_version"),
        belongs("to_version_id", "plan_version"),
        UniqueConstraint("spa_id", "from_version_id", "to_version_id", "effective_on"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    from_version_id: Mapped[int]
    to_version_id: Mapped[int]
    effective_on: Mapped[Day]
    notice_on: Mapped[Day]
    decided_at: Mapped[Instant]
    decided_by: Mapped[Code]


class PriceNotice(Base):
    """One member's notice of a new price, with its proof: no proof, no new price."""

    __tablename__ = "price_notice"
    __table_args__ = (
        belongs("migration_id", "plan_migration"),
        belongs("membership_id", "membership"),
        belongs("message_id", "outbound_message"),
    )

    spa_id: Mapped[SpaId]
    migration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    membership_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int | None]
    sent_at: Mapped[Instant]
    agreed_at: Mapped[Instant | None]
    """When the member said yes, where the law wants that (`rules.md` 6.6)."""
    settled_at: Mapped[Instant | None]
    outcome: Mapped[Code | None]
    """moved, or why they keep the old price."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A client's membership with the terms it was sold under."""

    membership_id: int
    plan: str
    standing: Standing
    anchor_on: date
    resumes_on: date | None
    full_dues_cents: int
    cycle_months: int
    intro_cents: int | None
    intro_cycles: int
    first_cycle: int
    last_cycle: int | None
    """The last cycle that was asked for, skipped or paid."""
    last_due_on: date | None
    last_paid_on: date | None
    leaves_on: date | None
    """When it ends, where that is agreed."""
    today: date

    @property
    def next_charge_on(self) -> date:
        """When the next cycle is charged: on its day; where that is past, today, or when the gap after a late payment
        is over; of one that rests, not before it is back.
        """
        due_on, late = self._next[1], self.today
        if self.last_paid_on and self.last_due_on and is_late(self.last_paid_on, self.last_due_on):
            late = max(late, self.last_paid_on + timedelta(days=GAP_DAYS))
        return max(due_on, late)

    @property
    def dues_cents(self) -> int:
        """What that charge will be."""
        intro = self._next[0] < self.intro_cycles and self.intro_cents is not None
        return self.intro_cents if intro and self.intro_cents is not None else self.full_dues_cents

    @property
    def _next(self) -> tuple[int, date]:
        """The cycle that is charged next: the current one, if it is yet to be asked for, and else the one after."""
        begins = max(self.today, self.resumes_on or self.today)
        ahead, due_on = next_charge(self.anchor_on, self.cycle_months, begins - timedelta(days=1))
        current = ahead if due_on == begins else ahead - 1
        unasked = self.first_cycle if self.last_cycle is None else max(self.first_cycle, self.last_cycle + 1)
        cycle = max(current if self.resumes_on is None else ahead, unasked)
        return cycle, cycle_date(self.anchor_on, cycle * self.cycle_months)


def enrolment(uow: Asks, spa_id: int, client_id: int, today: date) -> Enrolment | None:
    """The membership a client has now, one that owes before any other; or else the last one they had."""
    row = uow.sql(
        """SELECT m.id, p.name, m.standing, m.anchor_on, coalesce(m.resumes_on, r.resumes_on), v.dues_cents,
                  v.cycle_months, v.intro_cents, v.intro_cycles, m.first_cycle, i.cycle, i.due_on,
                  (i.paid_at AT TIME ZONE s.zone)::date, x.effective_on
           FROM membership m JOIN spa s ON s.spa_id = m.spa_id
           JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
           JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
           LEFT JOIN LATERAL (
               SELECT cycle, due_on, paid_at FROM invoice i WHERE (i.spa_id, i.membership_id) = (m.spa_id, m.id)
               AND i.kind = 'dues' ORDER BY cycle DESC LIMIT 1) i ON true
           LEFT JOIN pause r ON (r.spa_id, r.membership_id) = (m.spa_id, m.id) AND r.ended_at IS NULL
               AND r.began_at IS NULL AND m.standing <> 'ended'
           LEFT JOIN cancellation x ON (x.spa_id, x.membership_id) = (m.spa_id, m.id)
               AND x.withdrawn_at IS NULL AND x.done_at IS NULL
           WHERE m.spa_id = %s AND m.client_id = %s
           ORDER BY (m.standing = 'ended'), (m.standing IN ('past_due', 'suspended')) DESC, m.id DESC LIMIT 1""",
        (spa_id, client_id),
    ).fetchone()
    if row is None:
        return None
    membership_id, plan, standing, *rest = row
    return Enrolment(membership_id, plan, Standing(standing), *[*rest, today])
