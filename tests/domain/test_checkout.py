"""Every way a visit is paid: golden bills, and what holds of any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.checkout import MOST_LINES, Bill, Cart, CartLine, Item, Reason, Why, price
from assistant.domain.desk import DeskPolicy
from assistant.domain.pricing import PriceRule

FACIAL = Item(1, "signature", "Signature Facial", "facials", 16_500, "visit")
PEEL = Item(2, "peel", "Gentle Peel", "facials", 14_000, taxable=True)
LIGHT = Item(3, "light", "Light Session", "devices", 9_500, "visit")
CREAM = Item(4, "cream", "Night Cream", "products", 6_000, dollars_cover=False, taxable=True)
UNITS = Item(5, "units", "Units", "injections", 1_200, "unit", 1000)
ITEMS = {each.code: each for each in (FACIAL, PEEL, LIGHT, CREAM, UNITS)}
TENTH, FIFTH = PriceRule(percent=10), PriceRule(category="facials", percent=20)
PLAIN = DeskPolicy()
TAXED = DeskPolicy(tax_basis_points=825)


def bill(
    *lines: CartLine,
    held: Mapping[str, int] | None = None,
    rules: Sequence[PriceRule] = (),
    policy: DeskPolicy = PLAIN,
    tip: int = 0,
) -> Bill:
    return price(Cart(lines=lines, tip_cents=tip), ITEMS, held or {}, rules, policy)


def line(code: str, quantity: int = 1, **options: object) -> CartLine:
    return CartLine(code=code, quantity=quantity, **options)  # type: ignore[arg-type]


def amounts(found: Bill) -> list[tuple[int, ...]]:
    return [
        (each.list_cents, each.credit_amount, each.covered_cents, each.saved_cents, each.dollar_cents, each.due_cents)
        for each in found.lines
    ]


def whys(found: Bill, place: int = 1) -> list[Why]:
    return [each.why for each in found.lines[place - 1].why]


def test_a_stranger_pays_the_list_price() -> None:
    found = bill(line("signature"), line("peel"))
    assert amounts(found) == [(16_500, 0, 0, 0, 0, 16_500), (14_000, 0, 0, 0, 0, 14_000)]
    assert (found.due_cents, found.tax_cents, found.tip_cents, found.total_cents) == (30_500, 0, 0, 30_500)
    assert found.lines[0].why == (Reason(Why.CREDIT_SHORT, unit="visit", amount=1000),)
    assert found.lines[1].why == ()


def test_a_service_credit_covers_its_service_wholly_whatever_it_costs_now() -> None:
    dearer = ITEMS | {"signature": replace(FACIAL, list_cents=40_000)}
    found = price(Cart(lines=(line("signature"),)), dearer, {"visit": 1000}, (FIFTH,), PLAIN)
    assert amounts(found) == [(40_000, 1000, 40_000, 0, 0, 0)]
    assert found.lines[0].why == (Reason(Why.SERVICE_CREDIT, 40_000, "visit", 1000),)


def test_credit_then_member_price_then_dollars_then_the_rest() -> None:
    found = bill(
        line("signature", 2), line("peel"), held={"visit": 1000, "USD": 5_000}, rules=[TENTH, FIFTH], tip=2_000
    )
    assert amounts(found) == [
        (33_000, 1000, 16_500, 3_300, 5_000, 8_200),  # two: one by credit, one at 20 % off, of which $50 by credit
        (14_000, 0, 0, 2_800, 0, 11_200),
    ]
    assert whys(found) == [Why.SERVICE_CREDIT, Why.MEMBER_PRICE, Why.DOLLAR_CREDIT, Why.CREDIT_SHORT]
    assert (found.due_cents, found.total_cents, found.uses()) == (19_400, 21_400, {"visit": 1000, "USD": 5_000})


def test_the_last_credit_goes_where_it_saves_most() -> None:
    found = bill(line("light"), line("signature"), held={"visit": 1000})
    assert [each.due_cents for each in found.lines] == [9_500, 0]
    found = bill(line("light"), line("signature", take_off="asked to"), held={"visit": 1000}, rules=[FIFTH])
    assert [each.due_cents for each in found.lines] == [9_500, 0]
    halved = bill(
        line("light"), line("signature"), held={"visit": 1000}, rules=[PriceRule(category="facials", percent=50)]
    )
    assert [each.due_cents for each in halved.lines] == [0, 8_250]


def test_part_of_a_credit_covers_its_part() -> None:
    found = bill(line("signature"), held={"visit": 500}, rules=[TENTH])
    assert amounts(found) == [(16_500, 500, 8_250, 825, 0, 7_425)]
    found = bill(line("units", 20), held={"unit": 12_500})
    assert amounts(found) == [(24_000, 12_500, 15_000, 0, 0, 9_000)]


def test_what_costs_nothing_keeps_its_credit() -> None:
    found = bill(line("signature"), held={"visit": 1000}, rules=[PriceRule(service="signature", fixed_cents=0)])
    assert amounts(found) == [(16_500, 0, 0, 16_500, 0, 0)]


def test_dollars_never_pay_for_what_they_may_not_nor_for_the_tip_nor_the_tax() -> None:
    found = bill(line("cream"), line("peel"), held={"USD": 50_000}, policy=TAXED, tip=1_500)
    assert [each.dollar_cents for each in found.lines] == [0, 14_000]
    assert whys(found) == [Why.NOT_FOR_DOLLARS]
    assert (found.due_cents, found.tax_cents, found.tip_cents, found.total_cents) == (6_000, 495, 1_500, 7_995)


def test_dollars_spare_tax_where_they_can() -> None:
    found = bill(line("signature"), line("peel"), held={"USD": 14_000}, policy=TAXED)
    assert [each.dollar_cents for each in found.lines] == [0, 14_000]
    assert found.tax_cents == 0
    untaxed = bill(line("signature"), line("peel"), held={"USD": 14_000})
    assert [each.dollar_cents for each in untaxed.lines] == [14_000, 0]


@pytest.mark.parametrize(
    ("policy", "tax"),
    [(PLAIN, 0), (TAXED, 0), (replace(TAXED, tax_on_credit=True), 1_155)],
    ids=["none", "paid", "all"],
)
def test_tax_by_the_spas_own_setting(policy: DeskPolicy, tax: int) -> None:
    assert bill(line("peel"), held={"USD": 14_000}, policy=policy).tax_cents == tax


def test_tax_is_rounded_once_for_a_ticket() -> None:
    ten = DeskPolicy(tax_basis_points=1_000)
    items = {"thing": Item(9, "thing", "Thing", "products", 5, taxable=True)}
    one, two = (Cart(lines=(line("thing"),) * many) for many in (1, 2))
    assert price(one, items, {}, (), ten).tax_cents == 1  # half a cent goes up
    assert price(two, items, {}, (), ten).tax_cents == 1


def test_a_discount_taken_off_says_what_it_was_and_why() -> None:
    found = bill(line("peel", take_off="broke the offer's terms"), rules=[FIFTH])
    assert amounts(found) == [(14_000, 0, 0, 0, 0, 14_000)]
    assert found.lines[0].why == (Reason(Why.DISCOUNT_TAKEN_OFF, 2_800, words="broke the offer's terms"),)


def test_a_promotion_is_the_price_only_where_it_is_better() -> None:
    better, worse = PriceRule(percent=30), PriceRule(percent=5)
    assert whys(bill(line("peel", promo=better), rules=[FIFTH])) == [Why.PROMO]
    assert whys(bill(line("peel", promo=worse), rules=[FIFTH])) == [Why.MEMBER_PRICE]
    stacking = bill(line("peel", promo=replace(worse, stacks=True)), rules=[replace(FIFTH, stacks=True)])
    assert stacking.lines[0].due_cents == 10_640
    assert whys(stacking) == [Why.PROMO]


def test_credit_that_its_owner_keeps_is_kept() -> None:
    found = bill(line("signature", no_credit=True), held={"visit": 1000, "USD": 1_000})
    assert amounts(found) == [(16_500, 0, 0, 0, 0, 16_500)]
    assert whys(found) == [Why.CREDIT_KEPT]


@pytest.mark.parametrize(
    "cart",
    [
        Cart(lines=()),
        Cart(lines=(line("peel"),), tip_cents=-1),
        Cart(lines=(line("peel", 0),)),
        Cart(lines=(line("peel", -1),)),
        Cart(lines=(line("peel", 1001),)),
        Cart(lines=(line("peel"),) * (MOST_LINES + 1)),
    ],
)
def test_no_cart_at_all(cart: Cart) -> None:
    with pytest.raises(ValueError, match=r"cart|quantity"):
        price(cart, ITEMS, {}, (), PLAIN)


# --- what holds of any visit ---------------------------------------------------------------------------------------

PERCENTS = st.builds(
    PriceRule,
    category=st.sampled_from([None, "a", "b"]),
    percent=st.integers(0, 100),
    stacks=st.booleans(),
)
FIXED = st.builds(PriceRule, category=st.sampled_from([None, "a"]), fixed_cents=st.integers(0, 20_000))
RULES = st.lists(PERCENTS | FIXED, max_size=3)
SOLD = st.lists(
    st.builds(
        Item,
        st.integers(1, 9),
        st.sampled_from("abcdef"),
        st.just("x"),
        st.sampled_from(["a", "b"]),
        st.integers(0, 50_000),
        st.sampled_from([None, "visit", "unit"]),
        st.integers(1, 3000),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda item: item.code,
).map(lambda items: {item.code: item for item in items})
Visit = tuple[Cart, dict[str, Item], dict[str, int], list[PriceRule], DeskPolicy]
HELD = st.fixed_dictionaries(
    {}, optional={"visit": st.integers(0, 5000), "unit": st.integers(0, 5000), "USD": st.integers(0, 60_000)}
)
POLICIES = st.builds(DeskPolicy, tax_basis_points=st.integers(0, 3000), tax_on_credit=st.booleans())


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    items = draw(SOLD)
    lines = st.builds(
        CartLine,
        code=st.sampled_from(sorted(items)),
        quantity=st.integers(1, 5),
        promo=st.none() | PERCENTS | FIXED,
        take_off=st.none() | st.just("so"),
        no_credit=st.booleans(),
    )
    cart = Cart(lines=tuple(draw(st.lists(lines, min_size=1, max_size=6))), tip_cents=draw(st.integers(0, 10_000)))
    return cart, items, draw(HELD), draw(RULES), draw(POLICIES)


@given(visits())
def test_every_line_adds_up_and_is_never_above_its_list(visit: Visit) -> None:
    cart, items, held, rules, policy = visit
    found = price(cart, items, held, rules, policy)
    for each in found.lines:
        parts = (each.covered_cents, each.saved_cents, each.dollar_cents, each.due_cents)
        assert min(parts) >= 0
        assert sum(parts) == each.list_cents == items[each.code].list_cents * each.quantity
        assert (each.credit_unit is None) == (each.credit_amount == 0)
    assert found.due_cents == sum(each.due_cents for each in found.lines)
    assert found.total_cents == found.due_cents + found.tax_cents + found.tip_cents
    assert found.tip_cents == cart.tip_cents
    assert all(amount <= held[unit] for unit, amount in found.uses().items())
    assert 0 <= found.tax_cents <= found.list_cents * policy.tax_basis_points / 10_000 + 0.5


@given(visits())
def test_nobody_is_worse_off_by_credit_or_by_a_membership(visit: Visit) -> None:
    cart, items, held, rules, policy = visit
    found = price(cart, items, held, rules, policy)
    without = price(cart, items, {}, rules, policy)
    stranger = price(cart, items, {}, (), policy)
    assert found.total_cents <= without.total_cents <= stranger.total_cents


@given(visits(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(visit: Visit, chance: Random) -> None:
    cart, items, held, rules, policy = visit
    shuffled = list(cart.lines)
    chance.shuffle(shuffled)
    found, other = (price(each, items, held, rules, policy) for each in (cart, replace(cart, lines=tuple(shuffled))))
    assert (found.total_cents, found.tax_cents, found.uses()) == (other.total_cents, other.tax_cents, other.uses())
    assert sorted(amounts(found)) == sorted(amounts(other))


@given(visits(), st.integers(0, 3000))
def test_more_credit_never_makes_it_dearer(visit: Visit, more: int) -> None:
    cart, items, held, rules, policy = visit
    untaxed = replace(policy, tax_basis_points=0)
    richer = held | {"visit": held.get("visit", 0) + more}
    slack = len(cart.lines)  # of half a cent a line, where another part of a credit moves to another line
    assert (
        price(cart, items, richer, rules, untaxed).total_cents
        <= price(cart, items, held, rules, untaxed).total_cents + slack
    )
