"""The vendors' SDKs as we build them: they call the address they are given, once, and do not wait for ever."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from socket import create_server
from time import monotonic
from typing import Any

import pytest
import stripe

from assistant.gateways.sendgrid_emails import sendgrid_client
from assistant.gateways.stripe_payments import stripe_client
from tests.gateways.conftest import Serve

EMAIL = {"personalizations": [{"to": [{"email": "ana@example.com"}]}], "from": {"email": "spa@example.com"}}


@contextmanager
def silent() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def keeping(calls: list[tuple[str, str]], status: str, body: bytes) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        calls.append((environ["PATH_INFO"], environ["HTTP_AUTHORIZATION"]))
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    return app


def test_stripe_calls_the_given_address(serve: Serve) -> None:
    calls: list[tuple[str, str]] = []
    with serve(keeping(calls, "200 OK", b'{"id": "cus_1", "object": "customer"}')) as base:
        assert stripe_client("sk_test_1", base).v1.customers.retrieve("cus_1").id == "cus_1"
    assert calls == [("/v1/customers/cus_1", "Bearer sk_test_1")]


def test_stripe_asks_once_only(serve: Serve) -> None:
    calls: list[tuple[str, str]] = []
    with serve(keeping(calls, "500 Oops", b"{}")) as base, pytest.raises(stripe.APIError):
        stripe_client("sk_test_1", base).v1.customers.create({"name": "Ana"})
    assert len(calls) == 1


def test_stripe_does_not_wait_for_ever() -> None:
    began = monotonic()
    with silent() as base, pytest.raises(stripe.APIConnectionError):
        stripe_client("sk_test_1", base, timeout=(0.3, 0.3)).v1.customers.retrieve("cus_1")
    assert timedelta(seconds=monotonic() - began) < timedelta(seconds=3)


def test_sendgrid_calls_the_given_address(serve: Serve) -> None:
    calls: list[tuple[str, str]] = []
    with serve(keeping(calls, "202 Accepted", b"")) as base:
        assert sendgrid_client("SG.1", base).send(EMAIL).status_code == 202
    assert calls == [("/v3/mail/send", "Bearer SG.1")]


def test_sendgrid_does_not_wait_for_ever() -> None:
    began = monotonic()
    with silent() as base, pytest.raises(TimeoutError):
        sendgrid_client("SG.1", base, timeout=0.3).send(EMAIL)
    assert timedelta(seconds=monotonic() - began) < timedelta(seconds=3)


def test_the_vendors_own_addresses_are_the_defaults() -> None:
    assert sendgrid_client("SG.1").host == "https://api.sendgrid.com"
    assert stripe_client("sk_test_1")._requestor.base_addresses["api"] == "https://api.stripe.com"  # noqa: SLF001
