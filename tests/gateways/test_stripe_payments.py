"""Stripe's SDK as our adapters use it: what each answer, and each silence, is taken for."""

import json
import ssl
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import timedelta
from socket import SO_LINGER, SOL_SOCKET, create_server
from threading import Thread
from typing import Any

import pytest
import requests
import stripe
from hypothesis import given
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from assistant.clock import StoppedClock
from assistant.gateways import stripe_answers
from assistant.gateways.pace_port import NoPacer
from assistant.gateways.ports import Approved, Card, ChargeOrder, Declined, PageOrder, Throttled, Unanswered
from assistant.gateways.stripe_answers import Reply
from assistant.gateways.stripe_cards import StripeCardPages, StripeVault
from assistant.gateways.stripe_payments import StripeApi, StripePayments, stripe_client, unheard
from assistant.sandbox.stripe_shapes import API_VERSION
from tests.gateways.conftest import Serve
from tests.gateways.stripe_doors import START

ORDER = ChargeOrder("acct_1", "inv:7:att:1", "cus_1", "pm_1", 14_900, {"spa": "3"})
PAGE = PageOrder(None, "link:9", "cus_1", "https://assistant.example/m/9", "en", {}, START + timedelta(hours=3))
PAID = {
    "id": "pi_1",
    "object": "payment_intent",
    "status": "succeeded",
    "amount": 14_900,
    "amount_received": 14_900,
    "latest_charge": {"id": "ch_1", "object": "charge", "balance_transaction": {"fee": 462}},
}


def answering(
    status: int, body: bytes, heard: list[dict[str, Any]] | None = None
) -> Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if heard is not None:
            heard.append({**environ, "sent": sent.decode()})
        start_response(f"{status} Whatever", [("Content-Type", "application/json")])
        return [body]

    return app


def charged_at(base: str) -> object:
    client = stripe_client("sk_test_1", base, timeout=(0.5, 0.3))
    return StripePayments(StripeApi(client, NoPacer(), sleep=lambda _: None)).charge(ORDER)


def error(code: str | None = None, type_: str = "invalid_request_error", **also: object) -> bytes:
    return json.dumps({"error": {"type": type_, "message": "x", **({"code": code} if code else {}), **also}}).encode()


UNREADABLE = Unanswered("Stripe's answer cannot be read")
CARD = {"type_": "card_error", "decline_code": "do_not_honor", "network_decline_code": "05"}


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, json.dumps(PAID).encode(), Approved("pi_1", "ch_1", 14_900, 462)),
        (200, json.dumps(PAID | {"latest_charge": "ch_1"}).encode(), Approved("pi_1", "ch_1", 14_900)),
        (200, json.dumps(PAID | {"status": "processing"}).encode(), Unanswered("processing")),
        (200, json.dumps(PAID | {"status": "requires_capture"}).encode(), Unanswered("requires_capture")),
        (
            200,
            json.dumps(PAID | {"status": "requires_action"}).encode(),
            Declined("pi_1", "authentication_required"),
        ),
        (402, error("card_declined", **CARD), Declined(None, "do_not_honor", None, "05")),
        (
            402,
            error("authentication_required", "card_error", decline_code="card_declined"),
            Declined(None, "authentication_required"),
        ),
        (402, error("expired_card", "card_error"), Declined(None, "expired_card")),
        (402, b"{}", Unanswered("Stripe answered with status 402")),
        (400, error("amount_too_small", param="amount"), Declined(None, "invalid_request")),
        (400, error("resource_missing", param="payment_method"), Declined(None, "resource_missing")),
        (400, error(None, param="payment_method"), Declined(None, "resource_missing")),
        (404, error("resource_missing"), Declined(None, "resource_missing")),
        (400, error(None, "idempotency_error"), Unanswered("key was used with other parameters")),
        (
            409,
            error("idempotency_key_in_use", "idempotency_error"),
            Unanswered("the same key is in use by a request that is going on"),
        ),
        (429, error("rate_limit"), Throttled("Stripe is busy: rate_limit")),
        (429, error("lock_timeout"), Throttled("Stripe is busy: lock_timeout")),
        (400, error("rate_limit"), Throttled("Stripe is busy: rate_limit")),
        (429, b"<html>slow down</html>", Throttled("Stripe is busy: rate_limit")),
        (400, b"<html>bad</html>", Unanswered("Stripe answered with status 400")),
        (404, b"<html>gone</html>", Unanswered("Stripe answered with status 404")),
        (401, error(), Throttled("Stripe does not let us: unauthorized")),
        (403, error(), Throttled("Stripe does not let us: forbidden")),
        (500, error(None, "api_error"), Unanswered("Stripe answered with status 500")),
        (503, b"<html>down</html>", Unanswered("Stripe answered with status 503")),
        (200, b"<html>a proxy's page</html>", UNREADABLE),
        (200, b"{}", UNREADABLE),
        (200, b'{"id": "pi_1", "obj', UNREADABLE),
        (200, b'{"object": "payment_intent"}', Unanswered("Stripe said nothing that can be read")),
        (302, b"{}", Unanswered("Stripe answered with status 302")),
    ],
)
def test_each_answer_is_taken_for_what_it_is(serve: Serve, status: int, body: bytes, answer: object) -> None:
    with serve(answering(status, body)) as base:
        said = charged_at(base)
    assert said == answer


GARBLED = [
    b"\xff\xfe",
    b"[1]",
    b'"x"',
    b"null",
    b"",
    b'{"error": "x"}',
    b'{"error": []}',
    b'{"error": null}',
    b'{"error": {"type": 5, "code": [], "payment_intent": "pi"}}',
    b'{"object": "payment_intent", "status": "succeeded", "latest_charge": "ch"}',
    b'{"object": "list", "data": [{"id": "pi_1"}]}',
    b'{"object": "list", "data": 5}',
]


@pytest.mark.parametrize("body", GARBLED)
def test_nothing_that_is_sent_instead_of_an_answer_is_more_than_a_doubt(serve: Serve, body: bytes) -> None:
    """The SDK itself trips over some of these."""
    for status in (200, 400):
        with serve(answering(status, body)) as base:
            api = StripeApi(stripe_client("sk_test_1", base, timeout=(0.5, 0.3)), NoPacer())
            payments, pages, vault = StripePayments(api), StripeCardPages(api, StoppedClock(START)), StripeVault(api)
            assert isinstance(payments.charge(ORDER), Unanswered)
            assert isinstance(payments.fetch(None, "pi_1"), Unanswered)
            assert isinstance(payments.listed(None, since=START), Unanswered)
            assert isinstance(pages.open(PAGE), Unanswered)
            assert isinstance(pages.fetch(None, "cs_1"), Unanswered)
            assert isinstance(vault.customer(None, key="k", metadata={}), Unanswered)
            assert not isinstance(vault.card(None, "pm_1"), Card)


def test_a_charge_is_asked_for_once_under_its_key_and_its_account(serve: Serve) -> None:
    heard: list[dict[str, Any]] = []
    with serve(answering(500, error(None, "api_error"), heard)) as base:
        charged_at(base)
    [asked] = heard
    assert asked["HTTP_IDEMPOTENCY_KEY"] == ORDER.key
    assert asked["HTTP_STRIPE_ACCOUNT"] == "acct_1"
    assert asked["HTTP_STRIPE_VERSION"] == API_VERSION
    assert "metadata[key]=inv%3A7%3Aatt%3A1" in asked["sent"]
    assert "off_session=true" in asked["sent"]


def test_only_what_stripe_has_no_time_for_is_asked_again_under_the_same_key(serve: Serve) -> None:
    heard: list[dict[str, Any]] = []
    with serve(answering(429, error("rate_limit"), heard)) as base:
        charged_at(base)
    assert [asked["HTTP_IDEMPOTENCY_KEY"] for asked in heard] == [ORDER.key] * 4


# --- silences ---------------------------------------------------------------------------------------------------------


def test_nobody_there_is_surely_not_attempted() -> None:
    with create_server(("127.0.0.1", 0)) as closed:
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert charged_at(base) == Throttled("not asked: no connection to Stripe")


def test_a_silence_is_in_doubt() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        assert charged_at(f"http://127.0.0.1:{silent.getsockname()[1]}") == Unanswered("ReadTimeout")


def test_a_connection_that_breaks_is_in_doubt() -> None:
    with create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with closing(listening.accept()[0]) as connection:
                connection.recv(100)
                connection.setsockopt(SOL_SOCKET, SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # close with a reset

        thread = Thread(target=hang_up)
        thread.start()
        assert charged_at(f"http://127.0.0.1:{listening.getsockname()[1]}") == Unanswered("ConnectionError")
        thread.join()


LINE = HTTPConnection("api.stripe.com")


def gave_up(reason: Exception) -> MaxRetryError:
    """As `requests` wraps what urllib3 says."""
    return MaxRetryError(None, "/", reason)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (requests.ConnectTimeout(gave_up(ConnectTimeoutError())), Throttled),
        (requests.ConnectionError(gave_up(NewConnectionError(LINE, "refused"))), Throttled),
        (requests.exceptions.SSLError(gave_up(SSLError(ssl.SSLCertVerificationError()))), Throttled),
        (requests.exceptions.SSLError(gave_up(SSLError(ssl.SSLEOFError()))), Unanswered),
        (requests.ConnectionError(("Connection aborted.", ConnectionResetError())), Unanswered),
        (requests.ReadTimeout(), Unanswered),
        (requests.ConnectionError(), Unanswered),
        (requests.exceptions.SSLError(), Unanswered),
        (requests.exceptions.ChunkedEncodingError(), Unanswered),
        (ValueError(), Unanswered),
        (None, Unanswered),
    ],
)
def test_only_what_never_left_is_surely_not_attempted(cause: Exception | None, kind: type) -> None:
    error = stripe.APIConnectionError("x")
    error.__cause__ = cause
    assert isinstance(unheard(error), kind)


# --- pure -------------------------------------------------------------------------------------------------------------

CODES = st.none() | st.sampled_from(["card_declined", "resource_missing", "rate_limit", "x"])
KINDS = st.sampled_from(["card_error", "invalid_request_error", "idempotency_error", "api_error"])


@given(status=st.integers(200, 599), code=CODES, kind=KINDS)
def test_every_status_is_answered_and_a_decline_is_never_made_of_a_failure(
    status: int, code: str | None, kind: str
) -> None:
    answer = stripe_answers.charge_answer(Reply(status, {"error": {"type": kind, "code": code}}))
    assert not isinstance(answer, Approved)
    if isinstance(answer, Declined):
        assert status in (400, 402, 404)
    if status >= 500 and code != "rate_limit":
        assert isinstance(answer, Unanswered)


@pytest.mark.parametrize(
    ("status", "wanted", "at_least", "at_most"),
    [
        ("soon", timedelta(0), 30, 40),
        ("late", timedelta(days=9), 22 * 60, 24 * 60),
        ("fits", timedelta(hours=5), 300, 300),
    ],
)
def test_a_page_ends_within_what_stripe_allows(status: str, wanted: timedelta, at_least: int, at_most: int) -> None:
    assert status
    for seconds in range(0, 7200, 97):
        now = START + timedelta(seconds=seconds)
        minutes = (stripe_answers.page_expiry(now + wanted, now) - now.timestamp()) / 60
        assert at_least <= minutes <= at_most
