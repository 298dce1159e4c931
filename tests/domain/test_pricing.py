from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.pricing import Priced, PriceRule, member_price

TEN = PriceRule(percent=10)
FIFTEEN_ON_FACIALS = PriceRule(category="facials", percent=15)
PEEL_AT_99 = PriceRule(service="peel", fixed_cents=9900)
TEN_TOO = PriceRule(percent=10, stacks=True)
TWENTY_TOO = PriceRule(category="facials", percent=20, stacks=True)
PEEL_AT_120_TOO = PriceRule(service="peel", fixed_cents=12000, stacks=True)
PEEL_AT_300_TOO = PriceRule(service="peel", fixed_cents=30000, stacks=True)

NAMES = st.none() | st.sampled_from("ab")
CUTS = st.fixed_dictionaries({"percent": st.integers(0, 100)}) | st.fixed_dictionaries(
    {"fixed_cents": st.integers(0, 500)}
)
RULES = st.builds(
    lambda cut, name, of_category, stacks: PriceRule(
        **cut, **{"category" if of_category else "service": name}, stacks=stacks
    ),
    CUTS,
    NAMES,
    st.booleans(),
    st.booleans(),
)
PRICED = st.tuples(st.integers(0, 500), NAMES.filter(bool), NAMES, st.lists(RULES, max_size=5), st.none() | RULES)


@pytest.mark.parametrize(
    ("rules", "promo", "cents", "by"),
    [
        ((), None, 17500, ()),
        ((TEN,), None, 15750, (TEN,)),
        ((TEN, FIFTEEN_ON_FACIALS), None, 14875, (FIFTEEN_ON_FACIALS,)),
        ((TEN, FIFTEEN_ON_FACIALS, PEEL_AT_99), None, 9900, (PEEL_AT_99,)),
        ((PriceRule(service="other", percent=50), PriceRule(category="injectables", percent=50)), None, 17500, ()),
        ((PriceRule(percent=0),), None, 17500, ()),
        ((PriceRule(fixed_cents=17500),), None, 17500, ()),
        ((PEEL_AT_300_TOO,), None, 17500, ()),
        ((PriceRule(percent=100),), None, 0, (PriceRule(percent=100),)),
        ((TEN_TOO, TWENTY_TOO), None, 12600, (TEN_TOO, TWENTY_TOO)),
        ((TEN_TOO, TWENTY_TOO, PEEL_AT_120_TOO), None, 8640, (PEEL_AT_120_TOO, TEN_TOO, TWENTY_TOO)),
        (
            (PEEL_AT_120_TOO, PriceRule(fixed_cents=11000, stacks=True), TEN_TOO),
            None,
            9900,
            (PriceRule(fixed_cents=11000, stacks=True), TEN_TOO),
        ),
        ((TEN_TOO, PEEL_AT_300_TOO), None, 15750, (TEN_TOO,)),
        ((TEN_TOO, PEEL_AT_120_TOO, PEEL_AT_99), None, 9900, (PEEL_AT_99,)),  # one that does not stack may win alone
        ((TEN_TOO,), FIFTEEN_ON_FACIALS, 14875, (FIFTEEN_ON_FACIALS,)),  # a code that does not stack goes alone
        ((TEN,), TWENTY_TOO, 14000, (TWENTY_TOO,)),
        ((TEN_TOO,), TWENTY_TOO, 12600, (TEN_TOO, TWENTY_TOO)),
        ((TEN, PriceRule(service="peel", percent=10)), None, 15750, (TEN,)),  # the first of two that are the same
        ((PriceRule(fixed_cents=15750), TEN_TOO, PriceRule(percent=0, stacks=True)), None, 15750, None),
    ],
)
def test_the_best_price_wins(
    rules: tuple[PriceRule, ...], promo: PriceRule | None, cents: int, by: tuple[PriceRule, ...] | None
) -> None:
    priced = member_price(17500, "peel", "facials", rules, promo)
    wanted = (rules[0],) if by is None else by
    assert priced == Priced(cents, 17500 - cents, wanted)
    assert priced.rule == (wanted[0] if wanted else None)


def test_a_service_in_no_category_has_no_categorys_price() -> None:
    assert member_price(17500, "peel", None, [FIFTEEN_ON_FACIALS, TEN]) == Priced(15750, 1750, (TEN,))


@pytest.mark.parametrize(
    ("list_cents", "percent", "cents"),
    [(1, 50, 1), (3, 50, 2), (5, 10, 5), (15, 10, 14), (199, 15, 169), (149, 1, 148)],
)
def test_half_a_cent_goes_up(list_cents: int, percent: int, cents: int) -> None:
    assert member_price(list_cents, "peel", None, [PriceRule(percent=percent)]).cents == cents


def test_what_stacks_is_rounded_once() -> None:
    halves = [PriceRule(percent=50, stacks=True)] * 3
    assert member_price(7, "peel", None, halves).cents == 1  # 0.875; cent by cent it would be 4, 2, 1
    assert member_price(11, "peel", None, halves).cents == 1  # 1.375; cent by cent it would be 6, 3, 2


def exactly(list_cents: int, way: list[PriceRule]) -> Fraction:
    price = Fraction(list_cents)
    for rule in way:
        if rule.fixed_cents is not None:
            price = min(price, Fraction(rule.fixed_cents))
    for rule in way:
        price *= Fraction(100 - (rule.percent or 0), 100)
    return price


@given(PRICED)
def test_no_price_is_better(case: tuple[int, str, str | None, list[PriceRule], PriceRule | None]) -> None:
    """Never above the list, never below zero, and never above what any one rule, or all that stack, would give."""
    list_cents, service, category, rules, promo = case
    priced = member_price(list_cents, service, category, rules, promo)
    assert 0 <= priced.cents <= list_cents
    assert priced.saved_cents == list_cents - priced.cents
    assert bool(priced.rules) == (priced.saved_cents > 0)
    covering = [each for each in (*rules, promo) if each and each.covers(service, category)]
    ways = [[], *([each] for each in covering), [each for each in covering if each.stacks]]
    best = min(exactly(list_cents, way) for way in ways)
    assert priced.cents == (best + Fraction(1, 2)).__floor__()


@given(PRICED)
def test_rules_go_together_only_when_each_says_so(
    case: tuple[int, str, str | None, list[PriceRule], PriceRule | None],
) -> None:
    list_cents, service, category, rules, promo = case
    priced = member_price(list_cents, service, category, rules, promo)
    assert len(priced.rules) < 2 or all(each.stacks for each in priced.rules)
    assert all(each in (*rules, promo) and each.covers(service, category) for each in priced.rules)
    assert abs(priced.cents - exactly(list_cents, list(priced.rules))) <= Fraction(1, 2)


@given(PRICED, RULES)
def test_one_more_rule_never_costs_more(
    case: tuple[int, str, str | None, list[PriceRule], PriceRule | None], more: PriceRule
) -> None:
    list_cents, service, category, rules, promo = case
    before = member_price(list_cents, service, category, rules, promo)
    assert member_price(list_cents, service, category, [*rules, more], promo).cents <= before.cents


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "percent off or so many cents"),
        ({"percent": 10, "fixed_cents": 100}, "percent off or so many cents"),
        ({"percent": 101}, "101 is no percentage"),
        ({"percent": -1}, "-1 is no percentage"),
        ({"fixed_cents": -1}, "not below zero"),
        ({"percent": 10, "service": "a", "category": "b"}, "a service or for a category"),
    ],
)
def test_a_price_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PriceRule(**fields)


def test_a_list_price_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="is no price"):
        member_price(-1, "peel", None, [])
