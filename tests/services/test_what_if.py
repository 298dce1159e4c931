"""A plan's rollover asked otherwise: under what was sold the replay is the books; any difference is the policy's."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from assistant.domain.credits import MILLI, LotClass
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.rollover import AtCap, Cap, Expire, RollOver, Rollover
from assistant.domain.what_if import Policy
from assistant.services import caps, credit_changes, credits, plans, what_if
from assistant.services.credits import Grant, Spent
from assistant.services.limits import By
from assistant.services.what_if import WhatIf
from tests.services.test_caps import TODAY, cap, visits
from tests.world import World

VISIT = ("visit", LotClass.PAID)
PROMO = ("extra", LotClass.PROMO)
MONTH = timedelta(days=31)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.card(client_id)
    return client_id


def ask(world: World, policy: Policy, plan_id: int = 1) -> WhatIf:
    with world.rt.unit_of_work() as uow:
        found = what_if.ask(uow, world.spa.spa_id, plan_id, policy)
    assert found.left_out == 0
    assert found.sold.stands[-1].owed_cents == found.owed_cents
    return found


def months(world: World, many: int) -> None:
    for _ in range(many):
        world.bill()
        world.clock.advance(MONTH)


def test_a_cap_that_was_not_there_would_have_charged_less(world: World, ana: int) -> None:
    """Four months banked, none used: under a cap of two the last two are neither granted nor charged."""
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 4)
    found = ask(world, {VISIT: Cap(2000, AtCap.HOLD_AND_REDUCE)})
    sold, asked = found.sold.stands[-1], found.asked.stands[-1]
    assert (sold.owed_cents, asked.owed_cents) == (59_600, 29_800)
    assert (sold.uncharged_cents, asked.uncharged_cents) == (0, 29_800)
    assert (sold.list_cents, asked.list_cents) == (66_000, 33_000)
    assert (asked.ran_out_cents, asked.uncovered_cents) == (0, 0)
    assert (found.gain, found.lose, found.most[0].cents) == (0, 1, -3_200), "a credit is worth $165, and cost $149"


def test_in_dollars_nothing_is_lost_and_nothing_less_is_owed(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 3)
    found = ask(world, {VISIT: Cap(1000, AtCap.CONVERT)})
    assert found.asked.stands[-1].owed_cents == found.sold.stands[-1].owed_cents == 44_700
    assert found.asked.stands[-1].list_cents == 16_500 + 29_800


def test_a_cap_that_was_there_and_would_not_be(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, access_cents=4_900, grants=[visits(cap(2000, "hold_and_reduce"))])
    months(world, 4)
    found = ask(world, {VISIT: RollOver()})
    assert found.sold.stands[-1].uncharged_cents == 20_000
    assert found.asked.stands[-1].uncharged_cents == 0
    assert found.asked.stands[-1].owed_cents == 40_000
    wider = ask(world, {VISIT: Cap(3000, AtCap.HOLD_AND_REDUCE)})
    assert wider.asked.stands[-1].uncharged_cents == 10_000


def test_uses_that_credit_would_not_have_covered_are_told(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 3)
    assert isinstance(world.spend(ana, 3), Spent)
    found = ask(world, {VISIT: Cap(1000, AtCap.HOLD_AND_REDUCE)})
    assert found.asked.stands[-1].uncovered_cents == 33_000
    assert found.asked.stands[-1].owed_cents == 0


@pytest.mark.parametrize("days", [20, 40, 75])
def test_a_promotion_that_lasts_longer_runs_out_later(world: World, ana: int, days: int) -> None:
    sold = {"kind": "expire", "days": 40}
    world.enrol(ana, anchor_on=TODAY, grants=[visits(sold, unit="extra", lot_class="promo")])
    for _ in range(3):
        world.bill()
        world.clock.advance(MONTH)
        with world.rt.unit_of_work() as uow:
            credits.expire(uow, 1, world.spa.zone)
    found = ask(world, {PROMO: Expire(days)})
    left = sum(1 for age in (31, 62, 93) if age <= days)
    assert found.asked.stands[-1].list_cents == left * 4_500
    assert found.asked.stands[-1].ran_out_cents == (3 - left) * 4_500
    assert found.sold.stands[-1].list_cents == 4_500


def test_what_was_paid_for_is_kept_whatever_is_asked(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 3)
    for asked in (Expire(10), Cap(1000, AtCap.ROLL_OFF_OLDEST)):
        found = ask(world, {VISIT: asked})
        assert found.asked == found.sold


def test_the_curve_goes_month_by_month(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 3)
    found = ask(world, {})
    assert len(found.marks) == 13
    assert found.marks[-1] == date(2027, 2, 21)
    assert found.marks[-2] == date(2027, 1, 31)
    assert [each.owed_cents for each in found.sold.stands[-4:]] == [14_900, 29_800, 44_700, 44_700]
    assert found.sold.stands[0].owed_cents == 0


def test_another_plans_cycles_keep_their_own_policy(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    world.enrol(ana, anchor_on=TODAY, grants=[visits({"kind": "roll_over"})])
    months(world, 2)
    found = ask(world, {VISIT: Cap(1000, AtCap.HOLD_AND_REDUCE)})
    assert found.asked.stands[-1].uncharged_cents < found.sold.stands[-1].owed_cents
    assert found.asked.stands[-1].owed_cents >= 29_800, "the other plan's two are there"


def test_who_was_put_right_by_hand_is_left_out_and_counted(world: World, ana: int) -> None:
    bea = world.client("Bea", "+15055550111")
    world.card(bea)
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", MILLI),))
        glow = plans.offer(uow, 1, "glow", "Glow", terms, actor="test")
        for each in (ana, bea):
            plans.join(uow, 1, each, glow.version_id, today=TODAY)
    months(world, 1)
    with world.rt.unit_of_work() as uow:
        uow.sql("ALTER TABLE credit_lot DISABLE TRIGGER USER")
        uow.sql("UPDATE credit_lot SET cents_left = cents_left - 1 WHERE client_id = %s", (bea,))
        uow.sql("ALTER TABLE credit_lot ENABLE TRIGGER USER")
        found = what_if.ask(uow, 1, glow.plan_id, {})
    assert (found.members, found.left_out) == (1, 1)
    assert found.owed_cents == 14_900


SOLD: tuple[dict[str, Any], ...] = (
    {"kind": "roll_over"},
    cap(2000, "hold_and_reduce"),
    cap(2500, "convert"),
)
ASKED: tuple[Rollover, ...] = (RollOver(), Cap(3000, AtCap.HOLD_AND_REDUCE), Cap(1500, AtCap.CONVERT))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_the_replay_under_what_was_sold_is_the_books(world: World, ana: int, seed: int) -> None:
    """Months of uses, voids, gifts, adjustments and promotions that run out: to the lot and to the cent."""
    chance = random.Random(seed)  # noqa: S311 - a life, not a secret
    bo = world.client("Bo", "+15055550111")
    treat = visits({"kind": "expire", "days": chance.choice([20, 45])}, unit="extra", lot_class="promo")
    world.enrol(ana, anchor_on=TODAY, grants=[visits(chance.choice(SOLD)), treat])
    uses: list[int] = []
    for _ in range(5):
        world.bill()
        for _ in range(6):
            world.clock.advance(timedelta(days=5))
            _happens(world, chance, ana, bo, uses)
            with world.rt.unit_of_work() as uow:
                credits.expire(uow, 1, world.spa.zone)
            caps.roll_off(world.rt)
        world.clock.advance(timedelta(days=1))
    found = ask(world, {VISIT: chance.choice(ASKED), PROMO: Expire(60)})
    assert found.members == 1
    same = ask(world, {})
    assert same.asked == same.sold
    assert (same.gain, same.lose) == (0, 0)


def _happens(world: World, chance: random.Random, ana: int, bo: int, uses: list[int]) -> None:
    what = chance.choice(["use", "use", "use extra", "undo", "gift", "given", "adjust", "nothing"])
    unit = "extra" if what == "use extra" else "visit"
    with world.rt.unit_of_work() as uow:
        if what.startswith("use"):
            amount, key = chance.choice([500, 1000, 1500]), f"use:{chance.random()}"
            spent = credits.spend(uow, 1, client_id=ana, unit=unit, amount=amount, key=key, zone=world.spa.zone)
            uses += [spent.entry_id] if isinstance(spent, Spent) and unit == "visit" else []
        elif what == "undo" and uses:
            credits.undo(uow, 1, uses.pop(), zone=world.spa.zone)
        elif what == "gift":
            by, key = By(actor="staff:1", reason="a friend"), f"gift:{chance.random()}"
            credit_changes.transfer(uow, 1, giver_id=ana, taker_id=bo, unit="visit", amount=500, key=key, by=by)
        elif what == "adjust":
            by = By(actor="staff:1", reason="for her patience")
            key = f"adjust:{chance.random()}"
            credit_changes.adjust(uow, 1, client_id=ana, unit="visit", amount=500, key=key, by=by)
        elif what == "given":
            grant = Grant(f"promo:{chance.random()}", ana, "visit", MILLI, LotClass.PROMO, uow.now)
            credits.grant(uow, 1, world.spa.zone, [grant])
