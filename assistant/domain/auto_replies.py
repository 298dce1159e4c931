"""Mail that no person wrote, or that must not be answered: robots, bounces, lists and loops (`rules.md` 4.4, 4.5)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.domain.mail_trust import Trust

Headers = Mapping[str, Sequence[str]]
"""A mail's headers: small names, each with all its values."""


class Unanswered(StrEnum):
    """Why a mail is not to be answered."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    OWN = "own"
    ROBOT = "robot"
    TOO_MANY = "too_many"
    LOOP = "loop"


BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
AUTOMATIC = ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponder", "x-ms-exchange-generated")
LISTS = ("list-id", "list-post", "list-help", "list-owner", "list-archive", "list-subscribe", "mailing-list")
ROBOTS = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|(?:no|do[-_.]?not|never)[-_.]?reply|bounces?|auto[-_.]?(?:reply|responder|mail)"
    r"|listserv|majordomo|root|daemon|nobody|noresponder|no[-_.]?responder)(?:[-+_.=].*)?"
)
"""What stands before the @ of an address that nobody reads."""
AWAY = re.compile(
    r"\s*(?:(?:automatic(?:ally generated)?|auto(?:mated)?)[- ]?(?:reply|response)|autoreply|out of (?:the )?office"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|undeliver(?:able|ed)|delivery (?:status notification|failure)"
    r"|mail delivery (?:failed|failure|subsystem)|returned mail|no se pudo entregar|i am out of office)\b",
    re.IGNORECASE,
)
"""How a subject begins that a program wrote; some set no header (`features.md` F1)."""


def never_answered(
    headers: Headers, *, author: str | None, envelope_from: str, subject: str, own: Iterable[str] = ()
) -> Unanswered | None:
    """Why this mail may not be answered whoever sent it, or None. `own`: our own domains, which never write to us."""
    name, _, domain = (author or "").rpartition("@")
    if _is_bounce(headers, envelope_from):
        return Unanswered.BOUNCE
    if _is_automatic(headers, subject):
        return Unanswered.AUTO_REPLY
    if any(each in headers for each in LISTS) or _first(headers, "precedence").lower() in BULK:
        return Unanswered.LIST
    if any(domain == each.lower() or domain.endswith(f".{each.lower()}") for each in own if each):
        return Unanswered.OWN
    return Unanswered.ROBOT if ROBOTS.fullmatch(name) else None


def _is_bounce(headers: Headers, envelope_from: str) -> bool:
    returned = {"".join(each.split()) for each in headers.get("return-path", ())}
    kind = _first(headers, "content-type").lower()
    report = kind.startswith("multipart/report") and "disposition-notification" not in kind
    return envelope_from.strip() in {"", "<>"} or "<>" in returned or report


def _is_automatic(headers: Headers, subject: str) -> bool:
    marked = _first(headers, "auto-submitted").lower().partition(";")[0].strip() not in {"", "no"}
    receipt = "disposition-notification" in _first(headers, "content-type").lower()
    return marked or receipt or any(each in headers for each in AUTOMATIC) or AWAY.match(subject) is not None


def _first(headers: Headers, name: str) -> str:
    return next(iter(headers.get(name, ())), "").strip()


# --- what is answered too often --------------------------------------------------------------------------------------

DAY = timedelta(days=1)
APART = timedelta(minutes=5)
A_DAY = 5
"""Answers to one address, and how far apart in one thread."""
BURST = timedelta(minutes=2)
IN_A_BURST = 5
A_DAY_IN_REPLY = 20
"""Of who answers our own mail from their own address: they talk as one does by text, but no one as fast as a robot."""
SAID_TWICE = 4
"""Words that are fewer are said again by people too: BALANCE."""


def too_often(
    trust: Trust, answered: Sequence[datetime], *, said_before: bool, words: int, now: datetime
) -> Unanswered | None:
    """Why one more answer would be one too many, or None (`rules.md` 4.5). Who is told so is a person.

    `answered`: when this address was answered in the last day. `said_before`: it said the very same in that time.
    """
    if said_before and (trust < Trust.REPLY or words >= SAID_TWICE):
        return Unanswered.LOOP
    today = sum(now - at < DAY for at in answered)
    if trust is Trust.REPLY:
        many = today >= A_DAY_IN_REPLY or sum(now - at < BURST for at in answered) >= IN_A_BURST
    else:
        many = today >= A_DAY or any(now - at < APART for at in answered)
    return Unanswered.TOO_MANY if many else None
