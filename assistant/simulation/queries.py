"""What our own tables must never say: each question finds the first thing that is not so (`reliability.md` §6).

`{i}` and its like stand for "of these clients": all of them, or only those to whom something happened.
"""

from collections.abc import Mapping

from assistant.simulation.credit_queries import CREDIT, CREDIT_LATE, CREDIT_TOUCHED

DUES: Mapping[str, str] = {
    "I06 dues are booked for what is paid, and for nothing else": """
        SELECT i.id FROM invoice i LEFT JOIN ledger_entry e ON e.spa_id = i.spa_id AND e.key = 'dues:' || i.id
        WHERE {i} AND (i.status = 'paid' AND i.kind = 'dues' AND i.dues_cents + i.setup_fee_cents > 0)
           <> (e.id IS NOT NULL)""",
    "I06 an order is booked when it is paid, and no other is": """
        SELECT i.id FROM invoice i LEFT JOIN ledger_entry e ON e.spa_id = i.spa_id AND e.key = 'order:' || i.id
        WHERE {i} AND i.kind = 'order' AND (i.status = 'paid') <> (e.id IS NOT NULL)""",
    "I01 one attempt of a paid invoice succeeded": """
        SELECT i.id FROM invoice i WHERE {i} AND (coalesce(i.paid_by, '') = 'card')::int <> (
            SELECT count(*) FROM charge_attempt a
            WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id) AND a.status = 'succeeded' AND NOT EXISTS (
                SELECT 1 FROM ledger_entry e WHERE e.spa_id = a.spa_id AND e.key = 'mistake:' || a.id))""",
    "I12 an open case has an open invoice, and a closed one none": """
        SELECT c.id FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
        WHERE {i} AND (c.closed_at IS NULL) <> (i.status = 'open')""",
    "I12 who is past due owes, and who is active does not": """
        SELECT m.id FROM membership m LEFT JOIN dunning_case c
            ON (c.spa_id, c.membership_id) = (m.spa_id, m.id) AND c.closed_at IS NULL
        WHERE {m} AND (m.standing IN ('past_due', 'suspended') AND c.id IS NULL
           OR m.standing = 'active' AND c.id IS NOT NULL AND c.rule NOT IN ('review', 'check'))""",
    "I12 a membership has one cycle open at most, beside those that we missed and that were taken after all": """
        SELECT i.membership_id FROM invoice i WHERE {i} AND i.status = 'open' AND i.kind = 'dues' AND NOT EXISTS (
            SELECT 1 FROM audit u
            WHERE u.spa_id = i.spa_id AND u.subject = 'invoice:' || i.id AND u.act = 'missed_taken')
        GROUP BY i.spa_id, i.membership_id HAVING count(*) > 1""",
    "I12 a closed case has no step left": """
        SELECT c.id FROM dunning_case c JOIN dunning_step s ON (s.spa_id, s.case_id) = (c.spa_id, c.id)
        WHERE {c} AND c.closed_at IS NOT NULL AND s.done_at IS NULL""",
    "I12 what is declined and still owed is asked for: a case, or a try to come": """
        SELECT i.id FROM invoice i JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
        WHERE {i} AND i.kind = 'dues' AND i.status = 'open' AND i.next_attempt_at IS NULL
          AND m.standing NOT IN ('paused', 'ended')
          AND NOT EXISTS (SELECT 1 FROM dunning_case c WHERE (c.spa_id, c.invoice_id) = (i.spa_id, i.id))
          AND NOT EXISTS (SELECT 1 FROM charge_attempt a WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
                          AND a.status IN ('asked', 'unanswered'))""",
    "I15 at most six declines of one card for one amount in 30 days": """
        SELECT a.id FROM ({of}) a WHERE a.status = 'declined' AND 6 < (
            SELECT count(*) FROM charge_attempt b WHERE (b.spa_id, b.fingerprint) = (a.spa_id, a.fingerprint)
            AND b.asked_at > a.asked_at - interval '60 days' AND b.amount_cents = a.amount_cents
            AND b.status = 'declined' AND b.created_at <= a.created_at
            AND b.created_at > a.created_at - interval '30 days')""",
    "I15 no card is asked by itself twice within a day": """
        SELECT a.id FROM ({of}) a WHERE a.cause IN ('cycle', 'retry') AND EXISTS (
            SELECT 1 FROM charge_attempt b WHERE (b.spa_id, b.fingerprint) = (a.spa_id, a.fingerprint)
            AND b.asked_at > a.created_at - interval '1 day' AND b.status = 'declined'
            AND b.cause IN ('cycle', 'retry') AND b.rule <> 'once' AND b.answered_at < a.created_at
            AND b.created_at > a.created_at - interval '1 day')""",
    "I15 no card is asked for a person more than three times a day in vain": """
        SELECT a.id FROM ({of}) a WHERE a.cause NOT IN ('cycle', 'retry') AND 3 < (
            SELECT count(*) FROM charge_attempt b WHERE (b.spa_id, b.fingerprint) = (a.spa_id, a.fingerprint)
            AND b.asked_at > a.created_at - interval '1 day' AND b.status = 'declined'
            AND b.cause NOT IN ('cycle', 'retry') AND b.answered_at < a.created_at
            AND b.created_at > a.created_at - interval '1 day')""",
    "I15 nobody asks a card that is barred": """
        SELECT a.id FROM ({of}) a WHERE EXISTS (
            SELECT 1 FROM charge_attempt b WHERE (b.spa_id, b.fingerprint) = (a.spa_id, a.fingerprint) AND b.bars_card
            AND b.answered_at < a.created_at)""",
    "I15 nobody who rests or has left is asked": """
        SELECT a.id FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        JOIN LATERAL (
            SELECT u.after ->> 'standing' AS standing FROM audit u WHERE u.spa_id = i.spa_id
            AND u.subject = 'membership:' || i.membership_id AND u.act = 'standing_moved' AND u.at < a.created_at
            ORDER BY u.id DESC LIMIT 1) last ON last.standing IN ('paused', 'ended')
        WHERE {i} AND i.kind = 'dues' AND a.cause <> 'page' AND NOT EXISTS (
            SELECT 1 FROM audit u WHERE u.spa_id = i.spa_id AND u.subject = 'membership:' || i.membership_id
            AND u.act = 'standing_moved' AND u.at = a.created_at)""",
    "I15 nobody who is exempt is told of the ladder": """
        SELECT c.id FROM dunning_case c JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
        JOIN dunning_step s ON (s.spa_id, s.case_id) = (c.spa_id, c.id) AND s.outcome = 'done'
        JOIN audit u ON u.spa_id = m.spa_id AND u.subject = 'membership:' || m.id AND u.act = 'exempted'
            AND u.after ->> 'dunning' IS NOT NULL AND u.at < s.done_at
        WHERE {c} AND m.dunning_exempt IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM audit w
            WHERE w.spa_id = u.spa_id AND w.subject = u.subject AND w.act = u.act AND w.id > u.id)""",
    "I01 no skipped cycle was charged": """
        SELECT i.id FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        WHERE {i} AND i.status IN ('skipped', 'waived') AND a.status = 'succeeded' AND NOT EXISTS (
            SELECT 1 FROM ledger_entry e WHERE e.spa_id = a.spa_id AND e.key = 'mistake:' || a.id)""",
    "I16 a cycle costs what its terms say": """
        SELECT i.id FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        WHERE {i} AND (i.dues_cents + coalesce((i.held_back ->> 'cents')::bigint, 0)
                       <> CASE WHEN i.cycle < v.intro_cycles THEN v.intro_cents ELSE v.dues_cents END
           OR i.setup_fee_cents > 0 AND (i.cycle <> 0 OR i.setup_fee_cents <> v.setup_fee_cents))""",
    "I16 nobody pays more without a notice that was delivered": """
        SELECT m.id FROM membership m JOIN price_notice t ON (t.spa_id, t.membership_id) = (m.spa_id, m.id)
        LEFT JOIN outbound_message o ON (o.spa_id, o.id) = (t.spa_id, t.message_id)
        WHERE {m} AND t.outcome = 'moved' AND o.status IS DISTINCT FROM 'delivered'""",
    "I19 a page was opened by a link that was good": """
        SELECT p.id FROM card_page p JOIN secure_link l ON (l.spa_id, l.id) = (p.spa_id, p.link_id)
        WHERE {p} AND (l.client_id <> p.client_id OR p.created_at >= l.expires_at OR p.created_at > l.revoked_at
           OR p.created_at > l.used_at OR p.attempt_id IS NOT NULL AND l.purpose <> 'authenticate')""",
    "I20 every move of a membership has its record": """
        SELECT m.id FROM membership m LEFT JOIN LATERAL (
            SELECT u.after ->> 'standing' AS standing FROM audit u WHERE u.spa_id = m.spa_id
            AND u.subject = 'membership:' || m.id AND u.act = 'standing_moved' ORDER BY u.id DESC LIMIT 1) last ON true
        WHERE {m} AND coalesce(last.standing, 'active') <> m.standing""",
    "I20 what a person did to an invoice has its record": """
        SELECT i.id FROM invoice i WHERE {i}
        AND (i.reason IN ('staff', 'member') OR i.paid_by IN ('cash', 'cheque', 'terminal')) AND CASE
            WHEN i.reason = 'staff' THEN 'waived' WHEN i.reason = 'member' THEN 'cycle_skipped'
            ELSE 'payment_recorded' END NOT IN (
                SELECT u.act FROM audit u WHERE u.spa_id = i.spa_id AND u.subject = 'invoice:' || i.id)""",
    "no text asked for what was settled before it was sent": """
        SELECT o.id FROM invoice i JOIN outbound_message o ON (o.spa_id, o.owed_invoice_id) = (i.spa_id, i.id)
        WHERE {i} AND o.asked_at > i.settled_at""",
}
QUERIES = {**DUES, **CREDIT}

DOUBTED = """
    SELECT a.id FROM charge_attempt a WHERE a.status IN ('asked', 'unanswered')
      AND a.created_at < %(late)s AND NOT EXISTS (
          SELECT 1 FROM staff_task t WHERE t.spa_id = a.spa_id AND t.key = 'in_doubt:' || a.id AND t.closed_at IS NULL)
    LIMIT 1"""
"""I13: for more than a day, and it is nobody's task; asked when the machine was at work all the time."""

OF = """SELECT a.* FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        WHERE {i} AND a.fingerprint IS NOT NULL OFFSET 0"""
"""The attempts on their cards: found first, before each is held against the others."""

EVENTS = "SELECT external_id FROM provider_event WHERE failures > 0 OR status = 'dead' LIMIT 1"
"""I11: no event was too much for its handler."""

TOUCHED = """
    SELECT client_id FROM invoice WHERE opened_at >= %(since)s OR settled_at >= %(since)s
    UNION SELECT i.client_id FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
          WHERE a.created_at >= %(since)s OR a.answered_at >= %(since)s
    UNION SELECT c.client_id FROM dunning_case c LEFT JOIN dunning_step s
          ON (s.spa_id, s.case_id) = (c.spa_id, c.id) AND s.done_at >= %(since)s
          WHERE c.closed_at >= %(since)s OR s.done_at IS NOT NULL
    UNION SELECT client_id FROM card WHERE added_at >= %(since)s OR removed_at >= %(since)s"""
TOUCHED += CREDIT_TOUCHED
"""Those to whom something happened."""

LATE = {
    **CREDIT_LATE,
    "I13 an attempt is in doubt": "SELECT id FROM charge_attempt WHERE status IN ('asked', 'unanswered')",
    "I21 an event is not applied": "SELECT id FROM provider_event WHERE status IN ('kept', 'dead')",
    "I21 a message is not sent": "SELECT id FROM outbound_message WHERE status = 'waiting'",
    "I21 a card is due to be asked": "SELECT id FROM invoice WHERE next_attempt_at < %(late)s",
    "I21 a page is open past its time": """
        SELECT id FROM card_page WHERE status IN ('asked', 'open') AND (close OR expires_at < %(late)s)""",
    "I21 a step is overdue": "SELECT case_id FROM dunning_step WHERE done_at IS NULL AND due_at < %(late)s",
    "somebody owes and was not told, and nobody is to tell them": """
        SELECT c.id FROM dunning_case c JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
        WHERE c.closed_at IS NULL AND c.told_at IS NULL AND m.dunning_exempt IS NULL
           AND c.opened_at < %(late)s AND c.rule NOT IN ('review', 'check') AND NOT EXISTS (
               SELECT 1 FROM staff_task t WHERE t.spa_id = c.spa_id AND t.key = 'not_told:' || c.invoice_id)""",
    "somebody owes, nothing more is to come, and nobody is to look at it": """
        SELECT c.id FROM dunning_case c JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
        WHERE c.closed_at IS NULL AND m.dunning_exempt IS NULL AND m.standing <> 'paused' AND NOT EXISTS (
            SELECT 1 FROM dunning_step s WHERE (s.spa_id, s.case_id) = (c.spa_id, c.id) AND s.done_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM staff_task t WHERE t.spa_id = c.spa_id AND t.client_id = c.client_id
                          AND t.closed_at IS NULL)""",
}
"""What must not be left once the faults have stopped and two days have gone by."""
