"""Stripe's door: is it truly Stripe, and truly now; then keep what it is about and say thank you."""

import json
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, request

from assistant.gateways.signatures import is_from_stripe
from assistant.services import stripe_events
from assistant.web.here import here

bp = Blueprint("stripe", __name__)

MOST_BYTES = 256 * 1024
"""Several times the largest event."""


@bp.post("/webhooks/stripe")
def webhook() -> Response:
    """Keep the event's names and say thank you: whatever it brings about, a job does."""
    raw = _body()
    settings, rt = here().settings, here().runtime
    secrets = [each for each in (settings.stripe_webhook_secret, settings.stripe_webhook_secret_old) if each]
    if not is_from_stripe(secrets, raw, request.headers.get("Stripe-Signature"), now=rt.clock.now()):
        abort(403)
    told = stripe_events.read(_parsed(raw))
    if told is None:
        abort(400)
    stripe_events.keep(rt, told, livemode=settings.stripe_is_live)
    return Response(status=200, mimetype="text/plain")


def _body() -> bytes:
    """The very bytes, which are what is signed; too many of them is 400, whatever length was announced."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(400)
    raw = request.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        abort(400)
    return raw


def _parsed(raw: bytes) -> object:
    """JSON as Stripe writes it. What is none, or is deeper, larger or odder than any of Stripe's, is 400."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        abort(400)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name twice")
    return made


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
