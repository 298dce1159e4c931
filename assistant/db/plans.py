"""Plans, their versions that never change, and the memberships sold under them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Day, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain.calendar import cycle_date, next_cycle
from assistant.domain.membership import Standing


class Plan(Base):
    """What a member joins."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("spa_id", "code"),)

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    code: Mapped[Code]
    name: Mapped[Words]


class PlanVersion(Base):
    """A plan's terms as sold on a day. The database refuses to change one: new terms are a new version."""

    __tablename__ = "plan_version"
    __table_args__ = (belongs("plan_id", "plan"), UniqueConstraint("spa_id", "plan_id", "number"))

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    plan_id: Mapped[int]
    number: Mapped[int]
    dues_cents: Mapped[int]
    grants: Mapped[list[dict[str, int | str]]] = mapped_column(JSONB)
    """What each paid cycle banks: `[{"unit": "visit", "amount": 1000}]`."""
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
        Index(
            "uq_membership_current", "spa_id", "client_id", unique=True, postgresql_where=text("standing <> 'ended'")
        ),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    client_id: Mapped[int]
    plan_version_id: Mapped[int]
    standing: Mapped[Code]
    anchor_on: Mapped[Day]
    """The day of cycle 0: with a cycle's number it gives every date (`features.md` A1)."""
    resumes_on: Mapped[Day | None]
    ended_on: Mapped[Day | None]
    created_at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A client's membership with the terms it was sold under."""

    membership_id: int
    plan: str
    standing: Standing
    anchor_on: date
    resumes_on: date | None
    dues_cents: int

    def next_charge_on(self, today: date) -> date:
        """The first billing date after today; of one that rests, the first after it resumes."""
        after = max(today, self.resumes_on or today)
        return cycle_date(self.anchor_on, next_cycle(self.anchor_on, after))


def enrolment(uow: Asks, spa_id: int, client_id: int) -> Enrolment | None:
    """The membership a client has now, or else the last one they had."""
    row = uow.sql(
        """SELECT m.id, p.name, m.standing, m.anchor_on, m.resumes_on, v.dues_cents
           FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
           JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
           WHERE m.spa_id = %s AND m.client_id = %s ORDER BY (m.standing = 'ended'), m.id DESC LIMIT 1""",
        (spa_id, client_id),
    ).fetchone()
    if row is None:
        return None
    membership_id, plan, standing, *rest = row
    return Enrolment(membership_id, plan, Standing(standing), *rest)
