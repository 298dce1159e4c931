-- What is next in line. The lines are partial indexes that are nearly empty most of the day and long for minutes, so the
-- planner's idea of them is always old: these functions hold it to walking the line from its front.

-- The oldest text of any sender who has no older one waiting, locked.
CREATE FUNCTION next_kept() RETURNS SETOF inbound_event LANGUAGE plpgsql ROWS 1
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
        SELECT * FROM inbound_event e
        WHERE e.status = 'kept' AND e.id = (
            SELECT min(o.id) FROM inbound_event o
            WHERE o.status = 'kept' AND o.spa_id = e.spa_id AND o.sender = e.sender)
        ORDER BY e.id LIMIT 1 FOR NO KEY UPDATE OF e SKIP LOCKED;
END $$;

-- The message that has been due longest, locked: not one in doubt, nor one whose phone is being sent to or has an older
-- one due, so that two messages to one phone leave in the order they were written.
CREATE FUNCTION next_due(p_now timestamptz) RETURNS SETOF outbound_message LANGUAGE plpgsql ROWS 1
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY
        SELECT * FROM outbound_message m
        WHERE m.status = 'waiting' AND m.asked_at IS NULL AND m.due_at <= p_now
          AND (m.leased_until IS NULL OR m.leased_until < p_now)
          AND (SELECT count(*) FROM (
                  SELECT 1 FROM outbound_message o
                  WHERE o.status = 'waiting' AND o.spa_id = m.spa_id AND o.recipient = m.recipient AND o.id < m.id
                    AND (o.leased_until >= p_now OR (o.asked_at IS NULL AND o.due_at <= p_now)) LIMIT 1) older) = 0
        ORDER BY m.due_at, m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED;
END $$;
