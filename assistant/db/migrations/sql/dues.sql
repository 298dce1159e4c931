-- Dues: cycles as dates, and the moves that invoices and attempts may make.

-- When a cycle is billed, as assistant/domain/calendar.py counts it: from the anchor, on its day or the month's last.
CREATE FUNCTION cycle_date(p_anchor date, p_cycle bigint, p_months bigint) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (p_anchor + make_interval(months => (p_cycle * p_months)::int))::date;

-- The number of the last cycle billed on or before a day; below zero before the first.
CREATE FUNCTION cycle_on(p_anchor date, p_months bigint, p_day date) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
    SELECT c.n - (cycle_date(p_anchor, c.n, p_months) > p_day)::int::bigint
    FROM (SELECT floor(((extract(year FROM p_day) - extract(year FROM p_anchor)) * 12
                        + extract(month FROM p_day) - extract(month FROM p_anchor)) / p_months)::bigint AS n) c);

-- An invoice moves only as assistant/domain/billing.py allows: what is settled stays so, but for a cycle that we missed
-- ourselves and that its member chooses to have after all.
CREATE FUNCTION refuse_invoice_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND OLD.status <> 'open'
       AND NOT (OLD.status = 'skipped' AND OLD.reason = 'missed' AND NEW.status = 'open') THEN
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
CREATE TRIGGER invoice_moves BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_invoice_move();

-- What is known of an attempt only grows, and what it asked never changes: the order of assistant/domain/billing.py.
CREATE FUNCTION attempt_rank(p_status text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    array_position(ARRAY['asked', 'unanswered', 'declined', 'lapsed', 'succeeded'], p_status) - 1;
CREATE FUNCTION refuse_attempt_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF attempt_rank(NEW.status) < attempt_rank(OLD.status) THEN
        RAISE EXCEPTION 'attempt % cannot go from % back to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.invoice_id, OLD.number, OLD.key, OLD.customer_id, OLD.payment_method_id, OLD.amount_cents)
       IS DISTINCT FROM
       (NEW.invoice_id, NEW.number, NEW.key, NEW.customer_id, NEW.payment_method_id, NEW.amount_cents) THEN
        RAISE EXCEPTION 'attempt % asked what it asked', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_moves BEFORE UPDATE ON charge_attempt FOR EACH ROW EXECUTE FUNCTION refuse_attempt_move();
-- Nobody is asked for what is settled: its row is locked by whoever settles it.
CREATE FUNCTION refuse_needless_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM invoice i WHERE i.spa_id = NEW.spa_id AND i.id = NEW.invoice_id AND i.status = 'open' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'invoice % is settled: nobody is to be charged for it', NEW.invoice_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attempt_is_needed BEFORE INSERT ON charge_attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_needless_attempt();

-- What may still have moved money is settled before the invoice is closed any other way.
CREATE FUNCTION refuse_settling_in_doubt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'open' AND OLD.status = 'open' AND EXISTS (
        SELECT 1 FROM charge_attempt a WHERE a.spa_id = NEW.spa_id AND a.invoice_id = NEW.id
           AND a.status IN ('asked', 'unanswered')) THEN
        RAISE EXCEPTION 'invoice % has a charge whose answer is not known', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settled_without_doubt BEFORE UPDATE OF status ON invoice
    FOR EACH ROW EXECUTE FUNCTION refuse_settling_in_doubt();

CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON charge_attempt EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON invoice EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dunning_policy EXECUTE FUNCTION refuse_change();

-- A standing moves only as assistant/domain/membership.py allows.
CREATE OR REPLACE FUNCTION refuse_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.standing <> OLD.standing AND (OLD.standing || '>' || NEW.standing) NOT IN (
        'scheduled>active', 'scheduled>ended',
        'active>past_due', 'active>paused', 'active>ended',
        'past_due>active', 'past_due>paused', 'past_due>suspended', 'past_due>ended',
        'suspended>active', 'suspended>paused', 'suspended>ended',
        'paused>active', 'paused>ended'
    ) THEN
        RAISE EXCEPTION 'a membership cannot go from % to %', OLD.standing, NEW.standing
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- The invoice whose card is next to be asked, locked: nobody waits for another's.
CREATE FUNCTION next_to_charge(p_now timestamptz) RETURNS SETOF invoice LANGUAGE plpgsql ROWS 1
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
        SELECT * FROM invoice i WHERE i.status = 'open' AND i.next_attempt_at <= p_now
        ORDER BY i.next_attempt_at, i.id LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED;
END $$;
