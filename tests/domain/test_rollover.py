from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.credits import Lot, LotClass
from assistant.domain.jurisdiction import CARD_ACT, HOUSE, STATES, GuardReason
from assistant.domain.rollover import (
    AtCap,
    Cap,
    Expire,
    GrantPlan,
    Kept,
    RollOff,
    RollOver,
    Rollover,
    at_grant,
    cap_warning_on,
    expires_on,
    guard,
)

PAID, PROMO, MIGRATED = LotClass
OLDEST, HOLD, CONVERT = AtCap
TODAY = date(2026, 11, 20)
NEAR = st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))
STATE = st.none() | st.sampled_from(["CA", "TX", "NY", "ZZ"])
ROLLOVERS = (
    st.just(RollOver())
    | st.builds(
        Cap, st.integers(1, 6000), st.sampled_from(AtCap), warn_days=st.integers(0, 20), grace_days=st.integers(0, 45)
    )
    | st.builds(Expire, st.integers(1, 3600), st.integers(0, 30))
)
LOTS = st.lists(
    st.builds(
        Lot,
        id=st.integers(1, 99),
        unit=st.just("visit"),
        lot_class=st.sampled_from(LotClass),
        granted=st.just(3000),
        remaining=st.integers(0, 3000),
        granted_on=NEAR,
        expires_on=st.none() | NEAR,
    ),
    max_size=8,
    unique_by=lambda lot: lot.id,
)


def days(many: int) -> date:
    return TODAY + timedelta(days=many)


def lot(number: int, remaining: int = 1000, lot_class: LotClass = PROMO, expires_on: date | None = None) -> Lot:
    return Lot(number, "visit", lot_class, max(remaining, 1), remaining, date(2026, 1, number), expires_on)


# --- what is paid for is kept -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rollover", "state", "kept"),
    [
        (Expire(90), "CA", Kept(GuardReason.STATE_FORBIDS, "CA Civ. 1749.5")),
        (Expire(90), "TX", Kept(GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT)),
        (Expire(1826), "TX", Kept(GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT)),
        (Expire(1800, 27), "TX", Kept(GuardReason.HOUSE_KEEPS, HOUSE)),
        (Expire(90), None, Kept(GuardReason.UNKNOWN_STATE, HOUSE)),
        (Cap(3000, OLDEST), "RI", Kept(GuardReason.STATE_FORBIDS, "RI")),
        (Cap(3000, OLDEST), "TX", Kept(GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT)),
        (Cap(3000, HOLD), "CA", None),
        (Cap(3000, CONVERT), "CA", None),
        (RollOver(), "CA", None),
    ],
)
def test_a_policy_that_takes_paid_value_is_refused(rollover: Rollover, state: str | None, kept: Kept | None) -> None:
    assert guard(rollover, PAID, state) == guard(rollover, MIGRATED, state) == (kept or rollover)
    assert guard(rollover, PROMO, state) == rollover
    assert kept is None or kept.rollover == RollOver()


@given(ROLLOVERS, st.sampled_from([PAID, MIGRATED]), NEAR, st.sampled_from(sorted(STATES)) | st.none() | st.text())
def test_paid_credit_never_has_an_end(
    rollover: Rollover, lot_class: LotClass, granted_on: date, state: str | None
) -> None:
    assert expires_on(rollover, lot_class, granted_on, state) is None


@given(ROLLOVERS, LOTS, st.integers(1, 3000), STATE, st.sampled_from([PAID, MIGRATED]), st.integers(0, 20_000))
def test_a_paid_grant_loses_nothing(
    rollover: Rollover, lots: list[Lot], amount: int, state: str | None, lot_class: LotClass, worth: int
) -> None:
    """It is granted, or not charged for, or given in dollars: no lot is touched, whatever the plan says."""
    plan = at_grant(rollover, lots, amount, TODAY, state, lot_class=lot_class, worth_cents=worth)
    assert plan.rolls_off == ()
    missing = amount - plan.granted
    assert missing == plan.held_back + plan.converted
    assert (plan.dues_reduction_cents + plan.converted_cents) * amount >= worth * missing
    assert plan.dues_reduction_cents + plan.converted_cents <= worth
    assert (plan.kept is None) == (guard(rollover, lot_class, state) == rollover)


# --- promotions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rollover", "last_on"),
    [(Expire(30), days(30)), (Expire(30, 14), days(44)), (RollOver(), None), (Cap(3000, OLDEST), None)],
)
def test_a_promotion_may_run_out(rollover: Rollover, last_on: date | None) -> None:
    assert expires_on(rollover, PROMO, TODAY, "CA") == last_on


THREE = [lot(3), lot(1), lot(2)]


@pytest.mark.parametrize(
    ("rollover", "lots", "plan"),
    [
        (RollOver(), THREE, GrantPlan(1000)),
        (Expire(30), THREE, GrantPlan(1000)),
        (Cap(4000, OLDEST), THREE, GrantPlan(1000)),
        (Cap(3000, OLDEST), THREE, GrantPlan(1000, rolls_off=(RollOff(1, 1000, days(14)),))),
        (Cap(3500, OLDEST, grace_days=5), THREE, GrantPlan(1000, rolls_off=(RollOff(1, 500, days(5)),))),
        (
            Cap(2500, OLDEST),
            THREE,
            GrantPlan(1000, rolls_off=(RollOff(1, 1000, days(14)), RollOff(2, 500, days(14)))),
        ),
        (Cap(3000, OLDEST), [lot(1, expires_on=days(14)), lot(2), lot(3)], GrantPlan(1000)),  # it goes by itself
        (
            Cap(3000, OLDEST),
            [lot(1, expires_on=days(15)), lot(2), lot(3)],
            GrantPlan(1000, rolls_off=(RollOff(1, 1000, days(14)),)),
        ),
        (
            Cap(2000, OLDEST),
            [lot(1, expires_on=days(14)), lot(2), lot(3)],
            GrantPlan(1000, rolls_off=(RollOff(2, 1000, days(14)),)),
        ),
        (Cap(3999, OLDEST), THREE, GrantPlan(1000, rolls_off=(RollOff(1, 1, days(14)),))),
        (Cap(3000, OLDEST), [lot(1, expires_on=days(-1)), lot(2), lot(3)], GrantPlan(1000)),
        (Cap(3000, OLDEST), [lot(1, 9000, PAID), lot(2), lot(3)], GrantPlan(1000)),  # counted by themselves
        (Cap(3000, HOLD), THREE, GrantPlan(0, held_back=1000, dues_reduction_cents=9900)),
        (Cap(3700, HOLD), THREE, GrantPlan(700, held_back=300, dues_reduction_cents=2970)),
        (Cap(3001, HOLD), THREE, GrantPlan(1, held_back=999, dues_reduction_cents=9891)),  # 9890.1: up
        (Cap(2000, HOLD), THREE, GrantPlan(0, held_back=1000, dues_reduction_cents=9900)),  # never more than the grant
        (Cap(3700, CONVERT), THREE, GrantPlan(700, converted=300, converted_cents=2970)),
        (Cap(4000, CONVERT), THREE, GrantPlan(1000)),
    ],
)
def test_what_a_cycle_grants(rollover: Rollover, lots: list[Lot], plan: GrantPlan) -> None:
    assert at_grant(rollover, lots, 1000, TODAY, "CA", lot_class=PROMO, worth_cents=9900) == plan


def test_a_birthday_treat_takes_no_room_of_what_is_paid_for() -> None:
    lots = [lot(1, 2000, PAID), lot(2, 5000, PROMO), lot(3, 500, MIGRATED)]
    held = at_grant(Cap(3000, HOLD), lots, 1000, TODAY, "CA", worth_cents=9900)
    assert held == GrantPlan(500, held_back=500, dues_reduction_cents=4950)


@pytest.mark.parametrize("at_cap", [HOLD, CONVERT])
def test_where_there_is_nothing_to_give_instead_all_is_granted(at_cap: AtCap) -> None:
    assert at_grant(Cap(3000, at_cap), [lot(1, 3000, PAID)], 1000, TODAY, "CA", worth_cents=0) == GrantPlan(1000)


@given(LOTS, st.integers(1, 3000), st.integers(1, 6000), st.integers(0, 45), STATE)
def test_the_oldest_roll_off_until_the_cap_holds(
    lots: list[Lot], amount: int, most: int, grace: int, state: str | None
) -> None:
    """After the grace no more than the cap is left, save one grant above a small cap; and no more went than had to."""
    cap = Cap(most, OLDEST, grace_days=grace)
    plan = at_grant(cap, lots, amount, TODAY, state, lot_class=PROMO, worth_cents=0)
    gone = {each.lot_id: each.amount for each in plan.rolls_off}
    by_id = {each.id: each for each in lots}
    assert plan.granted == amount
    assert all(by_id[number].lot_class is PROMO and 0 < gone[number] <= by_id[number].remaining for number in gone)
    assert {each.last_on for each in plan.rolls_off} <= {days(grace)}
    lasting = [each for each in lots if each.lot_class is PROMO and each.usable_on(days(grace + 1))]
    left = sum(each.remaining for each in lasting if each.usable_on(TODAY)) + amount - sum(gone.values())
    assert left <= max(most, amount)
    assert not gone or left >= most
    kept_before = [each for each in lasting if gone.get(each.id, 0) < each.remaining and each.usable_on(TODAY)]
    first_kept = min(((each.granted_on, each.id) for each in kept_before), default=None)
    assert not first_kept or all((by_id[number].granted_on, number) <= first_kept for number in gone)


@given(ROLLOVERS, LOTS, st.integers(1, 3000), STATE, st.sampled_from(LotClass), NEAR)
def test_a_warning_comes_before_whatever_a_cap_does(
    rollover: Rollover, lots: list[Lot], amount: int, state: str | None, lot_class: LotClass, cycle_on: date
) -> None:
    """If nothing is used in between, the member is warned exactly of the cycles at which something happens."""
    plan = at_grant(rollover, lots, amount, cycle_on, state, lot_class=lot_class, worth_cents=amount)
    warned_on = cap_warning_on(rollover, lots, amount, cycle_on, state, lot_class=lot_class)
    happens = bool(plan.held_back or plan.converted or plan.rolls_off)
    assert warned_on is not None or not happens
    if warned_on is not None:
        assert isinstance(rollover, Cap)
        assert warned_on == cycle_on - timedelta(days=rollover.warn_days)
        assert happens or rollover.at_cap is OLDEST  # what rolls off may be about to end by itself


@pytest.mark.parametrize(
    ("rollover", "lot_class", "warned_on"),
    [
        (Cap(3000, OLDEST), PROMO, days(-10)),
        (Cap(3000, OLDEST, warn_days=3), PROMO, days(-3)),
        (Cap(3000, HOLD), PAID, days(-10)),
        (Cap(3999, CONVERT), PAID, days(-10)),
        (Cap(4000, HOLD), PAID, None),
        (Cap(3000, OLDEST), PAID, None),  # kept: there is nothing to be warned of
        (RollOver(), PAID, None),
        (Expire(30), PROMO, None),
    ],
)
def test_the_warning_before_a_cap(rollover: Rollover, lot_class: LotClass, warned_on: date | None) -> None:
    lots = [lot(1, 1000, lot_class), lot(2, 2000, lot_class), lot(3, 9000, lot_class, days(-1))]
    assert cap_warning_on(rollover, lots, 1000, TODAY, "TX", lot_class=lot_class) == warned_on


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Cap, {"most": 0, "at_cap": HOLD}, "above zero"),
        (Cap, {"most": 1, "at_cap": HOLD, "warn_days": -1}, "not below zero"),
        (Cap, {"most": 1, "at_cap": HOLD, "grace_days": -1}, "not below zero"),
        (Cap, {"most": 1, "at_cap": HOLD, "warn_days": 367}, "a year at most"),
        (Cap, {"most": 1, "at_cap": HOLD, "grace_days": 367}, "a year at most"),
        (Expire, {"days": 3650, "grace_days": 4}, "ten years at most"),
        (Expire, {"days": 0}, "at least a day"),
        (Expire, {"days": 1, "grace_days": -1}, "at least a day"),
    ],
)
def test_a_policy_that_is_none_is_refused(kind: type[Cap | Expire], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**fields)


def test_the_longest_policies() -> None:
    assert Expire(3650, 3)
    assert Cap(1, HOLD, 366, 366)
    assert Cap(1, HOLD) == Cap(1, HOLD, warn_days=10, grace_days=14)
