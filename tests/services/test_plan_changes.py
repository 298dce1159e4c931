"""Changing plans: what was quoted is what happens, paid for once or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.changing import ChangeQuote, ChangeRefusal, Refusal
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.plans import Cadence, GrantTerms, Terms
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.services import billing, plan_changes, plans, standings, verification
from assistant.services.plan_changes import Changed, InDoubt, NotPaid, Scheduled, Stale
from tests.world import World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
VISIT = GrantTerms("visit", MILLI)
LOST = Verdict("lost_card", "do_not_try_again", "41")
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")


def offer(world: World, code: str, cents: int, **terms: object) -> int:
    of = {"grants": (VISIT,), "dues_cents": cents} | terms
    with world.rt.unit_of_work() as uow:
        return plans.offer(uow, 1, code, code.title(), Terms(**of), actor="staff:1").version_id  # type: ignore[arg-type]


@pytest.fixture
def membership(world: World) -> int:
    """Ana joined Glow on 20 November and paid; now it is 5 December, and half the period is left."""
    glow = offer(world, "glow", 14_900, access_cents=2_000)
    offer(world, "luxe", 24_900, access_cents=4_000)
    offer(world, "lite", 9_900)
    ana = world.client("Ana")
    world.card(ana)
    with world.rt.unit_of_work() as uow:
        joined = plans.join(uow, 1, ana, glow, today=TODAY)
    world.bill()
    world.clock.advance(15 * DAY)
    return joined.membership_id


def quote(world: World, membership: int, code: str = "luxe") -> ChangeQuote:
    with world.rt.unit_of_work() as uow:
        found = plan_changes.quote_change(uow, 1, membership, code)
    assert isinstance(found, ChangeQuote), found
    return found


def refused(world: World, membership: int, code: str = "luxe") -> ChangeRefusal:
    with world.rt.unit_of_work() as uow:
        found = plan_changes.quote_change(uow, 1, membership, code)
    assert isinstance(found, Refusal), found
    return found.reason


def change(world: World, membership: int, priced: ChangeQuote) -> plan_changes.Outcome:
    return plan_changes.change(world.rt, 1, membership, priced, actor="staff:1")


def plan_of(world: World, membership: int) -> object:
    [(code,)] = world.rows(
        "SELECT p.code FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
        " JOIN plan p ON p.id = v.plan_id"
        " WHERE m.id = %s",
        (membership,),
    )
    return code


def statuses(world: World) -> list[object]:
    return [status for (status,) in world.rows("SELECT status FROM plan_change ORDER BY id")]


def taken(world: World) -> list[int]:
    """What the card processor took, by its own book."""
    return [each["amount"] for each in world.stripe.all("payment_intent") if each["status"] == "succeeded"]


def holds(world: World) -> list[tuple[object, ...]]:
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
    return world.rows("SELECT unit, sum(remaining)::int FROM credit_lot GROUP BY 1 ORDER BY 1")


def behave(world: World, *says: Verdict) -> None:
    [(card,)] = world.rows("SELECT payment_method_id FROM card WHERE role = 'current'")
    world.stripe.behave(str(card), *says)


def fault(world: World, kind: StripeFault) -> None:
    milliseconds = 60_000 if kind is StripeFault.HANG_AFTER else 0
    world.stripe.faults.add(Trouble(kind, on="payment_intents.create", milliseconds=milliseconds))


# --- upwards ----------------------------------------------------------------------------------------------------------


def test_an_upgrade_is_paid_and_holds_at_once(world: World, membership: int) -> None:
    priced = quote(world, membership)
    assert (priced.due_cents, priced.credit_cents) == (5_000, 4_000)
    assert change(world, membership, priced) == Changed(priced)
    assert (plan_of(world, membership), taken(world), statuses(world)) == ("luxe", [14_900, 5_000], ["done"])
    assert holds(world) == [("USD", 4_000), ("visit", MILLI)]  # what was banked stays as it is
    legs = world.rows(
        "SELECT p.account, p.amount::int FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " WHERE e.key LIKE 'order:%%' AND e.key NOT LIKE '%%:credit' ORDER BY p.leg"
    )
    assert dict(legs)["deferred"] == -4_000  # type: ignore[call-overload]
    assert dict(legs)["access"] == -1_000  # type: ignore[call-overload]
    [(invoice, lot)] = world.rows(
        "SELECT i.id, l.invoice_id FROM invoice i JOIN credit_lot l ON l.invoice_id = i.id WHERE i.kind = 'order'"
    )
    assert invoice == lot
    assert world.rows("SELECT kind, delta_cents::int FROM membership_move WHERE kind = 'expansion'") == [
        ("expansion", 10_000)
    ]
    world.settle()
    assert world.received()[-1] == (
        "Ana, you are on Luxe now. $50.00 is paid. $40.00 of it is banked for you. All your credits stay."
        " Next charge: $249.00 on Dec 20. To change or leave before then, call (505) 555-0101."
    )


def test_the_next_bill_is_the_new_plans_and_of_no_other_day(world: World, membership: int) -> None:
    change(world, membership, quote(world, membership))
    for _ in range(16):
        world.clock.advance(DAY)
        world.bill()
    assert taken(world) == [14_900, 5_000, 24_900]
    assert holds(world) == [("USD", 4_000), ("visit", 2 * MILLI)]
    due = world.rows("SELECT cycle, due_on FROM invoice WHERE kind = 'dues' ORDER BY cycle")
    assert due == [(0, TODAY), (1, date(2026, 12, 20))]


def test_the_same_quote_twice_is_one_change(world: World, membership: int) -> None:
    priced = quote(world, membership)
    assert change(world, membership, priced) == change(world, membership, priced) == Changed(priced)
    assert (taken(world), statuses(world)) == ([14_900, 5_000], ["done"])


def test_at_once_from_two_places_is_one_change(world: World, membership: int) -> None:
    priced = quote(world, membership)
    rt = replace(world.rt, payments=SandboxPayments(world.stripe))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: plan_changes.change(rt, 1, membership, priced, actor="staff:1"), range(4)))
    assert Changed(priced) in found
    assert all(isinstance(each, Changed | InDoubt) for each in found)
    assert (taken(world), statuses(world), plan_of(world, membership)) == ([14_900, 5_000], ["done"], "luxe")


def test_two_plans_at_once_are_one_change(world: World, membership: int) -> None:
    offer(world, "royal", 34_900)
    priced = [quote(world, membership, code) for code in ("luxe", "royal")]
    rt = replace(world.rt, payments=SandboxPayments(world.stripe))
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda each: plan_changes.change(rt, 1, membership, each, actor="staff:1"), priced))
    assert sum(isinstance(each, Changed) for each in found) == 1
    assert len(taken(world)) == 2


def test_declined_nothing_changes(world: World, membership: int) -> None:
    behave(world, FUNDS)
    priced = quote(world, membership)
    assert change(world, membership, priced) == NotPaid("insufficient_funds")
    assert (plan_of(world, membership), taken(world), statuses(world)) == ("glow", [14_900], ["dropped"])
    assert holds(world) == [("visit", MILLI)]
    assert world.rows("SELECT status, reason FROM invoice WHERE kind = 'order'") == [("skipped", "declined")]
    assert world.rows("SELECT standing FROM membership") == [("active",)]
    assert world.rows("SELECT count(*) FROM dunning_case") == [(0,)]  # nobody is chased for what they only wished for
    world.settle()
    assert "did not go through" in world.received()[-1]
    for _ in range(5):
        world.pass_time(DAY)
    assert taken(world) == [14_900]
    assert change(world, membership, quote(world, membership)) != NotPaid("insufficient_funds")  # another day, again


@pytest.mark.parametrize("kind", [StripeFault.HANG_AFTER, StripeFault.RESET_AFTER, StripeFault.RESET_BEFORE])
def test_unanswered_it_is_looked_up_and_then_holds(world: World, membership: int, kind: StripeFault) -> None:
    fault(world, kind)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    priced = quote(world, membership)
    assert change(world, membership, priced) == InDoubt()
    assert (plan_of(world, membership), statuses(world)) == ("glow", ["unpaid"])
    assert refused(world, membership, "lite") is ChangeRefusal.ALREADY_CHANGING
    assert change(world, membership, priced) == InDoubt()  # and asking again asks nobody twice
    world.pass_time(timedelta(minutes=5))
    assert (plan_of(world, membership), taken(world), statuses(world)) == ("luxe", [14_900, 5_000], ["done"])
    assert holds(world) == [("USD", 4_000), ("visit", MILLI)]
    assert change(world, membership, priced) == Changed(priced)


def test_unanswered_and_declined_it_is_dropped(world: World, membership: int) -> None:
    behave(world, FUNDS)
    fault(world, StripeFault.RESET_AFTER)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    assert change(world, membership, quote(world, membership)) == InDoubt()
    world.pass_time(timedelta(minutes=5))
    assert (plan_of(world, membership), statuses(world)) == ("glow", ["dropped"])
    assert "did not go through" in world.received()[-1]


def test_one_who_left_meanwhile_gets_the_money_back(world: World, membership: int) -> None:
    fault(world, StripeFault.RESET_AFTER)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    change(world, membership, quote(world, membership))
    with world.rt.unit_of_work() as uow:
        standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY + 15 * DAY)
    world.pass_time(timedelta(minutes=5))
    assert (plan_of(world, membership), statuses(world)) == ("glow", ["dropped"])
    assert world.rows("SELECT kind FROM staff_task WHERE closed_at IS NULL") == [("refund_due",)]
    assert world.rows("SELECT sum(amount)::int FROM ledger_posting WHERE account = 'owed_back'") == [(-5_000,)]
    assert holds(world) == [("visit", MILLI)]


def test_an_order_that_nobody_charged_is_let_go(world: World, membership: int) -> None:
    """The worker died between placing the order and asking."""
    priced = quote(world, membership)
    with world.rt.unit_of_work() as uow:
        plan_changes.begin(uow, 1, membership, priced, actor="staff:1")
    assert plan_changes.drop_abandoned(world.rt) == 0
    world.clock.advance(timedelta(minutes=16))
    assert plan_changes.drop_abandoned(world.rt) == 1
    assert plan_changes.drop_abandoned(world.rt) == 0
    assert (plan_of(world, membership), statuses(world)) == ("glow", ["dropped"])
    assert change(world, membership, quote(world, membership)) == Changed(priced)


def test_one_that_died_before_it_asked_goes_on_with_the_same_order(world: World, membership: int) -> None:
    priced = quote(world, membership)
    with world.rt.unit_of_work() as uow:
        plan_changes.begin(uow, 1, membership, priced, actor="staff:1")
    assert change(world, membership, priced) == Changed(priced)
    assert world.rows("SELECT count(*) FROM invoice WHERE kind = 'order'") == [(1,)]


@pytest.mark.parametrize("says", [[LOST], [FUNDS] * 20])
def test_a_card_that_may_not_be_asked_is_not_asked_another_day(
    world: World, membership: int, says: list[Verdict]
) -> None:
    """Reported as lost, or asked too often."""
    behave(world, *says)
    found = [change(world, membership, quote(world, membership)) for _ in range(len(says) + 1)]
    assert found[0] == NotPaid(says[0].decline_code)
    assert found[-1] == NotPaid("not_asked")
    assert world.rows("SELECT count(*) FROM invoice WHERE status = 'open'") == [(0,)]
    assert {*statuses(world)} == {"dropped"}


def test_a_quote_of_yesterday_is_stale_and_says_how_it_is_now(world: World, membership: int) -> None:
    old = quote(world, membership)
    world.clock.advance(DAY)
    found = change(world, membership, old)
    assert isinstance(found, Stale)
    assert (found.quote.due_cents, found.quote.days_left) == (4_667, 14)
    assert (taken(world), statuses(world)) == ([14_900], [])
    assert change(world, membership, found.quote) == Changed(found.quote)


def test_new_terms_of_the_plan_make_a_quote_stale(world: World, membership: int) -> None:
    old = quote(world, membership)
    offer(world, "luxe", 26_900, access_cents=4_000)
    found = change(world, membership, old)
    assert isinstance(found, Stale)
    assert found.quote.due_cents == 6_000


def test_a_billing_day_and_a_change_are_one_after_the_other(world: World, membership: int) -> None:
    """Priced as free on the morning of the bill: if the bill is opened beside it, it is not free any more."""
    world.clock.advance(15 * DAY)
    priced = quote(world, membership)
    assert priced.due_cents == 0
    with ThreadPoolExecutor(1) as pool:
        with world.rt.unit_of_work() as uow:
            assert billing.open_day(uow, 1, date(2026, 12, 20)) == 1
            later = pool.submit(change, world, membership, priced)
            with pytest.raises(TimeoutError):
                later.result(timeout=0.5)
        assert later.result() == Refusal(ChangeRefusal.OWING)
    world.settle()
    assert (plan_of(world, membership), taken(world)) == ("glow", [14_900, 14_900])


def test_a_change_waits_for_whoever_changes_the_membership(world: World, membership: int) -> None:
    priced = quote(world, membership)
    with ThreadPoolExecutor(1) as pool:
        with world.rt.unit_of_work() as uow:
            standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY + 15 * DAY)
            later = pool.submit(change, world, membership, priced)
            with pytest.raises(TimeoutError):
                later.result(timeout=0.5)
        assert later.result() == Refusal(ChangeRefusal.ENDED)


# --- downwards --------------------------------------------------------------------------------------------------------


def test_a_downgrade_holds_from_the_next_billing_date(world: World, membership: int) -> None:
    priced = quote(world, membership, "lite")
    assert change(world, membership, priced) == change(world, membership, priced) == Scheduled(priced)
    assert (plan_of(world, membership), statuses(world), taken(world)) == ("glow", ["scheduled"], [14_900])
    for _ in range(14):
        world.clock.advance(DAY)
        world.bill()
    assert plan_of(world, membership) == "glow"
    world.clock.advance(DAY)
    with world.rt.unit_of_work() as uow:
        assert [each.dues_cents for each in billing.plan(uow, 1, date(2026, 12, 20))] == [9_900]
    world.bill()
    world.bill()
    assert (plan_of(world, membership), statuses(world), taken(world)) == ("lite", ["done"], [14_900, 9_900])
    assert holds(world) == [("visit", 2 * MILLI)]
    assert world.rows("SELECT kind, delta_cents::int FROM membership_move WHERE kind = 'contraction'") == [
        ("contraction", -5_000)
    ]


def test_up_and_down_in_one_cycle_is_one_downgrade_and_no_refund(world: World, membership: int) -> None:
    change(world, membership, quote(world, membership))
    back = quote(world, membership, "glow")
    assert change(world, membership, back) == Scheduled(back)
    lite = quote(world, membership, "lite")
    assert change(world, membership, lite) == Scheduled(lite)
    assert statuses(world) == ["done", "dropped", "scheduled"]
    for _ in range(16):
        world.clock.advance(DAY)
        world.bill()
    assert (plan_of(world, membership), taken(world)) == ("lite", [14_900, 5_000, 9_900])


def test_it_can_be_called_off(world: World, membership: int) -> None:
    change(world, membership, quote(world, membership, "lite"))
    with world.rt.unit_of_work() as uow:
        assert plan_changes.call_off(uow, 1, membership, actor="staff:1")
        assert not plan_changes.call_off(uow, 1, membership, actor="staff:1")
    for _ in range(16):
        world.clock.advance(DAY)
        world.bill()
    assert (plan_of(world, membership), taken(world)) == ("glow", [14_900, 14_900])


def test_a_dearer_one_that_was_not_paid_leaves_the_cheaper_one_to_come(world: World, membership: int) -> None:
    change(world, membership, quote(world, membership, "lite"))
    behave(world, FUNDS)
    assert isinstance(change(world, membership, quote(world, membership)), NotPaid)
    assert statuses(world) == ["dropped", "dropped", "scheduled"]
    for _ in range(16):
        world.clock.advance(DAY)
        world.bill()
    assert plan_of(world, membership) == "lite"


def test_who_has_left_by_then_goes_nowhere(world: World, membership: int) -> None:
    change(world, membership, quote(world, membership, "lite"))
    with world.rt.unit_of_work() as uow:
        standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY + 15 * DAY)
    for _ in range(16):
        world.clock.advance(DAY)
        world.bill()
    assert (plan_of(world, membership), statuses(world)) == ("glow", ["dropped"])


# --- by the year ------------------------------------------------------------------------------------------------------


def test_from_months_to_a_year_and_back_is_billed_on_its_own_days(world: World, membership: int) -> None:
    offer(world, "yearly", 150_000, cadence=Cadence.YEARLY)
    priced = quote(world, membership, "yearly")
    assert (priced.due_cents, priced.new_cadence, priced.effective_on) == (0, True, date(2026, 12, 20))
    assert change(world, membership, priced) == Scheduled(priced)
    world.clock.advance(15 * DAY)
    world.bill()
    assert (plan_of(world, membership), taken(world)) == ("yearly", [14_900, 150_000])
    back = quote(world, membership, "glow")
    assert (back.effective_on, back.next_charge_cents) == (date(2027, 12, 20), 14_900)
    change(world, membership, back)
    for at in ((2027, 6, 20), (2027, 12, 20), (2028, 1, 20), (2028, 2, 20)):
        world.clock.advance(datetime(*at, 18, tzinfo=UTC) - world.clock.now())
        world.bill()
    assert taken(world) == [14_900, 150_000, 14_900, 14_900, 14_900]
    assert world.rows("SELECT count(*) FROM invoice WHERE status = 'skipped'") == [(0,)]


# --- why not ----------------------------------------------------------------------------------------------------------


def test_who_owes_pays_first(world: World, membership: int) -> None:
    behave(world, *[FUNDS] * 3)
    world.clock.advance(15 * DAY)
    world.bill()
    assert refused(world, membership) is ChangeRefusal.PAST_DUE


def test_on_the_billing_date_before_the_bill_it_is_free_and_the_bill_is_the_new_one(
    world: World, membership: int
) -> None:
    world.clock.advance(15 * DAY)
    priced = quote(world, membership)
    assert priced.due_cents == 0
    assert change(world, membership, priced) == change(world, membership, priced) == Changed(priced)
    world.bill()
    assert taken(world) == [14_900, 24_900]


def test_nobody_has_the_same_plan_twice(world: World, membership: int) -> None:
    assert refused(world, membership, "glow") is ChangeRefusal.SAME_PLAN
    with world.rt.unit_of_work() as uow:
        [[ana, luxe]] = uow.sql(
            "SELECT m.client_id, v.id FROM membership m, plan_version v JOIN plan p ON p.id = v.plan_id"
            " WHERE p.code = 'luxe'"
        ).fetchall()
        plans.join(uow, 1, ana, luxe, today=TODAY + 15 * DAY)
    assert refused(world, membership) is ChangeRefusal.HAS_IT


def test_a_plan_that_cannot_be_joined_and_a_membership_that_is_none(world: World, membership: int) -> None:
    assert refused(world, membership, "nothing") is ChangeRefusal.NOT_OFFERED
    assert refused(world, 999) is ChangeRefusal.UNKNOWN
    with world.rt.unit_of_work() as uow:
        [[luxe]] = uow.sql("SELECT id FROM plan WHERE code = 'luxe'").fetchall()
        plans.retire(uow, 1, luxe, actor="staff:1")
    assert refused(world, membership) is ChangeRefusal.NOT_OFFERED


def test_without_a_card_only_what_costs_nothing_now(world: World, membership: int) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE card SET role = 'old', removed_at = %s", (uow.now,))
    assert refused(world, membership) is ChangeRefusal.NO_CARD
    assert quote(world, membership, "lite").due_cents == 0
