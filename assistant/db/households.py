"""Clients who belong together: each is a client of their own, with their own phones, cards and credit."""

from dataclasses import dataclass

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Id, Instant, SpaId, belongs


class Household(Base):
    """Some clients who belong together."""

    __tablename__ = "household"

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    made_at: Mapped[Instant]


class HouseholdMember(Base):
    """Who is in it: a client is in one at most."""

    __tablename__ = "household_member"
    __table_args__ = (
        belongs("client_id", "client", cascade=True),
        belongs("household_id", "household"),
        Index("ix_household_member_household", "spa_id", "household_id", "client_id"),
    )

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    household_id: Mapped[int]
    added_at: Mapped[Instant]
    added_by: Mapped[Code]


@dataclass(frozen=True, slots=True)
class Relative:
    """Another client who belongs to the same household, or may."""

    client_id: int
    name: str


def others(uow: Asks, spa_id: int, client_id: int) -> list[Relative]:
    """Who else is in a client's household."""
    rows = uow.sql(
        """SELECT c.id, c.first_name || ' ' || c.last_name FROM household_member mine
           JOIN household_member h ON (h.spa_id, h.household_id) = (mine.spa_id, mine.household_id)
           JOIN client c ON (c.spa_id, c.id) = (h.spa_id, h.client_id)
           WHERE mine.spa_id = %s AND mine.client_id = %s AND h.client_id <> mine.client_id
           ORDER BY c.first_name, c.id""",
        (spa_id, client_id),
    )
    return [Relative(*row) for row in rows.fetchall()]


ALIKE = """
    SELECT c.id, c.first_name || ' ' || c.last_name FROM client c
    WHERE c.spa_id = %(spa)s AND c.merged_into IS NULL AND c.id <> %(id)s AND c.id IN (
        SELECT o.client_id FROM client_phone mine
        JOIN client_phone o ON (o.spa_id, o.phone_id) = (mine.spa_id, mine.phone_id)
        WHERE mine.spa_id = %(spa)s AND mine.client_id = %(id)s
        UNION SELECT o.client_id FROM client_email mine
        JOIN client_email o ON (o.spa_id, o.email_id) = (mine.spa_id, mine.email_id)
        WHERE mine.spa_id = %(spa)s AND mine.client_id = %(id)s)
    ORDER BY c.first_name, c.id LIMIT %(most)s"""


def alike(uow: Asks, spa_id: int, client_id: int, *, most: int) -> list[Relative]:
    """Who is reached at the same phone or address, and so may be of the same household, or the same person."""
    rows = uow.sql(ALIKE, {"spa": spa_id, "id": client_id, "most": most})
    return [Relative(*row) for row in rows.fetchall()]
