"""The card processor of P9: the sandbox's Stripe in a process of its own, 200 ms away, with a hard limit a second.

The app is the sandbox's own, faults, limits, keys and book; gunicorn serves it on kept connections, as Stripe does,
where the sandbox's own server would close each.
"""

import json
import os
import sqlite3
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request

from assistant.clock import WallClock
from assistant.sandbox.__main__ import asked, open_world
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.stripe_book import StripeBook
from benchmarks.servers import IN_MEMORY, free_port, running, wait_for_port
from benchmarks.texts import ACCOUNT, BASE_URL, TOKEN

LATENCY_MS = 200
THREADS = 128
"""Each asleep for as long as its request takes: many more than are ever in flight."""
SECRET_KEY = "sk_test_benchmark"
GOOD, DECLINING = "pm_card_visa", "pm_card_visa_chargeDeclinedInsufficientFunds"


def app() -> Flask:
    """For gunicorn. Counts what is asked of Stripe, by method and endpoint."""
    sandbox = create_sandbox(open_world(asked(os.environ)))
    calls: Counter[str] = Counter()

    @sandbox.before_request
    def count() -> None:
        if request.path.startswith("/v1/"):
            calls[f"{request.method} {request.path.split('/')[2]}"] += 1

    @sandbox.get("/sandbox/calls")
    def told() -> Any:  # noqa: ANN401
        return jsonify(calls)

    return sandbox


@dataclass(frozen=True, slots=True)
class OnFile:
    """A customer and their card; the bank will decline it, or not."""

    customer_id: str
    payment_method_id: str
    fingerprint: str
    declines: bool


@dataclass(slots=True)
class Processor:
    """The running sandbox, and its book to look into."""

    url: str
    book: Path
    pid: int
    cards: list[OnFile]

    def limit(self, per_second: int) -> None:
        """From now on, in all and of one endpoint; above it is 429."""
        self._ask("stripe/limits", {"overall": per_second, "endpoint": per_second})

    def be_slow(self) -> None:
        self._ask("stripe/faults", {"kind": "latency", "milliseconds": LATENCY_MS, "times": None})

    def refused(self) -> int:
        """How many requests were answered 429."""
        return int(self._ask("stripe/limits")["turned_away"])

    def calls(self) -> dict[str, int]:
        return dict(self._ask("calls"))

    def took(self, since: datetime) -> list[float]:
        """When each charge was answered, in seconds."""
        rows = self._read("SELECT at FROM keys WHERE at >= ? ORDER BY at", since.isoformat(timespec="microseconds"))
        return [datetime.fromisoformat(at).timestamp() for (at,) in rows]

    def paid(self) -> Counter[tuple[int, int]]:
        """The money that moved: (invoice, cents), and how often."""
        rows = self._read(
            "SELECT facts ->> '$.metadata.invoice', facts ->> '$.amount_received' FROM objects"
            " WHERE kind = 'payment_intent' AND facts ->> '$.metadata.spa' IS NOT NULL"
            " AND facts ->> '$.status' = 'succeeded'"
        )
        return Counter((int(invoice), int(cents)) for invoice, cents in rows)

    def _ask(self, path: str, given: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        asking = urllib.request.Request(  # noqa: S310  # our own
            f"{self.url}/sandbox/{path}",
            data=json.dumps(given).encode() if given else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asking, timeout=10) as said:  # noqa: S310
            return json.load(said)

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.book}?mode=ro", uri=True, timeout=5)) as book:
            return book.execute(query, values).fetchall()


@contextmanager
def processor(customers: int, *, decline_one_in: int) -> Iterator[Processor]:
    """The sandbox with so many customers, each with a card of their own."""
    within = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="assistant-bench-", dir=within) as folder:
        book, port = Path(folder) / "book.sqlite", free_port()
        stripe_book = book.with_name("book-stripe.sqlite")
        cards = _fill(stripe_book, customers, decline_one_in)
        environ = {
            "SANDBOX_PORT": str(port),
            "SANDBOX_BOOK": str(book),
            "PUBLIC_BASE_URL": BASE_URL,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "STRIPE_SECRET_KEY": SECRET_KEY,
        }
        served = ("--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--keep-alive", "75")
        quietly = ("--log-level", "warning", "--bind", f"127.0.0.1:{port}")
        command = [sys.executable, "-m", "gunicorn", *served, *quietly, "benchmarks.processor:app()"]
        with running(command, environ) as process:
            wait_for_port(port, process)
            made = Processor(f"http://127.0.0.1:{port}", stripe_book, process.pid, cards)
            made.be_slow()
            yield made


def _fill(path: Path, customers: int, decline_one_in: int) -> list[OnFile]:
    """Before the server starts: in one transaction, for it is no part of what is measured."""
    with closing(StripeBook(path, WallClock())) as book, book._store.transaction():  # noqa: SLF001
        cards = []
        for number in range(customers):
            customer, fingerprint = book.add_customer(), f"fp{number}"
            declines = number % decline_one_in == decline_one_in - 1
            card = book.add_card(customer, DECLINING if declines else GOOD, fingerprint=fingerprint)
            cards.append(OnFile(customer, card, fingerprint, declines))
        return cards
