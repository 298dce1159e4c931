"""When a client is told of something, day by day: in its days only, at an hour of the spa's, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.reminders import (
    ReminderPolicy,
    expiring_due,
    is_time,
    likely_lost,
    renewal_due,
    win_back_due,
)
from tests.domain.test_quiet_days import AZ, CLOCKS, EPOCH, QUARTER, begins, days

POLICY = ReminderPolicy()
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
POLICIES = st.builds(
    ReminderPolicy,
    hour=st.integers(8, 18),
    renewal_days=st.integers(0, 60),
    long_renewal_days=st.integers(0, 60),
    expiring_days=st.integers(0, 60),
    win_back_days=st.integers(0, 60),
)


@pytest.mark.parametrize("zone", CLOCKS)
def test_every_day_of_five_years_has_its_hours(zone: str) -> None:
    """From ten to eight in the evening, and a moment before and after neither, by the hand-written almanac."""
    tick = timedelta(microseconds=1)
    for day in days():
        midnight = EPOCH + begins(zone, day) * QUARTER
        ten, eight = midnight + timedelta(hours=10), midnight + timedelta(hours=20)
        told = [is_time(POLICY, zone, at) for at in (ten - tick, ten, eight - tick, eight)]
        assert told == [False, True, True, False], day


@given(st.integers(8, 18), st.integers(0, 24 * 60 - 1), DAYS)
def test_a_spas_own_hour(hour: int, minute: int, day: date) -> None:
    now = datetime.combine(day, datetime.min.time(), ZoneInfo(AZ)) + timedelta(minutes=minute)
    assert is_time(ReminderPolicy(hour=hour), AZ, now.astimezone(UTC)) is (hour <= minute // 60 < 20)


@given(DAYS, st.integers(1, 24), POLICIES)
def test_a_charge_is_spoken_of_in_the_days_before_it_and_not_on_its_own(
    charge_on: date, months: int, policy: ReminderPolicy
) -> None:
    ahead = policy.renewal_days if months <= 2 else policy.long_renewal_days
    told = [n for n in range(-70, 5) if renewal_due(charge_on, months, charge_on + timedelta(days=n), policy)]
    assert told == list(range(-ahead, 0))


@given(DAYS, POLICIES)
def test_credit_is_spoken_of_until_its_last_day(expires_on: date, policy: ReminderPolicy) -> None:
    told = [n for n in range(-70, 5) if expiring_due(expires_on, expires_on + timedelta(days=n), policy)]
    assert told == (list(range(-policy.expiring_days, 1)) if policy.expiring_days else [])


@given(DAYS, POLICIES)
def test_who_left_is_asked_back_in_one_week_only(ended_on: date, policy: ReminderPolicy) -> None:
    told = [n for n in range(-5, 90) if win_back_due(ended_on, ended_on + timedelta(days=n), policy)]
    assert told == (list(range(policy.win_back_days, policy.win_back_days + 7)) if policy.win_back_days else [])


@pytest.mark.parametrize(
    ("amount", "used", "days_left", "lost"),
    [
        (2_000, 0, 21, 2_000),
        (1_000, 9_000, 20, 0),
        (1_000, 8_999, 20, 1),
        (2_000, 9_000, 20, 1_000),
        (2_000, 180, 0, 2_000),
        (2_000, 9_000, -3, 2_000),
        (0, 0, 5, 0),
    ],
)
def test_what_is_likely_to_be_lost(amount: int, used: int, days_left: int, lost: int) -> None:
    assert likely_lost(amount, used, days_left) == lost


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-10, 60))
def test_never_more_is_lost_than_there_is_and_use_only_helps(amount: int, used: int, days_left: int) -> None:
    lost = likely_lost(amount, used, days_left)
    assert 0 <= lost <= amount
    assert likely_lost(amount, used + 1_000, days_left) <= lost
    assert likely_lost(amount, used, days_left + 1) <= lost


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 7},
        {"hour": 19},
        {"renewal_days": -1},
        {"long_renewal_days": -1},
        {"expiring_days": -1},
        {"win_back_days": -1},
        {"birthdays": 1},
        {"when": 3},
    ],
)
def test_a_policy_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ReminderPolicy.from_json(wrong)
    assert ReminderPolicy.from_json({}) == ReminderPolicy()
