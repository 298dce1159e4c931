"""What planning a campaign costs at least: clients by keyset, judged in Python, written by unnest, and nothing else."""

import json
import sys
import time

import psycopg

from benchmarks.processes import peak_kilobytes

SLICE = 500
READ = """
    SELECT c.id, p.number, p.suppressed_at, p.sms_marketing, p.unreachable_at, EXISTS (
        SELECT 1 FROM membership m WHERE m.spa_id = c.spa_id AND m.client_id = c.id AND m.standing <> 'ended')
    FROM client c JOIN client_phone cp ON cp.spa_id = c.spa_id AND cp.client_id = c.id
    JOIN phone p ON p.spa_id = cp.spa_id AND p.id = cp.phone_id
    WHERE c.spa_id = 1 AND c.id > %s ORDER BY c.id LIMIT %s"""
WRITE = """
    INSERT INTO campaign_recipient (spa_id, campaign_id, client_id, address, arm, place, due_at, chosen_at)
    SELECT 1, 1, client_id, address, 0, 'planned', now(), now()
    FROM unnest(%s::bigint[], %s::text[]) AS t (client_id, address)"""


def plan(url: str) -> dict[str, float]:
    """One transaction a slice; seconds of it, and the most memory that was held."""
    started, after = time.perf_counter(), 0
    with psycopg.connect(url) as connection:
        while rows := connection.execute(READ, (after, SLICE), prepare=True).fetchall():
            chosen = [
                (client_id, number)
                for client_id, number, stopped, agreed, unreachable, member in rows
                if agreed and not stopped and not unreachable and not member
            ]
            ids, numbers = [each for each, _ in chosen], [each for _, each in chosen]
            connection.execute(WRITE, (ids, numbers), prepare=True)
            connection.commit()
            after = rows[-1][0]
    return {"seconds": time.perf_counter() - started, "rss": peak_kilobytes()}


if __name__ == "__main__":
    print(json.dumps(plan(sys.argv[1])))
