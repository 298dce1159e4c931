"""Sales that wait at the till while somebody else is served: one a client, as it was typed, and gone once it is sold.

Nothing is reserved meanwhile: the till works it out anew when it goes on, and says what has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from assistant.db.staff_names import name_of
from assistant.runtime import UnitOfWork

MOST = 20
Fields = Sequence[tuple[str, str]]
"""The cart's form, field by field."""


@dataclass(frozen=True, slots=True)
class HeldSale:
    """One that waits."""

    client_id: int
    name: str
    fields: dict[str, str]
    held_at: datetime
    by: str


HELD = f"""
    SELECT h.client_id, c.first_name || ' ' || c.last_name, h.fields, h.held_at, {name_of("h.held_by")}
    FROM held_sale h JOIN client c ON (c.spa_id, c.id) = (h.spa_id, h.client_id)
    WHERE h.spa_id = %s AND (%s::bigint IS NULL OR h.client_id = %s) ORDER BY h.held_at DESC LIMIT %s"""


def hold(uow: UnitOfWork, spa_id: int, client_id: int, fields: Fields, *, actor: str) -> None:
    """Keep it for later, instead of one of theirs that waits already."""
    uow.sql(
        """INSERT INTO held_sale (spa_id, client_id, fields, held_at, held_by) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (spa_id, client_id)
           DO UPDATE SET fields = excluded.fields, held_at = excluded.held_at, held_by = excluded.held_by""",
        (spa_id, client_id, Jsonb(dict(fields)), uow.now, actor),
    )


def let_go(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    """It waits no more."""
    uow.sql("DELETE FROM held_sale WHERE spa_id = %s AND client_id = %s", (spa_id, client_id))


def waiting(uow: UnitOfWork, spa_id: int) -> list[HeldSale]:
    """All that wait, the last first."""
    return [HeldSale(*row) for row in uow.sql(HELD, (spa_id, None, None, MOST)).fetchall()]


def of_client(uow: UnitOfWork, spa_id: int, client_id: int) -> HeldSale | None:
    """The one that waits for a client."""
    row = uow.sql(HELD, (spa_id, client_id, client_id, 1)).fetchone()
    return HeldSale(*row) if row else None
