"""What our rows say of money against what the ledger says of it (`reliability.md` I01, I06, I25)."""

from assistant.services.reconcile_checks import Check

BOOKS = (
    Check(
        "paid_without_entry",
        "it is paid, and the ledger has no entry of it",
        """SELECT i.spa_id, 'invoice ' || i.id, NULL::bigint, i.dues_cents + i.setup_fee_cents, i.client_id
           FROM invoice i WHERE i.status = 'paid' AND i.dues_cents + i.setup_fee_cents > 0 AND NOT EXISTS (
               SELECT 1 FROM ledger_entry e WHERE e.spa_id = i.spa_id
               AND e.key = CASE i.kind WHEN 'order' THEN 'order:' ELSE 'dues:' END || i.id)""",
    ),
    Check(
        "entry_without_paid",
        "the ledger has it, and its invoice is not paid",
        """SELECT e.spa_id, e.key, 0, NULL::bigint, NULL::bigint FROM ledger_entry e
           WHERE e.key ~ '^(dues|order):[0-9]+$' AND NOT EXISTS (
               SELECT 1 FROM invoice i WHERE i.spa_id = e.spa_id AND i.id = split_part(e.key, ':', 2)::bigint
               AND i.status = 'paid')""",
    ),
    Check(
        "refund_without_entry",
        "it went back, and the ledger has another sum of it, or none",
        """SELECT r.spa_id, 'refund ' || r.id, p.cents, r.cents, coalesce(i.client_id, t.client_id)
           FROM refund r LEFT JOIN invoice i ON (i.spa_id, i.id) = (r.spa_id, r.invoice_id)
           LEFT JOIN ticket t ON (t.spa_id, t.id) = (r.spa_id, r.ticket_id)
           LEFT JOIN LATERAL (
               SELECT -sum(p.amount)::bigint AS cents FROM ledger_posting p
               WHERE (p.spa_id, p.entry_id) = (r.spa_id, r.entry_id) AND p.account = 'clearing') p ON true
           WHERE r.status = 'done' AND r.cents IS DISTINCT FROM p.cents""",
    ),
    Check(
        "entry_without_refund",
        "the ledger gave it back, and no refund of ours did",
        """SELECT e.spa_id, e.key, p.cents, NULL::bigint, NULL::bigint FROM ledger_entry e
           JOIN LATERAL (
               SELECT -sum(p.amount)::bigint AS cents FROM ledger_posting p
               WHERE (p.spa_id, p.entry_id) = (e.spa_id, e.id) AND p.account = 'clearing') p ON true
           WHERE e.kind = 'refunded' AND NOT EXISTS (
               SELECT 1 FROM refund r WHERE r.spa_id = e.spa_id AND r.entry_id = e.id AND r.status = 'done')
             AND NOT EXISTS (SELECT 1 FROM ledger_entry x WHERE x.spa_id = e.spa_id AND x.reverses = e.id)""",
    ),
    Check(
        "dispute_not_settled",
        "the bank has decided, and the ledger still has it at the bank",
        """SELECT d.spa_id, 'dispute ' || d.id, p.cents, 0, d.client_id FROM dispute d
           JOIN LATERAL (
               SELECT sum(p.amount)::bigint AS cents FROM ledger_entry e
               JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
               WHERE e.spa_id = d.spa_id AND p.account = 'disputed' AND e.key IN (
                   'dispute:' || d.dispute_id, 'dispute_won:' || d.dispute_id, 'dispute_lost:' || d.dispute_id)) p
               ON true
           WHERE d.status <> 'open' AND p.cents <> 0""",
    ),
    Check(
        "entry_without_dispute",
        "the ledger has it at the bank, and there is no such dispute",
        """SELECT e.spa_id, e.key, NULL::bigint, NULL::bigint, NULL::bigint FROM ledger_entry e
           WHERE e.kind IN ('disputed', 'dispute_won', 'dispute_lost') AND NOT EXISTS (
               SELECT 1 FROM dispute d WHERE d.spa_id = e.spa_id AND e.key IN (
                   'dispute:' || d.dispute_id, 'dispute_won:' || d.dispute_id, 'dispute_lost:' || d.dispute_id))""",
    ),
    Check(
        "order_without_result",
        "its card paid, and what was ordered was not given, or the other way round",
        """SELECT i.spa_id, 'invoice ' || i.id, NULL::bigint, i.dues_cents, i.client_id
           FROM invoice i JOIN ticket t ON (t.spa_id, t.invoice_id) = (i.spa_id, i.id)
           WHERE (i.status = 'paid') <> (t.status IN ('paid', 'void') AND t.tender = 'card')
           UNION ALL
           SELECT i.spa_id, 'invoice ' || i.id, NULL, i.dues_cents, i.client_id
           FROM invoice i JOIN plan_change g ON (g.spa_id, g.invoice_id) = (i.spa_id, i.id)
           WHERE i.status = 'paid' AND g.status NOT IN ('done', 'dropped')
              OR i.status <> 'paid' AND g.status = 'done'""",
    ),
)
"""Each must find nothing, always."""
