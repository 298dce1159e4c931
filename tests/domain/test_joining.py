"""Joining: the first cycle is today's, and nobody gets an introduction twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.calendar import cycle_date
from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinQuote, begins, plan_join
from assistant.domain.plans import Cadence, GrantTerms, Terms

TODAY = date(2026, 11, 20)
GLOW = Terms(
    dues_cents=14_900,
    setup_fee_cents=5_000,
    intro_cents=9_900,
    intro_cycles=3,
    minimum_cycles=6,
    grants=(GrantTerms("visit", MILLI),),
)


def quoted(terms: Terms = GLOW, on: date = TODAY, *, returning: bool = False) -> JoinQuote:
    return plan_join(terms, on, plan_code="glow", plan="Glow", version_id=1, returning=returning)


def test_who_is_new_pays_the_set_up_fee_and_the_introductory_price() -> None:
    quote = quoted()
    assert (quote.dues_cents, quote.setup_fee_cents, quote.today_cents) == (9_900, 5_000, 14_900)
    assert (quote.next_charge_on, quote.next_charge_cents, quote.intro_left) == (date(2026, 12, 20), 9_900, 2)
    assert (quote.usual_cents, quote.leave_by, quote.minimum_until) == (14_900, date(2026, 12, 19), date(2027, 5, 20))


def test_who_comes_back_pays_neither() -> None:
    quote = quoted(returning=True)
    assert (quote.today_cents, quote.setup_fee_cents, quote.next_charge_cents, quote.intro_left) == (
        14_900,
        0,
        14_900,
        0,
    )
    assert (quote.next_charge_on, quote.minimum_until) == (date(2026, 12, 20), date(2027, 5, 20))


@given(st.dates(date(2024, 1, 1), date(2090, 12, 31)), st.booleans(), st.sampled_from(Cadence))
def test_the_first_cycle_is_todays_and_the_next_a_period_later(today: date, back: bool, cadence: Cadence) -> None:
    first = begins(today, cadence.months, returning=back)
    assert cycle_date(first.anchor_on, first.first_cycle * cadence.months) == today
    quote = quoted(Terms(dues_cents=100, cadence=cadence), today, returning=back)
    assert quote.next_charge_on == cycle_date(today, cadence.months)
    assert quote.leave_by == quote.next_charge_on - timedelta(days=1)
    assert quote.minimum_until is None


def test_it_is_kept_in_plain_words() -> None:
    facts = quoted().facts()
    assert (facts["joins_on"], facts["cadence"], facts["banks"]) == (
        "2026-11-20",
        "monthly",
        [{"unit": "visit", "amount": MILLI}],
    )
