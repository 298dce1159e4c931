"""Stripe's events acted on: in any order and any number one state, whatever fails in between."""

import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import permutations, product
from threading import Barrier
from typing import Any

import pytest

from assistant.gateways.ports import PageOrder, Payment, Unanswered
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_ports import SandboxRefunds
from assistant.services import billing, cards, charges, links, stripe_events
from assistant.services.cards import Redirect
from assistant.services.links import Purpose
from assistant.services.stripe_handlers import HANDLERS
from tests.world import PUBLIC, World

TODAY = date(2026, 11, 20)
Event = Mapping[str, Any]


def heard(world: World, event: Event) -> None:
    told = stripe_events.read(event)
    assert told is not None
    stripe_events.keep(world.rt, told)


def acted_on(world: World, event: Event) -> None:
    heard(world, event)
    while stripe_events.apply_next(world.rt):
        pass


def made_up(kind: str, object_id: str, *, id_: str = "evt_1", spa: str = "1", account: str | None = None) -> Event:
    event = {"id": id_, "object": "event", "type": kind, "created": 1, "livemode": False}
    about = {"id": object_id, "metadata": {"spa": spa}}
    return event | {"data": {"object": about}} | ({"account": account} if account else {})


def told(world: World) -> list[dict[str, Any]]:
    """What Stripe has to tell, which nobody has heard yet."""
    events: list[dict[str, Any]] = []
    world.stripe.pump(lambda webhook: events.append(webhook.event))
    return events


def states(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT type, status, reason, failures FROM provider_event ORDER BY id")


# --- any order, any number -------------------------------------------------------------------------------------------

LIFECYCLE = (
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "payment_method.automatically_updated",
    "refund.created",
)
FINAL = {
    "invoice": "SELECT cycle, status, reason, paid_by, next_attempt_at, paid_at FROM invoice WHERE client_id = %(id)s",
    "attempt": """SELECT a.number, a.cause, a.status, a.decline_code, a.amount_cents, a.payment_id IS NULL, a.fee_cents
        FROM charge_attempt a JOIN invoice i ON i.id = a.invoice_id WHERE i.client_id = %(id)s""",
    "card": """SELECT role, brand, last4, exp_month, exp_year, source, removed_at IS NULL FROM card
        WHERE client_id = %(id)s""",
    "page": "SELECT status, attempt_id IS NULL FROM card_page WHERE client_id = %(id)s",
    "link": "SELECT purpose, used_at, revoked_at, tries FROM secure_link WHERE client_id = %(id)s",
    "membership": "SELECT standing FROM membership WHERE client_id = %(id)s",
    "case": "SELECT rule, script, soft, outcome, closed_at FROM dunning_case WHERE client_id = %(id)s",
    "step": """SELECT s.number, s.what, s.outcome FROM dunning_step s JOIN dunning_case c ON c.id = s.case_id
        WHERE c.client_id = %(id)s""",
    "balance": "SELECT account, unit, balance FROM ledger_account WHERE client_id = %(id)s",
    "lot": "SELECT unit, granted, remaining FROM credit_lot WHERE client_id = %(id)s",
    "message": "SELECT message, body FROM outbound_message WHERE client_id = %(id)s",
    "task": "SELECT kind, facts ->> 'event' FROM staff_task WHERE facts ->> 'object' = ANY(%(objects)s)",
}
"""All that a client's rows say, but for ids and for the order they were written in."""


def final(world: World, client_id: int, events: Sequence[Event]) -> str:
    asked = {"id": client_id, "objects": [event["data"]["object"]["id"] for event in events]}
    with world.rt.unit_of_work() as uow:
        rows = {name: sorted(map(str, uow.sql(query, asked).fetchall())) for name, query in FINAL.items()}
    words = re.sub(rf"{PUBLIC}/card/\S+|Client\d+", "…", json.dumps(rows))
    return f"{words} {sha256(words.encode()).hexdigest()}"


def lived(world: World, number: int) -> tuple[int, list[dict[str, Any]]]:
    """A client whose card is declined, who pays on the bank's own page, whose card is renewed, and who is refunded: all
    of it at Stripe, none of it told to us. The client, and what there is to be told.
    """
    phone = f"+1505555{number:04}"
    client_id = world.client(f"Client{number}", phone)
    world.enrol(client_id, anchor_on=TODAY)
    customer = cards.ensure_customer(world.rt, 1, client_id, None)
    assert customer
    method = world.stripe.add_card(customer, "4000000000000341", fingerprint=f"of-client-{number}")
    card = world.rt.vault.card(None, method)
    world.rt.transact(lambda uow: cards.arrived(uow, 1, client_id, card, source="import"))  # type: ignore[arg-type]
    world.stripe.pump(lambda _: None)
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    with world.rt.unit_of_work() as uow:
        address = links.make(uow, 1, client_id, Purpose.AUTHENTICATE, sent_to=phone)
    opened = cards.open_page(world.rt, address.rpartition("/")[2], phone[-4:], return_url=f"{PUBLIC}/done")
    assert isinstance(opened, Redirect)
    page_id = opened.url.rpartition("/")[2]
    world.stripe.type_card(page_id, "4242424242424242")
    page = world.rt.card_pages.fetch(None, page_id)
    world.stripe.renew_card(page.payment_method_id, exp_year=2039)  # type: ignore[union-attr, arg-type]
    world.stripe.refund(page.payment_id)  # type: ignore[union-attr, arg-type]
    events = [each for each in told(world) if each["type"] in LIFECYCLE]
    return client_id, sorted(events, key=lambda event: LIFECYCLE.index(event["type"]))


def test_every_order_and_number_ends_in_one_state(world: World) -> None:
    """Once; and each twice, and then once more under another name."""
    ends = set()
    for number, (doubled, order) in enumerate(product([False, True], permutations(range(5)))):
        client_id, events = lived(world, number)
        assert [each["type"] for each in events] == list(LIFECYCLE)
        for place in order:
            event = events[place] | {"id": f"evt_{number}x{place}"}
            acted_on(world, event)
            if doubled:
                acted_on(world, event)
                acted_on(world, event | {"id": f"{event['id']}again"})
        world.settle()
        ends.add(final(world, client_id, events))
    assert len(ends) == 1, "\n".join(sorted(ends)[:2])
    assert "\"(0, 'paid', None, 'card', None" in ends.pop()


# --- one at a time ---------------------------------------------------------------------------------------------------


@pytest.fixture
def in_doubt(world: World) -> dict[str, Any]:
    """Ana's dues were taken, and the answer was lost: the event that tells of it."""
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=TODAY)
    world.card(ana)
    world.stripe.pump(lambda _: None)
    world.stripe.faults.add(Trouble(StripeFault.RESET_AFTER, on="payment_intents.create"))
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    assert world.attempts() == [(1, "unanswered", "cycle")]
    return next(each for each in told(world) if each["type"] == "payment_intent.succeeded")


def test_a_webhook_settles_what_was_in_doubt(world: World, in_doubt: dict[str, Any]) -> None:
    acted_on(world, in_doubt)
    assert world.attempts() == [(1, "succeeded", "cycle")]
    assert world.invoices() == [(0, "paid", None)]
    assert states(world)[-1] == ("payment_intent.succeeded", "applied", None, 0)


def test_an_event_is_believed_in_nothing_but_whose_it_is(world: World, in_doubt: dict[str, Any]) -> None:
    """It says succeeded of a payment that Stripe says was declined."""
    ana = world.client("Bo", "+15055550111")
    world.enrol(ana, anchor_on=TODAY)
    world.card(ana, "4000000000000341")
    world.bill()
    [(declined,)] = world.rows("SELECT payment_id FROM charge_attempt WHERE status = 'declined'")
    about = in_doubt["data"]["object"] | {"id": declined, "status": "succeeded", "amount_received": 14_900}
    acted_on(world, in_doubt | {"id": "evt_lie", "data": {"object": about}})
    assert ("declined",) in world.rows("SELECT status FROM charge_attempt WHERE payment_id = %s", (declined,))


def test_another_account_cannot_settle_our_attempt(world: World, in_doubt: dict[str, Any]) -> None:
    """Its owner writes our key and our spa on a payment of theirs."""
    query = (
        "INSERT INTO spa (name, zone, locale, help_phone, help_email, carrier_confirms_stop, stripe_account)"
        " VALUES ('Two', 'UTC', 'en', '555', '', false, 'acct_2') RETURNING spa_id"
    )
    world.rows(query)
    theirs = Theirs(world.rt.payments.fetch(None, in_doubt["data"]["object"]["id"]))
    rt = replace(world.rt, payments=theirs)  # type: ignore[arg-type]
    event = stripe_events.read(in_doubt | {"account": "acct_2"})
    assert event is not None
    stripe_events.keep(rt, event)
    assert stripe_events.apply_next(rt)
    assert theirs.asked == ["acct_2"]
    assert world.rows("SELECT spa_id, status, reason FROM provider_event ORDER BY id")[-1] == (
        2,
        "quarantined",
        "not_ours",
    )
    assert world.attempts() == [(1, "unanswered", "cycle")]


class Theirs:
    """Payments that know one, in any account."""

    def __init__(self, payment: object) -> None:
        assert isinstance(payment, Payment)
        self.payment, self.asked = payment, list[str | None]()

    def fetch(self, account: str | None, payment_id: str) -> Payment:
        assert payment_id == self.payment.payment_id
        self.asked.append(account)
        return self.payment


@pytest.mark.parametrize("kind", sorted(HANDLERS))
def test_of_an_object_that_stripe_does_not_have_nothing_comes(world: World, kind: str) -> None:
    acted_on(world, made_up(kind, "xx_1"))
    [(_, status, reason, failures)] = states(world)
    person = kind.startswith(("charge.dispute.", "refund."))
    applied = person or kind == "setup_intent.succeeded"
    assert (status, reason, failures) == (("applied", None, 0) if applied else ("quarantined", "not_ours", 0))
    assert len(world.rows("SELECT 1 FROM staff_task")) == person


def test_a_dispute_is_a_persons_once_however_much_is_told_of_it(world: World) -> None:
    for number, kind in enumerate(["charge.dispute.closed", "charge.dispute.created", "charge.dispute.created"]):
        acted_on(world, made_up(kind, "du_1", id_=f"evt_{number}"))
    acted_on(world, made_up("refund.failed", "re_1", id_="evt_r"))
    assert world.rows("SELECT key, kind FROM staff_task ORDER BY id") == [
        ("dispute:du_1", "dispute"),
        ("refund_outside:re_1", "refund_outside"),
    ]


# --- when something fails --------------------------------------------------------------------------------------------


def test_with_stripe_away_an_event_waits_ever_longer_and_up_to_a_day(world: World, in_doubt: dict[str, Any]) -> None:
    world.stripe.faults.add(Trouble(StripeFault.RESET_BEFORE, on="payment_intents.retrieve", times=None))
    heard(world, in_doubt)
    pauses = []
    for _ in range(20):
        assert stripe_events.apply_next(world.rt)
        assert not stripe_events.apply_next(world.rt)
        [(try_at, failures)] = world.rows("SELECT try_at, failures FROM provider_event WHERE status = 'kept'")
        assert failures == 0
        pauses.append(try_at - world.clock.now())  # type: ignore[operator]
        world.clock.advance(pauses[-1])
    assert pauses[:4] == [timedelta(seconds=each) for each in (30, 30, 60, 120)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=1)
    world.stripe.faults.lift()
    assert stripe_events.apply_next(world.rt)
    assert world.attempts() == [(1, "succeeded", "cycle")]


class Broken:
    def __init__(self) -> None:
        self.asked = 0

    def fetch(self, account: str | None, payment_id: str) -> None:
        self.asked += 1
        raise ValueError(f"{account} {payment_id}")


def test_an_event_that_fails_eight_times_is_a_persons(world: World, caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken()
    rt = replace(world.rt, payments=broken)  # type: ignore[arg-type]
    heard(world, made_up("payment_intent.succeeded", "pi_1"))
    for _ in range(20):
        while stripe_events.apply_next(rt):
            pass
        world.clock.advance(timedelta(hours=3))
    assert broken.asked == 8
    assert states(world) == [("payment_intent.succeeded", "dead", "trouble", 8)]
    assert world.rows("SELECT kind, facts ->> 'object' FROM staff_task") == [("stripe_event", "pi_1")]
    assert "evt_1" in caplog.text


def test_one_that_fails_does_not_hold_up_the_rest(world: World, in_doubt: dict[str, Any]) -> None:
    heard(world, made_up("checkout.session.completed", "cs_1", id_="evt_0"))
    heard(world, in_doubt)
    rt = replace(world.rt, card_pages=Broken())  # type: ignore[arg-type]
    while stripe_events.apply_next(rt):
        pass
    assert world.attempts() == [(1, "succeeded", "cycle")]


class Slow:
    """Payments that take longer than the lease: meanwhile somebody else acts on the event."""

    def __init__(self, world: World) -> None:
        self.world, self.asked = world, 0

    def fetch(self, _account: str | None, payment_id: str) -> Payment | Unanswered | None:
        self.asked += 1
        if self.asked == 1:
            self.world.clock.advance(stripe_events.LEASE)
            assert stripe_events.apply_next(replace(self.world.rt, payments=self))  # type: ignore[arg-type]
            return Unanswered("too slow")
        return self.world.rt.payments.fetch(None, payment_id)


def test_whoever_is_too_slow_changes_nothing_any_more(world: World, in_doubt: dict[str, Any]) -> None:
    heard(world, in_doubt)
    assert stripe_events.apply_next(replace(world.rt, payments=Slow(world)))  # type: ignore[arg-type]
    assert states(world)[-1] == ("payment_intent.succeeded", "applied", None, 0)


def test_many_workers_take_each_event_once(world: World) -> None:
    for number in range(40):
        heard(world, made_up("refund.created", f"re_{number}", id_=f"evt_{number}"))
    start, unguarded = Barrier(4), replace(world.rt, refunds=SandboxRefunds(world.stripe))

    def work(_: int) -> int:
        start.wait()
        done = 0
        while stripe_events.apply_next(unguarded):
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 40
    assert world.rows("SELECT count(*) FROM staff_task") == [(40,)]
    assert {row[1] for row in states(world)} == {"applied"}


def test_settled_events_are_forgotten_after_ninety_days(world: World, in_doubt: dict[str, Any]) -> None:
    acted_on(world, in_doubt)
    heard(world, made_up("customer.created", "cus_1", id_="evt_2"))
    world.clock.advance(timedelta(days=89))
    heard(world, made_up("customer.created", "cus_2", id_="evt_3"))
    assert stripe_events.forget_old(world.rt) == 0
    world.clock.advance(timedelta(days=2))
    assert stripe_events.forget_old(world.rt) == 2
    assert world.rows("SELECT external_id FROM provider_event") == [("evt_3",)]


def test_many_are_forgotten_in_batches(world: World) -> None:
    world.rows(
        "INSERT INTO provider_event (spa_id, external_id, type, object_id, created_at, received_at, status, try_at)"
        " SELECT 0, 'evt_' || n, 'a.b', '', %(at)s, %(at)s, 'quarantined', %(at)s FROM generate_series(1, 2500) n"
        " RETURNING 1",
        {"at": world.clock.now()},  # type: ignore[arg-type]
    )
    world.clock.advance(timedelta(days=91))
    assert stripe_events.forget_old(world.rt) == 2500


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_page_of_another_spa_is_not_ours(world: World) -> None:
    customer = world.stripe.add_customer()
    order = PageOrder(
        account=None,
        key="k",
        customer_id=customer,
        return_url=PUBLIC,
        locale="en",
        metadata={"spa": "2", "page": "1"},
        expires_at=world.clock.now() + timedelta(hours=2),
    )
    page = world.rt.card_pages.open(order)
    world.stripe.type_card(page.page_id, "4242424242424242")  # type: ignore[union-attr]
    acted_on(world, made_up("checkout.session.completed", page.page_id))  # type: ignore[union-attr]
    assert states(world) == [("checkout.session.completed", "quarantined", "not_ours", 0)]
    assert world.rows("SELECT * FROM card") == []
