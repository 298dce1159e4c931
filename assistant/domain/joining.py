"""Joining a plan: what it costs today, what comes after, and since when a cycle is counted."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from assistant.domain.calendar import cycle_date
from assistant.domain.plans import Cadence, Terms

MONTHS_BACK = 48
"""A member who comes back is counted from four years ago, on the same day of the month: the cycles with a set-up fee
and an introductory price are behind them, so that neither is paid nor had twice.
"""


class JoinRefusal(StrEnum):
    """Why they cannot join now."""

    UNKNOWN = "unknown"
    """There is no such client."""
    NOT_OFFERED = "not_offered"
    HAS_IT = "has_it"
    """They are a member under this plan."""
    OWES = "owes"
    """Something is owed for another membership: that is paid first."""
    NO_PHONE = "no_phone"
    """No number of theirs may be texted a link."""
    NO_CARD = "no_card"
    """No card is on file: the link asks for one."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not."""

    reason: JoinRefusal


@dataclass(frozen=True, slots=True)
class Banks:
    """What each paid cycle banks: cents, or milli-units."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinQuote:
    """A membership as it would begin: what is told before anything is asked (`rules.md` 6.1, 6.6, 6.7)."""

    plan_code: str
    plan: str
    version_id: int
    cadence: Cadence
    returning: bool
    """They were a member before: no set-up fee, and no introductory price a second time."""
    joins_on: date
    dues_cents: int
    """Of the first cycle."""
    setup_fee_cents: int
    next_charge_on: date
    next_charge_cents: int
    usual_cents: int
    """The dues once any introductory price is over."""
    intro_left: int
    """How many charges after the first are at the introductory price."""
    leave_by: date
    """The last day to leave on without the next charge."""
    minimum_cycles: int
    minimum_until: date | None
    """Until when at least the plan is agreed; None: it can be left at any time."""
    banks: tuple[Banks, ...]

    @property
    def today_cents(self) -> int:
        return self.dues_cents + self.setup_fee_cents

    def facts(self) -> dict[str, Any]:
        """As it is kept with the request: all that was quoted, and agreed to."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return [{"unit": each.unit, "amount": each.amount} for each in value]
    return value


@dataclass(frozen=True, slots=True)
class Begins:
    """How the cycles of a new membership are counted: day 0, and the first that is billed."""

    anchor_on: date
    first_cycle: int


def begins(today: date, months: int, *, returning: bool) -> Begins:
    """Its first cycle is today's in any case."""
    return Begins(cycle_date(today, -MONTHS_BACK), MONTHS_BACK // months) if returning else Begins(today, 0)


def plan_join(terms: Terms, today: date, *, plan_code: str, plan: str, version_id: int, returning: bool) -> JoinQuote:
    """What joining a plan today would be."""
    months = terms.cadence.months
    first = begins(today, months, returning=returning)
    price, following = terms.price(first.first_cycle), terms.price(first.first_cycle + 1)
    next_on = cycle_date(first.anchor_on, (first.first_cycle + 1) * months)
    ends = first.first_cycle + terms.minimum_cycles
    return JoinQuote(
        plan_code=plan_code,
        plan=plan,
        version_id=version_id,
        cadence=terms.cadence,
        returning=returning,
        joins_on=today,
        dues_cents=price.dues_cents,
        setup_fee_cents=price.setup_fee_cents,
        next_charge_on=next_on,
        next_charge_cents=following.total_cents,
        usual_cents=terms.dues_cents,
        intro_left=max(0, terms.intro_cycles - first.first_cycle - 1),
        leave_by=next_on - timedelta(days=1),
        minimum_cycles=terms.minimum_cycles,
        minimum_until=cycle_date(first.anchor_on, ends * months) if terms.minimum_cycles else None,
        banks=tuple(Banks(grant.unit, grant.amount) for grant in terms.grants),
    )
