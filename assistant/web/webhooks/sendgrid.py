"""SendGrid's doors: is it truly SendGrid, and just now; then keep what came and say thank you."""

import json
import logging
import re
from collections.abc import Mapping

import psycopg
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from assistant.domain import mail
from assistant.gateways.signatures import is_from_sendgrid
from assistant.services import mail_events, mail_in
from assistant.services.mail_events import Told
from assistant.services.mail_in import Posted
from assistant.web.here import here

bp = Blueprint("sendgrid", __name__)
log = logging.getLogger(__name__)

MOST_MAIL = 32 * 1024 * 1024
"""SendGrid itself takes no more than 30 MB."""
MOST_EVENTS_BYTES = 4 * 1024 * 1024
MOST_PARTS = 1_000
SECONDS = re.compile(r"[0-9]{10}")


@bp.post("/webhooks/sendgrid/inbound")
def inbound() -> Response:
    """Keep the mail and say thank you. What cannot be read is kept as it came: asked again it would be no better."""
    settings = here().settings
    raw = _signed(MOST_MAIL, settings.sendgrid_inbound_public_key, settings.sendgrid_inbound_public_key_old)
    rt = here().runtime
    try:
        mail_in.keep(rt, posted(raw, request.mimetype_params.get("boundary", "")))
    except (SQLAlchemyError, psycopg.Error) as error:
        if not isinstance(error, psycopg.DataError):
            raise
        mail_in.keep_poison(rt, raw, type(error).__name__)
    except Exception as error:
        log.exception("a mail could not be read")
        mail_in.keep_poison(rt, raw, type(error).__name__)
    return Response(status=200, mimetype="text/plain")


@bp.post("/webhooks/sendgrid/events")
def events() -> Response:
    """What became of our mail: a list of events, each acted on once."""
    settings = here().settings
    raw = _signed(MOST_EVENTS_BYTES, settings.sendgrid_events_public_key, settings.sendgrid_events_public_key_old)
    try:
        told = json.loads(raw.decode())
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(told, list):
        abort(400)
    mail_events.keep(here().runtime, [each for event in told if (each := Told.read(event))])
    return Response(status=200, mimetype="text/plain")


def _signed(most: int, *keys: str | None) -> bytes:
    """The very bytes that SendGrid signed just now; anything else is 403. What bears none is not read."""
    signature = request.headers.get("X-Twilio-Email-Event-Webhook-Signature")
    timestamp = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp")
    known = [key for key in keys if key]
    if not known or not signature or not SECONDS.fullmatch(timestamp or ""):
        abort(403)
    if (request.content_length or 0) > most:
        abort(413)
    request.max_content_length = most
    raw = request.get_data(cache=False, parse_form_data=False)
    if not is_from_sendgrid(known, raw, signature, timestamp, now=here().runtime.clock.now()):
        abort(403)
    return raw


def posted(raw: bytes, boundary: str) -> Posted:
    """The mail of a post, parsed or raw. Raises for what cannot be read."""
    fields, attachments = _fields(raw, boundary.encode("latin-1"))
    charsets = _object(fields.get("charsets", b"{}"))
    envelope = _object(fields.get("envelope", b"{}"))
    to = envelope.get("to")
    recipients = tuple(str(each).strip().lower()[:320] for each in to[:50]) if isinstance(to, list) else ()
    named = {name: str(value) for name, value in charsets.items()}
    read = mail.from_mime(fields["email"]) if "email" in fields else mail.from_fields(fields, named, attachments)
    return Posted(
        mail=read,
        envelope_from=str(envelope.get("from", ""))[:320],
        envelope_to=recipients,
        spf=mail.decoded(fields.get("SPF", b""), None),
        dkim=mail.decoded(fields.get("dkim", b""), None),
    )


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(mail.decoded(raw, None))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _fields(raw: bytes, boundary: bytes) -> tuple[dict[str, bytes], int]:
    """The form's fields as bytes, for each has its own charset; and how many files came with them, which are let go."""
    decoder = MultipartDecoder(boundary, max_form_memory_size=None, max_parts=MOST_PARTS)
    decoder.receive_data(raw)
    decoder.receive_data(None)
    fields: dict[str, bytes] = {}
    files, name = 0, None
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        match event:
            case Field():
                name = event.name
            case File():
                files, name = files + 1, None
            case Data() if name is not None:
                fields[name] = fields.get(name, b"") + event.data
    if not {"email", "from", "headers"} & fields.keys():
        raise ValueError("no mail in it")
    return fields, files
