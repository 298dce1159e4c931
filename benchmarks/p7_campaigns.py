"""P7: a campaign planned to 10,000, 100,000 and 1,000,000 clients: >= 0.5 of a bare keyset-and-unnest loop, >= 75x an
ORM loop with a job each, memory at the largest <= 1.05x that at the smallest."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import psycopg

from assistant.db.migrate import upgrade
from benchmarks.harness import AGREES, NO_VERDICT, Report, same
from benchmarks.peers import orm_campaign
from benchmarks.servers import Postgres, libpq, redis_server, sqlalchemy

SIZES = (10_000, 100_000, 1_000_000)
PEER = 1_000
LEAST_OF_FLOOR, LEAST_OF_PEER, MOST_MEMORY = 0.5, 75, 1.05
FILL = """
INSERT INTO spa (spa_id, name, zone, locale, number, help_phone, help_email, carrier_confirms_stop)
    OVERRIDING SYSTEM VALUE VALUES (1, 'Fern', 'America/Denver', 'en', '+14155550100', '', '', false);
INSERT INTO client (spa_id, first_name, last_name, locale, zone, born_on, created_at)
    SELECT 1, 'Client' || n, 'Example', 'en', 'America/Denver', '1980-01-01', now()
    FROM generate_series(1, {many}) n;
INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, suppressed_at, created_at)
    SELECT 1, '+1' || (4152000000 + n), true, n % 3 <> 0, CASE WHEN n % 50 = 0 THEN now() END, now()
    FROM generate_series(1, {many}) n;
INSERT INTO client_phone (spa_id, client_id, phone_id, preferred) SELECT 1, c.id, c.id, true FROM client c;
INSERT INTO plan (spa_id, code, name) VALUES (1, 'glow', 'Glow');
INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, cycle_months, grants, sold_from)
    SELECT 1, id, 1, 14900, 1, '[]', now() FROM plan;
INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)
    SELECT 1, c.id, v.id, 'active', '2026-01-01', now() FROM client c, plan_version v WHERE c.id % 10 = 0;
INSERT INTO campaign (spa_id, name, purpose, channel, status, plan_code, audience, texts, holdout_percent, created_at,
                      created_by, starts_at)
    VALUES (1, 'P7', 'join', 'sms', 'sending', 'glow', '{{}}', '[{{"en": "x"}}]', 0, now(), 'bench', now());
"""
AGAIN = """
TRUNCATE campaign_recipient;
UPDATE campaign SET status = 'sending', planned_at = NULL, planned_through = 0, excluded = '{}'"""


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    """Each size in a database of its own, each run a process of its own; `--quick` leaves out the largest."""
    report, rss = Report(__doc__, "clients"), {}
    print(f"\n{__doc__}")
    for many in SIZES if seconds >= 1 else SIZES[:2]:
        url = server.database(f"p7_{many}")
        upgrade(sqlalchemy(url))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FILL.format(many=many))
            connection.execute("VACUUM ANALYZE")
        rss[many] = _size(report, url, many, min(rounds, 3 if many > SIZES[0] else rounds))
    growth = rss[max(rss)] / rss[SIZES[0]]
    _goal(report, f"memory at {max(rss):,} / at {SIZES[0]:,} <= {MOST_MEMORY}", growth, met=growth <= MOST_MEMORY)
    return report


def _size(report: Report, url: str, many: int, rounds: int) -> float:
    floor, ours, again, rss, results = [], [], [], [], {}
    for _ in range(rounds):
        for kept, module in ((floor, "floors"), (ours, "ours"), (again, "floors")):
            found = _run(module, url)
            kept.append(many / found["seconds"])
            results[module] = _chosen(url)
            if module == "ours":
                rss.append(found["rss"])
    print(f"  {many:>9,}  {same('the same clients', results)}")
    ratio = median(one / two for one, two in zip(ours, floor, strict=True))
    pairs = [one / two for one, two in zip(again, floor, strict=True)]
    quiet = AGREES[0] <= median(pairs) <= AGREES[1]
    print(
        f"  {many:>9,}  floor {median(floor):,.0f}/s, ours {median(ours):,.0f}/s, ratio {ratio:.2f}"
        f" (A/A {median(pairs):.2f}); most memory {median(rss) / 1024:.1f} MB"
    )
    _goal(
        report,
        f"{many:,}: of the floor >= {LEAST_OF_FLOOR}",
        ratio,
        met=ratio >= LEAST_OF_FLOOR,
        quiet=quiet,
    )
    if many == SIZES[0]:
        times = median(ours) / _peer(url)
        _goal(report, f"times an ORM loop with a job each >= {LEAST_OF_PEER}", times, met=times >= LEAST_OF_PEER)
    return median(rss)


def _run(side: str, url: str) -> dict[str, float]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(AGAIN)
    address = sqlalchemy(url) if side == "ours" else libpq(url)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{side}.campaigning", address],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _chosen(url: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*), sum(client_id)::bigint FROM campaign_recipient").fetchone()
        return row or ()


def _peer(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(AGAIN)
    with redis_server() as redis_url:
        return PEER / orm_campaign.plan(sqlalchemy(url), redis_url, PEER)["seconds"]


def _goal(report: Report, goal: str, value: float, *, met: bool, quiet: bool = True) -> None:
    report.missed += quiet and not met
    print(f"  goal: {goal}: {value:.3g}, {('met' if met else 'MISSED') if quiet else NO_VERDICT}")
