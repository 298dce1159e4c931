import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.benefits import Benefit, Usable
from assistant.domain.credits import LotClass
from assistant.domain.membership import Standing
from assistant.domain.pausing import PausePolicy
from assistant.domain.perks import Perk, PerkKind, PromoGrant
from assistant.domain.plans import (
    Cadence,
    GrantTerms,
    Math,
    MathLine,
    PlanWarning,
    Price,
    Shares,
    Terms,
    TermsError,
    TierWarning,
    birthday_grant,
    math,
    problems,
    tier_warning,
    usable,
    worths,
)
from assistant.domain.pricing import PriceRule
from assistant.domain.rollover import AtCap, Cap, Expire, RollOver

VISIT = GrantTerms("visit", 1000)
DOLLARS = GrantTerms("USD", 5000, rollover=Cap(20000, AtCap.HOLD_AND_REDUCE))
MASK = GrantTerms("mask", 500, LotClass.PROMO, Expire(60, 14))
TREAT = Perk(kind=PerkKind.BIRTHDAY, unit="visit", amount=1000, valid_days=60)
GLOW = Terms(
    dues_cents=14900,
    setup_fee_cents=4900,
    intro_cents=9900,
    intro_cycles=2,
    minimum_cycles=3,
    grants=(VISIT, DOLLARS, MASK),
    pricing=(PriceRule(percent=10, stacks=True), PriceRule(service="peel", fixed_cents=9900)),
    perks=(TREAT, Perk(kind=PerkKind.PRIORITY_BOOKING), Perk(kind=PerkKind.EXTRA, name="A robe of your own")),
    pause=PausePolicy(fee_cents=1000),
    access_cents=2900,
)

CENTS = st.integers(0, 100_000)
GRANTS = st.lists(
    st.builds(
        GrantTerms,
        st.sampled_from(["USD", "visit", "mask", "extra"]),
        st.integers(1, 5000),
        st.sampled_from([LotClass.PAID, LotClass.PROMO]),
        st.builds(RollOver)
        | st.builds(
            Cap, st.integers(5000, 9000), st.sampled_from([AtCap.ROLL_OFF_OLDEST, AtCap.HOLD_AND_REDUCE]), st.just(3)
        )
        | st.builds(Expire, st.integers(1, 999), st.integers(0, 30)),
    ),
    max_size=4,
    unique_by=lambda grant: (grant.unit, grant.lot_class),
).map(tuple)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    dues_cents, intro_cycles = draw(CENTS), draw(st.integers(0, 6))
    kept = frozenset({Benefit.CREDITS})
    return Terms(
        dues_cents=dues_cents,
        cadence=draw(st.sampled_from(Cadence)),
        setup_fee_cents=draw(CENTS),
        intro_cents=draw(st.integers(0, dues_cents)) if intro_cycles else None,
        intro_cycles=intro_cycles,
        minimum_cycles=draw(st.integers(0, 3)),
        grants=draw(GRANTS),
        pricing=draw(st.lists(st.builds(PriceRule, percent=st.integers(0, 100), stacks=st.booleans())).map(tuple)),
        perks=draw(st.sampled_from([(), (TREAT,), GLOW.perks])),
        pause=draw(st.builds(PausePolicy, most_months=st.integers(0, 12), expiry_clock_stops=st.booleans())),
        usable=draw(st.builds(Usable, ended=st.frozensets(st.sampled_from(Benefit)).map(kept.union))),
        access_cents=draw(st.integers(0, dues_cents)),
    )


# --- as it was sold ---------------------------------------------------------------------------------------------------


@given(any_terms())
def test_terms_are_stored_to_the_letter(terms: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms


def test_the_shortest_form_is_read() -> None:
    stored = {"dues_cents": 14900, "grants": [{"unit": "visit", "amount": 1000}]}
    assert Terms.from_json(stored) == Terms(dues_cents=14900, grants=(VISIT,))


def test_every_field_is_stored() -> None:
    """A default that changes one day must not change what was sold before."""
    stored = Terms(dues_cents=14900, grants=(VISIT,)).to_json()
    assert stored["grants"] == [
        {"unit": "visit", "amount": 1000, "lot_class": "paid", "rollover": {"kind": "roll_over"}}
    ]
    assert stored["cadence"] == "monthly"
    assert stored["pause"]["most_months"] == 3
    assert stored["usable"]["ended"] == ["credits"]
    assert set(stored) == set(Terms.__slots__)
    assert Terms(dues_cents=14900) == Terms(
        dues_cents=14900,
        cadence=Cadence.MONTHLY,
        setup_fee_cents=0,
        intro_cents=None,
        intro_cycles=0,
        minimum_cycles=0,
        access_cents=0,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dues": 1}, "terms has dues, which nobody knows"),
        ({"dues_cents": "14900"}, "terms.dues_cents is '14900', not a whole number"),
        ({"dues_cents": 149.0}, "terms.dues_cents is 149.0, not a whole number"),
        ({"grants": [{"unit": "visit", "amount": 0}]}, r"terms.grants\[0\]: a grant of 0 is no grant"),
        ({"grants": [{"unit": "visit"}]}, r"terms.grants\[0\] has no amount"),
        ({"cadence": "weekly"}, "terms.cadence is 'weekly', not one of monthly, yearly"),
        ({"pricing": [{"percent": 120}]}, r"terms.pricing\[0\]: 120 is no percentage"),
        ({"usable": {"ended": []}}, "terms.usable: paid credits stay usable when a membership is ended"),
    ],
)
def test_what_was_not_sold_is_not_read(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Terms.from_json({"dues_cents": 14900} | change)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"dues_cents": -1}, "below zero"),
        ({"setup_fee_cents": -1}, "below zero"),
        ({"intro_cents": -1}, "below zero"),
        ({"access_cents": -1}, "below zero"),
        ({"minimum_cycles": -1}, "below zero"),
        ({"intro_cycles": -1}, "below zero"),
        ({"intro_cycles": 0}, "they have a price"),
        ({"intro_cents": None}, "they have a price"),
        ({"intro_cents": 14901}, "not above the dues"),
        ({"access_cents": 14901}, "no more than the dues"),
        ({"minimum_cycles": 37}, "three years"),
        ({"minimum_cycles": 4, "cadence": Cadence.YEARLY}, "three years"),
        ({"perks": (TREAT, TREAT)}, "one birthday treat"),
        ({"grants": (VISIT, MASK, replace(VISIT, amount=500))}, "visit is granted twice"),
    ],
)
def test_what_cannot_be_sold(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(TermsError, match=problem):
        replace(GLOW, **change)


def test_what_can_just_be_sold() -> None:
    for change in (
        {"minimum_cycles": 36},
        {"minimum_cycles": 3, "cadence": Cadence.YEARLY},
        {"intro_cents": 14900},
        {"intro_cents": 0},
        {"access_cents": 14900},
        {"grants": (VISIT, replace(VISIT, lot_class=LotClass.PROMO))},
    ):
        assert problems(replace(GLOW, **change)) == []


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(TermsError) as raised:
        Terms.from_json({"dues_cents": 100, "access_cents": 200, "minimum_cycles": 40})
    assert len(raised.value.problems) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"unit": ""}, "has a unit"),
        ({"amount": -1}, "no grant"),
        ({"lot_class": LotClass.MIGRATED}, "paid or promotional"),
        ({"rollover": Cap(999, AtCap.CONVERT)}, "at least one grant"),
        ({"unit": "USD", "rollover": Cap(1000, AtCap.CONVERT)}, "dollars are not converted"),
    ],
)
def test_a_grant_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GrantTerms(**{"unit": "visit", "amount": 1000} | fields)
    assert GrantTerms("visit", 1000, rollover=Cap(1000, AtCap.CONVERT))


# --- what it costs, and what that buys --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "price"), [(0, Price(9900, 4900)), (1, Price(9900, 0)), (2, Price(14900, 0)), (90, Price(14900, 0))]
)
def test_the_price_of_a_cycle(cycle: int, price: Price) -> None:
    assert GLOW.price(cycle) == price
    assert price.total_cents == price.dues_cents + price.setup_fee_cents


def test_a_plan_without_an_introduction() -> None:
    assert Terms(dues_cents=100).price(0) == Price(100, 0)
    assert Terms(dues_cents=100, intro_cents=0, intro_cycles=1).price(0) == Price(0, 0)


@pytest.mark.parametrize(
    ("terms", "cycle", "shares"),
    [
        (GLOW, 0, Shares(7974, 1926, 4900)),  # 2900 * 9900 / 14900 = 1926.8
        (GLOW, 5, Shares(12000, 2900, 0)),
        (replace(GLOW, grants=()), 5, Shares(0, 14900, 0)),
        (Terms(dues_cents=0, grants=(VISIT,)), 0, Shares(0, 0, 0)),
    ],
)
def test_what_a_price_buys(terms: Terms, cycle: int, shares: Shares) -> None:
    assert terms.split(terms.price(cycle)) == shares


@given(any_terms(), st.integers(0, 8), st.data())
def test_the_shares_sum_to_the_total(terms: Terms, cycle: int, data: st.DataObject) -> None:
    price = terms.price(cycle)
    whole = terms.split(price)
    less = data.draw(st.integers(0, whole.credit_cents))
    shares = terms.split(price, less_credit_cents=less)
    assert shares.credit_cents + shares.access_cents + shares.setup_cents == price.total_cents - less
    assert min(shares.credit_cents, shares.access_cents, shares.setup_cents) >= 0
    assert shares.access_cents == whole.access_cents
    assert shares.setup_cents == (terms.setup_fee_cents if cycle == 0 else 0)
    for beyond in (-1, whole.credit_cents + 1):
        with pytest.raises(ValueError, match="off credit that costs"):
            terms.split(price, less_credit_cents=beyond)


LIST = {"visit": 17500, "mask": 4000}


@pytest.mark.parametrize(
    ("grants", "credit_cents", "prices", "worth"),
    [
        ((VISIT,), 12000, {}, (12000,)),
        ((VISIT, DOLLARS), 12000, LIST, (9333, 2667)),  # 17500 : 5000
        ((VISIT, DOLLARS), 12001, {}, (6000, 6001)),
        ((VISIT, MASK), 12000, LIST, (12000, 2000)),
        ((VISIT, MASK), 12000, {}, (12000, 0)),
        ((MASK,), 0, LIST, (2000,)),
        ((VISIT, DOLLARS), 12000, {"visit": 0}, (6000, 6000)),
        ((), 12000, LIST, ()),
    ],
)
def test_what_each_grant_is_worth(
    grants: tuple[GrantTerms, ...], credit_cents: int, prices: dict[str, int], worth: tuple[int, ...]
) -> None:
    assert worths(grants, credit_cents, prices) == worth


PRICES = st.dictionaries(st.sampled_from(["visit", "mask", "extra"]), st.integers(0, 50_000))


@given(any_terms(), CENTS, PRICES)
def test_what_was_paid_is_worth_what_was_paid(terms: Terms, credit_cents: int, prices: dict[str, int]) -> None:
    worth = worths(terms.grants, credit_cents, prices)
    paid = [each for each, grant in zip(worth, terms.grants, strict=True) if grant.lot_class is LotClass.PAID]
    assert sum(paid) == (credit_cents if paid else 0)
    assert min(worth, default=0) >= 0


# --- the plan page ----------------------------------------------------------------------------------------------------


def test_the_math_of_a_plan() -> None:
    assert math(GLOW, LIST) == Math(
        14900,
        17500 + 5000 + 2000,
        9600,
        (MathLine("visit", 1000, 17500), MathLine("USD", 5000, 5000), MathLine("mask", 500, 2000)),
    )


def test_a_price_nobody_has_said_counts_for_nothing() -> None:
    told = math(GLOW, {"mask": 4000})
    assert told.lines[0] == MathLine("visit", 1000, None)
    assert told.saving_cents == 7000 - 14900


def test_a_year_is_told_by_the_month() -> None:
    yearly = Terms(dues_cents=160_001, cadence=Cadence.YEARLY, grants=(GrantTerms("visit", 12500),))
    assert math(yearly, LIST) == Math(13333, 18229, 4896, (MathLine("visit", 12500, 18229),))
    assert (Cadence.MONTHLY.months, Cadence.YEARLY.months) == (1, 12)


@given(any_terms(), PRICES)
def test_the_math_is_right_to_half_a_cent(terms: Terms, prices: dict[str, int]) -> None:
    told, months = math(terms, prices), terms.cadence.months
    assert abs(told.dues_cents - Fraction(terms.dues_cents, months)) <= Fraction(1, 2)
    assert told.included_cents - told.dues_cents == told.saving_cents
    assert told.included_cents == sum(line.cents or 0 for line in told.lines)
    for line, grant in zip(told.lines, terms.grants, strict=True):
        price = 1000 if grant.unit == "USD" else prices.get(grant.unit)
        assert (line.cents is None) == (price is None)
        exact = Fraction(grant.amount * (price or 0), 1000 * months)
        assert abs((line.cents or 0) - exact) <= Fraction(1, 2)


def test_a_third_plan_is_allowed_with_a_reason() -> None:
    assert tier_warning(0) is tier_warning(1) is None
    assert tier_warning(2) == TierWarning(PlanWarning.THIRD_TIER, plans=3, advised=2, comparisons=3)
    assert tier_warning(3) == TierWarning(PlanWarning.THIRD_TIER, plans=4, advised=2, comparisons=6)


# --- in each standing -------------------------------------------------------------------------------------------------


@given(any_terms(), st.sampled_from(Standing), st.sampled_from(Benefit))
def test_what_is_usable_is_the_table_of_the_plan(terms: Terms, standing: Standing, benefit: Benefit) -> None:
    assert usable(terms, standing, benefit) == (benefit in terms.usable.of(standing))


@given(any_terms())
def test_what_was_paid_for_survives(terms: Terms) -> None:
    for standing in (Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED, Standing.ENDED):
        assert usable(terms, standing, Benefit.CREDITS)


def test_a_pause_may_rest_the_credits_too() -> None:
    terms = Terms(dues_cents=1, pause=PausePolicy(benefits_usable=False, expiry_clock_stops=True))
    assert not usable(terms, Standing.PAUSED, Benefit.CREDITS)
    assert not usable(terms, Standing.PAUSED, Benefit.PROMO_CREDITS)
    assert usable(terms, Standing.ACTIVE, Benefit.CREDITS)
    perks = replace(terms, usable=Usable(paused=frozenset({Benefit.PERKS})))
    assert usable(perks, Standing.PAUSED, Benefit.PERKS)
    assert not usable(replace(perks, pause=PausePolicy()), Standing.PAUSED, Benefit.CREDITS)


def test_the_birthday_treat_of_a_plan() -> None:
    born_on, today = date(1990, 6, 30), date(2027, 6, 1)
    assert birthday_grant(GLOW, born_on, today) == PromoGrant("visit", 1000, 2027, date(2027, 7, 31))
    assert birthday_grant(GLOW, born_on, today, {2027}) is None
    assert birthday_grant(Terms(dues_cents=1), born_on, today) is None
