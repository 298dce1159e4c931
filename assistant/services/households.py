"""Who belongs together: added by hand, taken out by hand. Each stays a client of their own."""

from enum import StrEnum

from assistant.runtime import UnitOfWork
from assistant.services import audit


class HouseholdRefusal(StrEnum):
    """Why somebody is not added."""

    SAME = "same"
    UNKNOWN = "unknown"
    TOGETHER = "together"
    """They belong together already."""
    ELSEWHERE = "elsewhere"
    """They are of another household: they are taken out of it first."""


def cannot_add(uow: UnitOfWork, spa_id: int, client_id: int, other_id: int) -> HouseholdRefusal | None:
    """Why another is not added to a client's household; None where they can be."""
    rows = uow.sql(
        """SELECT c.id, h.household_id FROM client c
           LEFT JOIN household_member h ON (h.spa_id, h.client_id) = (c.spa_id, c.id)
           WHERE c.spa_id = %s AND c.id = ANY(%s) AND c.merged_into IS NULL""",
        (spa_id, [client_id, other_id]),
    ).fetchall()
    homes = {id_: household for id_, household in rows}  # noqa: C416 - rows are not pairs to mypy
    if client_id == other_id:
        return HouseholdRefusal.SAME
    if len(homes) < 2:
        return HouseholdRefusal.UNKNOWN
    if homes[other_id] is None:
        return None
    return HouseholdRefusal.TOGETHER if homes[other_id] == homes[client_id] else HouseholdRefusal.ELSEWHERE


def add(uow: UnitOfWork, spa_id: int, client_id: int, other_id: int, *, actor: str) -> HouseholdRefusal | None:
    """Another belongs to a client's household; it begins with them where there is none."""
    uow.sql(
        "SELECT 1 FROM client WHERE spa_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        (spa_id, [client_id, other_id]),
    )
    if (why := cannot_add(uow, spa_id, client_id, other_id)) is not None:
        return why
    row = uow.sql(
        "SELECT household_id FROM household_member WHERE spa_id = %s AND client_id = %s", (spa_id, client_id)
    ).fetchone()
    if row is None:
        row = uow.sql(
            "INSERT INTO household (spa_id, made_at) VALUES (%s, %s) RETURNING id", (spa_id, uow.now)
        ).fetchone()
    household_id = row[0] if row else 0
    uow.sql(
        """INSERT INTO household_member (spa_id, client_id, household_id, added_at, added_by)
           SELECT %s, c, %s, %s, %s FROM unnest(%s::bigint[]) c ON CONFLICT DO NOTHING""",
        (spa_id, household_id, uow.now, actor, [client_id, other_id]),
    )
    _write_down(uow, spa_id, "household_joined", other_id, household_id, actor)
    return None


def take_out(uow: UnitOfWork, spa_id: int, client_id: int, *, actor: str) -> bool:
    """A client belongs to nobody's household any more, nor does one left alone. False for who was in none."""
    row = uow.sql(
        "DELETE FROM household_member WHERE spa_id = %s AND client_id = %s RETURNING household_id", (spa_id, client_id)
    ).fetchone()
    if row is None:
        return False
    uow.sql(
        """DELETE FROM household_member h WHERE h.spa_id = %(spa)s AND h.household_id = %(home)s AND (
               SELECT count(*) FROM household_member o
               WHERE (o.spa_id, o.household_id) = (h.spa_id, h.household_id)) = 1""",
        {"spa": spa_id, "home": row[0]},
    )
    _write_down(uow, spa_id, "household_left", client_id, row[0], actor)
    return True


def _write_down(uow: UnitOfWork, spa_id: int, act: str, client_id: int, household_id: int, actor: str) -> None:
    audit.write(
        uow,
        spa_id,
        actor=actor,
        evidence="E3",
        act=act,
        subject=f"client:{client_id}",
        after={"household": household_id},
    )
