"""From one plan to another: a dearer one now for the difference, a cheaper one at the next billing date.

Credit that is banked stays as it is, with its own rollover (`features.md` F8, B11, C17). What is paid for the
difference is banked in dollars for its credit's share: nothing is paid for nothing, and nothing can be farmed (B12).
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from assistant.domain.billing import GAP_DAYS, is_late
from assistant.domain.calendar import cycle_date, next_charge
from assistant.domain.membership import Standing
from assistant.domain.plans import Price, Terms


class ChangeKind(StrEnum):
    """When a change holds."""

    UPGRADE = "upgrade"
    """Now, for the difference over what is left of the period."""
    DOWNGRADE = "downgrade"
    """From the next billing date, and nothing is due for it."""


class ChangeRefusal(StrEnum):
    """Why a membership cannot go over to a plan now."""

    PAST_DUE = "past_due"
    """What is owed is paid first (`features.md` B13)."""
    SUSPENDED = "suspended"
    OWING = "owing"
    """This cycle's charge is on its way: in a moment it is known."""
    PAUSED = "paused"
    SCHEDULED = "scheduled"
    """It begins with its first payment."""
    LEAVING = "leaving"
    ENDED = "ended"
    SAME_PLAN = "same_plan"
    HAS_IT = "has_it"
    """Another membership of theirs is under that plan."""
    ALREADY_CHANGING = "already_changing"
    """A payment for another plan is on its way."""
    NO_CARD = "no_card"
    NOT_OFFERED = "not_offered"
    """No such plan can be joined."""
    UNKNOWN = "unknown"
    """There is no such membership."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not."""

    reason: ChangeRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuote:
    """A change as it would be: what the member is told, and agrees to."""

    kind: ChangeKind
    plan_code: str
    plan: str
    from_version_id: int
    to_version_id: int
    due_cents: int
    credit_cents: int
    """Of what is due, so much is banked in dollars; the rest buys access."""
    effective_on: date
    days_left: int
    days: int
    """Of the whole period: what is due is the difference by these two."""
    next_charge_on: date
    next_charge_cents: int
    new_cadence: bool
    """Billed by the year and not the month, or the other way: that begins at a billing date only."""

    @property
    def access_cents(self) -> int:
        return self.due_cents - self.credit_cents

    def facts(self) -> dict[str, Any]:
        """As it is kept with the change: all that was quoted, and agreed to."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: each.isoformat() if isinstance(each, date) else each for name, each in values.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeable:
    """What a change of one membership is judged by."""

    standing: Standing
    version_id: int
    plan_id: int
    anchor_on: date
    first_cycle: int = 0
    last_cycle: int | None = None
    """The last cycle that was asked for, skipped or paid; its date, and when it was paid."""
    last_due_on: date | None = None
    last_paid_on: date | None = None
    owing: bool = False
    leaving: bool = False
    changing: bool = False
    """A payment for another plan is on its way."""
    has_it: bool = False
    has_card: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The plan that is asked for, in the terms that are on offer."""

    plan_id: int
    version_id: int
    code: str
    name: str
    terms: Terms


def plan_change(held: Changeable, old: Terms, new: Wanted, *, today: date) -> ChangeQuote | Refusal:
    """What going over to another plan would do today. Introductory prices do not count: the dues are the full ones."""
    if refusal := _refused(held, new):
        return refusal
    cycle, due_on = next_due(held, old.cadence.months, today)
    starts_on = cycle_date(held.anchor_on, (cycle - 1) * old.cadence.months)
    days, new_cadence = (due_on - starts_on).days, new.terms.cadence is not old.cadence
    upgrade = is_dearer(old, new.terms) and not new_cadence
    days_left = min(max((due_on - today).days, 0), days) if upgrade else 0
    due_cents, credit_cents = difference(old, new.terms, days_left, days)
    if due_cents and not held.has_card:
        return Refusal(ChangeRefusal.NO_CARD)
    then = renumbered(held.anchor_on, old.cadence.months, new.terms.cadence.months, cycle)
    return ChangeQuote(
        kind=ChangeKind.UPGRADE if upgrade else ChangeKind.DOWNGRADE,
        plan_code=new.code,
        plan=new.name,
        from_version_id=held.version_id,
        to_version_id=new.version_id,
        due_cents=due_cents,
        credit_cents=credit_cents,
        effective_on=today if upgrade else max(due_on, today),
        days_left=days_left,
        days=days,
        next_charge_on=_charged_on(held, due_on, today),
        next_charge_cents=new.terms.price(then.first_cycle).total_cents,
        new_cadence=new_cadence,
    )


def is_dearer(old: Terms, new: Terms) -> bool:
    """By what they come to in a month."""
    return new.dues_cents * old.cadence.months > old.dues_cents * new.cadence.months


def difference(old: Terms, new: Terms, days_left: int, days: int) -> tuple[int, int]:
    """What is due for the days that are left of a period, and how much of that is credit's share."""
    more = old.split(Price(old.dues_cents, 0)), new.split(Price(new.dues_cents, 0))
    due_cents = prorated(new.dues_cents - old.dues_cents, days_left, days)
    return due_cents, min(due_cents, prorated(more[1].credit_cents - more[0].credit_cents, days_left, days))


def prorated(cents: int, days_left: int, days: int) -> int:
    """The part of the days that are left, half a cent up: the one place where it is rounded. Never below zero."""
    return max(0, (2 * cents * days_left + days) // (2 * days))


def next_due(held: Changeable, months: int, today: date) -> tuple[int, date]:
    """The cycle that nobody has been asked for yet, and its day: today or earlier where that is still to be billed."""
    current = next_charge(held.anchor_on, months, today)[0] - 1
    unasked = held.first_cycle if held.last_cycle is None else max(held.first_cycle, held.last_cycle + 1)
    cycle = max(current, unasked)
    return cycle, cycle_date(held.anchor_on, cycle * months)


@dataclass(frozen=True, slots=True)
class Numbered:
    """How the cycles of a membership are counted: day 0, and the first that is to be billed."""

    anchor_on: date
    first_cycle: int


def renumbered(anchor_on: date, old_months: int, new_months: int, cycle: int) -> Numbered:
    """How cycles are counted from one on, when they get longer or shorter: that one falls on its own day all the same.

    A number is never used twice, and no cycle between counts as missed. Where they get longer the anchor goes back by
    whole years from the new cycle's day, by a multiple of four: 29 February has one there too.
    """
    if old_months == new_months:
        return Numbered(anchor_on, cycle)
    if new_months < old_months:
        return Numbered(anchor_on, cycle * old_months // new_months)
    number = -(-cycle // 4) * 4
    return Numbered(cycle_date(anchor_on, cycle * old_months - number * new_months), number)


def _charged_on(held: Changeable, due_on: date, today: date) -> date:
    """Its day, or today where that is past; after a payment that came late, not before the gap is over."""
    late_on = today
    if held.last_paid_on and held.last_due_on and is_late(held.last_paid_on, held.last_due_on):
        late_on = max(late_on, held.last_paid_on + timedelta(days=GAP_DAYS))
    return max(due_on, late_on)


STANDS_AGAINST = {
    Standing.ENDED: ChangeRefusal.ENDED,
    Standing.PAST_DUE: ChangeRefusal.PAST_DUE,
    Standing.SUSPENDED: ChangeRefusal.SUSPENDED,
    Standing.PAUSED: ChangeRefusal.PAUSED,
    Standing.SCHEDULED: ChangeRefusal.SCHEDULED,
}


def _refused(held: Changeable, new: Wanted) -> Refusal | None:
    against = {
        ChangeRefusal.LEAVING: held.leaving,
        ChangeRefusal.ALREADY_CHANGING: held.changing,
        ChangeRefusal.OWING: held.owing,
        ChangeRefusal.SAME_PLAN: held.plan_id == new.plan_id,
        ChangeRefusal.HAS_IT: held.has_it,
    }
    reason = STANDS_AGAINST.get(held.standing) or next((why for why, so in against.items() if so), None)
    return Refusal(reason) if reason else None
