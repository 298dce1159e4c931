"""A membership at rest: from which billing date to which day, what that skips, and why not (`features.md` B1-B10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.calendar import cycle_date, next_charge, next_cycle
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
    LEAVING = "leaving"
    """It is to end anyway."""


class Hardship(StrEnum):
    """What nobody chose: a pause for it costs nothing and waits for nothing, and one may leave at once
    (`features.md` B19, `rules.md` 6.10).
    """

    MEDICAL = "medical"
    PREGNANCY = "pregnancy"
    RELOCATION = "relocation"
    DECEASED = "deceased"
    """And no text is ever sent again."""


MOST_EASED = 12


def eased(policy: PausePolicy, hardship: Hardship | None) -> PausePolicy:
    """The policy for one in hardship: no fee, no waiting, as often as need be. Only its length is as for everyone."""
    if hardship is None or policy.most_in_12_months == 0:
        return policy
    return replace(policy, fee_cents=0, minimum_tenure_days=0, most_in_12_months=MOST_EASED)


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
    leaves: bool = False
    """Its end is agreed."""


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
    against = {
        PauseRefusal.ENDED: membership.standing is Standing.ENDED,
        PauseRefusal.SUSPENDED: membership.standing is Standing.SUSPENDED,
        PauseRefusal.LEAVING: membership.leaves,
        PauseRefusal.NOT_OFFERED: policy.most_months == 0 or policy.most_in_12_months == 0,
        PauseRefusal.YEARLY: membership.cycle_months != 1,
    }
    if (why := next((each for each in against if against[each]), None)) is not None:
        return Refusal(why)
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


# ── back before its time ──

CHARGED_FROM_DAYS = 14
"""With so many days of a cycle left it is charged whole when its member comes back; with fewer it is theirs for
nothing, and the next charge is on the old day (`features.md` B6). Nobody's billing day moves.
"""


class Cycle(StrEnum):
    """What has become of the cycle that a day falls in."""

    UNASKED = "unasked"
    PAID = "paid"
    RESTED = "rested"
    """Skipped by the pause: it can be charged after all."""
    LET_GO = "let_go"
    """It was owed, and was let go: it is charged no more."""


@dataclass(frozen=True, slots=True)
class ResumeQuote:
    """How it would be on again: what the member is told, and agrees to."""

    resumes_on: date
    """Today; or the next billing date, where this cycle was let go while it was owed."""
    charge_cents: int
    """What is charged for the rest of this cycle, at once; 0 for nothing."""
    next_charge_on: date
    """The first charge after that."""
    calls_off: bool = False
    """The pause has not begun, and does not."""


class ResumeRefusal(StrEnum):
    """Why there is nothing to resume."""

    NOT_PAUSED = "not_paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumable:
    """What coming back is judged by."""

    standing: Standing
    anchor_on: date
    cycle_months: int
    this_cycle: Cycle
    dues_cents: int
    """What this cycle costs."""
    resumes_on: date | None = None
    agreed: Pause | None = None
    """A pause that has not begun."""


def plan_resume(membership: Resumable, *, today: date) -> ResumeQuote | ResumeRefusal:
    """On again today, with a charge for this cycle or without; or a pause that is not to be after all."""
    if membership.standing is Standing.ENDED:
        return ResumeRefusal.ENDED
    if membership.standing is not Standing.PAUSED:
        agreed = membership.agreed
        return ResumeQuote(today, 0, agreed.starts_on, calls_off=True) if agreed else ResumeRefusal.NOT_PAUSED
    _, next_on = next_charge(membership.anchor_on, membership.cycle_months, today)
    match membership.this_cycle:
        case Cycle.LET_GO:
            back_on = min(next_on, membership.resumes_on or next_on)
            return ResumeQuote(back_on, 0, max(back_on, next_on))
        case Cycle.RESTED if (next_on - today).days < CHARGED_FROM_DAYS:
            return ResumeQuote(today, 0, next_on)
        case Cycle.PAID:
            return ResumeQuote(today, 0, next_on)
    return ResumeQuote(today, membership.dues_cents, next_on)
