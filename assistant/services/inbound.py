"""Keeping what comes in: once, clean of card numbers, and with an opt-out already in force when it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from psycopg.types.json import Jsonb

from assistant.db.spas import UNCLAIMED
from assistant.domain import compliance, pan
from assistant.domain.compliance import Compliance
from assistant.domain.words import sanitise
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import audit, consent

TOGETHER = timedelta(minutes=2)
"""Texts this close may be the pieces of one card number (`rules.md` 7.1)."""
MOST_PIECES = 8

KEEP = """
    INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at,
                               card_removed, redact_at_provider, status, understood)
    SELECT coalesce(s.spa_id, 0), 'sms', %(external_id)s, %(sender)s, %(recipient)s, %(body)s, %(facts)s, %(now)s,
           %(card)s, %(card)s,
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


def keep(uow: UnitOfWork, text: Incoming) -> int | None:
    """Keep a text, once: None when it was kept before. A card number in it never reaches the database.

    An opt-out is in force from this very commit: nothing queued before it will be sent after.
    """
    body = pan.redact(sanitise(text.body))
    clean = body.text
    found = body.found
    if not found and any(letter.isdigit() for letter in clean):
        clean, found = _without_split_card(uow, text, clean)
    facts = {key: pan.redact(sanitise(value)).text for key, value in text.facts.items()}
    row = uow.sql(
        KEEP,
        {
            "external_id": text.external_id,
            "sender": text.sender,
            "recipient": text.recipient,
            "body": clean,
            "facts": Jsonb(facts),
            "now": uow.now,
            "card": found,
        },
    ).fetchone()
    if row is None:
        return None
    spa_id, event_id = row
    if spa_id != UNCLAIMED:
        if compliance.read(clean, facts.get("OptOutType")) is Compliance.STOP:
            proof: dict[str, str | int] = {"event": event_id, "external_id": text.external_id, "words": clean[:200]}
            consent.stop(uow, spa_id, text.sender, consent.Source("member", proof))
        uow.later(Doorbell.ANSWER)
    if found:
        audit.write(
            uow, spa_id, actor="member", evidence="E0", act="card_number_removed", subject=f"inbound:{event_id}"
        )
    return int(event_id)


def _without_split_card(uow: UnitOfWork, text: Incoming, body: str) -> tuple[str, bool]:
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
    return last.text, last.found
