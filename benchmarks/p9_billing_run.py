"""P9: the billing run, charges 200 ms away under a hard limit: >= 0.95 of 25/s and of 100/s, 429s <= 0.1 %, <= 5 ms CPU
a charge, memory flat, >= 25x a job per charge; and kill -9 midway takes nothing twice."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import psycopg
from redis import Redis
from rq import Queue

from assistant.clock import ShiftedClock, WallClock
from assistant.doorbells import Doorbell
from assistant.services import reconcile
from benchmarks.counting import redis_commands, statements
from benchmarks.harness import AGREES, NO_VERDICT, Failed, Report, same
from benchmarks.ours import spa
from benchmarks.ours.dues import CHORES, MONEY, Dues, Run, dues, worker
from benchmarks.peers import rq_job_per_charge as peer
from benchmarks.processor import OnFile, Processor, processor
from benchmarks.servers import Postgres, redis_server, running

FAST, SLOW = 100, 25
"""Charges a second that the processor takes."""
DECLINES_ONE_IN = 25
WARMING, COUNTED = 50, 100
LEASE = timedelta(seconds=120)
"""Longer than an attempt waits for its answer before it is looked up."""
BOOKS_SETTLE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is charged in each part."""

    charges: int = 3_000
    slow_charges: int = 3_000
    runs: int = 3
    killed: int = 600
    peer: int = 60

    @property
    def members(self) -> int:
        return 2 * WARMING + COUNTED + self.charges * self.runs + self.slow_charges


QUICK = Size(charges=400, slow_charges=100, runs=2, killed=200, peer=8)


@dataclass(slots=True)
class Found:
    """What was measured."""

    runs: dict[int, list[Run]] = field(default_factory=dict)
    peer: dict[int, float] = field(default_factory=dict)
    """Charges a second of so many of RQ's workers. Ours is one process: it is measured against one."""


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    """The runs are of fixed length: `rounds` beyond three change nothing, and a quick look is shorter."""
    size = Size(runs=min(rounds, 3)) if rounds * seconds > 2 else QUICK
    report, found = Report(__doc__, "charges"), Found()
    with redis_server() as redis_url, processor(size.members + 2 * size.peer, decline_one_in=DECLINES_ONE_IN) as bank:
        ours, theirs = bank.cards[: size.members], [each for each in bank.cards[size.members :] if not each.declines]
        with dues(server.database("p9_ours"), redis_url, bank, ours, WallClock()) as each:
            _our_runs(each, report, found, size)
        bank.limit(FAST)
        for workers, cards in ((1, theirs[: len(theirs) // 2]), (2, theirs[len(theirs) // 2 :])):
            found.peer[workers] = _peer_rate(server.database(f"p9_peer_{workers}"), redis_url, bank, cards, workers)
    _kill(server.database("p9_killed"), report, size.killed)
    _tell(report, found, size)
    return report


def _our_runs(each: Dues, report: Report, found: Found, size: Size) -> None:
    for limit, charges, runs in ((FAST, size.charges, size.runs), (SLOW, size.slow_charges, 1)):
        each.processor.limit(limit)
        with worker(MONEY, each, limit) as pid:
            each.run(pid, WARMING)
            if limit == FAST:
                _count(each, pid, report)
            found.runs[limit] = [each.run(pid, charges) for _ in range(runs)]
    _check(each, report, "equal books")


def _check(each: Dues, report: Report, what: str) -> None:
    """All that tells of money tells of the same, once for each invoice; nothing is left to a person or in doubt."""
    books = each.books()
    report.notes.append(same(f"{what}, {len(books['the processor']):,} paid of {each.enrolled:,}", books))
    assert set(books["the processor"].values()) == {1}, "an invoice was charged twice"
    declined = sum(card.declines for card in each.cards[: each.enrolled])
    assert len(books["the processor"]) == each.enrolled - declined, "some that the bank would pay were not charged"
    tasks, unanswered, again = each.left_over()
    assert (tasks, unanswered, again) == (0, 0, 0), f"{tasks} tasks, {unanswered} unanswered, {again} asked again"


def _count(each: Dues, pid: int, report: Report) -> None:
    """What a charge costs all told; each thread's last look, which finds nothing, is among them."""
    before = redis_commands(each.redis_url)
    with statements(each.database) as counts:
        run = each.run(pid, COUNTED)
    commands = (redis_commands(each.redis_url) - before) / COUNTED
    calls = f"{commands:.3g} Redis commands, {run.calls / COUNTED:.3g} HTTP calls"
    report.notes.append(f"ours: {counts.per(COUNTED, 'charge')}, {calls}")


def _peer_rate(database: str, redis_url: str, bank: Processor, cards: list[OnFile], workers: int) -> float:
    """Charges a second of so many of RQ's workers, over as many jobs as are patiently waited for."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(peer.TABLES)
        connection.cursor().executemany(
            "INSERT INTO invoice (id, customer, card, cents) VALUES (%s, %s, %s, 14900)",
            [
                (number, card.customer_id, card.payment_method_id)
                for number, card in enumerate(cards, len(cards) * workers)
            ],
        )
        queue = Queue("peer", connection=Redis.from_url(redis_url))
        environ = spa.environ(database, redis_url, STRIPE_API_BASE=bank.url)
        command = [sys.executable, "-m", "rq.cli", "worker", "--url", redis_url, "--quiet", "peer"]
        since = datetime.now(UTC)  # noqa: TID251  # compared with the sandbox's own clock
        with ExitStack() as stack:
            for _ in range(workers):
                stack.enter_context(running(command, environ))
            for number in range(len(cards) * workers, len(cards) * (workers + 1)):
                queue.enqueue(peer.charge, number, result_ttl=0)
            paid = "SELECT count(*) FROM invoice WHERE status = 'paid'"
            _until(lambda: connection.execute(paid).fetchone() == (len(cards),), 60 + 3 * len(cards))
        took = bank.took(since)
        return (len(took) - 1) / (took[-1] - took[0])


def _kill(database: str, report: Report, charges: int) -> None:
    """Twice, a third of the way each; time is then moved past the lease, as an hour would have passed it."""
    with ExitStack() as stack:
        redis_url = stack.enter_context(redis_server())
        clock = ShiftedClock(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "clock")
        bank = stack.enter_context(processor(charges, decline_one_in=DECLINES_ONE_IN))
        each = stack.enter_context(dues(database, redis_url, bank, bank.cards, clock))
        bank.limit(FAST)
        began, in_doubt = each.open(charges), 0
        for share in (1 / 3, 2 / 3):
            with worker(MONEY, each, FAST, clock.path) as pid:
                _until(lambda share=share: each.answered() >= share * charges, 60, lambda: each.ring(Doorbell.CHARGE))
                os.kill(pid, signal.SIGKILL)
            in_doubt += each.left_over()[1]
            clock.advance(LEASE)
            with worker(CHORES, each, FAST, clock.path):
                _until(lambda: each.left_over()[1] == 0, 60, lambda: each.ring(Doorbell.SWEEP))
        with worker(MONEY, each, FAST, clock.path):
            _until(lambda: each.answered() >= charges, 60, lambda: each.ring(Doorbell.CHARGE))
        assert in_doubt, "nothing was in flight when it was killed"
        _check(each, report, f"kill -9 twice, {in_doubt} in flight")
        clock.advance(BOOKS_SETTLE)
        compared = reconcile.reconcile(each.rt, since=began - timedelta(days=1))
        assert compared.attempts == charges, f"{compared.attempts} attempts compared of {charges}"
        assert not compared.differences, f"the books differ: {compared.differences[:3]}"
        report.notes.append(f"reconciled afterwards: {compared.payments} payments, no difference")


def _until(done: Callable[[], bool], seconds: float, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Ask again and again, doing something meanwhile once a second, as the clock would."""
    until, looks = time.monotonic() + seconds, 0
    while not done():
        if time.monotonic() > until:
            raise Failed(f"it was not done in {seconds} s")
        if looks % 20 == 0:
            meanwhile()
        looks += 1
        time.sleep(0.05)


# --- telling ----------------------------------------------------------------------------------------------------------


def _tell(report: Report, found: Found, size: Size) -> None:
    print(f"\n{report.claim}")
    for note in report.notes:
        print(f"  {note}")
    titles = f"{'ours':>7}  {'of limit':>8}  {'429s':>6}  {'CPU ms':>7}  {'RSS MB 10 %, 50 %, 100 %':>24}"
    print(f"  {'':8}  {'floor':>7}  {titles}")
    for limit, runs in found.runs.items():
        for run in runs:
            memory = ", ".join(f"{run.rss_at(share) / 1024:.1f}" for share in (0.1, 0.5, 1.0))
            print(
                f"  {limit:>5}/s:  {limit:>5}/s  {run.rate:>5.1f}/s  {run.rate / limit:>8.3f}  {run.refused:>6}"
                f"  {run.cpu_ms:>7.2f}  {memory:>24}  {run.charges:,} in {run.seconds:.1f} s"
                f" (sandbox {run.processor_cpu_ms:.1f} ms CPU a charge)"
            )
    jobs = f"over some {size.peer} jobs, extrapolated"
    for workers, rate in found.peer.items():
        print(f"  peer, a job per charge, {workers} of RQ's workers: {rate:.2f}/s {jobs}")
    _judge(report, found)


def _judge(report: Report, found: Found) -> None:
    """A 429 follows a machine that stood still: it is judged where two runs cost the same CPU, and so is CPU."""
    fast = found.runs[FAST]
    rates, cpus = (
        [_twice(each) for each in pairwise(values)] for values in ([r.rate for r in fast], [r.cpu_ms for r in fast])
    )
    quiet = {"rate": _agree(rates), "CPU": _agree(cpus)}
    print(f"  A/A, ours at {FAST}/s twice: rate {_shown(rates)}, CPU {_shown(cpus)}")
    for limit, runs in found.runs.items():
        share = median(run.rate for run in runs) / limit
        refused = sum(run.refused for run in runs) / sum(run.calls for run in runs)
        growth = max(run.rss_at(1.0) / run.rss_at(0.1) for run in runs)
        _goal(report, f"{limit}/s: of the limit >= 0.95", share, met=share >= 0.95, quiet=quiet["rate"])
        _goal(report, f"{limit}/s: 429s <= 0.001", refused, met=refused <= 0.001, quiet=quiet["CPU"])
        _goal(report, f"{limit}/s: memory at the end / at a tenth <= 1.05", growth, met=growth <= 1.05, quiet=True)
        cpu = median(run.cpu_ms for run in runs)
        _goal(report, f"{limit}/s: CPU ms a charge <= 5", cpu, met=cpu <= 5, quiet=quiet["CPU"])
    times = {workers: median(run.rate for run in fast) / rate for workers, rate in found.peer.items()}
    print(f"  ours / a job per charge by two workers, on both cores: {times[2]:.1f}, told and not judged")
    _goal(report, "ours / a job per charge, a worker each >= 25", times[1], met=times[1] >= 25, quiet=quiet["rate"])


def _goal(report: Report, goal: str, value: float, *, met: bool, quiet: bool) -> None:
    report.missed += quiet and not met
    print(f"  goal: {goal}: {value:.3g}, {('met' if met else 'MISSED') if quiet else NO_VERDICT}")


def _twice(pair: tuple[float, float]) -> float:
    return pair[1] / pair[0]


def _agree(ratios: list[float]) -> bool:
    return bool(ratios) and all(AGREES[0] <= ratio <= AGREES[1] for ratio in ratios)


def _shown(ratios: list[float]) -> str:
    return " ".join(f"{ratio:.2f}" for ratio in ratios) or "not measured"
