"""Two ways in to Stripe's book: the real adapters over HTTP, and the ports on the same book in this process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask import Flask, Response, request

from assistant.clock import StoppedClock
from assistant.gateways.pace_port import NoPacer
from assistant.gateways.ports import CardPages, Payments, Refunds, Throttled, Unanswered, Vault
from assistant.gateways.stripe_answers import Reply
from assistant.gateways.stripe_cards import StripeCardPages, StripeVault
from assistant.gateways.stripe_payments import Ask, StripeApi, StripePayments, stripe_client
from assistant.gateways.stripe_refunds import StripeRefunds
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import BookAsk
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.stripe_wire import read_form
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World
from tests.gateways.conftest import Serve
from tests.gateways.stripe_checks import description, misfits

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
KEY = "sk_test_contract"
SPA = "acct_spa"


@dataclass
class Heard:
    """`Ask`, with every request checked against the SDK's own types before it is made."""

    inner: Ask
    wrong: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def __call__(
        self,
        endpoint: str,
        params: Mapping[str, Any],
        *,
        account: str | None,
        id_: str | None = None,
        key: str | None = None,
    ) -> Reply | Throttled | Unanswered:
        self.asked.append((endpoint, key))
        self.wrong += misfits(endpoint, params)
        return self.inner(endpoint, params, account=account, id_=id_, key=key)


@dataclass
class Door:
    """One way in, and the book behind it."""

    book: StripeBook
    clock: StoppedClock
    heard: Heard
    payments: Payments
    pages: CardPages
    vault: Vault
    refunds: Refunds
    slept: list[float] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, Any], int]] = field(default_factory=list)

    def charges(self, **where: object) -> int:
        """How many times money moved."""
        return len(self.book.all("payment_intent", where={"status": "succeeded", **where}))


def new_book(clock: StoppedClock, path: str = ":memory:") -> StripeBook:
    numbers = count(1)
    return StripeBook(path, clock, new_id=lambda: f"{next(numbers):024x}")


@contextmanager
def in_process(_: Serve) -> Iterator[Door]:
    clock = StoppedClock(START)
    book = new_book(clock)
    heard = Heard(BookAsk(book))
    yield Door(
        book,
        clock,
        heard,
        StripePayments(heard),
        StripeCardPages(heard, clock),
        StripeVault(heard),
        StripeRefunds(heard),
    )
    book.close()


@contextmanager
def over_http(serve: Serve) -> Iterator[Door]:
    clock, slept = StoppedClock(START), list[float]()
    book = new_book(clock)
    app = sandbox_app(book, clock)
    with ExitStack() as opened:
        base = opened.enter_context(serve(app))
        client = stripe_client(KEY, base, timeout=(2, 2.5))
        heard = Heard(StripeApi(client, NoPacer(), sleep=slept.append, jitter=lambda: 0.5))
        pages = StripeCardPages(heard, clock)
        door = Door(book, clock, heard, StripePayments(heard), pages, StripeVault(heard), StripeRefunds(heard), slept)
        _overhear(app, door)
        yield door
    book.close()


DOORS: tuple[Callable[[Serve], Any], ...] = (in_process, over_http)


def sandbox_app(book: StripeBook, clock: StoppedClock, *, secret: str = "whsec_test", webhook_url: str = "") -> Flask:
    twilio = TwilioBook(":memory:", clock)
    side = StripeSide(book, webhook_url, secret, KEY)
    return create_sandbox(World(Account("AC0", "token"), twilio, clock, NoInsight("none here"), "", stripe=side))


def _overhear(app: Flask, door: Door) -> None:
    @app.after_request
    def keep(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            form = read_form((request.form if request.method == "POST" else request.args).items(multi=True))
            door.seen.append((request.method, request.path, form, response.status_code))
        return response


def check(door: Door) -> None:
    """Every request made is one that Stripe's SDK and its own description know."""
    assert door.heard.wrong == []
    if (described := description()) is not None:
        assert [
            complaint for method, path, form, _ in door.seen for complaint in described.complaints(method, path, form)
        ] == []
