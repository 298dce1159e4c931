-- A whole conversation turn as one function: the text kept once, the member found, one credit taken by a double entry,
-- and the reply left to be sent. Runs beside posting.sql and webhook.sql; a member's account has the member's number.
CREATE TABLE outbound (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id bigint NOT NULL,
    body text NOT NULL,
    state smallint NOT NULL DEFAULT 0
);

CREATE FUNCTION turn(p_sid text, p_phone text, p_body text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_member bigint; v_entry bigint; v_left bigint;
BEGIN
    SELECT id INTO v_member FROM member WHERE phone = p_phone;
    INSERT INTO inbound (message_sid, member_id, body) VALUES (p_sid, v_member, p_body) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO floor_entry (key, kind) VALUES ('text:' || p_sid, 2) RETURNING id INTO v_entry;
    UPDATE floor_account SET balance = balance - 1 WHERE id = v_member RETURNING balance INTO v_left;
    INSERT INTO floor_posting VALUES (v_entry, 0, 1), (v_entry, v_member, -1);
    INSERT INTO outbound (member_id, body) VALUES (v_member, 'Done! You have ' || v_left || ' credits left.');
    RETURN v_left;
END $$;
