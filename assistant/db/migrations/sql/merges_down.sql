-- As it was before two clients could become one.
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
