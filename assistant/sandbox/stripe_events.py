"""What Stripe has to tell of what happened, and goes on telling until the web server says thank you."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from assistant.clock import Clock
from assistant.sandbox.posts import BACKOFF_SECONDS, MOST_TRIES
from assistant.sandbox.store import Store, stored
from assistant.sandbox.stripe_faults import StripeFault, Troubles
from assistant.sandbox.stripe_objects import Facts, Objects, dumped
from assistant.sandbox.stripe_shapes import whole


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event to be posted. `raw` is the body, byte for byte the same at every try."""

    seq: int
    event: dict[str, Any]
    raw: bytes
    tries: int

    @property
    def type(self) -> str:
        return str(self.event["type"])


Deliver = Callable[[Webhook], str | None]
"""Posts once, and says what went wrong: None is delivered."""


class Events:
    """What one request brought about is told in its order, unless a fault says otherwise, and at least once."""

    def __init__(
        self, store: Store, objects: Objects, clock: Clock, new_id: Callable[[], str], troubles: Troubles
    ) -> None:
        self._store, self._objects, self._clock = store, objects, clock
        self._new_id, self._troubles = new_id, troubles
        self._untold: list[tuple[str, Facts]] = []
        self._one_at_a_time = Lock()
        self.request: Facts = {}
        """The request that is being answered, for the events it brings about: its id and its key."""

    def note(self, account: str, type_: str, facts: Facts, *, before: Facts | None = None) -> None:
        """Something happened to an object. `before` is what its changed fields held."""
        data: Facts = {"object": json.loads(dumped(facts))}
        if before is not None:
            data["previous_attributes"] = before
        event: Facts = {
            "id": f"evt_{self._new_id()}",
            "object": "event",
            "created": int(self._clock.now().timestamp()),
            "type": type_,
            "data": data,
            "request": self.request,
            "_customer": facts["id"] if facts["object"] == "customer" else facts.get("customer"),
        }
        if account:
            event["account"] = account
        self._objects.add(account, event)
        self._untold.append((type_, event))

    def forget(self) -> None:
        """What was noted has been undone."""
        self._untold.clear()

    def tell(self) -> None:
        """Put everything noted into the post."""
        noted, self._untold = self._untold, []
        if not noted:
            return
        if not self._troubles:
            self._post([(event, 0) for _, event in noted])
            return
        self._post(self._troubled(noted))

    def _troubled(self, noted: list[tuple[str, Facts]]) -> list[tuple[Facts, int]]:
        """Each event with how late it is, in milliseconds; a lost one is there and never due."""
        customer = next((event["_customer"] for _, event in noted if event["_customer"]), None)
        types = {type_ for type_, _ in noted}
        taken = {kind: self._troubles.take(kind, customer, types) for kind in WEBHOOK_FAULTS}
        told: list[tuple[Facts, int]] = []
        for type_, event in noted:
            hit = {kind: each for kind, each in taken.items() if each and each.on in (None, type_)}
            late = hit[StripeFault.DELAY_WEBHOOKS].milliseconds if StripeFault.DELAY_WEBHOOKS in hit else 0
            copies = 2 if StripeFault.DOUBLE_WEBHOOKS in hit else 1
            told += [(event, LOST if StripeFault.LOSE_WEBHOOKS in hit else late)] * copies
        return told[::-1] if taken[StripeFault.REORDER_WEBHOOKS] else told

    def _post(self, told: list[tuple[Facts, int]]) -> None:
        now = self._clock.now()
        with self._store.transaction() as db:
            [[last]] = db.execute("SELECT coalesce(max(seq), 0) FROM webhooks").fetchall()
            db.executemany(
                "INSERT INTO webhooks (event, rank, due_at, state) VALUES (?, ?, ?, ?)",
                [
                    (
                        event["id"],
                        last + number,
                        stored(now + timedelta(milliseconds=max(late, 0))),
                        "lost" if late == LOST else "due",
                    )
                    for number, (event, late) in enumerate(told)
                ],
            )

    def pump(self, deliver: Deliver) -> int:
        """Try everything that is due by now, once; the number delivered."""
        with self._one_at_a_time:
            return sum(self._try(webhook, deliver) for webhook in self._due())

    def waiting(self) -> int:
        """How many are due now or later."""
        with self._store.transaction() as db:
            return int(db.execute("SELECT count(*) FROM webhooks WHERE state = 'due'").fetchone()[0])

    def undelivered(self, event_id: str) -> bool:
        """Whether an event has not reached the web server."""
        with self._store.transaction() as db:
            row = db.execute("SELECT 1 FROM webhooks WHERE event = ? AND state <> 'done'", (event_id,)).fetchone()
        return row is not None

    def _due(self) -> list[Webhook]:
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT webhooks.seq, webhooks.tries, objects.facts FROM webhooks JOIN objects ON objects.id = event "
                "WHERE state = 'due' AND due_at <= ? ORDER BY due_at, rank",
                (stored(self._clock.now()),),
            ).fetchall()
        return [_webhook(row["seq"], json.loads(row["facts"]), row["tries"]) for row in rows]

    def _try(self, webhook: Webhook, deliver: Deliver) -> bool:
        problem = deliver(webhook)
        tries = webhook.tries + 1
        state = "done" if problem is None else "given_up" if tries >= MOST_TRIES else "due"
        pause = BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1]
        with self._store.transaction() as db:
            db.execute(
                "UPDATE webhooks SET tries = ?, state = ?, problem = ?, due_at = ? WHERE seq = ?",
                (tries, state, problem, stored(self._clock.now() + timedelta(seconds=pause)), webhook.seq),
            )
        return problem is None


WEBHOOK_FAULTS = (
    StripeFault.DELAY_WEBHOOKS,
    StripeFault.DOUBLE_WEBHOOKS,
    StripeFault.REORDER_WEBHOOKS,
    StripeFault.LOSE_WEBHOOKS,
)
LOST = -1


def _webhook(seq: int, facts: Facts, tries: int) -> Webhook:
    event = whole(facts) | {"pending_webhooks": 1}
    return Webhook(seq, event, dumped(event).encode(), tries)
