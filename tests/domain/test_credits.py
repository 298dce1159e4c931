from collections import Counter
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.credits import Holding, Line, Lot, LotClass, Short, Take, explain, holdings, order_of_use, take

TODAY = date(2026, 11, 20)
NEAR_DAYS = st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40))


def lot(
    number: int,
    remaining: int = 1000,
    *,
    unit: str = "visit",
    promo: bool = False,
    granted_on: date = date(2026, 10, 1),
    expires_on: date | None = None,
) -> Lot:
    lot_class = LotClass.PROMO if promo else LotClass.PAID
    return Lot(number, unit, lot_class, max(remaining, 1), remaining, granted_on, expires_on)


def days(many: int) -> date:
    return TODAY + timedelta(days=many)


@st.composite
def lots_of(draw: st.DrawFn, units: tuple[str, ...] = ("visit",)) -> list[Lot]:
    """Any lots, in any order: used up, run out, promised for the same day."""
    many = draw(st.integers(0, 12))
    made = [
        Lot(
            number,
            draw(st.sampled_from(units)),
            draw(st.sampled_from(LotClass)),
            5000,
            draw(st.integers(0, 5000)),
            draw(NEAR_DAYS),
            draw(st.none() | NEAR_DAYS),
        )
        for number in range(many)
    ]
    return draw(st.permutations(made))


def test_the_order_of_use() -> None:
    """Soonest to expire, then promo before paid, then oldest, then by id (`features.md` C1, C2)."""
    in_order = [
        lot(9, expires_on=days(1)),
        lot(8, expires_on=days(2), promo=True),
        lot(7, expires_on=days(2)),
        lot(6, promo=True),
        lot(3, granted_on=date(2026, 8, 1)),
        lot(4, granted_on=date(2026, 9, 1)),
        lot(5, granted_on=date(2026, 9, 1)),
    ]
    for shuffled in (in_order[::-1], in_order[3:] + in_order[:3], sorted(in_order, key=lambda each: each.id)):
        assert order_of_use(shuffled) == in_order


def test_the_order_of_use_does_not_depend_on_the_order_given() -> None:
    some = [lot(1), lot(2, promo=True), lot(3, expires_on=days(5)), lot(4, expires_on=days(5), promo=True)]
    assert len({tuple(order_of_use(each)) for each in permutations(some)}) == 1


@pytest.mark.parametrize(
    ("amount", "taken"),
    [
        (500, (Take(2, 500),)),
        (1000, (Take(2, 1000),)),
        (1001, (Take(2, 1000), Take(1, 1))),
        (2500, (Take(2, 1000), Take(1, 1500))),
        (3000, (Take(2, 1000), Take(1, 2000))),
        (3001, Short(3000)),
    ],
)
def test_take(amount: int, taken: tuple[Take, ...] | Short) -> None:
    held = [lot(1, 2000), lot(2, 1000, expires_on=TODAY), lot(3, 9000, expires_on=days(-1)), lot(4, 0)]
    assert take(held, amount, TODAY) == taken


@pytest.mark.parametrize("amount", [0, -1, -500])
def test_using_nothing_or_less_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="not a use"):
        take([lot(1, 2000)], amount, TODAY)


@given(lots_of(), st.integers(1, 30_000))
def test_take_sums_exactly_in_the_order_of_use_or_says_how_short(lots: list[Lot], amount: int) -> None:
    usable = [each for each in lots if each.usable_on(TODAY)]
    available = sum(each.remaining for each in usable)
    taken = take(lots, amount, TODAY)
    if amount > available:
        assert taken == Short(available)
        return
    assert not isinstance(taken, Short)
    assert sum(each.amount for each in taken) == amount
    in_order = order_of_use(usable)
    assert [each.lot_id for each in taken] == [each.id for each in in_order[: len(taken)]]
    assert all(each.amount == full.remaining for each, full in zip(taken[:-1], in_order, strict=False))
    assert all(0 < each.amount <= full.remaining for each, full in zip(taken, in_order, strict=False))


@given(lots_of(), st.integers(1, 5000), st.integers(1, 5000))
def test_two_takes_are_one(lots: list[Lot], first: int, second: int) -> None:
    """Taking twice empties the lots as taking once does: the order does not depend on the past."""
    together = take(lots, first + second, TODAY)
    if isinstance(together, Short):
        return
    begun = take(lots, first, TODAY)
    assert not isinstance(begun, Short)
    gone = {each.lot_id: each.amount for each in begun}
    left = [lot_less(each, gone.get(each.id, 0)) for each in lots]
    rest = take(left, second, TODAY)
    assert not isinstance(rest, Short)
    total = Counter(gone)
    total.update({each.lot_id: each.amount for each in rest})
    assert total == {each.lot_id: each.amount for each in together}


def lot_less(full: Lot, amount: int) -> Lot:
    return Lot(
        full.id, full.unit, full.lot_class, full.granted, full.remaining - amount, full.granted_on, full.expires_on
    )


@given(lots_of(), st.integers(1, 30_000), NEAR_DAYS)
def test_nothing_comes_out_of_what_has_run_out(lots: list[Lot], amount: int, today: date) -> None:
    over = {each.id for each in lots if each.expires_on and each.expires_on < today}
    taken = take(lots, amount, today)
    assert isinstance(taken, Short) or not over & {each.lot_id for each in taken}


@pytest.mark.parametrize(("expires_on", "usable"), [(None, True), (TODAY, True), (days(1), True), (days(-1), False)])
def test_a_credit_is_good_through_its_last_day(expires_on: date | None, usable: bool) -> None:
    assert lot(1, expires_on=expires_on).usable_on(TODAY) is usable
    assert lot(1, 0, expires_on=expires_on).usable_on(TODAY) is False


def test_holdings() -> None:
    held = [
        lot(1, 2000),
        lot(2, 500, expires_on=days(9)),
        lot(3, 700, expires_on=days(5)),
        lot(4, 300, expires_on=days(5)),
        lot(5, 900, expires_on=days(-1)),
        lot(6, 4000, unit="extra"),
        lot(7, 0, unit="mask"),
    ]
    assert holdings(held, TODAY) == [Holding("extra", 4000, 0, None), Holding("visit", 3500, 1000, days(5))]
    assert holdings([], TODAY) == []


@given(lots_of(("visit", "extra", "USD")))
def test_holdings_are_the_sum_of_what_is_usable(lots: list[Lot]) -> None:
    held = holdings(lots, TODAY)
    usable = [each for each in lots if each.usable_on(TODAY)]
    assert [each.unit for each in held] == sorted({each.unit for each in usable})
    for each in held:
        of_unit = [one for one in usable if one.unit == each.unit]
        ends = [one.expires_on for one in of_unit if one.expires_on]
        assert each.amount == sum(one.remaining for one in of_unit) > 0
        assert each.expires_on == min(ends, default=None)
        assert each.expiring == sum(one.remaining for one in of_unit if ends and one.expires_on == min(ends))


@given(lots_of(), st.integers(1, 14))
def test_the_lines_sum_to_the_holding(lots: list[Lot], most: int) -> None:
    lines = explain(lots, TODAY, most=most)
    usable = [each for each in lots if each.usable_on(TODAY)]
    assert sum(line.amount for line in lines) == sum(each.amount for each in holdings(lots, TODAY))
    assert len(lines) == min(most, len(usable))
    assert sum(line.lots for line in lines) == len(usable)
    assert all(line.lots == 1 for line in lines[1:])
    assert [line.granted_on for line in lines] == sorted(line.granted_on for line in lines)


def test_the_oldest_are_told_together() -> None:
    held = [
        lot(number, granted_on=date(2026, number, 15), expires_on=days(number) if number == 2 else None)
        for number in range(1, 6)
    ]
    assert explain(reversed(held), TODAY, most=3) == [
        Line(3000, date(2026, 1, 15), days(2), 3),
        Line(1000, date(2026, 4, 15), None),
        Line(1000, date(2026, 5, 15), None),
    ]
    assert explain(held, TODAY, most=1) == [Line(5000, date(2026, 1, 15), days(2), 5)]
    assert explain(held, TODAY, most=5) == [Line(1000, each.granted_on, each.expires_on) for each in held]
