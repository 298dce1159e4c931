-- The least ledger that is still one: an entry once by its key, two postings, a locked balance for members,
-- and for the spas' own accounts (number 0 and below) postings only.
CREATE TABLE floor_account (id bigint PRIMARY KEY, balance bigint NOT NULL DEFAULT 0);
CREATE TABLE floor_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    kind smallint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE floor_posting (
    entry_id bigint NOT NULL REFERENCES floor_entry,
    account_id bigint NOT NULL REFERENCES floor_account,
    amount bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (account_id, entry_id)
);
CREATE INDEX floor_posting_entry ON floor_posting (entry_id);

-- Between a member and the spa: the spa's account is only added to, so nobody waits for it.
CREATE FUNCTION floor_post(p_key text, p_debit bigint, p_credit bigint, p_amount bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_entry bigint;
BEGIN
    INSERT INTO floor_entry (key, kind) VALUES (p_key, 1) ON CONFLICT (key) DO NOTHING RETURNING id INTO v_entry;
    IF v_entry IS NULL THEN
        RETURN (SELECT id FROM floor_entry WHERE key = p_key);
    END IF;
    UPDATE floor_account SET balance = balance + p_amount WHERE id = p_debit;
    INSERT INTO floor_posting VALUES (v_entry, p_debit, p_amount), (v_entry, p_credit, -p_amount);
    RETURN v_entry;
END $$;

-- A batch as one statement: accounts locked in order of their numbers.
CREATE FUNCTION floor_post_many(p_key text[], p_debit bigint[], p_credit bigint[], p_amount bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_posted bigint;
BEGIN
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(p_key, p_debit, p_credit, p_amount) WITH ORDINALITY a(key, debit, credit, amount, place)
    ), entry AS (
        INSERT INTO floor_entry (key, kind) SELECT key, 1 FROM asked ORDER BY place
        ON CONFLICT (key) DO NOTHING RETURNING id, key
    ), leg AS MATERIALIZED (
        SELECT entry.id AS entry_id, side.account, side.amount
        FROM asked JOIN entry USING (key),
             LATERAL (VALUES (asked.debit, asked.amount), (asked.credit, -asked.amount)) side(account, amount)
    ), moved AS MATERIALIZED (
        SELECT account, sum(amount)::bigint AS amount FROM leg WHERE account > 0 GROUP BY account
    ), held AS MATERIALIZED (
        SELECT a.id FROM floor_account a JOIN moved ON moved.account = a.id ORDER BY a.id FOR NO KEY UPDATE OF a
    ), changed AS (
        UPDATE floor_account a SET balance = a.balance + moved.amount
        FROM moved JOIN held ON held.id = moved.account WHERE a.id = moved.account RETURNING a.id
    ), posted AS (
        INSERT INTO floor_posting
        SELECT entry_id, account, amount FROM leg RETURNING 1
    )
    SELECT (SELECT count(*) FROM entry) + 0 * (SELECT count(*) FROM posted) + 0 * (SELECT count(*) FROM changed)
    INTO v_posted;
    RETURN v_posted;
END $$;
