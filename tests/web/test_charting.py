"""Charts as coordinates: every bar within the chart, in proportion, and a waterfall that ends where it says."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.web.console import charting
from assistant.web.console.charting import HEIGHT, LEFT, WIDTH, Column, Span

VALUES = st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=14)


@given(VALUES)
def test_every_bar_is_within_the_chart_and_as_tall_as_its_value(values: list[int]) -> None:
    chart = charting.standing([charting.one("x", value) for value in values], str)
    assert len(chart.bars) == sum(value != 0 for value in values)
    for bar in chart.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    size = {bar.height: abs(value) for bar, value in zip(chart.bars, filter(None, values), strict=True)}
    if size:
        tallest = max(size)
        assert all(abs(height - tallest * value / size[tallest]) < 1.6 for height, value in size.items())


@given(st.integers(-1_000_000, 1_000_000), st.integers(0, 1_000_000))
def test_ticks_are_round_few_and_span_both(low: int, more: int) -> None:
    ticks = charting.nice(low, low + more)
    assert ticks[0] <= low
    assert low + more <= ticks[-1] or more == 0
    assert len(ticks) <= 8
    steps = {two - one for one, two in pairwise(ticks)}
    assert len(steps) <= 1


@given(st.integers(0, 1_000_000), VALUES)
def test_a_waterfall_ends_where_the_moves_lead(opening: int, moves: list[int]) -> None:
    steps = charting.waterfall(("Opening", opening), [("move", each) for each in moves], "Closing", str)
    assert steps[-1].figure == str(opening + sum(moves))
    level = opening
    for move, step in zip(moves, steps[1:-1], strict=True):
        assert step.spans == (Span(min(level, level + move), max(level, level + move), "up" if move >= 0 else "down"),)
        level += move


def test_bars_that_lie_have_their_figures_behind_them() -> None:
    chart = charting.lying([Column("a", (Span(0, 10),), "10"), Column("b", (Span(0, 5),), "5"), Column("c", (), "0")])
    room = charting.WIDTH - charting.NAMES - charting.FIGURES
    assert [bar.width for bar in chart.bars] == [room, room / 2]
    assert [each.words for each in chart.figures] == ["10", "5", "0"]
    assert chart.figures[2].x < chart.figures[1].x < chart.figures[0].x


def test_an_interval_is_drawn_from_end_to_end_with_its_dot_within() -> None:
    chart = charting.between([("Autumn", -100, 300, 500)], str)
    [link], [dot] = chart.links, chart.dots
    assert link.x < (chart.zero or 0) < dot.x < link.x + link.width


def test_a_line_wants_two_values() -> None:
    assert charting.line([1]) == ""
    assert charting.line([0, 10, 5]) == "2.0,30.0 60.0,2.0 118.0,16.0"
