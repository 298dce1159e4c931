"""A mail on its way in: as MIME, and as the form that SendGrid's Inbound Parse posts of it, parsed or raw."""

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from enum import StrEnum
from secrets import token_hex

from assistant.sandbox.mail_programs import Written

PHOTO = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SENT_BY = "192.0.2.25"
"""An address for examples: nobody's."""
UNFOLDED = SMTP.clone(max_line_length=998)
"""Long Message-IDs stay whole, as mail servers leave them."""


class Parts(StrEnum):
    """Which bodies a mail has."""

    BOTH = "both"
    PLAIN = "plain"
    HTML = "html"


class Form(StrEnum):
    """How the Inbound Parse of a domain is set up: fields, or the whole mail."""

    PARSED = "parsed"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whose mail it is and where it goes. `proven`: whether the author's domain stands by it."""

    author: str
    author_name: str
    to: str
    proven: bool = True

    @property
    def verdicts(self) -> dict[str, str]:
        """SendGrid's own two checks, as it writes them (`rules.md` 4.12)."""
        if not self.proven:
            return {"SPF": "softfail", "dkim": "none"}
        return {"SPF": "pass", "dkim": f"{{@{self.author.rpartition('@')[2]} : pass}}"}


@dataclass(frozen=True, slots=True)
class Travelling:
    """A mail as it left its program. `headers` are those that name and thread it."""

    envelope: Envelope
    subject: str
    headers: dict[str, str]
    written: Written
    parts: Parts
    at: datetime
    photo: bool = False


def mime(mail: Travelling) -> bytes:
    """The whole mail, as servers hand it on."""
    message = EmailMessage(policy=SMTP)
    domain = mail.envelope.author.rpartition("@")[2]
    stamp = format_datetime(mail.at)
    message["Received"] = f"from mail.{domain} ([{SENT_BY}]) by mx.sandbox.example.net with ESMTP; {stamp}"
    message["From"] = formataddr((mail.envelope.author_name, mail.envelope.author))
    message["To"] = mail.envelope.to
    message["Subject"] = mail.subject
    message["Date"] = stamp
    for name, value in mail.headers.items():
        message[name] = value
    _bodies(message, mail)
    return message.as_bytes(policy=UNFOLDED)


def _bodies(message: EmailMessage, mail: Travelling) -> None:
    written, charset = mail.written, mail.written.charset
    if mail.parts is Parts.HTML:
        message.set_content(written.html, subtype="html", charset=charset, cte="quoted-printable")
    else:
        message.set_content(written.text, charset=charset, cte="quoted-printable")
    if mail.parts is Parts.BOTH:
        message.add_alternative(written.html, subtype="html", charset=charset, cte="quoted-printable")
    if mail.photo:
        message.add_attachment(PHOTO, maintype="image", subtype="png", filename="IMG_0001.png")


# --- the post --------------------------------------------------------------------------------------------------------


def post(mail: Travelling, form: Form) -> tuple[str, bytes]:
    """What Inbound Parse posts: its content type and its body (`rules.md` 4.7)."""
    raw = mime(mail)
    envelope = mail.envelope
    shared = {
        "to": envelope.to.encode(),
        "from": formataddr((envelope.author_name, envelope.author), charset="utf-8").encode(),
        "subject": mail.subject.encode(),
        "sender_ip": SENT_BY.encode(),
        "envelope": json.dumps({"to": [envelope.to], "from": envelope.author}).encode(),
        **{name: value.encode() for name, value in envelope.verdicts.items()},
    }
    if form is Form.RAW:
        return _multipart({**shared, "email": raw, "charsets": _charsets({})})
    return _multipart({"headers": raw.partition(b"\r\n\r\n")[0] + b"\r\n", **shared, **_fields(mail)}, photo=mail.photo)


def _fields(mail: Travelling) -> dict[str, bytes]:
    """The bodies in the charset that their program chose, and which that is."""
    charset = mail.written.charset
    said = {"text": mail.written.text, "html": mail.written.html}
    if mail.parts is not Parts.BOTH:
        said.pop("html" if mail.parts is Parts.PLAIN else "text")
    return {
        **{name: words.encode(charset) for name, words in said.items()},
        "charsets": _charsets(dict.fromkeys(said, charset)),
        "attachments": str(int(mail.photo)).encode(),
    }


def _charsets(more: dict[str, str]) -> bytes:
    return json.dumps({"to": "UTF-8", "from": "UTF-8", "subject": "UTF-8", **more}).encode()


def _multipart(fields: dict[str, bytes], *, photo: bool = False) -> tuple[str, bytes]:
    """Bytes, not words: each field has a charset of its own."""
    boundary = f"xYzZY{token_hex(12)}"
    opening = f"--{boundary}\r\nContent-Disposition: form-data; name=".encode()
    parts = [opening + f'"{name}"\r\n\r\n'.encode() + value + b"\r\n" for name, value in fields.items()]
    if photo:
        named = b'"attachment1"; filename="IMG_0001.png"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(opening + named + PHOTO + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()
