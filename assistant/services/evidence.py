"""The evidence for a bank: what was agreed to, told, paid and used, as it stands today (`features.md` N23).

No card's digits and no words of a text are in it: names, versions, times and what became of each.
"""

from datetime import date, datetime
from typing import Any

from assistant.db.refunds import Taken
from assistant.runtime import UnitOfWork
from assistant.services import refundable

PARTS = {
    "payment": """
        SELECT a.key, a.payment_id, a.charge_id, a.amount_cents, a.cause, a.asked_at, a.answered_at, i.kind, i.due_on,
               i.cycle, i.paid_at
        FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
        WHERE a.spa_id = %(spa_id)s AND a.id = %(attempt_id)s""",
    "client": """
        SELECT first_name, last_name, locale, region, created_at FROM client
        WHERE spa_id = %(spa_id)s AND id = %(client_id)s""",
    "membership": """
        SELECT m.id, p.code AS plan, p.name, v.number AS version, v.dues_cents, v.cycle_months, v.sold_from,
               m.standing, m.anchor_on, m.created_at
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
        WHERE m.spa_id = %(spa_id)s AND m.client_id = %(client_id)s ORDER BY m.id""",
    "agreements": """
        SELECT plan_version_id, status, agreement, asked_at, agreed_at, settled_at FROM join_request
        WHERE spa_id = %(spa_id)s AND client_id = %(client_id)s AND agreement IS NOT NULL ORDER BY id""",
    "card_consent": """
        SELECT c.consent, c.source, c.added_at, c.removed_at FROM card c
        JOIN charge_attempt a ON (a.spa_id, a.card_id) = (c.spa_id, c.id)
        WHERE a.spa_id = %(spa_id)s AND a.id = %(attempt_id)s""",
    "text_consents": """
        SELECT DISTINCT ON (x.id) x.channel, x.change, x.scope, x.source, x.evidence, x.at FROM consent_change x
        JOIN phone p ON p.spa_id = x.spa_id AND p.number = x.address
        JOIN client_phone cp ON (cp.spa_id, cp.phone_id) = (p.spa_id, p.id)
        WHERE x.spa_id = %(spa_id)s AND cp.client_id = %(client_id)s ORDER BY x.id""",
    "told": """
        SELECT message, key, created_at, status, settled_at, provider_id FROM outbound_message
        WHERE spa_id = %(spa_id)s AND client_id = %(client_id)s AND message_class = 'transactional'
        ORDER BY id DESC LIMIT 100""",
    "credits_used": """
        SELECT e.occurred_at, e.kind, l.unit, a.amount, a.cents, e.key
        FROM tree JOIN credit_lot l USING (spa_id, id) JOIN allocation a ON (a.spa_id, a.lot_id) = (l.spa_id, l.id)
        JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
        WHERE a.amount > 0 ORDER BY e.occurred_at, e.id""",
    "credits_left": """
        SELECT l.unit, l.granted, l.remaining, l.granted_on FROM tree JOIN credit_lot l USING (spa_id, id)
        ORDER BY l.id""",
    "visits": """
        SELECT t.id, t.status, t.tender, t.total_cents, t.opened_at, t.paid_at, t.voided_at FROM ticket t
        WHERE t.spa_id = %(spa_id)s AND t.client_id = %(client_id)s ORDER BY t.id DESC LIMIT 100""",
    "earlier_payments": """
        SELECT a.payment_id, a.amount_cents, a.answered_at, i.due_on FROM charge_attempt a
        JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
        WHERE a.spa_id = %(spa_id)s AND i.client_id = %(client_id)s AND a.status = 'succeeded'
          AND a.id < %(attempt_id)s ORDER BY a.id DESC LIMIT 24""",
    "refunds": """
        SELECT key, cents, status, reason, asked_at, settled_at FROM refund
        WHERE spa_id = %(spa_id)s AND invoice_id = %(invoice_id)s ORDER BY id""",
}
"""What each part is read from. A part of one row is an object, as `ONE` says; all others are lists."""
ONE = frozenset({"payment", "client", "card_consent"})
OF_LOTS = frozenset({"credits_used", "credits_left"})
POLICY = {
    "unused": "What was not used of a month is refunded on request, with its unused credit.",
    "used": "What was used of a month stays paid.",
    "leaving": "A membership can be ended at any time by text, by phone or at the desk; paid credit is kept.",
}
"""The refund policy as `domain/refunds.py` carries it out."""


def pack(uow: UnitOfWork, spa_id: int, payment: Taken) -> dict[str, Any]:
    """All of it as JSON."""
    of = {
        "spa_id": spa_id,
        "attempt_id": payment.attempt_id,
        "invoice_id": payment.invoice_id,
        "client_id": payment.client_id,
    }
    made: dict[str, Any] = {"made_at": uow.now.isoformat(), "refund_policy": POLICY}
    for name, query in PARTS.items():
        found = _read(uow, f"{refundable.TREE} {query}" if name in OF_LOTS else query, of)
        made[name] = (found[0] if found else None) if name in ONE else found
    return made


def _read(uow: UnitOfWork, query: str, of: dict[str, int]) -> list[dict[str, Any]]:
    cursor = uow.sql(query, of)
    names = [column.name for column in cursor.description or ()]
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in cursor.fetchall()]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
