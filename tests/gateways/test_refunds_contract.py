"""The port for money back, kept by both doors: Stripe's SDK over HTTP, and the book in process."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.gateways.ports import (
    Approved,
    Challenge,
    ChargeOrder,
    GivenBack,
    NotGiven,
    RefundOrder,
    Throttled,
    Unanswered,
)
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from tests.gateways.conftest import Serve
from tests.gateways.stripe_doors import DOORS, SPA, START, Door, check


@pytest.fixture(params=DOORS, ids=["in-process", "over-http"])
def door(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Door]:
    with request.param(serve) as made:
        yield made
        check(made)


def charged(door: Door, account: str | None = None) -> Approved:
    customer = door.book.add_customer(account=account)
    card = door.book.add_card(customer, account=account)
    answer = door.payments.charge(ChargeOrder(account, f"inv:{customer}", customer, card, 14_900, {}))
    assert isinstance(answer, Approved)
    return answer


def order(
    payment: Approved, cents: int = 14_900, *, account: str | None = None, key: str = "refund:3.7:1"
) -> RefundOrder:
    return RefundOrder(account, key, payment.payment_id, cents, {"spa": "3"})


def refunded(door: Door, account: str | None = None) -> list[int]:
    return [each["amount"] for each in door.book.all("refund", account=account)]


@pytest.mark.parametrize("account", [None, SPA])
def test_money_goes_back_and_is_found_by_its_payment_and_by_its_id(door: Door, account: str | None) -> None:
    paid = charged(door, account)
    given = door.refunds.give(order(paid, 5_000, account=account))
    assert isinstance(given, GivenBack)
    assert given == GivenBack(given.refund_id, paid.payment_id, "refund:3.7:1", 5_000)
    more = door.refunds.give(order(paid, 2_500, account=account, key="refund:3.7:2"))
    assert door.refunds.find(account, payment_id=paid.payment_id) == [given, more]
    assert door.refunds.find(account, refund_id=given.refund_id) == [given]
    assert door.refunds.find(account, payment_id=charged(door, account).payment_id) == []
    assert door.refunds.find(account, refund_id="re_none") == []
    [refund, _] = door.book.all("refund", account=account)
    assert refund["metadata"] == {"spa": "3", "key": "refund:3.7:1"}


def test_many_refunds_are_listed_over_as_many_pages_as_it_takes(door: Door) -> None:
    paid = charged(door)
    for _ in range(101):
        door.book.refund(paid.payment_id, 10)
    listed = door.refunds.find(None, payment_id=paid.payment_id)
    assert not isinstance(listed, Unanswered)
    assert len({each.refund_id for each in listed}) == 101
    assert {each.key for each in listed} == {None}


def test_the_same_key_gives_back_once(door: Door) -> None:
    wanted = order(charged(door), 5_000)
    assert door.refunds.give(wanted) == door.refunds.give(wanted)
    assert refunded(door) == [5_000]
    assert isinstance(door.refunds.give(replace(wanted, amount_cents=6_000)), Unanswered)


def test_what_cannot_go_back_is_not_given(door: Door) -> None:
    paid = charged(door)
    assert isinstance(door.refunds.give(order(paid, 14_901, key="1")), NotGiven)
    door.refunds.give(order(paid, key="2"))
    assert door.refunds.give(order(paid, 1, key="3")) == NotGiven("charge_already_refunded")
    disputed = charged(door)
    dispute = door.book.open_dispute(disputed.charge_id)
    assert door.refunds.give(order(disputed, key="4")) == NotGiven("charge_disputed")
    door.book.close_dispute(dispute["id"], "won")
    assert isinstance(door.refunds.give(order(disputed, key="5")), GivenBack)


@pytest.mark.parametrize("kind", [StripeFault.FAIL_AFTER, StripeFault.RESET_AFTER, StripeFault.HANG_AFTER])
def test_an_answer_that_is_lost_is_found_by_its_key(door: Door, kind: StripeFault) -> None:
    paid = charged(door)
    door.book.faults.add(
        Trouble(kind, on="refunds.create", milliseconds=3_500 if kind is StripeFault.HANG_AFTER else 0)
    )
    assert isinstance(door.refunds.give(order(paid)), Unanswered)
    found = door.refunds.find(None, payment_id=paid.payment_id)
    assert not isinstance(found, Unanswered)
    assert [each.key for each in found] == ["refund:3.7:1"]
    assert door.refunds.give(order(paid)) == found[0]
    assert refunded(door) == [14_900]


def test_a_provider_with_no_time_was_surely_not_asked(door: Door) -> None:
    paid = charged(door)
    door.book.faults.add(Trouble(StripeFault.RATE_LIMIT, on="refunds.create", times=4))
    assert isinstance(door.refunds.give(order(paid)), Throttled)
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="refunds.list"))
    assert isinstance(door.refunds.find(None, payment_id=paid.payment_id), Unanswered)
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="refunds.retrieve"))
    assert isinstance(door.refunds.find(None, refund_id="re_1"), Unanswered)
    assert refunded(door) == []


def test_a_refund_that_the_bank_sends_back_says_why(door: Door) -> None:
    paid = charged(door)
    given = door.refunds.give(order(paid))
    assert isinstance(given, GivenBack)
    door.book.fail_refund(given.refund_id)
    assert door.refunds.find(None, refund_id=given.refund_id) == [replace(given, failure="lost_or_stolen_card")]


@pytest.mark.parametrize("outcome", [None, "won", "lost"])
def test_a_dispute_tells_what_it_moved(door: Door, outcome: str | None) -> None:
    paid = charged(door)
    made = door.book.open_dispute(paid.charge_id)
    if outcome:
        door.book.close_dispute(made["id"], outcome)
    found = door.refunds.dispute(None, made["id"])
    assert found == Challenge(
        dispute_id=made["id"],
        payment_id=paid.payment_id,
        amount_cents=14_900,
        reason="general",
        inquiry=False,
        outcome={"won": True, "lost": False, None: None}[outcome],
        due_at=START + timedelta(days=7),
        withdrawn_cents=14_900,
        reinstated_cents=14_900 if outcome == "won" else 0,
        fee_cents=1_500,
    )


@pytest.mark.parametrize("closed", [False, True])
def test_an_inquiry_moves_nothing(door: Door, closed: bool) -> None:
    paid = charged(door)
    made = door.book.open_dispute(paid.charge_id, status="warning_needs_response")
    if closed:
        door.book.close_dispute(made["id"], "warning_closed")
    found = door.refunds.dispute(None, made["id"])
    assert isinstance(found, Challenge)
    assert (found.inquiry, found.outcome) == (True, True if closed else None)
    assert (found.withdrawn_cents, found.fee_cents) == (0, 0)
    assert door.refunds.dispute(None, "du_none") is None
    door.book.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="disputes.retrieve"))
    assert isinstance(door.refunds.dispute(None, made["id"]), Unanswered)
