"""Shares and lifts: textbook figures, and what must hold of any."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.shares import Lift, Share, Z, lift, share


@st.composite
def shares(draw: st.DrawFn, least: int = 0) -> Share:
    whole = draw(st.integers(least, 100_000))
    return share(draw(st.integers(0, whole)), whole)


def test_the_shares_of_the_textbook() -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I."""
    for part, whole, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = share(part, whole)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
        assert isclose(found.share, part / whole)


def test_the_lift_of_the_textbook() -> None:
    """Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10."""
    found = lift(share(56, 70), share(48, 80))
    assert (round(found.lift, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.shown
    none = lift(share(9, 10), share(3, 10))
    assert (round(none.low, 4), round(none.high, 4)) == (0.1705, 0.8090)


def test_of_nobody_it_could_be_anything() -> None:
    assert share(0, 0) == Share(0, 0, 0.0, 0.0, 1.0)
    assert not lift(share(5, 10), share(0, 0)).shown
    for part, whole in ((1, 0), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="is no share"):
            share(part, whole)


@given(shares(least=1))
def test_an_interval_holds_its_share_and_solves_wilsons_equation(found: Share) -> None:
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1
    for edge in (found.low, found.high):
        assert isclose((found.share - edge) ** 2, Z * Z * edge * (1 - edge) / found.whole, abs_tol=1e-12)


@given(shares(least=1))
def test_the_others_are_the_mirror(found: Share) -> None:
    others = share(found.whole - found.part, found.whole)
    assert isclose(others.low, 1 - found.high, abs_tol=1e-9)
    assert isclose(others.high, 1 - found.low, abs_tol=1e-9)


@given(st.integers(1, 1_000), st.integers(0, 1_000), st.integers(2, 50))
def test_more_people_know_better(whole: int, part: int, times: int) -> None:
    part = min(part, whole)
    few, many = share(part, whole), share(part * times, whole * times)
    assert many.high - many.low < few.high - few.low


@given(shares(), shares())
def test_a_lift_holds_its_difference_and_turns_round(told: Share, out: Share) -> None:
    found, back = lift(told, out), lift(out, told)
    assert -1 <= found.low <= found.lift + 1e-12
    assert found.lift - 1e-12 <= found.high <= 1
    assert isclose(found.low, -back.high, abs_tol=1e-9)
    assert isclose(found.high, -back.low, abs_tol=1e-9)
    assert found.shown == back.shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(0.0, 0.2, False), (0.001, 0.2, True), (-0.2, 0.0, False), (-0.2, -0.001, True), (-0.1, 0.1, False)],
)
def test_a_lift_is_shown_where_nothing_is_not_within_it(low: float, high: float, shown: bool) -> None:
    assert Lift((low + high) / 2, low, high).shown is shown


@given(shares())
def test_what_is_alike_shows_no_lift(told: Share) -> None:
    assert not lift(told, told).shown
