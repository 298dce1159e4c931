"""Access is earned over its cycle, to the cent, whatever days the machine was away."""

import random
from datetime import date, timedelta

import pytest

from assistant.domain.billing import PaidBy
from assistant.domain.ledger import Account
from assistant.domain.refunds import RefundQuote
from assistant.services import billing, earning, ledger, refunds
from tests.world import World

TODAY = date(2026, 11, 20)


def access(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        return ledger.balance(uow, world.spa.spa_id, Account.ACCESS, "USD")


def member(world: World, phone: str, *, access_cents: int = 1_000, **terms: object) -> int:
    client = world.client("Ana", phone)
    world.card(client)
    world.enrol(client, anchor_on=TODAY, dues_cents=10_000, access_cents=access_cents, **terms)
    return client


def test_a_cycle_is_earned_by_its_days_and_wholly_at_its_end(world: World) -> None:
    member(world, "+15055550150")
    world.bill()
    assert access(world) == -1_000
    assert earning.earn(world.rt) == 0
    world.clock.advance(timedelta(days=1))
    assert earning.earn(world.rt) == 1_000 * 1 // 30
    assert earning.earn(world.rt) == 0
    world.clock.advance(timedelta(days=14))
    assert earning.earn(world.rt) == 1_000 * 15 // 30 - 33
    world.clock.advance(timedelta(days=15))
    assert earning.earn(world.rt) == 500
    assert access(world) == 0


@pytest.mark.parametrize("seed", range(3))
def test_whatever_days_it_runs_on_nothing_is_lost(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    for place in range(4):
        member(
            world,
            f"+1505555016{place}",
            access_cents=chance.randrange(1, 9_999),
            setup_fee_cents=chance.choice((0, 501)),
        )
    booked = 0
    for _ in range(3):
        before = access(world)
        world.bill()
        booked += before - access(world)
        for _ in range(chance.randrange(1, 6)):
            world.clock.advance(timedelta(hours=chance.randrange(5, 90)))
            earning.earn(world.rt)
    for _ in range(3):
        world.clock.advance(timedelta(days=31))
        earning.earn(world.rt)
    with world.rt.unit_of_work() as uow:
        earned = -ledger.balance(uow, world.spa.spa_id, Account.REVENUE, "USD")
    assert access(world) == 0
    assert earned == booked > 0


def test_a_payment_that_came_late_is_caught_up(world: World) -> None:
    client = member(world, "+15055550170")
    world.card(client, "pm_card_chargeCustomerFail")
    member(world, "+15055550171")
    world.bill()
    world.clock.advance(timedelta(days=10))
    assert earning.earn(world.rt) == 333
    world.card(client)
    with world.rt.unit_of_work() as uow:
        [[late]] = uow.sql("SELECT id FROM invoice WHERE client_id = %s", (client,)).fetchall()
        billing.record_payment(uow, world.spa.spa_id, late, PaidBy.CASH, actor="staff:1")
    world.clock.advance(timedelta(days=5))
    assert earning.earn(world.rt) == 500 - 333 + 500


def test_what_went_back_is_not_earned(world: World) -> None:
    """What is refunded after ten days is the part of the days that are left; the rest of the cycle earns nothing."""
    member(world, "+15055550180", access_cents=3_000)
    member(world, "+15055550181", access_cents=3_000)
    world.bill()
    world.clock.advance(timedelta(days=10))
    assert earning.earn(world.rt) == 2_000
    [(invoice, _)] = [*world.rows("SELECT id, cycle FROM invoice ORDER BY id LIMIT 1")]
    with world.rt.unit_of_work() as uow:
        quote = refunds.quote_refund(uow, world.spa.spa_id, int(str(invoice)))
    assert isinstance(quote, RefundQuote)
    assert quote.parts.access == 2_000
    refunds.refund(world.rt, world.spa.spa_id, int(str(invoice)), quote, actor="staff:1", reason="unhappy")
    assert access(world) == -2_000
    world.clock.advance(timedelta(days=10))
    assert earning.earn(world.rt) == 1_000
    world.clock.advance(timedelta(days=30))
    assert earning.earn(world.rt) == 1_000
    assert access(world) == 0


def test_a_year_is_earned_by_its_days(world: World) -> None:
    """Leap years too: from 1 March 2027 it is 366 days to 1 March 2028."""
    world.clock.advance(timedelta(days=101))
    start = world.clock.now().date()
    assert start == date(2027, 3, 1)
    client = world.client("Ana")
    world.card(client)
    world.enrol(client, anchor_on=start, dues_cents=100_000, access_cents=36_600, cycle_months=12)
    world.bill()
    world.clock.advance(timedelta(days=1))
    assert earning.earn(world.rt) == 100
    world.clock.advance(timedelta(days=364))
    assert earning.earn(world.rt) == 36_400
    world.clock.advance(timedelta(days=1))
    assert earning.earn(world.rt) == 100
    assert access(world) == 0
