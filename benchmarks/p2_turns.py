"""P2: a till that takes a credit: >= 0.55 of a whole turn in one function. Texts thought about are told beside it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import psycopg

from benchmarks.counting import WATCHER, redis_commands, statements
from benchmarks.floors import turn
from benchmarks.harness import Goal, NotReady, Report, Sample, Side, in_turn, settle
from benchmarks.ours import redeeming, spa
from benchmarks.servers import Postgres, redis_server, running
from benchmarks.texts import Text, texts
from benchmarks.worker import transfers

AT_MOST_PER_SECOND = 2_000
"""Texts kept for our worker to think about, per second of a run: more than it can."""
COUNTED = 100
GIVE_UP_SECONDS = 30
GOALS = (Goal("till", "floor", least=0.55),)


class Till:
    """Our use of credit as a till asks for it, one after the other: `services.credits.spend`, lots and all."""

    def __init__(self, database: str) -> None:
        self.redeemer = redeeming.OurRedeemer(database)
        self.taken = 0

    def run(self, seconds: float, tag: str) -> Sample:
        wanted = list(islice(transfers(tag, -1), int(seconds * AT_MOST_PER_SECOND * 4)))
        done, began, processor = 0, time.monotonic(), time.process_time()
        for each in wanted:
            self.redeemer.post(each)
            done += 1
            if time.monotonic() - began > seconds:
                break
        spent, self.taken = time.monotonic() - began, self.taken + done
        return Sample(rate=done / spent, done=done, client_cpu_us=(time.process_time() - processor) / done * 1e6)

    def answered(self) -> int:
        return self.redeemer.entries()


class OurTurns:
    """Our worker, started once: texts are kept while no bell rings, then one ring sets it to work."""

    def __init__(self, database: str, redis_url: str) -> None:
        self.connection = psycopg.connect(database, autocommit=True, application_name=WATCHER)
        self.database = database
        self.redis_url = redis_url
        self.taken = 0

    def run(self, seconds: float, tag: str) -> Sample:
        self.keep(list(islice(texts(tag), int(seconds * AT_MOST_PER_SECOND))))
        spa.ring(self.redis_url)
        first = self._until(lambda left, kept: left < kept)
        began = time.monotonic()
        self._until(lambda left, _: left == 0 or time.monotonic() - began > seconds)
        left, spent = self._waiting(), time.monotonic() - began
        self._until(lambda left, _: left == 0)
        return Sample(rate=(first - left) / spent, done=first - left)

    def turn(self) -> None:
        """Have what waits thought about."""
        spa.ring(self.redis_url)
        self._until(lambda left, _: left == 0)

    def answered(self) -> int:
        return self._count(spa.ANSWERED)

    def keep(self, wanted: list[Text]) -> None:
        spa.keep_texts(self.database, wanted)
        self.taken += len(wanted)

    def _until(self, true: Callable[[int, int], bool]) -> int:
        """Look every 20 ms; how many texts wait then."""
        kept, give_up = self._waiting(), time.monotonic() + GIVE_UP_SECONDS
        while not true(left := self._waiting(), kept):
            if time.monotonic() > give_up:
                raise NotReady(f"our worker has not finished in {GIVE_UP_SECONDS} s: {left} texts wait")
            time.sleep(0.02)
        return left

    def _waiting(self) -> int:
        return self._count(spa.WAITING)

    def _count(self, sql: str) -> int:
        row = self.connection.execute(sql).fetchone()
        assert row
        return int(row[0])


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "turns")
    database = server.database("p2_floor")
    turn.prepare(database)
    floor = turn.FloorTurns(database)
    redeeming.prepare(used := server.database("p2_till"))
    sides: dict[str, turn.FloorTurns | OurTurns | Till] = {"floor": floor, "till": Till(used)}
    with redis_server() as redis_url:
        try:
            with _our_worker(server, redis_url) as our:
                _count(our, server, report, redis_url)
                _compare(report, sides | {"ours": our}, rounds, seconds)
        except NotReady as missing:
            report.notes.append(f"ours is not measured: {missing}")
            _compare(report, sides, rounds, seconds)
    settle(report, GOALS)
    return report


def _compare(report: Report, sides: dict[str, turn.FloorTurns | OurTurns | Till], rounds: int, seconds: float) -> None:
    in_turn(report, [Side(name, side.run) for name, side in sides.items()], rounds=rounds, seconds=seconds)
    for name, side in sides.items():
        assert side.answered() == side.taken, f"{name} took {side.taken} and answered {side.answered()}"
    report.notes.append(f"each has one answer: {', '.join(sides)}")


@contextmanager
def _our_worker(server: Postgres, redis_url: str) -> Iterator[OurTurns]:
    database = server.database("p2_ours")
    spa.prepare(database)
    with running(spa.TALK, spa.environ(database, redis_url)):
        yield OurTurns(database, redis_url)


def _count(our: OurTurns, server: Postgres, report: Report, redis_url: str) -> None:
    before = redis_commands(redis_url)
    our.keep(list(islice(texts("counted"), COUNTED)))
    with statements(server.database_named("p2_ours")) as counts:
        our.turn()
    commands = (redis_commands(redis_url) - before) / COUNTED
    report.notes.append(f"ours: {counts.per(COUNTED, 'text')}, {commands:.3g} Redis commands, all told")
