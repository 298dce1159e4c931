"""Stripe's API as its SDK calls it: forms in, JSON out, and what can go wrong with a connection."""

import socket
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from threading import Event
from time import sleep

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from assistant.sandbox.stripe_endpoints import Call
from assistant.sandbox.stripe_keys import Outcome, Refused, invalid
from assistant.sandbox.stripe_objects import dumped
from assistant.sandbox.stripe_shapes import API_VERSION, whole
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.stripe_wire import read_form

API = "/v1/"
NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, as a Bearer token."
)


def stripe_rest(side: StripeSide, bell: Event) -> Blueprint:
    """Every endpoint of the book."""
    bp = Blueprint("stripe", __name__, url_prefix="/v1")

    @bp.before_request
    def authenticate() -> ResponseReturnValue | None:
        key = _key()
        if side.knows(key):
            return None
        words = f"Invalid API Key provided: {key[:8]}****" if key else NO_KEY
        return _sent(Refused(401, type="invalid_request_error", message=words).outcome)

    for name, endpoint in side.book.endpoints():
        view = _view(side, bell, name)
        bp.add_url_rule(f"/{endpoint.path}", name.replace(".", "_"), view, methods=[endpoint.method])
    return bp


def unknown_endpoint() -> ResponseReturnValue:
    """Nothing of Stripe's that the sandbox knows."""
    return _sent(invalid(f"Unrecognized request URL ({request.method}: {request.path}).", status=404).outcome)


def _view(side: StripeSide, bell: Event, name: str) -> Callable[..., ResponseReturnValue]:
    def view(id: str = "") -> ResponseReturnValue:  # noqa: A002 - as the address has it
        given = request.form if request.method == "POST" else request.args
        call = Call(
            name,
            read_form(given.items(multi=True)),
            request.headers.get("Stripe-Account", ""),
            id,
            request.headers.get("Idempotency-Key") or None,
            side.origin or request.host_url.rstrip("/"),
        )
        outcome = side.book.request(call, sleep=sleep)
        bell.set()
        if outcome.reset:
            _break_off()
        sleep(outcome.hang_seconds)
        return _sent(outcome)

    return view


def _key() -> str:
    """Of a Bearer token, or of the user name that curl -u sends."""
    given = request.authorization
    return (given.token or given.username or "") if given else ""


def _sent(outcome: Outcome) -> Response:
    response = Response(dumped(whole(outcome.body)), outcome.status, mimetype="application/json")
    response.headers["Request-Id"] = f"req_{token_hex(7)}"
    response.headers["Stripe-Version"] = API_VERSION
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    if outcome.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _break_off() -> None:
    """Nothing more is said on this connection."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
