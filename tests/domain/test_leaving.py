from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.calendar import cycle_date, next_charge
from assistant.domain.desk import DeskPolicy
from assistant.domain.jurisdiction import STATES
from assistant.domain.leaving import LeaveQuote, Leaver, LeaveRefusal, SaveOffer, plan_leave, save_offer
from assistant.domain.membership import Standing
from assistant.domain.pausing import Hardship

TODAY = date(2027, 3, 4)
POLICY = DeskPolicy()
ANA = Leaver(
    standing=Standing.ACTIVE,
    leaves=False,
    paid_until=date(2027, 3, 15),
    anchor_on=date(2026, 1, 15),
    cycle_months=1,
    next_cycle=14,
    minimum_cycles_left=0,
    dues_cents=14_900,
    owed_cents=0,
    region="NM",
    holds_paid=True,
    paid_dollar_cents=0,
    promo_until=None,
    banked_cents=16_500,
    may_rest=True,
    smaller_plan=True,
)


def left(leaver: Leaver, hardship: Hardship | None = None, today: date = TODAY) -> LeaveQuote:
    quote = plan_leave(leaver, POLICY, today=today, hardship=hardship)
    assert isinstance(quote, LeaveQuote)
    return quote


def test_at_the_end_of_what_is_paid() -> None:
    assert left(ANA) == LeaveQuote(
        effective_on=date(2027, 3, 15),
        charges_left=0,
        owed_cents=0,
        waived=True,
        keeps_credits=True,
        credits_until=None,
        cash_out_cents=0,
        offer=SaveOffer.REST,
    )


def test_today_when_nothing_is_paid_ahead() -> None:
    for paid_until in (None, TODAY, date(2027, 2, 15)):
        assert left(replace(ANA, paid_until=paid_until, standing=Standing.PAST_DUE)).effective_on == TODAY


def test_an_end_is_not_ended_twice() -> None:
    assert plan_leave(replace(ANA, standing=Standing.ENDED), POLICY, today=TODAY) is LeaveRefusal.ENDED
    assert plan_leave(replace(ANA, leaves=True), POLICY, today=TODAY) is LeaveRefusal.LEAVING


def test_a_minimum_term_is_kept_but_for_hardship() -> None:
    bound = replace(ANA, minimum_cycles_left=3)
    assert (left(bound).effective_on, left(bound).charges_left) == (date(2027, 6, 15), 3)
    for hardship in Hardship:
        free = left(bound, hardship)
        ends_on = TODAY if hardship is Hardship.DECEASED else date(2027, 3, 15)
        assert (free.effective_on, free.charges_left, free.offer) == (ends_on, 0, None)
    assert left(replace(bound, standing=Standing.SUSPENDED, paid_until=None)).effective_on == TODAY


def test_promotions_have_a_window_or_their_own_day_if_that_is_sooner() -> None:
    assert left(replace(ANA, promo_until=date.max)).credits_until == date(2027, 5, 14)
    assert left(replace(ANA, promo_until=date(2027, 4, 1))).credits_until == date(2027, 4, 1)


def test_small_change_is_cash_in_california_and_where_nobody_knows() -> None:
    small = replace(ANA, paid_dollar_cents=1_499, region="CA")
    assert left(small).cash_out_cents == 1_499
    assert left(replace(small, region=None)).cash_out_cents == 1_499
    assert left(replace(small, paid_dollar_cents=1_500)).cash_out_cents == 0
    assert left(replace(small, region="NM")).cash_out_cents == 0


def test_the_one_offer_goes_by_what_is_banked() -> None:
    assert save_offer(ANA) is SaveOffer.REST
    assert save_offer(replace(ANA, may_rest=False)) is SaveOffer.SMALLER_PLAN
    assert save_offer(replace(ANA, banked_cents=14_899)) is SaveOffer.SMALLER_PLAN
    assert save_offer(replace(ANA, banked_cents=100, smaller_plan=False)) is SaveOffer.GIFT
    assert save_offer(replace(ANA, banked_cents=0, smaller_plan=False)) is None
    for forbidden in ("MN", None, "XX"):
        assert save_offer(replace(ANA, region=forbidden)) is None


days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
leavers = st.builds(
    Leaver,
    standing=st.sampled_from([each for each in Standing if each is not Standing.ENDED]),
    leaves=st.just(False),
    paid_until=st.none() | days,
    anchor_on=days,
    cycle_months=st.sampled_from((1, 12)),
    next_cycle=st.integers(0, 48),
    minimum_cycles_left=st.integers(0, 3),
    dues_cents=st.integers(0, 50_000),
    owed_cents=st.integers(0, 50_000),
    region=st.none() | st.sampled_from(sorted(STATES)),
    holds_paid=st.booleans(),
    paid_dollar_cents=st.integers(0, 5_000),
    promo_until=st.none() | days | st.just(date.max),
    banked_cents=st.integers(0, 100_000),
    may_rest=st.booleans(),
    smaller_plan=st.booleans(),
)


@given(leavers, days, st.none() | st.sampled_from(Hardship), st.integers(0, 365))
def test_leaving_is_always_possible_and_never_dearer(
    leaver: Leaver, today: date, hardship: Hardship | None, window: int
) -> None:
    policy = replace(POLICY, leave_credit_days=window)
    quote = plan_leave(leaver, policy, today=today, hardship=hardship)
    assert isinstance(quote, LeaveQuote)
    assert quote.effective_on >= today
    alive = hardship is not Hardship.DECEASED
    if alive and leaver.paid_until is not None and leaver.paid_until > today and not quote.charges_left:
        assert quote.effective_on == leaver.paid_until  # not a day that was paid for is lost, nor one given
    assert quote.charges_left in (0, leaver.minimum_cycles_left)
    assert not (hardship and quote.charges_left)
    assert quote.keeps_credits == leaver.holds_paid
    assert quote.credits_until is None or quote.credits_until <= quote.effective_on + timedelta(days=window)
    assert (quote.credits_until is None) == (leaver.promo_until is None)
    if leaver.region in {"MN", None} or hardship:
        assert quote.offer is None
    assert plan_leave(leaver, policy, today=today, hardship=hardship) == quote


@given(leavers, days)
def test_a_term_costs_exactly_what_is_left_of_it(leaver: Leaver, today: date) -> None:
    """Its last charge is before the end, and the next would not be."""
    quote = left(leaver, today=today)
    if quote.charges_left and quote.effective_on > today:
        step = leaver.cycle_months
        charges = [
            cycle_date(leaver.anchor_on, cycle * step) for cycle in range(leaver.next_cycle, leaver.next_cycle + 9)
        ]
        assert sum(day < quote.effective_on for day in charges) == quote.charges_left


@given(leavers, days)
def test_no_charge_falls_between_the_request_and_the_end(leaver: Leaver, today: date) -> None:
    """One who is paid up until a billing date of theirs: every later charge is on that day or after it."""
    _, next_on = next_charge(leaver.anchor_on, leaver.cycle_months, today)
    paid = replace(leaver, paid_until=next_on, minimum_cycles_left=0)
    assert left(paid, today=today).effective_on <= next_on
