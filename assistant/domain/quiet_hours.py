"""When a text may be sent, by the clock on every wall its reader may be looking at (`rules.md 2`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.domain.consent import MessageClass

LONGEST_VALIDITY_SECONDS = 36_000
_SEARCH = timedelta(days=21)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Open:
    """It may be sent for so many seconds more; a part of a second counts as one."""

    seconds_left: int


@dataclass(frozen=True, slots=True)
class Closed:
    """It may not be sent before this instant."""

    until: datetime


@lru_cache(maxsize=1024)
def window(message_class: MessageClass, zones: frozenset[str], now: datetime) -> Open | Closed:
    """Whether it is a fit hour in every zone at once, and otherwise when it next is.

    Answers to the member go at any hour (`rules.md 2.6`). Zones too far apart to share an hour are closed for three
    weeks at a time, to be asked again.
    """
    if message_class in (MessageClass.CONVERSATION_REPLY, MessageClass.OPTOUT_CONFIRM):
        return Open(LONGEST_VALIDITY_SECONDS)
    if not zones:
        raise ValueError("no zone, so no hour is known to be fit")
    at = now
    while at < now + _SEARCH:
        begin, end = _all_open(message_class, zones, at)
        if begin <= now:
            return Open(-((now - end) // timedelta(seconds=1)))
        if begin == at:
            return Closed(begin.astimezone(UTC))
        at = begin
    return Closed((now + _SEARCH).astimezone(UTC))


def validity_seconds(opening: Open) -> int:
    """How long the provider may hold the text before it must drop it (`rules.md 2.7`)."""
    return min(max(opening.seconds_left, 1), LONGEST_VALIDITY_SECONDS)


def _all_open(message_class: MessageClass, zones: frozenset[str], at: datetime) -> tuple[datetime, datetime]:
    """The latest beginning and the earliest end of what each zone has open at, or next after, an instant."""
    spans = [_next_open(message_class, ZoneInfo(zone), at) for zone in zones]
    return max(begin for begin, _ in spans), min(end for _, end in spans)


def _next_open(message_class: MessageClass, zone: ZoneInfo, at: datetime) -> tuple[datetime, datetime]:
    """The first opening in one zone that ends after an instant, as seen from then: it begins at `at` or later."""
    day = at.astimezone(zone).date()
    spans = (_opening(message_class, zone, day + n * _DAY) for n in range(10))
    return next((max(span[0], at), span[1]) for span in spans if span and span[1] > at)


def _opening(message_class: MessageClass, zone: ZoneInfo, day: date) -> tuple[datetime, datetime] | None:
    hours = (8, 21) if message_class is MessageClass.TRANSACTIONAL else _marketing_hours(day)
    if hours is None:
        return None
    begin, end = (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in hours)
    return begin, end


def _marketing_hours(day: date) -> tuple[int, int] | None:
    """Hours that satisfy every state's law at once (`rules.md 2.2`)."""
    if day.weekday() == 6 or day in federal_holidays(day.year):
        return None
    return (10, 17) if day.weekday() == 5 else (10, 18)


@lru_cache(maxsize=64)
def federal_holidays(year: int) -> frozenset[date]:
    """Federal holidays that fall in a year: each on its date, and on the weekday it is kept (5 U.S.C. 6103)."""
    fixed = (date(year, month, day) for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)))
    weekdays = (
        _nth_weekday(year, month, weekday, n)
        for month, weekday, n in ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4))
    )
    days = {*(kept for day in (*fixed, date(year + 1, 1, 1)) for kept in _kept(day)), *weekdays}
    return frozenset(day for day in days if day.year == year)


def _kept(holiday: date) -> Iterator[date]:
    yield holiday
    if holiday.weekday() >= 5:
        yield holiday - _DAY if holiday.weekday() == 5 else holiday + _DAY


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such weekday of a month, counted from 1; -1 is the last."""
    first = date(year, month, 1) if n > 0 else date(year, month + 1, 1)
    days_on = (weekday - first.weekday()) % 7
    return first + timedelta(days=days_on) + (n - 1 if n > 0 else n) * timedelta(weeks=1)
