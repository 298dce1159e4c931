"""What was paid against what members hold, where they stand, and what they were told (`features.md` N24)."""

from assistant.services.reconcile_checks import Check

MEMBERS = (
    Check(
        "paid_without_credits",
        "its dues are paid, and the credit they buy was not given",
        """SELECT i.spa_id, 'invoice ' || i.id || ' ' || g.unit, coalesce(got.amount, 0), g.amount, i.client_id
           FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
           CROSS JOIN LATERAL (
               SELECT x.terms ->> 'unit' AS unit, coalesce(x.terms ->> 'lot_class', 'paid') AS lot_class,
                      bool_or(x.terms #>> '{rollover,at_cap}' = 'convert') AS converts,
                      sum((x.terms ->> 'amount')::bigint
                          - coalesce((i.held_back ->> (x.place - 1)::text)::bigint, 0))::bigint AS amount
               FROM jsonb_array_elements(v.grants) WITH ORDINALITY x(terms, place) GROUP BY 1, 2) g
           LEFT JOIN LATERAL (
               SELECT sum(l.granted)::bigint AS amount FROM credit_lot l
               WHERE l.spa_id = i.spa_id AND l.invoice_id = i.id AND l.source_lot_id IS NULL AND l.unit = g.unit
                 AND l.lot_class = g.lot_class) got ON true
           WHERE i.kind = 'dues' AND i.status = 'paid' AND i.settled_at >= %(since)s
             AND coalesce(got.amount, 0) < g.amount
             AND NOT (g.converts IS TRUE AND EXISTS (
                 SELECT 1 FROM credit_lot l WHERE l.spa_id = i.spa_id AND l.invoice_id = i.id AND l.unit = 'USD'))
             AND NOT EXISTS (
                 SELECT 1 FROM credit_claim k WHERE k.spa_id = i.spa_id AND k.client_id = i.client_id
                 AND k.unit = g.unit AND k.made_at <= i.settled_at AND k.remaining < k.amount)
           UNION ALL
           SELECT i.spa_id, 'invoice ' || i.id || ' USD', coalesce(got.cents, 0), p.cents, i.client_id
           FROM invoice i JOIN ledger_entry e ON e.spa_id = i.spa_id AND e.key = 'order:' || i.id
           JOIN LATERAL (
               SELECT -sum(p.amount)::bigint AS cents FROM ledger_posting p
               WHERE (p.spa_id, p.entry_id) = (e.spa_id, e.id) AND p.account = 'deferred') p ON true
           LEFT JOIN LATERAL (
               SELECT sum(l.paid_cents)::bigint AS cents FROM credit_lot l
               WHERE l.spa_id = i.spa_id AND l.invoice_id = i.id AND l.source_lot_id IS NULL) got ON true
           WHERE i.kind = 'order' AND i.status = 'paid' AND i.settled_at >= %(since)s
             AND coalesce(got.cents, 0) < p.cents""",
    ),
    Check(
        "credits_without_payment",
        "it was given as paid for, and nothing that was paid stands behind it",
        """SELECT l.spa_id, 'lot ' || l.id, l.granted, NULL::bigint, l.client_id
           FROM credit_lot l LEFT JOIN invoice i ON (i.spa_id, i.id) = (l.spa_id, l.invoice_id)
           WHERE l.granted_on >= %(since)s::timestamptz::date - 1 AND CASE
               WHEN l.invoice_id IS NOT NULL THEN i.status <> 'paid'
               ELSE l.lot_class = 'paid' AND l.source_lot_id IS NULL AND l.reason IS NULL END""",
    ),
    Check(
        "standing_without_debt",
        "it stands as past due, and nothing is asked for",
        """SELECT m.spa_id, 'membership ' || m.id, NULL::bigint, NULL::bigint, m.client_id FROM membership m
           WHERE m.standing IN ('past_due', 'suspended') AND NOT EXISTS (
               SELECT 1 FROM dunning_case c WHERE (c.spa_id, c.membership_id) = (m.spa_id, m.id)
               AND c.closed_at IS NULL)""",
    ),
    Check(
        "debt_without_standing",
        "dues are asked for, and it stands as if they were paid",
        """SELECT m.spa_id, 'membership ' || m.id, NULL::bigint, max(i.dues_cents + i.setup_fee_cents)::bigint,
                  m.client_id
           FROM membership m JOIN dunning_case c ON (c.spa_id, c.membership_id) = (m.spa_id, m.id)
           JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
           WHERE m.standing = 'active' AND c.closed_at IS NULL AND c.rule NOT IN ('review', 'check')
           GROUP BY m.spa_id, m.id""",
    ),
    Check(
        "left_and_billed",
        "they had left by its day, and it was asked for all the same",
        """SELECT i.spa_id, 'invoice ' || i.id, 0, i.dues_cents + i.setup_fee_cents, i.client_id
           FROM invoice i JOIN cancellation x ON (x.spa_id, x.membership_id) = (i.spa_id, i.membership_id)
           WHERE i.kind = 'dues' AND x.withdrawn_at IS NULL AND i.due_on >= x.effective_on AND i.opened_at > x.asked_at
             AND i.status IN ('open', 'paid') AND i.dues_cents + i.setup_fee_cents > (
                 SELECT coalesce(sum(r.cents), 0) FROM refund r
                 WHERE (r.spa_id, r.invoice_id) = (i.spa_id, i.id) AND r.status <> 'failed')
             AND NOT EXISTS (
                 SELECT 1 FROM staff_task t WHERE t.spa_id = i.spa_id AND t.key = 'refund:left:' || i.id)""",
    ),
)
"""Each must find nothing, always."""

LOOSE_ENDS = (
    Check(
        "nobody_told",
        "it has been owed for over a day, and nobody has told them",
        """SELECT c.spa_id, 'invoice ' || c.invoice_id, NULL::bigint, i.dues_cents + i.setup_fee_cents, c.client_id
           FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
           JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
           WHERE c.closed_at IS NULL AND c.told_at IS NULL AND c.opened_at <= %(now)s - interval '24 hours'
             AND c.rule NOT IN ('review', 'check') AND m.dunning_exempt IS NULL
             AND NOT EXISTS (
                 SELECT 1 FROM outbound_message o WHERE (o.spa_id, o.owed_invoice_id) = (c.spa_id, c.invoice_id)
                 AND o.status = 'delivered')
             AND NOT EXISTS (
                 SELECT 1 FROM staff_task t WHERE t.spa_id = c.spa_id
                 AND t.key IN ('not_told:' || c.invoice_id, 'unpaid_untold:' || c.invoice_id,
                               'cancel_asked_of_bank:' || c.invoice_id)
                 AND (t.closed_at IS NULL OR t.closed_by LIKE 'staff%%'))""",
    ),
    Check(
        "link_unfinished",
        "they opened their link and typed no card, and still owe",
        """SELECT p.spa_id, 'page ' || p.id, NULL::bigint, owing.cents, p.client_id
           FROM (SELECT DISTINCT ON (spa_id, client_id) * FROM card_page WHERE created_at >= %(since)s
                 ORDER BY spa_id, client_id, id DESC) p
           JOIN LATERAL (
               SELECT sum(i.dues_cents + i.setup_fee_cents)::bigint AS cents FROM invoice i
               JOIN dunning_case c ON (c.spa_id, c.invoice_id) = (i.spa_id, i.id) AND c.closed_at IS NULL
               WHERE i.spa_id = p.spa_id AND i.client_id = p.client_id AND i.status = 'open'
                 AND i.opened_at <= p.created_at) owing ON owing.cents > 0
           WHERE p.status <> 'complete' AND p.created_at <= %(now)s - interval '4 hours' AND NOT EXISTS (
               SELECT 1 FROM card k WHERE k.spa_id = p.spa_id AND k.client_id = p.client_id
               AND k.added_at > p.created_at)""",
    ),
    Check(
        "promise_not_kept",
        "the day that they named has come, and it is still owed",
        """SELECT c.spa_id, 'invoice ' || c.invoice_id, NULL::bigint, i.dues_cents + i.setup_fee_cents, c.client_id
           FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
           JOIN spa s ON s.spa_id = c.spa_id
           CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE s.zone)::date AS on) today
           WHERE c.closed_at IS NULL AND c.promised_at IS NOT NULL AND i.status = 'open' AND (
               c.promise_on < today.on OR c.promise_on = today.on AND EXISTS (
                   SELECT 1 FROM charge_attempt a WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
                   AND a.status = 'declined' AND (a.answered_at AT TIME ZONE s.zone)::date = today.on))""",
    ),
    Check(
        "ticket_left_open",
        "it has been open for over a day, and its credit is held for it",
        """SELECT t.spa_id, 'ticket ' || t.id, NULL::bigint, t.total_cents, t.client_id FROM ticket t
           WHERE t.status = 'open' AND t.opened_at <= %(now)s - interval '24 hours'""",
    ),
)
"""Each may find something in an honest life: it is for a person to see that it does not stay so."""
