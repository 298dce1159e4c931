"""Idempotency as Stripe keeps it: the first answer under a key is the answer, for a day (`rules.md` 5.6)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from assistant.clock import Clock
from assistant.sandbox.store import Store, stored
from assistant.sandbox.stripe_objects import Facts, dumped

KEPT = timedelta(hours=24)
TIDY_EVERY = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request comes to. `body` is facts: `stripe_shapes.whole` of it goes over the wire.

    `hang_seconds` and `reset` say what becomes of the answer on its way: None of it is the book's to do.
    """

    status: int
    body: Facts
    replayed: bool = False
    hang_seconds: float = 0
    reset: bool = False


class Refused(Exception):  # noqa: N818 - it is an answer
    """Stripe will not begin on this: nothing is changed, and nothing kept under the key."""

    def __init__(self, status: int, **error: str | None) -> None:
        super().__init__(error.get("message"))
        self.outcome = Outcome(status, {"error": {name: each for name, each in error.items() if each is not None}})


def invalid(message: str, param: str | None = None, code: str | None = None, status: int = 400) -> Refused:
    return Refused(status, type="invalid_request_error", code=code, message=message, param=param)


def missing(noun: str, id_: str, param: str | None = None) -> Refused:
    """Nothing of that id: a 404 where the path names it, a 400 where a parameter does."""
    status = 400 if param else 404
    return invalid(f"No such {noun}: '{id_}'", param or "id", "resource_missing", status)


IN_USE = Refused(
    409,
    type="idempotency_error",
    code="idempotency_key_in_use",
    message="There is currently another in-progress request using this Stripe-Idempotency-Key.",
)
MISMATCH = "Keys for idempotent requests can only be used with the same parameters they were first used with."

LIMITED = Outcome(
    429,
    {
        "error": {
            "type": "invalid_request_error",
            "code": "rate_limit",
            "message": "Request rate limit exceeded. You can learn more about rate limits in Stripe's documents.",
        }
    },
)
LOCKED = Outcome(
    429,
    {
        "error": {
            "type": "invalid_request_error",
            "code": "lock_timeout",
            "message": "This object cannot be accessed right now because another API request or Stripe process is "
            "currently accessing it.",
        }
    },
)
BROKEN = Outcome(500, {"error": {"type": "api_error", "message": "An unknown error occurred."}})


class Keys:
    """Keys and what was answered under each. Those in use are known to this process alone: a request dies with it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = Lock()
        self._in_use: set[tuple[str, str]] = set()
        self._kept = 0

    @contextmanager
    def hold(self, account: str, key: str | None) -> Iterator[None]:
        """Be the only one to answer under this key. Raises Refused to the second."""
        if key is None:
            yield
            return
        with self._lock:
            if (account, key) in self._in_use:
                raise IN_USE
            self._in_use.add((account, key))
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard((account, key))

    def kept(self, account: str, key: str, asked: str) -> Outcome | None:
        """What was answered under this key, if anything was in the last day. Raises Refused for other parameters."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT asked, status, body FROM keys WHERE account = ? AND key = ? AND at > ?",
                (account, key, stored(self._clock.now() - KEPT)),
            ).fetchone()
        if row is None:
            return None
        if row["asked"] != asked:
            raise Refused(400, type="idempotency_error", message=MISMATCH)
        return Outcome(row["status"], json.loads(row["body"]), replayed=True)

    def keep(self, account: str, key: str, asked: str, outcome: Outcome) -> None:
        now = self._clock.now()
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO keys (account, key, asked, status, body, at) VALUES (?, ?, ?, ?, ?, ?)",
                (account, key, asked, outcome.status, dumped(outcome.body), stored(now)),
            )
            self._kept += 1
            if self._kept % TIDY_EVERY == 0:
                db.execute("DELETE FROM keys WHERE at <= ?", (stored(now - KEPT),))
