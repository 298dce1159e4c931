from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.consent import MessageClass
from assistant.domain.phones import zones
from assistant.domain.quiet_hours import Closed, Open, federal_holidays, validity_seconds, window

CONFIRM, REPLY, RECEIPT, OFFER = MessageClass
ET, CT, MT, PT = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
HI, AK = "Pacific/Honolulu", "America/Anchorage"


def local(when: str, zone: str = ET) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("message_class", "zone", "now", "until"),
    [
        (RECEIPT, ET, "2026-11-23 20:59", None),
        (RECEIPT, ET, "2026-11-23 21:00", "2026-11-24 08:00"),
        (RECEIPT, ET, "2026-11-23 21:01", "2026-11-24 08:00"),
        (RECEIPT, ET, "2026-11-23 07:59", "2026-11-23 08:00"),
        (RECEIPT, ET, "2026-11-23 08:00", None),
        (RECEIPT, ET, "2026-11-22 12:00", None),  # Sunday
        (RECEIPT, ET, "2026-12-25 12:00", None),  # holiday
        (OFFER, ET, "2026-11-27 18:30", "2026-11-28 10:00"),  # Rhode Island, Friday
        (OFFER, ET, "2026-11-27 17:59", None),
        (OFFER, ET, "2026-11-27 18:00", "2026-11-28 10:00"),
        (OFFER, ET, "2026-11-28 16:59", None),
        (OFFER, ET, "2026-11-28 17:00", "2026-11-30 10:00"),
        (OFFER, CT, "2026-11-22 11:00", "2026-11-23 10:00"),  # Texas, Sunday
        (OFFER, ET, "2026-11-23 09:59", "2026-11-23 10:00"),
        (OFFER, ET, "2026-11-26 12:00", "2026-11-27 10:00"),  # Thanksgiving
        (OFFER, ET, "2026-07-03 12:00", "2026-07-06 10:00"),  # kept on Friday; the 4th is a Saturday
        (OFFER, ET, "2027-12-31 12:00", "2028-01-03 10:00"),  # New Year kept on Friday
        (OFFER, HI, "2026-11-23 10:00", None),
        (RECEIPT, ET, "2027-03-14 07:59", "2027-03-14 08:00"),  # clocks go forward
        (RECEIPT, ET, "2027-03-13 21:30", "2027-03-14 08:00"),
        (RECEIPT, ET, "2026-10-31 21:30", "2026-11-01 08:00"),  # clocks go back
        (OFFER, ET, "2027-03-13 17:30", "2027-03-15 10:00"),
        (OFFER, ET, "2026-10-31 17:30", "2026-11-02 10:00"),
    ],
)
def test_one_zone(message_class: MessageClass, zone: str, now: str, until: str | None) -> None:
    answer = window(message_class, frozenset({zone}), local(now, zone))
    if until is None:
        assert isinstance(answer, Open)
    else:
        assert answer == Closed(local(until, zone).astimezone(UTC))


@pytest.mark.parametrize(
    ("now", "hours"), [("2027-03-13 21:00", 10), ("2026-10-31 21:00", 12), ("2026-11-23 21:00", 11)]
)
def test_a_night_is_as_long_as_the_clocks_make_it(now: str, hours: int) -> None:
    answer = window(RECEIPT, frozenset({ET}), local(now))
    assert isinstance(answer, Closed)
    assert answer.until - local(now).astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("where", "now", "until"),
    [
        ({ET, PT}, "2026-11-23 09:30", "2026-11-23 13:00"),
        ({ET, PT}, "2026-11-23 12:59", "2026-11-23 13:00"),
        ({ET, PT}, "2026-11-23 13:00", None),
        ({ET, PT}, "2026-11-23 18:00", "2026-11-24 13:00"),
        ({ET, CT, MT, PT, HI, AK}, "2026-11-23 14:59", "2026-11-23 15:00"),
        ({ET, CT, MT, PT, HI, AK}, "2026-11-23 15:00", None),
        ({ET, CT, MT, PT, HI, AK}, "2026-07-06 15:30", "2026-07-06 16:00"),
    ],
)
def test_open_only_where_all_are(where: set[str], now: str, until: str | None) -> None:
    answer = window(OFFER, frozenset(where), local(now))
    assert answer == Closed(local(until).astimezone(UTC)) if until else isinstance(answer, Open)


def test_a_member_in_new_york_with_a_number_of_san_francisco() -> None:
    candidates = zones("+14155550100", ET)
    assert window(OFFER, candidates, local("2026-11-23 09:30")) == Closed(local("2026-11-23 13:00").astimezone(UTC))
    assert window(RECEIPT, candidates, local("2026-11-23 09:30")) == Closed(local("2026-11-23 11:00").astimezone(UTC))


@pytest.mark.parametrize("message_class", [REPLY, CONFIRM])
def test_answers_go_at_any_hour(message_class: MessageClass) -> None:
    assert window(message_class, frozenset({ET}), local("2026-12-25 03:00")) == Open(36_000)
    assert window(message_class, frozenset(), local("2026-12-25 03:00")) == Open(36_000)


def test_seconds_left() -> None:
    assert window(RECEIPT, frozenset({ET}), local("2026-11-23 20:59")) == Open(60)
    assert window(RECEIPT, frozenset({ET, PT}), local("2026-11-23 20:59")) == Open(60)
    assert window(RECEIPT, frozenset({ET}), local("2026-11-23 20:59:59.5")) == Open(1)


@pytest.mark.parametrize(("left", "validity"), [(0, 1), (1, 1), (60, 60), (36_000, 36_000), (46_800, 36_000)])
def test_validity(left: int, validity: int) -> None:
    assert validity_seconds(Open(left)) == validity


def test_no_zone_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no zone"):
        window(OFFER, frozenset(), local("2026-11-23 12:00"))


def test_zones_that_share_no_hour_are_asked_again_later() -> None:
    now = local("2026-11-23 12:00")
    assert window(OFFER, frozenset({ET, "Pacific/Guam"}), now) == Closed((now + timedelta(days=21)).astimezone(UTC))


WHERE = st.frozensets(st.sampled_from([ET, CT, MT, PT, HI, AK, "America/Phoenix", "America/Adak"]), min_size=1)
WHEN = st.datetimes(datetime(2026, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def open_everywhere(message_class: MessageClass, where: frozenset[str], at: datetime) -> bool:
    for there in (at.astimezone(ZoneInfo(zone)) for zone in where):
        first, last = (8, 21) if message_class is RECEIPT else (10, 17 if there.weekday() == 5 else 18)
        if not first <= there.hour < last:
            return False
        if message_class is OFFER and (there.weekday() == 6 or there.date() in federal_holidays(there.year)):
            return False
    return True


@given(st.sampled_from([RECEIPT, OFFER]), WHERE, WHEN)
def test_open_means_open_and_closed_means_until(
    message_class: MessageClass, where: frozenset[str], now: datetime
) -> None:
    match window(message_class, where, now):
        case Open(seconds):
            assert open_everywhere(message_class, where, now)
            assert open_everywhere(message_class, where, now + timedelta(seconds=seconds - 1))
            assert not open_everywhere(message_class, where, now + timedelta(seconds=seconds))
        case Closed(until):
            assert not open_everywhere(message_class, where, now)
            assert until > now
            assert isinstance(window(message_class, where, until), Open)
            assert not open_everywhere(message_class, where, until - timedelta(microseconds=1))


def test_federal_holidays() -> None:
    assert sorted(federal_holidays(2026)) == [
        date(2026, *day)
        for day in [
            *((1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (7, 4), (9, 7)),
            *((10, 12), (11, 11), (11, 26), (12, 25)),
        ]
    ]
    assert date(2021, 12, 31) in federal_holidays(2021)
    assert date(2023, 1, 2) in federal_holidays(2023)
