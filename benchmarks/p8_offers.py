"""P8: offers sent to a provider 200 ms away: >= 0.95 of what the wire or the provider's limit allows, <= 1.6 ms CPU an
offer, none above the limit."""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from flask import Flask, jsonify, request

from assistant.clock import ShiftedClock
from assistant.db.migrate import upgrade
from assistant.sealing import Seal
from benchmarks.harness import AGREES, NO_VERDICT, Failed, Report
from benchmarks.ours import spa
from benchmarks.servers import IN_MEMORY, Postgres, free_port, redis_server, running, sqlalchemy, wait_for_port

LATENCY_SECONDS = 0.2
IN_FLIGHT = 32
LIMIT = 100
"""Offers a second that the provider takes, by its own count over every second that an offer came in."""
MOST_A_SECOND = 1_000
MANY, RUNS = 3_000, 3
SPAS = 8
LEAST, MOST_CPU_MS = 0.95, 1.6
FILL = """
INSERT INTO spa (spa_id, name, zone, locale, number, help_phone, help_email, carrier_confirms_stop, sending)
    OVERRIDING SYSTEM VALUE SELECT s, 'Spa ' || s, 'America/Denver', 'en', '+1415555010' || s, '', '', false,
           '{"tier": "vetted_high"}' FROM generate_series(1, %(spas)s) s;
INSERT INTO client (spa_id, first_name, last_name, locale, zone, born_on, created_at)
    SELECT 1 + n %% %(spas)s, 'Client' || n, 'Example', 'en', 'America/Denver', '1980-01-01', now()
    FROM generate_series(1, %(many)s) n;
INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
    SELECT c.spa_id, '+1' || (4152000000 + c.id), true, true, now() FROM client c WHERE c.spa_id > 0;
INSERT INTO client_phone (spa_id, client_id, phone_id, preferred)
    SELECT c.spa_id, c.id, p.id, true FROM client c JOIN phone p ON p.spa_id = c.spa_id
    AND p.number = '+1' || (4152000000 + c.id);
"""
OFFERS = """
INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale, body,
                              segments, created_at, due_at, expires_at)
    SELECT c.spa_id, %(tag)s || c.id, 'sms', c.id, '+1' || (4152000000 + c.id), 'offer', 'marketing', 'en', %(body)s, 1,
           now(), now(), now() + interval '60 days'
    FROM client c WHERE c.spa_id > 0 ORDER BY c.id LIMIT %(many)s
"""


def app() -> Flask:
    """The provider: every request takes 200 ms, and it writes down when each came in. For gunicorn."""
    provider, came, lock, numbers = Flask(__name__), list[float](), threading.Lock(), count(1)

    @provider.post("/2010-04-01/Accounts/<_account>/Messages.json")
    def take(_account: str) -> Any:  # noqa: ANN401
        with lock:
            came.append(time.monotonic())
            number = next(numbers)
        time.sleep(LATENCY_SECONDS)
        return jsonify(sid=f"SM{number:032x}", status="queued", to=request.form["To"]), 201

    @provider.get("/came")
    def told() -> Any:  # noqa: ANN401
        return jsonify(came)

    @provider.delete("/came")
    def forget() -> Any:  # noqa: ANN401
        came.clear()
        return jsonify(len(came))

    return provider


@dataclass(frozen=True, slots=True)
class Run:
    """What one campaign's sending came to."""

    rate: float
    cpu_ms: float
    over: int
    """Offers above the limit within any second that began with one."""


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    """The runs are of fixed length: `rounds` beyond three change nothing, and a quick look is shorter."""
    report = Report(__doc__, "offers")
    many, runs = (MANY, min(rounds, RUNS)) if rounds * seconds > 2 else (400, 2)
    print(f"\n{__doc__}")
    url = server.database("p8")
    upgrade(sqlalchemy(url))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.cursor().execute("SELECT 1")
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(statement, {"spas": SPAS, "many": many})
        connection.execute("VACUUM ANALYZE")
    with redis_server() as redis_url, _provider() as provider:
        for limit in (LIMIT, 0):
            allowed = min(IN_FLIGHT / LATENCY_SECONDS, limit or float("inf"))
            found = [_run(url, redis_url, provider, limit, many, f"{limit}:{each}:") for each in range(runs)]
            _tell(report, limit, allowed, found)
    return report


def _run(url: str, redis_url: str, provider: str, limit: int, many: int, tag: str) -> Run:
    """One worker, from the ring of the bell to the last offer."""
    environ = spa.environ(url, redis_url, TWILIO_API_BASE=provider, TWILIO_PER_SECOND=str(limit or MOST_A_SECOND))
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE outbound_message SET asked_at = asked_at - interval '60 days'")
        connection.execute("DELETE FROM sending_day")
        connection.execute("DELETE FROM sending_pace")
        environ["CLOCK_FILE"] = str(_a_weekday_noon(Path(folder) / "clock"))
        body = Seal(environ["SECRET_KEY"]).close("Fern: come by. Reply STOP to opt out.")
        connection.execute(OFFERS, {"tag": tag, "body": body, "many": many})
        _asked(f"{provider}/came", "DELETE")
        command = [sys.executable, "-m", "benchmarks.ours.offering"]
        with running(command, environ) as worker:
            left, until = many, time.monotonic() + 60 + many / 20
            begun = (0.0, many)
            while left:
                if time.monotonic() > until:
                    raise Failed(f"{left} offers were not sent in time")
                cpu, left = _cpu_seconds(worker.pid), _waiting(connection)
                if begun[0] == 0 and left < many:  # from here on it is at work, and no longer starting
                    begun = (cpu, left)
                time.sleep(0.05)
    came = sorted(json.loads(_asked(f"{provider}/came", "GET")))
    steady = came[len(came) // 10 : -(len(came) // 20)]
    over = 0
    if limit:
        over = sum(came[place + limit] - at < 1 for place, at in enumerate(came[:-limit]))
    return Run((len(steady) - 1) / (steady[-1] - steady[0]), (cpu - begun[0]) / begun[1] * 1000, over)


def _waiting(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT count(*) FROM outbound_message WHERE status = 'waiting'").fetchone()
    return int(row[0]) if row else 0


def _a_weekday_noon(path: Path) -> Path:
    """Offers go at fit hours only: the worker's clock is moved to one."""
    clock = ShiftedClock(path)
    now = clock.now()
    noon = (now + timedelta(days=(1 - now.weekday()) % 7 + 7)).replace(hour=19, minute=0, second=0)
    clock.advance(noon - now)
    return path


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _asked(url: str, method: str) -> bytes:
    import urllib.request  # noqa: PLC0415

    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as said:  # noqa: S310 - our own
        found: bytes = said.read()
    return found


@contextmanager
def _provider() -> Iterator[str]:
    port = free_port()
    served = ("--worker-class", "gthread", "--workers", "1", "--threads", "128", "--keep-alive", "75")
    command = [sys.executable, "-m", "gunicorn", *served, "--log-level", "warning", "--bind", f"127.0.0.1:{port}"]
    within = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=within), running([*command, "benchmarks.p8_offers:app()"], {}) as process:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}"


def _tell(report: Report, limit: int, allowed: float, found: list[Run]) -> None:
    what = f"limit {limit}/s" if limit else f"no limit, {IN_FLIGHT} in flight"
    for run in found:
        print(
            f"  {what}: {run.rate:.1f}/s of {allowed:.0f}, {run.cpu_ms:.2f} ms CPU an offer"
            + (f", {run.over} above the limit" if limit else "")
        )
    rates, cpus = [run.rate for run in found], [run.cpu_ms for run in found]
    quiet = all(AGREES[0] <= each / median(cpus) <= AGREES[1] for each in cpus)
    rate, cpu = median(rates) / allowed, median(cpus)
    _goal(report, f"{what}: of what is allowed >= {LEAST}", rate, met=rate >= LEAST)
    _goal(report, f"{what}: CPU ms an offer <= {MOST_CPU_MS}", cpu, met=cpu <= MOST_CPU_MS, quiet=quiet)
    if limit:
        over = sum(run.over for run in found)
        _goal(report, f"{what}: offers above it = 0", over, met=over == 0)


def _goal(report: Report, goal: str, value: float, *, met: bool, quiet: bool = True) -> None:
    report.missed += quiet and not met
    print(f"  goal: {goal}: {value:.3g}, {('met' if met else 'MISSED') if quiet else NO_VERDICT}")
