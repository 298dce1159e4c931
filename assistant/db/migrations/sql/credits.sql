-- Credit by lots, used and kept in one statement each, under the lock of the member's account.

-- Uses credit in the order of use: soonest expiring, promotional before paid, oldest, id. What is held under p_ref is used
-- first, though its day be over (features.md C1, C2, C4). Once for its key. Gives the entry's id, negative when it was there
-- already, null when there is not enough; and how much there was.
-- p_kind is the entry's kind; p_to the account that a service credit goes to, p_earn the one its dues go to.
-- Without p_promo promotional lots are left alone, but for what is held. p_occurred: when it happened, if that was earlier.
CREATE FUNCTION credit_spend(
    p_spa bigint, p_at timestamptz, p_today date, p_client bigint, p_unit text, p_amount bigint, p_key text,
    p_ref text DEFAULT NULL, p_kind text DEFAULT 'credits_spent', p_to text DEFAULT 'redeemed', p_earn text DEFAULT 'revenue',
    p_promo boolean DEFAULT true, p_occurred timestamptz DEFAULT NULL,
    OUT entry_id bigint, OUT available bigint, OUT cents bigint, OUT lots bigint[], OUT parts bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
    v_lot record; v_part bigint; v_left bigint := p_amount; v_cents bigint; v_held bigint[] := '{}'; v_paid bigint[] := '{}';
BEGIN
    IF p_amount <= 0 THEN
        RAISE EXCEPTION 'a use of % is not a use', p_amount USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM ledger_account a WHERE a.spa_id = p_spa AND a.client_id = p_client AND a.account = 'credits'
        AND a.unit = p_unit FOR NO KEY UPDATE;
    SELECT -e.id INTO entry_id FROM ledger_entry e WHERE e.spa_id = p_spa AND e.key = p_key;
    IF FOUND THEN
        SELECT sum(a.cents), array_agg(a.lot_id ORDER BY a.lot_id), array_agg(a.amount ORDER BY a.lot_id)
        INTO cents, lots, parts FROM allocation a WHERE a.spa_id = p_spa AND a.entry_id = -credit_spend.entry_id AND a.amount > 0;
        PERFORM 1 FROM ledger_posting p WHERE p.spa_id = p_spa AND p.entry_id = -credit_spend.entry_id
            AND p.client_id = p_client AND p.account = 'credits' AND p.unit = p_unit AND p.amount = p_amount;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'ledger key % was posted with other legs', p_key USING ERRCODE = 'unique_violation';
        END IF;
        RETURN;
    END IF;
    available := 0; cents := 0; lots := '{}'; parts := '{}';
    FOR v_lot IN
        SELECT l.id, l.remaining, l.cents_left, coalesce(h.amount, 0) AS mine,
               CASE WHEN l.frozen_at IS NULL AND (l.expires_on IS NULL OR l.expires_on >= p_today)
                         AND (p_promo OR l.lot_class <> 'promo')
                    THEN l.remaining - l.held ELSE 0 END + coalesce(h.amount, 0) AS usable
        FROM credit_lot l LEFT JOIN credit_hold h
            ON p_ref IS NOT NULL AND h.spa_id = p_spa AND h.ref = p_ref AND h.lot_id = l.id AND h.settled_at IS NULL
        WHERE l.spa_id = p_spa AND l.client_id = p_client AND l.unit = p_unit AND l.remaining > 0
        ORDER BY h.id IS NULL, l.expires_on NULLS LAST, l.lot_class <> 'promo', l.granted_on, l.id
    LOOP
        available := available + v_lot.usable;
        v_part := least(v_left, v_lot.usable);
        CONTINUE WHEN v_part <= 0;
        v_left := v_left - v_part;
        v_cents := CASE WHEN v_part = v_lot.remaining THEN v_lot.cents_left ELSE v_lot.cents_left * v_part / v_lot.remaining END;
        cents := cents + v_cents;
        lots := lots || v_lot.id; parts := parts || v_part; v_paid := v_paid || v_cents;
        v_held := v_held || least(v_lot.mine, v_part);
    END LOOP;
    IF v_left > 0 THEN
        RETURN;
    END IF;
    entry_id := CASE
        WHEN p_unit = 'USD' THEN ledger_post_one(
            p_spa, p_at, p_key, p_kind, coalesce(p_occurred, p_at), NULL, ARRAY[p_client, 0], ARRAY['credits', p_earn], ARRAY['USD', 'USD'],
            ARRAY[p_amount, -p_amount])
        WHEN cents = 0 OR p_earn = 'deferred' THEN ledger_post_one(
            p_spa, p_at, p_key, p_kind, coalesce(p_occurred, p_at), NULL, ARRAY[p_client, 0], ARRAY['credits', p_to], ARRAY[p_unit, p_unit],
            ARRAY[p_amount, -p_amount])
        ELSE ledger_post_one(
            p_spa, p_at, p_key, p_kind, coalesce(p_occurred, p_at), NULL, ARRAY[p_client, 0, 0, 0], ARRAY['credits', p_to, 'deferred', p_earn],
            ARRAY[p_unit, p_unit, 'USD', 'USD'], ARRAY[p_amount, -p_amount, cents, -cents])
        END;
    IF cardinality(lots) = 1 THEN  -- nearly every use: no arrays, no joins
        INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount, cents)
        VALUES (p_spa, credit_spend.entry_id, 1, lots[1], parts[1], v_paid[1]);
        UPDATE credit_lot l SET remaining = l.remaining - parts[1], cents_left = l.cents_left - v_paid[1],
               held = l.held - v_held[1]
        WHERE l.spa_id = p_spa AND l.id = lots[1];
    ELSE
        INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount, cents)
        SELECT p_spa, credit_spend.entry_id, 1, u.lot, u.part, u.paid FROM unnest(lots, parts, v_paid) u(lot, part, paid);
        UPDATE credit_lot l SET remaining = l.remaining - u.part, cents_left = l.cents_left - u.paid, held = l.held - u.mine
        FROM unnest(lots, parts, v_paid, v_held) u(lot, part, paid, mine) WHERE l.spa_id = p_spa AND l.id = u.lot;
    END IF;
    IF p_ref IS NOT NULL THEN
        PERFORM credit_settle_hold(p_spa, p_ref, p_client, p_unit, p_at, lots, v_held);
    END IF;
END $$;

-- What was held under a reference for a use is settled by it: what was used is used, and what is over is let go.
CREATE FUNCTION credit_settle_hold(
    p_spa bigint, p_ref text, p_client bigint, p_unit text, p_at timestamptz, p_lots bigint[], p_used bigint[]
) RETURNS void LANGUAGE sql AS $$
    WITH settled AS (
        UPDATE credit_hold h SET settled_at = p_at, outcome = 'used'
        WHERE h.spa_id = p_spa AND h.ref = p_ref AND h.client_id = p_client AND h.unit = p_unit AND h.settled_at IS NULL
        RETURNING h.lot_id, h.amount)
    UPDATE credit_lot l SET held = l.held - (s.amount - coalesce(u.used, 0))
    FROM settled s LEFT JOIN unnest(p_lots, p_used) u(lot, used) ON u.lot = s.lot_id
    WHERE l.spa_id = p_spa AND l.id = s.lot_id AND s.amount > coalesce(u.used, 0);
$$;

-- Keeps credit for a booking or an open ticket until an instant, out of the lots that a use would take. Once for its
-- reference and unit: what is kept, or was used already, is not kept again; what was let go may be. A lot whose day is over
-- before then is kept for p_grace days more, and not longer (features.md C3). Gives how much there was to keep from; nothing
-- is kept when that is not enough.
CREATE FUNCTION credit_hold(
    p_spa bigint, p_at timestamptz, p_today date, p_client bigint, p_unit text, p_amount bigint, p_ref text,
    p_until timestamptz, p_promo boolean DEFAULT true, p_grace int DEFAULT 14, OUT kept boolean, OUT available bigint
) LANGUAGE plpgsql AS $$
DECLARE v_lasts date;
BEGIN
    IF p_amount <= 0 THEN
        RAISE EXCEPTION 'a hold of % is not a hold', p_amount USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM ledger_account a WHERE a.spa_id = p_spa AND a.client_id = p_client AND a.account = 'credits'
        AND a.unit = p_unit FOR NO KEY UPDATE;
    SELECT true, sum(h.amount) INTO kept, available FROM credit_hold h
    WHERE h.spa_id = p_spa AND h.ref = p_ref AND h.client_id = p_client AND h.unit = p_unit
      AND (h.settled_at IS NULL OR h.outcome = 'used') HAVING count(*) > 0;
    IF kept THEN
        IF available <> p_amount THEN
            RAISE EXCEPTION 'hold % is of another amount', p_ref USING ERRCODE = 'unique_violation';
        END IF;
        RETURN;
    END IF;
    v_lasts := p_today + greatest(0, floor(extract(epoch FROM p_until - p_at) / 86400)::int - p_grace);
    SELECT coalesce(sum(l.remaining - l.held), 0) INTO available FROM credit_lot l
    WHERE l.spa_id = p_spa AND l.client_id = p_client AND l.unit = p_unit AND l.remaining > 0 AND l.frozen_at IS NULL
      AND (l.expires_on IS NULL OR l.expires_on >= v_lasts) AND (p_promo OR l.lot_class <> 'promo');
    kept := available >= p_amount;
    IF NOT kept THEN
        RETURN;
    END IF;
    WITH line AS (
        SELECT l.id, l.remaining - l.held AS free,
               sum(l.remaining - l.held) OVER (ORDER BY l.expires_on NULLS LAST, l.lot_class <> 'promo', l.granted_on, l.id) AS upto
        FROM credit_lot l
        WHERE l.spa_id = p_spa AND l.client_id = p_client AND l.unit = p_unit AND l.remaining > l.held
          AND l.frozen_at IS NULL AND (l.expires_on IS NULL OR l.expires_on >= v_lasts)
          AND (p_promo OR l.lot_class <> 'promo')
    ), made AS (
        INSERT INTO credit_hold (spa_id, ref, lot_id, client_id, unit, amount, made_at, until)
        SELECT p_spa, p_ref, id, p_client, p_unit, least(free, p_amount - (upto - free)), p_at, p_until
        FROM line WHERE upto - free < p_amount
        RETURNING lot_id, amount)
    UPDATE credit_lot l SET held = l.held + made.amount FROM made WHERE l.spa_id = p_spa AND l.id = made.lot_id;
END $$;

-- Lets go what is held: under a reference, or everything whose time is over. Gives how many holds.
CREATE FUNCTION credit_release(p_spa bigint, p_at timestamptz, p_ref text, p_outcome text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_many bigint;
BEGIN
    PERFORM 1 FROM ledger_account a WHERE a.spa_id = p_spa AND a.account = 'credits' AND (a.client_id, a.unit) IN (
        SELECT h.client_id, h.unit FROM credit_hold h WHERE h.spa_id = p_spa AND h.settled_at IS NULL
           AND (CASE WHEN p_ref IS NULL THEN h.until <= p_at ELSE h.ref = p_ref END))
    ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE;
    WITH over AS (
        UPDATE credit_hold h SET settled_at = p_at, outcome = p_outcome
        WHERE h.spa_id = p_spa AND h.settled_at IS NULL
          AND (CASE WHEN p_ref IS NULL THEN h.until <= p_at ELSE h.ref = p_ref END)
        RETURNING h.lot_id, h.amount
    ), freed AS (
        UPDATE credit_lot l SET held = l.held - o.amount
        FROM (SELECT lot_id, sum(amount)::bigint AS amount FROM over GROUP BY lot_id) o
        WHERE l.spa_id = p_spa AND l.id = o.lot_id)
    SELECT count(*) INTO v_many FROM over;
    RETURN v_many;
END $$;

-- Expires what is left of promotional lots whose last day is over, but for what is held or frozen: one statement for any
-- number. The accounts are locked before the lots, as a use does, so that what is sized is what is there. A lot may be given
-- back to after it ran out: how often it was touched tells one expiry of it from the next.
CREATE FUNCTION credit_expire(p_spa bigint, p_at timestamptz, p_today date) RETURNS bigint
LANGUAGE plpgsql SET work_mem = '64MB' AS $$
DECLARE v_keys text[]; v_lots bigint[]; v_amounts bigint[];
BEGIN
    PERFORM 1 FROM ledger_account a WHERE a.spa_id = p_spa AND a.account = 'credits' AND (a.client_id, a.unit) IN (
        SELECT l.client_id, l.unit FROM credit_lot l
        WHERE l.spa_id = p_spa AND l.remaining > l.held AND l.expires_on < p_today AND l.frozen_at IS NULL)
    ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE;
    SELECT array_agg(key), array_agg(id), array_agg(amount) INTO v_keys, v_lots, v_amounts FROM (
        SELECT l.id, l.remaining - l.held AS amount, 'expired:' || l.id || ':' || (
                   SELECT count(*) FROM allocation a WHERE a.spa_id = l.spa_id AND a.lot_id = l.id) AS key
        FROM credit_lot l
        WHERE l.spa_id = p_spa AND l.remaining > l.held AND l.expires_on < p_today AND l.frozen_at IS NULL
        ORDER BY l.id) over;
    PERFORM credit_let_go(p_spa, p_at, v_keys, v_lots, v_amounts);
    RETURN coalesce(cardinality(v_lots), 0);
END $$;

-- So much of these lots is gone: an entry for each, in their order. Of promotions only; what was paid for is refused.
CREATE FUNCTION credit_let_go(p_spa bigint, p_at timestamptz, p_keys text[], p_lots bigint[], p_amounts bigint[])
RETURNS bigint[] LANGUAGE plpgsql SET work_mem = '64MB' AS $$
DECLARE v_many int := coalesce(cardinality(p_lots), 0); v_paid bigint; v_entries bigint[];
BEGIN
    IF v_many = 0 THEN
        RETURN '{}';
    END IF;
    IF v_many > 2500 THEN  -- in slices that fit in memory, or ten times the lots would take more than ten times as long
        FOR i IN 0 .. (v_many - 1) / 2500 LOOP
            v_entries := v_entries || credit_let_go(
                p_spa, p_at, p_keys[i * 2500 + 1 : (i + 1) * 2500], p_lots[i * 2500 + 1 : (i + 1) * 2500],
                p_amounts[i * 2500 + 1 : (i + 1) * 2500]);
        END LOOP;
        RETURN v_entries;
    END IF;
    SELECT l.id INTO v_paid FROM unnest(p_lots) u(lot) JOIN credit_lot l ON l.spa_id = p_spa AND l.id = u.lot
    WHERE l.lot_class <> 'promo' OR l.cents_left > 0 LIMIT 1;
    IF v_paid IS NOT NULL THEN
        RAISE EXCEPTION 'credit_lot % was paid for and is never taken', v_paid USING ERRCODE = 'restrict_violation';
    END IF;
    WITH gone AS MATERIALIZED (
        SELECT u.n::int AS n, l.id, l.client_id, l.unit, u.amount
        FROM unnest(p_lots, p_amounts) WITH ORDINALITY u(lot, amount, n) JOIN credit_lot l ON l.spa_id = p_spa AND l.id = u.lot
    ), leg AS (
        SELECT array_agg(g.n ORDER BY g.n, s.side) AS places,
               array_agg(CASE s.side WHEN 1 THEN g.client_id ELSE 0 END ORDER BY g.n, s.side) AS clients,
               array_agg(CASE WHEN s.side = 1 THEN 'credits' WHEN g.unit = 'USD' THEN 'promotions' ELSE 'expired' END
                         ORDER BY g.n, s.side) AS accounts,
               array_agg(g.unit ORDER BY g.n, s.side) AS units,
               array_agg(CASE s.side WHEN 1 THEN g.amount ELSE -g.amount END ORDER BY g.n, s.side) AS amounts
        FROM gone g CROSS JOIN (VALUES (1), (2)) s(side)
    ), posted AS MATERIALIZED (
        SELECT p.entry_id, p.n FROM leg, LATERAL ledger_post_many(
            p_spa, p_at, p_keys, array_fill('credits_expired'::text, ARRAY[v_many]), array_fill(p_at, ARRAY[v_many]),
            array_fill(NULL::bigint, ARRAY[v_many]), leg.places, leg.clients, leg.accounts, leg.units, leg.amounts)
            WITH ORDINALITY p(entry_id, fresh, n)
    ), written AS (
        INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount)
        SELECT p_spa, posted.entry_id, 1, gone.id, gone.amount FROM posted JOIN gone ON gone.n = posted.n
        RETURNING lot_id, amount
    ), changed AS (
        UPDATE credit_lot l SET remaining = l.remaining - w.amount
        FROM (SELECT lot_id, sum(amount)::bigint AS amount FROM written GROUP BY lot_id) w
        WHERE l.spa_id = p_spa AND l.id = w.lot_id)
    SELECT array_agg(posted.entry_id ORDER BY posted.n) INTO v_entries FROM posted;
    RETURN v_entries;
END $$;

-- What is over its cap and was told so is let go on the day after its last, sized anew under the lock: less where room was
-- made meanwhile, and nothing of what is held. Counted are promotions by themselves, as domain/rollover.py counts. Who was
-- told by no message that went out keeps theirs: that is for a person. Gives how many rows were settled.
CREATE FUNCTION credit_roll_off(p_spa bigint, p_at timestamptz, p_today date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_rows bigint[]; v_lots bigint[]; v_amounts bigint[]; v_entries bigint[];
BEGIN
    PERFORM 1 FROM ledger_account a WHERE a.spa_id = p_spa AND a.account = 'credits' AND (a.client_id, a.unit) IN (
        SELECT l.client_id, l.unit FROM roll_off r JOIN credit_lot l ON (l.spa_id, l.id) = (r.spa_id, r.lot_id)
        WHERE r.spa_id = p_spa AND r.settled_at IS NULL AND r.last_on < p_today)
    ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE;
    WITH due AS (
        SELECT r.id, r.last_on, r.amount, r.most, r.lot_id, l.client_id, l.unit,
               CASE WHEN l.expires_on < p_today THEN 0 ELSE l.remaining - l.held END AS free
        FROM roll_off r JOIN credit_lot l ON (l.spa_id, l.id) = (r.spa_id, r.lot_id)
        JOIN outbound_message o ON (o.spa_id, o.key) = (r.spa_id, r.told_by) AND o.status IN ('sent', 'delivered')
        WHERE r.spa_id = p_spa AND r.settled_at IS NULL AND r.last_on < p_today AND l.frozen_at IS NULL
    ), part AS (
        SELECT d.*, greatest(0, least(d.amount, d.free - coalesce(sum(d.amount) OVER (
                   PARTITION BY d.lot_id ORDER BY d.last_on, d.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))
               ) AS most_of_it
        FROM due d
    ), total AS (
        SELECT l.client_id, l.unit, sum(l.remaining) AS amount FROM credit_lot l
        WHERE l.spa_id = p_spa AND l.lot_class = 'promo' AND l.remaining > 0
          AND (l.expires_on IS NULL OR l.expires_on >= p_today)
          AND (l.client_id, l.unit) IN (SELECT d.client_id, d.unit FROM due d)
        GROUP BY l.client_id, l.unit
    ), sized AS (
        SELECT p.id, p.lot_id, greatest(0, least(p.most_of_it, coalesce(t.amount, 0) - p.most - coalesce(sum(p.most_of_it) OVER (
                   PARTITION BY p.client_id, p.unit ORDER BY p.last_on, p.id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))::bigint AS amount
        FROM part p LEFT JOIN total t USING (client_id, unit))
    SELECT array_agg(s.id ORDER BY s.amount = 0, s.id), array_agg(s.lot_id ORDER BY s.id) FILTER (WHERE s.amount > 0),
           array_agg(s.amount ORDER BY s.id) FILTER (WHERE s.amount > 0)
    INTO v_rows, v_lots, v_amounts FROM sized s;
    v_entries := credit_let_go(p_spa, p_at, (
        SELECT array_agg('rolled_off:' || r.id ORDER BY r.n) FROM unnest(v_rows) WITH ORDINALITY r(id, n)
        WHERE r.n <= cardinality(v_lots)), v_lots, v_amounts);
    UPDATE roll_off r SET settled_at = p_at, entry_id = s.entry_id
    FROM (SELECT u.id, v_entries[u.n] AS entry_id FROM unnest(v_rows) WITH ORDINALITY u(id, n)) s
    WHERE r.spa_id = p_spa AND r.id = s.id;
    RETURN coalesce(cardinality(v_rows), 0);
END $$;

-- What lots from before this were paid with: their part of what their invoice's dues still owed, and as much of it as
-- remains. What was used of them is earned by one entry a spa.
UPDATE credit_lot l SET invoice_id = i.id FROM ledger_entry e
JOIN invoice i ON i.spa_id = e.spa_id AND e.key ~ ('^cycle:' || i.id || ':') WHERE e.spa_id = l.spa_id AND e.id = l.entry_id;
UPDATE credit_lot SET paid_cents = remaining, cents_left = remaining WHERE unit = 'USD' AND lot_class = 'paid';
WITH owed AS (
    SELECT i.spa_id, i.id, -sum(p.amount) - coalesce((
               SELECT sum(l.granted) FROM credit_lot l WHERE l.spa_id = i.spa_id AND l.invoice_id = i.id AND l.unit = 'USD'
               AND l.lot_class = 'paid'), 0) AS cents
    FROM invoice i JOIN ledger_entry e ON e.spa_id = i.spa_id AND e.key = 'dues:' || i.id
    JOIN ledger_posting p ON p.spa_id = e.spa_id AND p.entry_id = e.id AND p.account = 'deferred' GROUP BY i.spa_id, i.id
), part AS (
    SELECT l.spa_id, l.id, l.granted, l.remaining, o.cents, l.granted * k.reference_cents AS weight,
           sum(l.granted * k.reference_cents) OVER (PARTITION BY l.spa_id, l.invoice_id) AS weights
    FROM credit_lot l JOIN owed o ON o.spa_id = l.spa_id AND o.id = l.invoice_id
    JOIN credit_kind k ON k.spa_id = l.spa_id AND k.unit = l.unit WHERE l.unit <> 'USD' AND l.lot_class = 'paid'
), left_over AS (
    SELECT spa_id, id, floor(greatest(cents, 0) * weight / weights * remaining / granted)::bigint AS cents
    FROM part WHERE weights > 0)
UPDATE credit_lot l SET paid_cents = o.cents, cents_left = o.cents FROM left_over o WHERE o.spa_id = l.spa_id AND o.id = l.id;
SELECT ledger_post_one(d.spa_id, d.at, 'opening:credits', 'credits_spent', d.at, NULL, ARRAY[0, 0]::bigint[],
                       ARRAY['deferred', 'revenue'], ARRAY['USD', 'USD'], ARRAY[d.cents, -d.cents])
FROM (
    SELECT p.spa_id, (SELECT max(e.recorded_at) FROM ledger_entry e WHERE e.spa_id = p.spa_id) AS at,
           (-sum(p.amount) - coalesce((SELECT sum(l.cents_left) FROM credit_lot l
                                       WHERE l.spa_id = p.spa_id AND l.unit <> 'USD'), 0))::bigint AS cents
    FROM ledger_posting p WHERE p.account = 'deferred' GROUP BY p.spa_id) d
WHERE d.cents <> 0;

-- A lot may only be used up or given back to, kept, frozen, and made to last longer: what it is never changes.
CREATE OR REPLACE FUNCTION refuse_lot_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.client_id, OLD.unit, OLD.lot_class, OLD.granted, OLD.granted_on, OLD.entry_id, OLD.paid_cents,
        OLD.reference_cents, OLD.invoice_id, OLD.source_lot_id, OLD.reason)
       IS DISTINCT FROM
       (NEW.client_id, NEW.unit, NEW.lot_class, NEW.granted, NEW.granted_on, NEW.entry_id, NEW.paid_cents,
        NEW.reference_cents, NEW.invoice_id, NEW.source_lot_id, NEW.reason)
    THEN
        RAISE EXCEPTION 'credit_lot % may only be used or restored', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.expires_on < OLD.expires_on OR OLD.expires_on IS NOT NULL AND NEW.expires_on IS NULL
       OR OLD.expires_on IS NULL AND NEW.expires_on IS NOT NULL THEN
        RAISE EXCEPTION 'credit_lot % may only be made to last longer', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER lot_is_what_it_was ON credit_lot;
-- Asked of every use: so the database looks itself, and calls only to refuse.
CREATE TRIGGER lot_is_what_it_was BEFORE UPDATE ON credit_lot FOR EACH ROW WHEN (
    (OLD.client_id, OLD.unit, OLD.lot_class, OLD.granted, OLD.granted_on, OLD.expires_on, OLD.entry_id, OLD.paid_cents,
     OLD.reference_cents, OLD.invoice_id, OLD.source_lot_id, OLD.reason)
    IS DISTINCT FROM
    (NEW.client_id, NEW.unit, NEW.lot_class, NEW.granted, NEW.granted_on, NEW.expires_on, NEW.entry_id, NEW.paid_cents,
     NEW.reference_cents, NEW.invoice_id, NEW.source_lot_id, NEW.reason))
    EXECUTE FUNCTION refuse_lot_change();
