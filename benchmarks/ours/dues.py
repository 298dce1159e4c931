"""Our billing run as it is installed: invoices opened by the billing day, charged by the worker of the money queue."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from assistant.clock import Clock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.domain.calendar import local_day
from assistant.doorbells import Doorbell
from assistant.gateways.pace_port import NoPacer
from assistant.gateways.rq_queue import RqQueue, connect
from assistant.gateways.stripe_payments import StripeApi, StripePayments, stripe_client
from assistant.runtime import Runtime
from assistant.services import billing
from benchmarks.counting import WATCHER
from benchmarks.harness import Failed
from benchmarks.ours import spa
from benchmarks.ours.posting import SPA
from benchmarks.processor import SECRET_KEY, OnFile, Processor
from benchmarks.servers import running, sqlalchemy
from benchmarks.texts import SPA_NUMBER

ZONE = "America/Los_Angeles"
DUES_CENTS = 14_900
MONEY, CHORES = ([sys.executable, "-m", "jobs.worker", queue] for queue in ("money", "chores"))
LOOK_SECONDS = 0.25
TICKS = os.sysconf("SC_CLK_TCK")
PEOPLE = f"""
INSERT INTO plan (spa_id, code, name) VALUES (1, 'glow', 'Glow');
INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, grants, sold_from)
    SELECT 1, id, 1, {DUES_CENTS}, '[{{"unit": "visit", "amount": 1000}}]', now() - interval '1 year' FROM plan;
INSERT INTO credit_kind (spa_id, unit, words, reference_cents)
    VALUES (1, 'visit', '{{"en": ["visit credit", "visit credits"]}}', 16500);
INSERT INTO client (spa_id, first_name, last_name, locale, created_at)
    SELECT 1, 'Member' || n, 'Example', 'en', now() FROM generate_series(1, %(members)s) n ORDER BY n;
INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
    SELECT 1, '+1415' || 2000000 + n, true, false, now() FROM generate_series(1, %(members)s) n ORDER BY n;
INSERT INTO client_phone (spa_id, client_id, phone_id, preferred)
    SELECT 1, client.id, phone.id, true FROM client JOIN phone ON client.id = phone.id;
"""
CARDS = """
WITH given AS (SELECT * FROM unnest(%(customers)s::text[], %(cards)s::text[], %(prints)s::text[])
               WITH ORDINALITY x(customer, card, print, id)),
     payers AS (INSERT INTO payer (spa_id, client_id, customer_id, created_at)
                SELECT 1, id, customer, now() FROM given)
INSERT INTO card (spa_id, client_id, role, payment_method_id, brand, last4, exp_month, exp_year, fingerprint, consent,
                  source, added_at)
SELECT 1, id, 'current', card, 'visa', '4242', 12, 2034, print, '{}', 'import', now() FROM given
"""
ENROL = """
INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)
SELECT 1, n, plan_version.id, 'active', %(today)s, now()
FROM plan_version, generate_series(%(first)s::int, %(last)s::int) n
"""
ANSWERED = "SELECT count(*) FROM charge_attempt WHERE status IN ('succeeded', 'declined')"
PAID = "SELECT id, dues_cents FROM invoice WHERE status = 'paid' AND paid_by = 'card'"
BOOKED = """
SELECT substr(e.key, 6)::bigint, sum(p.amount)::bigint FROM ledger_entry e
JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id) AND p.account IN ('clearing', 'fees')
WHERE e.kind = 'dues_collected' GROUP BY e.id, e.key
"""
GRANTED = """
SELECT split_part(e.key, ':', 2)::bigint, %(dues)s FROM ledger_entry e JOIN credit_lot l ON l.entry_id = e.id
WHERE e.key LIKE 'cycle:%%'
"""
RECEIPTS = "SELECT substr(key, 9)::bigint, %(dues)s FROM outbound_message WHERE key LIKE 'receipt:%%'"
LEFT = """
SELECT (SELECT count(*) FROM staff_task WHERE closed_at IS NULL AND kind <> 'review'),
       (SELECT count(*) FROM charge_attempt WHERE status NOT IN ('succeeded', 'declined')),
       (SELECT count(*) FROM charge_attempt WHERE number > 1)
"""


@dataclass(slots=True)
class Watched:
    """What the kernel says of one process."""

    pid: int
    began_cpu: float = 0.0
    rss: list[int] = field(default_factory=list)
    """In kB, at every look."""

    def __post_init__(self) -> None:
        self.began_cpu = self.cpu()

    def cpu(self) -> float:
        """Seconds of user and system time since it began."""
        after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    def spent(self) -> float:
        return self.cpu() - self.began_cpu

    def look(self) -> None:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        self.rss.append(pages * os.sysconf("SC_PAGE_SIZE") // 1024)


@dataclass(frozen=True, slots=True)
class Run:
    """Some charges, from the opening of their invoices to the last answer written."""

    charges: int
    since: datetime
    seconds: float
    """From the ring to the last answer written."""
    rate: float
    """From the first answer of the processor to its last."""
    cpu_ms: float
    """Of our worker, for each charge."""
    processor_cpu_ms: float
    rss_kb: tuple[int, ...]
    refused: int
    calls: int

    def rss_at(self, share: float) -> int:
        return self.rss_kb[min(int(len(self.rss_kb) * share), len(self.rss_kb) - 1)]


@dataclass(slots=True)
class Dues:
    """A spa of members who have never been charged, each with a card at the processor."""

    database: str
    redis_url: str
    processor: Processor
    cards: list[OnFile]
    rt: Runtime
    looking: psycopg.Connection[Any]
    enrolled: int = 0

    def open(self, count: int) -> datetime:
        """So many members fall due today, the billing day opens their invoices and rings for them; when it began."""
        if self.enrolled + count > len(self.cards):
            raise Failed(f"there are {len(self.cards)} members, and {self.enrolled + count} are to be charged")
        since = self.rt.clock.now()
        today = local_day(since, ZONE)
        whom = {"today": today, "first": self.enrolled + 1, "last": self.enrolled + count}
        self.looking.execute(ENROL, whom)
        self.enrolled += count
        opened = self.rt.transact(lambda uow: billing.open_day(uow, 1, today))
        assert opened == count, f"{opened} invoices were opened for {count} memberships"
        return since

    def run(self, worker_pid: int, count: int) -> Run:
        """Open so many and wait until the worker has charged them all."""
        before, refused, calls = self.answered(), self.processor.refused(), sum(self.processor.calls().values())
        worker, server_cpu = Watched(worker_pid), _with_children(self.processor.pid)
        since, began = self.open(count), time.monotonic()
        self.wait(lambda: self.answered() - before >= count, count, worker.look)
        seconds, took = time.monotonic() - began, self.processor.took(since.astimezone(UTC))
        return Run(
            charges=count,
            since=since,
            seconds=seconds,
            rate=(len(took) - 1) / (took[-1] - took[0]),
            cpu_ms=worker.spent() / count * 1000,
            processor_cpu_ms=(_with_children(self.processor.pid) - server_cpu) / count * 1000,
            rss_kb=tuple(worker.rss),
            refused=self.processor.refused() - refused,
            calls=sum(self.processor.calls().values()) - calls,
        )

    def wait(self, done: Callable[[], bool], count: int, look: Callable[[], object] = lambda: None) -> None:
        until = time.monotonic() + 60 + count / 5
        while not done():
            if time.monotonic() > until:
                raise Failed(f"{self.answered()} charges were answered, and then no more")
            look()
            time.sleep(LOOK_SECONDS)

    def answered(self) -> int:
        row = self.looking.execute(ANSWERED).fetchone()
        assert row
        return int(row[0])

    def books(self) -> dict[str, Counter[tuple[int, int]]]:
        """(invoice, cents) of whatever says that money moved, and how often it says so."""
        asked = {"dues": DUES_CENTS}
        return {
            "the processor": self.processor.paid(),
            "paid invoices": Counter(self.looking.execute(PAID).fetchall()),
            "the ledger": Counter(self.looking.execute(BOOKED).fetchall()),
            "credit granted": Counter(self.looking.execute(GRANTED, asked).fetchall()),
            "receipts": Counter(self.looking.execute(RECEIPTS, asked).fetchall()),
        }

    def left_over(self) -> tuple[int, int, int]:
        """Tasks for a person, attempts without an answer, attempts beyond the first of an invoice."""
        row = self.looking.execute(LEFT).fetchone()
        assert row
        return row[0], row[1], row[2]

    def ring(self, bell: Doorbell) -> None:
        self.rt.queue.ring(bell)


@contextmanager
def dues(database: str, redis_url: str, processor: Processor, cards: list[OnFile], clock: Clock) -> Iterator[Dues]:
    """The spa, in an empty database; nobody works for it yet."""
    upgrade(sqlalchemy(database))
    api = StripeApi(stripe_client(SECRET_KEY, processor.url), NoPacer())
    queue = RqQueue(connect(redis_url))
    payments = StripePayments(api)
    rt = Runtime(clock, Database(sqlalchemy(database)), queue, spa.Silence(), payments=payments)  # type: ignore[arg-type]
    with psycopg.connect(database, autocommit=True, application_name=WATCHER) as looking:
        looking.execute(SPA, (1, SPA_NUMBER))
        for statement in PEOPLE.split(";\n")[:-1]:
            looking.execute(statement, {"members": len(cards)} if "%(" in statement else None)
        columns = {"customers": "customer_id", "cards": "payment_method_id", "prints": "fingerprint"}
        looking.execute(CARDS, {name: [getattr(each, field) for each in cards] for name, field in columns.items()})
        looking.execute("VACUUM ANALYZE spa, plan, plan_version, client, phone, client_phone, payer, card")
        yield Dues(database, redis_url, processor, cards, rt, looking)
    rt.database.close()


@contextmanager
def worker(which: list[str], each: Dues, per_second: int, clock_file: Path | None = None) -> Iterator[int]:
    """The worker of a queue; its process id."""
    more = {"STRIPE_API_BASE": each.processor.url, "STRIPE_PER_SECOND": str(per_second)}
    if clock_file is not None:
        more["CLOCK_FILE"] = str(clock_file)
    with running(which, spa.environ(each.database, each.redis_url, **more)) as process:
        yield process.pid


def _with_children(pid: int) -> float:
    """Of gunicorn, whose worker is a child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(Watched(int(child)).began_cpu for child in [pid, *children])
