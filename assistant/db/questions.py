"""What we asked a member and await."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Id, Instant, SpaId, Words


class Question(Base):
    """One open question to one phone, with what its answer will need."""

    __tablename__ = "question"
    __table_args__ = (
        Index(
            "uq_question_open",
            "spa_id",
            "recipient",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_question_recipient", "spa_id", "recipient", "id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    recipient: Mapped[Words]
    kind: Mapped[Code]
    facts: Mapped[Facts]
    answer: Mapped[Facts | None]
    opened_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class Open:
    """A question that still awaits its answer."""

    id: int
    facts: dict[str, Any]


def ask(
    uow: Asks, spa_id: int, recipient: str, kind: str, *, facts: dict[str, Any], now: datetime, until: datetime
) -> None:
    """Open a question, or ask the open one anew: there is one of a kind at a time."""
    uow.sql(
        """INSERT INTO question (spa_id, recipient, kind, facts, opened_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s)
           ON CONFLICT (spa_id, recipient, kind) WHERE closed_at IS NULL
           DO UPDATE SET facts = excluded.facts, opened_at = excluded.opened_at, expires_at = excluded.expires_at""",
        (spa_id, recipient, kind, Jsonb(facts), now, until),
    )


def open_question(uow: Asks, spa_id: int, recipient: str, kind: str, now: datetime) -> Open | None:
    """The question of a kind that is open and has not expired."""
    row = uow.sql(
        "SELECT id, facts FROM question"
        " WHERE spa_id = %s AND recipient = %s AND kind = %s AND closed_at IS NULL AND expires_at > %s",
        (spa_id, recipient, kind, now),
    ).fetchone()
    return None if row is None else Open(*row)


def close(uow: Asks, spa_id: int, question_id: int, answer: dict[str, Any], now: datetime) -> None:
    """Write the answer: the question is open no more."""
    uow.sql(
        "UPDATE question SET answer = %s, closed_at = %s WHERE spa_id = %s AND id = %s AND closed_at IS NULL",
        (Jsonb(answer), now, spa_id, question_id),
    )


def last_answer(uow: Asks, spa_id: int, recipient: str, kind: str, since: datetime) -> dict[str, Any] | None:
    """The last answer to a question of a kind, if it was given since then."""
    row = uow.sql(
        "SELECT answer FROM question WHERE spa_id = %s AND recipient = %s AND kind = %s AND closed_at >= %s"
        " ORDER BY id DESC LIMIT 1",
        (spa_id, recipient, kind, since),
    ).fetchone()
    return None if row is None else row[0]
