"""What is drawn of each report: read from the rows of its own table, so that both always say the same."""

from collections.abc import Callable, Sequence
from typing import Any

from babel.numbers import format_compact_decimal

from assistant.domain.metrics import Movement
from assistant.services.reports.liability import DEFERRED
from assistant.services.reports.tables import MOVED, Table
from assistant.web.console import charting, words
from assistant.web.console.charting import Chart, Column, Span

Row = Sequence[Any]


def of(name: str, table: Table) -> Chart | None:
    """The chart of a report; None where there is nothing to be drawn."""
    rows = table.raw
    return CHARTS[name](rows, table) if rows else None


def dollars(cents: int) -> str:
    """As short as an axis wants it: `$12K`."""
    short = format_compact_decimal(abs(cents) / 100, locale="en_US", fraction_digits=1)
    return f"{'-' if cents < 0 else ''}${short}"


def many(count: int) -> str:
    return f"{count:,}"


STANDS = {"active": "whole", "past_due": "down", "suspended": "down", "paused": "rest"}


def _members(rows: Sequence[Row], _: Table) -> Chart:
    columns = [
        charting.one(f"{plan}, {words(standing)}", number, many(number), STANDS.get(standing, "faint"))
        for plan, standing, number in rows
    ]
    return charting.lying(columns)


SHORT = {Movement.REACTIVATION: "Came back"}


def _mrr(rows: Sequence[Row], _: Table) -> Chart:
    by_name = {what: cents for what, cents, _ in rows}
    moves = [(SHORT.get(kind, kind.value.capitalize()), by_name[kind.value]) for kind in Movement]
    steps = charting.waterfall(("Opening", by_name["opening"]), moves, "Closing", dollars)
    return charting.standing(steps, dollars, joined=True)


def _churn(rows: Sequence[Row], _: Table) -> Chart:
    columns = []
    for from_on, _as_of, _clients, new, back, left, *_rest in rows:
        spans = (Span(0, new + back, "up"), Span(-left, 0, "down"))
        columns.append(Column(f"{from_on:%b %y}", spans, f"+{new + back} -{left}"))
    return charting.standing(columns, many)


def _forecast(rows: Sequence[Row], _: Table) -> Chart:
    columns = [charting.one(f"{week:%b} {week.day}", cents, dollars(cents)) for week, _charges, cents in rows]
    return charting.standing(columns, dollars)


def _liability(rows: Sequence[Row], table: Table) -> Chart | None:
    """Of the money: dues that were paid for service credit not used."""
    found = next((row for row in rows if row[0] == DEFERRED), None)
    if found is None:
        return None
    by_name = dict(zip(table.columns, found, strict=True))
    moves = [(each.capitalize(), by_name[each]) for each in MOVED]
    steps = charting.waterfall(("Opening", by_name["opening"]), moves, "Closing", dollars)
    return charting.standing(steps, dollars, joined=True)


def _amounts(rows: Sequence[Row], table: Table) -> Chart:
    """Rows of money, as they are in the table; what is not money is told there alone."""
    read = [shown[2] for shown in table.shown]
    columns = [
        charting.one(what.capitalize(), cents, figure, "up" if what.startswith("paid after") else "whole")
        for (what, _, cents), figure in zip(rows, read, strict=True)
        if figure.startswith("$")
    ]
    return charting.lying(columns)


def _lift(rows: Sequence[Row], _: Table) -> Chart:
    """A dot where the lift most likely is, within the interval where it may be."""
    return charting.between([(name, low, lift, high) for name, *_counts, lift, low, high in rows], percent)


def percent(basis_points: int) -> str:
    return f"{basis_points / 100:+.1f} %"


CHARTS: dict[str, Callable[[Sequence[Row], Table], Chart | None]] = {
    "members": _members,
    "mrr": _mrr,
    "churn": _churn,
    "forecast": _forecast,
    "liability": _liability,
    "pastdue": _amounts,
    "breakage": _amounts,
    "lift": _lift,
}
