"""What our own tables must never say of credit, tickets, refunds, disputes and changes (`reliability.md` I05-I07, I17).

Written as `queries.py` is: each finds the first thing that is not so.
"""

from collections.abc import Mapping

CREDIT: Mapping[str, str] = {
    "I05 no balance of credit was ever below nothing": """
        SELECT x.entry_id FROM (
            SELECT b.entry_id, sum(b.amount) OVER (PARTITION BY b.client_id, b.unit ORDER BY b.entry_id) AS balance
            FROM ledger_posting b WHERE {b} AND b.client_id <> 0 AND b.account = 'credits') x WHERE x.balance > 0""",
    "I05 no lot ever gave more than it had": """
        SELECT x.lot_id FROM (
            SELECT a.lot_id, sum(a.amount) OVER (PARTITION BY a.lot_id ORDER BY a.entry_id) AS gone
            FROM allocation a JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id) WHERE {l}) x
        WHERE x.gone > 0""",
    "I07 what was paid for never runs out": """
        SELECT l.id FROM credit_lot l JOIN allocation a ON (a.spa_id, a.lot_id) = (l.spa_id, l.id)
        JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
        WHERE {l} AND l.lot_class <> 'promo' AND e.kind = 'credits_expired'""",
    "I07 what is held back and what is granted is what was sold": """
        SELECT i.id FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        CROSS JOIN LATERAL jsonb_array_elements(v.grants) WITH ORDINALITY g(terms, place)
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(l.granted) FILTER (WHERE l.unit = g.terms ->> 'unit'), 0) AS lots,
                   bool_or(l.unit = 'USD' AND g.terms #>> '{rollover,at_cap}' = 'convert') AS converted
            FROM credit_lot l WHERE l.spa_id = i.spa_id AND l.invoice_id = i.id AND l.source_lot_id IS NULL
              AND l.lot_class = coalesce(g.terms ->> 'lot_class', 'paid')) got
        CROSS JOIN LATERAL (
            SELECT (g.terms ->> 'amount')::bigint - got.lots
                   - coalesce((i.held_back ->> (g.place - 1)::text)::bigint, 0) AS left) sold
        WHERE {i} AND CASE WHEN i.status <> 'paid' THEN got.lots > 0
            ELSE sold.left < 0 OR sold.left > 0 AND got.converted IS NOT TRUE AND NOT EXISTS (
                SELECT 1 FROM credit_claim k WHERE k.spa_id = i.spa_id AND k.client_id = i.client_id) END""",
    "I07 a ticket that was paid used what it says, and no other did": """
        SELECT t.id FROM ticket t JOIN ticket_line n ON (n.spa_id, n.ticket_id) = (t.spa_id, t.id)
        CROSS JOIN LATERAL (VALUES (n.entry_id, n.credit_unit, n.credit_amount),
                                   (n.dollar_entry_id, 'USD', n.dollar_cents)) u(entry_id, unit, amount)
        WHERE {t} AND u.amount > 0 AND CASE WHEN t.status IN ('paid', 'void') THEN u.amount <> coalesce((
                SELECT sum(b.amount) FROM ledger_posting b WHERE (b.spa_id, b.entry_id) = (t.spa_id, u.entry_id)
                AND b.client_id = t.client_id AND b.account = 'credits' AND b.unit = u.unit), 0)
            ELSE u.entry_id IS NOT NULL END
          AND NOT EXISTS (SELECT 1 FROM staff_task s WHERE s.spa_id = t.spa_id
                          AND s.key = 'credit_gone:' || t.id || ':' || u.unit)""",
    "I07 nothing is used but at a till, or by hand": """
        SELECT e.id FROM ledger_posting b JOIN ledger_entry e ON (e.spa_id, e.id) = (b.spa_id, b.entry_id)
        WHERE {b} AND b.account = 'credits' AND e.kind = 'credits_spent' AND e.key NOT LIKE 'kiosk:%%' AND NOT EXISTS (
            SELECT 1 FROM ticket t JOIN ticket_line n ON (n.spa_id, n.ticket_id) = (t.spa_id, t.id)
            WHERE t.spa_id = b.spa_id AND t.client_id = b.client_id AND e.id IN (n.entry_id, n.dollar_entry_id))""",
    "I07 a void gives back what was used, and nothing else does": """
        SELECT t.id FROM ticket t JOIN ticket_line n ON (n.spa_id, n.ticket_id) = (t.spa_id, t.id)
        CROSS JOIN LATERAL (VALUES (n.entry_id), (n.dollar_entry_id)) u(entry_id)
        WHERE {t} AND u.entry_id IS NOT NULL AND (t.status = 'void') <> EXISTS (
            SELECT 1 FROM ledger_entry e WHERE e.spa_id = t.spa_id AND e.key = 'reversal:' || u.entry_id)""",
    "I07 an open ticket keeps what it is to use, and no other keeps anything": """
        SELECT t.id FROM ticket t WHERE {t} AND coalesce((
                SELECT sum(h.amount) FROM credit_hold h WHERE h.spa_id = t.spa_id AND h.client_id = t.client_id
                AND (h.settled_at IS NULL OR t.status = 'open' AND h.outcome = 'timed_out')
                AND h.ref LIKE 'ticket:' || t.id || ':%%'), 0)
            <> CASE WHEN t.status = 'open' THEN (
                SELECT sum(n.credit_amount + n.dollar_cents) FROM ticket_line n
                WHERE (n.spa_id, n.ticket_id) = (t.spa_id, t.id)) ELSE 0 END""",
    "I01 a card paid for a ticket by its order, once": """
        SELECT t.id FROM ticket t JOIN invoice i ON (i.spa_id, i.id) = (t.spa_id, t.invoice_id)
        WHERE {t} AND (i.status = 'paid') <> (t.status IN ('paid', 'void') AND t.tender = 'card')""",
    "I17 member prices are for those whose standing entitles them": """
        SELECT t.id FROM ticket t WHERE {t} AND EXISTS (
            SELECT 1 FROM ticket_line n WHERE (n.spa_id, n.ticket_id) = (t.spa_id, t.id) AND n.saved_cents > 0)
        AND NOT EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT ON (v.membership_id) v.standing FROM membership_move v
                WHERE v.spa_id = t.spa_id AND v.client_id = t.client_id AND v.at <= t.opened_at
                ORDER BY v.membership_id, v.id DESC) last
            WHERE last.standing IN ('scheduled', 'active', 'past_due'))""",
    "I17 no more goes back than came in": """
        SELECT r.id FROM refund r LEFT JOIN charge_attempt a ON (a.spa_id, a.id) = (r.spa_id, r.attempt_id)
        LEFT JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
        LEFT JOIN ticket t ON (t.spa_id, t.id) = (r.spa_id, r.ticket_id)
        WHERE {r} AND r.status <> 'failed' AND coalesce(
            a.amount_cents, t.total_cents, i.dues_cents + i.setup_fee_cents) < (
                SELECT sum(o.cents) FROM refund o WHERE o.spa_id = r.spa_id AND o.status <> 'failed' AND CASE
                    WHEN r.attempt_id IS NOT NULL THEN o.attempt_id = r.attempt_id
                    WHEN r.ticket_id IS NOT NULL THEN o.ticket_id = r.ticket_id
                    ELSE o.invoice_id = r.invoice_id AND o.attempt_id IS NULL END)""",
    "I06 what went back is booked, and nothing else is": """
        SELECT r.id FROM refund r LEFT JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
        LEFT JOIN ticket t ON (t.spa_id, t.id) = (r.spa_id, r.ticket_id)
        WHERE {r} AND CASE r.status WHEN 'done' THEN r.cents <> coalesce((
                SELECT -sum(b.amount) FROM ledger_posting b
                WHERE (b.spa_id, b.entry_id) = (r.spa_id, r.entry_id) AND b.account = 'clearing'), 0)
            WHEN 'failed' THEN r.entry_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM ledger_entry e WHERE e.spa_id = r.spa_id AND e.key = 'reversal:' || r.entry_id)
            ELSE r.entry_id IS NOT NULL END""",
    "I06 all that went back took its unused credit with it": """
        SELECT r.id FROM refund r JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
        LEFT JOIN ticket t ON (t.spa_id, t.id) = (r.spa_id, r.ticket_id)
        JOIN credit_lot l ON l.spa_id = r.spa_id AND l.invoice_id = r.invoice_id
        WHERE {r} AND r.status = 'done' AND i.kind = 'dues' AND r.key NOT LIKE 'outside:%%' AND l.cents_left > 0
          AND r.entry_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM allocation a WHERE a.spa_id = l.spa_id AND a.lot_id = l.id AND a.entry_id > r.entry_id)
          AND i.dues_cents + i.setup_fee_cents <= (
              SELECT sum(o.cents) FROM refund o WHERE (o.spa_id, o.invoice_id) = (r.spa_id, r.invoice_id)
              AND o.status = 'done' AND o.attempt_id IS NOT DISTINCT FROM r.attempt_id)
          AND NOT EXISTS (
              SELECT 1 FROM credit_claim k WHERE k.spa_id = r.spa_id AND k.key = 'refund:' || r.id || ':' || l.unit)""",
    "D16 what a disputed payment bought rests": """
        SELECT d.id FROM dispute d JOIN credit_lot l ON l.spa_id = d.spa_id AND l.invoice_id = d.invoice_id
        WHERE {d} AND d.status = 'open' AND l.remaining > 0 AND l.frozen_at IS NULL
          AND EXISTS (SELECT 1 FROM ledger_entry e WHERE e.spa_id = d.spa_id AND e.key = 'dispute:' || d.dispute_id)
          AND NOT EXISTS (
              SELECT 1 FROM ledger_entry e WHERE e.spa_id = d.spa_id AND e.key = 'mistake:' || d.attempt_id)""",
    "D17 credit rests for no dispute that is over": """
        SELECT l.id FROM credit_lot l WHERE {l} AND l.frozen_at IS NOT NULL AND l.source_lot_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM dispute d WHERE d.spa_id = l.spa_id AND d.invoice_id = l.invoice_id AND d.status = 'open')""",
    "B1 nobody is charged for a cycle that they rest in": """
        SELECT i.id FROM invoice i JOIN pause z ON (z.spa_id, z.membership_id) = (i.spa_id, i.membership_id)
        JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        WHERE {i} AND i.kind = 'dues' AND z.began_at < a.created_at AND a.cause <> 'page'
          AND i.due_on >= z.starts_on AND i.due_on < coalesce(z.ended_on, z.resumes_on)
          AND (z.ended_at IS NULL OR a.created_at < z.ended_at)""",
    "B1 who rests is back on the day that was agreed, or asked to be": """
        SELECT z.id FROM pause z JOIN membership m ON (m.spa_id, m.id) = (z.spa_id, z.membership_id)
        WHERE {m} AND z.began_at IS NOT NULL AND z.ended_on < z.resumes_on AND m.standing <> 'ended' AND NOT EXISTS (
            SELECT 1 FROM audit u WHERE u.spa_id = m.spa_id AND u.subject = 'membership:' || m.id
            AND u.act = 'resumed' AND u.at >= z.began_at)""",
    "B17 nobody is charged for what comes after they left": """
        SELECT i.id FROM invoice i JOIN cancellation x ON (x.spa_id, x.membership_id) = (i.spa_id, i.membership_id)
        JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        WHERE {i} AND i.kind = 'dues' AND a.created_at > x.asked_at AND i.due_on >= x.effective_on
          AND a.cause <> 'page' AND (x.withdrawn_at IS NULL OR a.created_at < x.withdrawn_at)""",
    "B12 terms change by a change of plan, or by a new price that was told": """
        SELECT w.membership_id FROM (
            SELECT v.*, lag(v.plan_version_id) OVER (PARTITION BY v.membership_id ORDER BY v.id) AS before
            FROM membership_move v WHERE {v}) w
        WHERE w.before <> w.plan_version_id AND NOT EXISTS (
            SELECT 1 FROM plan_change g WHERE (g.spa_id, g.membership_id) = (w.spa_id, w.membership_id)
            AND g.to_version_id = w.plan_version_id AND g.status = 'done')
        AND NOT EXISTS (
            SELECT 1 FROM price_notice y JOIN plan_migration g ON (g.spa_id, g.id) = (y.spa_id, y.migration_id)
            WHERE (y.spa_id, y.membership_id) = (w.spa_id, w.membership_id) AND y.outcome = 'moved'
            AND g.to_version_id = w.plan_version_id)""",
    "N14 a dearer plan holds once its difference is paid": """
        SELECT g.id FROM plan_change g JOIN invoice i ON (i.spa_id, i.id) = (g.spa_id, g.invoice_id)
        WHERE {i} AND g.status = 'done' AND i.status <> 'paid'""",
    "C5 nothing rolls off that was not told": """
        SELECT f.id FROM roll_off f LEFT JOIN outbound_message o ON (o.spa_id, o.key) = (f.spa_id, f.told_by)
        WHERE {f} AND f.entry_id IS NOT NULL AND coalesce(o.status, '') NOT IN ('sent', 'delivered')""",
}
NOT_SET_BACK = frozenset({"I17 member prices are for those whose standing entitles them"})
"""Asked only where the clock never went back: who stood where at what time is not known then."""

CREDIT_TOUCHED = """
    UNION SELECT client_id FROM ticket WHERE opened_at >= %(since)s OR paid_at >= %(since)s OR voided_at >= %(since)s
    UNION SELECT b.client_id FROM ledger_entry e JOIN ledger_posting b ON (b.spa_id, b.entry_id) = (e.spa_id, e.id)
          WHERE e.recorded_at >= %(since)s AND b.client_id <> 0
    UNION SELECT client_id FROM membership_move WHERE at >= %(since)s
    UNION SELECT i.client_id FROM refund r JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
          WHERE r.asked_at >= %(since)s OR r.settled_at >= %(since)s
    UNION SELECT client_id FROM dispute WHERE opened_at >= %(since)s OR closed_at >= %(since)s
    UNION SELECT m.client_id FROM pause z JOIN membership m ON (m.spa_id, m.id) = (z.spa_id, z.membership_id)
          WHERE z.asked_at >= %(since)s OR z.began_at >= %(since)s OR z.ended_at >= %(since)s"""
"""Those to whose credit or membership something happened."""

CREDIT_LATE = {
    "I21 a ticket is open past its time": "SELECT id FROM ticket WHERE status = 'open' AND opened_at < %(late)s",
    "I21 a void is not finished": """
        SELECT t.id FROM ticket t WHERE t.status = 'paid' AND t.voided_by IS NOT NULL AND t.total_cents <= (
            SELECT coalesce(sum(r.cents), 0) FROM refund r
            WHERE r.spa_id = t.spa_id AND r.ticket_id = t.id AND r.status = 'done')""",
    "I13 a refund is in doubt": "SELECT id FROM refund WHERE status IN ('asked', 'unanswered')",
    "I21 credit is held past its time": "SELECT id FROM credit_hold WHERE settled_at IS NULL AND until < %(late)s",
    "I21 credit did not run out on its day": """
        SELECT id FROM credit_lot WHERE remaining > held AND expires_on < %(late)s::date - 1 AND frozen_at IS NULL""",
    "I21 a change of plan waits for nobody": """
        SELECT id FROM plan_change WHERE status = 'unpaid' AND asked_at < %(late)s
           OR status = 'scheduled' AND effective_on < %(late)s::date - 1""",
    "I21 a pause did not begin": """
        SELECT z.id FROM pause z JOIN membership m ON (m.spa_id, m.id) = (z.spa_id, z.membership_id)
        WHERE z.ended_at IS NULL AND z.began_at IS NULL AND z.starts_on < %(late)s::date - 1
          AND m.standing = 'active'""",
    "I21 who left is a member still": """
        SELECT id FROM cancellation
        WHERE withdrawn_at IS NULL AND done_at IS NULL AND effective_on < %(late)s::date - 1""",
}
"""What must not be left, either, once the faults have stopped and two days have gone by."""
