"""`kill -9` at every edge of a redemption, a refund, a void and a change of plan: each is done once, or not at all.

As in `test_crash_dues.py`: a real process is killed at each edge in turn; then whoever stood there does it again, with
the same key, and the clock does the rest. What it comes to is by our own books, and by the card processor's, which is a
file of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count

import pytest

from assistant.db.spas import Service
from assistant.domain.changing import ChangeQuote
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.refunds import RefundQuote
from assistant.domain.tickets import Quote, Tender
from assistant.gateways.ports import GivenBack, RefundOrder
from assistant.runtime import Runtime, UnitOfWork
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import (
    billing,
    charges,
    checkout,
    open_tickets,
    plan_changes,
    plans,
    reconcile,
    refund_answers,
    refunds,
    replay,
    stripe_events,
    sweep,
    verification,
    voids,
)
from tests.stories.killing import Harness, Process, frozen, in_memory
from tests.stories.test_crash_dues import _visa, kills
from tests.world import World

BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SOON = tuple(timedelta(minutes=m) for m in (0, 2, 10, 180))
A_DAY = timedelta(hours=24)
Fault = tuple[StripeFault, str | None]
"""What goes wrong, and with which question."""
VISIT = Cart(lines=(CartLine(code="signature"),))
WHOLE = Cart(lines=(CartLine(code="signature"), CartLine(code="peel")), tip_cents=2_000)
BOOKED = ("credits_spent", "sold", "refunded", "credits_taken_back", "reversal", "dues_collected", "credits_granted")


@dataclass(frozen=True)
class Member:
    """Of one trial: a month is paid, and she has a visit of it."""

    client_id: int
    membership_id: int
    invoice_id: int
    sale: Quote | None = None
    ticket_id: int | None = None
    change: ChangeQuote | None = None

    @property
    def key(self) -> str:
        """The till's own, however often it sends it."""
        return f"till:{self.client_id}"


@dataclass(frozen=True)
class Outcome:
    """What a life comes to, whoever was killed in it. Taken and given back are by the card processor's own book."""

    taken: tuple[int, ...] = (14_900,)
    given: tuple[int, ...] = ()
    entries: tuple[tuple[str, int], ...] = (("credits_granted", 1), ("dues_collected", 1))
    holds: tuple[tuple[str, int, int], ...] = (("visit", MILLI, 0),)
    """By unit: what is left, and what of it is held."""
    tickets: tuple[str, ...] = ()
    refunds: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    plan: str = "glow"
    texts: tuple[str, ...] = ("payment-received",)
    tasks: tuple[str, ...] = ()


@dataclass
class Till(Harness):
    """Each trial is a member of her own, who has paid today."""

    phones: count = field(default_factory=lambda: count(1000))  # type: ignore[type-arg]
    trials: int = 0
    glow: int = 0

    def open(self) -> None:
        """Two plans and two services."""
        visit = (GrantTerms("visit", MILLI),)
        with self.here() as process, process.rt.unit_of_work() as uow:
            for code, cents in (("glow", 14_900), ("luxe", 24_900)):
                terms = Terms(dues_cents=cents, access_cents=cents // 5, grants=visit)
                made = plans.offer(uow, 1, code, code.title(), terms, actor="staff:1").version_id
                self.glow = self.glow or made
            for code, cents, unit in (("signature", 16_500, "visit"), ("peel", 14_000, None)):
                uow.session.add(
                    Service(
                        spa_id=1,
                        code=code,
                        name=code.title(),
                        category="facials",
                        list_price_cents=cents,
                        credit_unit=unit,
                        taxable=False,
                        dollars_cover=True,
                    )
                )

    def member(self) -> Member:
        self.trials += 1
        with self.here() as process:
            client_id = process.client("Ana", f"+1505555{next(self.phones)}")
            process.card(client_id, _visa(self.trials))
            joined = process.rt.transact(lambda uow: plans.join(uow, 1, client_id, self.glow, today=TODAY))
            billing.bill(process.rt)
            work(process)
            [(invoice_id,)] = process.rows("SELECT id FROM invoice WHERE client_id = %s", (client_id,))
            return Member(client_id, joined.membership_id, int(str(invoice_id)))

    def trouble(self, member: Member, kind: StripeFault, on: str | None) -> None:
        with self.here() as process:
            milliseconds = 60_000 if kind is StripeFault.HANG_AFTER else 0
            times = None if kind is StripeFault.LOSE_WEBHOOKS else 1
            process.stripe.faults.add(Trouble(kind, _customer(process, member), on, milliseconds, times))

    def check(self, member: Member, life: "Life", trial: object) -> None:
        with self.here(A_DAY) as process:
            assert _outcome(process, member) == life.end, trial
            for doubt in ("charge_attempt", "refund"):
                assert process.rows(f"SELECT id FROM {doubt} WHERE status IN ('asked', 'unanswered')") == [], trial
            assert process.rows("SELECT id FROM provider_event WHERE status IN ('kept', 'dead')") == [], trial
            assert process.rows("SELECT id FROM credit_hold WHERE settled_at IS NULL") == [], trial
            assert process.stripe.waiting() == 0, trial

    def check_all(self) -> None:
        """Whatever was left of all the trials together: the books, the journal, and both books against each other."""
        with self.here(A_DAY) as process:
            with process.rt.unit_of_work() as uow:
                assert not list(verification.differences(uow))
                [journal] = replay.replay(uow)
            assert journal.differences == ()
            compared = reconcile.reconcile(process.rt, since=BEGIN - A_DAY)
            assert compared.all == ()
            assert compared.payments >= self.trials


def _customer(process: Process, member: Member) -> str:
    [(customer,)] = process.rows("SELECT customer_id FROM payer WHERE client_id = %s", (member.client_id,))
    return str(customer)


def _outcome(process: Process, member: Member) -> Outcome:
    def rows(query: str, *parameters: object) -> list[tuple[object, ...]]:
        return process.rows(query, parameters or (member.client_id,))

    def words(query: str) -> tuple[str, ...]:
        return tuple(str(word) for (word,) in rows(query))

    payments = process.stripe.all("payment_intent", customer=_customer(process, member))
    paid = {str(each["id"]) for each in payments}
    back = [each for each in process.stripe.all("refund") if each["payment_intent"] in paid]
    [(plan,)] = rows(
        "SELECT p.code FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
        " JOIN plan p ON p.id = v.plan_id WHERE m.client_id = %s"
    )
    return Outcome(
        taken=tuple(each["amount"] for each in payments if each["status"] == "succeeded"),
        given=tuple(each["amount"] for each in back if each["status"] == "succeeded"),
        entries=_entries(process, member),
        holds=tuple(  # type: ignore[arg-type]
            rows(
                "SELECT unit, sum(remaining)::int, sum(held)::int FROM credit_lot WHERE client_id = %s"
                " GROUP BY 1 ORDER BY 1"
            )
        ),
        tickets=words("SELECT status FROM ticket WHERE client_id = %s ORDER BY id"),
        refunds=words(
            "SELECT r.status FROM refund r JOIN invoice i ON i.id = r.invoice_id WHERE i.client_id = %s ORDER BY r.id"
        ),
        changes=words(
            "SELECT c.status FROM plan_change c JOIN membership m ON m.id = c.membership_id WHERE m.client_id = %s"
            " ORDER BY c.id"
        ),
        plan=str(plan),
        texts=words("SELECT message FROM outbound_message WHERE client_id = %s ORDER BY message"),
        tasks=words("SELECT kind FROM staff_task WHERE client_id = %s ORDER BY kind"),
    )


def _entries(process: Process, member: Member) -> tuple[tuple[str, int], ...]:
    """How many of each kind are hers: by her account, her invoices, her tickets and her refunds."""
    found = process.rows(
        """WITH hers AS (
               SELECT 'dues:' || id AS key FROM invoice WHERE client_id = %(client)s
               UNION ALL SELECT 'order:' || id FROM invoice WHERE client_id = %(client)s
               UNION ALL SELECT 'ticket:' || id FROM ticket WHERE client_id = %(client)s
               UNION ALL SELECT 'refund:' || r.id FROM refund r JOIN invoice i ON i.id = r.invoice_id
                         WHERE i.client_id = %(client)s)
           SELECT kind, count(*)::int FROM ledger_entry e
           WHERE key IN (SELECT key FROM hers) OR EXISTS (
               SELECT 1 FROM ledger_posting p WHERE p.entry_id = e.id AND p.client_id = %(client)s)
           GROUP BY 1 ORDER BY 1""",
        {"client": member.client_id},  # type: ignore[arg-type]
    )
    return tuple(found)  # type: ignore[arg-type]


# ── what is done ──


def news(process: Process) -> int:
    """What Stripe has to tell, and what is made of it."""
    return process.stripe.pump(process.hear) + _all(stripe_events.apply_next, process.rt)


def work(process: Process) -> None:
    while _all(charges.charge_next, process.rt) + news(process):
        pass


def _all(step: Callable[[Runtime], bool], rt: Runtime) -> int:
    done = 0
    while step(rt):
        done += 1
    return done


def redeem(tender: Tender, member: Member, process: Process) -> None:
    """The till sends the sale, under its key."""
    assert member.sale is not None
    cart = member.sale.cart
    checkout.commit(process.rt, 1, member.client_id, cart, member.sale, key=member.key, tender=tender, actor="staff:1")
    work(process)


by_credit, by_card, by_cash = (partial(redeem, tender) for tender in (Tender.NOTHING, Tender.CARD, Tender.CASH))


def give_back(cents: int | None, member: Member, process: Process) -> None:
    """Somebody at the desk gives a month back, unless it is, or may be, on its way."""
    with process.rt.unit_of_work() as uow:
        [(gone,)] = uow.sql("SELECT count(*) FROM refund WHERE invoice_id = %s", (member.invoice_id,)).fetchall()
        quote = refunds.quote_refund(uow, 1, member.invoice_id, cents)
    if not gone:
        assert isinstance(quote, RefundQuote)
        refunds.refund(process.rt, 1, member.invoice_id, quote, actor="staff:1", reason="unhappy")
    work(process)


def void(member: Member, process: Process) -> None:
    assert member.ticket_id is not None
    checkout.void(process.rt, 1, member.ticket_id, actor="staff:1", reason="wrong client", approved_by="staff:2")
    work(process)


def change(member: Member, process: Process) -> None:
    assert member.change is not None
    plan_changes.change(process.rt, 1, member.membership_id, member.change, actor="staff:1")
    work(process)


def tend(process: Process) -> None:
    """What the clock rings for."""
    sweep.sweep(process.rt)
    sweep.time_out_holds(process.rt)
    _all(refund_answers.resolve_next, process.rt)
    open_tickets.abandon_stale(process.rt)
    voids.finish_voids(process.rt)
    plan_changes.drop_abandoned(process.rt)
    work(process)


# ── lives ──


@dataclass(frozen=True)
class Life:
    """How a trial begins, what is killed, what it comes to, and how many edges there are at least."""

    begin: Callable[[Till], Member]
    act: Callable[[Member, Process], None]
    end: Outcome
    edges: int
    each: bool = False
    """Killed before each commit and question too, and not only after."""
    again: bool = True
    """Whoever stood there does it again; or else they have gone, and the clock alone goes on."""


def _at_the_till(cart: Cart, *troubles: Fault) -> Callable[[Till], Member]:
    def begun(till: Till) -> Member:
        member = till.member()
        with till.here() as process, process.rt.unit_of_work() as uow:
            quote = checkout.quote(uow, 1, member.client_id, cart)
        assert isinstance(quote, Quote)
        return _troubled(till, replace(member, sale=quote), troubles)

    return begun


def _sold(cart: Cart, act: Callable[[Member, Process], None], *troubles: Fault) -> Callable[[Till], Member]:
    def begun(till: Till) -> Member:
        member = _at_the_till(cart)(till)
        with till.here() as process:
            act(member, process)
            [(ticket_id,)] = process.rows("SELECT id FROM ticket WHERE client_id = %s", (member.client_id,))
        return _troubled(till, replace(member, ticket_id=int(str(ticket_id))), troubles)

    return begun


def _paid(*troubles: Fault) -> Callable[[Till], Member]:
    return lambda till: _troubled(till, till.member(), troubles)


def _asks(code: str, *troubles: Fault) -> Callable[[Till], Member]:
    def begun(till: Till) -> Member:
        member = till.member()
        with till.here() as process:
            quote = process.rt.transact(lambda uow: _change(uow, member, code))
        return _troubled(till, replace(member, change=quote), troubles)

    return begun


def _change(uow: UnitOfWork, member: Member, code: str) -> ChangeQuote:
    quote = plan_changes.quote_change(uow, 1, member.membership_id, code)
    assert isinstance(quote, ChangeQuote), quote
    return quote


def _troubled(till: Till, member: Member, troubles: tuple[Fault, ...]) -> Member:
    for kind, on in troubles:
        till.trouble(member, kind, on)
    return member


def _after(*more: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    """The entries of a paid month, and these."""
    counts = Counter(dict(Outcome().entries))
    counts.update(dict(more))
    return tuple(sorted(counts.items()))


# Of "nobody tells": the answer is lost, and so is all that the processor would tell of it.
CHARGE, REFUND = "payment_intents.create", "refunds.create"
LOST, HANGS, UNHEARD = StripeFault.RESET_AFTER, StripeFault.HANG_AFTER, StripeFault.RESET_BEFORE
NO_NEWS = (StripeFault.LOSE_WEBHOOKS, None)
USED = Outcome(
    entries=_after(("credits_spent", 1)),
    holds=(("visit", 0, 0),),
    tickets=("paid",),
    texts=("payment-received", "ticket-receipt"),
)
SOLD = replace(USED, taken=(14_900, 16_000), entries=_after(("credits_spent", 1), ("sold", 1)))
GIVEN = Outcome(
    given=(14_900,),
    entries=_after(("credits_taken_back", 1), ("refunded", 1)),
    holds=(("visit", 0, 0),),
    refunds=("done",),
    texts=("payment-received", "refund-made"),
)
VOID = replace(
    SOLD,
    given=(16_000,),
    entries=_after(("credits_spent", 1), ("sold", 1), ("refunded", 1), ("reversal", 1)),
    holds=(("visit", MILLI, 0),),
    tickets=("void",),
    refunds=("done",),
    texts=("payment-received", "refund-made", "ticket-receipt"),
)
LUXE = Outcome(
    taken=(14_900, 10_000),
    entries=_after(("dues_collected", 1), ("credits_granted", 1)),
    holds=(("USD", 8_000, 0), ("visit", MILLI, 0)),
    changes=("done",),
    plan="luxe",
    texts=("payment-received", "plan-changed"),
)
LIVES = {
    "a visit on credit": Life(_at_the_till(VISIT), by_credit, USED, 2, each=True),
    "a visit on the card": Life(_at_the_till(WHOLE), by_card, SOLD, 10, each=True),
    "a visit, and nobody tells": Life(_at_the_till(WHOLE, (LOST, CHARGE), NO_NEWS), by_card, SOLD, 6),
    "a visit, and Stripe never hears": Life(_at_the_till(WHOLE, (UNHEARD, CHARGE)), by_card, SOLD, 10),
    "a month goes back": Life(_paid(), partial(give_back, None), GIVEN, 8, each=True),
    "a month goes back, and nobody tells": Life(_paid((LOST, REFUND), NO_NEWS), partial(give_back, None), GIVEN, 6),
    "a month goes back, and Stripe never hears": Life(_paid((UNHEARD, REFUND)), partial(give_back, None), GIVEN, 8),
    "a void of credit": Life(
        _sold(VISIT, by_credit),
        void,
        replace(
            USED, entries=_after(("credits_spent", 1), ("reversal", 1)), holds=(("visit", MILLI, 0),), tickets=("void",)
        ),
        4,
        each=True,
    ),
    "a void": Life(_sold(WHOLE, by_card), void, VOID, 10),
    "a void, and nobody tells": Life(_sold(WHOLE, by_card, (LOST, REFUND), NO_NEWS), void, VOID, 8),
    "a dearer plan": Life(_asks("luxe"), change, LUXE, 10, each=True),
    "a dearer plan, and nobody tells": Life(_asks("luxe", (LOST, CHARGE), NO_NEWS), change, LUXE, 6),
}


@pytest.fixture
def till(world: World) -> Iterator[Till]:
    with in_memory() as folder:
        till = Till(world, folder, BEGIN)
        till.open()
        for name in ("a void", "a month goes back", "a dearer plan"):  # whatever is loaded at first use is loaded once
            life = LIVES[name]
            member = life.begin(till)
            till.finish(partial(life.act, member))
            till.check(member, life, "no kill")
        with frozen():
            yield till


def recover(life: Life, member: Member) -> Callable[[Process], None]:
    """What is left, at each of its moments."""

    def recovered(process: Process) -> None:
        begun = process.clock.now()
        for moment in SOON:
            process.clock.advance(begun + moment - process.clock.now())
            if life.again:
                life.act(member, process)
            tend(process)

    return recovered


@pytest.mark.parametrize("name", LIVES)
def test_killed_at_any_edge(till: Till, name: str) -> None:
    life = LIVES[name]
    member = life.begin(till)
    edges = till.run(partial(life.act, member))
    assert len(edges) >= life.edges, edges
    till.finish(recover(life, member))
    till.check(member, life, (name, edges))
    for kill_at in kills(edges, each=life.each):
        member = life.begin(till)
        passed = till.run(partial(life.act, member), kill_at=kill_at)
        assert len(passed) == kill_at, (passed, edges)
        till.finish(recover(life, member))
        till.check(member, life, (name, passed))
    till.check_all()


@pytest.mark.parametrize("name", ["a visit, and nobody tells", "a void, and nobody tells"])
def test_killed_at_any_edge_and_again_in_the_recovery(till: Till, name: str) -> None:
    """Where something was done for good, and then at some such place of its recovery two minutes later."""
    life, later, pairs = LIVES[name], timedelta(minutes=2), 0
    member = life.begin(till)
    edges = till.run(partial(life.act, member))
    till.finish(recover(life, member))
    for first in kills(edges, each=False):
        member = life.begin(till)
        till.run(partial(life.act, member), kill_at=first)
        whole = till.run(partial(_once_more, life, member), after=later)
        till.finish(recover(life, member), after=2 * later)
        till.check(member, life, (name, first, whole))
        places = [*kills(whole, each=False)]
        for second in {places[7 * first % len(places)]}:
            member = life.begin(till)
            till.run(partial(life.act, member), kill_at=first)
            two = till.run(partial(_once_more, life, member), after=later, kill_at=second)
            till.finish(recover(life, member), after=2 * later)
            till.check(member, life, (name, first, two))
            pairs += 1
    assert pairs >= 4, pairs
    till.check_all()


def _once_more(life: Life, member: Member, process: Process) -> None:
    life.act(member, process)
    tend(process)


def test_whoever_does_not_come_back_has_sold_nothing_or_all_of_it(till: Till) -> None:
    """The till is gone for good: the ticket is paid, or its credit is hers again; money and credit go together."""
    life = LIVES["a visit on the card"]
    gone = replace(Outcome(), tickets=("abandoned",), entries=_after())
    edges = till.run(partial(life.act, life.begin(till)))
    became: Counter[str] = Counter()
    for kill_at in kills(edges, each=True):
        member = life.begin(till)
        till.run(partial(life.act, member), kill_at=kill_at)
        till.finish(recover(replace(life, again=False), member))
        with till.here(A_DAY) as process:
            found = _outcome(process, member)
        assert found in (SOLD, gone, Outcome()), found
        became[found.tickets[0] if found.tickets else "nothing"] += 1
    assert min(became["paid"], became["abandoned"], became["nothing"]) > 0, became
    till.check_all()


def test_a_harness_that_sees_nothing_would_be_seen(till: Till) -> None:
    """What is left undone, and money given back behind our back, fail the check."""
    life = LIVES["a month goes back, and nobody tells"]
    member = life.begin(till)
    till.run(partial(life.act, member), kill_at=till.run(partial(life.act, life.begin(till))).index("after give") + 1)
    with pytest.raises(AssertionError):
        till.check(member, life, "no recovery")
    till.finish(recover(life, member))
    till.check(member, life, "recovered")
    part = LIVES["a void"]
    again = part.begin(till)
    till.finish(partial(part.act, again))
    till.check(again, part, "done")
    with till.here() as process:
        [(payment,)] = process.rows(
            "SELECT a.payment_id FROM charge_attempt a WHERE a.invoice_id = %s", (again.invoice_id,)
        )
        order = RefundOrder(None, "refund:behind", str(payment), 1_000, {})
        assert isinstance(process.rt.refunds.give(order), GivenBack)
    with pytest.raises(AssertionError):
        till.check(again, part, "given twice")


def test_the_edges_of_each_are_all_there(till: Till) -> None:
    """Whoever takes one away says so here: what is no edge is not killed above."""
    asked = ["commit", "committed"]
    for name, least in (
        ("a visit on credit", asked),
        ("a visit on the card", [*asked * 3, "before charge", "after charge"]),
        ("a month goes back", [*asked * 2, "before give", "after give"]),
        ("a void", [*asked * 4, "before give", "after give"]),
        ("a dearer plan", [*asked * 3, "before charge", "after charge"]),
    ):
        life = LIVES[name]
        member = life.begin(till)
        edges = till.run(partial(life.act, member))
        assert Counter(edges) >= Counter(least), (name, edges)
