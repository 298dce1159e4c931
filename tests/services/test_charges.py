"""Charging what is owed: asked once under a key of its own, never guessed, never asked of whom it must not be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from assistant.db import billing as table
from assistant.db.spas import CreditKind, Spa, house
from assistant.domain.billing import Cause, PaidBy
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.gateways.ports import Approved, Card, ChargeAnswer, ChargeOrder, Declined, Payment
from assistant.gateways.stripe_payments import StripePayments
from assistant.runtime import UnitOfWork
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_pages import Turn
from assistant.sandbox.stripe_ports import BookAsk
from assistant.services import (
    attempts,
    billing,
    cards,
    charges,
    choices,
    doubts,
    links,
    reconcile,
    standings,
    verification,
)
from assistant.services.billing import Refused
from assistant.services.cards import Redirect
from assistant.services.choices import InDoubt, NeedsCard, Nothing, Trying
from assistant.services.links import Purpose
from tests.world import PUBLIC, World

TODAY = date(2026, 11, 20)
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
LOST = Verdict("lost_card", "do_not_try_again", "41")
YES = Approved("pi_late", "ch_late", 14_900, 462)
NO = Declined("pi_late", "insufficient_funds")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Member:
    """A client who owes dues today, and whose card they are asked of."""

    client_id: int
    membership_id: int
    customer_id: str
    card: str


def member(
    world: World, *says: Verdict, number: str = "pm_card_visa", anchor_on: date = TODAY, **terms: object
) -> Member:
    client_id = world.client("Ana")
    membership_id = world.enrol(client_id, anchor_on=anchor_on, **terms)  # type: ignore[arg-type]
    card = world.card(client_id, number)
    if says:
        world.stripe.behave(card, *says)
    [(customer_id,)] = world.rows("SELECT customer_id FROM payer WHERE client_id = %s", (client_id,))
    return Member(client_id, membership_id, str(customer_id), card)


def fault(world: World, kind: StripeFault, on: str = "payment_intents.create", times: int | None = 1) -> None:
    milliseconds = 60_000 if kind is StripeFault.HANG_AFTER else 0
    world.stripe.faults.add(Trouble(kind, on=on, milliseconds=milliseconds, times=times))


def silent(world: World) -> None:
    """Stripe tells nothing by itself."""
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))


def charged(world: World) -> list[str]:
    """What each payment came to, by the card processor's own book."""
    return [each["status"] for each in world.stripe.all("payment_intent")]


def keys(world: World) -> list[object]:
    return [each["metadata"]["key"] for each in world.stripe.all("payment_intent")]


def credit(world: World, client_id: int) -> int:
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
    [(left,)] = world.rows(
        "SELECT coalesce(sum(remaining), 0)::bigint FROM credit_lot WHERE client_id = %s", (client_id,)
    )
    return int(str(left))


def booked(world: World) -> list[object]:
    return [kind for (kind,) in world.rows("SELECT kind FROM ledger_entry ORDER BY id")]


def tasks(world: World) -> list[object]:
    return [kind for (kind,) in world.rows("SELECT kind FROM staff_task WHERE closed_at IS NULL ORDER BY id")]


def cases(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT rule, outcome FROM dunning_case ORDER BY id")


def the_invoice(world: World) -> int:
    [(invoice_id,)] = world.rows("SELECT id FROM invoice")
    return int(str(invoice_id))


def the_attempt(world: World) -> int:
    [(attempt_id,)] = world.rows("SELECT id FROM charge_attempt")
    return int(str(attempt_id))


def do(world: World, act: Callable[[UnitOfWork], object]) -> object:
    found = world.rt.transact(act)
    world.settle()
    return found


def answered(world: World, answer: ChargeAnswer) -> bool:
    """An answer to the one attempt, from wherever."""
    attempt_id = the_attempt(world)
    return bool(do(world, lambda uow: attempts.settle(uow, world.spa.spa_id, attempt_id, answer)))


def ended(world: World, who: Member) -> None:
    with world.rt.unit_of_work() as uow:
        assert standings.move(uow, 1, who.membership_id, Standing.ENDED, actor="staff:1", today=TODAY)


def new_card(world: World, who: Member, number: str, role: str = "current") -> str:
    method = world.stripe.add_card(who.customer_id, number)
    card = world.rt.vault.card(None, method)
    assert isinstance(card, Card)
    world.rt.transact(lambda uow: cards.arrived(uow, 1, who.client_id, card, source="desk", role=role))
    return method


def open_page(world: World, who: Member) -> str:
    with world.rt.unit_of_work() as uow:
        address = links.make(uow, 1, who.client_id, Purpose.CARD, sent_to="+15055550110")
    opened = cards.open_page(world.rt, address.rpartition("/")[2], "0110", return_url=f"{PUBLIC}/done")
    assert isinstance(opened, Redirect)
    return opened.url.rpartition("/")[2]


# ── asked once, and under which key ──


def test_a_day_is_charged_booked_banked_and_told(world: World) -> None:
    ana = member(world)
    world.bill()
    assert (world.invoices(), world.attempts()) == ([(0, "paid", None)], [(1, "succeeded", "cycle")])
    assert (charged(world), credit(world, ana.client_id)) == (["succeeded"], MILLI)
    assert len(world.received()) == 1
    world.bill()
    world.pass_time(DAY)
    assert (charged(world), booked(world)) == (["succeeded"], ["dues_collected", "credits_granted"])
    assert not reconcile.reconcile(world.rt, since=world.clock.now() - 7 * DAY).differences


def test_each_attempt_has_a_key_of_its_own(world: World) -> None:
    """Under the old key the old decline would be replayed for ever."""
    member(world, FUNDS, FUNDS)
    world.bill()
    for _ in range(10):
        world.pass_time(DAY)
    invoice = the_invoice(world)
    assert [status for _, status, _ in world.attempts()] == ["declined", "declined", "succeeded"]
    assert keys(world) == [f"inv:1.{invoice}:att:{number}" for number in (1, 2, 3)]
    assert cases(world) == [("later", "paid")]


def test_an_attempt_older_than_its_key_is_looked_up_and_never_asked_again(world: World) -> None:
    """Stripe did it, the answer was lost, nothing was told, and its list could not be had for a day."""
    silent(world)
    ana = member(world)
    fault(world, StripeFault.HANG_AFTER)
    fault(world, StripeFault.FAIL_BEFORE, "payment_intents.list", None)
    world.bill()
    for _ in range(8):
        world.pass_time(4 * HOUR)
    assert (world.attempts(), charged(world)) == ([(1, "unanswered", "cycle")], ["succeeded"])
    world.stripe.faults.lift()
    world.pass_time(4 * HOUR)
    assert (world.attempts(), charged(world)) == ([(1, "succeeded", "cycle")], ["succeeded"])
    assert (world.invoices(), credit(world, ana.client_id)) == ([(0, "paid", None)], MILLI)
    [key] = keys(world)
    order = ChargeOrder(None, str(key), ana.customer_id, ana.card, 14_900, {"spa": "1", "invoice": "1"})
    assert isinstance(world.rt.payments.charge(order), Approved)
    assert charged(world) == ["succeeded"] * 2, "this is what asking again would have done"


def test_within_its_key_s_life_what_never_happened_is_asked_again_under_it(world: World) -> None:
    member(world)
    fault(world, StripeFault.RESET_BEFORE)
    world.bill()
    assert (world.attempts(), charged(world)) == ([(1, "unanswered", "cycle")], [])
    world.pass_time(2 * MINUTE)
    assert (world.attempts(), charged(world)) == ([(1, "succeeded", "cycle")], ["succeeded"])


def test_what_never_happened_lapses_after_its_key_s_life_and_a_new_attempt_is_made(world: World) -> None:
    """A 500 is kept under the key for a day: the same key would get it again and again."""
    silent(world)
    member(world)
    fault(world, StripeFault.STORE_500)
    world.bill()
    for _ in range(7):
        world.pass_time(4 * HOUR)
    assert world.attempts() == [(1, "lapsed", "cycle"), (2, "succeeded", "cycle")]
    assert [str(key)[-5:] for key in keys(world)] == ["att:2"]


def test_a_lost_answer_is_found_by_listing_and_never_by_searching(world: World) -> None:
    asked: list[str] = []
    ask = BookAsk(world.stripe)

    def told(endpoint: str, *args: object, **kwargs: object) -> object:
        asked.append(endpoint)
        return ask(endpoint, *args, **kwargs)  # type: ignore[arg-type]

    silent(world)
    member(world)
    fault(world, StripeFault.HANG_AFTER)
    listening = replace(world, rt=replace(world.rt, payments=StripePayments(told)))  # type: ignore[arg-type]
    listening.bill()
    listening.pass_time(2 * MINUTE)
    assert asked == ["payment_intents.create", "payment_intents.list"]
    assert world.attempts() == [(1, "succeeded", "cycle")]


def test_who_is_throttled_is_asked_again_under_the_same_key_and_loses_no_attempt(world: World) -> None:
    member(world)
    fault(world, StripeFault.RATE_LIMIT, times=4 * 3)
    world.bill()
    waits = []
    while charged(world) == []:
        assert world.attempts() == [(1, "asked", "cycle")]
        [(due,)] = world.rows("SELECT next_attempt_at FROM invoice")
        waits.append(due - world.clock.now())  # type: ignore[operator]
        world.pass_time(waits[-1])
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120)]
    assert (world.attempts(), charged(world)) == ([(1, "succeeded", "cycle")], ["succeeded"])


def test_whose_membership_ends_while_stripe_has_no_time_holds_up_nobody(world: World) -> None:
    ana = member(world)
    fault(world, StripeFault.RATE_LIMIT, times=4)
    world.bill()
    ended(world, ana)
    world.pass_time(MINUTE)
    for _ in range(7):
        world.pass_time(4 * HOUR)
    assert (world.invoices(), charged(world)) == ([(0, "skipped", "ended")], [])
    assert [status for _, status, _ in world.attempts()] == ["lapsed"]


def test_while_a_charge_is_in_doubt_nobody_asks_again_and_nothing_else_settles_it(world: World) -> None:
    silent(world)
    ana = member(world)
    fault(world, StripeFault.HANG_AFTER)
    world.bill()
    invoice = the_invoice(world)
    cash = do(world, lambda uow: billing.record_payment(uow, 1, invoice, PaidBy.CASH, actor="staff:1"))
    waived = do(world, lambda uow: billing.waive(uow, 1, invoice, actor="staff:1", reason="kind"))
    assert (cash, waived) == (Refused("in_doubt"), Refused("in_doubt"))
    assert do(world, lambda uow: choices.pay(uow, 1, ana.client_id)) == InDoubt()
    assert do(world, lambda uow: choices.skip(uow, 1, ana.client_id, TODAY, actor="member")) == InDoubt()
    assert do(world, lambda uow: choices.rest(uow, 1, ana.client_id, TODAY, actor="member")) == InDoubt()
    assert do(world, lambda uow: billing.retry(uow, 1, invoice, actor="staff:1")) is None
    charges.attempt(world.rt, 1, invoice, Cause.STAFF)
    with pytest.raises(psycopg.errors.RestrictViolation, match="not known"):
        world.rows("UPDATE invoice SET status = 'waived', settled_at = now() WHERE id = %s", (invoice,))
    assert charged(world) == ["succeeded"]
    world.pass_time(2 * MINUTE)
    assert (world.attempts(), charged(world)) == ([(1, "succeeded", "cycle")], ["succeeded"])
    cash = do(world, lambda uow: billing.record_payment(uow, 1, invoice, PaidBy.CASH, actor="staff:1"))
    assert (cash, booked(world)) == (Refused("settled"), ["dues_collected", "credits_granted"])


# ── answers that come late ──


def test_a_failure_told_after_the_success_changes_nothing(world: World) -> None:
    ana = member(world)
    world.bill()
    assert not answered(world, NO)
    [paid] = world.stripe.all("payment_intent")
    late = Payment(paid["id"], paid["metadata"]["key"], {}, 14_900, 0, world.clock.now(), NO)
    assert doubts.heard(world.rt, late)
    assert (world.invoices(), world.attempts()) == ([(0, "paid", None)], [(1, "succeeded", "cycle")])
    assert (world.standing(ana.membership_id), cases(world)) == ("active", [])


def test_a_success_after_a_decline_was_written_is_the_truth_and_pays(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    assert (world.standing(ana.membership_id), cases(world)) == ("past_due", [("later", None)])
    assert answered(world, YES)
    assert not answered(world, YES), "told twice"
    assert (world.invoices(), world.attempts()) == ([(0, "paid", None)], [(1, "succeeded", "cycle")])
    assert (world.standing(ana.membership_id), cases(world)) == ("active", [("later", "paid")])
    assert (credit(world, ana.client_id), booked(world)) == (MILLI, ["dues_collected", "credits_granted"])


def test_a_success_after_it_was_settled_in_cash_is_owed_back(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    invoice = the_invoice(world)
    assert do(world, lambda uow: billing.record_payment(uow, 1, invoice, PaidBy.CASH, actor="staff:1")) is None
    assert answered(world, YES)
    assert (world.invoices(), credit(world, ana.client_id)) == ([(0, "paid", None)], MILLI)
    assert booked(world) == ["dues_collected", "credits_granted", "taken_by_mistake"]
    assert tasks(world) == ["refund_due"]


def test_another_amount_than_was_asked_is_owed_back(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    assert answered(world, replace(YES, amount_cents=14_901))
    assert (world.invoices(), booked(world)) == ([(0, "open", None)], ["taken_by_mistake"])
    assert (tasks(world), credit(world, ana.client_id)) == (["refund_due"], 0)


def test_a_membership_that_ends_while_its_charge_is_on_the_wire_is_owed_the_money_back(world: World) -> None:
    ana = member(world)
    payments = world.rt.payments

    class Slow:
        def charge(self, order: ChargeOrder) -> ChargeAnswer:
            answer = payments.charge(order)
            ended(world, ana)
            return answer

    slow = replace(world, rt=replace(world.rt, payments=Slow()))  # type: ignore[arg-type]
    billing.bill(slow.rt)
    assert charges.charge_next(slow.rt)
    world.settle()
    assert (world.invoices(), world.attempts()) == ([(0, "skipped", "ended")], [(1, "succeeded", "cycle")])
    assert (booked(world), tasks(world)) == (["taken_by_mistake"], ["refund_due"])
    assert (credit(world, ana.client_id), world.standing(ana.membership_id)) == (0, "ended")
    assert world.received() == []
    world.pass_time(40 * DAY)
    world.bill()
    assert charged(world) == ["succeeded"]


def test_a_membership_that_ends_while_its_charge_is_in_doubt_is_charged_by_nobody_else(world: World) -> None:
    ana = member(world)
    fault(world, StripeFault.RESET_BEFORE)
    world.bill()
    ended(world, ana)
    world.pass_time(2 * MINUTE)
    assert (world.invoices(), charged(world)) == ([(0, "skipped", "ended")], [])
    assert world.attempts() == [(1, "lapsed", "cycle")]


# ── whom, and with which card ──


def test_nothing_to_pay_completes_and_banks(world: World) -> None:
    ana = member(world, dues_cents=0)
    world.bill()
    assert (world.invoices(), world.attempts(), charged(world)) == ([(0, "paid", None)], [], [])
    assert (booked(world), credit(world, ana.client_id), world.received()) == (["credits_granted"], MILLI, [])


def test_who_pays_at_the_desk_is_asked_there_and_not_by_card(world: World) -> None:
    ana = member(world, collection="manual")
    world.bill()
    assert (world.invoices(), world.attempts(), world.standing(ana.membership_id)) == (
        [(0, "open", None)],
        [],
        "past_due",
    )
    for _ in range(9):
        world.pass_time(DAY)
    assert (world.attempts(), charged(world)) == ([], [])
    invoice = the_invoice(world)
    assert do(world, lambda uow: billing.record_payment(uow, 1, invoice, PaidBy.CHEQUE, actor="staff:1")) is None
    assert (world.invoices(), world.standing(ana.membership_id)) == ([(0, "paid", None)], "active")
    assert (booked(world), credit(world, ana.client_id)) == (["dues_collected", "credits_granted"], MILLI)


def test_without_a_card_it_is_asked_for(world: World) -> None:
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=TODAY)
    world.bill()
    assert (world.invoices(), world.attempts(), cases(world)) == ([(0, "open", None)], [], [("fix", None)])
    world.card(ana)
    world.settle()
    assert (world.attempts(), cases(world)) == ([(1, "succeeded", "card")], [("fix", "paid")])


def test_the_backup_is_asked_at_once_when_the_current_card_is_declined(world: World) -> None:
    ana = member(world, FUNDS)
    backup = new_card(world, ana, "5555555555554444", "backup")
    world.bill()
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "retry")]
    assert [each["payment_method"] for each in world.stripe.all("payment_intent")][1] == backup
    assert (cases(world), world.standing(ana.membership_id)) == ([], "active")


def test_when_both_cards_are_declined_the_ladder_begins_and_nobody_goes_in_circles(world: World) -> None:
    ana = member(world, FUNDS)
    world.stripe.behave(new_card(world, ana, "5555555555554444", "backup"), FUNDS)
    world.bill()
    world.pass_time(HOUR)
    assert [status for _, status, _ in world.attempts()] == ["declined"] * 2
    assert cases(world) == [("later", None)]


def test_a_number_that_may_never_be_asked_again_is_not_however_often_it_is_added(world: World) -> None:
    ana = member(world, LOST, number="4242424242424242")
    world.bill()
    assert cases(world) == [("never", None)]
    for _ in range(3):
        new_card(world, ana, "4242424242424242")
        world.settle()
        assert isinstance(do(world, lambda uow: choices.pay(uow, 1, ana.client_id)), NeedsCard)
        charges.attempt(world.rt, 1, the_invoice(world), Cause.STAFF)
        world.pass_time(3 * DAY)
    assert world.attempts() == [(1, "declined", "cycle")]
    new_card(world, ana, "5555555555554444")
    world.settle()
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "card")]


def test_a_person_may_try_a_card_three_times_a_day_however_often_it_is_added(world: World) -> None:
    ana = member(world, number="4242424242424242")
    world.stripe.behave(ana.card, standing=FUNDS)
    world.bill()
    for _ in range(4):
        world.stripe.behave(new_card(world, ana, "4242424242424242"), standing=FUNDS)
        world.settle()
    assert [(status, cause) for _, status, cause in world.attempts()] == [
        ("declined", "cycle"),
        *[("declined", "card")] * 3,
    ]


def test_one_number_s_limits_hold_across_the_cards_of_two_members(world: World) -> None:
    """The networks count numbers: a couple's card that was declined this morning is not tried for the other today."""
    first, second = member(world, FUNDS, number="4242424242424242"), world.client("Bo")
    world.enrol(second, anchor_on=TODAY)
    world.card(second, "4242424242424242")
    world.bill()
    assert world.standing(first.membership_id) == "past_due"
    assert [status for _, status, _ in world.attempts()] == ["declined"]
    world.pass_time(DAY + MINUTE)
    assert [status for _, status, _ in world.attempts()] == ["declined", "succeeded"]


def test_while_a_member_types_a_card_the_old_one_is_left_alone_for_an_hour(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    world.pass_time(DAY + MINUTE)
    page = open_page(world, ana)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE invoice SET next_attempt_at = %s, next_cause = 'retry'", (uow.now,))
    world.settle()
    world.pass_time(59 * MINUTE)
    assert [status for _, status, _ in world.attempts()] == ["declined"]
    world.pass_time(MINUTE)
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "retry")]
    assert world.stripe.type_card(page, "5555555555554444").turn is Turn.DONE
    world.settle()
    assert charged(world) == ["requires_payment_method", "succeeded"]


def test_a_person_s_own_try_waits_for_no_page(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    open_page(world, ana)
    assert do(world, lambda uow: choices.pay(uow, 1, ana.client_id)) == Trying(14_900)
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "member")]


@pytest.mark.parametrize("looks", ["the worker", "the janitor"])
def test_a_card_that_came_while_the_old_one_was_in_doubt_is_asked_once_that_is_known(world: World, looks: str) -> None:
    silent(world)
    ana = member(world, LOST)
    fault(world, StripeFault.HANG_AFTER)
    world.bill()
    new_card(world, ana, "5555555555554444")
    world.settle()
    assert (world.attempts(), charged(world)) == ([(1, "unanswered", "cycle")], ["requires_payment_method"])
    world.clock.advance(2 * MINUTE)
    if looks == "the janitor":
        assert doubts.resolve_next(world.rt)
    world.settle()
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "card")]
    assert world.standing(ana.membership_id) == "active"


# ── by a person ──


@pytest.mark.parametrize(("standing", "outcome"), [(Standing.PAUSED, "paused"), (Standing.ENDED, None)])
def test_who_rests_or_has_left_is_not_charged(world: World, standing: Standing, outcome: str | None) -> None:
    over = {"ended_on": TODAY} if standing is Standing.ENDED else {}
    member(world, standing=standing, **over)
    world.bill()
    assert world.invoices() == ([(0, "skipped", outcome)] if outcome else [])
    assert (world.attempts(), charged(world)) == ([], [])


@pytest.mark.parametrize(("to", "why"), [(Standing.PAUSED, "paused"), (Standing.ENDED, "ended")])
def test_who_rests_or_leaves_after_the_day_was_opened_is_not_charged(world: World, to: Standing, why: str) -> None:
    ana = member(world)
    billing.bill(world.rt)
    with world.rt.unit_of_work() as uow:
        assert standings.move(uow, 1, ana.membership_id, to, actor="staff:1", today=TODAY)
    world.settle()
    world.pass_time(DAY)
    assert (world.invoices(), world.attempts(), charged(world)) == ([(0, "skipped", why)], [], [])


def test_what_is_waived_is_neither_charged_nor_credited(world: World) -> None:
    ana = member(world, FUNDS)
    world.bill()
    invoice = the_invoice(world)
    assert do(world, lambda uow: billing.waive(uow, 1, invoice, actor="staff:1", reason="a leak in the roof")) is None
    assert do(world, lambda uow: choices.pay(uow, 1, ana.client_id)) == Nothing()
    assert do(world, lambda uow: billing.retry(uow, 1, invoice, actor="staff:1")) == Refused("settled")
    world.pass_time(5 * DAY)
    assert (world.invoices(), world.standing(ana.membership_id)) == ([(0, "waived", "staff")], "active")
    assert (charged(world), credit(world, ana.client_id)) == (["requires_payment_method"], 0)
    assert cases(world) == [("later", "waived")]


def test_three_months_away_charge_one_cycle_and_credit_one(world: World) -> None:
    ana = member(world, anchor_on=date(2026, 8, 20))
    world.bill()
    missed = [(cycle, "skipped", "missed") for cycle in range(3)]
    assert (world.invoices(), charged(world)) == ([*missed, (3, "paid", None)], ["succeeded"])
    assert credit(world, ana.client_id) == MILLI
    [(first,)] = world.rows("SELECT id FROM invoice WHERE cycle = 0")
    taken = do(world, lambda uow: billing.take_missed(uow, 1, int(str(first)), actor="staff:1"))
    again = do(world, lambda uow: billing.take_missed(uow, 1, int(str(first)), actor="staff:1"))
    assert (taken, again) == (None, Refused("settled"))
    assert (charged(world), credit(world, ana.client_id)) == (["succeeded"] * 2, 2 * MILLI)
    assert world.invoices()[:2] == [(0, "paid", None), (1, "skipped", "missed")]


def test_a_missed_cycle_is_not_taken_of_one_who_rests(world: World) -> None:
    ana = member(world, anchor_on=date(2026, 9, 20))
    world.bill()
    first, second = (int(str(id_)) for (id_,) in world.rows("SELECT id FROM invoice WHERE cycle < 2 ORDER BY cycle"))
    with world.rt.unit_of_work() as uow:
        taken = billing.take_missed(uow, 1, first, actor="staff:1")
        assert standings.move(uow, 1, ana.membership_id, Standing.PAUSED, actor="staff:1", today=TODAY)
    refused = do(world, lambda uow: billing.take_missed(uow, 1, second, actor="staff:1"))
    assert (taken, refused) == (None, Refused("resting"))
    assert world.invoices()[:2] == [(0, "skipped", "paused"), (1, "skipped", "missed")]
    assert (charged(world), credit(world, ana.client_id)) == (["succeeded"], MILLI)


def test_who_is_exempt_is_skipped_until_that_is_taken_back(world: World) -> None:
    ana = member(world)

    def exempt(why: str | None) -> None:
        do(world, lambda uow: billing.exempt(uow, 1, ana.membership_id, charging=why, dunning=None, actor="staff:1"))

    exempt("her daughter works here")
    world.bill()
    exempt(None)
    world.clock.advance(30 * DAY)
    world.bill()
    assert (world.invoices(), charged(world)) == ([(0, "skipped", "exempt"), (1, "paid", None)], ["succeeded"])


def test_what_nobody_owes_cannot_be_asked_of_a_bank_by_any_code(world: World) -> None:
    ana = member(world)
    world.bill()
    again = attempts.Chargeable(1, ana.customer_id, ana.card, "same")
    with world.rt.unit_of_work() as uow:
        owed = table.owed(uow, 1, the_invoice(world))
    assert owed is not None
    with pytest.raises(psycopg.errors.RestrictViolation, match="settled"):
        world.rt.transact(lambda uow: attempts.begin(uow, owed, Cause.CYCLE, again, 14_900))


# ── dates ──


def test_an_imported_member_is_charged_first_on_the_later_date(world: World) -> None:
    member(world, anchor_on=date(2026, 9, 25), first_cycle=3)
    for _ in range(40):
        world.bill()
        world.clock.advance(DAY)
    assert world.rows("SELECT cycle, due_on, status FROM invoice") == [(3, date(2026, 12, 25), "paid")]


def test_the_31st_of_january_is_the_last_of_february_and_the_31st_of_march(world: World) -> None:
    world.clock.advance(datetime(2027, 1, 31, 18, 0, tzinfo=UTC) - world.clock.now())
    member(world, anchor_on=date(2027, 1, 31))
    for _ in range(90):
        world.bill()
        world.clock.advance(DAY)
    due = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]
    assert world.rows("SELECT due_on, (paid_at AT TIME ZONE 'America/Denver')::date FROM invoice ORDER BY cycle") == [
        (day, day) for day in due
    ]


@pytest.mark.parametrize(
    ("nine", "day"),
    [
        (datetime(2027, 3, 13, 16, 0, tzinfo=UTC), date(2027, 3, 13)),
        (datetime(2027, 3, 14, 15, 0, tzinfo=UTC), date(2027, 3, 14)),  # an hour is missing
        (datetime(2027, 11, 6, 15, 0, tzinfo=UTC), date(2027, 11, 6)),
        (datetime(2027, 11, 7, 16, 0, tzinfo=UTC), date(2027, 11, 7)),  # an hour comes twice
    ],
)
def test_a_day_is_charged_from_nine_by_the_spa_s_own_clock(world: World, nine: datetime, day: date) -> None:
    member(world, anchor_on=day)
    world.clock.advance(nine - MINUTE - world.clock.now())
    world.bill()
    assert world.invoices() == []
    for _ in range(26):
        world.pass_time(MINUTE)
        world.bill()
        world.clock.advance(HOUR - MINUTE)
    assert (world.invoices(), charged(world)) == ([(0, "paid", None)], ["succeeded"])


# ── two spas ──


def test_two_spas_with_accounts_of_their_own_are_kept_apart(world: World) -> None:
    ana = member(world)
    with world.rt.unit_of_work() as uow:
        spa = Spa(
            name="Alder & Rain",
            zone="America/Denver",
            locale="en",
            number="+15055550200",
            help_phone="(505) 555-0202",
            help_email="hello@example.org",
            carrier_confirms_stop=False,
            stripe_account="acct_1",
        )
        uow.session.add(spa)
        uow.session.flush()
        words = {"en": ["visit credit", "visit credits"], "es": ["crédito de visita", "créditos de visita"]}
        uow.session.add(CreditKind(spa_id=spa.spa_id, unit="visit", words=words, reference_cents=16_500))
        uow.session.flush()
        found = house(uow, spa.spa_id)
    other = replace(world, spa=found)
    bo = other.client("Bo", "+15055550120")
    other.enrol(bo, anchor_on=TODAY, dues_cents=9_900)
    customer = cards.ensure_customer(world.rt, found.spa_id, bo, "acct_1")
    assert customer
    method = world.stripe.add_card(customer, "pm_card_visa", account="acct_1")
    card = world.rt.vault.card("acct_1", method)
    assert isinstance(card, Card)
    world.rt.transact(lambda uow: cards.arrived(uow, found.spa_id, bo, card, source="import"))
    fault(world, StripeFault.HANG_AFTER, times=None)
    silent(world)
    world.bill()
    world.stripe.faults.lift()
    world.pass_time(2 * MINUTE)
    ours, theirs = world.stripe.all("payment_intent"), world.stripe.all("payment_intent", account="acct_1")
    assert [(each["amount"], each["customer"]) for each in ours] == [(14_900, ana.customer_id)]
    assert [(each["amount"], each["customer"]) for each in theirs] == [(9_900, customer)]
    assert world.rows("SELECT spa_id, status FROM charge_attempt ORDER BY spa_id") == [
        (1, "succeeded"),
        (found.spa_id, "succeeded"),
    ]
    assert world.rows("SELECT spa_id, kind FROM ledger_entry WHERE kind = 'dues_collected' ORDER BY 1") == [
        (1, "dues_collected"),
        (found.spa_id, "dues_collected"),
    ]
    assert world.rt.payments.fetch(None, theirs[0]["id"]) is None


def test_terms_never_change_under_an_invoice(world: World) -> None:
    member(world, FUNDS)
    world.bill()
    with pytest.raises(psycopg.errors.RestrictViolation), world.rt.unit_of_work() as uow:
        uow.sql("UPDATE invoice SET dues_cents = 1")
    assert world.rows("SELECT dues_cents FROM invoice") == [(14_900,)]
