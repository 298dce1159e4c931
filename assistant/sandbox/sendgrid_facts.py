"""What SendGrid takes and what it says: its checks of a mail, its errors, its events, as its documents have them."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

RESERVED = frozenset(
    "x-sg-id x-sg-eid received dkim-signature content-type content-transfer-encoding"
    " to from subject reply-to cc bcc".split()
)
"""Headers that a request may not set."""
ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
MOST_ARGS = 10_000
STATUSES = {
    "processed": "Taken",
    "deferred": "Delayed",
    "delivered": "Delivered",
    "bounce": "Bounced",
    "blocked": "Blocked",
    "dropped": "Dropped",
    "received": "Received",
}
UNSUBSCRIBED = {
    "bounce": "Bounced Address",
    "spamreport": "Spam Reporting Address",
    "unsubscribe": "Unsubscribed Address",
}
"""What an earlier event makes SendGrid say when it drops the next mail to an address."""
LATER = frozenset(UNSUBSCRIBED) | {"open"}
"""What can still happen to a mail that has arrived. We ask for no opens; some are told all the same."""


def faults(asked: object) -> list[tuple[str, str]]:
    """What SendGrid would not take of a request: field and sentence; none for a good one."""
    if not isinstance(asked, dict):
        return [("", "Bad Request")]
    return list(_faults(asked))


def _faults(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _recipients(asked.get("personalizations"))
    if not _is_address(asked.get("from")):
        yield "from.email", "The from email does not contain a valid address."
    if "reply_to" in asked and not _is_address(asked["reply_to"]):
        yield "reply_to.email", "The reply_to email does not contain a valid address."
    if not isinstance(asked.get("subject"), str) or not asked["subject"]:
        yield "subject", "The subject is required."
    yield from _content(asked.get("content"))
    headers = asked.get("headers", {})
    for name, value in headers.items() if isinstance(headers, dict) else [("headers", None)]:
        if name.lower() in RESERVED or not isinstance(value, str) or not value.isascii() or "\n" in value:
            yield "headers", f"The header {name} is not allowed."


def _recipients(given: object) -> Iterator[tuple[str, str]]:
    if not isinstance(given, list) or not given:
        yield "personalizations", "The personalizations field is required and must have at least one personalization."
        return
    for place, each in enumerate(given):
        to = each.get("to") if isinstance(each, dict) else None
        if not isinstance(to, list) or not to:
            yield f"personalizations.{place}.to", "The to array is required for all personalization objects."
        elif not all(_is_address(one) for one in to):
            yield f"personalizations.{place}.to.0.email", "Does not contain a valid address."
        args = each.get("custom_args", {}) if isinstance(each, dict) else {}
        if not isinstance(args, dict) or any(not isinstance(one, str) for one in args.values()):
            yield f"personalizations.{place}.custom_args", "The custom_args must be an object of strings."
        elif len(json.dumps(args)) > MOST_ARGS:
            yield f"personalizations.{place}.custom_args", "The custom_args are over 10,000 bytes."


def _content(given: object) -> Iterator[tuple[str, str]]:
    if not isinstance(given, list) or not given:
        yield "content", "Unless a valid template_id is provided, the content parameter is required."
        return
    kinds = [each.get("type") if isinstance(each, dict) else None for each in given]
    if any(not isinstance(each, dict) or not each.get("value") for each in given):
        yield "content.0.value", "The content value must be a string at least one character in length."
    if "text/plain" in kinds[1:]:
        yield "content", "If present, text/plain must be the first content."


def _is_address(given: object) -> bool:
    named = given.get("email") if isinstance(given, dict) else None
    return isinstance(named, str) and bool(ADDRESS.fullmatch(named))


def error(status: int, faults: list[tuple[str, str]]) -> tuple[dict[str, Any], int]:
    """SendGrid's error body and its HTTP status."""
    told = [{"message": said, **({"field": field} if field else {})} for field, said in faults]
    return {"errors": told}, status


def event(kind: str, mail: dict[str, Any], event_id: str, at: datetime, reason: str = "") -> dict[str, Any]:
    """One event as the webhook tells it; what was sent as custom arguments stands beside it."""
    told: dict[str, Any] = {
        **mail["args"],
        "email": mail["recipient"],
        "timestamp": int(at.timestamp()),
        "event": "bounce" if kind == "blocked" else kind,
        "sg_event_id": event_id,
        "sg_message_id": f"{mail['id']}.recvd-5f54b6-1-0.0",
        "smtp-id": mail["message_id"],
    }
    match kind:
        case "bounce" | "blocked":
            status = "5.1.1" if kind == "bounce" else "4.7.1"
            told |= {"type": kind, "reason": reason or "550 5.1.1 no such mailbox", "status": status}
        case "dropped" | "deferred":
            told |= {"reason": reason}
        case "delivered":
            told |= {"response": "250 OK"}
    return told
