"""The gate of offers as a table: how somebody stands, by each channel, in each zone, at each hour, after each offer."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.consent import MessageClass
from assistant.domain.offering import Later, Never, Standing, may_offer
from assistant.domain.phones import zones
from assistant.domain.quiet_hours import Closed, Open, window
from assistant.domain.sending import SendingPolicy
from tests.domain.test_quiet_days import AK, CT, ET, HI, MT, PT, TICK, openings

POLICY = SendingPolicy()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)
"""The day after Thanksgiving; a Saturday and a Sunday follow."""
REASONS = ("opted_out", "no_consent", "unreachable", "joined", "past_due", "with_a_person")
WHERE = (frozenset({ET}), frozenset({MT}), frozenset({PT, ET}), frozenset({ET, CT, MT, PT, AK, HI}))


def standing(*against: str, offered_at: tuple[datetime, ...] = ()) -> Standing:
    return Standing(
        opted_out="opted_out" in against,
        agreed="no_consent" not in against,
        unreachable="unreachable" in against,
        has_it="joined" in against,
        owes="past_due" in against,
        with_a_person="with_a_person" in against,
        offered_at=offered_at,
    )


def test_the_whole_table() -> None:
    """64 standings x 4 days x 24 hours x 4 sets of zones x 2 channels: whatever is against it is for good, whatever
    the hour; nothing against it, and the clocks on all the walls decide, for texts; mail knows no hours.
    """
    rows = 0
    opened = {where: openings(MessageClass.MARKETING, where) for where in WHERE}
    for flags, hours, where, channel in product(product((False, True), repeat=6), range(96), WHERE, ("sms", "email")):
        against = tuple(name for name, holds in zip(REASONS, flags, strict=True) if holds)
        now = FRIDAY - DAY + hours * HOUR
        answer = may_offer(standing(*against), POLICY, where, now, channel=channel)
        begin, end = next(each for each in opened[where] if each[1] > now)
        if against:
            assert answer == Never(against[0])
        elif channel == "email":
            assert answer == Open(86_400)
        elif begin <= now:
            assert answer == Open(int((end - now).total_seconds()))
        else:
            assert answer == Later(begin)
        rows += 1
    assert rows == 64 * 96 * 4 * 2


@pytest.mark.parametrize(
    ("ago", "wait"),
    [
        ((), None),
        ((DAY,), None),
        ((DAY - TICK,), TICK),
        ((HOUR,), DAY - HOUR),
        ((2 * DAY, 3 * DAY), 7 * DAY - 3 * DAY),
        ((2 * DAY, 7 * DAY), None),
        ((8 * DAY, 9 * DAY, 10 * DAY, 11 * DAY), 30 * DAY - 11 * DAY),
        ((8 * DAY, 9 * DAY, 10 * DAY, 30 * DAY), None),
        ((HOUR, 3 * DAY, 8 * DAY, 9 * DAY), 30 * DAY - 9 * DAY),
    ],
)
def test_so_many_and_no_more(ago: tuple[timedelta, ...], wait: timedelta | None) -> None:
    """One a day, two in seven days, four in thirty (`rules.md` 1.25); in whatever order they are told."""
    now = datetime(2026, 11, 24, 18, tzinfo=UTC)
    for order in (ago, ago[::-1]):
        after = standing(offered_at=tuple(now - each for each in order))
        answer = may_offer(after, POLICY, frozenset({ET}), now)
        assert answer == (Later(now + wait) if wait else Open(5 * 3600))


POLICIES = st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 4)).map(
    lambda n: SendingPolicy(offers_a_day=n[0], offers_a_week=n[0] + n[1], offers_a_month=sum(n))
)
OFFERED = st.lists(st.integers(0, 30 * 24 * 60), max_size=12)


def within(offered: list[datetime], policy: SendingPolicy, at: datetime) -> bool:
    """Whether one offer more at an instant is within every cap, counted as a person would."""
    caps = ((policy.offers_a_day, DAY), (policy.offers_a_week, 7 * DAY), (policy.offers_a_month, 30 * DAY))
    return all(sum(at - span < each for each in offered) < most for most, span in caps)


@given(POLICIES, OFFERED)
def test_later_is_the_first_instant_within_every_cap(policy: SendingPolicy, minutes: list[int]) -> None:
    now = datetime(2026, 11, 24, 18, tzinfo=UTC)
    offered = [now - timedelta(minutes=each) for each in minutes]
    match may_offer(standing(offered_at=tuple(offered)), policy, frozenset({ET}), now, channel="email"):
        case Later(at):
            assert not within(offered, policy, now)
            assert not within(offered, policy, at - TICK)
            assert within(offered, policy, at)
        case answer:
            assert within(offered, policy, now)
            assert answer == Open(86_400)


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=40), POLICIES)
def test_whoever_asks_again_and_again_is_never_over_a_cap(waits: list[int], policy: SendingPolicy) -> None:
    """Somebody is offered something as often as the gate lets them be: no day, week or month has too many."""
    now, offered = datetime(2026, 11, 24, 18, tzinfo=UTC), list[datetime]()
    for wait in waits:
        now += timedelta(minutes=wait)
        recent = tuple(each for each in offered if each > now - 30 * DAY)
        if isinstance(may_offer(standing(offered_at=recent), policy, frozenset(), now, channel="email"), Open):
            offered.append(now)
    caps = ((policy.offers_a_day, DAY), (policy.offers_a_week, 7 * DAY), (policy.offers_a_month, 30 * DAY))
    for most, span in caps:
        assert all(sum(first <= each < first + span for each in offered) <= most for first in offered)


def local(when: str, zone: str) -> datetime:
    behind = {ET: 5, CT: 6, PT: 8}[zone]
    return datetime.fromisoformat(f"{when}:00+00:00") + behind * HOUR


@pytest.mark.parametrize(
    ("rule", "number", "home", "now", "until"),
    [
        ("2.2", "+14015550100", None, local("2026-11-27 18:30", ET), local("2026-11-28 10:00", ET)),
        ("2.2", "+15125550100", None, local("2026-11-22 11:00", CT), local("2026-11-23 10:00", CT)),
        ("2.4", "+12065550100", None, local("2026-11-23 08:30", PT), local("2026-11-23 10:00", PT)),
        ("2.5", "+14155550100", ET, local("2026-11-23 09:30", ET), local("2026-11-23 10:00", PT)),
        ("2.5", "+18504440100", ET, local("2026-11-23 17:30", CT), local("2026-11-24 10:00", CT)),
        ("2.5", "+18005550100", ET, local("2026-11-23 10:30", ET), local("2026-11-23 10:00", PT)),
    ],
)
def test_the_vectors_of_the_rules(rule: str, number: str, home: str | None, now: datetime, until: datetime) -> None:
    answer = may_offer(standing(), POLICY, zones(number, home), now)
    assert answer == Later(until), rule


@pytest.mark.parametrize(("clock", "fit"), [("20:59", True), ("21:01", False), ("07:59", False), ("08:00", True)])
def test_the_federal_hours(clock: str, fit: bool) -> None:
    """`rules.md` 2.1, 2.6: notices keep them too, on a Sunday and on a holiday; an offer never asks for more."""
    for day in ("2026-11-22", "2026-11-23", "2026-11-26"):
        now = local(f"{day} {clock}", ET)
        assert isinstance(window(MessageClass.TRANSACTIONAL, frozenset({ET}), now), Open) is fit
        assert isinstance(window(MessageClass.MARKETING, frozenset({ET}), now), Closed)
        assert isinstance(window(MessageClass.CONVERSATION_REPLY, frozenset({ET}), now), Open)
