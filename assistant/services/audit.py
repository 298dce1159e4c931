"""Writes down who did what, in the transaction that does it."""

from typing import Any

from psycopg.types.json import Jsonb

from assistant.runtime import UnitOfWork


def write(
    uow: UnitOfWork,
    spa_id: int,
    *,
    actor: str,
    evidence: str,
    act: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """One act: by whom, on what evidence (E0-E3, `reliability.md` §3), to what, and what it changed."""
    uow.sql(
        "INSERT INTO audit (spa_id, at, actor, evidence, act, subject, before, after)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (spa_id, uow.now, actor, evidence, act, subject, before and Jsonb(before), after and Jsonb(after)),
    )
