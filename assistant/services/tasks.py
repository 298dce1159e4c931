"""What only a person can settle: opened once for its key, closed with what was done about it."""

from typing import Any

from psycopg.types.json import Jsonb

from assistant.runtime import UnitOfWork
from assistant.services import audit


def open_task(
    uow: UnitOfWork, spa_id: int, *, key: str, kind: str, client_id: int | None = None, facts: dict[str, Any]
) -> bool:
    """Have a person look at it. False when the task was opened before."""
    row = uow.sql(
        "INSERT INTO staff_task (spa_id, key, kind, client_id, facts, opened_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        (spa_id, key, kind, client_id, Jsonb(facts), uow.now),
    ).fetchone()
    return row is not None


def close_task(uow: UnitOfWork, spa_id: int, key: str, *, by: str, resolution: str) -> bool:
    """It is settled. False when there was no such open task."""
    row = uow.sql(
        "UPDATE staff_task SET closed_at = %s, closed_by = %s, resolution = %s"
        " WHERE spa_id = %s AND key = %s AND closed_at IS NULL RETURNING id",
        (uow.now, by, resolution, spa_id, key),
    ).fetchone()
    if row is not None:
        audit.write(uow, spa_id, actor=by, evidence="E3", act="task_closed", subject=f"task:{row[0]}")
    return row is not None


def settle(uow: UnitOfWork, spa_id: int, task_id: int, *, by: str, resolution: str) -> bool | None:
    """The same of one that a person has seen to. False where it was settled before; None where there is none."""
    row = uow.sql("SELECT key FROM staff_task WHERE spa_id = %s AND id = %s", (spa_id, task_id)).fetchone()
    return close_task(uow, spa_id, row[0], by=by, resolution=resolution) if row else None
