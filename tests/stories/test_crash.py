"""`kill -9` at every edge of a text's life, in real processes: it is kept, answered, and its answer sent, each once.

An edge is before or after a commit, a question to the provider, or a webhook. A process is forked and told at which
edge to kill itself; another one, ten minutes later, does what is left, and is killed too, at each of its own edges.
Only PostgreSQL and the provider's own book, a file, remember anything.
"""

import gc
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Never

import pytest

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.gateways.ports import Accepted, Answer, Text, Unanswered
from assistant.runtime import Runtime
from assistant.sandbox.book import Pace, TwilioBook
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.posts import Post
from assistant.sandbox.texts import SandboxTexts
from assistant.services import sweep, verification
from tests.world import PUBLIC, SPA_NUMBER, Bells, World

BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LATER = timedelta(minutes=10)
AT_ONCE = Pace(timedelta(0), timedelta(0))
ANSWER = "Ana, you have 2 visit credits."
Act = Callable[[World], None]


@dataclass
class Plug:
    """Tells of each edge, and pulls itself at the one it was told."""

    kill_at: int | None
    wire: int
    passed: int = 0

    def edge(self, name: str) -> None:
        self.passed += 1
        os.write(self.wire, f"{name}\n".encode())
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Asked:
    """Twilio's book, with an edge on either side of each question."""

    inner: SandboxTexts
    plug: Plug

    def send(self, text: Text) -> Answer:
        return self._between("send", lambda: self.inner.send(text))

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        return self._between("find", lambda: self.inner.find(text, since=since, known=known))

    def redact(self, provider_id: str) -> bool:
        return self._between("redact", lambda: self.inner.redact(provider_id))

    def _between(self, name: str, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever was asked
        self.plug.edge(f"before {name}")
        answer = ask()
        self.plug.edge(f"after {name}")
        return answer


@dataclass
class Process(World):
    """The spa as one process sees it, with an edge on either side of each webhook."""

    plug: Plug = field(kw_only=True)

    def deliver(self, post: Post) -> str | None:
        self.plug.edge("before webhook")
        problem = super().deliver(post)
        self.plug.edge("after webhook")
        return problem

    def close(self) -> None:
        self.rt.database.close()
        self.book.close()
        os.close(self.plug.wire)


@dataclass
class Harness:
    """A spa whose processes come and go. Each trial is a member, a phone and a text of its own."""

    world: World
    book_file: Path
    at: datetime = BEGIN
    phones: count = field(default_factory=lambda: count(1000))  # type: ignore[type-arg]
    trials: int = 0

    def book(self, at: datetime) -> TwilioBook:
        return TwilioBook(self.book_file, StoppedClock(at), pace=AT_ONCE)

    def text(self, body: str, *faults: FaultKind) -> str:
        """A member with two credits texts; her phone."""
        self.trials += 1
        self.at += timedelta(hours=1)
        phone = f"+1505555{next(self.phones)}"
        client = self.world.client("Ana", phone)
        self.world.enrol(client, anchor_on=date(2026, 8, 15))
        self.world.grant(client, 2)
        with closing(self.book(self.at)) as book:
            for kind in faults:
                book.faults.add(Fault(kind, phone))
            book.receive(phone, SPA_NUMBER, body)
        return phone

    def run(self, act: Act, *, after: timedelta = timedelta(0), kill_at: int | None = None) -> list[str]:
        """What a process does before it ends or is killed: the edges it passed."""
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            self._be(act, self.at + after, Plug(kill_at, theirs))
        os.close(theirs)
        with os.fdopen(ours) as told:
            edges = told.read().split("\n")[:-1]
        _, ended = os.waitpid(child, 0)
        expected = 0 if kill_at is None or len(edges) < kill_at else signal.SIGKILL
        assert ended == expected, f"ended with {ended} after {edges}"
        self._until_its_connections_are_gone()
        return edges

    def finish(self, act: Act, *, after: timedelta) -> None:
        """What a process does that nobody kills: it need not be another one, but it remembers nothing."""
        with closing(self._process(self.at + after, Plug(None, os.open(os.devnull, os.O_WRONLY)))) as process:
            act(process)

    def _be(self, act: Act, at: datetime, plug: Plug) -> Never:
        """The life of a forked process: nothing of its parent's is used, and nothing of its parent's is closed."""
        try:
            act(self._process(at, plug))
        except BaseException:  # noqa: BLE001 - it must end here, whatever it is
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _process(self, at: datetime, plug: Plug) -> Process:
        clock, database, bells = StoppedClock(at), Database(self.world.rt.database.url), Bells()
        book = TwilioBook(self.book_file, clock, pace=AT_ONCE)
        rt = Runtime(clock, database, bells, Asked(SandboxTexts(book, PUBLIC), plug), plug.edge)
        return Process(rt, clock, book, bells, self.world.spa, plug=plug)

    def _until_its_connections_are_gone(self) -> None:
        """PostgreSQL takes a moment to see that a client has died, and to let go of what it held."""
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.world.rows(f"{others} AND backend_type = 'client backend'"):
            time.sleep(0.001)

    def sent(self, phone: str) -> list[str]:
        with closing(self.book(self.at + 2 * LATER)) as book:
            return [each.body for each in book.thread(phone) if each.direction == "outbound-api"]

    def check(self, phone: str, trial: object, *, status: str = "delivered") -> None:
        """One text kept, one answer written, one text sent, nothing left to do, and the books are right."""
        rows = self.world.rows
        events = rows("SELECT status FROM inbound_event WHERE sender = %s", (phone,))
        messages = rows(
            "SELECT m.status FROM outbound_message m JOIN inbound_event e ON e.id = m.answers_event_id"
            " WHERE e.sender = %s AND m.provider_id IS NOT NULL",
            (phone,),
        )
        assert (events, messages) == ([("answered",)], [(status,)]), trial
        assert [each.startswith(ANSWER) for each in self.sent(phone)] == [True], trial
        assert rows("SELECT 1 FROM outbound_message WHERE recipient = %s OFFSET 1", (phone,)) == [], trial
        with self.world.rt.unit_of_work() as uow:
            assert not list(verification.differences(uow)), trial


def work(world: World) -> None:
    """A text comes in, is answered, the answer is sent, and Twilio tells what became of it."""
    world.settle()


def recover(world: World) -> None:
    """The sweep comes round until there is nothing for it to do."""
    sweep.sweep(world.rt)
    world.settle()
    world.clock.advance(timedelta(seconds=61))
    sweep.sweep(world.rt)
    world.settle()


def recover_at_once(world: World) -> None:
    """The sweep comes round once."""
    sweep.sweep(world.rt)
    world.settle()


def recover_from_the_callbacks(world: World) -> None:
    """As above, but Twilio's own news comes first."""
    world.settle()
    recover(world)


@pytest.fixture
def harness(world: World) -> Iterator[Harness]:
    memory = Path("/dev/shm")  # noqa: S108 - a process that is killed leaves it whole, as it would a disk
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        harness = Harness(world, Path(folder, "book.sqlite"))
        with closing(harness.book(BEGIN)) as book:
            book.own(SPA_NUMBER, f"{PUBLIC}/webhooks/twilio/inbound")
        ana = world.client("Ana")
        world.enrol(ana, anchor_on=date(2026, 8, 15))
        world.grant(ana)
        world.say("BALANCE")  # whatever is loaded at first use is loaded once, before any fork
        world.say("please stop texting me")
        gc.collect()
        gc.freeze()  # or each fork would copy what it only looks at
        yield harness
        gc.unfreeze()


KEPT, ANSWERED, SENT = ["before webhook", "commit", "committed", "after webhook"], ["commit", "committed"], "after send"


def test_the_edges_of_a_texts_life_are_all_there(harness: Harness) -> None:
    """Whoever takes one away says so here: what is no edge is not killed below."""
    phone = harness.text("BALANCE")
    edges = harness.run(work)
    asked = ["commit", "committed", "before send", "after send", "commit", "committed"]
    nothing_more = ["commit", "committed"]
    callbacks = KEPT * 2
    answer = ANSWERED + nothing_more + asked + nothing_more
    assert Counter(edges) >= Counter(KEPT + answer + callbacks + nothing_more * 4)
    harness.check(phone, "no kill")
    assert len(harness.run(recover)) >= 16


DOUBLED = (FaultKind.DUPLICATE_INBOUND, FaultKind.DUPLICATE_CALLBACKS)
UNTOLD = (FaultKind.LOSE_CALLBACKS,)
LIVES = [
    (recover, (), 30),
    (recover_from_the_callbacks, (), 30),
    (recover, DOUBLED, 42),
    (recover_from_the_callbacks, DOUBLED, 42),
    (recover, UNTOLD, 20),
]


@pytest.mark.parametrize(("recovery", "faults", "least"), LIVES)
def test_killed_at_any_edge(harness: Harness, recovery: Act, faults: tuple[FaultKind, ...], least: int) -> None:
    """Webhooks once; everything doubled; and no news from Twilio, so that it has to be asked."""
    for k in count(1):
        phone = harness.text("BALANCE", *faults)
        passed = harness.run(work, kill_at=k)
        if len(passed) < k:
            break
        harness.run(recovery, after=LATER)
        harness.check(phone, passed, status="accepted" if faults == UNTOLD else "delivered")
    assert harness.trials > least


def test_killed_at_any_edge_and_again_in_the_recovery(harness: Harness) -> None:
    """Every ordered pair, from the first commit of the answer to the last of the sending, with no news from Twilio."""
    pairs = 0
    for first in range(len(KEPT), 15):
        for second in count(1):
            phone = harness.text("BALANCE", *UNTOLD)
            one = harness.run(work, kill_at=first)
            two = harness.run(recover_at_once, after=LATER, kill_at=second)
            harness.finish(recover_at_once, after=2 * LATER)
            harness.check(phone, (one, two), status="accepted")
            pairs += 1
            if len(two) < second:
                break
    assert pairs >= 150, pairs


def test_killed_while_an_opt_out_is_kept(harness: Harness) -> None:
    """It is in force as soon as it is kept; its confirmation, which may not be late, is sent once or not at all."""
    suppressed = "SELECT suppressed_at IS NOT NULL FROM phone WHERE number = %s"
    confirmed = 0
    for k in count(1):
        phone = harness.text("please stop texting me", FaultKind.DUPLICATE_INBOUND)
        passed = harness.run(work, kill_at=k)
        kept = harness.world.rows("SELECT 1 FROM inbound_event WHERE sender = %s", (phone,))
        assert harness.world.rows(suppressed, (phone,)) == [(bool(kept),)], passed
        assert kept or "committed" not in passed
        if len(passed) < k:
            break
        harness.run(recover, after=LATER)
        assert harness.world.rows(suppressed, (phone,)) == [(True,)], passed
        assert harness.world.rows("SELECT status FROM inbound_event WHERE sender = %s", (phone,)) in (
            [("answered",)],
            [("silent",)],
        )
        assert len(harness.sent(phone)) == (SENT in passed or not kept), passed
        confirmed += len(harness.sent(phone))
    assert harness.trials > 30
    assert confirmed > 5


def test_a_harness_that_sees_nothing_would_be_seen(harness: Harness) -> None:
    """An answer sent twice, or never, fails the check."""
    phone = harness.text("BALANCE")
    harness.run(work, kill_at=len(KEPT) + 1)
    with pytest.raises(AssertionError):
        harness.check(phone, "no recovery")
    harness.run(recover, after=LATER)
    harness.check(phone, "recovered")
    with closing(harness.book(harness.at)) as book:
        texts = SandboxTexts(book, PUBLIC)
        assert isinstance(texts.send(Text(1, 1, SPA_NUMBER, phone, harness.sent(phone)[0], 60)), Accepted)
    with pytest.raises(AssertionError):
        harness.check(phone, "sent twice")
