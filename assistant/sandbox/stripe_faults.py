"""What can be made to go wrong between us and Stripe, and how many requests a second it takes."""

import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from assistant.sandbox.store import Store


class StripeFault(StrEnum):
    """Each is what a script asks for by name."""

    FAIL_BEFORE = "fail_before"
    """Answer 500, and do nothing."""
    FAIL_AFTER = "fail_after"
    """Do it, keep the answer under its key, and answer 500: the answer was lost on the way."""
    STORE_500 = "store_500"
    """Do nothing, answer 500, and keep that under the key: each repeat of the key gets it again."""
    STORE_500_AFTER = "store_500_after"
    """Do it, then answer 500 and keep that under the key."""
    HANG_AFTER = "hang_after"
    """Do it, then say nothing for a while."""
    RESET_BEFORE = "reset_before"
    """Do nothing, and break the connection."""
    RESET_AFTER = "reset_after"
    """Do it, and break the connection."""
    RATE_LIMIT = "rate_limit"
    """Answer 429."""
    LOCK_TIMEOUT = "lock_timeout"
    """Answer 429: somebody else is at the same object."""
    LATENCY = "latency"
    """Take a while over everything."""
    DELAY_WEBHOOKS = "delay_webhooks"
    DOUBLE_WEBHOOKS = "double_webhooks"
    REORDER_WEBHOOKS = "reorder_webhooks"
    """Tell what one request brought about in the opposite order."""
    LOSE_WEBHOOKS = "lose_webhooks"


TIMED = frozenset({StripeFault.HANG_AFTER, StripeFault.LATENCY, StripeFault.DELAY_WEBHOOKS})
ABOUT_WEBHOOKS = frozenset(
    {
        StripeFault.DELAY_WEBHOOKS,
        StripeFault.DOUBLE_WEBHOOKS,
        StripeFault.REORDER_WEBHOOKS,
        StripeFault.LOSE_WEBHOOKS,
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing to go wrong. `customer` None is every customer; `times` None is until it is lifted.

    `on` is an endpoint, such as payment_intents.create, or an event's type, such as charge.refunded. Without it
    a fault is for every request that writes, and one about webhooks for every event of one request, counted as one.
    """

    kind: StripeFault
    customer: str | None = None
    on: str | None = None
    milliseconds: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.kind in TIMED and self.milliseconds <= 0:
            raise ValueError(f"The fault '{self.kind}' needs milliseconds, at least 1.")
        if self.times is not None and self.times < 1:
            raise ValueError("A fault happens at least once: 'times' is 1 or more, or null for always.")


class Troubles:
    """The faults now in force. They outlive a restart; they are read from memory, as every request asks for them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as db:
            rows = db.execute("SELECT * FROM stripe_faults ORDER BY seq").fetchall()
        self._live = {row["seq"]: _trouble(row) for row in rows}

    def __bool__(self) -> bool:
        return bool(self._live)

    def add(self, trouble: Trouble) -> None:
        with self._store.transaction() as db:
            done = db.execute(
                "INSERT INTO stripe_faults (kind, customer, endpoint, milliseconds, times) VALUES (?, ?, ?, ?, ?)",
                (trouble.kind, trouble.customer, trouble.on, trouble.milliseconds, trouble.times),
            )
            self._live[done.lastrowid] = trouble

    def lift(self) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM stripe_faults")
            self._live.clear()

    def all(self) -> list[Trouble]:
        return list(self._live.values())

    def take(
        self, kind: StripeFault, customer: str | None, about: Collection[str], *, only_named: bool = False
    ) -> Trouble | None:
        """The oldest fault of this kind that fits, used up by one. `about` is what is going on, by any of its names."""
        if not self._live:
            return None
        with self._store.transaction() as db:
            for seq, trouble in self._live.items():
                if trouble.kind is not kind or trouble.customer not in (None, customer):
                    continue
                if trouble.on in about or (trouble.on is None and not only_named):
                    self._use(db, seq, trouble)
                    return trouble
        return None

    def _use(self, db: sqlite3.Connection, seq: int, trouble: Trouble) -> None:
        if trouble.times is None:
            return
        left = trouble.times - 1
        if left:
            db.execute("UPDATE stripe_faults SET times = ? WHERE seq = ?", (left, seq))
            self._live[seq] = Trouble(trouble.kind, trouble.customer, trouble.on, trouble.milliseconds, left)
        else:
            db.execute("DELETE FROM stripe_faults WHERE seq = ?", (seq,))
            del self._live[seq]


def _trouble(row: sqlite3.Row) -> Trouble:
    return Trouble(StripeFault(row["kind"]), row["customer"], row["endpoint"], row["milliseconds"], row["times"])


@dataclass(frozen=True, slots=True)
class Limits:
    """Most requests in any one second, of one account: in all, and of one endpoint. None is no limit."""

    overall: int | None = None
    endpoint: int | None = None


class Turnstile:
    """Counts real requests over the last second, and lets no more through than the limits say."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.limits = Limits()
        self.refused = 0
        self._monotonic = monotonic
        self._lock = Lock()
        self._seen: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def admits(self, account: str, endpoint: str) -> bool:
        limits = self.limits
        if limits.overall is None and limits.endpoint is None:
            return True
        with self._lock:
            at = self._monotonic()
            lanes = [(self._seen[account, ""], limits.overall), (self._seen[account, endpoint], limits.endpoint)]
            for lane, _ in lanes:
                while lane and lane[0] <= at - 1:
                    lane.popleft()
            if any(most is not None and len(lane) >= most for lane, most in lanes):
                self.refused += 1
                return False
            for lane, _ in lanes:
                lane.append(at)
            return True
