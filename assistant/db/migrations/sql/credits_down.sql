DROP FUNCTION credit_spend, credit_settle_hold, credit_hold, credit_release, credit_expire, credit_let_go, credit_roll_off CASCADE;

DROP TRIGGER lot_is_what_it_was ON credit_lot;
CREATE TRIGGER lot_is_what_it_was BEFORE UPDATE ON credit_lot FOR EACH ROW EXECUTE FUNCTION refuse_lot_change();
CREATE OR REPLACE FUNCTION refuse_lot_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.client_id, OLD.unit, OLD.lot_class, OLD.granted, OLD.granted_on, OLD.expires_on, OLD.entry_id)
       IS DISTINCT FROM (NEW.client_id, NEW.unit, NEW.lot_class, NEW.granted, NEW.granted_on, NEW.expires_on, NEW.entry_id)
    THEN
        RAISE EXCEPTION 'credit_lot % may only be used or restored', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
