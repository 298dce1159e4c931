import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.calendar import local_day, start_of_day
from assistant.domain.declines import Rule, Script, Verdict
from assistant.domain.dunning import (
    CounterOffer,
    Final,
    Policy,
    Step,
    StepKind,
    Told,
    after_decline,
    ladder,
    latest_promise,
    promised,
    slid,
)
from assistant.domain.membership import Standing

DENVER = "America/Denver"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPENED = date(2026, 3, 1)
FAILED_AT = datetime(2026, 3, 1, 9, 3, tzinfo=ZoneInfo(DENVER))
SOFT = Verdict(Rule.LATER, Script.FUNDS)
ONCE = Verdict(Rule.ONCE, Script.SOFT, 2 * HOUR)
HARD = [Verdict(rule, Script.NEW_CARD) for rule in (Rule.NEVER, Rule.FIX, Rule.AUTH)]
OURS = [Verdict(rule, Script.NOTHING) for rule in (Rule.REVIEW, Rule.CHECK)]


def walk(policy: Policy | None = None, verdict: Verdict = SOFT) -> tuple[Step, ...]:
    return ladder(policy or Policy(), failed_at=FAILED_AT, zone=DENVER, verdict=verdict)


def shown(steps: tuple[Step, ...] | CounterOffer, zone: str = DENVER) -> list[str]:
    """Each step as day, hour and what it is."""
    assert not isinstance(steps, CounterOffer)
    local = [(step.due_at.astimezone(ZoneInfo(zone)), step) for step in steps]
    return [f"{(at.date() - OPENED).days} {at:%H:%M} {step.kind} {step.what}".strip() for at, step in local]


THE_LADDER = [
    "0 09:03 tell declined",
    "2 09:00 retry",
    "5 10:00 tell reminder",
    "6 09:00 retry",
    "12 10:00 tell before_suspension",
    "13 09:00 retry",
    "14 00:00 move suspended",
    "19 10:00 tell still_owed",
    "20 09:00 retry",
    "28 10:00 tell last_notice",
    "29 09:00 retry",
    "30 00:00 final cancel",
]


def test_the_ladder_that_ships() -> None:
    assert shown(walk()) == THE_LADDER
    assert [step.number for step in walk()] == list(range(1, 13))


@pytest.mark.parametrize("verdict", HARD)
def test_no_retry_after_a_hard_no(verdict: Verdict) -> None:
    assert shown(walk(verdict=verdict)) == [line for line in THE_LADDER if "retry" not in line]


@pytest.mark.parametrize("verdict", OURS)
def test_nothing_is_said_of_a_card_for_our_own_fault(verdict: Verdict) -> None:
    assert walk(verdict=verdict) == ()
    assert after_decline(Policy(), walk(), verdict=verdict, now=FAILED_AT, zone=DENVER) == ()


def test_a_technical_failure_is_tried_again_in_two_hours_and_not_more_often_in_all() -> None:
    once = shown(walk(verdict=ONCE))
    assert once == [THE_LADDER[0], "0 11:03 retry", *(line for line in THE_LADDER[1:] if line != "6 09:00 retry")]


@pytest.mark.parametrize(
    ("wait", "days"),
    [
        (0 * HOUR, [2, 6, 13, 20, 29]),
        (24 * HOUR, [2, 6, 13, 20, 29]),
        (48 * HOUR, [3, 6, 13, 20, 29]),
        (4 * DAY, [5, 6, 13, 20, 29]),
        (8 * DAY, [9, 13, 20, 29]),
        (10 * DAY, [11, 13, 20, 29]),
    ],
)
def test_a_wait_holds_the_retries_back(wait: timedelta, days: list[int]) -> None:
    verdict = replace(SOFT, wait=wait)
    tried = [int(line.split()[0]) for line in shown(walk(verdict=verdict)) if "retry" in line]
    assert tried == days
    again = after_decline(Policy(), walk(), verdict=verdict, now=FAILED_AT, zone=DENVER)
    assert shown(again) == shown(walk(verdict=verdict))


def test_a_text_just_before_makes_a_retry_that_was_held_back_wait_for_it() -> None:
    policy = Policy(retry_hour=9, tell_hour=8)
    held = shown(walk(policy, replace(SOFT, wait=4 * DAY)))
    assert "5 08:00 tell reminder" in held
    assert "5 10:00 retry" in held


def test_clocks_change_and_the_hours_stay() -> None:
    for zone in ("America/New_York", "America/Denver", "America/Phoenix", "Europe/Berlin", "America/Santiago"):
        for month in (3, 10, 11):
            failed_at = datetime(2026, month, 1, 9, 3, tzinfo=ZoneInfo(zone))
            steps = ladder(Policy(), failed_at=failed_at, zone=zone, verdict=SOFT)
            hours = {step.due_at.astimezone(ZoneInfo(zone)).hour for step in steps if step.kind is StepKind.RETRY}
            assert hours == {9}


def test_the_end_is_as_the_policy_says() -> None:
    for final in Final:
        assert shown(walk(Policy(final=final)))[-1] == f"30 00:00 final {final}"


# --- further declines, and a machine that was away --------------------------------------------------------------------


def test_a_hard_no_ends_the_retries_that_are_left() -> None:
    left = walk()[4:]
    after = after_decline(Policy(), left, verdict=HARD[0], now=left[0].due_at, zone=DENVER)
    assert shown(after) == [line for line in THE_LADDER[4:] if "retry" not in line]
    assert [step.number for step in after] == [5, 7, 8, 10, 12]


def test_an_ordinary_no_leaves_all_as_it_was() -> None:
    left = walk()[4:]
    for verdict in (SOFT, ONCE):
        assert after_decline(Policy(), left, verdict=verdict, now=left[0].due_at - DAY, zone=DENVER) == left


@pytest.mark.parametrize(
    ("late", "moved"),
    [(0 * HOUR, 0), (24 * HOUR, 0), (25 * HOUR, 2), (47 * HOUR, 2), (48 * HOUR, 2), (49 * HOUR, 3), (240 * HOUR, 10)],
)
def test_after_an_absence_the_ladder_is_walked_on_and_not_jumped(late: timedelta, moved: int) -> None:
    may = FAILED_AT.replace(month=5)
    left = ladder(Policy(), failed_at=may, zone=DENVER, verdict=SOFT)[2:]
    after = slid(left, now=left[0].due_at + late, zone=DENVER)
    for before, step in zip(left, after, strict=True):
        assert step == replace(before, due_at=step.due_at)
        was, now = (each.due_at.astimezone(ZoneInfo(DENVER)) for each in (before, step))
        assert (now.date() - was.date(), now.time()) == (moved * DAY, was.time())
    assert slid((), now=FAILED_AT) == ()


# --- promises ---------------------------------------------------------------------------------------------------------


def promise(day: int, *, today: int, left: tuple[Step, ...] | None = None) -> tuple[Step, ...] | CounterOffer:
    """A promise for a day of the ladder that ships, made on another; what was due before has been taken."""
    if left is None:
        left = tuple(step for step in walk() if local_day(step.due_at, DENVER) > OPENED + today * DAY)
    return promised(Policy(), left, on=OPENED + day * DAY, today=OPENED + today * DAY, opened_on=OPENED, zone=DENVER)


@pytest.mark.parametrize(
    ("day", "today", "left"),
    [
        (5, 0, ["5 09:00 retry", "5 10:00 tell reminder", "6 09:00 retry", *THE_LADDER[4:]]),
        (10, 3, ["10 09:00 retry", *THE_LADDER[4:]]),
        (13, 7, THE_LADDER[5:]),
        (17, 7, ["17 09:00 retry", "18 00:00 move suspended", *THE_LADDER[7:]]),
        (9, 7, ["9 09:00 retry", *(line for line in THE_LADDER[4:] if line != "20 09:00 retry")]),
        (29, 22, THE_LADDER[9:]),
        (20, 14, ["20 09:00 retry", *THE_LADDER[9:]]),
    ],
)
def test_a_promise(day: int, today: int, left: list[str]) -> None:
    assert shown(promise(day, today=today)) == left


@pytest.mark.parametrize(
    ("day", "today", "latest"),
    [(11, 0, 10), (-1, 0, 10), (18, 7, 17), (6, 7, 17), (30, 25, 29), (29, 18, 28), (31, 29, 29), (300, 7, 17)],
)
def test_a_day_out_of_reach_is_answered_with_the_latest(day: int, today: int, latest: int) -> None:
    assert promise(day, today=today) == CounterOffer(OPENED + latest * DAY)
    assert not isinstance(promise(latest, today=today), CounterOffer)


def test_a_promise_where_no_retry_is_left_brings_one() -> None:
    left = tuple(step for step in walk()[4:] if step.kind is not StepKind.RETRY)
    found = promise(17, today=7, left=left)
    assert shown(found)[0] == "17 09:00 retry"
    assert not isinstance(found, CounterOffer)
    assert len({step.number for step in found}) == len(found)


def test_the_end_that_is_due_already_waits_for_a_promise_of_today() -> None:
    left = tuple(step for step in walk() if step.kind is StepKind.FINAL)
    assert shown(promise(30, today=30, left=left)) == ["30 09:00 retry", "31 00:00 final cancel"]


def test_a_pause_of_the_benefits_that_would_come_with_the_end_is_left_to_it() -> None:
    policy = Policy(retries=(1, 4, 13), warning_day=2, suspend_day=5, final_day=14, tells=SHORT, tell_hour=8)
    left = tuple(step for step in walk(policy) if local_day(step.due_at, DENVER) > OPENED + 4 * DAY)
    found = promised(policy, left, on=OPENED + 13 * DAY, today=OPENED + 4 * DAY, opened_on=OPENED, zone=DENVER)
    assert shown(found) == ["12 08:00 tell last_notice", "13 09:00 retry", "14 00:00 final cancel"]


SHORT = ((0, "declined"), (3, "before_suspension"), (12, "last_notice"))


# --- what a spa may choose --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"retries": (2, 13, 6, 20, 29)}, "must ascend"),
        ({"retries": (2, 2, 13, 20, 29)}, "must ascend"),
        ({"retries": (2, 6, 9, 13, 20, 29)}, "at most 5 retries"),
        ({"retries": (0, 2, 13, 29)}, "at most 5 retries"),
        ({"retries": (2, 6, 20, 29)}, "none on day 13"),
        ({"retries": (6, 13, 20, 29)}, "none on day 2"),
        ({"retries": (2, 6, 13, 20)}, "none on day 29"),
        ({"retries": (2, 9, 13, 20, 29)}, "none before day 9"),
        ({"warning_day": 14, "suspend_day": 3}, "must follow each other"),
        ({"final_day": 31, "retries": (2, 6, 13, 20, 30)}, "within 30 days"),
        ({"retry_hour": 7}, "hours are from 8 to 20"),
        ({"tell_hour": 21}, "hours are from 8 to 20"),
        ({"promise_days": 0}, "1 to 14 days"),
        ({"promise_days": 15}, "1 to 14 days"),
        ({"tells": Policy().tells[:-1]}, "one text last_notice"),
        ({"tells": Policy().tells[1:]}, "one text declined"),
        ({"tells": ((0, "declined"), (5, "shout"), *Policy().tells[2:])}, "no text called shout"),
        ({"tells": ((1, "declined"), *Policy().tells[1:])}, "at once, on day 0"),
        ({"tells": (*Policy().tells[:4], (29, "last_notice"))}, "at least 24 hours before the end"),
        ({"tells": (*Policy().tells[:3], (19, "last_notice"), (28, "still_owed"))}, "the last text"),
        (
            {"tells": (*Policy().tells[:2], (12, "reminder"), (19, "before_suspension"), (28, "last_notice"))},
            "before the benefits pause must come before",
        ),
        ({"tell_hour": 9, "tells": (*Policy().tells[:3], (20, "still_owed"), (28, "last_notice"))}, "2 hours before"),
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused_in_plain_words(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(Policy(), **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"tell_hour": 9},
        {"tell_hour": 8},
        {"retry_hour": 20, "tell_hour": 18},
        {"final": Final.SKIP},
        {"retries": (2, 13, 20, 29)},
        {"warning_day": 7},
        {"tells": (*Policy().tells[:1], (4, "reminder"), *Policy().tells[1:])},
    ],
)
def test_what_else_may_be_chosen(changed: dict[str, Any]) -> None:
    assert replace(Policy(), **changed) != Policy()


def test_a_policy_is_kept_as_it_is() -> None:
    kept = Policy(retries=(2, 13, 20, 29), final=Final.PAUSE, promise_days=7)
    assert Policy.from_json(json.loads(json.dumps(kept.to_json()))) == kept
    assert Policy.from_json({}) == Policy()
    assert set(Policy().to_json()) == set(asdict(Policy()))


@pytest.mark.parametrize(
    "stored",
    [
        {"retry": [1]},
        {"retries": 7},
        {"final": "shout"},
        {"tells": [[0, "shout"]]},
        {"suspend_day": None},
        {"tells": [0]},
    ],
)
def test_what_is_no_ladder_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Policy.from_json(stored)


# --- any ladder -------------------------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    (
        *("America/New_York", "America/Denver", "America/Phoenix", "Pacific/Honolulu", "America/Santiago"),
        *("America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Chatham"),
    )
)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WAITS = st.sampled_from([timedelta(0), HOUR, 2 * HOUR, DAY, *(n * DAY for n in (2, 4, 6, 8, 10))])
VERDICTS = st.one_of(
    st.builds(Verdict, st.just(Rule.LATER), st.sampled_from(Script), WAITS), st.just(ONCE), st.sampled_from(HARD)
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any that holds by its rules: boundaries, a retry before each, a text before each retry."""
    warning = draw(st.integers(2, 8))
    suspend = draw(st.integers(warning + 2, 20))
    final = draw(st.integers(suspend + 3, 30))
    retry_hour, tell_hour = draw(st.integers(8, 20)), draw(st.integers(8, 20))
    eves = {warning - 1, suspend - 1, final - 1}
    more = draw(st.sets(st.integers(1, final - 1), max_size=2))
    retries = sorted(eves | more)
    days = sorted({day - 1 for day in retries[1:] if day > 1} | draw(st.sets(st.integers(1, final - 2), max_size=2)))
    before = max((day for day in days if day < suspend), default=0)
    tells = [(day, _text(day, before, days[-1])) for day in days]
    try:
        return Policy(
            retries=tuple(retries),
            tells=((0, Told.DECLINED), *tells),
            warning_day=warning,
            suspend_day=suspend,
            final_day=final,
            final=draw(st.sampled_from(Final)),
            retry_hour=retry_hour,
            tell_hour=tell_hour,
            promise_days=draw(st.integers(1, 14)),
        )
    except ValueError:
        assume(False)
        raise


def _text(day: int, before: int, last: int) -> Told:
    if day in (before, last):
        return Told.LAST_NOTICE if day == last else Told.BEFORE_SUSPENSION
    return Told.REMINDER if day < before else Told.STILL_OWED


def of(kind: StepKind, steps: tuple[Step, ...]) -> list[Step]:
    return [step for step in steps if step.kind is kind]


def check(steps: tuple[Step, ...], zone: str) -> None:
    """What holds of every plan, however it came to be."""
    assert all(before.due_at <= after.due_at for before, after in pairwise(steps))
    assert len({step.number for step in steps}) == len(steps)
    retries, tells = of(StepKind.RETRY, steps), of(StepKind.TELL, steps)
    for text in tells:
        assert all(not timedelta(0) <= retry.due_at - text.due_at < 2 * HOUR for retry in retries)
    assert len({step.due_at for step in tells}) == len(tells)
    assert all(step.due_at.utcoffset() == timedelta(0) for step in steps)
    for final in of(StepKind.FINAL, steps):
        assert steps[-1] == final
        notices = [step for step in tells if step.what == Told.LAST_NOTICE]
        assert all(notice.due_at < final.due_at for notice in notices)
    for step in of(StepKind.MOVE, steps):
        assert step.what == Standing.SUSPENDED
        assert step.due_at == start_of_day(local_day(step.due_at, zone), zone)


@given(policies(), INSTANTS, ZONES, VERDICTS)
def test_any_ladder(policy: Policy, failed_at: datetime, zone: str, verdict: Verdict) -> None:
    steps = ladder(policy, failed_at=failed_at, zone=zone, verdict=verdict)
    check(steps, zone)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps[0] == Step(1, StepKind.TELL, Told.DECLINED, failed_at)
    retries = of(StepKind.RETRY, steps)
    assert len(retries) <= 5
    assert all(step.due_at >= failed_at + verdict.wait for step in retries)
    assert bool(retries) == (verdict.rule in {Rule.LATER, Rule.ONCE}) or verdict.wait > DAY
    last_notice = next(step for step in steps if step.what == Told.LAST_NOTICE)
    assert steps[-1].kind is StepKind.FINAL
    assert start_of_day(local_day(last_notice.due_at, zone) + DAY, zone) < steps[-1].due_at
    assert (local_day(steps[-1].due_at, zone) - local_day(failed_at, zone)).days == policy.final_day <= 30


@given(policies(), INSTANTS, ZONES, st.sampled_from([SOFT, ONCE]))
def test_a_soft_ladder_tries_on_the_day_before_each_boundary(
    policy: Policy, failed_at: datetime, zone: str, verdict: Verdict
) -> None:
    steps = ladder(policy, failed_at=failed_at, zone=zone, verdict=verdict)
    tried = {(local_day(step.due_at, zone) - local_day(failed_at, zone)).days for step in of(StepKind.RETRY, steps)}
    assert policy.eves <= tried
    for step in of(StepKind.RETRY, steps)[2 if verdict is ONCE else 1 :]:
        texts = [step.due_at - text.due_at for text in of(StepKind.TELL, steps) if text.what != Told.DECLINED]
        assert any(2 * HOUR <= ahead <= 27 * HOUR for ahead in texts), "26 hours, and one when clocks change"


@given(policies(), INSTANTS, ZONES, VERDICTS, VERDICTS, st.integers(0, 31 * 24))
def test_any_further_decline(
    policy: Policy, failed_at: datetime, zone: str, first: Verdict, then: Verdict, hours: int
) -> None:
    now = failed_at + hours * HOUR
    left = tuple(s for s in ladder(policy, failed_at=failed_at, zone=zone, verdict=first) if s.due_at > now)
    after = after_decline(policy, left, verdict=then, now=now, zone=zone)
    check(after, zone)
    assert {step for step in after if step.kind is not StepKind.RETRY} == {
        step for step in left if step.kind is not StepKind.RETRY
    }
    retries = of(StepKind.RETRY, after)
    assert len(retries) <= len(of(StepKind.RETRY, left))
    assert all(step.due_at >= now + then.wait for step in retries)
    assert not retries or then.rule in {Rule.LATER, Rule.ONCE}
    assert {step.number for step in after} <= {step.number for step in left}


@given(policies(), INSTANTS, ZONES, VERDICTS, st.integers(0, 11), st.integers(0, 90 * 24))
def test_any_absence(policy: Policy, failed_at: datetime, zone: str, verdict: Verdict, done: int, hours: int) -> None:
    assume(3 <= failed_at.astimezone(ZoneInfo(zone)).hour <= 20)  # not at night, when clocks change
    left = ladder(policy, failed_at=failed_at, zone=zone, verdict=verdict)[done:]
    assume(left)
    now = left[0].due_at + hours * HOUR
    after = slid(left, now=now, zone=zone)
    check(after, zone)
    if hours <= 24:
        assert after == left
        return
    assert now <= after[0].due_at <= now + DAY + 2 * HOUR
    days = {
        local_day(moved.due_at, zone) - local_day(step.due_at, zone) for step, moved in zip(left, after, strict=True)
    }
    assert len(days) == 1
    for step, moved in zip(left, after, strict=True):
        assert (step.number, step.kind, step.what) == (moved.number, moved.kind, moved.what)
        assert clock(moved, zone) == clock(step, zone) or step.kind in {StepKind.MOVE, StepKind.FINAL}
    assert slid(after, now=now, zone=zone) == after


def clock(step: Step, zone: str) -> time:
    return step.due_at.astimezone(ZoneInfo(zone)).time()


@given(policies(), INSTANTS, ZONES, VERDICTS, st.integers(0, 29), st.integers(-2, 20))
def test_any_promise(policy: Policy, failed_at: datetime, zone: str, verdict: Verdict, passed: int, ahead: int) -> None:
    opened_on = local_day(failed_at, zone)
    today = opened_on + min(passed, policy.final_day - 1) * DAY
    steps = ladder(policy, failed_at=failed_at, zone=zone, verdict=verdict)
    left = tuple(step for step in steps if local_day(step.due_at, zone) > today)
    on, latest = today + ahead * DAY, latest_promise(policy, today=today, opened_on=opened_on)
    found = promised(policy, left, on=on, today=today, opened_on=opened_on, zone=zone)
    if isinstance(found, CounterOffer):
        assert found == CounterOffer(latest)
        assert not today <= on <= latest
        return
    check(found, zone)
    assert today <= on <= latest <= today + policy.promise_days * DAY
    retries = of(StepKind.RETRY, found)
    assert local_day(retries[0].due_at, zone) == on
    assert len(retries) <= max(1, len(of(StepKind.RETRY, left)))
    assert of(StepKind.FINAL, found) == of(StepKind.FINAL, left), "a promise never moves the end"
    for step in of(StepKind.MOVE, found):
        assert local_day(step.due_at, zone) > on
    told_before = [step.what for step in of(StepKind.TELL, found) if step.due_at < retries[0].due_at]
    assert set(told_before) <= {Told.LAST_NOTICE}
    assert [s for s in left if s.what == Told.LAST_NOTICE] == [s for s in found if s.what == Told.LAST_NOTICE]
    later = {step for step in left if step.due_at > retries[0].due_at}
    assert len(later - set(found)) <= 1, "all the rest stays where it was, but the retry that moved"
