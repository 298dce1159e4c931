import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.money import Money

MONEY = st.builds(Money, st.integers(-(10**12), 10**12))


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "$0.00"),
        (5, "$0.05"),
        (99, "$0.99"),
        (100, "$1.00"),
        (14_900, "$149.00"),
        (9_999_999, "$99,999.99"),
        (123_456_789_01, "$123,456,789.01"),
        (-5, "-$0.05"),
        (-14_950, "-$149.50"),
    ],
)
def test_written(cents: int, written: str) -> None:
    assert str(Money(cents)) == written


@pytest.mark.parametrize(
    ("cents", "parts", "split"),
    [
        (100, 1, [100]),
        (100, 3, [33, 33, 34]),
        (5, 3, [1, 1, 3]),
        (2, 4, [0, 0, 0, 2]),
        (0, 2, [0, 0]),
        (-100, 3, [-33, -33, -34]),
        (14_900, 12, [1241] * 11 + [1249]),
    ],
)
def test_split(cents: int, parts: int, split: list[int]) -> None:
    assert Money(cents).split(parts) == tuple(map(Money, split))


@given(MONEY, st.integers(1, 400))
def test_a_split_loses_no_cent_and_is_even_but_for_the_last(whole: Money, parts: int) -> None:
    split = whole.split(parts)
    assert len(split) == parts
    assert sum(part.cents for part in split) == whole.cents
    assert len(set(split[:-1])) <= 1
    assert abs(split[-1].cents - split[0].cents) < parts
    assert all(part.cents * whole.cents >= 0 for part in split)


@given(MONEY, MONEY)
def test_sums_and_signs(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert one - other == -(other - one)
    assert (one < other) == (one.cents < other.cents)


def test_no_money_into_no_parts() -> None:
    for parts in (0, -1):
        with pytest.raises(ValueError, match="no number of parts"):
            Money(100).split(parts)
