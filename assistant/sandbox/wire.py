"""Twilio's own shapes: the message resource, its errors, and the forms it posts to a web server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from assistant.sandbox import twilio_facts

API = "/2010-04-01/Accounts"
VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Account:
    """The one account of this sandbox: its token signs every post and opens the API."""

    sid: str
    token: str


@dataclass(frozen=True, slots=True)
class Step:
    """A status that a message has reached."""

    status: str
    error_code: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A text as Twilio holds it. `direction` is one of inbound, outbound-api, outbound-reply."""

    sid: str
    direction: str
    sender: str
    recipient: str
    body: str
    status: str
    error_code: int | None
    segments: int
    media: int
    validity_seconds: int | None
    callback_url: str | None
    opt_out_type: str | None
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime

    @property
    def is_inbound(self) -> bool:
        return self.direction == "inbound"


def resource(message: Message, account_sid: str) -> dict[str, Any]:
    """A message as the REST API shows it."""
    uri = f"{API}/{account_sid}/Messages/{message.sid}"
    code = message.error_code
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "body": message.body,
        "date_created": _rfc_2822(message.created_at),
        "date_sent": message.sent_at and _rfc_2822(message.sent_at),
        "date_updated": _rfc_2822(message.updated_at),
        "direction": message.direction,
        "error_code": code,
        "error_message": code and twilio_facts.sentence(code, sender=message.sender, to=message.recipient),
        "from": message.sender,
        "messaging_service_sid": None,
        "num_media": str(message.media),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def error(code: int, *, sender: str = "", to: str = "") -> tuple[dict[str, Any], int]:
    """Twilio's error body and its HTTP status."""
    status = twilio_facts.HTTP_STATUS.get(code, 400)
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    message = twilio_facts.sentence(code, sender=sender, to=to)
    return {"code": code, "message": message, "more_info": more_info, "status": status}, status


def inbound_form(message: Message, account_sid: str) -> Mapping[str, str]:
    """What Twilio posts when a text has come in."""
    places = {
        f"{end}{part}": value
        for end in ("From", "To")
        for part, value in (("City", "SAN FRANCISCO"), ("State", "CA"), ("Zip", "94105"), ("Country", "US"))
    }
    media = {
        key: value
        for n in range(message.media)
        for key, value in (
            (f"MediaContentType{n}", "image/jpeg"),
            (f"MediaUrl{n}", f"https://api.twilio.com{API}/{account_sid}/Messages/{message.sid}/Media/ME{n:032x}"),
        )
    }
    opting = {"OptOutType": message.opt_out_type} if message.opt_out_type else {}
    return {
        "AccountSid": account_sid,
        "ApiVersion": VERSION,
        "Body": message.body,
        "From": message.sender,
        "MessageSid": message.sid,
        "NumMedia": str(message.media),
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.recipient,
        **places,
        **media,
        **opting,
    }


def status_form(message: Message, account_sid: str, status: str, error_code: int | None) -> Mapping[str, str]:
    """What Twilio posts when a text has got further, or no further."""
    return {
        "AccountSid": account_sid,
        "ApiVersion": VERSION,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.recipient,
        **({"ErrorCode": str(error_code)} if error_code else {}),
    }


def _rfc_2822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC))
