"""Keeping what comes in: once, clean of card numbers, and with an opt-out in force from that very commit."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from assistant.db.spas import UNCLAIMED
from assistant.domain import compliance, pan
from assistant.domain.compliance import Compliance
from assistant.domain.pan import Redacted
from assistant.domain.words import sanitise
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, consent

TOGETHER = timedelta(minutes=2)
"""Texts this close may be the pieces of one card number (`rules.md` 7.1)."""
MOST_PIECES = 8

NEEDLESS = frozenset(
    "AccountSid ApiVersion MessagingServiceSid SmsMessageSid SmsSid SmsStatus"
    " FromCity FromCountry FromState FromZip ToCity ToCountry ToState ToZip".split()
)
"""Parameters that say nothing we need: what is not kept cannot leak."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""What a provider calls a parameter; anything else is not kept."""

KEEP = """
    INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at,
                               card_removed, redact_at_provider, status, understood)
    SELECT coalesce(s.spa_id, 0), 'sms', %(external_id)s, %(sender)s, %(recipient)s, %(body)s, %(facts)s::jsonb,
           %(now)s, %(card)s, %(card)s,
           CASE WHEN s.spa_id IS NULL THEN 'silent' ELSE 'kept' END,
           CASE WHEN s.spa_id IS NULL THEN 'unknown_spa' END
    FROM (SELECT 1) one LEFT JOIN spa s ON s.number = %(recipient)s
    ON CONFLICT DO NOTHING RETURNING spa_id, id"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text as the provider hands it over, its signature already verified."""

    external_id: str
    sender: str
    recipient: str
    body: str
    facts: Mapping[str, str]
    """The provider's other parameters."""


def keep(rt: Runtime, text: Incoming) -> int | None:
    """Keep a text, once: None when it was kept before. A card number in it never reaches the database.

    An opt-out is in force from this very commit: nothing queued before it will be sent after.
    """
    body = pan.redact(sanitise(text.body))
    facts = {name: _clean(value) for name, value in text.facts.items() if NAME.fullmatch(name) and name not in NEEDLESS}
    stop = compliance.read(body.text, facts.get("OptOutType")) is Compliance.STOP
    if stop or body.found or _may_be_a_piece(body.text):
        return rt.transact(lambda uow: _keep_with_care(uow, text, body, facts, stop=stop))
    return rt.transact(lambda uow: _insert(uow, text, body, facts)[1], single=True)


def _clean(value: str) -> str:
    return pan.redact(sanitise(value)).text


def _may_be_a_piece(body: str) -> bool:
    """Whether this could be part of a card number sent in several texts."""
    return pan.has_fragment(body) or body.strip().isdigit()


def _keep_with_care(
    uow: UnitOfWork, text: Incoming, body: Redacted, facts: Mapping[str, str], *, stop: bool
) -> int | None:
    """The few texts that change more than the inbox: an opt-out, a card number or a piece of one."""
    if not body.found and _may_be_a_piece(body.text):
        body = _without_split_card(uow, text, body.text)
    spa_id, event_id = _insert(uow, text, body, facts)
    if event_id is None:
        return None
    if stop and spa_id != UNCLAIMED:
        # The proof is kept for ever, and no digit with it: they may be the first half of a card number.
        words = "".join("#" if letter.isdigit() else letter for letter in body.text[:200])
        proof: dict[str, str | int] = {"event": event_id, "external_id": text.external_id, "words": words}
        consent.stop(uow, spa_id, text.sender, consent.Source("member", proof), event_id=event_id)
    if body.found:
        subject = f"inbound:{event_id}"
        audit.write(uow, spa_id, actor="member", evidence="E0", act="card_number_removed", subject=subject)
    return event_id


def _insert(uow: UnitOfWork, text: Incoming, body: Redacted, facts: Mapping[str, str]) -> tuple[int, int | None]:
    """One statement: the spa that the number belongs to, and the text under it, unless it is there."""
    row = uow.sql(
        KEEP,
        {
            "external_id": text.external_id,
            "sender": text.sender,
            "recipient": text.recipient,
            "body": body.text,
            "facts": json.dumps(facts),
            "now": uow.now,
            "card": body.found,
        },
    ).fetchone()
    if row is None:
        return UNCLAIMED, None
    if row[0] != UNCLAIMED:
        uow.later(Doorbell.ANSWER)
    return row


def _without_split_card(uow: UnitOfWork, text: Incoming, body: str) -> Redacted:
    """A number may come in pieces: look at the texts just before, and clean them all (`rules.md` 7.1)."""
    uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (text.sender + text.recipient,))
    before = uow.sql(
        "SELECT spa_id, id, body FROM inbound_event"
        " WHERE spa_id = coalesce((SELECT spa_id FROM spa WHERE number = %s), 0)"
        " AND sender = %s AND external_id <> %s AND received_at >= %s ORDER BY id DESC LIMIT %s",
        (text.recipient, text.sender, text.external_id, uow.now - TOGETHER, MOST_PIECES - 1),
    ).fetchall()[::-1]
    *cleaned, last = pan.redact_all([*(earlier for _, _, earlier in before), body])
    for (spa_id, event_id, _), piece in zip(before, cleaned, strict=True):
        if piece.found:
            uow.sql(
                "UPDATE inbound_event SET body = %s, card_removed = true, redact_at_provider = true"
                " WHERE spa_id = %s AND id = %s",
                (piece.text, spa_id, event_id),
            )
    return last
