"""A membership at rest: from which billing date to which day, what that skips, and why not (`features.md` B1-B10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.calendar import cycle_date, next_cycle
from assistant.domain.membership import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePolicy:
    """How a plan may rest. None of it for ever: most pauses end by themselves (`features.md` B9, `rules.md` 6.11)."""

    most_months: int = 3
    """The longest pause; 0 where there is none."""
    most_in_12_months: int = 2
    """How many pauses may start within any twelve months."""
    minimum_tenure_days: int = 0
    """For how long one is a member before the first pause starts."""
    benefits_usable: bool = True
    """Whether credits can be used meanwhile; member prices rest in any case (`features.md` B2)."""
    expiry_clock_stops: bool = False
    """Whether promotional credit runs out later by the length of the pause (`features.md` B3)."""
    fee_cents: int = 0
    notice_days: int = 7
    """How long before it resumes the member is told again: 3 to 7 (`rules.md` 6.11)."""

    def __post_init__(self) -> None:
        if min(self.most_months, self.most_in_12_months, self.minimum_tenure_days, self.fee_cents) < 0:
            raise ValueError("a pause has nothing below zero")
        if self.most_months > 12 or self.minimum_tenure_days > 3653:
            raise ValueError("a pause is a year at most, and is waited for ten years at most")
        if not 3 <= self.notice_days <= 7:
            raise ValueError("the end of a pause is told 3 to 7 days before it")
        if not (self.benefits_usable or self.expiry_clock_stops):
            raise ValueError("credit that cannot be used does not run out meanwhile")


class PauseRefusal(StrEnum):
    """Why a membership cannot rest as asked."""

    PAST_DUE = "past_due"
    """A pause does not hide a debt: pay, skip this month, or pause from the next cycle (`features.md` B4)."""
    SUSPENDED = "suspended"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    ALREADY_PAUSED = "already_paused"
    NOT_OFFERED = "not_offered"
    YEARLY = "yearly"
    """Paid a year ahead: there is no month's charge to skip."""
    TOO_SOON = "too_soon"
    TOO_OFTEN = "too_often"
    TOO_SHORT = "too_short"
    """It would be over before the next charge, and skip none."""
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Pause:
    """One that was, is, or is agreed: its first day, and the day it resumed or will."""

    starts_on: date
    resumes_on: date


@dataclass(frozen=True, slots=True)
class PauseQuote:
    """A pause as it would be: what the member is told, and agrees to."""

    starts_on: date
    """The first billing date that is skipped; what is paid for until then stays usable (`features.md` B1)."""
    resumes_on: date
    """The membership is on again that day, and billed from the first billing date on or after it."""
    next_charge_on: date
    billing_skips: int
    remind_on: date
    fee_cents: int
    benefits_usable: bool
    expiry_clock_stops: bool
    term_extends_cycles: int
    """By how much a minimum term moves out: never silently (`features.md` B10, `rules.md` 6.11)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, and the first billing date from which a pause could start; None when waiting does not help."""

    reason: PauseRefusal
    next_possible_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausable:
    """What a pause of one membership is judged by."""

    standing: Standing
    joined_on: date
    anchor_on: date
    next_charge_on: date
    history: Sequence[Pause] = ()
    """Every pause it has had, has, or is to have."""
    cycle_months: int = 1
    minimum_cycles_left: int = 0


def plan_pause(
    policy: PausePolicy, membership: Pausable, *, today: date, months: int | None = None, until: date | None = None
) -> PauseQuote | Refusal:
    """A pause from the next billing date, for so many months or until a day.

    Raises `ValueError` unless exactly one of `months` and `until` is given, and the next charge is today or later.
    """
    if (months is None) == (until is None) or membership.next_charge_on < today:
        raise ValueError("a pause is for months or until a day, and starts today or later")
    if refusal := _refused(policy, membership):
        return refusal
    anchor_on = membership.anchor_on
    first = _cycle_from(anchor_on, membership.next_charge_on)
    longest_on = cycle_date(anchor_on, first + policy.most_months)
    if (months is not None and months < 1) or (until is not None and until <= cycle_date(anchor_on, first)):
        return Refusal(PauseRefusal.TOO_SHORT)
    if (months is not None and months > policy.most_months) or (until is not None and until > longest_on):
        return Refusal(PauseRefusal.TOO_LONG)
    resumes_on = until or cycle_date(anchor_on, first + (months or 0))
    return _quote(policy, membership, first, resumes_on)


def _quote(policy: PausePolicy, membership: Pausable, first: int, resumes_on: date) -> PauseQuote:
    starts_on, last = cycle_date(membership.anchor_on, first), _cycle_from(membership.anchor_on, resumes_on)
    return PauseQuote(
        starts_on=starts_on,
        resumes_on=resumes_on,
        next_charge_on=cycle_date(membership.anchor_on, last),
        billing_skips=last - first,
        remind_on=max(starts_on, resumes_on - timedelta(days=policy.notice_days)),
        fee_cents=policy.fee_cents,
        benefits_usable=policy.benefits_usable,
        expiry_clock_stops=policy.expiry_clock_stops,
        term_extends_cycles=last - first if membership.minimum_cycles_left > 0 else 0,
    )


def _refused(policy: PausePolicy, membership: Pausable) -> Refusal | None:
    """What stands against any pause from the next billing date, however long."""
    match membership.standing:
        case Standing.ENDED:
            return Refusal(PauseRefusal.ENDED)
        case Standing.SUSPENDED:
            return Refusal(PauseRefusal.SUSPENDED)
    if policy.most_months == 0 or policy.most_in_12_months == 0:
        return Refusal(PauseRefusal.NOT_OFFERED)
    if membership.cycle_months != 1:
        return Refusal(PauseRefusal.YEARLY)
    starts_on = membership.next_charge_on
    waits = _waits(policy, membership)
    reason = WAITING.get(membership.standing) or next((why for why in waits if waits[why] > starts_on), None)
    if reason is None:
        return None
    return Refusal(reason, _billing_on(membership.anchor_on, max(starts_on, *waits.values())))


WAITING = {
    Standing.SCHEDULED: PauseRefusal.SCHEDULED,
    Standing.PAST_DUE: PauseRefusal.PAST_DUE,
    Standing.PAUSED: PauseRefusal.ALREADY_PAUSED,
}


def _waits(policy: PausePolicy, membership: Pausable) -> dict[PauseRefusal, date]:
    """From when each thing that waiting mends no longer stands against a pause."""
    begins = membership.next_charge_on + timedelta(days=membership.standing is Standing.SCHEDULED)
    starts = sorted((pause.starts_on for pause in membership.history), reverse=True)[: policy.most_in_12_months]
    return {
        PauseRefusal.SCHEDULED: begins,
        PauseRefusal.ALREADY_PAUSED: max((pause.resumes_on for pause in membership.history), default=begins),
        PauseRefusal.TOO_SOON: membership.joined_on + timedelta(days=policy.minimum_tenure_days),
        PauseRefusal.TOO_OFTEN: cycle_date(starts[-1], 12) if len(starts) == policy.most_in_12_months else begins,
    }


def _cycle_from(anchor_on: date, day: date) -> int:
    """The number of the first cycle billed on a day or after it."""
    return next_cycle(anchor_on, day - timedelta(days=1))


def _billing_on(anchor_on: date, day: date) -> date:
    return cycle_date(anchor_on, _cycle_from(anchor_on, day))
