-- What the database itself refuses, whoever asks.

-- Books, consent and audit are only ever added to; a plan version never changes.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_change EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_version EXECUTE FUNCTION refuse_change();

-- A lot may only be used up or given back to: what it is never changes.
CREATE FUNCTION refuse_lot_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.client_id, OLD.unit, OLD.lot_class, OLD.granted, OLD.granted_on, OLD.expires_on, OLD.entry_id)
       IS DISTINCT FROM (NEW.client_id, NEW.unit, NEW.lot_class, NEW.granted, NEW.granted_on, NEW.expires_on, NEW.entry_id)
    THEN
        RAISE EXCEPTION 'credit_lot % may only be used or restored', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lot_is_what_it_was BEFORE UPDATE ON credit_lot FOR EACH ROW EXECUTE FUNCTION refuse_lot_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON credit_lot EXECUTE FUNCTION refuse_change();

-- A message's status goes forward or stays: the order of assistant/domain/delivery.py.
CREATE FUNCTION status_rank(p_status text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    array_position(
        ARRAY['waiting', 'accepted', 'sent', 'dropped', 'failed', 'undelivered', 'delivered'], p_status
    ) - 1;
CREATE FUNCTION refuse_status_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF status_rank(NEW.status) < status_rank(OLD.status) THEN
        RAISE EXCEPTION 'message % cannot go from % back to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER status_goes_forward BEFORE UPDATE OF status ON outbound_message
    FOR EACH ROW EXECUTE FUNCTION refuse_status_back();

-- A standing moves only as assistant/domain/membership.py allows.
CREATE FUNCTION refuse_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.standing <> OLD.standing AND (OLD.standing || '>' || NEW.standing) NOT IN (
        'scheduled>active', 'scheduled>ended',
        'active>past_due', 'active>paused', 'active>ended',
        'past_due>active', 'past_due>paused', 'past_due>ended',
        'paused>active', 'paused>ended'
    ) THEN
        RAISE EXCEPTION 'a membership cannot go from % to %', OLD.standing, NEW.standing
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standing_allowed BEFORE UPDATE OF standing ON membership
    FOR EACH ROW EXECUTE FUNCTION refuse_standing();

-- The spa that stands for none.
INSERT INTO spa (spa_id, name, zone, locale, help_phone, help_email, carrier_confirms_stop)
VALUES (0, 'Unclaimed', 'UTC', 'en', '', '', false);
