"""Stripe as we keep it in a box: its book, its manners, its keys and its events."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
import stripe
from flask import Flask, request
from flask.testing import FlaskClient

from assistant.clock import StoppedClock, WallClock
from assistant.gateways.pace_port import NoPacer
from assistant.gateways.ports import Approved, ChargeOrder, Declined, Page, PageOrder
from assistant.gateways.signatures import is_from_stripe, sign_stripe
from assistant.gateways.stripe_cards import StripeVault
from assistant.gateways.stripe_payments import StripeApi, stripe_client
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.posts import MOST_TRIES
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_cards import CARDS, Asks, Verdict, find_card
from assistant.sandbox.stripe_endpoints import Call
from assistant.sandbox.stripe_events import Webhook
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_keys import Outcome
from assistant.sandbox.stripe_pages import Turn
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxVault
from assistant.sandbox.stripe_shapes import API_VERSION, whole
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.stripe_wire import read_form
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World
from tests.gateways.conftest import Serve
from tests.gateways.stripe_checks import fixtures
from tests.gateways.stripe_doors import KEY, START, new_book, sandbox_app
from tests.gateways.test_twilio_sandbox import environment, free_port, is_up, process, until

SECRET = "whsec_test"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START)


@pytest.fixture
def book(clock: StoppedClock) -> Iterator[StripeBook]:
    with closing(new_book(clock)) as opened:
        yield opened


@pytest.fixture
def client(book: StripeBook, clock: StoppedClock) -> FlaskClient:
    return sandbox_app(book, clock).test_client()


def ask(
    book: StripeBook,
    endpoint: str,
    id_: str = "",
    key: str | None = None,
    account: str = "",
    **params: Any,  # noqa: ANN401
) -> Outcome:
    return book.request(Call(endpoint, params, account, id_, key))


def pay(book: StripeBook, card: str = "pm_card_visa", *, key: str | None = None, **also: Any) -> Outcome:  # noqa: ANN401
    customer = book.add_customer()
    wanted = {
        "customer": customer,
        "payment_method": book.add_card(customer, card),
        "amount": 14_900,
        "currency": "usd",
    }
    return ask(book, "payment_intents.create", key=key, **{**wanted, "confirm": True, "off_session": True, **also})


def told(book: StripeBook) -> list[str]:
    heard: list[Webhook] = []
    book.pump(heard.append)
    return [each.type for each in heard]


def quiet(book: StripeBook) -> None:
    """Everything so far has been told."""
    book.pump(lambda _: None)


CHARGED = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
SCENE = ["customer.created", "payment_method.attached"]


# --- keeping ----------------------------------------------------------------------------------------------------------


def test_the_book_is_as_it_was_left(tmp_path: Path, clock: StoppedClock) -> None:
    path = tmp_path / "stripe.sqlite"
    with closing(StripeBook(path, clock)) as before:
        outcome = pay(before, key="k")
        customer = outcome.body["customer"]
        before.behave(outcome.body["payment_method"], Verdict("lost_card"))
        before.faults.add(Trouble(StripeFault.FAIL_BEFORE, customer=customer, times=2))
    with closing(StripeBook(path, clock)) as after:
        assert after.get(outcome.body["id"]) == whole(outcome.body)
        assert after.faults.all() == [Trouble(StripeFault.FAIL_BEFORE, customer=customer, times=2)]
        again = {"payment_method": outcome.body["payment_method"], "amount": 100, "currency": "usd", "confirm": True}
        statuses = [ask(after, "payment_intents.create", customer=customer, **again).status for _ in range(4)]
        assert statuses == [500, 500, 402, 200]
        assert told(after)[:5] == SCENE + CHARGED


def test_the_same_seed_makes_the_same_book(clock: StoppedClock) -> None:
    books = []
    for _ in range(2):
        with closing(new_book(clock)) as book:
            pay(book)
            pay(book, "4000000000009995")
            heard: list[Webhook] = []
            book.pump(heard.append)
            books.append([each.raw for each in heard])
    assert books[0] == books[1]


def test_accounts_are_apart(book: StripeBook) -> None:
    customer = book.add_customer(account="acct_1")
    assert ask(book, "customers.retrieve", customer).status == 404
    assert ask(book, "customers.retrieve", customer, account="acct_1").status == 200
    assert ask(book, "payment_intents.list").body["data"] == []
    heard: list[Webhook] = []
    book.pump(heard.append)
    assert [each.event["account"] for each in heard] == ["acct_1"]


def test_what_is_refused_leaves_nothing_behind(book: StripeBook) -> None:
    quiet(book)
    assert pay(book, currency="eur").status == 400
    assert pay(book, nonsense="1").body["error"]["code"] == "parameter_unknown"
    assert pay(book, amount="much").body["error"]["param"] == "amount"
    assert ask(book, "payment_intents.create", amount=100).body["error"]["code"] == "parameter_missing"
    assert ask(book, "payment_intents.create", amount=100, currency="usd", off_session=True).status == 400
    assert book.all("payment_intent") == []
    assert set(told(book)) == set(SCENE)


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("card", "status"), [("pm_card_visa", 200), ("4000000000000002", 402)])
def test_the_first_answer_is_the_answer(book: StripeBook, card: str, status: int) -> None:
    customer = book.add_customer()
    method = book.add_card(customer, card)
    wanted = {"customer": customer, "payment_method": method, "amount": 500, "currency": "usd", "confirm": True}
    first, again = (ask(book, "payment_intents.create", key="k", **wanted) for _ in range(2))
    assert (first.status, first.replayed) == (status, False)
    assert again == Outcome(status, first.body, replayed=True)
    other = ask(book, "payment_intents.create", key="k", **{**wanted, "amount": 501})
    assert (other.status, other.body["error"]["type"]) == (400, "idempotency_error")
    assert len(book.all("payment_intent")) == 1


def test_a_key_is_for_one_endpoint_and_one_account(book: StripeBook) -> None:
    assert ask(book, "customers.create", key="k").status == 200
    assert ask(book, "customers.create", key="k").replayed
    assert ask(book, "setup_intents.create", key="k").body["error"]["type"] == "idempotency_error"
    assert not ask(book, "customers.create", key="k", account="acct_1").replayed


def test_a_refusal_and_a_throttle_are_not_kept(book: StripeBook) -> None:
    for trouble in (StripeFault.RATE_LIMIT, StripeFault.LOCK_TIMEOUT, StripeFault.FAIL_BEFORE):
        book.faults.add(Trouble(trouble))
        assert ask(book, "customers.create", key="k", name="Ana").status in (429, 500)
    assert ask(book, "customers.create", key="k", nome="Ana").status == 400
    assert not ask(book, "customers.create", key="k", name="Ana").replayed


def test_the_second_at_once_is_told_so(book: StripeBook) -> None:
    book.faults.add(Trouble(StripeFault.LATENCY, milliseconds=1))
    begun, go_on = Event(), Event()

    def slow(_: float) -> None:
        begun.set()
        go_on.wait(5)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(book.request, Call("customers.create", {}, key="k"), sleep=slow)
        assert begun.wait(5)
        second = ask(book, "customers.create", key="k")
        other = ask(book, "customers.create", key="other")
        go_on.set()
    assert (second.status, second.body["error"]["code"]) == (409, "idempotency_key_in_use")
    assert (first.result().status, other.status) == (200, 200)
    assert ask(book, "customers.create", key="k").replayed


def test_old_keys_are_thrown_away(book: StripeBook, clock: StoppedClock) -> None:
    for n in range(1200):
        clock.advance(timedelta(minutes=10))
        ask(book, "customers.create", key=f"k{n}")
    assert book._store._db.execute("SELECT count(*) FROM keys").fetchone()[0] < 700  # noqa: SLF001


# --- cards ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.token)
def test_every_test_card_is_saved_or_not_as_stripe_says(book: StripeBook, card: Any) -> None:  # noqa: ANN401
    customer = book.add_customer()
    for outcome in (
        ask(book, "payment_methods.attach", card.token, customer=customer),
        ask(book, "setup_intents.create", customer=customer, payment_method=card.token, confirm=True),
    ):
        if card.when_saved.decline_code:
            assert (outcome.status, outcome.body["error"]["decline_code"]) == (402, card.when_saved.decline_code)
        else:
            assert outcome.status == 200
    if card.asks is Asks.ALWAYS:
        assert outcome.body["status"] == "requires_action"


def test_a_card_that_asks_once_asks_until_it_has_been_set_up(book: StripeBook) -> None:
    customer = book.add_customer()
    method = ask(book, "payment_methods.attach", "pm_card_authenticationRequiredOnSetup", customer=customer).body["id"]
    wanted = {"customer": customer, "payment_method": method, "amount": 500, "currency": "usd", "confirm": True}
    assert ask(book, "payment_intents.create", **wanted).body["status"] == "requires_action"
    off = ask(book, "payment_intents.create", **wanted, off_session=True).body["error"]
    assert (off["code"], off["payment_intent"]["status"]) == ("authentication_required", "requires_payment_method")
    known = book.add_card(customer, "4000002500003155")
    again = {**wanted, "payment_method": known, "off_session": True}
    assert ask(book, "payment_intents.create", **again).body["status"] == "succeeded"


def test_any_real_looking_number_works_and_no_other(book: StripeBook) -> None:
    assert find_card("4111 1111 1111 1111") is not None
    assert [find_card(each) for each in ("4111111111111112", "1234", "", "pm_card_nonsense", "9111111111111111")] == [
        None
    ] * 5
    assert ask(book, "payment_methods.create", type="card", card={"number": "4111111111111112"}).status == 400


def test_a_blocked_charge_says_so_in_its_outcome_only(book: StripeBook) -> None:
    error = pay(book, "4100000000000019").body["error"]
    assert (error["code"], error["decline_code"]) == ("card_declined", "fraudulent")
    charge = book.get(error["charge"])
    assert charge is not None
    assert charge["outcome"]["type"] == "blocked"
    assert charge["outcome"]["network_status"] == "not_sent_to_network"


def test_a_detached_card_is_of_no_more_use(book: StripeBook) -> None:
    customer = book.add_customer()
    card = book.add_card(customer)
    assert ask(book, "payment_methods.detach", card).body["customer"] is None
    assert ask(book, "payment_methods.detach", card).status == 400
    assert ask(book, "payment_methods.attach", card, customer=customer).status == 400
    assert ask(book, "customers.payment_methods.list", customer).body["data"] == []


# --- payments and what comes after ------------------------------------------------------------------------------------


def test_a_payment_may_be_tried_again_and_cancelled(book: StripeBook) -> None:
    customer = book.add_customer()
    good, bad = book.add_card(customer), book.add_card(customer, "4000000000000002")
    intent = ask(book, "payment_intents.create", customer=customer, amount=500, currency="usd").body["id"]
    quiet(book)
    assert ask(book, "payment_intents.confirm", intent).status == 400
    assert ask(book, "payment_intents.confirm", intent, payment_method=bad).status == 402
    assert ask(book, "payment_intents.confirm", intent, payment_method=good, off_session=True).status == 200
    assert ask(book, "payment_intents.confirm", intent).body["error"]["code"] == "payment_intent_unexpected_state"
    assert ask(book, "payment_intents.cancel", intent).status == 400
    other = ask(book, "payment_intents.create", amount=500, currency="usd").body["id"]
    assert ask(book, "payment_intents.cancel", other).body["status"] == "canceled"
    assert told(book) == [
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "payment_intent.created",
        "payment_intent.canceled",
    ]


def test_refunds_add_up_and_never_to_more_than_the_charge(book: StripeBook) -> None:
    intent = pay(book).body
    quiet(book)
    book.refund(intent["id"], 1_000)
    refund = ask(book, "refunds.create", charge=intent["latest_charge"], amount=1_500, reason="duplicate").body
    charge = book.get(intent["latest_charge"])
    assert charge is not None
    assert (charge["amount_refunded"], charge["refunded"], "refunds" in charge) == (2_500, False, False)
    with pytest.raises(ValueError, match="greater than unrefunded"):
        book.refund(intent["id"], 12_401)
    book.fail_refund(refund["id"])
    book.refund(intent["id"])
    assert ask(book, "refunds.create", payment_intent=intent["id"]).body["error"]["code"] == "charge_already_refunded"
    assert sum(each["amount"] for each in book.all("balance_transaction")) == 0
    given = ["charge.refunded", "refund.created"]
    assert told(book) == [*given, *given, "refund.updated", "refund.failed", *given]


@pytest.mark.parametrize(
    ("status", "outcome", "events", "moved"),
    [
        ("needs_response", "lost", ["created", "funds_withdrawn", "closed"], -14_900),
        ("needs_response", "won", ["created", "funds_withdrawn", "funds_reinstated", "closed"], 0),
        ("warning_needs_response", "warning_closed", ["created", "closed"], 0),
    ],
)
def test_a_dispute_moves_money_unless_it_only_asks(
    book: StripeBook, status: str, outcome: str, events: list[str], moved: int
) -> None:
    intent = pay(book).body
    quiet(book)
    dispute = book.open_dispute(intent["latest_charge"], status=status)
    with pytest.raises(ValueError, match="already disputed"):
        book.open_dispute(intent["latest_charge"])
    with pytest.raises(ValueError, match="closes as one of"):
        book.close_dispute(dispute["id"], "maybe")
    assert book.close_dispute(dispute["id"], outcome)["status"] == outcome
    assert told(book) == [f"charge.dispute.{each}" for each in events]
    assert sum(each["amount"] for each in book.all("balance_transaction", where={"type": "adjustment"})) == moved


def test_a_renewed_card_works_again_and_says_what_it_was(book: StripeBook) -> None:
    customer = book.add_customer()
    card = book.add_card(customer, "4000000000000069", exp_year=2026)
    quiet(book)
    book.renew_card(card, exp_month=1, exp_year=2031)
    heard: list[Webhook] = []
    book.pump(heard.append)
    assert heard[0].type == "payment_method.automatically_updated"
    assert heard[0].event["data"]["previous_attributes"] == {"card": {"exp_month": 12, "exp_year": 2026}}
    order = ChargeOrder(None, "k", customer, card, 500, {})
    assert isinstance(SandboxPayments(book).charge(order), Approved)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_lists_come_newest_first_in_pages(book: StripeBook, clock: StoppedClock) -> None:
    made = []
    for n in range(25):
        clock.advance(timedelta(seconds=n % 2))  # some of one second
        made.append(ask(book, "customers.create", name=f"{n}").body["id"])
    seen: list[str] = []
    after: dict[str, str] = {}
    for expected in (True, True, False):
        page = ask(book, "customers.list", limit=10, **after).body
        assert page["has_more"] is expected
        seen += [each["id"] for each in page["data"]]
        after = {"starting_after": seen[-1]}
    assert seen == made[::-1]
    assert len(ask(book, "customers.list").body["data"]) == 10
    assert [ask(book, "customers.list", limit=each).status for each in (0, 101)] == [400, 400]
    assert ask(book, "customers.list", starting_after="cus_none").status == 400
    assert ask(book, "customers.list", created={"since": 1}).status == 400


def test_events_are_listed_by_type_and_by_whether_they_arrived(book: StripeBook) -> None:
    book.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, on="charge.succeeded", times=None))
    pay(book)
    quiet(book)
    assert [each["type"] for each in ask(book, "events.list", delivery_success=False).body["data"]] == [
        "charge.succeeded"
    ]
    assert len(ask(book, "events.list", types=["charge.succeeded", "customer.created"]).body["data"]) == 2
    assert ask(book, "events.list", type="charge.refunded").body["data"] == []


# --- telling ----------------------------------------------------------------------------------------------------------


def test_the_signature_is_stripes_own(book: StripeBook) -> None:
    body = b'{"id":"evt_1","type":"payment_intent.succeeded"}'
    signature = "001ce3ef73e456cedaab328328720d3ad59defb8bbd0f1518f46c04ad4ac0bb7"
    assert sign_stripe(SECRET, body, datetime.fromtimestamp(1_700_000_000, UTC)) == f"t=1700000000,v1={signature}"
    book.add_customer()
    heard: list[Webhook] = []
    book.pump(heard.append)
    header = sign_stripe(SECRET, heard[0].raw, START)
    event = stripe.Webhook.construct_event(heard[0].raw, header, SECRET, tolerance=None)
    assert (event.type, event.api_version) == ("customer.created", API_VERSION)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(StripeFault.DOUBLE_WEBHOOKS), [each for each in CHARGED for _ in range(2)]),
        (Trouble(StripeFault.REORDER_WEBHOOKS), CHARGED[::-1]),
        (Trouble(StripeFault.LOSE_WEBHOOKS), []),
        (Trouble(StripeFault.DELAY_WEBHOOKS, milliseconds=2_000), []),
        (Trouble(StripeFault.LOSE_WEBHOOKS, on="charge.succeeded"), [CHARGED[0], CHARGED[2]]),
        (Trouble(StripeFault.DELAY_WEBHOOKS, on="payment_intent.created", milliseconds=9), CHARGED[1:]),
        (Trouble(StripeFault.LOSE_WEBHOOKS, on="charge.refunded"), CHARGED),
        (Trouble(StripeFault.LOSE_WEBHOOKS, customer="cus_other"), CHARGED),
    ],
)
def test_webhooks_go_astray_as_they_are_told_to(
    book: StripeBook, clock: StoppedClock, trouble: Trouble, expected: list[str]
) -> None:
    customer = book.add_customer()
    card = book.add_card(customer)
    quiet(book)
    book.faults.add(trouble)
    wanted = {"customer": customer, "payment_method": card, "amount": 500, "currency": "usd", "confirm": True}
    ask(book, "payment_intents.create", **wanted)
    assert told(book) == expected
    clock.advance(timedelta(seconds=2))
    rest = told(book)
    if trouble.kind is StripeFault.DELAY_WEBHOOKS:
        assert sorted(expected + rest) == sorted(CHARGED)
    book.faults.lift()
    ask(book, "payment_intents.create", **wanted)
    assert told(book) == CHARGED


def test_an_event_is_brought_again_unchanged_until_it_is_taken_or_nobody_ever_takes_it(
    book: StripeBook, clock: StoppedClock
) -> None:
    book.add_customer()
    bodies: list[bytes] = []

    def refuse(webhook: Webhook) -> str:
        bodies.append(webhook.raw)
        return "status 503"

    assert book.pump(refuse) == 0
    assert book.pump(refuse) == 0  # not yet due again
    assert len(bodies) == 1
    for _ in range(60):
        clock.advance(timedelta(seconds=31))
        book.pump(refuse)
    assert len(bodies) == MOST_TRIES
    assert len(set(bodies)) == 1
    assert book.waiting() == 0


# --- the wire ---------------------------------------------------------------------------------------------------------


def test_only_a_key_opens_the_doors(client: FlaskClient, book: StripeBook) -> None:
    for headers in ({}, {"Authorization": "Bearer sk_test_other"}, {"Authorization": "Basic !"}):
        answer = client.get("/v1/customers", headers=headers)
        assert (answer.status_code, answer.json["error"]["type"]) == (401, "invalid_request_error")
    assert client.get("/v1/customers", auth=(KEY, "")).status_code == 200
    assert client.get("/v1/nonsense", headers=BEARER).json["error"]["type"] == "invalid_request_error"
    assert client.get("/v1/customers/cus_1", headers=BEARER).json["error"]["code"] == "resource_missing"
    assert not StripeSide(book).knows("sk_live_1")
    assert StripeSide(book).knows("sk_test_anything")


BEARER = {"Authorization": f"Bearer {KEY}"}


def test_an_answer_given_again_says_so(client: FlaskClient) -> None:
    headers = {**BEARER, "Idempotency-Key": "k"}
    answers = [client.post("/v1/customers", data={"metadata[a]": "b"}, headers=headers) for _ in range(2)]
    assert [each.headers.get("Idempotent-Replayed") for each in answers] == [None, "true"]
    assert answers[0].data == answers[1].data
    assert answers[0].headers["Stripe-Version"] == API_VERSION


def test_a_form_is_read_as_stripe_means_it() -> None:
    pairs = [
        ("a", "1"),
        ("expand[]", "x"),
        ("expand[]", "y"),
        ("items[0][price][unit]", "5"),
        ("items[1][price][unit]", "6"),
        ("metadata[0]", "zero"),
        ("data[metadata][0]", "zero"),
    ]
    assert read_form(pairs) == {
        "a": "1",
        "expand": ["x", "y"],
        "items": [{"price": {"unit": "5"}}, {"price": {"unit": "6"}}],
        "metadata": {"0": "zero"},
        "data": {"metadata": {"0": "zero"}},
    }


def test_expanding_puts_the_object_in_place_of_its_id(client: FlaskClient, book: StripeBook) -> None:
    intent = pay(book).body["id"]
    path = f"/v1/payment_intents/{intent}?expand[]=latest_charge.balance_transaction&expand[]=customer"
    shown = client.get(path, headers=BEARER).json
    assert shown["latest_charge"]["balance_transaction"]["fee"] == 462
    assert shown["customer"]["object"] == "customer"
    assert client.get(f"/v1/payment_intents/{intent}?expand[]=amount.x", headers=BEARER).status_code == 200
    listed = client.get("/v1/payment_intents?expand[]=data.latest_charge", headers=BEARER).json
    assert listed["data"][0]["latest_charge"]["object"] == "charge"


def every_kind(book: StripeBook) -> dict[str, Any]:
    """One whole object of each kind the book knows."""
    intent = pay(book).body
    declined = pay(book, "4000000000000002").body["error"]
    book.open_dispute(intent["latest_charge"], status="warning_needs_response")
    book.refund(intent["id"], 100)
    customer = book.add_customer()
    ask(book, "setup_intents.create", customer=customer, payment_method="pm_card_visa", confirm=True)
    ask(book, "checkout.sessions.create", mode="setup", customer=customer, success_url="https://x.example")
    kinds = (
        "customer payment_method setup_intent payment_intent charge balance_transaction checkout.session refund dispute"
    )
    made = {kind: book.all(kind)[0] for kind in [*kinds.split(), "event"]}
    return {**made, "declined": book.get(declined["charge"])}


@pytest.mark.parametrize("kind", ["customer", "payment_method", "setup_intent", "payment_intent", "charge", "refund"])
def test_objects_have_the_fields_of_stripes_own(book: StripeBook, kind: str) -> None:
    _same_fields(every_kind(book)[kind], kind)


@pytest.mark.parametrize("kind", ["balance_transaction", "checkout.session", "dispute", "event"])
def test_the_other_objects_do_too(book: StripeBook, kind: str) -> None:
    _same_fields(every_kind(book)[kind], kind)


def _same_fields(shown: dict[str, Any], kind: str) -> None:
    known = fixtures()
    if known is None:
        pytest.skip("Stripe's own objects are not at ../shared/specs")
    assert set(shown) ^ set(known[kind]) == ONLY_WHEN_ASKED.get(kind, set())
    for inner in INSIDE.get(kind, ()):
        want, have = known[kind], shown
        for step in inner.split("."):
            want, have = want[step], have[step]
        assert set(want) - set(have) == set(), inner


ONLY_WHEN_ASKED = {"charge": {"refunds"}}
INSIDE = {
    "payment_method": ["card", "card.checks", "billing_details"],
    "charge": ["outcome", "payment_method_details.card"],
    "event": ["request", "data"],
    "dispute": ["evidence_details", "payment_method_details.card"],
}


# --- scripts ----------------------------------------------------------------------------------------------------------


def test_scripts_may_do_what_others_would(client: FlaskClient, book: StripeBook) -> None:
    customer = book.add_customer()
    card = client.post("/sandbox/stripe/cards", json={"customer": customer, "card": "4242424242424242"}).json["id"]
    behaviour = {"card": card, "coming": [{"decline_code": "lost_card", "network_decline_code": "41"}], "standing": {}}
    assert client.post("/sandbox/stripe/behaviours", json=behaviour).status_code == 200
    payments = SandboxPayments(book)
    order = ChargeOrder(None, "1", customer, card, 500, {})
    assert isinstance(payments.charge(order), Declined)
    answer = payments.charge(ChargeOrder(None, "2", customer, card, 500, {}))
    assert isinstance(answer, Approved)
    assert len(client.get(f"/sandbox/stripe/payments?customer={customer}").json["payments"]) == 2
    assert client.post("/sandbox/stripe/refunds", json={"payment": answer.payment_id, "cents": 100}).status_code == 201
    dispute = client.post("/sandbox/stripe/disputes", json={"charge": answer.charge_id}).json["id"]
    assert client.post(f"/sandbox/stripe/disputes/{dispute}/close", json={"outcome": "lost"}).json["status"] == "lost"
    assert client.post(f"/sandbox/stripe/cards/{card}/renew", json={}).json["card"]["exp_year"] == 2038
    for noun in ("customers", "cards", "payments", "charges", "pages", "refunds", "disputes", "events"):
        assert client.get(f"/sandbox/stripe/{noun}").status_code == 200


def test_scripts_may_break_things_and_say_how_fast(client: FlaskClient, book: StripeBook) -> None:
    fault = {"kind": "fail_after", "on": "customers.create", "times": None}
    assert client.post("/sandbox/stripe/faults", json=fault).json["faults"] == [
        {"kind": "fail_after", "customer": None, "on": "customers.create", "milliseconds": 0, "times": None}
    ]
    assert ask(book, "customers.create").status == 500
    assert client.delete("/sandbox/stripe/faults").json["faults"] == []
    limits = client.post("/sandbox/stripe/limits", json={"overall": 3, "endpoint": 2}).json
    assert limits == {"overall": 3, "endpoint": 2, "turned_away": 0}
    statuses = [ask(book, "customers.create").status for _ in range(3)] + [
        ask(book, "customers.list").status for _ in "12"
    ]
    assert statuses == [200, 200, 429, 200, 429]
    assert client.get("/sandbox/stripe/limits").json["turned_away"] == 2


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("faults", {"kind": "nonsense"}),
        ("faults", {"kind": "latency"}),
        ("faults", {"kind": "fail_after", "times": 0}),
        ("behaviours", {"card": "pm_1", "coming": [{"declined": "yes"}]}),
        ("behaviours", {"card": "pm_1", "coming": [{"blocked": True}]}),
        ("behaviours", {"card": "pm_1", "standing": {"processing": True, "decline_code": "x"}}),
        ("refunds", {"payment": "pi_none"}),
        ("disputes", {"charge": "ch_none"}),
        ("cards", {"customer": "cus_1"}),
        ("limits", {"overall": "many"}),
    ],
)
def test_a_script_that_asks_wrongly_is_told_in_a_sentence(
    client: FlaskClient, path: str, wrong: dict[str, Any]
) -> None:
    answer = client.post(f"/sandbox/stripe/{path}", json=wrong)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_the_limit_is_of_any_one_second_and_of_one_account(clock: StoppedClock) -> None:
    at = [0.0]
    with closing(StripeBook(":memory:", clock, monotonic=lambda: at[0])) as book:
        book.limit(overall=2)
        seen = []
        for moment in (0.0, 0.5, 0.9, 1.0, 1.4, 1.5):
            at[0] = moment
            seen.append(ask(book, "customers.list").status)
        assert seen == [200, 200, 429, 200, 429, 200]
        assert ask(book, "customers.list", account="acct_1").status == 200


# --- whole ------------------------------------------------------------------------------------------------------------


@contextmanager
def carried(book: StripeBook, clock: StoppedClock, url: str) -> Iterator[Courier]:
    side = StripeSide(book, url, SECRET, KEY)
    with closing(TwilioBook(":memory:", clock)) as twilio:
        world = World(Account("AC0", "token"), twilio, clock, NoInsight("none here"), "", stripe=side)
        courier = Courier(world)
        courier.start()
        yield courier
        courier.stop()


def test_the_courier_brings_signed_events_and_signs_anew_at_each_try(
    book: StripeBook, clock: StoppedClock, serve: Serve
) -> None:
    heard: list[tuple[bytes, str]] = []
    app = Flask("spa")

    @app.post("/webhooks/stripe")
    def webhook() -> tuple[str, int]:
        heard.append((request.get_data(), request.headers["Stripe-Signature"]))
        return ("", 200) if len(heard) > 1 else ("", 503)

    with serve(app) as base, carried(book, clock, f"{base}/webhooks/stripe") as courier:
        book.add_customer()
        until(lambda: len(heard) == 1)
        clock.advance(timedelta(seconds=40))
        until(lambda: book.waiting() == 0)
        assert courier.is_alive
    assert not courier.is_alive
    assert heard[0][0] == heard[1][0]
    assert heard[0][1] != heard[1][1]
    for (raw, signature), at in zip(heard, (0, 40), strict=True):
        assert is_from_stripe([SECRET], raw, signature, now=START + timedelta(seconds=at), tolerance=timedelta(0))


def test_with_nobody_there_the_event_waits(book: StripeBook) -> None:
    heard: list[Webhook] = []
    book.add_customer()
    book.pump(heard.append)
    side = StripeSide(book, "http://127.0.0.1:9/webhooks/stripe", SECRET)
    with requests.Session() as session:
        assert side.post(session, heard[0]) == "ConnectionError"


def test_the_ports_in_process_need_only_the_book(book: StripeBook) -> None:
    payments, pages, vault = SandboxPayments(book), SandboxCardPages(book), SandboxVault(book)
    customer = vault.customer(None, key="client:7", metadata={})
    assert isinstance(customer, str)
    page = pages.open(PageOrder(None, "link:9", customer, "https://x.example", "en", {}, START + timedelta(hours=1)))
    assert isinstance(page, Page)
    assert book.type_card(page.page_id, "4242424242424242").turn is Turn.DONE
    saved = pages.fetch(None, page.page_id)
    assert isinstance(saved, Page)
    order = ChargeOrder(None, "k", customer, str(saved.payment_method_id), 500, {})
    assert isinstance(payments.charge(order), Approved)


def test_a_charge_is_quick(book: StripeBook) -> None:
    """A simulation of twenty thousand member-months cannot wait."""
    payments = SandboxPayments(book)
    customer = book.add_customer()
    card = book.add_card(customer)
    began = time.process_time()
    for n in range(400):
        payments.charge(ChargeOrder(None, f"k{n}", customer, card, 500, {}))
    assert (time.process_time() - began) / 400 < 0.001


def test_the_process_keeps_its_book_through_a_kill_and_tells_what_it_has_to_tell(serve: Serve, tmp_path: Path) -> None:
    heard: list[bool] = []
    web = Flask("web")

    @web.post("/webhooks/stripe")
    def hook() -> str:
        now = WallClock().now()
        heard.append(is_from_stripe([SECRET], request.get_data(), request.headers["Stripe-Signature"], now=now))
        return ""

    port, web_port = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    env = environment(tmp_path, port, f"http://127.0.0.1:{web_port}")
    env |= {"STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_SECRET_KEY": KEY}
    vault = StripeVault(StripeApi(stripe_client(KEY, base), NoPacer()))
    with process(env) as first:
        until(lambda: is_up(base), 15)
        customer = vault.customer(None, key="client:7", metadata={})
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=10)
    with serve(web, web_port), process(env):
        until(lambda: heard, 15)
        assert vault.customer(None, key="client:7", metadata={}) == customer
    assert heard == [True]
