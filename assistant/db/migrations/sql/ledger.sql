-- The books, as the database keeps them.

-- Any number of entries in one round trip.
-- Entries are arrays of equal length; legs are arrays of equal length whose l_entry is the 1-based place of their entry.
-- An entry whose key is known is not posted again: its old id comes back with fresh = false, and if its legs differ from
-- those it was posted with, the whole call is refused.
-- Members' accounts are locked in the order of their names before any is changed, whoever calls and in whatever order.
CREATE FUNCTION ledger_post_many(
    p_spa bigint, p_recorded timestamptz,
    e_key text[], e_kind text[], e_occurred timestamptz[], e_reverses bigint[],
    l_entry int[], l_client bigint[], l_account text[], l_unit text[], l_amount bigint[]
) RETURNS TABLE (entry_id bigint, fresh boolean)
LANGUAGE plpgsql AS $$
DECLARE v_ids bigint[];
BEGIN
    WITH written AS (
        INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at, reverses)
        SELECT p_spa, k.key, k.kind, k.occurred, p_recorded, k.reverses
        FROM unnest(e_key, e_kind, e_occurred, e_reverses) k(key, kind, occurred, reverses)
        ORDER BY k.key
        ON CONFLICT (spa_id, key) DO NOTHING
        RETURNING id, key
    )
    SELECT array_agg(w.id ORDER BY k.n) INTO v_ids
    FROM unnest(e_key) WITH ORDINALITY k(key, n) LEFT JOIN written w ON w.key = k.key;

    -- The accounts there are to change: made where they are missing, all locked in one order, then changed.
    INSERT INTO ledger_account (spa_id, client_id, account, unit, balance)
    SELECT DISTINCT p_spa, x.c, x.ac, x.u, 0
    FROM unnest(l_client, l_account, l_unit) x(c, ac, u)
    WHERE x.c <> 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_account a WHERE (a.spa_id, a.client_id, a.account, a.unit) = (p_spa, x.c, x.ac, x.u))
    ORDER BY 2, 3, 4
    ON CONFLICT DO NOTHING;

    WITH leg AS MATERIALIZED (
        SELECT v_ids[x.e] AS entry_id, x.n, x.c, x.ac, x.u, x.amount
        FROM unnest(l_entry, l_client, l_account, l_unit, l_amount) WITH ORDINALITY x(e, c, ac, u, amount, n)
        WHERE v_ids[x.e] IS NOT NULL
    ), moved AS MATERIALIZED (
        SELECT c, ac, u, sum(amount)::bigint AS amount FROM leg WHERE c <> 0 GROUP BY c, ac, u
    ), held AS MATERIALIZED (
        SELECT m.* FROM moved m JOIN ledger_account a
            ON (a.spa_id, a.client_id, a.account, a.unit) = (p_spa, m.c, m.ac, m.u)
        ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE OF a
    ), changed AS (
        UPDATE ledger_account a SET balance = a.balance + h.amount FROM held h
        WHERE (a.spa_id, a.client_id, a.account, a.unit) = (p_spa, h.c, h.ac, h.u)
    )
    INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
    SELECT p_spa, l.entry_id, row_number() OVER (PARTITION BY l.entry_id ORDER BY l.n), l.c, l.ac, l.u, l.amount FROM leg l;

    IF array_position(v_ids, NULL) IS NOT NULL THEN
        PERFORM ledger_refuse_different(p_spa, e_key, v_ids, l_entry, l_client, l_account, l_unit, l_amount);
    END IF;
    RETURN QUERY
        SELECT coalesce(v.id, e.id), v.id IS NOT NULL
        FROM unnest(e_key, v_ids) WITH ORDINALITY v(key, id, n)
        LEFT JOIN ledger_entry e ON v.id IS NULL AND e.spa_id = p_spa AND e.key = v.key
        ORDER BY v.n;
END $$;

-- One entry that touches at most one member's account: no sorting and no joins. Any other goes the way of many.
-- Gives the entry's id, negative when it was there already: one number is cheaper to hand over than a row.
CREATE FUNCTION ledger_post_one(
    p_spa bigint, p_recorded timestamptz, p_key text, p_kind text, p_occurred timestamptz, p_reverses bigint,
    l_client bigint[], l_account text[], l_unit text[], l_amount bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_legs int := cardinality(l_client);
    v_member int := 0;
    v_entry bigint;
    v_fresh boolean;
BEGIN
    FOR i IN 1 .. v_legs LOOP
        IF l_client[i] <> 0 THEN
            IF v_member <> 0 THEN
                SELECT m.entry_id, m.fresh INTO v_entry, v_fresh FROM ledger_post_many(
                    p_spa, p_recorded, ARRAY[p_key], ARRAY[p_kind], ARRAY[p_occurred], ARRAY[p_reverses],
                    array_fill(1, ARRAY[v_legs]), l_client, l_account, l_unit, l_amount) m;
                RETURN CASE WHEN v_fresh THEN v_entry ELSE -v_entry END;
            END IF;
            v_member := i;
        END IF;
    END LOOP;
    INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at, reverses)
    VALUES (p_spa, p_key, p_kind, p_occurred, p_recorded, p_reverses)
    ON CONFLICT (spa_id, key) DO NOTHING RETURNING id INTO v_entry;
    IF v_entry IS NULL THEN
        PERFORM ledger_refuse_different(
            p_spa, ARRAY[p_key], ARRAY[NULL::bigint], array_fill(1, ARRAY[v_legs]), l_client, l_account, l_unit, l_amount);
        SELECT e.id INTO v_entry FROM ledger_entry e WHERE e.spa_id = p_spa AND e.key = p_key;
        RETURN -v_entry;
    END IF;
    IF v_member > 0 THEN
        UPDATE ledger_account a SET balance = a.balance + l_amount[v_member]
        WHERE a.spa_id = p_spa AND a.client_id = l_client[v_member]
          AND a.account = l_account[v_member] AND a.unit = l_unit[v_member];
        IF NOT FOUND THEN
            INSERT INTO ledger_account AS a (spa_id, client_id, account, unit, balance)
            VALUES (p_spa, l_client[v_member], l_account[v_member], l_unit[v_member], l_amount[v_member])
            ON CONFLICT (spa_id, client_id, account, unit) DO UPDATE SET balance = a.balance + excluded.balance;
        END IF;
    END IF;
    IF v_legs = 2 THEN
        INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
        VALUES (p_spa, v_entry, 1, l_client[1], l_account[1], l_unit[1], l_amount[1]),
               (p_spa, v_entry, 2, l_client[2], l_account[2], l_unit[2], l_amount[2]);
    ELSE
        INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
        SELECT p_spa, v_entry, x.n, x.c, x.ac, x.u, x.amount
        FROM unnest(l_client, l_account, l_unit, l_amount) WITH ORDINALITY x(c, ac, u, amount, n);
    END IF;
    RETURN v_entry;
END $$;

-- A key names one event for ever: the same key with other legs is a bug, and is refused.
CREATE FUNCTION ledger_refuse_different(
    p_spa bigint, e_key text[], v_ids bigint[],
    l_entry int[], l_client bigint[], l_account text[], l_unit text[], l_amount bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_key text;
BEGIN
    SELECT k.key INTO v_key
    FROM unnest(e_key, v_ids) WITH ORDINALITY k(key, id, n) JOIN ledger_entry e ON e.spa_id = p_spa AND e.key = k.key
    WHERE k.id IS NULL AND (
        SELECT array_agg((x.c, x.ac, x.u, x.amount)::text ORDER BY x.c, x.ac, x.u, x.amount)
        FROM unnest(l_entry, l_client, l_account, l_unit, l_amount) x(e, c, ac, u, amount) WHERE x.e = k.n
    ) IS DISTINCT FROM (
        SELECT array_agg((p.client_id, p.account, p.unit, p.amount)::text
                         ORDER BY p.client_id, p.account, p.unit, p.amount)
        FROM ledger_posting p WHERE p.spa_id = p_spa AND p.entry_id = e.id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger key % was posted with other legs', v_key USING ERRCODE = 'unique_violation';
    END IF;
END $$;

-- Whatever writes postings, each entry among them sums to zero in each unit.
CREATE FUNCTION ledger_check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_entry bigint;
BEGIN
    SELECT entry_id INTO v_entry FROM fresh GROUP BY entry_id, unit HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % does not balance', v_entry USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_balanced();
