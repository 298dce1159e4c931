"""`kill -9` at every edge of a text's life, in real processes: it is kept, answered, and its answer sent, each once.

A process is killed at an edge (see `killing.py`); another one, ten minutes later, does what is left, and is killed too,
at each of its own edges.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from assistant.conversation import router
from assistant.gateways.ports import Accepted, Text
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.texts import SandboxTexts
from assistant.services import messaging, sweep, verification
from tests.stories.killing import Act, Harness, frozen, in_memory
from tests.world import PUBLIC, SPA_NUMBER, World

BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LATER = timedelta(minutes=10)
ANSWER = "Ana, you have 2 visit credits."


@dataclass
class Texting(Harness):
    """Each trial is a member, a phone and a text of its own."""

    phones: count = field(default_factory=lambda: count(1000))  # type: ignore[type-arg]
    trials: int = 0

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
    while world.book.pump(world.deliver) + router.answer_next(world.rt) + messaging.deliver_next(world.rt):
        pass


def recover(world: World) -> None:
    """The sweep comes round until there is nothing for it to do."""
    sweep.sweep(world.rt)
    work(world)
    world.clock.advance(timedelta(seconds=61))
    sweep.sweep(world.rt)
    work(world)


def recover_at_once(world: World) -> None:
    """The sweep comes round once."""
    sweep.sweep(world.rt)
    work(world)


def recover_from_the_callbacks(world: World) -> None:
    """As above, but Twilio's own news comes first."""
    work(world)
    recover(world)


@pytest.fixture
def harness(world: World) -> Iterator[Texting]:
    with in_memory() as folder:
        harness = Texting(world, folder, BEGIN)
        with closing(harness.book(BEGIN)) as book:
            book.own(SPA_NUMBER, f"{PUBLIC}/webhooks/twilio/inbound")
        ana = world.client("Ana")
        world.enrol(ana, anchor_on=date(2026, 8, 15))
        world.grant(ana)
        world.say("BALANCE")  # whatever is loaded at first use is loaded once, before any fork
        world.say("please stop texting me")
        with frozen():
            yield harness


KEPT, ANSWERED, SENT = ["before webhook", "commit", "committed", "after webhook"], ["commit", "committed"], "after send"


def test_the_edges_of_a_texts_life_are_all_there(harness: Texting) -> None:
    """Whoever takes one away says so here: what is no edge is not killed below."""
    phone = harness.text("BALANCE")
    edges = harness.run(work)
    asked = ["commit", "committed", "before send", "after send", "commit", "committed"]
    nothing_more = ["commit", "committed"]
    callbacks = KEPT * 2
    answer = ANSWERED + nothing_more + asked + nothing_more
    assert Counter(edges) >= Counter(KEPT + answer + callbacks + nothing_more * 2)
    harness.check(phone, "no kill")
    assert len(harness.run(recover)) >= 16


DOUBLED = (FaultKind.DUPLICATE_INBOUND, FaultKind.DUPLICATE_CALLBACKS)
UNTOLD = (FaultKind.LOSE_CALLBACKS,)
LIVES = [
    (recover, (), 25),
    (recover_from_the_callbacks, (), 25),
    (recover, DOUBLED, 40),
    (recover_from_the_callbacks, DOUBLED, 40),
    (recover, UNTOLD, 16),
]


@pytest.mark.parametrize(("recovery", "faults", "least"), LIVES)
def test_killed_at_any_edge(harness: Texting, recovery: Act, faults: tuple[FaultKind, ...], least: int) -> None:
    """Webhooks once; everything doubled; and no news from Twilio, so that it has to be asked."""
    for k in count(1):
        phone = harness.text("BALANCE", *faults)
        passed = harness.run(work, kill_at=k)
        if len(passed) < k:
            break
        harness.run(recovery, after=LATER)
        harness.check(phone, passed, status="accepted" if faults == UNTOLD else "delivered")
    assert harness.trials > least


def test_killed_at_any_edge_and_again_in_the_recovery(harness: Texting) -> None:
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


def test_killed_while_an_opt_out_is_kept(harness: Texting) -> None:
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


def test_a_harness_that_sees_nothing_would_be_seen(harness: Texting) -> None:
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
