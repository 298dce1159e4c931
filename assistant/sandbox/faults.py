"""What can be made to go wrong with a text, for one phone or for all, a number of times or for good."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from assistant.sandbox.store import Store


class FaultKind(StrEnum):
    """Each is what a script asks for by name."""

    REFUSE = "refuse"
    """Answer no, with `code` (20429 is Twilio's throttle)."""
    FAIL_BEFORE = "fail_before"
    """Answer 500 without taking the text."""
    FAIL_AFTER = "fail_after"
    """Take the text, then answer 500."""
    HANG_AFTER = "hang_after"
    """Take the text, then say nothing for `seconds`."""
    HOLD = "hold"
    """Take the text; the carrier sits on it for `seconds`, or until its validity ends."""
    UNDELIVERED = "undelivered"
    """Take the text; the carrier gives up on it with `code`."""
    DELAY_CALLBACKS = "delay_callbacks"
    """Tell of a text's progress `seconds` late."""
    DUPLICATE_CALLBACKS = "duplicate_callbacks"
    REORDER_CALLBACKS = "reorder_callbacks"
    LOSE_CALLBACKS = "lose_callbacks"
    DUPLICATE_INBOUND = "duplicate_inbound"
    """Bring a member's text twice, with the same id."""


NEEDS_CODE = frozenset({FaultKind.REFUSE, FaultKind.UNDELIVERED})
NEEDS_SECONDS = frozenset({FaultKind.HANG_AFTER, FaultKind.HOLD, FaultKind.DELAY_CALLBACKS})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong. `phone` None is every phone; `times` None is until it is lifted."""

    kind: FaultKind
    phone: str | None = None
    code: int = 0
    seconds: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.kind in NEEDS_CODE and not self.code:
            raise ValueError(f"The fault '{self.kind}' needs a code.")
        if self.kind in NEEDS_SECONDS and self.seconds <= 0:
            raise ValueError(f"The fault '{self.kind}' needs seconds, at least 1.")
        if self.times is not None and self.times < 1:
            raise ValueError("A fault happens at least once: 'times' is 1 or more, or null for always.")


class Faults:
    """The faults now in force. They outlive a restart, like everything in the book."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, fault: Fault) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO faults (kind, phone, code, seconds, times) VALUES (?, ?, ?, ?, ?)",
                (fault.kind, fault.phone, fault.code, fault.seconds, fault.times),
            )

    def lift(self) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM faults")

    def all(self) -> list[Fault]:
        with self._store.transaction() as db:
            return [_fault(row) for row in db.execute("SELECT * FROM faults ORDER BY seq")]

    def take(self, kind: FaultKind, phone: str) -> Fault | None:
        """The oldest fault of this kind for this phone, used up by one."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT * FROM faults WHERE kind = ? AND (phone IS NULL OR phone = ?) ORDER BY seq LIMIT 1",
                (kind, phone),
            ).fetchone()
            if row is None:
                return None
            if row["times"] == 1:
                db.execute("DELETE FROM faults WHERE seq = ?", (row["seq"],))
            elif row["times"] is not None:
                db.execute("UPDATE faults SET times = times - 1 WHERE seq = ?", (row["seq"],))
            return _fault(row)


def _fault(row: sqlite3.Row) -> Fault:
    return Fault(FaultKind(row["kind"]), row["phone"], row["code"], row["seconds"], row["times"])
