-- Every change of a membership's standing or terms, written down as it happens, with what it does to recurring revenue.

-- What a membership counts for in a month: the plan's price while it is on, to half a cent up (rules.md 8.5, 8.6, 8.7).
CREATE FUNCTION mrr_of(p_standing text, p_dues bigint, p_months bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_standing IN ('active', 'past_due', 'suspended') THEN (2 * p_dues + p_months) / (2 * p_months) ELSE 0 END;

CREATE TYPE membership_change AS (
    spa_id bigint, id bigint, client_id bigint, was text, standing text, version_was bigint, plan_version_id bigint,
    changed_at timestamptz);

CREATE FUNCTION membership_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := coalesce(NEW.changed_at, NEW.created_at);
    RETURN NEW;
END $$;
CREATE TRIGGER membership_begins BEFORE INSERT ON membership FOR EACH ROW EXECUTE FUNCTION membership_begins();

-- The kind is judged for the client over all they hold, before the statement and after it. Who held nothing before joins or
-- comes back with the first that begins, and leaves with the last that ends when nothing is left: so clients add up as
-- cents do. One that is at rest from the start begins as well.
CREATE FUNCTION membership_move_write(p_changed membership_change[]) RETURNS void LANGUAGE sql AS $$
    WITH changed AS MATERIALIZED (
        SELECT c.*, p.plan_id,
               mrr_of(c.was, w.dues_cents, w.cycle_months) AS mrr_was, mrr_of(c.standing, p.dues_cents, p.cycle_months) AS mrr,
               (c.changed_at AT TIME ZONE s.zone)::date AS on_day,
               coalesce(c.was IN ('active', 'past_due', 'suspended'), false) AS was_on,
               c.standing IN ('active', 'past_due', 'suspended') AS is_on,
               coalesce(c.was IN ('active', 'past_due', 'suspended', 'paused'), false) AS was_held,
               c.standing IN ('active', 'past_due', 'suspended', 'paused') AS is_held
        FROM unnest(p_changed) c
        JOIN spa s ON s.spa_id = c.spa_id
        JOIN plan_version p ON p.spa_id = c.spa_id AND p.id = c.plan_version_id
        LEFT JOIN plan_version w ON w.spa_id = c.spa_id AND w.id = c.version_was
    ), holders AS MATERIALIZED (
        SELECT c.spa_id, c.client_id, bool_or(c.was_held) AS was_held, bool_or(c.is_held) AS is_held
        FROM changed c GROUP BY 1, 2 HAVING bool_or(c.was_held <> c.is_held)
    ), others AS MATERIALIZED (
        SELECT DISTINCT h.spa_id, h.client_id FROM holders h
        JOIN membership o ON (o.spa_id, o.client_id) = (h.spa_id, h.client_id)
            AND o.standing IN ('active', 'past_due', 'suspended', 'paused')
        LEFT JOIN changed c ON (c.spa_id, c.id) = (o.spa_id, o.id) WHERE c.id IS NULL
    ), judged AS (
        SELECT c.*, CASE
            WHEN c.is_held AND NOT c.was_held THEN CASE
                WHEN o.client_id IS NOT NULL OR h.was_held OR c.place > 1 THEN 'expansion'
                WHEN EXISTS (SELECT 1 FROM membership_move m WHERE m.spa_id = c.spa_id AND m.client_id = c.client_id
                             AND m.kind IN ('new', 'reactivation')) THEN 'reactivation'
                ELSE 'new' END
            WHEN c.was_held AND NOT c.is_held THEN CASE
                WHEN o.client_id IS NOT NULL OR h.is_held OR c.place < c.places THEN 'contraction'
                ELSE 'churn' END
            WHEN c.is_on AND c.was = 'paused' THEN 'resumed'
            WHEN c.standing = 'paused' AND c.was_on THEN 'paused'
            WHEN c.mrr > c.mrr_was THEN 'expansion'
            WHEN c.mrr < c.mrr_was THEN 'contraction'
            END AS kind
        FROM (SELECT *, row_number() OVER same AS place, count(*) OVER (PARTITION BY spa_id, client_id, was_held, is_held) AS places
              FROM changed WINDOW same AS (PARTITION BY spa_id, client_id, was_held, is_held ORDER BY id)) c
        LEFT JOIN holders h ON (h.spa_id, h.client_id) = (c.spa_id, c.client_id)
        LEFT JOIN others o ON (o.spa_id, o.client_id) = (c.spa_id, c.client_id)
    ), written AS (
        INSERT INTO membership_move (spa_id, membership_id, client_id, at, on_day, standing, plan_id, plan_version_id,
                                     mrr_cents, delta_cents, kind)
        SELECT spa_id, id, client_id, changed_at, on_day, standing, plan_id, plan_version_id, mrr, mrr - coalesce(mrr_was, 0), kind
        FROM judged ORDER BY id
        RETURNING spa_id, on_day, plan_id, kind, delta_cents)
    INSERT INTO mrr_day AS d (spa_id, on_day, plan_id, kind, delta_cents, moves)
    SELECT spa_id, on_day, plan_id, kind, sum(delta_cents)::bigint, count(*) FROM written WHERE kind IS NOT NULL
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (spa_id, on_day, plan_id, kind) DO UPDATE
    SET delta_cents = d.delta_cents + excluded.delta_cents, moves = d.moves + excluded.moves;
$$;

-- Who joins or leaves is judged with the client locked: of two memberships that begin or end at once in two transactions,
-- neither is judged as if the other did not.
CREATE FUNCTION membership_moves_begin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_changed membership_change[];
BEGIN
    SELECT array_agg((n.spa_id, n.id, n.client_id, NULL, n.standing, NULL, n.plan_version_id,
                      n.changed_at)::membership_change ORDER BY n.id)
    INTO v_changed FROM fresh n;
    IF v_changed IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM client c WHERE (c.spa_id, c.id) IN (
        SELECT x.spa_id, x.client_id FROM unnest(v_changed) x WHERE x.standing NOT IN ('scheduled', 'ended'))
    ORDER BY c.spa_id, c.id FOR NO KEY UPDATE;
    PERFORM membership_move_write(v_changed);
    RETURN NULL;
END $$;
CREATE TRIGGER membership_moves_begin AFTER INSERT ON membership
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION membership_moves_begin();

CREATE FUNCTION membership_moves_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_changed membership_change[];
BEGIN
    SELECT array_agg((n.spa_id, n.id, n.client_id, o.standing, n.standing, o.plan_version_id, n.plan_version_id,
                      n.changed_at)::membership_change ORDER BY n.id)
    INTO v_changed FROM fresh n JOIN old o ON o.spa_id = n.spa_id AND o.id = n.id
    WHERE (n.standing, n.plan_version_id) IS DISTINCT FROM (o.standing, o.plan_version_id);
    IF v_changed IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM client c WHERE (c.spa_id, c.id) IN (
        SELECT x.spa_id, x.client_id FROM unnest(v_changed) x
        WHERE x.standing = 'ended' OR x.was = 'scheduled' AND x.standing <> 'scheduled')
    ORDER BY c.spa_id, c.id FOR NO KEY UPDATE;
    PERFORM membership_move_write(v_changed);
    RETURN NULL;
END $$;
CREATE TRIGGER membership_moves_go AFTER UPDATE ON membership
    REFERENCING OLD TABLE AS old NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION membership_moves_go();

-- Memberships from before this: as they began, and as they stand. When a rest or an end began is known by its day at best.
UPDATE membership SET changed_at = created_at;
SELECT membership_move_write(array_agg(
    (m.spa_id, m.id, m.client_id, NULL, CASE m.standing WHEN 'scheduled' THEN 'scheduled' ELSE 'active' END, NULL,
     m.plan_version_id, m.created_at)::membership_change ORDER BY m.created_at, m.id))
FROM membership m HAVING count(*) > 0;
SELECT membership_move_write(array_agg(
    (m.spa_id, m.id, m.client_id, 'active', m.standing, m.plan_version_id, m.plan_version_id,
     greatest(m.created_at, coalesce((m.ended_on + time '12:00') AT TIME ZONE s.zone, (
         SELECT max(a.at) FROM audit a WHERE a.spa_id = m.spa_id AND a.act = 'standing_moved'
         AND a.subject = 'membership:' || m.id), m.created_at)))::membership_change ORDER BY m.id))
FROM membership m JOIN spa s ON s.spa_id = m.spa_id WHERE m.standing NOT IN ('scheduled', 'active') HAVING count(*) > 0;

-- The postings that the sums by day have not counted yet, as the caller's own snapshot sees them. A function, so that no
-- plan takes the few entries past the mark for a third of the books: each one's postings are looked up by key.
CREATE FUNCTION books_since_mark(p_spa_id bigint)
    RETURNS TABLE (on_day date, account text, unit text, kind text, amount bigint)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100 AS $$
DECLARE v_mark bigint := coalesce((SELECT m.xid FROM book_mark m WHERE m.spa_id = p_spa_id), 0);
DECLARE v_zone text := (SELECT s.zone FROM spa s WHERE s.spa_id = p_spa_id);
BEGIN
    RETURN QUERY
    SELECT (e.occurred_at AT TIME ZONE v_zone)::date, p.account::text, p.unit::text, e.kind::text, p.amount
    FROM ledger_entry e CROSS JOIN LATERAL (
        SELECT l.account, l.unit, l.amount FROM ledger_posting l
        WHERE l.spa_id = e.spa_id AND l.entry_id = e.id OFFSET 0) p
    WHERE e.spa_id = p_spa_id AND e.xid >= v_mark;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON membership_move FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ticket FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON refund FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON dispute FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON cancellation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON plan_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON pause FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A ticket, a refund and a dispute move only forward.
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (OLD.status || '>' || NEW.status) = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
        RAISE EXCEPTION '% % cannot go from % to %', TG_TABLE_NAME, OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE UPDATE OF status ON ticket FOR EACH ROW
    EXECUTE FUNCTION refuse_move('open>paid open>abandoned paid>void');
CREATE TRIGGER moves BEFORE UPDATE OF status ON refund FOR EACH ROW
    EXECUTE FUNCTION refuse_move('asked>unanswered asked>done asked>failed unanswered>done unanswered>failed done>failed');
CREATE TRIGGER moves BEFORE UPDATE OF status ON dispute FOR EACH ROW EXECUTE FUNCTION refuse_move('open>won open>lost');
CREATE TRIGGER moves BEFORE UPDATE OF status ON plan_change FOR EACH ROW
    EXECUTE FUNCTION refuse_move('unpaid>done unpaid>dropped scheduled>done scheduled>dropped');
CREATE TRIGGER moves BEFORE UPDATE OF status ON join_request FOR EACH ROW
    EXECUTE FUNCTION refuse_move('offered>agreed offered>dropped agreed>joined agreed>dropped');

-- Who comes back from a pause before its end may have the cycle that it skipped after all, as well as one that we missed.
CREATE OR REPLACE FUNCTION refuse_invoice_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND OLD.status <> 'open'
       AND NOT (OLD.status = 'skipped' AND OLD.reason IN ('missed', 'paused') AND NEW.status = 'open') THEN
        RAISE EXCEPTION 'invoice % cannot go from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.membership_id, OLD.client_id, OLD.cycle, OLD.plan_version_id, OLD.dues_cents, OLD.setup_fee_cents)
       IS DISTINCT FROM
       (NEW.membership_id, NEW.client_id, NEW.cycle, NEW.plan_version_id, NEW.dues_cents, NEW.setup_fee_cents) THEN
        RAISE EXCEPTION 'invoice % is for what it is for', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
