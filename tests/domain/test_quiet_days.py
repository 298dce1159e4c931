"""Every day from 2026 to 2030, in every set of zones, against an almanac written by hand that knows no library."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import pytest

from assistant.domain.consent import MessageClass
from assistant.domain.quiet_hours import Closed, Open, federal_holidays, window

_, REPLY, RECEIPT, OFFER = MessageClass
ET, CT, MT, PT = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
HI, AK, ADAK, AZ = "Pacific/Honolulu", "America/Anchorage", "America/Adak", "America/Phoenix"
PR, GUAM, BOISE, ST_JOHNS = "America/Puerto_Rico", "Pacific/Guam", "America/Boise", "America/St_Johns"
DAKOTA = "America/North_Dakota/Center"
QUARTER = timedelta(minutes=15)
TICK = timedelta(microseconds=1)
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
EPOCH = datetime(2025, 12, 31, tzinfo=UTC)

# Quarters of an hour behind Greenwich in winter, and whether the clocks are put forward in summer.
CLOCKS = {
    ET: (20, True), CT: (24, True), MT: (28, True), BOISE: (28, True), AZ: (28, False), PT: (32, True),
    AK: (36, True), ADAK: (40, True), HI: (40, False), PR: (16, False), GUAM: (-40, False), ST_JOHNS: (14, True),
    DAKOTA: (24, True),
}  # fmt: skip
SUMMERS = {
    2026: (date(2026, 3, 8), date(2026, 11, 1)),
    2027: (date(2027, 3, 14), date(2027, 11, 7)),
    2028: (date(2028, 3, 12), date(2028, 11, 5)),
    2029: (date(2029, 3, 11), date(2029, 11, 4)),
    2030: (date(2030, 3, 10), date(2030, 11, 3)),
}
"""From the second Sunday of March to the first of November, at two in the night: before any window opens."""
HOLIDAYS = {
    2026: "1-1 1-19 2-16 5-25 6-19 7-3 7-4 9-7 10-12 11-11 11-26 12-25",
    2027: "1-1 1-18 2-15 5-31 6-18 6-19 7-4 7-5 9-6 10-11 11-11 11-25 12-24 12-25 12-31",
    2028: "1-1 1-17 2-21 5-29 6-19 7-4 9-4 10-9 11-10 11-11 11-23 12-25",
    2029: "1-1 1-15 2-19 5-28 6-19 7-4 9-3 10-8 11-11 11-12 11-22 12-25",
    2030: "1-1 1-21 2-18 5-27 6-19 7-4 9-2 10-14 11-11 11-28 12-25",
}
"""As the Office of Personnel Management lists them: on their date, and on the weekday that is kept for it."""


def holidays(year: int) -> frozenset[date]:
    return frozenset(date(year, *map(int, day.split("-"))) for day in HOLIDAYS[year].split())


def days() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def begins(zone: str, day: date) -> int:
    """The quarter of an hour since the epoch at which a day begins in a zone."""
    behind, changes = CLOCKS[zone]
    spring, autumn = SUMMERS[day.year]
    summer = 4 if changes and spring <= day < autumn else 0
    return (day - EPOCH.date()).days * 96 + behind - summer


Hours = tuple[int, int] | None


def hours_of(message_class: MessageClass, day: date) -> Hours:
    if message_class is RECEIPT:
        return 8, 21
    if day.weekday() == 6 or day in holidays(day.year):
        return None
    return (10, 17) if day.weekday() == 5 else (10, 18)


@lru_cache
def open_quarters(message_class: MessageClass, zone: str) -> int:
    """A bit for every quarter of an hour of five years: whether it is a fit one there."""
    bits = 0
    for day in days():
        if hours := hours_of(message_class, day):
            start, many = begins(zone, day) + 4 * hours[0], 4 * (hours[1] - hours[0])
            bits |= ((1 << many) - 1) << start
    return bits


def openings(message_class: MessageClass, where: frozenset[str]) -> list[tuple[datetime, datetime]]:
    """When it is a fit hour in every zone, from when to when."""
    bits = ~0
    for zone in where:
        bits &= open_quarters(message_class, zone)
    written = bin(bits)[:1:-1]
    found, at = [], written.find("1")
    while at >= 0:
        end = written.find("0", at)
        end = len(written) if end < 0 else end
        found.append((EPOCH + at * QUARTER, EPOCH + end * QUARTER))
        at = written.find("1", end)
    return found


MAINLAND = (ET, CT, MT, PT)
WHERE = [
    *((zone,) for zone in CLOCKS),
    *((ET, PT), (BOISE, PT), (MT, DAKOTA), (ADAK, AK), (PR, ET), (AZ, PT), (ST_JOHNS, ET), (HI, PT), (GUAM, HI)),
    MAINLAND,
    (*MAINLAND, PR),
    (*MAINLAND, AK, HI),
]


@pytest.mark.parametrize("where", WHERE, ids=lambda where: "+".join(zone.partition("/")[2] for zone in where))
@pytest.mark.parametrize("message_class", [RECEIPT, OFFER])
def test_every_opening_of_five_years(message_class: MessageClass, where: tuple[str, ...]) -> None:
    """At both its edges, and a moment before each; so between them it is neither open nor closed by mistake."""
    there = frozenset(where)
    found = openings(message_class, there)
    assert len(found) > 1_000, "five years of days on which it is open"
    for (begin, end), (then, _) in pairwise(found):
        seconds = int((end - begin).total_seconds())
        assert window(message_class, there, begin) == Open(seconds), begin
        assert window(message_class, there, end - TICK) == Open(1), end
        assert window(message_class, there, end) == Closed(then), end
        assert window(message_class, there, then - TICK) == Closed(then), then


def test_an_answer_goes_at_every_hour_of_every_day() -> None:
    for day in days():
        now = EPOCH + begins(ET, day) * QUARTER + timedelta(hours=3)
        assert isinstance(window(REPLY, frozenset({ET}), now), Open)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_holidays_are_those_of_the_list(year: int) -> None:
    assert federal_holidays(year) == holidays(year)


@pytest.mark.parametrize(
    ("morning", "greenwich"),
    [("2027-03-13", 13), ("2027-03-14", 12), ("2026-10-31", 12), ("2026-11-01", 13)],
)
def test_the_almanac_knows_the_nights_of_the_change(morning: str, greenwich: int) -> None:
    """Eight o'clock in New York, before and after: the two days that `rules.md` 2.5 names."""
    day = date.fromisoformat(morning)
    at_eight = EPOCH + (begins(ET, day) + 32) * QUARTER
    assert at_eight == datetime(day.year, day.month, day.day, greenwich, tzinfo=UTC)


Window = tuple[Hours, Hours, Hours]
"""On a weekday, a Saturday, a Sunday."""
FEDERAL: Window = ((8, 21), (8, 21), (8, 21))
LAWS: dict[str, tuple[tuple[str, ...], Window, bool]] = {
    "WA": ((PT,), ((8, 20), (8, 20), (8, 20)), False),
    "OK": ((CT,), ((8, 20), (8, 20), (8, 20)), False),
    "FL": ((ET, CT), ((8, 20), (8, 20), (8, 20)), False),
    "TX": ((CT, MT), ((9, 21), (9, 21), (12, 21)), False),
    "CT": ((ET,), ((9, 20), (9, 20), (9, 20)), False),
    "MD MA NJ": ((ET,), ((8, 20), (8, 20), (8, 20)), False),
    "MS AL LA": ((CT,), ((8, 20), (8, 20), None), True),
    "NV": ((PT, MT), ((9, 20), (9, 20), (9, 20)), False),
    "KY": ((ET, CT), ((10, 21), (10, 21), (10, 21)), False),
    "MI MN NM": ((ET, CT, MT), ((9, 21), (9, 21), (9, 21)), False),
    "CA IL": ((PT, CT), ((9, 21), (9, 21), (9, 21)), False),
    "RI": ((ET,), ((9, 18), (10, 17), (10, 17)), False),
    "others": (tuple(CLOCKS), FEDERAL, False),
}
"""The rows of `rules.md` 2.2: where, the hours, and whether holidays are closed."""


@pytest.mark.parametrize("state", LAWS)
def test_an_offers_hours_are_within_every_states(state: str) -> None:
    where, law, keeps_holidays = LAWS[state]
    for zone in where:
        for day in days():
            hours = hours_of(OFFER, day)
            legal = None if keeps_holidays and day in holidays(day.year) else law[max(0, day.weekday() - 4)]
            assert hours is None or (legal is not None and legal[0] <= hours[0] < hours[1] <= legal[1]), (zone, day)
