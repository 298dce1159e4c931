"""What the law of a member's state keeps for them. What they paid for is theirs everywhere; their state says why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.credits import LotClass

FIVE_YEARS_DAYS = 1827
"""Five years with as many leap days as they can have."""
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)


class GuardReason(StrEnum):
    """Why paid value is kept although the plan would take it."""

    STATE_FORBIDS = "state_forbids"
    FEDERAL_FIVE_YEARS = "federal_five_years"
    HOUSE_KEEPS = "house_keeps"
    """The law would allow it. We do not: the stricter rule for everyone (`rules.md` 6.12)."""
    UNKNOWN_STATE = "unknown_state"
    """We do not know whose law: the strictest."""


@dataclass(frozen=True, slots=True)
class Law:
    """What one state says about stored value (`rules.md` 6.12-6.14, `features.md` C19)."""

    never_expires: str | None = None
    """The rule under which paid value may never expire."""
    cash_out: tuple[tuple[date, int], ...] = ()
    """From which day a balance below how many cents is paid out in cash when asked, latest first."""
    unclaimed: bool = False
    """A dormant paid balance is reported to the state, and is never our income."""


LAWS: dict[str, Law] = {
    "AK": Law(unclaimed=True),
    "AL": Law(unclaimed=True),
    "AZ": Law(never_expires="AZ"),
    "CA": Law(never_expires="CA Civ. 1749.5", cash_out=((date(2026, 4, 1), 1500), (date.min, 1000))),
    "DE": Law(unclaimed=True),
    "NY": Law(unclaimed=True),
    "RI": Law(never_expires="RI"),
}
CARD_ACT = "15 USC 1693l-1"
"""Paid value may not expire within five years of the purchase or the last load, anywhere in the country."""
HOUSE = "rules.md 6.12"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Value that may not be taken: why, and by which rule."""

    reason: GuardReason
    rule: str


def protection(lot_class: LotClass, state: str | None, lasts_days: int) -> Keeping | None:
    """Why value of this class may not be forfeited `lasts_days` after it was loaded; None for a promotion.

    Value brought from another system counts as paid for: nobody can show that it was not. A five-year limit is the
    law's in most states, and the house is stricter: paid value is never forfeited (`rules.md` 6.12).
    """
    if lot_class is LotClass.PROMO:
        return None
    if state not in STATES:
        return Keeping(GuardReason.UNKNOWN_STATE, HOUSE)
    if rule := law_of(state).never_expires:
        return Keeping(GuardReason.STATE_FORBIDS, rule)
    if lasts_days < FIVE_YEARS_DAYS:
        return Keeping(GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT)
    return Keeping(GuardReason.HOUSE_KEEPS, HOUSE)


def law_of(state: str | None) -> Law:
    """What is known of a state's own law; nothing, where it has none that we know of."""
    return LAWS.get(state or "", Law())


def cash_out_below_cents(state: str | None, today: date) -> int:
    """A paid dollar balance under this many cents is paid out in cash when asked (`rules.md` 6.13); 0 where it is not.

    A member whose state is unknown has California's right: the strictest that we know.
    """
    law = law_of(state if state in STATES else "CA")
    return next((cents for since, cents in law.cash_out if since <= today), 0)


def may_cash_out(state: str | None, paid_cents: int, today: date) -> bool:
    return 0 < paid_cents < cash_out_below_cents(state, today)


def reports_unclaimed(state: str | None) -> bool:
    """Whether a dormant paid balance goes on the yearly report (`rules.md` 6.14); of an unknown state it does."""
    return state not in STATES or law_of(state).unclaimed
