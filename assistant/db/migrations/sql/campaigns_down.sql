DROP FUNCTION due_offers(timestamptz, int);

-- As `queues.sql` has it.
CREATE OR REPLACE FUNCTION next_due(p_now timestamptz) RETURNS SETOF outbound_message LANGUAGE plpgsql ROWS 1
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
