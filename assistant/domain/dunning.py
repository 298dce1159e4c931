"""The ladder: what is said, tried and taken away, at which instant, until what is owed is paid or let go.

Retries and overdue states are separate (Kill Bill's lesson). Steps are only a plan: whoever takes one asks first
whether anything is still owed. What changes a plan returns all that is left of it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from assistant.domain.calendar import local_day, start_of_day
from assistant.domain.declines import HARD, OURS, Rule, Verdict
from assistant.domain.dunning_policy import DAY, LEAST_AHEAD, MOST_RETRIES, Final, Policy, Told
from assistant.domain.membership import Standing

__all__ = [
    "CounterOffer",
    "Final",
    "Policy",
    "Step",
    "StepKind",
    "Told",
    "after_decline",
    "ladder",
    "latest_promise",
    "promised",
    "slid",
]


class StepKind(StrEnum):
    """What a step does."""

    RETRY = "retry"
    TELL = "tell"
    MOVE = "move"
    """The membership to another standing."""
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `what` is the text of a TELL, the standing of a MOVE, the end of a FINAL, and empty for a RETRY."""

    number: int
    kind: StepKind
    what: str
    due_at: datetime


_Day = TypeVar("_Day", int, date)
_BOUNDARIES = (StepKind.MOVE, StepKind.FINAL)
_RANK = {kind: place for place, kind in enumerate(StepKind)}


def ladder(policy: Policy, *, failed_at: datetime, zone: str, verdict: Verdict) -> tuple[Step, ...]:
    """All that follows from a decline, numbered from 1. Nothing at all while it is our own fault or in doubt.

    The first text is due at once: the hours of the night are its sender's business.
    """
    if verdict.rule in OURS:
        return ()
    first = local_day(failed_at, zone)
    steps = [
        *(
            Step(0, StepKind.TELL, str(told), _at(first + day * DAY, policy.tell_hour, zone) if day else failed_at)
            for day, told in policy.tells
        ),
        *_retries(policy, failed_at, zone, verdict),
        Step(0, StepKind.MOVE, Standing.SUSPENDED.value, start_of_day(first + policy.suspend_day * DAY, zone)),
        Step(0, StepKind.FINAL, policy.final.value, start_of_day(first + policy.final_day * DAY, zone)),
    ]
    held = _held_back(policy, _in_order(steps), failed_at + verdict.wait, zone)
    return tuple(replace(step, number=number) for number, step in enumerate(held, 1))


def _retries(policy: Policy, failed_at: datetime, zone: str, verdict: Verdict) -> list[Step]:
    """None after a hard no. After a technical failure one comes sooner, in place of one that no boundary needs."""
    if verdict.rule in HARD:
        return []
    days, first = list(policy.retries), local_day(failed_at, zone)
    soon = [failed_at + verdict.wait] if verdict.rule is Rule.ONCE else []
    if soon and len(days) == MOST_RETRIES:
        days.remove(_spare(days, policy.eves))
    times = [*soon, *(_at(first + day * DAY, policy.retry_hour, zone) for day in days)]
    return [Step(0, StepKind.RETRY, "", at) for at in times]


def _spare(days: Sequence[_Day], eves: Collection[_Day]) -> _Day:
    """The retry that can best be spared: the first that does not stand before a boundary."""
    return next((day for day in days if day not in eves), days[0])


def after_decline(
    policy: Policy, left: Sequence[Step], *, verdict: Verdict, now: datetime, zone: str
) -> tuple[Step, ...]:
    """What is left once the bank has said no again: a hard no ends the retries, and a wait moves them.

    Nothing is left where it was our own fault or is in doubt: a person looks, and a new ladder begins if need be.
    """
    if verdict.rule in OURS:
        return ()
    if verdict.rule in HARD:
        return tuple(step for step in _in_order(left) if step.kind is not StepKind.RETRY)
    return _held_back(policy, _in_order(left), now + verdict.wait, zone)


def _held_back(policy: Policy, steps: Sequence[Step], earliest: datetime, zone: str) -> tuple[Step, ...]:
    """No retry before an instant: what was to come earlier comes at the first retry hour after it, all of it as one."""
    later = _clear(_next_hour(earliest, policy.retry_hour, zone), steps)
    early = [step for step in steps if step.kind is StepKind.RETRY and step.due_at < earliest]
    if not early:
        return _in_order(steps)
    end = max((step.due_at for step in steps if step.kind is StepKind.FINAL), default=None)
    that_day = {step for step in steps if step.kind is StepKind.RETRY and _day(step, zone) == local_day(later, zone)}
    one = [] if end and later >= end else [replace(early[-1], due_at=later)]
    return _in_order([*(step for step in steps if step not in {*early, *that_day}), *one])


def slid(left: Sequence[Step], *, now: datetime, zone: str = "UTC") -> tuple[Step, ...]:
    """What is left when the machine was away for a day or more: all of it later by whole days of the spa's calendar.

    The ladder is walked, never jumped: the first step is due within the next day, at its own hour, and the others
    follow at the distance they had, so that no two texts come together. Late by less, nothing moves.
    """
    ordered = _in_order(left)
    if not ordered or now - ordered[0].due_at <= DAY:
        return ordered
    days = -((ordered[0].due_at - now) // DAY)
    while _later(ordered[0].due_at, days, zone) < now:
        days += 1
    return tuple(replace(step, due_at=_later(step.due_at, days, zone)) for step in ordered)


# ── promises ──


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """Not that day; this is the latest that may be promised."""

    latest_on: date


def latest_promise(policy: Policy, *, today: date, opened_on: date, ends_on: date | None = None) -> date:
    """The last day that may be promised: so many days ahead, and before the end.

    `ends_on` is when the end is due now, where that is not so many days after `opened_on`.
    """
    end = ends_on or opened_on + policy.final_day * DAY
    return max(today, min(today + policy.promise_days * DAY, end - DAY))


def promised(
    policy: Policy, left: Sequence[Step], *, on: date, today: date, opened_on: date, zone: str
) -> tuple[Step, ...] | CounterOffer:
    """The ladder once its member has named the day they will pay (`features.md` N1).

    A retry moves to that day. Until then the card is not asked, nothing is said but a last notice, and nothing is taken
    away before the day after. All the rest stays where it is: a promise that is not kept goes on that same day.
    Only for one whose card may be asked again, and once a cycle: that is the caller's to know.
    """
    final = next((step for step in left if step.kind is StepKind.FINAL), None)
    latest = latest_promise(policy, today=today, opened_on=opened_on, ends_on=_day(final, zone) if final else None)
    if not today <= on <= latest:
        return CounterOffer(latest)
    notices = [step for step in left if step.what == Told.LAST_NOTICE]
    at = _clear(_at(on, policy.retry_hour, zone), notices)
    after = [step for step in left if step.kind not in _BOUNDARIES and step.due_at > at and step not in notices]
    boundaries = _held_until(on + DAY, [step for step in _in_order(left) if step.kind in _BOUNDARIES], zone)
    moved = _to_move(left, at, {_day(step, zone) - DAY for step in boundaries}, zone)
    rest = [step for step in after if step.number != moved.number]
    return _in_order([replace(moved, due_at=at), *notices, *rest, *boundaries])


def _to_move(left: Sequence[Step], at: datetime, eves: Collection[date], zone: str) -> Step:
    """The retry that moves: one that was to come before, or else one that can be spared."""
    retries = [step for step in _in_order(left) if step.kind is StepKind.RETRY]
    if not retries:
        return Step(max((step.number for step in left), default=0) + 1, StepKind.RETRY, "", at)
    if retries[0].due_at <= at:
        return retries[0]
    by_day = {_day(step, zone): step for step in retries}
    return by_day[_spare(list(by_day), eves)]


def _held_until(day: date, boundaries: Sequence[Step], zone: str) -> list[Step]:
    """None before a day. A pause of the benefits that would come with the end is left to it."""
    held = [replace(step, due_at=max(step.due_at, start_of_day(day, zone))) for step in boundaries]
    end = max((step.due_at for step in held if step.kind is StepKind.FINAL), default=None)
    return [step for step in held if step.kind is StepKind.FINAL or step.due_at != end]


# ── instants ──


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: (step.due_at, _RANK[step.kind])))


def _clear(at: datetime, steps: Iterable[Step]) -> datetime:
    """That instant, or 2 hours after a text that comes just before it."""
    texts = [step.due_at for step in steps if step.kind is StepKind.TELL and at - LEAST_AHEAD < step.due_at <= at]
    return max((text + LEAST_AHEAD for text in texts), default=at)


def _day(step: Step, zone: str) -> date:
    return local_day(step.due_at, zone)


def _at(day: date, hour: int, zone: str) -> datetime:
    """An hour of a spa's day."""
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _next_hour(earliest: datetime, hour: int, zone: str) -> datetime:
    """The first such hour that is not before an instant."""
    day = local_day(earliest, zone)
    return next(at for at in (_at(day, hour, zone), _at(day + DAY, hour, zone)) if at >= earliest)


def _later(due_at: datetime, days: int, zone: str) -> datetime:
    """The same hour so many days on; the beginning of a day stays one, whichever hour that is."""
    local = due_at.astimezone(ZoneInfo(zone))
    day = local.date() + days * DAY
    if due_at == start_of_day(local.date(), zone):
        return start_of_day(day, zone)
    return datetime.combine(day, local.time(), ZoneInfo(zone)).astimezone(UTC)
