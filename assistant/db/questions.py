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
        Index(
            "ix_question_client_open",
            "spa_id",
            "client_id",
            "kind",
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    recipient: Mapped[Words]
    """The number or the address it was asked at: its answer counts from there only."""
    channel: Mapped[Code] = mapped_column(server_default="sms")
    client_id: Mapped[int | None]
    """Whom it is about: an answer on one channel closes the same question on the other."""
    kind: Mapped[Code]
    facts: Mapped[Facts]
    answer: Mapped[Facts | None]
    opened_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class Open:
    """A question that awaits its answer; or lately did, and is remembered so that a late answer is known for one."""

    id: int
    kind: str
    facts: dict[str, Any]
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None

    def awaits(self, now: datetime) -> bool:
        return self.closed_at is None and self.expires_at > now

    @classmethod
    def from_json(
        cls, question_id: int, kind: str, facts: dict[str, Any], opened: str, expires: str, closed: str | None
    ) -> "Open":
        """As a turn's one statement brings it."""
        closed_at = datetime.fromisoformat(closed) if closed else None
        return cls(question_id, kind, facts, datetime.fromisoformat(opened), datetime.fromisoformat(expires), closed_at)


def ask(
    uow: Asks,
    spa_id: int,
    recipient: str,
    kind: str,
    *,
    facts: dict[str, Any],
    now: datetime,
    until: datetime,
    channel: str = "sms",
) -> None:
    """Open a question, or ask the open one anew: there is one of a kind at a time."""
    uow.sql(
        """INSERT INTO question (spa_id, recipient, channel, client_id, kind, facts, opened_at, expires_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (spa_id, recipient, kind) WHERE closed_at IS NULL
           DO UPDATE SET facts = excluded.facts, client_id = excluded.client_id, opened_at = excluded.opened_at,
                         expires_at = excluded.expires_at""",
        (spa_id, recipient, channel, facts.get("client_id"), kind, Jsonb(facts), now, until),
    )


def open_question(uow: Asks, spa_id: int, recipient: str, kind: str, now: datetime) -> Open | None:
    """The question of a kind that is open and has not expired."""
    row = uow.sql(
        "SELECT id, kind, facts, opened_at, expires_at FROM question"
        " WHERE spa_id = %s AND recipient = %s AND kind = %s AND closed_at IS NULL AND expires_at > %s",
        (spa_id, recipient, kind, now),
    ).fetchone()
    return None if row is None else Open(*row)


def close(uow: Asks, spa_id: int, question_id: int, answer: dict[str, Any], now: datetime) -> bool:
    """Write the answer: the question is open no more. False when it was not open."""
    done = uow.sql(
        "UPDATE question SET answer = %s, closed_at = %s WHERE spa_id = %s AND id = %s AND closed_at IS NULL",
        (Jsonb(answer), now, spa_id, question_id),
    )
    return done.rowcount == 1


def close_everywhere(
    uow: Asks, spa_id: int, question_id: int, client_id: int, kind: str, answer: dict[str, Any], now: datetime
) -> bool:
    """Close it, and the same question to the same client at any other number or address.

    The rows are locked in their order, so that of two answers at once the second waits and finds it closed: False.
    """
    found = uow.sql(
        "SELECT id FROM question WHERE spa_id = %s AND client_id = %s AND kind = %s AND closed_at IS NULL"
        " ORDER BY id FOR UPDATE",
        (spa_id, client_id, kind),
    ).fetchall()
    still = question_id in {row[0] for row in found}
    if still:
        uow.sql(
            "UPDATE question SET answer = %s, closed_at = %s"
            " WHERE spa_id = %s AND client_id = %s AND kind = %s AND closed_at IS NULL",
            (Jsonb(answer), now, spa_id, client_id, kind),
        )
    return still


def last_answer(uow: Asks, spa_id: int, recipient: str, kind: str, since: datetime) -> dict[str, Any] | None:
    """The last answer to a question of a kind, if it was given since then."""
    row = uow.sql(
        "SELECT answer FROM question WHERE spa_id = %s AND recipient = %s AND kind = %s AND closed_at >= %s"
        " ORDER BY id DESC LIMIT 1",
        (spa_id, recipient, kind, since),
    ).fetchone()
    return None if row is None else row[0]


def had(uow: Asks, spa_id: int, client_id: int, kind: str, *, since: datetime, until: datetime, now: datetime) -> bool:
    """Whether a client was asked a question of a kind then, or since and had answered it before now in any way."""
    row = uow.sql(
        "SELECT 1 FROM question WHERE spa_id = %s AND client_id = %s AND kind = %s"
        " AND opened_at > %s AND (opened_at < %s OR closed_at < %s) LIMIT 1",
        (spa_id, client_id, kind, since, until, now),
    ).fetchone()
    return row is not None
