"""The messages in Twilio's book, and the statuses each has reached or will."""

import sqlite3
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from assistant.clock import Clock
from assistant.sandbox.store import Store, stored
from assistant.sandbox.wire import Message, Step

COLUMNS = tuple(each.name for each in fields(Message))
INSTANTS = frozenset({"created_at", "sent_at", "updated_at"})
RANK = {"queued": 0, "received": 0, "sent": 1, "delivered": 2, "undelivered": 2, "failed": 2}
INSERT = f"INSERT INTO messages ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


class Messages:
    """A message's status follows from its steps: each is taken once its time has come, by whoever looks next."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def add(self, message: Message) -> None:
        kept = [stored(value) if isinstance(value, datetime) else value for value in asdict(message).values()]
        with self._store.transaction() as db:
            db.execute(INSERT, kept)
        self.plan(message.sid, Step(message.status, None, message.created_at))

    def plan(self, sid: str, step: Step) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO steps (sid, status, error_code, due_at) VALUES (?, ?, ?, ?)",
                (sid, step.status, step.error_code, stored(step.at)),
            )

    def settle(self) -> None:
        """Take every step that is due. A status never goes back."""
        now = stored(self._clock.now())
        with self._store.transaction() as db:
            due = db.execute(
                "SELECT * FROM steps WHERE taken = 0 AND due_at <= ? ORDER BY due_at, seq", (now,)
            ).fetchall()
            for step in due:
                self._take(db, step)

    def one(self, sid: str) -> Message | None:
        return next(iter(self.where("sid = ?", sid)), None)

    def where(self, test: str, *values: object) -> list[Message]:
        """The messages that pass a test written by us, oldest first."""
        self.settle()
        with self._store.transaction() as db:
            rows = db.execute(f"SELECT * FROM messages WHERE {test} ORDER BY seq", values).fetchall()
        return [_message(row) for row in rows]

    def history(self, sid: str) -> list[Step]:
        """Every status a message has reached, oldest first."""
        self.settle()
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM steps WHERE sid = ? AND taken = 1 ORDER BY due_at, seq", (sid,)).fetchall()
        return [Step(row["status"], row["error_code"], datetime.fromisoformat(row["due_at"])) for row in rows]

    def redact(self, sid: str) -> None:
        with self._store.transaction() as db:
            db.execute("UPDATE messages SET body = '' WHERE sid = ?", (sid,))

    def _take(self, db: sqlite3.Connection, step: sqlite3.Row) -> None:
        reached, at, sid = step["status"], step["due_at"], step["sid"]
        db.execute("UPDATE steps SET taken = 1 WHERE seq = ?", (step["seq"],))
        now_at = db.execute("SELECT status FROM messages WHERE sid = ?", (sid,)).fetchone()["status"]
        if RANK[reached] < RANK[now_at]:
            return
        db.execute(
            "UPDATE messages SET status = ?, error_code = ?, updated_at = ? WHERE sid = ?",
            (reached, step["error_code"], at, sid),
        )
        if reached == "sent":
            db.execute("UPDATE messages SET sent_at = ? WHERE sid = ?", (at, sid))


def _message(row: sqlite3.Row) -> Message:
    kept: dict[str, Any] = {name: row[name] for name in COLUMNS}
    return Message(**kept | {name: datetime.fromisoformat(kept[name]) for name in INSTANTS if kept[name]})
