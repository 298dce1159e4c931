"""What befalls a card: renewed by the networks, taken away, added at the desk, about to run out."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.billing import PaidBy
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_pages import Turn
from assistant.services import billing, card_care, cards
from assistant.services.cards import ProviderAway, Redirect
from tests.world import ANA, PUBLIC, World

TODAY = date(2026, 11, 20)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EXPIRED, FUNDS = Verdict("expired_card"), Verdict("insufficient_funds")
LINK = re.compile(r"/card/([\w-]+)")


def member(world: World, *, standing: Verdict | None = None, name: str = "Ana", phone: str = ANA) -> tuple[int, str]:
    client_id = world.client(name, phone)
    world.enrol(client_id, anchor_on=TODAY)
    card = world.card(client_id)
    if standing:
        world.stripe.behave(card, standing=standing)
    return client_id, card


def shown(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT role, last4, exp_month, exp_year FROM card ORDER BY id")


def acts(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT act, actor FROM audit WHERE act LIKE 'card\\_%%' AND act <> 'card_added' ORDER BY id")


def row_of(world: World, card: str) -> int:
    [(card_id,)] = world.rows("SELECT id FROM card WHERE payment_method_id = %s", (card,))
    return int(str(card_id))


def open_page(world: World) -> str:
    token = [found for body in world.received() for found in LINK.findall(body)][-1]
    assert isinstance(cards.open_page(world.rt, token, ANA[-4:], return_url=PUBLIC), Redirect)
    [(page_id,)] = world.rows("SELECT page_id FROM card_page ORDER BY id DESC LIMIT 1")
    return str(page_id)


def expiring(world: World, client_id: int, month: int, year: int, *, exp: str = "4242424242424242") -> str:
    """A card that runs out then."""
    customer = cards.ensure_customer(world.rt, world.spa.spa_id, client_id, None)
    assert customer
    method = world.stripe.add_card(customer, exp, exp_month=month, exp_year=year)
    assert card_care.added_at_the_desk(world.rt, world.spa.spa_id, client_id, method, actor="staff:1")
    return method


# ── renewed ──


def test_a_renewed_card_is_shown_anew_and_what_is_owed_is_tried(world: World) -> None:
    _, card = member(world, standing=EXPIRED)
    world.bill()
    world.clock.advance(2 * DAY)
    world.stripe.renew_card(card, number="4000056655665556", exp_month=3, exp_year=2033)
    world.settle()
    world.pass_time(MINUTE)
    assert shown(world) == [("current", "5556", 3, 2033)]
    assert world.invoices() == [(0, "paid", None)]
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "retry")]
    assert acts(world) == [("card_renewed", "carrier")]


def test_a_card_that_is_renewed_again_and_again_is_tried_once_a_week(world: World) -> None:
    _, card = member(world, standing=EXPIRED)
    world.bill()
    for year in range(2033, 2038):
        world.clock.advance(DAY + MINUTE)
        world.stripe.renew_card(card, exp_year=year)
        world.stripe.behave(card, standing=EXPIRED)
        world.settle()
        world.pass_time(MINUTE)
    assert world.attempts() == [(1, "declined", "cycle"), (2, "declined", "retry")]
    assert len(acts(world)) == 5
    world.clock.advance(8 * DAY)
    world.stripe.renew_card(card, exp_year=2040)
    world.settle()
    world.pass_time(MINUTE)
    assert world.invoices() == [(0, "paid", None)]


def test_news_that_changes_nothing_changes_nothing(world: World) -> None:
    _, card = member(world, standing=EXPIRED)
    world.bill()
    spa_id = world.spa.spa_id
    assert card_care.refreshed(world.rt, spa_id, None, card)
    assert not card_care.refreshed(world.rt, spa_id, None, "pm_of_nobody")
    assert (acts(world), len(world.attempts())) == ([], 1)
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_methods.retrieve", times=None))
    with pytest.raises(ProviderAway):
        card_care.refreshed(world.rt, spa_id, None, card)


# ── taken away ──


def test_a_card_taken_away_at_the_processor_is_asked_no_more(world: World) -> None:
    _, card = member(world)
    assert world.rt.vault.detach(None, card)
    world.settle()
    assert [role for role, *_ in shown(world)] == ["old"]
    assert acts(world) == [("card_removed", "carrier")]
    world.bill()
    assert (world.attempts(), world.invoices()) == ([], [(0, "open", None)])
    assert LINK.search(world.received()[-1])


def test_news_of_a_card_that_is_attached_still_takes_nothing_away(world: World) -> None:
    _, card = member(world)
    assert card_care.detached(world.rt, world.spa.spa_id, None, card)
    assert [role for role, *_ in shown(world)] == ["current"]
    assert not card_care.detached(world.rt, world.spa.spa_id, None, "pm_of_nobody")


def test_after_a_customer_was_deleted_the_next_card_has_a_new_one(world: World) -> None:
    client_id, _ = member(world)
    [(before,)] = world.rows("SELECT customer_id FROM payer")
    spa_id = world.spa.spa_id
    assert card_care.customer_gone(world.rt, spa_id, None, str(before))
    assert not card_care.customer_gone(world.rt, spa_id, None, str(before))
    assert not card_care.customer_gone(world.rt, spa_id, None, "cus_of_nobody")
    assert [role for role, *_ in shown(world)] == ["old"]
    world.bill()
    world.stripe.type_card(open_page(world), "5555555555554444")
    world.settle()
    [(after,)] = world.rows("SELECT customer_id FROM payer WHERE client_id = %s", (client_id,))
    assert after != before
    assert world.invoices() == [(0, "paid", None)]


def test_a_client_has_a_card_taken_away(world: World) -> None:
    _, card = member(world)
    spa_id, row = world.spa.spa_id, row_of(world, card)
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_methods.detach", times=None))
    assert not card_care.remove(world.rt, spa_id, row, actor="staff:1")
    assert [role for role, *_ in shown(world)] == ["current"]
    world.stripe.faults.lift()
    assert card_care.remove(world.rt, spa_id, row, actor="staff:1")
    assert not card_care.remove(world.rt, spa_id, 999, actor="staff:1")
    world.settle()  # and the processor tells of it
    assert [role for role, *_ in shown(world)] == ["old"]
    assert acts(world) == [("card_removed", "staff:1")]
    found = world.stripe.get(card)
    assert found is not None
    assert found["customer"] is None


# ── at the desk ──


def test_a_card_at_the_desk_is_charged_all_that_is_owed(world: World) -> None:
    client_id, _ = member(world, standing=EXPIRED)
    world.enrol(client_id, anchor_on=TODAY, dues_cents=9_900)
    world.bill()
    [(customer,)] = world.rows("SELECT customer_id FROM payer")
    method = world.stripe.add_card(str(customer), "5555555555554444")
    spa_id = world.spa.spa_id
    assert card_care.added_at_the_desk(world.rt, spa_id, client_id, method, actor="staff:1")
    assert not card_care.added_at_the_desk(world.rt, spa_id, client_id, method, actor="staff:1")
    world.settle()
    assert [status for _, status, _ in world.invoices()] == ["paid", "paid"]
    assert [role for role, *_ in shown(world)] == ["old", "current"]
    assert world.rows("SELECT actor FROM audit WHERE act = 'card_added' ORDER BY id DESC LIMIT 1") == [("staff:1",)]


def test_a_card_of_somebody_elses_or_of_nobody_is_not_taken(world: World) -> None:
    client_id, _ = member(world, standing=EXPIRED)
    luz = world.client("Luz", "+15055550111")
    hers = world.card(luz, "5555555555554444")
    world.bill()
    spa_id = world.spa.spa_id
    [(customer,)] = world.rows("SELECT customer_id FROM payer WHERE client_id = %s", (luz,))
    other = world.stripe.add_card(str(customer), "6011111111111117")
    assert not card_care.added_at_the_desk(world.rt, spa_id, client_id, other, actor="staff:1")
    assert not card_care.added_at_the_desk(world.rt, spa_id, client_id, "pm_of_nobody", actor="staff:1")
    world.rt.vault.detach(None, hers)
    assert not card_care.added_at_the_desk(world.rt, spa_id, client_id, hers, actor="staff:1")
    world.settle()
    assert world.attempts() == [(1, "declined", "cycle")]
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_methods.retrieve", times=None))
    with pytest.raises(ProviderAway):
        card_care.added_at_the_desk(world.rt, spa_id, client_id, other, actor="staff:1")


def test_who_was_made_a_customer_at_the_processor_becomes_ours_by_their_card(world: World) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=TODAY)
    world.bill()
    customer = world.stripe.add_customer()
    method = world.stripe.add_card(customer, "4242424242424242")
    assert card_care.added_at_the_desk(world.rt, world.spa.spa_id, client_id, method, actor="staff:1")
    world.settle()
    assert world.rows("SELECT client_id, customer_id FROM payer") == [(client_id, customer)]
    assert world.invoices() == [(0, "paid", None)]


# ── about to run out ──


def test_who_holds_a_card_that_runs_out_is_told_once(world: World) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=TODAY, first_cycle=5)
    expiring(world, client_id, 12, 2026)
    world.clock.at = datetime(2026, 11, 14, 20, tzinfo=UTC)
    assert card_care.warn_of_expiry(world.rt) == 0
    world.clock.at = datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert card_care.warn_of_expiry(world.rt) == 1
    for day in (datetime(2026, 11, 16, 17, tzinfo=UTC), datetime(2026, 12, 2, 17, tzinfo=UTC)):
        assert card_care.warn_of_expiry(world.rt) == 0
        world.settle()
        world.clock.at = day
    [told] = world.received()
    assert "Dec 31" in told
    assert LINK.search(told)


def test_a_card_that_came_within_its_last_month_is_told_of_still(world: World) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=TODAY, first_cycle=5)
    world.clock.at = datetime(2026, 12, 3, 17, tzinfo=UTC)
    expiring(world, client_id, 12, 2026)
    assert card_care.warn_of_expiry(world.rt) == 1


def test_nobody_is_warned_of_what_was_renewed_or_is_used_no_more(world: World) -> None:
    renewed, left = world.client("Ana"), world.client("Luz", "+15055550111")
    world.enrol(renewed, anchor_on=TODAY, first_cycle=5)
    world.enrol(left, anchor_on=TODAY, standing="ended", ended_on=TODAY)  # type: ignore[arg-type]
    card = expiring(world, renewed, 12, 2026)
    expiring(world, left, 12, 2026, exp="5555555555554444")
    world.clock.at = datetime(2026, 11, 14, 20, tzinfo=UTC)
    world.stripe.renew_card(card, exp_month=12, exp_year=2030)
    world.settle()
    world.clock.at = datetime(2026, 11, 16, 20, tzinfo=UTC)
    assert card_care.warn_of_expiry(world.rt) == 0
    world.clock.at = datetime(2030, 11, 16, 20, tzinfo=UTC)
    assert card_care.warn_of_expiry(world.rt) == 1


# ── pages ──


def test_a_page_is_shut_when_what_it_was_for_is_settled(world: World) -> None:
    member(world, standing=EXPIRED)
    world.bill()
    page_id = open_page(world)
    assert card_care.shut_pages(world.rt) == 0
    [(invoice_id,)] = world.rows("SELECT id FROM invoice")
    with world.rt.unit_of_work() as uow:
        billing.record_payment(uow, world.spa.spa_id, int(str(invoice_id)), PaidBy.CASH, actor="staff:1")
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="checkout.sessions.expire", times=None))
    assert card_care.shut_pages(world.rt) == 0
    world.stripe.faults.lift()
    assert card_care.shut_pages(world.rt) == 1
    assert world.stripe.type_card(page_id, "4242424242424242").turn is Turn.CLOSED
    assert world.rows("SELECT status FROM card_page") == [("expired",)]
    assert card_care.shut_pages(world.rt) == 0
    world.settle()
    assert world.attempts() == [(1, "declined", "cycle")]
