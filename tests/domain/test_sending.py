"""How fast and how much: never more in a minute or a day than the carriers take, less what is kept for others."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.sending import (
    SEGMENTS_A_DAY,
    SEGMENTS_A_MINUTE,
    Pace,
    SendingPolicy,
    Tier,
    carriers_day,
    end_of_carriers_day,
)

BEGIN = datetime(2026, 11, 24, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICIES = st.builds(SendingPolicy, tier=st.sampled_from(Tier), reserved_percent=st.integers(0, 90))


def sent_by(policy: SendingPolicy, asked: list[tuple[float, int]]) -> list[tuple[datetime, int]]:
    """What leaves, and when, if somebody asks at these moments, each for a text of so many segments."""
    pace, free_at, now, sent = Pace.of(policy), BEGIN, BEGIN, []
    for wait, segments in asked:
        now += timedelta(seconds=wait)
        leave, after = pace.admit(free_at, now, segments)
        if leave <= now:
            free_at = after
            sent.append((now, segments))
    return sent


def most_in_a_minute(sent: list[tuple[datetime, int]]) -> int:
    return max(
        (sum(each for at, each in sent if begin <= at < begin + MINUTE) for begin, _ in sent),
        default=0,
    )


ASKED = st.lists(st.tuples(st.one_of(st.just(0.0), st.floats(0, 20)), st.sampled_from((1, 1, 2))), max_size=80)


@given(POLICIES, ASKED)
def test_never_more_in_any_minute_than_the_carrier_takes(policy: SendingPolicy, asked: list[tuple[float, int]]) -> None:
    """Less what is kept for others. Where that leaves no room for one text of two segments, one may go all the same."""
    most = most_in_a_minute(sent_by(policy, asked))
    assert most <= max(2, SEGMENTS_A_MINUTE[policy.tier] * (100 - policy.reserved_percent) // 100)


@pytest.mark.parametrize("reserved", [0, 20, 90])
@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("segments", [(1,), (2,), (1, 2), (1, 1, 1, 1, 2)])
def test_whoever_asks_as_often_as_they_can_gets_the_pace_and_no_more(
    tier: Tier, reserved: int, segments: tuple[int, ...]
) -> None:
    """Greedily, for five minutes: the very worst minute is within the limit, and the line is never idle for long."""
    policy = SendingPolicy(tier=tier, reserved_percent=reserved)
    pace, free_at, now, sent = Pace.of(policy), BEGIN, BEGIN, []
    while now < BEGIN + 5 * MINUTE:
        size = segments[len(sent) % len(segments)]
        now, free_at = pace.admit(free_at, now, size)
        sent.append((now, size))
    offers = SEGMENTS_A_MINUTE[tier] * (100 - reserved) // 100
    worst = start = running = 0
    for at, size in sent:
        running += size
        while sent[start][0] <= at - MINUTE:
            running -= sent[start][1]
            start += 1
        worst = max(worst, running)
    assert worst <= max(2, offers)
    in_all = sum(size for _, size in sent)
    assert in_all >= 0.8 * (offers - 2) * 5, "an idle line is a wasted one"


@given(POLICIES, st.integers(0, 500), st.integers(1, 3))
def test_a_line_that_has_rested_lets_the_next_one_leave_at_once(
    policy: SendingPolicy, rested: int, segments: int
) -> None:
    pace = Pace.of(policy)
    leave, free_at = pace.admit(BEGIN, BEGIN + timedelta(seconds=rested), segments)
    assert leave == BEGIN + timedelta(seconds=rested)
    assert free_at == leave + segments * pace.each


@given(POLICIES, ASKED)
def test_who_is_told_to_wait_gets_their_turn_when_told(policy: SendingPolicy, asked: list[tuple[float, int]]) -> None:
    """Unless somebody else was there first: the hour that is named is one at which the line has room."""
    pace, free_at, now = Pace.of(policy), BEGIN, BEGIN
    for wait, segments in asked:
        now += timedelta(seconds=wait)
        leave, after = pace.admit(free_at, now, segments)
        assert leave >= now
        if leave > now:
            again, after = pace.admit(free_at, leave, segments)
            assert again == leave
            now = leave
        free_at = after


# ── the day ──


@pytest.mark.parametrize(
    ("tier", "minute", "day"),
    [
        (Tier.SOLE, 15, 1_000),
        (Tier.LOW, 75, 2_000),
        (Tier.VETTED_LOW, 240, 10_000),
        (Tier.VETTED_MIDDLE, 2_400, 40_000),
        (Tier.VETTED_HIGH, 4_500, 200_000),
    ],
)
def test_the_carriers_table(tier: Tier, minute: int, day: int) -> None:
    """`rules.md` 3.1, row by row; a fifth of the day is kept."""
    assert (SEGMENTS_A_MINUTE[tier], SEGMENTS_A_DAY[tier]) == (minute, day)
    assert SendingPolicy(tier=tier).offers_today == day * 4 // 5
    assert SendingPolicy(tier=tier, reserved_percent=0).offers_today == day


@given(POLICIES)
def test_a_days_offers_leave_the_reserve(policy: SendingPolicy) -> None:
    day = SEGMENTS_A_DAY[policy.tier]
    assert 0 < policy.offers_today <= day
    assert (day - policy.offers_today) * 100 >= day * policy.reserved_percent


@pytest.mark.parametrize(
    ("now", "day", "ends"),
    [
        ("2026-11-24T07:59:59", date(2026, 11, 23), "2026-11-24T08:00:00"),
        ("2026-11-24T08:00:00", date(2026, 11, 24), "2026-11-25T08:00:00"),
        ("2027-03-14T08:00:00", date(2027, 3, 14), "2027-03-15T07:00:00"),  # twenty-three hours
        ("2026-11-01T07:00:00", date(2026, 11, 1), "2026-11-02T08:00:00"),  # twenty-five
        ("2026-07-01T06:59:59", date(2026, 6, 30), "2026-07-01T07:00:00"),
    ],
)
def test_the_day_is_californias(now: str, day: date, ends: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert carriers_day(instant) == day
    assert end_of_carriers_day(instant) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_day_ends_where_the_next_begins(now: datetime) -> None:
    end = end_of_carriers_day(now)
    assert timedelta(0) < end - now <= timedelta(hours=25)
    assert carriers_day(end - timedelta(microseconds=1)) == carriers_day(now)
    assert carriers_day(end) == carriers_day(now) + timedelta(days=1)


# ── a policy that is none ──


@pytest.mark.parametrize(
    "wrong",
    [
        {"reserved_percent": 91},
        {"reserved_percent": -1},
        {"offers_a_day": 0},
        {"offers_a_day": 3, "offers_a_week": 2},
        {"offers_a_week": 5, "offers_a_month": 4},
        {"rest_days": -1},
        {"offer_life_hours": -1},
        {"segment_millicents": -1},
        {"tier": "best"},
        {"tires": 1},
    ],
)
def test_a_policy_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SendingPolicy.from_json(wrong)
    assert SendingPolicy.from_json({}) == SendingPolicy()
