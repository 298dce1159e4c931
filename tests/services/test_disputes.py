"""Disputes: what they paid for rests, and then is given back or is gone; in whatever order we are told."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from assistant.domain.credits import MILLI, Short
from assistant.domain.ledger import Account, Parts
from assistant.domain.refunds import RefundQuote, RefundRefusal, Refused
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import billing, refunds, stripe_events
from tests.services.test_refunds import (
    DUES,
    STAFF,
    Month,
    balance,
    given,
    lots,
    paid_month,
    right,
    tasks,
)
from tests.world import World

FEE = 1_500
A_MONTH = RefundQuote(DUES, "card", Parts(deferred=DUES))


@pytest.fixture
def month(world: World) -> Month:
    return paid_month(world)


def opened(month: Month, **how: Any) -> str:  # noqa: ANN401 - as the book takes it
    return str(month.world.stripe.open_dispute(month.attempt["charge"], **how)["id"])


def known(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT status, cents, fee_cents FROM dispute ORDER BY id")


def exempt(month: Month) -> tuple[object, ...]:
    [found] = month.world.rows(
        "SELECT charge_exempt, dunning_exempt FROM membership WHERE id = %s", (month.membership_id,)
    )
    return found


def test_while_a_bank_decides_its_credit_rests_and_nobody_is_charged_or_chased(month: Month) -> None:
    world = month.world
    opened(month)
    world.settle()
    assert (known(world), tasks(world)) == ([("open", DUES, FEE)], ["dispute"])
    assert isinstance(world.spend(month.client_id), Short)
    assert exempt(month) == ("dispute", "dispute")
    assert balance(world, Account.DISPUTED) == DUES
    assert month.quote() == Refused(RefundRefusal.DISPUTED)
    [(facts,)] = world.rows("SELECT facts FROM staff_task")
    assert facts["due"] == (world.clock.now() + timedelta(days=7)).isoformat()  # type: ignore[call-overload, index]
    right(world)
    world.clock.advance(timedelta(days=31))
    world.bill()
    assert len(world.stripe.all("payment_intent")) == 1


def test_won_it_is_as_it_was_but_for_the_fee(month: Month) -> None:
    world = month.world
    dispute = opened(month)
    world.settle()
    world.stripe.close_dispute(dispute, "won")
    world.settle()
    assert (known(world), tasks(world), exempt(month)) == ([("won", DUES, FEE)], [], (None, None))
    assert balance(world, Account.DISPUTED) == 0
    assert not isinstance(world.spend(month.client_id), Short)
    right(world)


@pytest.mark.parametrize("used", [False, True])
def test_lost_the_unused_is_taken_back_and_the_used_is_a_loss(month: Month, *, used: bool) -> None:
    world = month.world
    if used:
        world.spend(month.client_id)
    dispute = opened(month)
    world.settle()
    world.stripe.close_dispute(dispute, "lost")
    world.settle()
    assert (known(world), tasks(world), exempt(month)) == ([("lost", DUES, FEE)], [], (None, None))
    assert lots(world, month.client_id) == [(0, 0, 0)]
    assert balance(world, Account.LOSSES) == (DUES if used else 0)
    assert (balance(world, Account.DISPUTED), balance(world, Account.DEFERRED)) == (0, 0)
    assert month.quote() == Refused(RefundRefusal.NOTHING_LEFT)
    assert world.rows("SELECT 1 FROM invoice WHERE status = 'open'") == []
    right(world)


@pytest.mark.parametrize("outcome", ["won", "lost"])
@pytest.mark.parametrize("order", sorted(permutations(range(3))))
def test_told_in_any_order_and_twice_it_ends_the_same(month: Month, outcome: str, order: tuple[int, ...]) -> None:
    """Nothing is told until all of it has happened, and then in any order."""
    world = month.world
    events: list[dict[str, Any]] = []
    world.stripe.close_dispute(opened(month), outcome)
    world.stripe.pump(lambda hook: events.append(hook.event))
    told = [each for each in events if each["type"].startswith("charge.dispute.")]
    for number in (*order, *order):
        event = told[number] | {"id": f"evt_{number}_{len(known(world))}"}
        read = stripe_events.read(event)
        assert read
        stripe_events.keep(world.rt, read)
        world.settle()
    assert (known(world), tasks(world), exempt(month)) == ([(outcome, DUES, FEE)], [], (None, None))
    assert lots(world, month.client_id) == [(0, 0, 0) if outcome == "lost" else (MILLI, 0, DUES)]
    assert len(world.rows("SELECT 1 FROM audit WHERE act IN ('dispute_won', 'dispute_lost')")) == 1
    right(world)


def test_a_bank_that_only_asks_moves_nothing(month: Month) -> None:
    world = month.world
    dispute = opened(month, status="warning_needs_response")
    world.settle()
    assert (known(world), tasks(world), exempt(month)) == ([("open", DUES, 0)], ["dispute"], (None, None))
    assert balance(world, Account.DISPUTED) == 0
    assert month.quoted().cents == DUES
    world.stripe.close_dispute(dispute, "warning_closed")
    world.settle()
    assert (known(world), tasks(world)) == ([("won", DUES, 0)], [])
    right(world)


def test_what_staff_exempted_themselves_stays_theirs(month: Month) -> None:
    world = month.world
    with world.rt.unit_of_work() as uow:
        billing.exempt(uow, month.spa_id, month.membership_id, charging="VIP", dunning=None, actor="staff:mia")
    dispute = opened(month)
    world.settle()
    assert exempt(month) == ("VIP", "dispute")
    world.stripe.close_dispute(dispute, "won")
    world.settle()
    assert exempt(month) == ("VIP", None)


def test_the_other_disputes_of_a_member_keep_them_at_rest(world: World) -> None:
    month = paid_month(world)
    world.clock.advance(timedelta(days=31))
    world.bill()
    [_, (later,)] = world.rows("SELECT id FROM invoice ORDER BY id")
    second = replace(month, invoice_id=int(str(later)))
    one, two = opened(month), opened(second)
    world.settle()
    world.stripe.close_dispute(one, "lost")
    world.settle()
    assert exempt(month) == ("dispute", "dispute")
    world.stripe.close_dispute(two, "won")
    world.settle()
    assert exempt(month) == (None, None)
    assert lots(world, month.client_id) == [(0, 0, 0), (MILLI, 0, DUES)]
    right(world)


def test_a_part_refunded_before_is_not_lost_twice(month: Month) -> None:
    world = month.world
    month.refund(5_000)
    world.settle()
    dispute = opened(month)
    world.settle()
    world.stripe.close_dispute(dispute, "lost")
    world.settle()
    assert known(world) == [("lost", 9_900, FEE)]
    assert balance(world, Account.LOSSES) == 0
    assert lots(world, month.client_id) == [(0, 0, 0)]
    right(world)


def test_a_part_that_is_disputed_takes_its_part_of_the_credit(world: World) -> None:
    month = paid_month(world, grants=[{"unit": "visit", "amount": 2 * MILLI}])
    dispute = opened(month, cents=10_000)
    world.settle()
    world.stripe.close_dispute(dispute, "lost")
    world.settle()
    assert lots(world, month.client_id) == [(MILLI, 0, 4_900)]
    assert month.quoted().cents == 4_900
    right(world)


def test_a_refund_at_the_processor_while_a_bank_only_asks_is_booked(month: Month) -> None:
    world = month.world
    opened(month, status="warning_needs_response")
    world.settle()
    world.stripe.refund(month.attempt["payment"])
    world.settle()
    assert given(world) == [DUES]
    assert lots(world, month.client_id) == [(0, 0, 0)]
    right(world)


def test_with_stripe_away_a_dispute_waits(month: Month) -> None:
    world = month.world
    world.stripe.faults.add(Trouble(StripeFault.RESET_BEFORE, on="disputes.retrieve", times=2))
    opened(month)
    world.settle()
    assert len(known(world)) <= 1
    world.pass_time(timedelta(minutes=5))
    assert known(world) == [("open", DUES, FEE)]


def test_the_pack_has_what_was_agreed_told_paid_and_used(month: Month) -> None:
    world = month.world
    world.settle()
    world.spend(month.client_id)
    opened(month)
    world.settle()
    [(pack,)] = world.rows("SELECT pack FROM dispute")
    assert isinstance(pack, dict)
    assert pack["payment"]["amount_cents"] == DUES
    assert [each["message"] for each in pack["told"]] == ["payment-received"]
    assert pack["told"][0]["status"] == "delivered"
    assert [(each["kind"], each["amount"]) for each in pack["credits_used"]] == [("credits_spent", MILLI)]
    assert pack["membership"][0]["version"] == 1
    assert {"consent", "source"} <= set(pack["card_consent"])
    assert set(pack) >= {"refund_policy", "agreements", "text_consents", "visits", "refunds", "client", "made_at"}
    assert "4242" not in str(pack)
    assert refunds.refund(world.rt, month.spa_id, month.invoice_id, A_MONTH, **STAFF) == Refused(RefundRefusal.DISPUTED)
