"""The ports for payments, pages and cards, kept by both doors: Stripe's SDK over HTTP, and the book in process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assistant.gateways.ports import (
    Approved,
    Card,
    ChargeOrder,
    Declined,
    Page,
    PageOrder,
    Payment,
    Throttled,
    Unanswered,
)
from assistant.sandbox.stripe_cards import CARDS, Asks, SampleCard, Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_pages import Turn
from assistant.sandbox.stripe_ports import SandboxPayments
from tests.gateways.conftest import Serve
from tests.gateways.stripe_checks import description, misfits
from tests.gateways.stripe_doors import DOORS, SPA, START, Door, check

HOUR = timedelta(hours=1)


@pytest.fixture(params=DOORS, ids=["in-process", "over-http"])
def door(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Door]:
    with request.param(serve) as made:
        yield made
        check(made)


def order(
    door: Door,
    card: str = "pm_card_visa",
    *,
    key: str = "inv:7:att:1",
    **changes: Any,  # noqa: ANN401
) -> ChargeOrder:
    account = changes.get("account")
    customer = door.book.add_customer(account=account)
    made = ChargeOrder(account, key, customer, door.book.add_card(customer, card, account=account), 14_900, {"s": "3"})
    return replace(made, **changes)


def approved(answer: object) -> Approved:
    assert isinstance(answer, Approved), answer
    return answer


def declined(answer: object) -> Declined:
    assert isinstance(answer, Declined), answer
    return answer


# --- charging ---------------------------------------------------------------------------------------------------------


def test_a_charge_is_in_the_book_as_it_was_ordered(door: Door) -> None:
    wanted = order(door)
    answer = approved(door.payments.charge(wanted))
    assert (answer.amount_cents, answer.fee_cents) == (14_900, 462)
    [intent] = door.book.all("payment_intent")
    assert (intent["id"], intent["latest_charge"]) == (answer.payment_id, answer.charge_id)
    assert (intent["customer"], intent["payment_method"]) == (wanted.customer_id, wanted.payment_method_id)
    assert intent["metadata"] == {"s": "3", "key": "inv:7:att:1"}


def test_the_same_key_is_the_same_charge(door: Door) -> None:
    wanted = order(door)
    assert door.payments.charge(wanted) == door.payments.charge(wanted)
    assert door.charges() == 1


def test_a_decline_is_answered_again_under_its_key_and_not_under_the_next(door: Door) -> None:
    wanted = order(door)
    door.book.behave(wanted.payment_method_id, Verdict("insufficient_funds"))
    first = declined(door.payments.charge(wanted))
    assert door.payments.charge(wanted) == first
    approved(door.payments.charge(replace(wanted, key="inv:7:att:2")))


def test_after_a_day_the_same_key_is_a_new_charge(door: Door) -> None:
    wanted = order(door)
    first = approved(door.payments.charge(wanted))
    door.clock.advance(24 * HOUR - timedelta(seconds=1))
    assert door.payments.charge(wanted) == first
    door.clock.advance(timedelta(seconds=1))
    assert approved(door.payments.charge(wanted)).payment_id != first.payment_id
    assert door.charges() == 2


@pytest.mark.parametrize("change", [{"amount_cents": 14_901}, {"metadata": {"s": "4"}}])
def test_the_same_key_for_something_else_is_in_doubt(door: Door, change: dict[str, Any]) -> None:
    wanted = order(door)
    approved(door.payments.charge(wanted))
    assert door.payments.charge(replace(wanted, **change)) == Unanswered("key was used with other parameters")
    assert door.charges() == 1


@pytest.mark.parametrize("sample", [card for card in CARDS if card.charged.decline_code], ids=lambda card: card.token)
def test_every_declining_card_is_declined_with_its_codes(door: Door, sample: SampleCard) -> None:
    answer = declined(door.payments.charge(order(door, sample.number)))
    said = sample.charged
    [intent] = door.book.all("payment_intent")
    assert answer == Declined(
        intent["id"], said.decline_code, said.advice_code, said.network_decline_code, None, blocked=said.blocked
    )
    assert intent["status"] == "requires_payment_method"
    assert door.charges() == 0


@pytest.mark.parametrize(
    "sample", [card for card in CARDS if not card.charged.decline_code], ids=lambda card: card.token
)
def test_every_good_card_is_charged(door: Door, sample: SampleCard) -> None:
    answer = door.payments.charge(order(door, sample.number))
    if sample.asks is Asks.ALWAYS:
        assert declined(answer).decline_code == "authentication_required"
    else:
        approved(answer)


@pytest.mark.parametrize(
    "said",
    [
        Verdict("do_not_honor", "do_not_try_again", "04", "03"),
        Verdict("authentication_required"),
        Verdict("generic_decline", network_advice_code="27"),
        Verdict("fraudulent", blocked=True),
        Verdict("generic_decline", blocked=True),
        Verdict("revocation_of_authorization", network_decline_code="R1"),
        Verdict("a_code_of_next_year"),
    ],
)
def test_a_card_does_as_it_is_told_with_every_code(door: Door, said: Verdict) -> None:
    wanted = order(door)
    door.book.behave(wanted.payment_method_id, standing=said)
    for attempt in range(2):
        answer = declined(door.payments.charge(replace(wanted, key=f"att:{attempt}")))
        assert replace(answer, payment_id=None) == Declined(
            None,
            str(said.decline_code),
            said.advice_code,
            said.network_decline_code,
            said.network_advice_code,
            blocked=said.blocked,
        )


def test_what_a_card_is_to_do_is_used_up_in_turn(door: Door) -> None:
    wanted = order(door, "4000000000000341")
    door.book.behave(wanted.payment_method_id, Verdict("expired_card"), Verdict())
    answers = [door.payments.charge(replace(wanted, key=f"att:{n}")) for n in range(3)]
    assert [getattr(each, "decline_code", None) for each in answers] == ["expired_card", None, "generic_decline"]


def test_a_payment_that_is_processing_is_in_doubt_until_it_is_settled(door: Door) -> None:
    wanted = order(door)
    door.book.behave(wanted.payment_method_id, Verdict(processing=True))
    assert door.payments.charge(wanted) == Unanswered("processing")
    [intent] = door.book.all("payment_intent")
    assert payment(door, intent["id"]).answer is None
    door.book.settle_payment(intent["id"])
    assert isinstance(payment(door, intent["id"]).answer, Approved)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payment_method_id": "pm_gone"}, "resource_missing"),
        ({"customer_id": "cus_gone"}, "resource_missing"),
        ({"amount_cents": 49}, "invalid_request"),
        ({"amount_cents": 100_000_000}, "invalid_request"),
    ],
)
def test_what_stripe_will_not_begin_on_is_declined_and_kept_under_no_key(
    door: Door, change: dict[str, Any], code: str
) -> None:
    wanted = order(door)
    assert door.payments.charge(replace(wanted, **change)) == Declined(None, code)
    approved(door.payments.charge(wanted))


def test_a_card_taken_away_from_its_customer_is_missing(door: Door) -> None:
    wanted = order(door)
    assert door.vault.detach(None, wanted.payment_method_id)
    assert door.payments.charge(wanted) == Declined(None, "resource_missing")


def test_a_card_of_another_account_is_missing(door: Door) -> None:
    assert door.payments.charge(replace(order(door, account=SPA), account=None)) == Declined(None, "resource_missing")


# --- what goes wrong on the way ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "again", "charges"),
    [
        (StripeFault.FAIL_BEFORE, Approved, 1),
        (StripeFault.FAIL_AFTER, Approved, 1),
        (StripeFault.STORE_500, Unanswered, 0),
        (StripeFault.STORE_500_AFTER, Unanswered, 1),
        (StripeFault.HANG_AFTER, Approved, 1),
        (StripeFault.RESET_BEFORE, Approved, 1),
        (StripeFault.RESET_AFTER, Approved, 1),
    ],
)
def test_an_answer_that_is_lost_leaves_doubt_and_the_same_key_charges_once(
    door: Door, kind: StripeFault, again: type, charges: int
) -> None:
    door.book.faults.add(Trouble(kind, on="payment_intents.create", milliseconds=3_500))
    wanted = order(door)
    assert isinstance(door.payments.charge(wanted), Unanswered)
    for _ in range(2):
        assert isinstance(door.payments.charge(wanted), again)
    assert door.charges() == charges


@pytest.mark.parametrize("kind", [StripeFault.FAIL_AFTER, StripeFault.STORE_500_AFTER, StripeFault.RESET_AFTER])
def test_a_payment_whose_answer_was_lost_is_found_by_its_key(door: Door, kind: StripeFault) -> None:
    wanted = order(door)
    door.book.faults.add(Trouble(kind, customer=wanted.customer_id))
    assert isinstance(door.payments.charge(wanted), Unanswered)
    [found] = listed(door, customer_id=wanted.customer_id)
    assert found.key == wanted.key
    assert isinstance(found.answer, Approved)


@pytest.mark.parametrize("kind", [StripeFault.RATE_LIMIT, StripeFault.LOCK_TIMEOUT])
def test_a_throttled_charge_is_asked_again_and_then_surely_not_attempted(door: Door, kind: StripeFault) -> None:
    door.book.faults.add(Trouble(kind, times=3))
    wanted = order(door)
    approved(door.payments.charge(wanted))
    door.book.faults.add(Trouble(kind, times=None))
    answer = door.payments.charge(replace(wanted, key="att:2"))
    assert answer == Throttled(f"Stripe is busy: {kind}")
    door.book.faults.lift()
    approved(door.payments.charge(replace(wanted, key="att:2")))
    assert door.charges() == 2
    assert door.slept in ([], [0.375, 0.75, 1.5] * 2)


def test_a_fault_may_be_for_one_customer(door: Door) -> None:
    one, other = order(door, key="one"), order(door, key="other")
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE, customer=one.customer_id))
    approved(door.payments.charge(other))
    assert isinstance(door.payments.charge(one), Unanswered)
    approved(door.payments.charge(one))


def test_many_threads_may_charge_at_once(door: Door) -> None:
    orders = [order(door, key=f"inv:{n}") for n in range(30)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(door.payments.charge, orders))
    assert len({approved(answer).payment_id for answer in answers}) == 30


def test_two_at_once_under_one_key_charge_once(door: Door) -> None:
    wanted = order(door)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(door.payments.charge, [wanted] * 16))
    assert {type(answer) for answer in answers} <= {Approved, Unanswered}
    assert door.charges() == 1


# --- looking up -------------------------------------------------------------------------------------------------------


def payment(door: Door, payment_id: str, account: str | None = None) -> Payment:
    found = door.payments.fetch(account, payment_id)
    assert isinstance(found, Payment), found
    return found


def listed(door: Door, account: str | None = None, **asked: Any) -> list[Payment]:  # noqa: ANN401
    found = door.payments.listed(account, **{"since": START, **asked})
    assert not isinstance(found, Unanswered), found
    return list(found)


def test_a_payment_is_fetched_with_all_that_was_answered(door: Door) -> None:
    wanted = order(door)
    answer = approved(door.payments.charge(wanted))
    assert payment(door, answer.payment_id) == Payment(
        answer.payment_id, wanted.key, {"s": "3", "key": wanted.key}, 14_900, 0, START, answer
    )
    door.book.refund(answer.payment_id, 1_000)
    door.book.refund(answer.payment_id, 1_500)
    assert payment(door, answer.payment_id).refunded_cents == 2_500


@pytest.mark.parametrize(
    "said", [Verdict("lost_card", "do_not_try_again", "41", "03"), Verdict("fraudulent", blocked=True)]
)
def test_a_declined_payment_is_fetched_with_its_codes(door: Door, said: Verdict) -> None:
    wanted = order(door)
    door.book.behave(wanted.payment_method_id, standing=said)
    answer = declined(door.payments.charge(wanted))
    found = payment(door, str(answer.payment_id))
    assert found.answer == answer
    assert listed(door) == [found]


def test_a_payment_that_is_not_there_is_none_and_of_another_account_too(door: Door) -> None:
    answer = approved(door.payments.charge(order(door, account=SPA)))
    assert door.payments.fetch(None, "pi_none") is None
    assert door.payments.fetch(None, answer.payment_id) is None
    assert payment(door, answer.payment_id, SPA).answer == answer


def test_payments_are_listed_by_account_customer_and_time_page_after_page(door: Door) -> None:
    inside = SandboxPayments(door.book)
    wanted = order(door)
    for n in range(230):
        door.clock.advance(timedelta(seconds=1))
        approved(inside.charge(replace(wanted, key=f"inv:{n}")))
    approved(inside.charge(order(door, key="other")))
    approved(inside.charge(order(door, key="spa", account=SPA)))
    assert [each.key for each in listed(door, customer_id=wanted.customer_id)] == [f"inv:{n}" for n in range(230)][::-1]
    assert len(listed(door)) == 231
    assert [each.key for each in listed(door, SPA)] == ["spa"]
    since, until = START + timedelta(seconds=3.9), START + timedelta(seconds=5.1)
    assert [each.key for each in listed(door, since=since, until=until)] == ["inv:4", "inv:3", "inv:2"]


def test_what_cannot_be_looked_up_is_unanswered(door: Door) -> None:
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_intents.list"))
    door.book.faults.add(Trouble(StripeFault.RATE_LIMIT, on="payment_intents.retrieve", times=4))
    assert isinstance(door.payments.listed(None, since=START), Unanswered)
    assert isinstance(door.payments.fetch(None, "pi_1"), Unanswered)
    assert door.payments.fetch(None, "pi_1") is None


# --- pages ------------------------------------------------------------------------------------------------------------


def page_order(door: Door, **changes: Any) -> PageOrder:  # noqa: ANN401
    account = changes.get("account")
    made = PageOrder(
        account,
        "link:9",
        door.book.add_customer(account=account),
        "https://assistant.example/m/9",
        "es",
        {"s": "3"},
        START + 3 * HOUR,
    )
    return replace(made, **changes)


def opened(answer: object) -> Page:
    assert isinstance(answer, Page), answer
    return answer


def fetched(door: Door, page_id: str, account: str | None = None) -> Page:
    return opened(door.pages.fetch(account, page_id))


@pytest.mark.parametrize("account", [None, SPA])
def test_a_page_saves_a_card_that_can_then_be_charged(door: Door, account: str | None) -> None:
    wanted = page_order(door, account=account)
    page = opened(door.pages.open(wanted))
    assert (page.status, page.metadata) == ("open", {"s": "3", "key": "link:9"})
    assert page.url is not None
    assert page.url.endswith(f"/checkout/pay/{page.page_id}")
    assert (page.payment_method_id, page.payment_id) == (None, None)
    assert door.book.type_card(page.page_id, "4000002500003155").turn is Turn.DONE
    done = fetched(door, page.page_id, account)
    assert (done.status, done.payment_id, done.url) == ("complete", None, None)
    card = door.vault.card(account, str(done.payment_method_id))
    assert isinstance(card, Card)
    assert (card.customer_id, card.brand, card.last4) == (wanted.customer_id, "visa", "3155")
    approved(door.payments.charge(ChargeOrder(account, "k", wanted.customer_id, card.payment_method_id, 14_900, {})))
    [intent] = door.book.all("setup_intent", account=account)
    assert (intent["usage"], intent["metadata"]) == ("off_session", {"s": "3", "key": "link:9"})


def test_a_page_takes_a_payment_and_keeps_the_card(door: Door) -> None:
    wanted = page_order(door, pay_cents=14_900)
    page = opened(door.pages.open(wanted))
    assert door.book.type_card(page.page_id, "4000000000009995").turn is Turn.DECLINED
    tried = fetched(door, page.page_id)
    assert (tried.status, tried.payment_method_id) == ("open", None)
    assert door.book.type_card(page.page_id, "4000002760003184").turn is Turn.DONE
    done = fetched(door, page.page_id)
    assert (done.status, done.payment_id) == ("complete", tried.payment_id)
    found = payment(door, str(done.payment_id))
    assert (found.key, found.amount_cents) == ("link:9", 14_900)
    assert isinstance(found.answer, Approved)
    card = door.vault.card(None, str(done.payment_method_id))
    assert isinstance(card, Card)
    assert card.customer_id == wanted.customer_id


def test_the_same_key_opens_the_same_page(door: Door) -> None:
    wanted = page_order(door, expires_at=START + timedelta(days=9))
    first = opened(door.pages.open(wanted))
    door.clock.advance(timedelta(minutes=2))
    assert opened(door.pages.open(wanted)) == first
    assert isinstance(door.pages.open(replace(wanted, pay_cents=500)), Unanswered)


@pytest.mark.parametrize("hours", [-1, 0.4, 0.6, 23, 24, 25, 1000])
@pytest.mark.parametrize("seconds", [0, 1801])
def test_a_page_ends_when_it_was_asked_to_within_what_stripe_allows(door: Door, hours: float, seconds: int) -> None:
    door.clock.advance(timedelta(seconds=seconds))
    now = door.clock.now()
    page = opened(door.pages.open(page_order(door, expires_at=now + hours * HOUR)))
    session = door.book.get(page.page_id)
    assert session is not None
    left = timedelta(seconds=session["expires_at"] - now.timestamp())
    assert HOUR / 2 <= left <= 24 * HOUR
    if 0.55 <= hours <= 24:
        assert left == hours * HOUR
    elif hours < 1:
        assert left <= HOUR


def test_a_page_is_closed_by_us_by_its_end_and_by_its_hour(door: Door) -> None:
    first, second, third = (opened(door.pages.open(page_order(door, key=f"link:{n}"))) for n in range(3))
    door.book.type_card(first.page_id, "4242424242424242")
    assert door.pages.expire(None, first.page_id)  # complete: nobody can finish it again
    assert fetched(door, first.page_id).status == "complete"
    assert door.pages.expire(None, second.page_id)
    assert door.pages.expire(None, second.page_id)
    assert door.pages.expire(None, "cs_test_none")
    assert fetched(door, second.page_id).status == "expired"
    door.clock.advance(3 * HOUR)
    assert fetched(door, third.page_id).status == "expired"
    assert {door.book.type_card(each.page_id, "4242424242424242").turn for each in (first, second, third)} == {
        Turn.CLOSED
    }
    assert door.pages.fetch(None, "cs_test_none") is None


def test_a_page_that_cannot_be_asked_for_is_throttled_or_in_doubt(door: Door) -> None:
    wanted = page_order(door)
    door.book.faults.add(Trouble(StripeFault.FAIL_AFTER))
    assert isinstance(door.pages.open(wanted), Unanswered)
    page = opened(door.pages.open(wanted))
    assert isinstance(door.pages.open(replace(wanted, key="k", customer_id="cus_gone")), Throttled)
    door.book.faults.add(Trouble(StripeFault.RATE_LIMIT, times=None))
    assert isinstance(door.pages.open(replace(wanted, key="k")), Throttled)
    assert not door.pages.expire(None, page.page_id)


# --- customers and cards ----------------------------------------------------------------------------------------------


def test_the_same_key_is_the_same_customer(door: Door) -> None:
    made = [door.vault.customer(SPA, key=key, metadata={"client": "7"}) for key in ("client:7", "client:7", "client:8")]
    assert made[0] == made[1] != made[2]
    assert [each["metadata"] for each in door.book.all("customer", account=SPA)] == [{"client": "7"}] * 2
    door.book.faults.add(Trouble(StripeFault.RESET_AFTER))
    assert isinstance(door.vault.customer(None, key="client:9", metadata={}), Unanswered)


def test_a_card_is_told_by_its_fingerprint_and_changes_when_the_bank_sends_another(door: Door) -> None:
    one, again = order(door, key="1"), order(door, key="2")
    cards = [door.vault.card(None, each.payment_method_id) for each in (one, again)]
    assert isinstance(cards[0], Card)
    assert isinstance(cards[1], Card)
    assert cards[0].fingerprint == cards[1].fingerprint
    door.book.renew_card(one.payment_method_id, number="4000056655665556", exp_month=3, exp_year=2031)
    renewed = door.vault.card(None, one.payment_method_id)
    assert isinstance(renewed, Card)
    assert (renewed.last4, renewed.exp_month, renewed.exp_year) == ("5556", 3, 2031)
    assert renewed.fingerprint != cards[0].fingerprint


def test_a_card_is_taken_away_once_and_is_gone_ever_after(door: Door) -> None:
    wanted = order(door)
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE))
    assert not door.vault.detach(None, wanted.payment_method_id)
    assert door.vault.detach(None, wanted.payment_method_id)
    assert door.vault.detach(None, wanted.payment_method_id)
    assert door.vault.detach(None, "pm_none")
    card = door.vault.card(None, wanted.payment_method_id)
    assert isinstance(card, Card)
    assert card.customer_id is None
    assert door.vault.card(None, "pm_none") is None


# --- the checks themselves --------------------------------------------------------------------------------------------

GOOD = {"amount": 100, "currency": "usd", "confirm": True}


@pytest.mark.parametrize(
    "change",
    [
        {"amuont": 1},
        {"amount": "100"},
        {"metadata": {"n": 1}},
        {"payment_method_options": {"card": {"netwrok": "visa"}}},
    ],
)
def test_the_sdks_types_see_what_does_not_fit(change: dict[str, Any]) -> None:
    assert misfits("payment_intents.create", GOOD) == []
    assert misfits("payment_intents.create", {**GOOD, **change}) != []
    assert misfits("payment_intents.create", {"amount": 100}) != []


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", "/v1/payment_intents", {"amount": "100"}),
        ("POST", "/v1/payment_intents", {"amount": "much", "currency": "usd"}),
        ("POST", "/v1/payment_intents", {"amount": "100", "currency": "usd", "amuont": "1"}),
        ("POST", "/v1/checkout/sessions", {"mode": "saving"}),
        ("POST", "/v1/checkout/sessions", {"mode": "setup", "setup_intent_data": {"metdata": {}}}),
        ("GET", "/v1/payment_intents", {"created": {"since": "1"}}),
        ("GET", "/v1/payments", {}),
    ],
)
def test_stripes_description_sees_what_does_not_fit(method: str, path: str, form: dict[str, Any]) -> None:
    described = description()
    if described is None:
        pytest.skip("Stripe's description of its API is not at ../shared/specs")
    assert described.complaints("POST", "/v1/payment_intents", {"amount": "100", "currency": "usd"}) == []
    assert described.complaints(method, path, form) != []
