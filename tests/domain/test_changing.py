"""Changing plans: what is due never depends on luck, and nothing is given for nothing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.domain.calendar import cycle_date
from assistant.domain.changing import (
    Changeable,
    ChangeKind,
    ChangeQuote,
    ChangeRefusal,
    Refusal,
    Wanted,
    difference,
    next_due,
    plan_change,
    prorated,
    renumbered,
)
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.plans import Cadence, GrantTerms, Terms

VISIT = (GrantTerms("visit", MILLI),)
GLOW = Terms(dues_cents=14_900, grants=VISIT, access_cents=2_000)
LUXE = Terms(dues_cents=24_900, grants=VISIT, access_cents=4_000)
MEMBER = Changeable(
    standing=Standing.ACTIVE,
    version_id=1,
    plan_id=1,
    anchor_on=date(2026, 11, 20),
    last_cycle=0,
    last_due_on=date(2026, 11, 20),
    last_paid_on=date(2026, 11, 20),
)


def to(terms: Terms = LUXE, plan_id: int = 2) -> Wanted:
    return Wanted(plan_id=plan_id, version_id=20 + plan_id, code="luxe", name="Luxe", terms=terms)


def quoted(
    held: Changeable = MEMBER, old: Terms = GLOW, new: Terms = LUXE, on: date = date(2026, 12, 5)
) -> ChangeQuote:
    quote = plan_change(held, old, to(new), today=on)
    assert isinstance(quote, ChangeQuote)
    return quote


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    dues = draw(st.integers(0, 2_000_00))
    grants = draw(st.sampled_from([(), VISIT]))
    return Terms(dues_cents=dues, access_cents=draw(st.integers(0, dues)), grants=grants)


# --- the difference ---------------------------------------------------------------------------------------------------


def test_half_a_period_costs_half_the_difference_and_its_credit_is_banked() -> None:
    quote = quoted()
    assert (quote.days_left, quote.days) == (15, 30)
    assert (quote.due_cents, quote.credit_cents, quote.access_cents) == (5_000, 4_000, 1_000)
    assert (quote.kind, quote.effective_on) == (ChangeKind.UPGRADE, date(2026, 12, 5))
    assert (quote.next_charge_on, quote.next_charge_cents) == (date(2026, 12, 20), 24_900)


@given(terms(), terms(), st.integers(1, 366), st.data())
def test_the_parts_sum_to_what_is_due_and_none_is_below_zero(
    old: Terms, new: Terms, days: int, data: st.DataObject
) -> None:
    days_left = data.draw(st.integers(0, days))
    due, credit = difference(old, new, days_left, days)
    access = due - credit
    assert min(due, credit, access) >= 0
    assert due <= max(0, new.dues_cents - old.dues_cents)
    assert credit <= max(0, new.dues_cents)


@given(terms(), terms(), st.integers(1, 366), st.data())
def test_more_days_never_cost_less(old: Terms, new: Terms, days: int, data: st.DataObject) -> None:
    fewer = data.draw(st.integers(0, days - 1))
    now, then = difference(old, new, fewer + 1, days), difference(old, new, fewer, days)
    assert now[0] >= then[0]
    assert now[1] >= then[1]


@given(terms(), terms(), st.integers(1, 366))
def test_on_the_first_day_all_of_it_and_on_the_last_boundary_nothing(old: Terms, new: Terms, days: int) -> None:
    assert difference(old, new, 0, days) == (0, 0)
    assert difference(old, new, days, days)[0] == max(0, new.dues_cents - old.dues_cents)


@given(st.lists(st.integers(0, 50_000), min_size=2, max_size=6), st.integers(1, 366), st.data())
def test_by_many_steps_is_not_cheaper_than_by_one(dues: list[int], days: int, data: st.DataObject) -> None:
    """Upwards through many plans on one day: half a cent a step at most."""
    ladder, left = sorted(dues), data.draw(st.integers(0, days))
    steps = sum(prorated(b - a, left, days) for a, b in pairwise(ladder))
    assert abs(steps - prorated(ladder[-1] - ladder[0], left, days)) * 2 <= len(ladder)


def test_half_a_cent_goes_up() -> None:
    assert [prorated(cents, 1, 2) for cents in (1, 2, 3, 0, -3)] == [1, 1, 2, 0, 0]


def test_a_dearer_plan_of_access_alone_banks_nothing() -> None:
    assert quoted(new=Terms(dues_cents=24_900)).credit_cents == 0


def test_where_access_is_less_than_before_all_of_it_is_credit_and_no_more() -> None:
    assert difference(Terms(dues_cents=10_000), Terms(dues_cents=12_000, grants=VISIT), 1, 1) == (2_000, 2_000)


def test_introductory_prices_do_not_count() -> None:
    cheap = Terms(dues_cents=14_900, grants=VISIT, access_cents=2_000, intro_cents=100, intro_cycles=3)
    dear = replace(LUXE, intro_cents=200, intro_cycles=1, setup_fee_cents=9_900)
    quote = quoted(old=cheap, new=dear)
    assert (quote.due_cents, quote.next_charge_cents) == (5_000, 24_900)


# --- when it holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cents", [14_900, 9_900, 0])
def test_a_cheaper_plan_or_one_that_costs_the_same_begins_at_the_next_billing_date(cents: int) -> None:
    quote = quoted(new=replace(GLOW, dues_cents=cents, access_cents=0))
    assert (quote.kind, quote.due_cents, quote.effective_on) == (ChangeKind.DOWNGRADE, 0, date(2026, 12, 20))
    assert (quote.next_charge_on, quote.next_charge_cents) == (date(2026, 12, 20), cents)


def test_on_the_billing_date_before_it_is_billed_nothing_is_due() -> None:
    quote = quoted(on=date(2026, 12, 20))
    assert (quote.kind, quote.due_cents, quote.next_charge_on) == (ChangeKind.UPGRADE, 0, date(2026, 12, 20))


def test_a_cycle_that_is_still_to_be_billed_is_billed_at_the_new_price_and_nothing_is_due() -> None:
    assert quoted(on=date(2026, 12, 24)).due_cents == 0


def test_after_a_late_payment_the_next_charge_keeps_its_distance() -> None:
    late = replace(MEMBER, last_paid_on=date(2026, 12, 19))
    assert quoted(late, on=date(2026, 12, 19)).next_charge_on == date(2026, 12, 22)


def test_brought_from_elsewhere_the_period_is_the_month_before_the_first_charge() -> None:
    brought = replace(MEMBER, last_cycle=None, last_due_on=None, last_paid_on=None, anchor_on=date(2026, 12, 20))
    quote = quoted(brought)
    assert (quote.days_left, quote.days, quote.next_charge_on) == (15, 30, date(2026, 12, 20))
    far = replace(brought, anchor_on=date(2027, 12, 20))
    assert quoted(far).due_cents == 10_000  # never more than the whole difference


@given(st.dates(date(2020, 1, 1), date(2032, 1, 1)), st.integers(0, 500), st.sampled_from([1, 12]))
def test_today_is_in_the_period_that_is_paid_for(anchor: date, later: int, months: int) -> None:
    today = anchor + timedelta(days=later)
    held = replace(MEMBER, anchor_on=anchor, last_cycle=None)
    current, _ = next_due(held, months, today)  # nobody was asked for it yet: it is the current one
    cycle, due_on = next_due(replace(held, last_cycle=current), months, today)
    assert cycle == current + 1
    assert cycle_date(anchor, current * months) <= today < due_on


# --- by the year and by the month -------------------------------------------------------------------------------------


def test_from_months_to_years_begins_at_the_next_billing_date_though_it_is_dearer() -> None:
    yearly = Terms(dues_cents=300_000, cadence=Cadence.YEARLY, grants=VISIT)
    quote = quoted(new=yearly)
    assert (quote.kind, quote.due_cents, quote.new_cadence) == (ChangeKind.DOWNGRADE, 0, True)
    assert (quote.effective_on, quote.next_charge_cents) == (date(2026, 12, 20), 300_000)


@example(date(2027, 1, 31), 13, (1, 12))  # 29 February
@given(st.dates(date(1970, 1, 1), date(2060, 12, 31)), st.integers(1, 400), st.sampled_from([(1, 12), (12, 1), (1, 1)]))
def test_cycles_counted_anew_fall_on_the_same_day_and_no_number_comes_twice(
    anchor: date, cycle: int, months: tuple[int, int]
) -> None:
    old, new = months
    cycle = cycle if old == 1 else cycle % 30 + 1
    then = renumbered(anchor, old, new, cycle)
    assert cycle_date(then.anchor_on, then.first_cycle * new) == cycle_date(anchor, cycle * old)
    assert then.first_cycle >= cycle
    following = cycle_date(then.anchor_on, (then.first_cycle + 1) * new)
    assert (following - cycle_date(anchor, cycle * old)).days in (range(28, 32) if new == 1 else range(365, 367))


# --- why not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"standing": Standing.PAST_DUE}, ChangeRefusal.PAST_DUE),
        ({"standing": Standing.SUSPENDED}, ChangeRefusal.SUSPENDED),
        ({"standing": Standing.PAUSED}, ChangeRefusal.PAUSED),
        ({"standing": Standing.SCHEDULED}, ChangeRefusal.SCHEDULED),
        ({"standing": Standing.ENDED}, ChangeRefusal.ENDED),
        ({"leaving": True}, ChangeRefusal.LEAVING),
        ({"changing": True}, ChangeRefusal.ALREADY_CHANGING),
        ({"owing": True}, ChangeRefusal.OWING),
        ({"has_it": True}, ChangeRefusal.HAS_IT),
        ({"plan_id": 2}, ChangeRefusal.SAME_PLAN),
        ({"has_card": False}, ChangeRefusal.NO_CARD),
    ],
)
def test_what_stands_against_it(held: dict[str, object], reason: ChangeRefusal) -> None:
    changed = replace(MEMBER, **held)  # type: ignore[arg-type]
    assert plan_change(changed, GLOW, to(), today=date(2026, 12, 5)) == Refusal(reason)


def test_what_costs_nothing_now_needs_no_card() -> None:
    poor = replace(MEMBER, has_card=False)
    assert quoted(poor, new=replace(GLOW, dues_cents=9_900)).due_cents == 0
    assert quoted(poor, on=date(2026, 12, 20)).due_cents == 0


def test_a_quote_is_kept_in_plain_words() -> None:
    facts = quoted().facts()
    assert (facts["kind"], facts["effective_on"], facts["due_cents"]) == ("upgrade", "2026-12-05", 5_000)
