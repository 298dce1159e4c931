"""When a spa is open: spans of each weekday, and the days on which it is closed, all of its own clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from assistant.domain import stored

DAY = 24 * 60
MOST_SPANS = 2
"""A day: with a pause at noon."""
MOST_CLOSED = 60
LONGEST_NOTE = 80
FURTHEST = 366
"""Days within which it opens again, or we know nothing of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the minute it opens to the minute it closes, counted from midnight."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY:
            raise ValueError("it opens before it closes, on one day")


@dataclass(frozen=True, slots=True)
class Closed:
    """A day off, and why."""

    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """When it opens next: the day, the minute, and how many days ahead that is."""

    on: date
    minute: int
    days: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Of a whole week, Monday first."""

    week: tuple[tuple[Span, ...], ...]
    closed: tuple[Closed, ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7 or any(len(spans) > MOST_SPANS for spans in self.week):
            raise ValueError(f"a week has seven days of at most {MOST_SPANS} spans")
        if any(one.closes >= next_.opens for spans in self.week for one, next_ in pairwise(spans)):
            raise ValueError("the second span of a day begins after the first")
        if len(self.closed) > MOST_CLOSED or len({each.on for each in self.closed}) < len(self.closed):
            raise ValueError(f"at most {MOST_CLOSED} days off, each once")

    @classmethod
    def from_json(cls, kept: object) -> "Hours | None":
        """As it was stored; None where the spa has told us nothing, or that it is never open."""
        found = stored.read(cls, kept, "hours") if kept else None
        return found if found and any(found.week) else None

    def to_json(self) -> Any:  # noqa: ANN401 - JSON
        return stored.written(self)

    def of(self, day: date) -> tuple[Span, ...]:
        """Of one day, days off considered."""
        return () if any(each.on == day for each in self.closed) else self.week[day.weekday()]

    def until(self, local: datetime) -> int | None:
        """The minute at which it closes, if it is open now."""
        now = minute_of(local)
        return next((each.closes for each in self.of(local.date()) if each.opens <= now < each.closes), None)

    def next_opening(self, local: datetime) -> Opening | None:
        """The first time after now that it opens."""
        today, now = local.date(), minute_of(local)
        for ahead in range(FURTHEST):
            on = today + timedelta(days=ahead)
            for each in self.of(on):
                if ahead or each.opens > now:
                    return Opening(on, each.opens, ahead)
        return None


def minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute
