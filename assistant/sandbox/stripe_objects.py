"""Stripe's objects as its book keeps them: each a handful of facts, found by id, by kind and by customer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.sandbox.store import Store

Facts = dict[str, Any]
"""What differs between one object and the next of its kind; `stripe_shapes.whole` adds the rest for the wire."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, kind TEXT NOT NULL, customer TEXT,
  created INTEGER NOT NULL, facts TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (account, kind, created, seq);
CREATE INDEX IF NOT EXISTS objects_by_customer ON objects (account, customer, kind, created, seq)
  WHERE customer IS NOT NULL;
CREATE TABLE IF NOT EXISTS sessions_open (
  id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions_open (expires_at);
CREATE TABLE IF NOT EXISTS behaviours (
  payment_method TEXT PRIMARY KEY, next TEXT NOT NULL, standing TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
  account TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY (account, key)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_by_age ON keys (at);
CREATE TABLE IF NOT EXISTS webhooks (
  seq INTEGER PRIMARY KEY, event TEXT NOT NULL, rank INTEGER NOT NULL, due_at TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'due', problem TEXT) STRICT;
CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (due_at, rank) WHERE state = 'due';
CREATE INDEX IF NOT EXISTS webhooks_by_event ON webhooks (event);
CREATE TABLE IF NOT EXISTS stripe_faults (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, customer TEXT, endpoint TEXT, milliseconds INTEGER NOT NULL,
  times INTEGER) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Search:
    """Which objects of a kind to list, newest first. `created` holds gt, gte, lt and lte, in whole seconds."""

    kind: str
    customer: str | None = None
    created: Mapping[str, int] | None = None
    after: str | None = None
    """Begin behind the object with this id."""
    limit: int | None = None


class Objects:
    """Everything Stripe holds, each account apart. The platform's own account is ''."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, account: str, facts: Facts) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO objects (id, account, kind, customer, created, facts) VALUES (?, ?, ?, ?, ?, ?)",
                (facts["id"], account, facts["object"], _customer(facts), facts["created"], dumped(facts)),
            )

    def save(self, facts: Facts) -> None:
        with self._store.transaction() as db:
            db.execute(
                "UPDATE objects SET facts = ?, customer = ? WHERE id = ?",
                (dumped(facts), _customer(facts), facts["id"]),
            )

    def one(self, account: str, id_: str) -> Facts | None:
        with self._store.transaction() as db:
            row = db.execute("SELECT facts FROM objects WHERE id = ? AND account = ?", (id_, account)).fetchone()
        return json.loads(row[0]) if row else None

    def home(self, id_: str) -> str | None:
        """The account an object belongs to; None when there is no such object."""
        with self._store.transaction() as db:
            row = db.execute("SELECT account FROM objects WHERE id = ?", (id_,)).fetchone()
        return str(row[0]) if row else None

    def listed(self, account: str, search: Search) -> Sequence[Facts]:
        """Newest first; of the same second, the later one first."""
        tests, values = ["account = ?", "kind = ?"], [account, search.kind]
        if search.customer is not None:
            tests.append("customer = ?")
            values.append(search.customer)
        for word, at in (search.created or {}).items():
            tests.append(f"created {COMPARED[word]} ?")
            values.append(str(at))
        if search.after is not None:
            tests.append("(created, seq) < (SELECT created, seq FROM objects WHERE id = ?)")
            values.append(search.after)
        query = f"SELECT facts FROM objects WHERE {' AND '.join(tests)} ORDER BY created DESC, seq DESC LIMIT ?"
        with self._store.transaction() as db:
            rows = db.execute(query, (*values, -1 if search.limit is None else search.limit)).fetchall()
        return [json.loads(row[0]) for row in rows]


COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def dumped(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _customer(facts: Facts) -> str | None:
    if facts["object"] == "customer":
        return str(facts["id"])
    customer = facts.get("customer")
    return customer if isinstance(customer, str) else None
