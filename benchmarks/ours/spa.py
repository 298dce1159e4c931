"""Our spa as it is installed: web, workers and sandbox as processes, and 100,000 members who may text."""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.doorbells import Doorbell
from assistant.gateways.rq_queue import RqQueue, connect
from assistant.runtime import Runtime
from assistant.services import inbound
from benchmarks.ours.posting import SPA
from benchmarks.servers import Postgres, free_port, gunicorn, running, sqlalchemy, wait_for_port
from benchmarks.texts import ACCOUNT, BASE_URL, MEMBERS, SAME, SPA_NUMBER, TOKEN, Text

WEB = "assistant.app:create_app()"
TALK, SEND = ([sys.executable, "-m", "jobs.worker", queue] for queue in ("talk", "send"))
KEPT = "SELECT external_id, sender, body FROM inbound_event"
WAITING = "SELECT count(*) FROM inbound_event WHERE status = 'kept'"
ANSWERED = "SELECT count(answers_event_id) FROM outbound_message"
PEOPLE = f"""
INSERT INTO plan (spa_id, code, name) VALUES (1, 'glow', 'Glow');
INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, grants, sold_from)
    SELECT 1, id, 1, 14900, '[{{"unit": "visit", "amount": 1000}}]', now() - interval '1 year' FROM plan;
INSERT INTO credit_kind (spa_id, unit, words, reference_cents)
    VALUES (1, 'visit', '{{"en": ["visit credit", "visit credits"]}}', 16500);
INSERT INTO client (spa_id, first_name, last_name, locale, created_at)
    SELECT 1, 'Member' || n, 'Example', 'en', now() FROM generate_series(0, {MEMBERS - 1}) n ORDER BY n;
INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
    SELECT 1, '+1415' || 2000000 + n, true, false, now() FROM generate_series(0, {MEMBERS - 1}) n ORDER BY n;
INSERT INTO client_phone (spa_id, client_id, phone_id, preferred)
    SELECT 1, client.id, phone.id, true FROM client JOIN phone ON client.id = phone.id;
INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)
    SELECT 1, client.id, plan_version.id, 'active', current_date - 40, now() FROM client, plan_version;
"""


def prepare(database: str) -> None:
    """Our migrations, one spa, and a member behind each phone."""
    upgrade(sqlalchemy(database))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SPA, (1, SPA_NUMBER))
        connection.execute(PEOPLE)
        connection.execute("VACUUM ANALYZE spa, plan, plan_version, client, phone, client_phone, membership")


def environ(database: str, redis_url: str, **more: str) -> dict[str, str]:
    """What web and workers read. Nothing listens at port 9: P1 and P2 send no text."""
    nowhere = "http://127.0.0.1:9"
    return {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "benchmark-" * 4,
        "PUBLIC_BASE_URL": BASE_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE": nowhere,
        "STRIPE_SECRET_KEY": "sk_test_benchmark",
        "STRIPE_WEBHOOK_SECRET": "whsec_0",
        "STRIPE_API_BASE": nowhere,
        "SENDGRID_API_KEY": "SG.benchmark",
        "SENDGRID_API_BASE": nowhere,
        **more,
    }


def keep_texts(database: str, wanted: list[Text]) -> None:
    """Keep texts as the webhook does, and ring no bell."""
    rt = Runtime(WallClock(), Database(sqlalchemy(database)), Silence(), Silence())  # type: ignore[arg-type]
    for text in wanted:
        inbound.keep(rt, inbound.Incoming(text.sid, text.sender, SPA_NUMBER, text.body, SAME))
    rt.database.close()


def ring(redis_url: str) -> None:
    """As the web process rings for the worker."""
    RqQueue(connect(redis_url)).ring(Doorbell.ANSWER)


class Silence:
    """A queue that nobody hears."""

    def ring(self, bell: Doorbell) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class WholeSpa:
    """Everything running, and the sandbox's own book to look into."""

    port: int
    base_url: str
    database: str
    book: Path

    def answers(self) -> dict[str, float]:
        """Phone → Unix time at which the sandbox took the first text to it."""
        rows = self._ask("SELECT recipient, min(created_at) FROM messages WHERE direction <> 'inbound' GROUP BY 1")
        return {phone: datetime.fromisoformat(at).timestamp() for phone, at in rows}

    def http_calls(self) -> tuple[int, int]:
        """Texts handed to the sandbox, and what it has posted back about them."""
        (row,) = self._ask(
            "SELECT (SELECT count(*) FROM messages WHERE direction <> 'inbound'),"
            " (SELECT count(*) FROM posts WHERE state <> 'due')"
        )
        return row

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.book}?mode=ro", uri=True, timeout=5)) as book:
            return book.execute(query).fetchall()


@contextmanager
def whole_spa(server: Postgres, redis_url: str) -> Iterator[WholeSpa]:
    """Web, both workers and the sandbox, on a database of their own."""
    database = server.database("latency")
    prepare(database)
    web, sandbox = free_port(), free_port()
    base_url = f"http://127.0.0.1:{web}"
    with ExitStack() as stack:
        book = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-bench-"))) / "book.sqlite"
        settings = environ(
            database,
            redis_url,
            PUBLIC_BASE_URL=base_url,
            TWILIO_API_BASE=f"http://127.0.0.1:{sandbox}",
            SANDBOX_PORT=str(sandbox),
            SANDBOX_BOOK=str(book),
            SANDBOX_NUMBERS=SPA_NUMBER,
        )
        blind = settings | {"DATABASE_URL": ""}  # it shows no page here, and its looking would be counted
        wait_for_port(sandbox, stack.enter_context(running([sys.executable, "-m", "assistant.sandbox"], blind)))
        stack.enter_context(gunicorn(WEB, settings, web))
        for worker in (TALK, SEND):
            stack.enter_context(running(worker, settings))
        yield WholeSpa(web, base_url, database, book)
