"""P1: the inbound webhook, eight connections, gunicorn 2x4: >= 0.60 of bare Flask with one statement, p99 <= 2x,
and >= 2x Twilio's quick-start with an ORM session."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice

import psycopg

from benchmarks.counting import redis_commands, statements
from benchmarks.floors import webhook
from benchmarks.harness import Goal, NotReady, Report, Sample, Side, in_turn, same, settle
from benchmarks.ours import spa
from benchmarks.servers import Postgres, gunicorn, redis_server
from benchmarks.texts import post_all, post_for, signed, texts

FLOOR, PEER = "floor", "quick-start"
GOALS = (
    Goal("ours", FLOOR, least=0.60),
    Goal("ours", FLOOR, most=2.0, what="p99_ms"),
    Goal("ours", PEER, least=2.0),
)
CHECKED, REPEATED, COUNTED = 200, 50, 100


@dataclass(slots=True)
class Door:
    """A served webhook; `kept_sql` asks what it keeps: sid, sender and body."""

    port: int
    database: str
    kept_sql: str
    accepted: int = 0

    def run(self, seconds: float, tag: str) -> Sample:
        sample = post_for(self.port, seconds, tag).sample()
        self.accepted += sample.done
        return sample

    def kept(self) -> set[tuple[str, str, str]]:
        with psycopg.connect(self.database) as connection:
            return set(connection.execute(self.kept_sql).fetchall())


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "texts")
    with redis_server() as redis_url, _doors(server, report, redis_url) as doors:
        _check_equal(doors, report)
        _count(doors, report, redis_url)
        in_turn(report, [Side(name, door.run) for name, door in doors.items()], rounds=rounds, seconds=seconds)
        for name, door in doors.items():
            kept = len(door.kept())
            assert kept == door.accepted, f"{name} said yes to {door.accepted} texts and keeps {kept}"
    settle(report, GOALS)
    return report


@contextmanager
def _doors(server: Postgres, report: Report, redis_url: str) -> Iterator[Mapping[str, Door]]:
    with ExitStack() as stack:
        doors = {}
        for name, app in ((FLOOR, "benchmarks.floors.webhook:app"), (PEER, "benchmarks.peers.quickstart:app")):
            database = server.database(f"p1_{name.replace('-', '_')}")
            webhook.prepare(database)
            doors[name] = Door(stack.enter_context(gunicorn(app, {"DATABASE_URL": database})), database, webhook.KEPT)
        try:
            database = server.database("p1_ours")
            spa.prepare(database)
            port = stack.enter_context(gunicorn(spa.WEB, spa.environ(database, redis_url)))
            doors["ours"] = Door(port, database, spa.KEPT)
        except NotReady as missing:
            report.notes.append(f"ours is not measured: {missing}")
        yield doors


def _check_equal(doors: Mapping[str, Door], report: Report) -> None:
    """Each keeps the same texts, once, and turns a stranger away."""
    wanted = list(islice(texts("equal"), CHECKED))
    forged = signed("SM" + "f" * 32, wanted[0].sender, "redeem 9 facials", token="a stranger's")
    for name, door in doors.items():
        assert set(post_all(door.port, wanted + wanted[:REPEATED]).statuses) == {200}, name
        assert set(post_all(door.port, [forged]).statuses) == {403}, name
        door.accepted += CHECKED
    kept = {name: door.kept() for name, door in doors.items()}
    sent = {(text.sid, text.sender, text.body) for text in wanted}
    report.notes.append(same(f"{CHECKED} texts kept once, a forged one refused", {"sent": sent, **kept}))


def _count(doors: Mapping[str, Door], report: Report, redis_url: str) -> None:
    for name, door in doors.items():
        before = redis_commands(redis_url)
        with statements(door.database) as counts:
            post_all(door.port, list(islice(texts("counted"), COUNTED)))
        door.accepted += COUNTED
        rings = (redis_commands(redis_url) - before) / COUNTED
        report.notes.append(f"{name}: {counts.per(COUNTED, 'text')}, {rings:.3g} Redis commands")
