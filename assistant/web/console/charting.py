"""Charts as coordinates: pure arithmetic. `templates/console/charts.html` draws them, and nothing else is on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 24, 32
"""Room for what is written beside the bars."""
ROW, NAMES, FIGURES = 32, 200, 112
"""Of a chart that lies: a row's height, and the room for its name and for its figure."""
STEPS = (1, 2, 5)
Read = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Span:
    """From one value to another; `kind` says how it is drawn, never by colour alone."""

    low: int
    high: int
    kind: str = "whole"


@dataclass(frozen=True, slots=True)
class Column:
    """What stands at one place, with the words under it and the figure above."""

    label: str
    spans: tuple[Span, ...]
    figure: str = ""

    @property
    def drawn(self) -> list[Span]:
        """What is not nothing."""
        return [each for each in self.spans if each.low < each.high]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a point."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn. `ticks` have a line across the chart; `zero` is where nothing stands."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    labels: tuple[Words, ...]
    figures: tuple[Words, ...]
    ticks: tuple[Words, ...] = ()
    zero: float | None = None
    links: tuple[Bar, ...] = ()
    """Thin lines: from one bar of a waterfall to the next, or from one end of an interval to the other."""
    dots: tuple[Words, ...] = ()
    standing: bool = True


def one(label: str, value: int, figure: str = "", kind: str = "whole") -> Column:
    """A bar from nothing to a value."""
    return Column(label, (Span(min(value, 0), max(value, 0), kind),), figure)


def waterfall(opening: tuple[str, int], moves: Sequence[tuple[str, int]], closing: str, read: Read) -> list[Column]:
    """What there was, each move from where the one before it ended, and what there is."""
    levels = list(accumulate((cents for _, cents in moves), initial=opening[1]))
    moved = [
        Column(name, (Span(min(two), max(two), "up" if cents >= 0 else "down"),), _signed(cents, read))
        for (name, cents), two in zip(moves, pairwise(levels), strict=True)
    ]
    return [one(*opening, read(opening[1])), *moved, one(closing, levels[-1], read(levels[-1]))]


def _signed(cents: int, read: Read) -> str:
    return f"+{read(cents)}" if cents > 0 else read(cents)


def standing(columns: Sequence[Column], read: Read, *, joined: bool = False) -> Chart:
    """Bars that stand beside each other on one axis; `joined` draws the lines of a waterfall."""
    low, high = _bounds(columns)
    ticks = nice(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    room = HEIGHT - TOP - BOTTOM

    def y(value: int) -> float:
        return round(TOP + room * (high - value) / ((high - low) or 1), 1)

    step = (WIDTH - LEFT - RIGHT) / max(1, len(columns))
    bars, figures = list[Bar](), list[Words]()
    for place, column in enumerate(columns):
        x = LEFT + step * (place + 0.15)
        for each in column.drawn:
            bars.append(
                Bar(round(x, 1), y(each.high), round(step * 0.7, 1), _tall(y(each.low) - y(each.high)), each.kind)
            )
        top = max((each.high for each in column.spans), default=0)
        figures.append(Words(_middle(step, place), y(top) - 6, column.figure))
    labels = [Words(_middle(step, place), HEIGHT - 10, each.label) for place, each in enumerate(columns)]
    return Chart(
        WIDTH,
        HEIGHT,
        tuple(bars),
        tuple(labels),
        tuple(figures),
        ticks=tuple(Words(LEFT - 8, y(each), read(each)) for each in ticks),
        zero=y(0),
        links=_links(columns, step, y) if joined else (),
    )


def lying(columns: Sequence[Column]) -> Chart:
    """Bars under each other, each with its name before it and its figure behind it."""
    most = max((each.high for column in columns for each in column.spans), default=0) or 1
    room = WIDTH - NAMES - FIGURES
    bars, labels, figures = list[Bar](), list[Words](), list[Words]()
    for place, column in enumerate(columns):
        y, end = place * ROW, float(NAMES)
        for each in column.drawn:
            width = round(room * (each.high - each.low) / most, 1)
            bars.append(Bar(round(NAMES + room * each.low / most, 1), y + 6, max(width, 1.0), ROW - 12, each.kind))
            end = max(end, NAMES + room * each.high / most)
        labels.append(Words(NAMES - 12, y + 20, column.label))
        figures.append(Words(round(end + 8, 1), y + 20, column.figure))
    return Chart(WIDTH, max(1, len(columns)) * ROW, tuple(bars), tuple(labels), tuple(figures), standing=False)


def between(rows: Sequence[tuple[str, int, int, int]], read: Read) -> Chart:
    """Intervals under each other: name, low, the likeliest, high; with the line of nothing through all of them."""
    low, high = min(0, *(each[1] for each in rows), 0), max(0, *(each[3] for each in rows), 0)
    room = WIDTH - NAMES - FIGURES

    def x(value: int) -> float:
        return round(NAMES + room * (value - low) / ((high - low) or 1), 1)

    middles = [place * ROW + ROW / 2 for place in range(len(rows))]
    placed = list(zip(rows, middles, strict=True))
    return Chart(
        WIDTH,
        max(1, len(rows)) * ROW,
        bars=(),
        labels=tuple(Words(NAMES - 12, y + 4, name) for (name, *_), y in placed),
        figures=tuple(Words(WIDTH - FIGURES + 8, y + 4, read(likely)) for (_, _, likely, _), y in placed),
        zero=x(0),
        links=tuple(Bar(x(least), y, round(x(most) - x(least), 1), 0, "link") for (_, least, _, most), y in placed),
        dots=tuple(Words(x(likely), y, "") for (_, _, likely, _), y in placed),
        standing=False,
    )


def line(values: Sequence[int], width: int = 120, height: int = 32) -> str:
    """The points of a small line of what has been; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    points = [
        (2 + (width - 4) * place / (len(values) - 1), 2 + (height - 4) * (high - value) / ((high - low) or 1))
        for place, value in enumerate(values)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def nice(low: int, high: int, most: int = 5) -> list[int]:
    """Round values that span both, at most so many and one, zero among them where it lies within."""
    size = 1
    while True:
        for step in (size * each for each in STEPS):
            if (high - low) / step <= most:
                first = low // step * step
                return list(range(first, high + step, step))
        size *= 10


def _bounds(columns: Sequence[Column]) -> tuple[int, int]:
    ends = [end for column in columns for each in column.spans for end in (each.low, each.high)]
    return min(0, *ends, 0), max(0, *ends, 0)


def _middle(step: float, place: int) -> float:
    return round(LEFT + step * (place + 0.5), 1)


def _tall(height: float) -> float:
    """What is not nothing is seen."""
    return round(max(height, 1.5), 1)


def _links(columns: Sequence[Column], step: float, y: Callable[[int], float]) -> tuple[Bar, ...]:
    found, level = [], columns[0].spans[0].high if columns else 0
    for place, (before, _) in enumerate(pairwise(columns)):
        span = before.spans[0]
        if place:
            level = span.high if span.kind == "up" else span.low
        found.append(Bar(round(LEFT + step * (place + 0.85), 1), y(level), round(step * 0.3, 1), 0, "link"))
    return tuple(found)
