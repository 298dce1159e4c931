"""Plans are offered in versions that never change; who joins is a member from the first payment on, under one."""

from datetime import date, timedelta

import psycopg
import pytest

from assistant.domain.credits import MILLI
from assistant.domain.plans import GrantTerms, MathLine, Terms, TierWarning
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import plans
from assistant.services.plans import HeldAlready, Joined, Offered
from tests.world import World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
VISIT = GrantTerms("visit", MILLI)


def offer(world: World, code: str, cents: int = 14_900, **terms: object) -> Offered:
    with world.rt.unit_of_work() as uow:
        of = {"grants": (VISIT,)} | terms
        return plans.offer(
            uow,
            world.spa.spa_id,
            code,
            code.title(),
            Terms(dues_cents=cents, **of),
            actor="staff:1",  # type: ignore[arg-type]
        )


def join(world: World, client_id: int, version_id: int, *, first_charge_on: date | None = None) -> Joined:
    with world.rt.unit_of_work() as uow:
        return plans.join(uow, world.spa.spa_id, client_id, version_id, today=TODAY, first_charge_on=first_charge_on)


def banked(world: World) -> object:
    [(left,)] = world.rows("SELECT coalesce(sum(remaining), 0)::int FROM credit_lot")
    return left


def test_a_third_plan_is_allowed_with_a_word(world: World) -> None:
    assert offer(world, "glow").warning is None
    assert offer(world, "luxe").warning is None
    assert offer(world, "luxe", 19_900).warning is None  # new terms are no new plan
    third = offer(world, "pure")
    assert isinstance(third.warning, TierWarning)
    assert (third.warning.plans, third.warning.advised, third.warning.comparisons) == (3, 2, 3)
    with world.rt.unit_of_work() as uow:
        plans.retire(uow, world.spa.spa_id, third.plan_id, actor="staff:1")
        assert [each.code for each in plans.on_offer(uow, world.spa.spa_id)] == ["glow", "luxe"]
    assert offer(world, "luxe", 20_900).warning is None
    assert offer(world, "pure").number == 2
    acts = world.rows("SELECT act, count(*) FROM audit WHERE actor = 'staff:1' GROUP BY 1 ORDER BY 1")
    assert acts == [("plan_offered", 6), ("plan_retired", 1)]


def test_a_version_is_what_it_was_when_it_was_sold(world: World) -> None:
    first = offer(world, "glow", 14_900, intro_cents=9_900, intro_cycles=1, setup_fee_cents=5_000)
    second = offer(world, "glow", 16_900)
    assert (first.number, second.number, first.plan_id == second.plan_id) == (1, 2, True)
    for change in ("UPDATE plan_version SET dues_cents = 1", "DELETE FROM plan_version"):
        with pytest.raises(psycopg.errors.RestrictViolation), world.rt.unit_of_work() as uow:
            uow.sql(change)
    with world.rt.unit_of_work() as uow:
        sold = plans.terms_of(uow, world.spa.spa_id, first.version_id)
    assert sold == Terms(dues_cents=14_900, intro_cents=9_900, intro_cycles=1, setup_fee_cents=5_000, grants=(VISIT,))


def test_the_math_of_what_is_on_offer(world: World) -> None:
    offer(world, "luxe", 24_900, grants=(GrantTerms("visit", 2 * MILLI), GrantTerms("extra", MILLI)))
    old = offer(world, "glow", 13_900)
    new = offer(world, "glow", 14_900, grants=(VISIT, GrantTerms("facial", MILLI)))
    for number, version in enumerate((old, old, new)):
        join(world, world.client("Ana", f"+150555501{number:02}"), version.version_id)
    with world.rt.unit_of_work() as uow:
        glow, luxe = plans.on_offer(uow, world.spa.spa_id)
    assert (glow.code, glow.number, glow.members, luxe.members) == ("glow", 2, 3, 0)
    assert (glow.math.dues_cents, glow.math.included_cents, glow.math.saving_cents) == (14_900, 16_500, 1_600)
    assert glow.math.lines == (MathLine("visit", MILLI, 16_500), MathLine("facial", MILLI, None))
    assert luxe.math.saving_cents == 2 * 16_500 + 4_500 - 24_900


def test_who_joins_is_a_member_once_it_is_paid(world: World) -> None:
    version = offer(world, "glow", setup_fee_cents=5_000)
    client_id = world.client("Ana")
    card = world.card(client_id)
    world.stripe.behave(card, Verdict("insufficient_funds"))
    joined = join(world, client_id, version.version_id)
    assert joined == Joined(joined.membership_id, TODAY)
    assert world.standing(joined.membership_id) == "scheduled"
    world.bill()
    assert (world.standing(joined.membership_id), banked(world)) == ("scheduled", 0)
    assert "$199.00" in world.received()[-1]
    world.say("PAY")
    assert (world.standing(joined.membership_id), banked(world)) == ("active", MILLI)
    assert world.invoices() == [(0, "paid", None)]


def test_who_is_brought_from_elsewhere_is_a_member_now_and_charged_later(world: World) -> None:
    version = offer(world, "glow")
    client_id = world.client("Ana")
    world.card(client_id)
    joined = join(world, client_id, version.version_id, first_charge_on=TODAY + 5 * DAY)
    assert joined.first_charge_on == TODAY + 5 * DAY
    world.bill()
    assert (world.standing(joined.membership_id), world.invoices(), banked(world)) == ("active", [], 0)
    world.clock.advance(5 * DAY)
    world.bill()
    assert (world.invoices(), banked(world)) == ([(0, "paid", None)], MILLI)


def test_the_same_plan_is_not_joined_twice(world: World) -> None:
    """In whatever version: two of one plan are two dues for one thing."""
    first = offer(world, "glow")
    client_id = world.client("Ana")
    membership = join(world, client_id, first.version_id).membership_id
    second, luxe = offer(world, "glow", 16_900), offer(world, "luxe", 24_900)
    for version in (first, second):
        with pytest.raises(HeldAlready):
            join(world, client_id, version.version_id)
    join(world, client_id, luxe.version_id)
    world.rows("UPDATE membership SET standing = 'ended', ended_on = %s WHERE id = %s RETURNING 1", (TODAY, membership))
    assert join(world, client_id, second.version_id).membership_id > membership
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'joined'") == [(3,)]
