"""What is over one hand's limit waits for another person's yes, and is done exactly as it was quoted, or not at all."""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from assistant.db.approvals import Request, request
from assistant.runtime import UnitOfWork
from assistant.services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An act as it was quoted to who asks for it."""

    kind: str
    client_id: int | None
    payload: dict[str, Any]
    mark: str
    lines: tuple[tuple[str, str], ...]
    why: str


def ask(uow: UnitOfWork, spa_id: int, wanted: Wanted, *, token: str, actor: str) -> bool:
    """Have another person decide. False where the same form has asked before."""
    row = uow.sql(
        """INSERT INTO approval (spa_id, token, kind, client_id, payload, mark, lines, why, asked_by, asked_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
        (
            *(spa_id, token, wanted.kind, wanted.client_id, Jsonb(wanted.payload), wanted.mark),
            *(Jsonb(wanted.lines), wanted.why, actor, uow.now),
        ),
    ).fetchone()
    if row is not None:
        _write_down(uow, spa_id, "approval_asked", actor, row[0], wanted.kind, wanted.client_id, {"why": wanted.why})
    return row is not None


def decide(uow: UnitOfWork, spa_id: int, each: Request, status: str, *, actor: str, said: str) -> None:
    """Write down what was decided: approved, declined, lapsed or withdrawn. Its row is locked by who decides."""
    uow.sql(
        "UPDATE approval SET status = %s, decided_by = %s, decided_at = %s, said = %s WHERE spa_id = %s AND id = %s",
        (status, actor, uow.now, said, spa_id, each.id),
    )
    facts = {"asked_by": each.asked_by, "reason": said}
    _write_down(uow, spa_id, f"approval_{status}", actor, each.id, each.kind, each.client_id, facts)


def say(uow: UnitOfWork, spa_id: int, approval_id: int, words: str) -> None:
    """What came of it, once a provider has answered."""
    uow.sql("UPDATE approval SET said = %s WHERE spa_id = %s AND id = %s", (words, spa_id, approval_id))


def open_one(uow: UnitOfWork, spa_id: int, approval_id: int) -> Request | None:
    """One that waits still, locked."""
    found = request(uow, spa_id, approval_id, lock=True)
    return found if found is not None and found.status == "waiting" else None


def _write_down(
    uow: UnitOfWork, spa_id: int, act: str, actor: str, id_: int, kind: str, client_id: int | None, more: dict[str, Any]
) -> None:
    subject = f"client:{client_id}" if client_id else f"approval:{id_}"
    after = {"approval": id_, "kind": kind} | more
    audit.write(uow, spa_id, actor=actor, evidence="E3", act=act, subject=subject, after=after)
