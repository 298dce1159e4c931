DROP FUNCTION cycle_on, cycle_date, attempt_rank, next_to_charge CASCADE;
DROP FUNCTION refuse_invoice_move, refuse_attempt_move, refuse_needless_attempt, refuse_settling_in_doubt CASCADE;

CREATE OR REPLACE FUNCTION refuse_standing() RETURNS trigger LANGUAGE plpgsql AS $$
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
