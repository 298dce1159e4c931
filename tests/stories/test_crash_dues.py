"""`kill -9` at every edge of dues, in real processes: charged once, booked once, credited once, and said once.

A member's billing day, or the evening on which she gives us a new card, is killed at each edge in turn (see
`killing.py`). What is left then runs at once, and again minutes and hours later, and must come to what it would have
come to without a kill: by our own books, and by the card processor's, which is a file of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import cast

import pytest

from assistant.domain.credits import MILLI
from assistant.gateways.ports import Approved, ChargeOrder
from assistant.runtime import Runtime, UnitOfWork
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_pages import Turn
from assistant.services import (
    billing,
    card_care,
    cards,
    charges,
    chasing,
    choices,
    doubts,
    links,
    stripe_events,
    sweep,
    verification,
)
from assistant.services.cards import Redirect
from assistant.services.links import Purpose
from assistant.simulation.checks import Watch
from assistant.simulation.house import House
from assistant.simulation.queries import TOUCHED
from tests.stories.killing import Harness, Process, frozen, in_memory
from tests.world import PUBLIC, World

BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SOON = tuple(timedelta(minutes=m) for m in (0, 2, 10, 180))
LATER = tuple(timedelta(minutes=m) for m in (15, 17, 40, 180))
A_DAY = (*SOON, timedelta(hours=24))
MASTERCARD, ASKING = "5555555555554444", "4000002500003155"


@dataclass(frozen=True)
class Member:
    """Of one trial."""

    client_id: int
    membership_id: int
    phone: str
    number: str = MASTERCARD
    """Of the card that she will give us."""
    purpose: Purpose = Purpose.CARD
    token: str | None = None
    """Of the link she was sent."""


@dataclass(frozen=True)
class Outcome:
    """What a life comes to, whoever was killed in it. Charged is by the card processor's own book."""

    invoice: tuple[str, str | None] = ("paid", "card")
    standing: str = "active"
    attempts: tuple[str, ...] = ("succeeded",)
    charged: tuple[str, ...] = ("succeeded",)
    entries: tuple[str, ...] = ("cycle", "dues")
    credits: int = MILLI
    case: tuple[str, str | None] | None = None
    texts: tuple[str, ...] = ("payment-received",)
    card: str = "old"
    tasks: tuple[str, ...] = ()


@dataclass
class Dues(Harness):
    """Each trial is a member with a membership and a card of her own, billed today."""

    phones: count = field(default_factory=lambda: count(1000))  # type: ignore[type-arg]
    trials: int = 0

    def member(
        self, *faults: StripeFault, says: tuple[Verdict, ...] = (), dues_cents: int = 14_900, has_card: bool = True
    ) -> Member:
        self.trials += 1
        phone = f"+1505555{next(self.phones)}"
        with self.here() as process:
            client = process.client("Ana", phone)
            membership = process.enrol(client, anchor_on=TODAY, dues_cents=dues_cents)
            if not has_card:
                return Member(client, membership, phone)
            card = process.card(client, _visa(self.trials))
            member = Member(client, membership, phone)
            if says:
                process.stripe.behave(card, *says)
            for kind in faults:
                process.stripe.faults.add(_trouble(kind, _customer(process, member)))
            return member

    def check(self, member: Member, life: "Life", trial: object) -> None:
        with self.here(A_DAY[-1]) as process:
            found = _outcome(process, member)
            assert life.end == (_however_often(found) if life.any_page else found), trial
            doubts_left = "SELECT id FROM charge_attempt WHERE status IN ('asked', 'unanswered')"
            assert process.rows(doubts_left) == [], trial
            assert process.rows("SELECT id FROM provider_event WHERE status IN ('kept', 'dead')") == [], trial
            assert process.rows("SELECT id FROM card_page WHERE close AND status IN ('asked', 'open')") == [], trial
            assert process.stripe.waiting() == 0, trial
            Watch(_house(process, member)).day()

    def check_all(self) -> None:
        """Whatever was left of all the trials together."""
        with self.here(A_DAY[-1]) as process:
            Watch(_house(process)).month()
            with process.rt.unit_of_work() as uow:
                assert not list(verification.differences(uow))


def _house(process: Process, only: Member | None = None) -> House:
    """What the simulation's checks ask of a house; of one in it, if it is told whom."""

    def rows(query: str, parameters: object = ()) -> list[tuple[object, ...]]:
        if only is not None and query == TOUCHED:
            return [(only.client_id,)]
        return process.rows(query, parameters)  # type: ignore[arg-type]

    persons = {only.client_id: SimpleNamespace(customer_id=_customer(process, only))} if only else {}
    clock = process.clock
    there = SimpleNamespace(
        bare=process.rt,
        rows=rows,
        stripe=process.stripe,
        clock=clock,
        today=clock.now().date(),
        spa_id=process.spa.spa_id,
        of_client=persons,
    )
    return cast("House", there)


def _visa(place: int) -> str:
    """A number of her own: the limits of one card are not another's."""
    digits = f"424242{place:09d}"
    doubled = (int(digit) * 2 if at % 2 == 0 else int(digit) for at, digit in enumerate(digits))
    return f"{digits}{-sum(each // 10 + each % 10 for each in doubled) % 10}"


def _customer(process: Process, member: Member) -> str:
    """As the card processor knows her."""
    found = process.rows("SELECT customer_id FROM payer WHERE client_id = %s", (member.client_id,))
    return str(found[0][0]) if found else "cus_none"


def _trouble(kind: StripeFault, customer: str) -> Trouble:
    if kind in (StripeFault.DOUBLE_WEBHOOKS, StripeFault.LOSE_WEBHOOKS, StripeFault.REORDER_WEBHOOKS):
        return Trouble(kind, customer, times=None)
    times = 4 if kind is StripeFault.RATE_LIMIT else 1
    milliseconds = 60_000 if kind is StripeFault.HANG_AFTER else 0
    return Trouble(kind, customer, "payment_intents.create", milliseconds, times)


def _outcome(process: Process, member: Member) -> Outcome:
    def one(query: str) -> tuple[object, ...] | None:
        return next(iter(process.rows(query, (member.client_id,))), None)

    def words(query: str) -> tuple[str, ...]:
        return tuple(str(word) for (word,) in process.rows(query, (member.client_id,)))

    client = "WHERE client_id = %s"
    invoice = f"SELECT id FROM invoice {client}"
    payments = process.stripe.all("payment_intent", customer=_customer(process, member))
    [(balance,)] = process.rows(
        f"SELECT coalesce(sum(remaining), 0)::bigint FROM credit_lot {client}", (member.client_id,)
    )
    return Outcome(
        invoice=one(f"SELECT status, paid_by FROM invoice {client}"),  # type: ignore[arg-type]
        standing=process.standing(member.membership_id),
        attempts=words(f"SELECT status FROM charge_attempt WHERE invoice_id = ({invoice}) ORDER BY number"),
        charged=tuple(str(each["status"]) for each in payments),
        entries=words(
            f"SELECT split_part(key, ':', 1) FROM ledger_entry WHERE split_part(key, ':', 2) = ({invoice})::text"
            " ORDER BY 1"
        ),
        credits=int(str(balance)),
        case=one(f"SELECT rule, outcome FROM dunning_case {client}"),  # type: ignore[arg-type]
        texts=words(f"SELECT message FROM outbound_message {client} ORDER BY message"),
        card="/".join(
            "new" if last4 == member.number[-4:] else "old"
            for last4 in words(f"SELECT last4 FROM card {client} AND role = 'current'")
        ),
        tasks=words(f"SELECT kind FROM staff_task {client} ORDER BY kind"),
    )


def _however_often(outcome: Outcome) -> Outcome:
    """But for a page that was opened and left, and for the card that was saved on another instead."""
    attempts = tuple(each for each in outcome.attempts if each != "lapsed")
    return replace(outcome, attempts=attempts, texts=tuple(each for each in outcome.texts if each != "card-saved"))


# ── what is done ──


def news(process: Process) -> int:
    """What Stripe has to tell, and what is made of it."""
    return process.stripe.pump(process.hear) + _all(stripe_events.apply_next, process.rt)


def work(process: Process) -> None:
    """Whatever is due."""
    while _all(charges.charge_next, process.rt) + news(process) + _all(chasing.step_next, process.rt):
        pass


def _all(step: Callable[[Runtime], bool], rt: Runtime) -> int:
    done = 0
    while step(rt):
        done += 1
    return done


def bill(_: Member, process: Process) -> None:
    """The billing day, and all that follows from it."""
    billing.bill(process.rt)
    work(process)


def bill_told_too_soon(member: Member, process: Process) -> None:
    """The same, but another process hears Stripe's news of each charge before its own answer is written."""
    payments = process.rt.payments

    class Slow:
        def charge(self, order: ChargeOrder) -> object:
            answer = payments.charge(order)
            news(process)
            return answer

        def __getattr__(self, name: str) -> object:
            return getattr(payments, name)

    bill(member, replace(process, rt=replace(process.rt, payments=Slow())))  # type: ignore[arg-type]


def gives_card(member: Member, process: Process) -> None:
    """She asks for a link, opens the page and types her card, unless she has."""
    if not _typed(member, process):
        token = member.token or process.rt.transact(lambda uow: _link(uow, process, member))
        opened = cards.open_page(process.rt, token, member.phone[-4:], return_url=f"{PUBLIC}/card/done")
        assert isinstance(opened, Redirect), opened
        process.plug.edge("before typing")
        typed = process.stripe.type_card(opened.url.rsplit("/", 1)[-1], member.number)
        assert typed.turn is Turn.DONE
        process.plug.edge("after typing")
    work(process)


def gives_card_untold(member: Member, process: Process) -> None:
    """The same, and a quarter of an hour later we look at the page ourselves."""
    gives_card(member, process)
    process.clock.advance(timedelta(minutes=15))
    card_care.shut_pages(process.rt)
    work(process)


def pays(member: Member, process: Process) -> None:
    """She opens the page, and says PAY instead: her old card is asked, and the page is shut."""
    if member.token is not None:
        cards.open_page(process.rt, member.token, member.phone[-4:], return_url=f"{PUBLIC}/card/done")
    process.rt.transact(lambda uow: choices.pay(uow, process.spa.spa_id, member.client_id))
    work(process)
    card_care.shut_pages(process.rt)
    work(process)


def _typed(member: Member, process: Process) -> bool:
    pages = process.stripe.all("checkout.session", customer=_customer(process, member))
    return any(each["status"] == "complete" for each in pages)


def _link(uow: UnitOfWork, process: Process, member: Member) -> str:
    address = links.make(uow, process.spa.spa_id, member.client_id, member.purpose, sent_to=member.phone)
    return address.rsplit("/", 1)[-1]


def tend(process: Process) -> None:
    """What the clock rings for."""
    billing.bill(process.rt)
    sweep.sweep(process.rt)
    card_care.shut_pages(process.rt)
    work(process)


# ── lives ──


@dataclass(frozen=True)
class Life:
    """How a member's trial begins, what is killed, what it comes to, and how many edges there are at least."""

    begin: Callable[[Dues], Member]
    act: Callable[[Member, Process], None]
    end: Outcome
    edges: int
    moments: tuple[timedelta, ...] = SOON
    each: bool = False
    """Killed before each commit and question too, and not only after."""
    any_page: bool = False
    """She may come to more than one page, and pay or save her card on any of them."""


def _owing(
    *says: Verdict, faults: tuple[StripeFault, ...] = (), sent: bool = False, has_card: bool = True, **member: object
) -> Callable[[Dues], Member]:
    """One who was declined a moment ago; and was sent a link, or else asks for one whenever she comes back."""

    def begun(dues: Dues) -> Member:
        found = dues.member(*faults, says=says, has_card=has_card)
        dues.finish(partial(bill, found))
        made = replace(found, **member)  # type: ignore[arg-type]
        if sent:
            with dues.here() as process:
                return replace(made, token=process.rt.transact(lambda uow: _link(uow, process, made)))
        return made

    return begun


FUNDS, ASKS = Verdict("insufficient_funds", "try_again_later", "51"), Verdict("authentication_required")
PAID = Outcome()
OWES = Outcome(
    invoice=("open", None),
    standing="past_due",
    attempts=("declined",),
    charged=("requires_payment_method",),
    entries=(),
    credits=0,
    case=("later", None),
    texts=("payment-declined",),
)
MENDED = replace(
    PAID,
    attempts=("declined", "succeeded"),
    charged=("requires_payment_method", "succeeded"),
    case=("later", "paid"),
    texts=("card-saved", "payment-declined", "payment-received"),
    card="new",
)
SEEN = replace(MENDED, case=("auth", "paid"), texts=("payment-declined", "payment-received"))
HEARD = (StripeFault.DOUBLE_WEBHOOKS, StripeFault.REORDER_WEBHOOKS)
UNTOLD = (StripeFault.LOSE_WEBHOOKS,)
LIVES = {
    "approved": Life(lambda dues: dues.member(), bill, PAID, 50, each=True),
    "declined": Life(lambda dues: dues.member(says=(FUNDS,)), bill, OWES, 30),
    "nothing to pay": Life(
        lambda dues: dues.member(dues_cents=0),
        bill,
        replace(PAID, invoice=("paid", "nothing"), attempts=(), charged=(), entries=("cycle",), texts=()),
        10,
    ),
    "its answer is lost": Life(lambda dues: dues.member(StripeFault.RESET_AFTER), bill, PAID, 50),
    "its answer hangs, and nothing is told": Life(
        lambda dues: dues.member(StripeFault.HANG_AFTER, StripeFault.LOSE_WEBHOOKS), bill, PAID, 15
    ),
    "Stripe never hears": Life(lambda dues: dues.member(StripeFault.RESET_BEFORE), bill, PAID, 15),
    "Stripe has no time": Life(lambda dues: dues.member(StripeFault.RATE_LIMIT), bill, PAID, 15),
    "a stored 500": Life(
        lambda dues: dues.member(StripeFault.STORE_500),
        bill,
        replace(PAID, attempts=("lapsed", "succeeded")),
        15,
        A_DAY,
    ),
    "a stored 500, and it is done": Life(lambda dues: dues.member(StripeFault.STORE_500_AFTER), bill, PAID, 30),
    "told before it is written": Life(lambda dues: dues.member(), bill_told_too_soon, PAID, 30),
    "told twice": Life(lambda dues: dues.member(*HEARD), bill, PAID, 40),
    "never told": Life(lambda dues: dues.member(StripeFault.LOSE_WEBHOOKS), bill, PAID, 20),
    "declined, told before it is written": Life(lambda dues: dues.member(says=(FUNDS,)), bill_told_too_soon, OWES, 30),
    "a new card": Life(_owing(FUNDS), gives_card, MENDED, 90),
    "a new card, and nothing is told": Life(_owing(FUNDS, faults=UNTOLD), gives_card_untold, MENDED, 40, LATER),
    "a page that is not wanted any more": Life(
        _owing(FUNDS, sent=True), pays, replace(MENDED, texts=("payment-declined", "payment-received"), card="old"), 70
    ),
    "a first card": Life(
        _owing(has_card=False),
        gives_card,
        replace(MENDED, attempts=("succeeded",), charged=("succeeded",), case=("fix", "paid")),
        90,
        each=True,
    ),
    "the bank's own page": Life(
        _owing(ASKS, sent=True, number=ASKING, purpose=Purpose.AUTHENTICATE), gives_card, SEEN, 70
    ),
    "the bank's own page, and nothing is told": Life(
        _owing(ASKS, faults=UNTOLD, sent=True, number=ASKING, purpose=Purpose.AUTHENTICATE),
        gives_card_untold,
        SEEN,
        30,
        LATER,
    ),
    "the bank's own page, by another link": Life(
        _owing(ASKS, number=ASKING, purpose=Purpose.AUTHENTICATE), gives_card, SEEN, 70, A_DAY, any_page=True
    ),
}


@pytest.fixture
def dues(world: World) -> Iterator[Dues]:
    with in_memory() as folder:
        dues = Dues(world, folder, BEGIN)
        for life in (LIVES["approved"], LIVES["a first card"]):  # whatever is loaded at first use is loaded once
            member = life.begin(dues)
            dues.finish(partial(life.act, member))
            dues.check(member, life, "no kill")
        with frozen():
            yield dues


def recover(life: Life, member: Member) -> Callable[[Process], None]:
    """What is left, at each of its moments."""

    def recovered(process: Process) -> None:
        begun = process.clock.now()
        for moment in life.moments:
            process.clock.advance(begun + moment - process.clock.now())
            if life.act in {gives_card, gives_card_untold, pays}:  # she goes on where she was
                life.act(member, process)
            tend(process)

    return recovered


ASKED = ["commit", "committed", "before charge", "after charge", "commit", "committed"]
HEARD_OF = ["before webhook", "commit", "committed", "after webhook"]
APPLIED = ["commit", "committed", "before fetch", "after fetch", *["commit", "committed"] * 3]
OPENED = [
    "before customer",
    "after customer",
    "commit",
    "committed",
    "before open",
    "after open",
    "commit",
    "committed",
]
SAVED = ["before fetch", "after fetch", "before card", "after card", "before card", "after card"]


def test_the_edges_of_a_life_are_all_there(dues: Dues) -> None:
    """Whoever takes one away says so here: what is no edge is not killed below."""
    for name, least in (
        ("approved", ASKED + HEARD_OF + APPLIED),
        ("a page that is not wanted any more", [*ASKED, "before expire", "after expire"]),
        ("a first card", OPENED + SAVED + ASKED + HEARD_OF * 2),
    ):
        life = LIVES[name]
        member = life.begin(dues)
        edges = dues.run(partial(life.act, member))
        assert Counter(edges) >= Counter(least), edges
        dues.check(member, life, name)


def kills(edges: list[str], *, each: bool) -> Iterator[int]:
    """At which edges to kill: at each, or only where something has just been done for good.

    What dies before a commit or a question leaves the same behind as what dies after the one before.
    """
    for place, edge in enumerate(edges, 1):
        if each or edge == "committed" or edge.startswith("after"):
            yield place


@pytest.mark.parametrize("name", LIVES)
def test_killed_at_any_edge(dues: Dues, name: str) -> None:
    life = LIVES[name]
    member = life.begin(dues)
    edges = dues.run(partial(life.act, member))
    assert len(edges) >= life.edges, edges
    dues.finish(recover(life, member))
    dues.check(member, life, (name, edges))
    for kill_at in kills(edges, each=life.each):
        member = life.begin(dues)
        passed = dues.run(partial(life.act, member), kill_at=kill_at)
        assert len(passed) == kill_at, (passed, edges)
        dues.finish(recover(life, member))
        dues.check(member, life, (name, passed))
    dues.check_all()


def charge(process: Process) -> None:
    """A billing day as far as the answer, its news yet to be heard."""
    billing.bill(process.rt)
    _all(charges.charge_next, process.rt)


def recover_once(process: Process) -> None:
    """What is in doubt is looked up, what is due is charged, and what was told is heard."""
    _all(doubts.resolve_next, process.rt)
    charge(process)
    news(process)


def _passed(dues: Dues, life: Life) -> list[str]:
    """The edges of a charge that nobody kills."""
    member = life.begin(dues)
    edges = dues.run(charge)
    dues.finish(recover(life, member))
    dues.check(member, life, edges)
    return edges


@pytest.mark.parametrize("name", ["approved", "its answer is lost"])
def test_killed_at_any_edge_and_again_in_the_recovery(dues: Dues, name: str) -> None:
    """Every ordered pair of one place in a charge and one in its recovery, two minutes later."""
    life = LIVES[name]
    later, pairs = timedelta(minutes=2), 0
    for first in kills(_passed(dues, life), each=False):
        member = life.begin(dues)
        one = dues.run(charge, kill_at=first)
        whole = dues.run(recover_once, after=later)
        dues.finish(recover(life, member), after=2 * later)
        dues.check(member, life, (name, one, whole))
        for second in kills(whole, each=False):
            member = life.begin(dues)
            assert dues.run(charge, kill_at=first) == one
            two = dues.run(recover_once, after=later, kill_at=second)
            dues.finish(recover(life, member), after=2 * later)
            dues.check(member, life, (name, one, two))
            pairs += 1
    assert pairs >= 60, pairs
    dues.check_all()


def test_a_harness_that_sees_nothing_would_be_seen(dues: Dues) -> None:
    """What is left undone, and a charge behind our back, fail the check."""
    life = LIVES["its answer is lost"]
    member = life.begin(dues)
    dues.run(charge, kill_at=7)
    with pytest.raises(AssertionError):
        dues.check(member, life, "no recovery")
    dues.finish(recover(life, member))
    dues.check(member, life, "recovered")
    with dues.here() as process:
        [(card,)] = process.rows("SELECT payment_method_id FROM card WHERE client_id = %s", (member.client_id,))
        again = ChargeOrder(None, "inv:1.1:att:9", _customer(process, member), str(card), 14_900, {})
        assert isinstance(process.rt.payments.charge(again), Approved)
    with pytest.raises(AssertionError):
        dues.check(member, life, "charged twice")
