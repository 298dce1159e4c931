"""A mail as values, whatever program wrote it: out of its MIME, or out of the fields that a provider made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from hashlib import sha256

from assistant.domain import mail_trust
from assistant.domain.words import sanitise

MOST_HEADERS = 300
MOST_PARTS = 200
MOST_WORDS = 200_000
MESSAGE_ID = re.compile(r"<?([!-;=?-~]{1,250})>?")
_CHARSETS = re.compile(
    r"(?:utf-?(?:7|8|16|32)|us-?ascii|iso|latin|windows|cp|koi8|gb|big5|euc|shift|sjis|mac|ks_c|hz|tis)[\w.:-]{0,20}",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252"}


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says, and what it says of itself: none of it is proven."""

    message_id: str
    """Without its angle brackets; made of the mail itself where it has none."""
    author: str | None
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, tuple[str, ...]]
    """Small names, each with all its values."""
    attachments: int = 0

    @property
    def references(self) -> str:
        """The mails it answers, oldest first, as its own header has them."""
        said = " ".join((*self.headers.get("references", ()), *self.headers.get("in-reply-to", ())))
        return " ".join(dict.fromkeys(re.findall(r"<[!-;=?-~]{1,250}>", said)[-20:]))


def from_mime(raw: bytes) -> Mail:
    """A whole mail as it travelled. Raises what Python's parser raises on what is none."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    text, html, attachments = _bodies(message)
    return _mail(_headers(message), text, html, attachments, raw)


def from_fields(fields: Mapping[str, bytes], charsets: Mapping[str, str], attachments: int) -> Mail:
    """The fields that SendGrid makes of a mail, each in the charset that it names (`rules.md` 4.7)."""
    message = BytesParser(policy=compat32).parsebytes(fields.get("headers", b"").strip() + b"\n\n", headersonly=True)
    headers = _headers(message)
    for name in ("from", "subject"):
        if name not in headers and name in fields:
            headers[name] = (decoded(fields[name], charsets.get(name)),)
    text = decoded(fields.get("text", b""), charsets.get("text"))
    if str(message.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, joins=str(message.get_param("delsp", "")).lower() == "yes")
    html = decoded(fields["html"], charsets.get("html")) if "html" in fields else None
    return _mail(headers, text, html, attachments, b"\0".join(fields[name] for name in sorted(fields)))


def decoded(raw: bytes, charset: str | None) -> str:
    """Bytes as words: by the charset they name, else as UTF-8, else as Windows writes. Never raises."""
    named = (charset or "utf-8").strip().strip("\"'").lower()
    named = _AS_BROWSERS_DO.get(named, named)
    for each in (named, "utf-8"):
        if _CHARSETS.fullmatch(each):
            try:
                return raw.decode(each)
            except (LookupError, ValueError):
                continue
    return raw.decode("cp1252", "replace")


def unflowed(text: str, *, joins: bool) -> str:
    """Lines that were broken to be sent, whole again (RFC 3676); a signature's dashes stay by themselves."""
    whole: list[str] = []
    open_line = False
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.removeprefix(" ")
        if open_line and not said.startswith(">") and said != "-- ":
            whole[-1] = (whole[-1][:-1] if joins else whole[-1]) + said
        else:
            whole.append(said)
        open_line = said.endswith(" ") and said != "-- " and not said.startswith(">")
    return "\n".join(whole)


def _mail(headers: dict[str, tuple[str, ...]], text: str, html: str | None, attachments: int, raw: bytes) -> Mail:
    named = MESSAGE_ID.fullmatch(" ".join(headers.get("message-id", ())).strip())
    return Mail(
        message_id=named[1] if named else f"sha256:{sha256(raw).hexdigest()}",
        author=mail_trust.author(headers.get("from", ())),
        subject=sanitise(" ".join(headers.get("subject", ("",))[0].split()))[:300],
        text=text[:MOST_WORDS],
        html=None if html is None else html[:MOST_WORDS],
        headers=headers,
        attachments=attachments,
    )


def _headers(message: Message) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in message.items()[:MOST_HEADERS]:
        small = name.lower()
        found[small] = (*found.get(small, ()), _header(str(value)[:4000]))
    return found


def _header(value: str) -> str:
    """A header in plain words. What it cannot be decoded from is left as it was sent."""
    plain = value.encode("utf-8", "surrogateescape")
    try:
        parts = decode_header(decoded(plain, "utf-8"))
        words = "".join(each if isinstance(each, str) else decoded(each, charset) for each, charset in parts)
    except Exception:  # noqa: BLE001 - the library raises many kinds on hostile headers; such a one is only shown
        words = decoded(plain, "utf-8")
    return " ".join(words.split())


def _bodies(message: Message) -> tuple[str, str | None, int]:
    """The plain words, the HTML, and how many other things came with them."""
    texts: list[str] = []
    pages: list[str] = []
    attachments = 0
    for part, _ in zip(_parts(message), range(MOST_PARTS), strict=False):
        kind = part.get_content_type()
        if kind not in {"text/plain", "text/html"} or part.get_content_disposition() == "attachment":
            attachments += not kind.startswith("multipart/") and part.get("content-id") is None
            continue
        payload = part.get_payload(decode=True)
        words = decoded(payload if isinstance(payload, bytes) else b"", part.get_content_charset())
        if kind == "text/html":
            pages.append(words)
        elif str(part.get_param("format", "")).lower() == "flowed":
            texts.append(unflowed(words, joins=str(part.get_param("delsp", "")).lower() == "yes"))
        else:
            texts.append(words)
    return "\n".join(texts), "\n".join(pages) if pages else None, attachments


def _parts(message: Message) -> list[Message]:
    """The parts of a mail, but not those of a mail that it carries."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend(reversed([each for each in inner if isinstance(each, Message)]))
        else:
            found.append(part)
    return found
