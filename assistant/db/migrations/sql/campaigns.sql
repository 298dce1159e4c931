-- What is next in line, now that offers have a line of their own: an answer never waits behind a notice, and neither of
-- them behind an offer that is yet to be sent.

-- As before, for all but offers by text: answers first, then what has been due longest.
CREATE OR REPLACE FUNCTION next_due(p_now timestamptz) RETURNS SETOF outbound_message LANGUAGE plpgsql ROWS 1
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
        SELECT * FROM outbound_message m
        WHERE m.status = 'waiting' AND m.message_class IN ('conversation_reply', 'optout_confirm')
          AND m.asked_at IS NULL AND m.due_at <= p_now AND (m.leased_until IS NULL OR m.leased_until < p_now)
          AND (SELECT count(*) FROM (
                  SELECT 1 FROM outbound_message o
                  WHERE o.status = 'waiting' AND o.spa_id = m.spa_id AND o.recipient = m.recipient AND o.id < m.id
                    AND (o.leased_until >= p_now
                         OR (o.asked_at IS NULL AND o.due_at <= p_now AND o.message_class <> 'marketing')) LIMIT 1) older
              ) = 0
        ORDER BY m.due_at, m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT * FROM outbound_message m
        WHERE m.status = 'waiting' AND NOT (m.message_class = 'marketing' AND m.channel = 'sms')
          AND m.asked_at IS NULL AND m.due_at <= p_now AND (m.leased_until IS NULL OR m.leased_until < p_now)
          AND (SELECT count(*) FROM (
                  SELECT 1 FROM outbound_message o
                  WHERE o.status = 'waiting' AND o.spa_id = m.spa_id AND o.recipient = m.recipient AND o.id < m.id
                    AND (o.leased_until >= p_now
                         OR (o.asked_at IS NULL AND o.due_at <= p_now AND o.message_class <> 'marketing')) LIMIT 1) older
              ) = 0
        ORDER BY m.due_at, m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED;
END $$;

-- The offers by text that have been due longest, locked: one a phone, and none to a phone that is being sent to.
CREATE FUNCTION due_offers(p_now timestamptz, p_many int) RETURNS SETOF outbound_message LANGUAGE plpgsql
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
        SELECT * FROM outbound_message m
        WHERE m.status = 'waiting' AND m.message_class = 'marketing' AND m.channel = 'sms'
          AND m.asked_at IS NULL AND m.due_at <= p_now AND (m.leased_until IS NULL OR m.leased_until < p_now)
          AND (SELECT count(*) FROM (
                  SELECT 1 FROM outbound_message o
                  WHERE o.status = 'waiting' AND o.spa_id = m.spa_id AND o.recipient = m.recipient AND o.id <> m.id
                    AND (o.leased_until >= p_now
                         OR (o.id < m.id AND o.asked_at IS NULL AND o.due_at <= p_now)) LIMIT 1) other) = 0
        ORDER BY m.due_at, m.id LIMIT p_many FOR NO KEY UPDATE OF m SKIP LOCKED;
END $$;
