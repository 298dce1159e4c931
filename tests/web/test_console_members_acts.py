"""The acts that ask a provider: another plan, a card once more, a payment back; each quoted first and done once."""

from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import plans
from tests.console import MARK, console_app, signed_in
from tests.services.test_plan_changes import offer
from tests.services.test_refunds import Month, paid_month, right
from tests.web.test_console_members import EVIL, confirm, page
from tests.world import World

FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
DAY = timedelta(days=1)


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    """On Glow since 20 November, paid; it is 5 December, and Luxe and Lite can be had."""
    glow = offer(world, "glow", 14_900, access_cents=2_000)
    offer(world, "luxe", 24_900, access_cents=4_000)
    offer(world, "lite", 9_900)
    client_id = world.client("Ana")
    world.card(client_id)
    with world.rt.unit_of_work() as uow:
        plans.join(uow, 1, client_id, glow, today=date(2026, 11, 20))
    world.bill()
    world.clock.advance(15 * DAY)
    return client_id


@pytest.fixture
def month(world: World) -> Month:
    return paid_month(world)


def taken(world: World) -> list[int]:
    return [each["amount"] for each in world.stripe.all("payment_intent") if each["status"] == "succeeded"]


def plan_of(world: World) -> object:
    [(code,)] = world.rows(
        "SELECT p.code FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
        " JOIN plan p ON p.id = v.plan_id"
    )
    return code


# --- another plan -----------------------------------------------------------------------------------------------------


def test_a_dearer_plan_is_quoted_paid_and_theirs_at_once(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    asked = desk.get(page(ana, "change")).text
    assert 'value="luxe"' in asked
    assert 'value="glow"' not in asked
    shown = desk.get(page(ana, "change") + "?plan=luxe").text
    assert "$50.00" in shown
    assert "$40.00 in dollars of credit" in shown
    first = confirm(desk, page(ana, "change"), {"plan": "luxe"}, token="the-same-change-form")
    assert (first.status_code, first.location) == (303, page(ana))
    assert "Paid $50.00: they are on Luxe now." in desk.get(page(ana)).text
    again = {"plan": "luxe", "mark": "whatever", "once": "the-same-change-form"}
    assert desk.post(page(ana, "change"), again, page=page(ana)).status_code == 303
    assert (plan_of(world), taken(world)) == ("luxe", [14_900, 5_000])
    assert "Paid $50.00: they are on Luxe now." in desk.get(page(ana)).text


def test_a_card_that_does_not_pay_changes_nothing_and_says_why(app: Flask, world: World, ana: int) -> None:
    [(card,)] = world.rows("SELECT payment_method_id FROM card")
    world.stripe.behave(str(card), FUNDS)
    desk = signed_in(app, world, Role.DESK)
    assert confirm(desk, page(ana, "change"), {"plan": "luxe"}).status_code == 303
    assert "The card did not pay, and nothing has changed." in desk.get(page(ana)).text
    assert (plan_of(world), taken(world)) == ("glow", [14_900])


def test_a_cheaper_plan_is_to_come_and_can_be_called_off(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    assert confirm(desk, page(ana, "change"), {"plan": "lite"}).status_code == 303
    shown = desk.get(page(ana)).text
    assert "Lite from Dec 20, 2026" in shown
    assert "Call off the change" in shown
    assert confirm(desk, page(ana, "stay"), {}).status_code == 303
    assert world.rows("SELECT status FROM plan_change") == [("dropped",)]
    assert "No change of plan is to come." in desk.get(page(ana, "stay")).text
    assert "Call off the change" not in desk.get(page(ana)).text


def test_a_plan_that_is_not_on_offer_is_no_ones(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    for plan, why in (("glow", "They are on that plan."), ("gold", "That plan cannot be joined")):
        answer = desk.get(page(ana, "change") + f"?plan={plan}")
        assert answer.status_code == 422
        assert why in answer.text
        assert not MARK.search(answer.text)


def test_another_members_change_is_not_called_off(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    confirm(desk, page(ana, "change"), {"plan": "lite"})
    bea = world.client("Bea", "+15055550133")
    [(hers,)] = world.rows("SELECT id FROM membership")
    answer = desk.get(page(bea, "stay") + f"?membership={hers}")
    assert "No change of plan is to come." in answer.text
    assert not MARK.search(answer.text)


# --- a card once more -------------------------------------------------------------------------------------------------


@pytest.fixture
def bea(world: World) -> int:
    """Her card was turned down, and has money by now."""
    client_id = world.client("Bea", "+15055550133")
    world.enrol(client_id, anchor_on=date(2026, 11, 20))
    world.stripe.behave(world.card(client_id), FUNDS)
    world.bill()
    world.clock.advance(2 * DAY)
    return client_id


def test_a_card_is_tried_again_and_what_it_said_is_said(app: Flask, world: World, bea: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    shown = desk.get(page(bea))
    assert "Try the card again" in shown.text
    assert "Charge what is owed" not in shown.text
    quoted = desk.get(page(bea, "retry")).text
    assert "Tried once" in quoted
    assert "$149.00" in quoted
    assert confirm(desk, page(bea, "retry"), {}).status_code == 303
    assert "Paid: $149.00." in desk.get(page(bea)).text
    assert (taken(world), world.rows("SELECT status FROM invoice")) == ([14_900], [("paid",)])
    assert "Try the card again" not in desk.get(page(bea)).text


def test_a_card_that_says_no_again_is_an_answer_too(app: Flask, world: World, bea: int) -> None:
    [(card,)] = world.rows("SELECT payment_method_id FROM card")
    world.stripe.behave(str(card), FUNDS)
    desk = signed_in(app, world, Role.DESK)
    assert confirm(desk, page(bea, "retry"), {}).status_code == 303
    assert "The card did not pay." in desk.get(page(bea)).text
    assert (taken(world), world.rows("SELECT status FROM invoice")) == ([], [("open",)])


def test_a_bank_that_does_not_answer_is_asked_nothing_twice(app: Flask, world: World, bea: int) -> None:
    world.stripe.faults.add(Trouble(StripeFault.HANG_AFTER, on="payment_intents.create", milliseconds=60_000))
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    desk = signed_in(app, world, Role.DESK)
    quoted = confirm(desk, page(bea, "retry"), {}, token="a-form-that-is-sent-twice")
    assert quoted.status_code == 303
    shown = unescape(desk.get(page(bea)).text)
    assert "The bank has not answered yet." in shown
    assert "Checking payment" in shown
    assert confirm(desk, page(bea, "retry"), {}).status_code == 409
    assert len(world.stripe.all("payment_intent")) <= 2


def test_nothing_that_was_not_turned_down_is_tried_again(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    assert "Nothing is owed." in desk.get(page(ana, "retry")).text


# --- a payment back ---------------------------------------------------------------------------------------------------


def refund_of(month: Month, amount: str = "", **more: str) -> dict[str, str]:
    return {"invoice": str(month.invoice_id), "amount": amount, "used": "", "reason": "unhappy"} | more


def test_a_month_goes_back_with_its_credit_once(app: Flask, world: World, month: Month) -> None:
    manager = signed_in(app, world, Role.MANAGER)
    path = page(month.client_id, "refund")
    shown = manager.get(path + f"?invoice={month.invoice_id}&reason=unhappy").text
    for words in ("$149.00 to the card", "1 visit credit", "Why"):
        assert words in unescape(shown), words
    assert confirm(manager, path, refund_of(month), token="the-same-refund-form").status_code == 303
    again = refund_of(month) | {"mark": "whatever", "once": "the-same-refund-form"}
    assert manager.post(path, again, page=page(month.client_id)).status_code == 303
    assert "$149.00 goes back to the card." in manager.get(page(month.client_id)).text
    assert world.rows("SELECT cents, status, actor, approved_by, reason FROM refund") == [
        (14_900, "done", "staff:1", None, "unhappy")
    ]
    right(world)


def test_a_part_goes_back_and_a_wrong_amount_is_said(app: Flask, world: World, month: Month) -> None:
    manager = signed_in(app, world, Role.MANAGER)
    path = page(month.client_id, "refund")
    for amount, why in (("ten", "dollars and cents"), ("0", "dollars and cents"), ("150", "At most $149.00")):
        answer = manager.get(path + f"?invoice={month.invoice_id}&amount={amount}&reason=for+her+patience")
        assert answer.status_code == 422, amount
        assert why in answer.text
        assert 'value="for her patience"' in answer.text
    assert confirm(manager, path, refund_of(month, "49.00", reason=EVIL)).status_code == 303
    assert world.rows("SELECT cents, status FROM refund") == [(4_900, "done")]
    assert EVIL not in manager.get(page(month.client_id)).text
    right(world)


def test_nobody_gives_back_what_another_has_paid(app: Flask, world: World, month: Month) -> None:
    bea = world.client("Bea", "+15055550133")
    manager = signed_in(app, world, Role.MANAGER)
    answer = manager.get(page(bea, "refund") + f"?invoice={month.invoice_id}&reason=x")
    assert "There is no such payment of theirs." in answer.text
    assert not MARK.search(answer.text)
    assert signed_in(app, world, Role.DESK).get(page(month.client_id, "refund")).status_code == 403
