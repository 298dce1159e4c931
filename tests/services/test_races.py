"""Many hands on one invoice: workers, the desk, the member, her new card and Stripe's news; it is paid once.

Each hand has connections of its own, as another process would. The processor's own book is asked what was charged.
"""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, permutations
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psycopg
import pytest

from assistant.clock import StoppedClock
from assistant.db.connections import OPTIONS, Database, Kept
from assistant.domain.billing import Cause, PaidBy
from assistant.domain.credits import MILLI
from assistant.domain.dunning import Policy
from assistant.gateways.ports import Card
from assistant.runtime import Runtime
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxVault
from assistant.services import (
    billing,
    cards,
    charges,
    choices,
    doubts,
    dunning,
    stripe_events,
    verification,
)
from tests.world import Outside, World

TODAY = date(2026, 11, 20)
FUNDS, YES = Verdict("insufficient_funds", "try_again_later", "51"), Verdict()
NUMBERS = count(1)


@dataclass(frozen=True)
class Member:
    """One who was declined this morning, and has money now."""

    client_id: int
    invoice_id: int
    customer_id: str
    new_card: Card
    """At the processor, and not yet with us."""


@dataclass(frozen=True)
class Hand:
    """Whoever acts, in a process of their own."""

    rt: Runtime
    world: World
    member: Member


Act = Callable[[Hand], None]


# ── what each does ──


def worker(hand: Hand) -> None:
    while charges.charge_next(hand.rt):
        pass


def desk(hand: Hand) -> None:
    """Staff press Retry, twice."""
    for _ in range(2):
        charges.attempt(hand.rt, 1, hand.member.invoice_id, Cause.STAFF)


def pay(hand: Hand) -> None:
    """The member says PAY."""
    hand.rt.transact(lambda uow: choices.pay(uow, 1, hand.member.client_id))
    worker(hand)


def card(hand: Hand) -> None:
    """The member's new card arrives, and all she owes is charged to it."""
    new = hand.member.new_card
    hand.rt.transact(lambda uow: cards.arrived(uow, 1, hand.member.client_id, new, source="link"))
    worker(hand)


def webhook(hand: Hand) -> None:
    """Stripe tells what became of every charge until now."""
    payments = hand.world.stripe.all("payment_intent", customer=hand.member.customer_id)
    for each in payments:
        found = hand.rt.payments.fetch(None, each["id"])
        doubts.heard(hand.rt, found)  # type: ignore[arg-type]
    while stripe_events.apply_next(hand.rt):
        pass


def janitor(hand: Hand) -> None:
    """By a clock that is two minutes ahead: what is on the wire looks lost."""
    ahead = replace(hand.rt, clock=StoppedClock(hand.rt.clock.now() + timedelta(minutes=2)))
    while doubts.resolve_next(ahead):
        pass


def cash(hand: Hand) -> None:
    hand.rt.transact(lambda uow: billing.record_payment(uow, 1, hand.member.invoice_id, PaidBy.CASH, actor="staff:1"))


def skip(hand: Hand) -> None:
    hand.rt.transact(lambda uow: choices.skip(uow, 1, hand.member.client_id, TODAY, actor="member"))


ASKING: Mapping[str, Act] = {"desk": desk, "pay": pay, "card": card, "webhook": webhook, "worker": worker}
ALL: Mapping[str, Act] = {**ASKING, "janitor": janitor, "cash": cash, "skip": skip}


# ── the stage ──


def owing(world: World) -> Member:
    """Declined a moment ago; the bank would say yes now."""
    number = next(NUMBERS)
    client_id = world.client("Ana", f"+1505556{number:04}")
    world.enrol(client_id, anchor_on=TODAY)
    customer = cards.ensure_customer(world.rt, 1, client_id, None)
    assert customer
    old = world.stripe.add_card(customer, "pm_card_visa", fingerprint=f"old-{number}")
    found = [world.rt.vault.card(None, old)]
    new = world.stripe.add_card(customer, "pm_card_mastercard", fingerprint=f"new-{number}")
    found.append(world.rt.vault.card(None, new))
    assert isinstance(found[0], Card)
    assert isinstance(found[1], Card)
    first = found[0]
    world.rt.transact(lambda uow: cards.arrived(uow, 1, client_id, first, source="import"))
    world.stripe.behave(old, FUNDS, standing=YES)
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    [(invoice_id, status)] = world.rows("SELECT id, status FROM invoice WHERE client_id = %s", (client_id,))
    assert status == "open"
    with world.rt.unit_of_work() as uow:  # and she has said PAY, so that it is due for any worker
        uow.sql("UPDATE invoice SET next_attempt_at = %s, next_cause = 'member' WHERE id = %s", (uow.now, invoice_id))
    return Member(client_id, int(str(invoice_id)), customer, found[1])


class Slow:
    """A port that takes its time, so that others come in between."""

    def __init__(self, inner: object, most: float) -> None:
        self._inner, self._most, self._dice = inner, most, random.Random(next(NUMBERS))  # noqa: S311

    def __getattr__(self, name: str) -> Callable[..., object]:
        def asked(*args: object, **kwargs: object) -> object:
            time.sleep(self._dice.random() * self._most)
            answer = getattr(self._inner, name)(*args, **kwargs)
            time.sleep(self._dice.random() * self._most)
            return answer

        return asked


@contextmanager
def connected(world: World, database: Callable[[str], Database] = Database, most: float = 0.0) -> Iterator[Runtime]:
    """What a process of its own has: other connections to the same database, and the same book."""
    own = database(world.rt.database.url)
    with closing(own):
        yield replace(
            world.rt,
            database=own,
            payments=Slow(Outside(SandboxPayments(world.stripe), own), most),  # type: ignore[arg-type]
            card_pages=Outside(SandboxCardPages(world.stripe), own),  # type: ignore[arg-type]
            vault=Outside(SandboxVault(world.stripe), own),  # type: ignore[arg-type]
        )


def successes(world: World, member: Member) -> int:
    payments = world.stripe.all("payment_intent", customer=member.customer_id, where={"status": "succeeded"})
    return len(payments)


def settled_once(world: World, member: Member, trial: object) -> str:
    """At most one charge, and just what our books say of it. How the invoice ended."""
    world.settle()
    later = replace(world.rt, clock=StoppedClock(world.clock.now() + timedelta(minutes=20)))
    while doubts.resolve_next(later):  # one that asked and did not know
        pass
    while charges.charge_next(later):
        pass
    invoice, client = (member.invoice_id,), (member.client_id,)
    [(status, paid_by)] = world.rows("SELECT status, paid_by FROM invoice WHERE id = %s", invoice)
    entries = Counter(
        key
        for (key,) in world.rows(
            "SELECT split_part(key, ':', 1) FROM ledger_entry WHERE split_part(key, ':', 2) = %s::text", invoice
        )
    )
    attempts = [s for (s,) in world.rows("SELECT status FROM charge_attempt WHERE invoice_id = %s", invoice)]
    [(credit,)] = world.rows("SELECT coalesce(sum(remaining), 0)::bigint FROM credit_lot WHERE client_id = %s", client)
    [(open_cases,)] = world.rows("SELECT count(*) FROM dunning_case WHERE client_id = %s AND closed_at IS NULL", client)
    assert successes(world, member) == attempts.count("succeeded") == (paid_by == "card"), (trial, status, attempts)
    assert set(attempts) <= {"succeeded", "declined", "lapsed"}, (trial, attempts)
    assert entries == ({"dues": 1, "cycle": 1} if status == "paid" else {}), (trial, entries)
    assert credit == (MILLI if status == "paid" else 0), (trial, credit)
    assert (status in {"paid", "skipped"}, open_cases) == (True, 0), (trial, status)
    return str(paid_by or status)


def books_are_right(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))


# ── one after the other ──


def test_in_every_order(world: World) -> None:
    """The desk's Retry, PAY, the link's card, the webhook and the worker, in each of their 120 orders."""
    ends = Counter[str]()
    with connected(world) as rt:
        for order in permutations(ASKING):
            member = owing(world)
            for name in order:
                ASKING[name](Hand(rt, world, member))
            ends[settled_once(world, member, order)] += 1
    assert ends == {"card": 120}
    books_are_right(world)


# ── one in the midst of the other ──


class Midst:
    """Lets another act begin at one edge of this one: whole, where nothing is locked; or else as far as it comes."""

    def __init__(self, at: int, begin: Callable[[], None]) -> None:
        self.at, self.begin, self.passed = at, begin, 0
        self.pool = ThreadPoolExecutor(1)
        self.other: Future[None] | None = None
        self.here = threading.get_ident()

    def edge(self, name: str) -> None:
        if threading.get_ident() != self.here:
            return
        self.passed += 1
        if self.passed == self.at:
            self.other = self.pool.submit(self.begin)
            with suppress(TimeoutError):  # it waits for our lock, and goes on once we have committed
                self.other.result(timeout=0.02 if name == "commit" else None)

    def end(self) -> None:
        if self.other is not None:
            self.other.result()
        self.pool.shutdown()


class Edged:
    """A port with an edge on either side of each question."""

    def __init__(self, inner: object, edge: Callable[[str], None]) -> None:
        self._inner, self._edge = inner, edge

    def __getattr__(self, name: str) -> Callable[..., object]:
        def asked(*args: object, **kwargs: object) -> object:
            self._edge(f"before {name}")
            answer = getattr(self._inner, name)(*args, **kwargs)
            self._edge(f"after {name}")
            return answer

        return asked


@pytest.mark.parametrize(
    ("first", "least", "possible"),
    [
        ("worker", 70, {"card"}),
        ("desk", 70, {"card"}),
        ("pay", 80, {"card", "cash", "skipped"}),
        ("card", 80, {"card", "cash", "skipped"}),
        ("cash", 20, {"cash"}),
        ("skip", 20, {"skipped"}),
    ],
)
def test_one_begins_at_each_edge_of_another(world: World, first: str, least: int, possible: set[str]) -> None:
    """Every act begins at every edge of every other, its commits and its questions to the bank among them."""
    ends, rounds = Counter[str](), 0
    with connected(world) as ours, connected(world) as theirs:
        for second in ALL:
            for at in count(1):
                member = owing(world)
                midst = Midst(at, lambda second=second, member=member: ALL[second](Hand(theirs, world, member)))  # type: ignore[misc]
                payments = Edged(ours.payments, midst.edge)
                rt = replace(ours, edge=midst.edge, payments=payments)  # type: ignore[arg-type]
                ALL[first](Hand(rt, world, member))
                midst.end()
                ends[settled_once(world, member, (first, second, at))] += 1
                rounds += 1
                if midst.passed < at:
                    break
    assert rounds >= least, rounds
    assert set(ends) == possible, ends
    books_are_right(world)


# ── all at once ──


def at_once(world: World, hands: list[Runtime], acts: list[Act], member: Member) -> None:
    """All begin at the same instant, and all of them end well."""
    barrier = threading.Barrier(len(acts))

    def run(rt: Runtime, act: Act) -> None:
        barrier.wait()
        act(Hand(rt, world, member))

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, rt, act) for rt, act in zip(hands, acts, strict=True)]:
            done.result()


def rounds_of(
    world: World, names: list[str], rounds: int, database: Callable[[str], Database] = Database
) -> Counter[str]:
    ends = Counter[str]()
    with ThreadPoolExecutor(1), _hands(world, len(names), database) as hands:
        for number in range(rounds):
            member = owing(world)
            at_once(world, hands, [ALL[name] for name in names], member)
            ends[settled_once(world, member, number)] += 1
    books_are_right(world)
    return ends


@contextmanager
def _hands(world: World, many: int, database: Callable[[str], Database]) -> Iterator[list[Runtime]]:
    if many == 0:
        yield []
        return
    with connected(world, database, most=0.004) as first, _hands(world, many - 1, database) as others:
        yield [first, *others]


@pytest.mark.parametrize(
    ("names", "rounds", "ends"),
    [
        (["worker", "worker", "worker"], 30, {"card"}),
        (["worker", "desk", "pay", "card", "webhook", "janitor"], 100, {"card"}),
        (["worker", "desk", "cash", "card", "skip"], 40, {"card", "cash", "skipped"}),
    ],
    ids=["three workers", "everybody who asks", "cash and a skip too"],
)
def test_all_at_once(world: World, names: list[str], rounds: int, ends: set[str]) -> None:
    found = rounds_of(world, names, rounds)
    assert found.total() == rounds
    assert set(found) <= ends, found


def _process(url: str, book: Path, world: World, member: Member, barrier: Barrier) -> None:
    """One of several processes: all that it shares is on disk."""
    with closing(StripeBook(book, world.clock)) as stripe:
        own = replace(world, stripe=stripe, rt=replace(world.rt, database=Database(url)))
        with connected(own) as rt:
            barrier.wait(30)
            worker(Hand(rt, own, member))
            desk(Hand(rt, own, member))


def test_processes_at_once(world: World, tmp_path: Path) -> None:
    """Four processes with nothing in common but the database and Stripe, in 12 rounds."""
    book = tmp_path / "stripe.sqlite"
    spawn = multiprocessing.get_context("fork")
    for number in range(12):
        with closing(StripeBook(book, world.clock)) as stripe, connected(replace(world, stripe=stripe)) as rt:
            member = owing(replace(world, stripe=stripe, rt=rt))
        barrier = spawn.Barrier(4)
        given = (world.rt.database.url, book, world, member, barrier)
        processes = [spawn.Process(target=_process, args=given) for _ in range(4)]
        for each in processes:
            each.start()
        for each in processes:
            each.join(60)
        assert [each.exitcode for each in processes] == [0] * 4
        with closing(StripeBook(book, world.clock)) as stripe, connected(replace(world, stripe=stripe)) as rt:
            assert settled_once(replace(world, stripe=stripe, rt=rt), member, number) == "card"
    books_are_right(world)


# ── each guard is seen to be one ──


class Mutant(Database):
    """A database whose statements have lost something on their way."""

    def __init__(self, url: str, lost: Mapping[str, str]) -> None:
        super().__init__(url)
        self._lost = lost

    def take(self) -> Kept:
        lost = self._lost

        class Losing(Kept):
            def execute(self, query: str, *args: object, **kwargs: object) -> object:  # type: ignore[override]
                for words, left in lost.items():
                    query = query.replace(words, left)
                return super().execute(query, *args, **kwargs)  # type: ignore[arg-type]

        if self._free:
            return super().take()
        made = Losing.connect(self._conninfo, autocommit=True, prepare_threshold=1, options=OPTIONS)
        self._lent.add(made)
        return made


LOCK = " FOR NO KEY UPDATE OF i"
UNLOCKED = """
    CREATE OR REPLACE FUNCTION next_to_charge(p_now timestamptz) RETURNS SETOF invoice LANGUAGE sql ROWS 1 AS $$
        SELECT * FROM invoice i WHERE i.status = 'open' AND i.next_attempt_at <= p_now
        ORDER BY i.next_attempt_at, i.id LIMIT 1 $$"""
NO_TRIGGER = "DROP TRIGGER attempt_is_needed ON charge_attempt"
NO_INDEX = "DROP INDEX uq_charge_attempt_open"
IN_DOUBT = " AND status IN ('asked', 'unanswered')"


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ((UNLOCKED, NO_TRIGGER), {LOCK: ""}),
        ((UNLOCKED, NO_TRIGGER, NO_INDEX), {LOCK: ""}),
        ((NO_INDEX,), {IN_DOUBT: " AND false"}),
    ],
    ids=["without the lock", "without the lock and the index", "without the index and the question"],
)
def test_without_its_guards_it_goes_wrong_and_is_seen(
    world: World, broken: tuple[str, ...], lost: Mapping[str, str]
) -> None:
    """Without the lock the loser trips over a key; without the doubt's own guards the money is taken twice."""
    owing(world)
    with world.rt.unit_of_work() as uow:
        for each in broken:
            uow.sql(each)
    with pytest.raises((AssertionError, psycopg.Error)):
        rounds_of(world, ["worker", "desk", "pay", "card"], 60, lambda url: Mutant(url, lost))


def test_without_the_index_and_the_question_the_book_itself_shows_two_charges(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql(NO_INDEX)
    most = 0
    with _hands(world, 3, lambda url: Mutant(url, {IN_DOUBT: " AND false"})) as hands:
        for _ in range(60):
            member = owing(world)
            with suppress(psycopg.Error):
                at_once(world, hands, [worker, desk, pay], member)
            if (most := max(most, successes(world, member))) > 1:
                break
    assert most > 1


# ── the ladder's versions ──


def test_running_cases_keep_the_ladder_they_began_under(world: World) -> None:
    first = owing(world)
    world.rows("UPDATE invoice SET next_attempt_at = NULL RETURNING id")
    for number, days in enumerate((3, 4), 1):
        policy = replace(Policy(), promise_days=days)
        assert (
            world.rt.transact(lambda uow, policy=policy: dunning.set_policy(uow, 1, policy, actor="staff:1")) == number
        )
    second = owing(world)
    with world.rt.unit_of_work() as uow:
        old, new = (dunning.case_of(uow, 1, each.invoice_id) for each in (first, second))
    assert old is not None
    assert new is not None
    assert (old.policy, new.policy.promise_days) == (Policy(), 4)
    numbers = world.rows(
        "SELECT p.number FROM dunning_case c LEFT JOIN dunning_policy p ON p.id = c.policy_id ORDER BY c.id"
    )
    assert numbers == [(None,), (2,)]


def test_two_who_change_the_ladder_at_once_make_two_versions(world: World) -> None:
    def change(hand: Hand) -> None:
        for _ in range(5):
            hand.rt.transact(lambda uow: dunning.set_policy(uow, 1, Policy(), actor="staff:1"))

    with _hands(world, 4, Database) as hands:
        at_once(world, hands, [change] * 4, owing(world))
    numbers = [number for (number,) in world.rows("SELECT number FROM dunning_policy ORDER BY number")]
    assert numbers == list(range(1, 21))
