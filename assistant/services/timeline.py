"""All that has happened with one client, as the desk reads it: texts, emails, charges, credits, visits, staff acts."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db.staff_names import name_of
from assistant.runtime import UnitOfWork

MOST = 60
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: datetime
    kind: str
    """text, email, charge, refund, credit, visit or act."""
    what: str
    """A code, for the page to word."""
    detail: str
    cents: int | None
    by: str
    status: str
    unit: str = ""
    """Of credit: what came (+) or went (-)."""
    amount: int = 0
    ticket_id: int | None = None


ADDRESSES = """
    SELECT p.number COLLATE "default" AS address
    FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
    WHERE cp.spa_id = %(spa)s AND cp.client_id = %(id)s
    UNION ALL
    SELECT e.address FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
    WHERE ce.spa_id = %(spa)s AND ce.client_id = %(id)s"""
WRITTEN = """
    SELECT coalesce(m.asked_at, m.created_at) AS at, CASE m.channel WHEN 'sms' THEN 'text' ELSE 'email' END AS kind,
           m.message AS what, m.body AS detail, NULL::bigint AS cents, 'us' AS by, m.status AS status, '' AS unit,
           0::bigint AS amount, NULL::bigint AS ticket_id
    FROM outbound_message m WHERE m.spa_id = %(spa)s AND m.client_id = %(id)s ORDER BY m.id DESC LIMIT %(most)s"""
HEARD = """
    SELECT e.received_at, CASE e.channel WHEN 'sms' THEN 'text' ELSE 'email' END, coalesce(e.understood, 'kept'),
           e.body, NULL, 'them', e.status, '', 0, NULL
    FROM mine JOIN inbound_event e ON e.spa_id = %(spa)s AND e.sender = mine.address
    ORDER BY e.id DESC LIMIT %(most)s"""
CHARGED = """
    SELECT a.asked_at, 'charge', i.kind, coalesce(a.decline_code, ''), a.amount_cents, a.cause, a.status, '', 0, NULL
    FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
    WHERE i.spa_id = %(spa)s AND i.client_id = %(id)s ORDER BY a.id DESC LIMIT %(most)s"""
GIVEN_BACK = f"""
    SELECT r.asked_at, 'refund', r.tender, r.reason, r.cents, {name_of("r.actor")}, r.status, '', 0, r.ticket_id
    FROM refund r WHERE r.spa_id = %(spa)s AND r.id IN (
        SELECT x.id FROM invoice i JOIN refund x ON (x.spa_id, x.invoice_id) = (i.spa_id, i.id)
        WHERE i.spa_id = %(spa)s AND i.client_id = %(id)s
        UNION SELECT x.id FROM ticket t JOIN refund x ON (x.spa_id, x.ticket_id) = (t.spa_id, t.id)
        WHERE t.spa_id = %(spa)s AND t.client_id = %(id)s)
    ORDER BY r.id DESC LIMIT %(most)s"""
MOVED = """
    SELECT e.occurred_at, 'credit', CASE WHEN back.kind IS NULL THEN e.kind ELSE 'undone_' || back.kind END,
           coalesce((SELECT l.reason FROM credit_lot l WHERE (l.spa_id, l.entry_id) = (e.spa_id, e.id)
                     AND l.client_id = p.client_id LIMIT 1), ''),
           NULL, coalesce(back.key, e.key), '', p.unit, -p.amount,
           substring(coalesce(back.key, e.key) from '^ticket:([0-9]{1,18})')::bigint
    FROM ledger_posting p JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
    LEFT JOIN ledger_entry back ON (back.spa_id, back.id) = (e.spa_id, e.reverses)
    WHERE p.spa_id = %(spa)s AND p.client_id = ANY(ARRAY(SELECT id FROM them)) AND p.account = 'credits'
      AND e.key NOT LIKE 'merge:%%'
    ORDER BY p.entry_id DESC, p.leg DESC LIMIT %(most)s"""
VISITED = f"""
    SELECT coalesce(t.voided_at, t.paid_at, t.opened_at), 'visit', t.tender, coalesce(t.void_reason, ''),
           t.total_cents, {name_of("t.actor")}, t.status, '', 0, t.id
    FROM ticket t WHERE t.spa_id = %(spa)s AND t.client_id = %(id)s ORDER BY t.id DESC LIMIT %(most)s"""
ACTED = f"""
    SELECT u.at, 'act', u.act, coalesce(u.after ->> 'reason', ''), NULL, {name_of("u.actor")},
           coalesce({name_of("(u.after ->> 'approved_by')")}, ''), '', 0, NULL
    FROM audit u WHERE u.spa_id = %(spa)s AND u.subject = ANY(ARRAY(
        SELECT 'client:' || them.id FROM them
        UNION ALL SELECT 'membership:' || m.id FROM membership m WHERE m.spa_id = %(spa)s AND m.client_id = %(id)s
        UNION ALL SELECT 'plan_change:' || c.id FROM plan_change c JOIN membership m
            ON (m.spa_id, m.id) = (c.spa_id, c.membership_id) WHERE m.spa_id = %(spa)s AND m.client_id = %(id)s
        UNION ALL (SELECT 'invoice:' || i.id FROM invoice i WHERE i.spa_id = %(spa)s AND i.client_id = %(id)s
            ORDER BY i.id DESC LIMIT %(most)s)))
      AND u.act <> ALL(%(told)s) ORDER BY u.id DESC LIMIT %(most)s"""
TOLD_OTHERWISE = ["credit_adjusted", "credit_transferred", "credit_taken_back", "refund"]
"""Acts that are told as the credit or the money that they moved."""
EVENTS = f"""
    WITH them AS (
        SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND c.id = %(id)s
        UNION ALL SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND c.merged_into = %(id)s
    ), mine AS ({ADDRESSES})
    ({WRITTEN}) UNION ALL ({HEARD}) UNION ALL ({CHARGED}) UNION ALL ({GIVEN_BACK}) UNION ALL ({MOVED})
    UNION ALL ({VISITED}) UNION ALL ({ACTED}) ORDER BY at DESC LIMIT %(most)s"""


def of_client(uow: UnitOfWork, spa_id: int, client_id: int) -> list[Event]:
    """The last of every kind. The tokens of links are sealed in what is stored, and stay so."""
    rows = uow.sql(EVENTS, {"spa": spa_id, "id": client_id, "most": MOST, "told": TOLD_OTHERWISE}).fetchall()
    return [Event(at, kind, what, detail[:LONGEST], *rest) for at, kind, what, detail, *rest in rows]
