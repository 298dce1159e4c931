"""A membership that its member ends: from which day, what is let go, what stays theirs, and what is offered beside it.

Cancelling is always accepted, and works from the request (`features.md` B15-B19, `rules.md` 6.3-6.5, 6.10, 6.12, 6.13).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.calendar import cycle_date
from assistant.domain.desk import DeskPolicy
from assistant.domain.jurisdiction import STATES, may_cash_out
from assistant.domain.membership import Standing
from assistant.domain.pausing import Hardship

NO_OFFERS_IN = frozenset({"MN"})
"""Where one who leaves is offered nothing (`rules.md` 6.5)."""


class SaveOffer(StrEnum):
    """The one thing that may be said beside a cancellation, never before it (`features.md` N6)."""

    REST = "rest"
    """They have a month's worth or more banked: rest, use it up, pay nothing meanwhile."""
    SMALLER_PLAN = "smaller_plan"
    """There is a plan that costs less; what is banked stays."""
    GIFT = "gift"
    """They have a little: it can be given to somebody."""


class LeaveRefusal(StrEnum):
    """Why there is nothing to end."""

    ENDED = "ended"
    LEAVING = "leaving"
    """It is to end already."""


@dataclass(frozen=True, slots=True)
class LeaveQuote:
    """An end as it would be: what the member is told, and agrees to."""

    effective_on: date
    """The day from which it is no membership any more: when what is paid for is over, or today."""
    charges_left: int
    """How many charges of a minimum term are still to come; no other charge is made from the request on."""
    owed_cents: int
    """What is owed, and is asked for no more."""
    waived: bool
    """Whether that is let go; else the desk keeps it in mind, and nobody is chased (`features.md` B16)."""
    keeps_credits: bool
    """Credit that was paid for stays, with no end (`rules.md` 6.12)."""
    credits_until: date | None
    """The last day promotional credit can be used; None where there is none."""
    cash_out_cents: int
    """A small paid balance that is theirs in cash for the asking (`rules.md` 6.13); 0 for none."""
    offer: SaveOffer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """What leaving is judged by."""

    standing: Standing
    leaves: bool
    """A cancellation stands already."""
    paid_until: date | None
    """The billing date on which what is paid for is over; None where nothing was ever paid."""
    anchor_on: date
    cycle_months: int
    next_cycle: int
    """The first cycle that nobody has been asked for."""
    minimum_cycles_left: int
    dues_cents: int
    owed_cents: int
    region: str | None
    holds_paid: bool
    paid_dollar_cents: int
    promo_until: date | None
    """The last day of the promotional credit that lasts longest; None where they have none."""
    banked_cents: int
    """All that they could use, at list price."""
    may_rest: bool
    smaller_plan: bool


def plan_leave(
    leaver: Leaver, policy: DeskPolicy, *, today: date, hardship: Hardship | None = None
) -> LeaveQuote | LeaveRefusal:
    """When it ends and what stays. Only a minimum term makes it wait, and hardship ends that; a death ends it today."""
    if leaver.standing is Standing.ENDED:
        return LeaveRefusal.ENDED
    if leaver.leaves:
        return LeaveRefusal.LEAVING
    bound = 0 if hardship else _charges_left(leaver)
    effective_on = today if hardship is Hardship.DECEASED else _effective_on(leaver, bound, today)
    return LeaveQuote(
        effective_on=effective_on,
        charges_left=bound,
        owed_cents=0 if bound else leaver.owed_cents,
        waived=policy.leave_waives_debt,
        keeps_credits=leaver.holds_paid,
        credits_until=_credits_until(leaver, policy, effective_on),
        cash_out_cents=_cash_out(leaver, today),
        offer=None if hardship else save_offer(leaver),
    )


def _charges_left(leaver: Leaver) -> int:
    """Who is on or at rest stays for the term they agreed to; who cannot pay, or has not begun, is let go."""
    return leaver.minimum_cycles_left if leaver.standing in (Standing.ACTIVE, Standing.PAUSED) else 0


def _effective_on(leaver: Leaver, bound: int, today: date) -> date:
    if bound:
        return max(today, cycle_date(leaver.anchor_on, (leaver.next_cycle + bound) * leaver.cycle_months))
    return max(today, leaver.paid_until or today)


def _credits_until(leaver: Leaver, policy: DeskPolicy, effective_on: date) -> date | None:
    """A promotion keeps its own last day where that comes first."""
    if leaver.promo_until is None:
        return None
    return min(leaver.promo_until, effective_on + timedelta(days=policy.leave_credit_days))


def _cash_out(leaver: Leaver, today: date) -> int:
    return leaver.paid_dollar_cents if may_cash_out(leaver.region, leaver.paid_dollar_cents, today) else 0


def save_offer(leaver: Leaver) -> SaveOffer | None:
    """One at most, by what they have banked; none where the law may forbid it: an unknown state is the strictest."""
    if leaver.region not in STATES or leaver.region in NO_OFFERS_IN or leaver.owed_cents:
        return None
    if leaver.may_rest and leaver.banked_cents >= max(leaver.dues_cents, 1):
        return SaveOffer.REST
    if leaver.smaller_plan:
        return SaveOffer.SMALLER_PLAN
    return SaveOffer.GIFT if leaver.banked_cents else None
