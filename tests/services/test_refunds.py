"""Refunds: once, never more than was paid, with the unused credit; and the books right after each."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from assistant.db import billing as invoices
from assistant.db.spas import Service
from assistant.domain.billing import PaidBy
from assistant.domain.changing import ChangeQuote
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI
from assistant.domain.ledger import Account, Parts, refunded
from assistant.domain.membership import Standing
from assistant.domain.refunds import Claim, RefundQuote, RefundRefusal, Refused, TakeBack
from assistant.domain.tickets import Quote, Tender
from assistant.gateways.ports import GivenBack, NotGiven, Unanswered
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_ports import SandboxRefunds
from assistant.services import (
    billing,
    charges,
    checkout,
    collecting,
    credit_changes,
    ledger,
    plan_changes,
    refund_answers,
    refunds,
    refunds_outside,
    standings,
    taking_back,
    verification,
)
from assistant.services.checkout import Sold
from assistant.services.refunds import Refunded, Stale
from tests.services.test_plan_changes import offer
from tests.world import World

TODAY = date(2026, 11, 20)
DUES = 14_900
STAFF = {"actor": "staff:mia", "reason": "unhappy"}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Month:
    """A paid month of a member's."""

    world: World
    client_id: int
    membership_id: int
    invoice_id: int

    @property
    def spa_id(self) -> int:
        return self.world.spa.spa_id

    @property
    def attempt(self) -> dict[str, Any]:
        [(id_, payment_id, charge_id)] = self.world.rows(
            "SELECT id, payment_id, charge_id FROM charge_attempt WHERE invoice_id = %s AND status = 'succeeded'",
            (self.invoice_id,),
        )
        return {"id": id_, "payment": payment_id, "charge": charge_id}

    def quote(self, cents: int | None = None, *, forced: bool = False) -> RefundQuote | Refused:
        with self.world.rt.unit_of_work() as uow:
            return refunds.quote_refund(uow, self.spa_id, self.invoice_id, cents, forced=forced)

    def quoted(self, cents: int | None = None, *, forced: bool = False) -> RefundQuote:
        quote = self.quote(cents, forced=forced)
        assert isinstance(quote, RefundQuote), quote
        return quote

    def refund(self, cents: int | None = None, *, forced: bool = False, approved_by: str | None = None) -> refunds.Done:
        quote = self.quoted(cents, forced=forced)
        return refunds.refund(self.world.rt, self.spa_id, self.invoice_id, quote, **STAFF, approved_by=approved_by)


def paid_month(world: World, name: str = "Ana", **terms: object) -> Month:
    client_id = world.client(name, f"+1505555{1000 + len(world.rows('SELECT 1 FROM client'))}")
    membership_id = world.enrol(client_id, anchor_on=TODAY, **terms)  # type: ignore[arg-type]
    world.card(client_id)
    world.bill()
    [(invoice_id,)] = world.rows("SELECT id FROM invoice WHERE client_id = %s AND status = 'paid'", (client_id,))
    return Month(world, client_id, membership_id, int(str(invoice_id)))


@pytest.fixture
def month(world: World) -> Month:
    return paid_month(world)


def right(world: World) -> None:
    """The books are right, and what went back by them is what went back by the processor's."""
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
        clearing = ledger.balance(uow, world.spa.spa_id, Account.CLEARING, "USD")
    assert clearing == processors(world)


def processors(world: World) -> int:
    """What the processor has for us, less its fees, refunds and disputes; and what is in the till."""
    net = sum(each["net"] for each in world.stripe.all("balance_transaction"))
    [(cash,)] = world.rows(
        "SELECT coalesce(sum(dues_cents + setup_fee_cents), 0)::bigint FROM invoice WHERE paid_by IN ('cash', 'cheque')"
    )
    [(back,)] = world.rows(
        "SELECT coalesce(sum(cents), 0)::bigint FROM refund WHERE tender <> 'card' AND status = 'done'"
    )
    return net + int(str(cash)) - int(str(back))


def balance(world: World, account: Account) -> int:
    with world.rt.unit_of_work() as uow:
        return ledger.balance(uow, world.spa.spa_id, account, "USD")


def lots(world: World, client_id: int) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT remaining, held, cents_left FROM credit_lot WHERE client_id = %s ORDER BY id", (client_id,)
    )


def rows(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT cents, status, refund_id IS NOT NULL FROM refund ORDER BY id")


def tasks(world: World) -> list[object]:
    return [kind for (kind,) in world.rows("SELECT kind FROM staff_task WHERE closed_at IS NULL ORDER BY id")]


def given(world: World) -> list[int]:
    return [each["amount"] for each in world.stripe.all("refund") if each["status"] == "succeeded"]


def test_a_whole_month_goes_back_with_its_unused_credit(month: Month) -> None:
    world = month.world
    assert month.quoted().parts == Parts(deferred=DUES)
    assert isinstance(month.refund(), Refunded)
    assert (rows(world), given(world)) == ([(DUES, "done", True)], [DUES])
    assert lots(world, month.client_id) == [(0, 0, 0)]
    assert balance(world, Account.DEFERRED) == 0
    right(world)
    world.settle()
    assert "$149" in world.received(world.rows("SELECT number FROM phone")[0][0])[-1]  # type: ignore[arg-type]
    assert month.quote() == Refused(RefundRefusal.NOTHING_LEFT)
    assert (tasks(world), rows(world)) == ([], [(DUES, "done", True)])
    right(world)


def test_a_refund_of_a_part_leaves_the_credit_with_less_behind_it(month: Month) -> None:
    world = month.world
    quote = month.quoted(5_000)
    assert (quote.parts, quote.left_cents) == (Parts(deferred=5_000), 9_900)
    assert isinstance(month.refund(5_000), Refunded)
    assert lots(world, month.client_id) == [(MILLI, 0, 9_900)]
    right(world)
    world.spend(month.client_id)
    assert balance(world, Account.REVENUE) == -9_900
    assert month.quote() == Refused(RefundRefusal.NOTHING_LEFT)
    right(world)


def test_a_refund_of_a_part_takes_whole_credits_in_proportion_and_dollars_to_the_cent(world: World) -> None:
    two = [{"unit": "visit", "amount": 2 * MILLI}, {"unit": "USD", "amount": 4_900}]
    month = paid_month(world, dues_cents=DUES, grants=two)
    before = lots(world, month.client_id)
    assert isinstance(month.refund(10_000), Refunded)
    (visits, _, behind), (dollars, _, paid) = lots(world, month.client_id)
    assert visits == MILLI
    assert int(str(behind)) + int(str(paid)) == 4_900
    [_, (all_dollars, _, all_paid)] = before
    assert abs(int(str(dollars)) - int(str(all_dollars)) * int(str(paid)) / int(str(all_paid))) < 3
    right(world)
    assert isinstance(month.refund(), Refunded)
    assert lots(world, month.client_id) == [(0, 0, 0), (0, 0, 0)]
    assert given(world) == [10_000, 4_900]
    right(world)


def test_access_goes_back_by_the_days_that_are_left(world: World) -> None:
    month = paid_month(world, access_cents=6_000)
    assert month.quoted(6_000).parts == Parts(access=6_000)
    world.clock.advance(timedelta(days=10))
    quote = month.quoted()
    assert quote.parts == Parts(access=4_000, revenue=2_000, deferred=8_900)
    assert isinstance(month.refund(7_000), Refunded)
    assert month.quoted().parts == Parts(revenue=0, deferred=7_900)
    assert lots(world, month.client_id) == [(MILLI, 0, 7_900)]
    right(world)


def test_of_a_month_whose_credit_was_used_what_is_left_goes_back(world: World) -> None:
    month = paid_month(world, grants=[{"unit": "visit", "amount": MILLI}, {"unit": "extra", "amount": MILLI}])
    [(_, _, visit), (_, _, extra)] = lots(world, month.client_id)
    world.spend(month.client_id)
    quote = month.quoted()
    assert (quote.cents, quote.used_cents, quote.left_cents) == (extra, visit, visit)
    assert month.quote(DUES) == Refused(RefundRefusal.TOO_MUCH, int(str(extra)))
    assert isinstance(month.refund(), Refunded)
    assert lots(world, month.client_id) == [(0, 0, 0), (0, 0, 0)]
    assert month.quote() == Refused(RefundRefusal.NOTHING_LEFT)
    right(world)


def test_all_of_it_is_forced_by_a_manager_who_claims_the_used_credit_back(month: Month) -> None:
    world = month.world
    world.spend(month.client_id)
    assert month.quote() == Refused(RefundRefusal.NOTHING_LEFT)
    quote = month.quoted(forced=True)
    assert (quote.parts, quote.claims, quote.needs_manager) == (Parts(goodwill=DUES), (Claim("visit", MILLI),), True)
    assert month.refund(forced=True) == Refused(RefundRefusal.NEEDS_MANAGER, DUES)
    assert isinstance(month.refund(forced=True, approved_by="staff:boss"), Refunded)
    assert world.rows("SELECT unit, amount, remaining, approved_by FROM credit_claim") == [
        ("visit", MILLI, MILLI, "staff:boss")
    ]
    assert month.quote(forced=True) == Refused(RefundRefusal.NOTHING_LEFT)
    right(world)


def test_a_large_refund_needs_a_manager(month: Month) -> None:
    month.world.rows("UPDATE spa SET policy = %s RETURNING 1", (Jsonb({"staff_refund_cents": 10_000}),))
    assert isinstance(month.refund(10_000), Refunded)
    again = paid_month(month.world, "Bo")
    assert again.refund() == Refused(RefundRefusal.NEEDS_MANAGER, DUES)
    assert isinstance(again.refund(approved_by="staff:boss"), Refunded)
    assert len(month.world.rows("SELECT 1 FROM audit WHERE act = 'refund'")) == 2
    right(month.world)


def test_what_was_used_between_quote_and_yes_makes_it_stale(world: World) -> None:
    month = paid_month(world, grants=[{"unit": "visit", "amount": 2 * MILLI}])
    quote = month.quoted(5_000)
    world.spend(month.client_id)
    answer = refunds.refund(world.rt, month.spa_id, month.invoice_id, quote, **STAFF)
    assert isinstance(answer, Stale)
    assert answer.quote.used_cents == 7_450
    assert isinstance(refunds.refund(world.rt, month.spa_id, month.invoice_id, answer.quote, **STAFF), Refunded)
    right(world)


def test_two_at_once_give_it_back_once(month: Month) -> None:
    world, quote = month.world, month.quoted()
    free = replace(world.rt, refunds=SandboxRefunds(world.stripe))

    def give(_: int) -> refunds.Done:
        return refunds.refund(free, month.spa_id, month.invoice_id, quote, **STAFF)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(give, range(4)))
    assert sum(isinstance(each, Refunded) for each in answers) == 1
    assert {each.why for each in answers if isinstance(each, Refused)} <= {
        RefundRefusal.IN_DOUBT,
        RefundRefusal.NOTHING_LEFT,
    }
    assert given(world) == [DUES]
    right(world)


LOST = (StripeFault.FAIL_AFTER, StripeFault.FAIL_BEFORE, StripeFault.HANG_AFTER, StripeFault.STORE_500)


@pytest.mark.parametrize("kind", LOST)
def test_an_answer_that_is_lost_is_looked_up_and_never_given_twice(month: Month, kind: StripeFault) -> None:
    world = month.world
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    world.stripe.faults.add(Trouble(kind, on="refunds.create", milliseconds=60_000 if kind is LOST[2] else 0))
    assert isinstance(month.refund(), Unanswered)
    assert lots(world, month.client_id) == [(MILLI, MILLI, DUES)]
    assert month.quote() == Refused(RefundRefusal.IN_DOUBT)
    assert rows(world) == [(DUES, "unanswered", False)]
    assert not refund_answers.resolve_next(world.rt)
    world.clock.advance(2 * MINUTE)
    while refund_answers.resolve_next(world.rt):
        pass
    if kind is StripeFault.STORE_500:  # that key is spent: after a day it is known that nothing went back
        for _ in range(8):
            world.clock.advance(timedelta(hours=4))
            while refund_answers.resolve_next(world.rt):
                pass
        assert (rows(world), given(world)) == ([(DUES, "failed", False)], [])
        assert lots(world, month.client_id) == [(MILLI, 0, DUES)]
        assert tasks(world) == ["refund_failed"]
        assert isinstance(month.refund(), Refunded)
    assert given(world) == [DUES]
    assert lots(world, month.client_id) == [(0, 0, 0)]
    right(world)


def test_a_webhook_that_comes_before_the_answer_settles_it(month: Month) -> None:
    world = month.world
    world.stripe.faults.add(Trouble(StripeFault.RESET_AFTER, on="refunds.create"))
    assert isinstance(month.refund(), Unanswered)
    world.settle()
    assert (rows(world), tasks(world)) == ([(DUES, "done", True)], [])
    right(world)


def test_what_the_processor_refuses_leaves_everything_as_it_was(month: Month) -> None:
    world = month.world
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    world.stripe.open_dispute(month.attempt["charge"])
    assert month.refund() == NotGiven("charge_disputed")
    assert lots(world, month.client_id) == [(MILLI, 0, DUES)]
    assert (rows(world), tasks(world)) == ([(DUES, "failed", False)], ["refund_failed"])


@pytest.mark.parametrize("used", [False, True])
def test_a_refund_that_the_bank_sends_back_is_undone_and_somebodys(month: Month, *, used: bool) -> None:
    world = month.world
    if used:
        world.spend(month.client_id)
    month.refund(forced=used, approved_by="staff:boss")
    world.settle()
    world.clock.advance(timedelta(days=5))
    [refund] = world.stripe.all("refund")
    world.stripe.fail_refund(refund["id"])
    world.settle()
    assert (rows(world), tasks(world)) == ([(DUES, "failed", True)], ["refund_failed"])
    assert lots(world, month.client_id) == ([(0, 0, 0)] if used else [(MILLI, 0, DUES)])
    assert world.rows("SELECT sum(remaining)::int FROM credit_claim") == [(0 if used else None,)]
    right(world)
    assert isinstance(month.refund(forced=used, approved_by="staff:boss"), Refunded)
    right(world)


def test_a_part_that_was_used_while_the_money_was_on_its_way_is_a_courtesy(month: Month) -> None:
    world = month.world
    world.stripe.faults.add(Trouble(StripeFault.FAIL_AFTER, on="refunds.create"))
    month.refund(5_000)
    world.spend(month.client_id)
    world.settle()
    assert balance(world, Account.GOODWILL) == 5_000
    assert balance(world, Account.REVENUE) == -DUES
    right(world)


# --- elsewhere -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cents", [5_000, None])
def test_what_is_given_back_at_the_processor_is_booked_once_and_one_task(month: Month, cents: int | None) -> None:
    world = month.world
    world.stripe.refund(month.attempt["payment"], cents)
    world.settle()
    assert (rows(world), tasks(world)) == ([(cents or DUES, "done", True)], ["refund_outside"])
    assert lots(world, month.client_id) == [(MILLI, 0, 9_900) if cents else (0, 0, 0)]
    right(world)
    world.stripe.fail_refund(world.stripe.all("refund")[0]["id"])
    world.settle()
    assert lots(world, month.client_id) == [(MILLI, 0, DUES)]
    right(world)


def test_two_refunds_at_the_processor_are_counted_each_once(month: Month) -> None:
    world = month.world
    for cents in (1_000, 1_500):
        world.stripe.refund(month.attempt["payment"], cents)
    world.settle()
    assert [cents for cents, *_ in rows(world)] == [1_000, 1_500]
    assert month.quoted().cents == 12_400
    assert tasks(world) == ["refund_outside", "refund_outside"]
    right(world)


def test_what_was_used_and_is_given_back_at_the_processor_is_a_courtesy(month: Month) -> None:
    world = month.world
    world.spend(month.client_id)
    world.stripe.refund(month.attempt["payment"])
    world.settle()
    assert balance(world, Account.GOODWILL) == DUES
    assert world.rows("SELECT 1 FROM credit_claim") == []
    right(world)


def test_told_by_many_at_once_it_is_booked_once(month: Month) -> None:
    world = month.world
    refund = world.stripe.refund(month.attempt["payment"], 5_000)
    told = GivenBack(refund["id"], month.attempt["payment"], None, 5_000)
    start = Barrier(4)

    def hear(_: int) -> bool:
        start.wait()
        return refunds_outside.heard(world.rt, month.spa_id, told)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(hear, range(4))) == [True] * 4
    assert rows(world) == [(5_000, "done", True)]
    right(world)


def test_the_last_of_a_lot_leaves_no_crumb_of_its_dues_behind(month: Month) -> None:
    """Uses beside it round down: what that leaves over is earned, and not owed for ever."""
    [(lot_id,)] = month.world.rows("SELECT id FROM credit_lot")
    with month.world.rt.unit_of_work() as uow:
        whole = TakeBack(int(str(lot_id)), month.client_id, "visit", MILLI, DUES - 1)
        assert taking_back.take(uow, month.spa_id, "k", [whole]) == 0
        ledger.post(uow, month.spa_id, [refunded("r", uow.now, Parts(deferred=DUES - 1))])
    assert balance(month.world, Account.REVENUE) == -1
    with month.world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))


# --- gifts, mistakes, the desk ---------------------------------------------------------------------------------------


def test_a_gift_that_is_not_used_is_reclaimed_and_one_that_is_stays_paid(world: World) -> None:
    month = paid_month(world, grants=[{"unit": "visit", "amount": 2 * MILLI}])
    friend = world.client("Bo", "+15055550177")
    with world.rt.unit_of_work() as uow:
        credit_changes.transfer(
            uow,
            month.spa_id,
            giver_id=month.client_id,
            taker_id=friend,
            unit="visit",
            amount=MILLI,
            key="birthday",
            by=credit_changes.By(actor="staff:mia", reason="a gift"),
        )
    assert lots(world, friend) == [(MILLI, 0, 7_450)]
    quote = month.quoted()
    assert {each.client_id for each in quote.takes} == {month.client_id, friend}
    assert quote.cents == DUES
    world.spend(friend)
    assert month.quoted().cents == 7_450
    assert month.quoted(forced=True).claims == (Claim("visit", MILLI),)
    assert isinstance(month.refund(), Refunded)
    assert (lots(world, friend), lots(world, month.client_id)) == ([(0, 0, 0)], [(0, 0, 0)])
    right(world)


def test_what_was_taken_by_mistake_goes_back_and_its_task_is_closed(world: World) -> None:
    client_id = world.client("Ana")
    membership_id = world.enrol(client_id, anchor_on=TODAY)
    world.card(client_id)
    world.stripe.faults.add(Trouble(StripeFault.RESET_AFTER, on="payment_intents.create"))
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=1))
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    [(attempt_id,)] = world.rows("SELECT id FROM charge_attempt")
    with world.rt.unit_of_work() as uow:
        standings.move(uow, world.spa.spa_id, membership_id, Standing.ENDED, actor="staff:mia", today=TODAY)
    world.pass_time(timedelta(minutes=3))
    assert tasks(world) == ["refund_due"]
    answer = refunds.mistaken(world.rt, world.spa.spa_id, int(str(attempt_id)), actor="staff:mia", reason="paid twice")
    assert isinstance(answer, Refunded)
    assert (tasks(world), given(world), balance(world, Account.OWED_BACK)) == ([], [DUES], 0)
    again = refunds.mistaken(world.rt, world.spa.spa_id, int(str(attempt_id)), actor="staff:mia", reason="again")
    assert again == Refused(RefundRefusal.NOTHING_LEFT)
    right(world)


def test_what_was_paid_at_the_desk_goes_back_at_the_desk(world: World) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=TODAY, collection="manual")
    world.bill()
    [(invoice_id,)] = world.rows("SELECT id FROM invoice")
    with world.rt.unit_of_work() as uow:
        owed = invoices.owed(uow, world.spa.spa_id, int(str(invoice_id)))
        assert owed
        assert refunds.quote_refund(uow, world.spa.spa_id, int(str(invoice_id))) == Refused(RefundRefusal.NOT_PAID)
        collecting.received(uow, owed, PaidBy.CASH)
    month = Month(world, client_id, 1, int(str(invoice_id)))
    answer = month.refund()
    assert isinstance(answer, Refunded)
    assert (answer.tender, given(world)) == ("cash", [])
    assert rows(world) == [(DUES, "done", False)]
    right(world)


def test_nobodys_invoice_is_not_refunded(world: World) -> None:
    with world.rt.unit_of_work() as uow, pytest.raises(LookupError):
        refunds.quote_refund(uow, world.spa.spa_id, 99)
    assert refunds.mistaken(world.rt, world.spa.spa_id, 99, actor="a", reason="b") == Refused(RefundRefusal.NOT_PAID)
    with world.rt.unit_of_work() as uow, pytest.raises(LookupError):
        refund_answers.settle(uow, world.spa.spa_id, 99, GivenBack("re", "pi", None, 1))


# --- tickets ---------------------------------------------------------------------------------------------------------

TICKET = Cart(lines=(CartLine(code="peel"),), tip_cents=2_000)


@pytest.fixture
def ticket(world: World) -> int:
    """A sale of $140.00, 10 % tax and a tip, paid by card."""
    peel = {"code": "peel", "name": "Gentle Peel", "category": "facials", "list_price_cents": 14_000, "taxable": True}
    with world.rt.unit_of_work() as uow:
        uow.session.add(Service(spa_id=world.spa.spa_id, **peel))
        uow.sql("UPDATE spa SET policy = %s", (Jsonb({"tax_basis_points": 1_000}),))
    client_id = world.client("Ana")
    world.card(client_id)
    with world.rt.unit_of_work() as uow:
        quote = checkout.quote(uow, world.spa.spa_id, client_id, TICKET)
    assert isinstance(quote, Quote)
    sold = checkout.commit(
        world.rt, world.spa.spa_id, client_id, TICKET, quote, key="till", tender=Tender.CARD, actor="staff:mia"
    )
    assert isinstance(sold, Sold), sold
    world.settle()
    [(ticket_id,)] = world.rows("SELECT id FROM ticket")
    return int(str(ticket_id))


def back(world: World, ticket: int, cents: int | None = None) -> refunds.Done:
    return refunds.refund_ticket(world.rt, world.spa.spa_id, ticket, cents, **STAFF)


def test_a_ticket_goes_back_with_its_tax_and_its_tip_last(world: World, ticket: int) -> None:
    assert isinstance(back(world, ticket, 7_700), Refunded)
    assert (balance(world, Account.REVENUE), balance(world, Account.TAX)) == (-7_000, -700)
    assert back(world, ticket, 9_701) == Refused(RefundRefusal.TOO_MUCH, 9_700)
    assert isinstance(back(world, ticket), Refunded)
    for account in (Account.REVENUE, Account.TAX, Account.TIPS):
        assert balance(world, account) == 0
    assert back(world, ticket) == Refused(RefundRefusal.NOTHING_LEFT)
    assert given(world) == [7_700, 9_700]
    world.settle()
    assert tasks(world) == []
    right(world)
    [(order,)] = world.rows("SELECT invoice_id FROM ticket")
    with world.rt.unit_of_work() as uow:
        refused = refunds.quote_refund(uow, world.spa.spa_id, int(str(order)))
    assert refused == Refused(RefundRefusal.OF_A_TICKET)


def test_a_ticket_is_given_back_at_the_processor_and_lost_to_a_bank(world: World, ticket: int) -> None:
    [(payment_id, charge_id)] = world.rows("SELECT payment_id, charge_id FROM charge_attempt")
    world.stripe.refund(str(payment_id), 7_700)
    world.settle()
    assert tasks(world) == ["refund_outside"]
    assert balance(world, Account.TAX) == -700
    right(world)
    dispute = world.stripe.open_dispute(str(charge_id))
    world.settle()
    assert back(world, ticket) == Refused(RefundRefusal.DISPUTED)
    world.stripe.close_dispute(dispute["id"], "lost")
    world.settle()
    assert balance(world, Account.LOSSES) == 9_700
    assert back(world, ticket) == Refused(RefundRefusal.NOTHING_LEFT)
    right(world)


def test_a_change_of_plan_that_was_paid_goes_back_too(world: World) -> None:
    """What is due for the days that are left bought access, and dollars: those are taken back."""
    month = paid_month(world)
    offer(world, "luxe", 24_900)
    with world.rt.unit_of_work() as uow:
        quote = plan_changes.quote_change(uow, month.spa_id, month.membership_id, "luxe")
    assert isinstance(quote, ChangeQuote)
    plan_changes.change(world.rt, month.spa_id, month.membership_id, quote, actor="staff:mia")
    [(order, cents)] = world.rows("SELECT id, dues_cents FROM invoice WHERE kind = 'order' AND status = 'paid'")
    month = replace(month, invoice_id=int(str(order)))
    before = balance(world, Account.DEFERRED)
    assert month.quoted().cents == cents
    assert isinstance(month.refund(), Refunded)
    assert balance(world, Account.DEFERRED) == before
    assert balance(world, Account.ACCESS) == 0
    assert world.rows("SELECT 1 FROM credit_lot WHERE invoice_id = %s AND remaining > 0", (order,)) == []
    right(world)
