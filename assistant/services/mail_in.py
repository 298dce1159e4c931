"""Keeping mail: once, only its new words, clean of card numbers, with an opt-out in force from that very commit."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from assistant.db import emails
from assistant.db.emails import Thread
from assistant.db.spas import UNCLAIMED
from assistant.domain import auto_replies, compliance, mail_trust, pan
from assistant.domain.compliance import Compliance
from assistant.domain.email_reply import new_words
from assistant.domain.mail import Mail
from assistant.domain.mail_trust import Proofs, Trust
from assistant.domain.words import matchable, sanitise
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, consent, email_consent, mail_threads, tasks
from assistant.services.consent import Source

MOST_WORDS = 4_000
"""Letters of a mail that are kept and read."""
TOKEN = re.compile(r"m\+([a-z0-9_-]{20,80})@", re.IGNORECASE)
MEMBERSHIP_WORDS = frozenset({"cancel", "end", "quit", "cancelar"})
"""By mail these are about the membership: only by text do they also end texts (`rules.md` 1.11)."""
OF_TEXTS = re.compile(
    r"\b(?:text\w*|txts?|sms|phone|cell|n[uú]mero|number|mensajes?|messages?|msgs?|textos?|celular)\b", re.IGNORECASE
)
OF_MAILS = re.compile(
    r"\b(?:e-?mail(?:s|ed|ing)?|mailing\w*|unsubscribe\w*|list|newsletters?|correos?|suscri\w+|boletines|lista)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail as the provider hands it over, the post's signature already verified."""

    mail: Mail
    envelope_from: str
    envelope_to: tuple[str, ...]
    spf: str
    dkim: str


@dataclass(frozen=True, slots=True)
class _Read:
    """All there is to know of a mail before it is kept."""

    spa_id: int
    thread: Thread | None
    clients: list[int]
    trust: Trust
    words: str
    card: bool
    stops: bool
    silent: str | None


def keep(rt: Runtime, posted: Posted) -> int | None:
    """Keep a mail, once for its Message-ID: None when it was kept before."""
    return rt.transact(lambda uow: _keep(uow, posted))


def _keep(uow: UnitOfWork, posted: Posted) -> int | None:
    read = _read(uow, posted)
    event_id = _insert(uow, posted, read)
    if event_id is None:
        return None
    if read.spa_id != UNCLAIMED:
        if read.stops:
            _stop(uow, posted, read, event_id)
        if read.trust and posted.mail.author:
            email_consent.deliverable(uow, read.spa_id, posted.mail.author)
        _tell_a_person(uow, posted, read, event_id)
        if read.silent is None:
            uow.later(Doorbell.ANSWER)
    if read.card:
        subject = f"inbound:{event_id}"
        audit.write(uow, read.spa_id, actor="member", evidence="E0", act="card_number_removed", subject=subject)
    return event_id


def _read(uow: UnitOfWork, posted: Posted) -> _Read:
    mail, author = posted.mail, posted.mail.author or ""
    thread = _thread(uow, posted.envelope_to)
    spa_id = thread.spa_id if thread else emails.spa_at(uow, posted.envelope_to) or UNCLAIMED
    clients = emails.clients_at(uow, spa_id, author) if author else []
    proofs = Proofs(mail.author, posted.envelope_from, posted.spf, posted.dkim)
    theirs = thread is not None and (author == thread.address or thread.client_id in clients)
    trust = mail_trust.level(
        authentic=mail_trust.is_authentic(proofs), known=bool(clients) or theirs, token_is_theirs=theirs
    )
    said = pan.redact(sanitise(_words(mail)))
    stops = compliance.read(said.text) is Compliance.STOP and matchable(said.text) not in MEMBERSHIP_WORDS
    silent = _silent(uow, posted, spa_id, trust, said.text)
    return _Read(spa_id, thread, clients, trust, said.text[:MOST_WORDS], said.found, stops, silent)


def _thread(uow: UnitOfWork, recipients: tuple[str, ...]) -> Thread | None:
    tokens = [found[1] for each in recipients[:20] if (found := TOKEN.match(each))]
    return next((thread for token in tokens if (thread := mail_threads.thread_of(uow, token))), None)


def _words(mail: Mail) -> str:
    """What is new; of a mail that says nothing and answers nothing, its subject: how programs unsubscribe."""
    said = new_words(mail.text, mail.html)
    alone = not said and "in-reply-to" not in mail.headers and not _ANOTHERS.match(mail.subject)
    return mail.subject if alone else said


_ANOTHERS = re.compile(r"\s*(?:re|fwd?|rv|aw|wg)\s*:", re.IGNORECASE)
"""How the subject of an answer begins, and of what is handed on: those words are somebody else's."""


def _silent(uow: UnitOfWork, posted: Posted, spa_id: int, trust: Trust, words: str) -> str | None:
    """Why this mail is not to be answered, if it is not."""
    mail = posted.mail
    own = {each.rpartition("@")[2] for each in posted.envelope_to}
    why = auto_replies.never_answered(
        mail.headers, author=mail.author, envelope_from=posted.envelope_from, subject=mail.subject, own=own
    )
    if spa_id == UNCLAIMED:
        return "unknown_spa"
    if why or trust is Trust.NOBODY:
        return why.value if why else "not_proven"
    before = emails.heard_from(uow, spa_id, mail.author or "", uow.now - auto_replies.DAY)
    same = any(matchable(body) == matchable(words) for _, body, believed in before if believed >= trust)
    many = auto_replies.too_often(
        trust, [at for at, _, _ in before], said_before=same, words=len(words.split()), now=uow.now
    )
    return many.value if many else None


def _insert(uow: UnitOfWork, posted: Posted, read: _Read) -> int | None:
    mail = posted.mail
    facts = {
        "level": str(int(read.trust)),
        "thread": str(read.thread.id) if read.thread else "",
        "client_id": str(_client(read) or ""),
        "subject": pan.redact(mail.subject).text,
        "message_id": mail.message_id,
        "references": mail.references,
        "attachments": str(mail.attachments),
        "stops": _stops(read),
    } | ({"NumMedia": str(mail.attachments)} if mail.attachments and not read.words else {})
    row = uow.sql(
        """INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at,
                                      card_removed, status, understood, settled_at)
           VALUES (%(spa)s, 'email', %(id)s, %(sender)s, %(recipient)s, %(body)s, %(facts)s::jsonb, %(now)s, %(card)s,
                   CASE WHEN %(silent)s::text IS NULL THEN 'kept' ELSE 'silent' END, %(silent)s,
                   CASE WHEN %(silent)s::text IS NULL THEN NULL ELSE %(now)s END)
           ON CONFLICT DO NOTHING RETURNING id""",
        {
            "spa": read.spa_id,
            "id": mail.message_id,
            "sender": mail.author or "",
            "recipient": TOKEN.sub("m@", posted.envelope_to[0]) if posted.envelope_to else "",
            "body": read.words,
            "facts": json.dumps(facts),
            "now": uow.now,
            "card": read.card,
            "silent": read.silent,
        },
    ).fetchone()
    return None if row is None else int(row[0])


def _stops(read: _Read) -> str:
    """What it ends: mails, or texts too where it is said of them or of nothing in particular (`rules.md` 4.14)."""
    if not read.stops:
        return ""
    return "all" if OF_TEXTS.search(read.words) or not OF_MAILS.search(read.words) else "mails"


def _client(read: _Read) -> int | None:
    """Whose mail it is, where that is one person: the thread's, or the only one at that address."""
    if read.trust is Trust.REPLY and read.thread:
        return read.thread.client_id
    return read.clients[0] if len(read.clients) == 1 else None


def _stop(uow: UnitOfWork, posted: Posted, read: _Read, event_id: int) -> None:
    """Offers by mail end, and texts where they are meant too.

    Honoured whoever it is from: that way it does no harm.
    """
    words = "".join("#" if letter.isdigit() else letter for letter in read.words[:200])
    source = Source("member", {"event": event_id, "message_id": posted.mail.message_id, "words": words})
    if posted.mail.author:
        email_consent.unsubscribe(uow, read.spa_id, posted.mail.author, source)
    if _stops(read) == "all":
        for number in emails.numbers_of(uow, read.spa_id, read.clients):
            consent.stop(uow, read.spa_id, number, source)


HUMAN = frozenset({"not_proven", "loop", "too_many"})


def _tell_a_person(uow: UnitOfWork, posted: Posted, read: _Read, event_id: int) -> None:
    """Mail that a person wrote and we will not answer: one task an address and day, whatever comes."""
    if read.silent in HUMAN:
        who = sha256((posted.mail.author or "").encode()).hexdigest()[:16]
        key = f"mail:{read.silent}:{who}:{uow.now:%Y-%m-%d}"
        facts = {"event": event_id, "why": read.silent}
        tasks.open_task(uow, read.spa_id, key=key, kind="mail_to_read", client_id=_client(read), facts=facts)


def keep_poison(rt: Runtime, raw: bytes, reason: str) -> None:
    """Keep a post that could not be read, sealed, and have a person look at it. Once for its bytes."""
    sealed, digest = rt.seal.close_all(raw), sha256(raw).hexdigest()

    def keep(uow: UnitOfWork) -> None:
        uow.sql(
            "INSERT INTO poison_mail (spa_id, digest, raw, reason, received_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (UNCLAIMED, digest, sealed, reason[:80], uow.now),
        )
        facts = {"reason": reason[:80]}
        tasks.open_task(uow, UNCLAIMED, key=f"poison_mail:{digest}", kind="poison_mail", facts=facts)

    rt.transact(keep)
