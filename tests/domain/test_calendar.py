from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.calendar import cycle_date, local_day, next_cycle, start_of_day

US_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)
NO_MIDNIGHT = ("America/Havana", "America/Santiago", "America/Asuncion", "Africa/Cairo")
"""Where clocks change at midnight: a day may begin at one, and a midnight may come twice."""
A_MOMENT = timedelta(microseconds=1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("anchor", "dates"),
    [
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"]),
        ("2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29", "2026-05-29"]),
        ("2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]),
        ("2028-02-29", ["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29", "2028-06-29"]),
        ("2026-11-15", ["2026-11-15", "2026-12-15", "2027-01-15", "2027-02-15", "2027-03-15"]),
    ],
)
def test_billing_dates(anchor: str, dates: list[str]) -> None:
    assert [cycle_date(date.fromisoformat(anchor), cycle).isoformat() for cycle in range(5)] == dates


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize("day", range(1, 32))
def test_every_anchor_for_four_years(day: int, year: int) -> None:
    """One date in each month, on the anchor's own day or else the month's last (`features.md` A1, A2)."""
    anchor = date(year, 1, day)
    dates = [cycle_date(anchor, cycle) for cycle in range(48)]
    assert dates[0] == anchor
    assert [(each.year, each.month) for each in dates] == [(year + n // 12, n % 12 + 1) for n in range(48)]
    for each in dates:
        assert each.day == min(day, monthrange(each.year, each.month)[1])
    for cycle, (this, following) in enumerate(pairwise(dates)):
        assert this < following
        assert next_cycle(anchor, this) == cycle + 1
        assert next_cycle(anchor, following - timedelta(days=1)) == cycle + 1


def test_a_leap_day_comes_back_each_leap_year() -> None:
    anchor = date(2028, 2, 29)
    assert [cycle_date(anchor, 12 * years).isoformat() for years in range(5)] == [
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


@given(DAYS, DAYS)
def test_the_next_cycle_is_the_first_strictly_after(anchor: date, after: date) -> None:
    cycle = next_cycle(anchor, after)
    assert cycle >= 0
    assert cycle_date(anchor, cycle) > after
    assert cycle == 0 or cycle_date(anchor, cycle - 1) <= after


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from(US_ZONES + NO_MIDNIGHT))  # noqa: DTZ001
def test_every_instant_is_in_its_day(naive: datetime, zone: str) -> None:
    instant = naive.replace(tzinfo=UTC)
    day = local_day(instant, zone)
    assert start_of_day(day, zone) <= instant < start_of_day(day + timedelta(days=1), zone)


@pytest.mark.parametrize("zone", US_ZONES + NO_MIDNIGHT)
def test_a_day_begins_once_and_lasts_23_to_25_hours(zone: str) -> None:
    """Each day of ten years, through every gap and overlap."""
    hours = set()
    for number in range(3653):
        day = date(2020, 1, 1) + timedelta(days=number)
        begins, ends = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
        assert local_day(begins, zone) == day
        assert local_day(begins - A_MOMENT, zone) < day
        assert local_day(ends - A_MOMENT, zone) == day
        hours.add((ends - begins) / timedelta(hours=1))
    assert hours <= {23, 24, 25}
    assert (hours == {24}) == (zone in {"America/Phoenix", "Pacific/Honolulu"})


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Denver", "2026-11-20", "2026-11-20T07:00"),
        ("America/Denver", "2026-03-08", "2026-03-08T07:00"),  # spring forward, at two in the night
        ("America/Denver", "2026-03-09", "2026-03-09T06:00"),
        ("America/Denver", "2026-11-02", "2026-11-02T07:00"),
        ("America/Phoenix", "2026-07-01", "2026-07-01T07:00"),
        ("Pacific/Honolulu", "2026-07-01", "2026-07-01T10:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00"),  # no midnight: the day begins at one
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # two midnights: it begins at the first
    ],
)
def test_where_a_day_begins(zone: str, day: str, begins: str) -> None:
    assert start_of_day(date.fromisoformat(day), zone) == datetime.fromisoformat(begins).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-11-21T06:59", "America/Denver", "2026-11-20"),
        ("2026-11-21T07:00", "America/Denver", "2026-11-21"),
        ("2026-11-21T00:30", "Pacific/Honolulu", "2026-11-20"),
        ("2026-11-21T04:59", "America/New_York", "2026-11-20"),
        ("2026-11-21T05:00", "America/New_York", "2026-11-21"),
    ],
)
def test_the_day_at_the_spa(instant: str, zone: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(instant).replace(tzinfo=UTC), zone) == date.fromisoformat(day)
