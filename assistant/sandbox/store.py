"""The file a book is kept in: SQLite, one connection, one writer at a time, whole transactions or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

TWILIO_SCHEMA = """
CREATE TABLE IF NOT EXISTS numbers (phone TEXT PRIMARY KEY, inbound_url TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS opt_outs (
  number TEXT NOT NULL, phone TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (number, phone)) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  seq INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, direction TEXT NOT NULL, sender TEXT NOT NULL,
  recipient TEXT NOT NULL, body TEXT NOT NULL, status TEXT NOT NULL, error_code INTEGER, segments INTEGER NOT NULL,
  media INTEGER NOT NULL, validity_seconds INTEGER, callback_url TEXT, opt_out_type TEXT,
  created_at TEXT NOT NULL, sent_at TEXT, updated_at TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, sender);
CREATE INDEX IF NOT EXISTS messages_by_sender ON messages (sender);
CREATE TABLE IF NOT EXISTS steps (
  seq INTEGER PRIMARY KEY, sid TEXT NOT NULL, status TEXT NOT NULL, error_code INTEGER, due_at TEXT NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS steps_due ON steps (due_at) WHERE taken = 0;
CREATE INDEX IF NOT EXISTS steps_by_message ON steps (sid);
CREATE TABLE IF NOT EXISTS posts (
  seq INTEGER PRIMARY KEY, sid TEXT NOT NULL, url TEXT NOT NULL, pairs TEXT NOT NULL, token TEXT NOT NULL,
  due_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'due', problem TEXT) STRICT;
CREATE INDEX IF NOT EXISTS posts_due ON posts (due_at) WHERE state = 'due';
CREATE TABLE IF NOT EXISTS faults (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, phone TEXT, code INTEGER NOT NULL, seconds INTEGER NOT NULL,
  times INTEGER) STRICT;
"""


class Store:
    """One SQLite file, or memory. What a transaction wrote is still there after a `kill -9` of this process."""

    def __init__(self, path: Path | str, schema: str = TWILIO_SCHEMA) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # a crash of the machine may cost a moment, of ours nothing
        self._db.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or none; one inside another is part of the outer one."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._db.close()


def stored(instant: datetime) -> str:
    """An instant as text that sorts in time's order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
