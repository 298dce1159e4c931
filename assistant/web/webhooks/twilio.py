"""Twilio's door: is it truly Twilio, then keep what came and say thank you."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import parse_qsl

from flask import Blueprint, Response, abort, request

from assistant.domain.delivery import TWILIO
from assistant.gateways.signatures import is_from_twilio
from assistant.services import inbound as inbox
from assistant.services import messaging
from assistant.services.inbound import Incoming
from assistant.web.here import here

bp = Blueprint("twilio", __name__)
P = ParamSpec("P")

MOST_BYTES = 64 * 1024
MOST_FIELDS = 100
"""Twilio sends some twenty fields of a few hundred bytes; pictures come as links."""
SID = re.compile(r"[A-Z]{2}[0-9A-Za-z]{1,32}")
"""Thirty-four characters when it is Twilio's; none is longer."""
ADDRESS = re.compile(r"\+?[0-9]{1,16}|[0-9A-Za-z .&+_-]{1,11}")
NUMBER = re.compile(r"[0-9]{1,18}")
"""Within what a bigint holds."""


def empty_twiml() -> Response:
    """Thank you, and no answer yet: that comes by itself."""
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response />', mimetype="text/xml")


def signed_by_twilio(view: Callable[Concatenate[dict[str, str], P], Response]) -> Callable[P, Response]:
    """Pass on the parameters of a request that Twilio signed; anything else is 400 or 403, whatever it holds.

    The signature covers the configured public address, never the `Host` that was sent (`reliability.md` §2.2).
    """

    @wraps(view)
    def door(*args: P.args, **kwargs: P.kwargs) -> Response:
        pairs = _form()
        settings = here().settings
        url = settings.public_base_url + request.path
        if request.query_string:
            url += "?" + request.query_string.decode("latin-1")
        tokens = [token for token in (settings.twilio_auth_token, settings.twilio_auth_token_old) if token]
        if not is_from_twilio(tokens, url, pairs, request.headers.get("X-Twilio-Signature")):
            abort(403)
        return view(dict(pairs), *args, **kwargs)

    return door


@bp.post("/webhooks/twilio/inbound")
@signed_by_twilio
def inbound(form: dict[str, str]) -> Response:
    """Keep the text and say thank you. A job does the thinking, so a text is never lost to a bug."""
    text = Incoming(
        external_id=_sid(form),
        sender=_address(form, "From"),
        recipient=_address(form, "To"),
        body=form.pop("Body", ""),
        facts=form,
    )
    inbox.keep(here().runtime, text)
    return empty_twiml()


@bp.post("/webhooks/twilio/status")
@signed_by_twilio
def status(form: dict[str, str]) -> Response:
    """How a text of ours is doing. `m` and `s` name our own row: Twilio signed them with the address."""
    spa_id, message_id = _number(request.args.get("s")), _number(request.args.get("m"))
    provider_id, said = _sid(form), TWILIO.get(_required(form, "MessageStatus"))
    code = _number(form["ErrorCode"]) if form.get("ErrorCode") else None
    if said is not None:
        here().runtime.transact(
            lambda uow: messaging.heard(uow, spa_id, message_id, provider_id=provider_id, status=said, code=code)
        )
    return Response(status=204)


def _form() -> list[tuple[str, str]]:
    """The form as it was sent, every field once, in its own order; what is no form, or too much of one, is 400."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(400)
    raw = request.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        abort(400)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        abort(400)
    return pairs


def _required(form: dict[str, str], name: str) -> str:
    """A parameter Twilio always sends: short, and with nothing in it that is not printed."""
    value = form.pop(name, "")
    if not 0 < len(value) <= 100 or not value.isprintable():
        abort(400)
    return value


def _sid(form: dict[str, str]) -> str:
    """The message's own id. Twilio signs names and values run together: no id may be able to swallow its neighbour."""
    sid = _required(form, "MessageSid")
    if not SID.fullmatch(sid):
        abort(400)
    return sid


def _address(form: dict[str, str], name: str) -> str:
    """A number, a short code or a sender's name; as with the id, none that could hold a neighbour."""
    value = _required(form, name)
    if not ADDRESS.fullmatch(value):
        abort(400)
    return value


def _number(value: str | None) -> int:
    if value is None or not NUMBER.fullmatch(value):
        abort(400)
    return int(value)
