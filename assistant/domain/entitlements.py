"""What a client may use on a day: member prices, and which credit, by the standing of each membership."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.benefits import Benefit
from assistant.domain.desk import DeskPolicy
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms, usable
from assistant.domain.pricing import PriceRule

HONOURED_DAYS = 30
"""A price is honoured for so long after a membership lapsed, where the visit was booked before (`features.md` G4)."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One that the client has or had, with the terms it was sold under."""

    plan: str
    standing: Standing
    terms: Terms
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Free credit of one unit: not held for anything, nor frozen, nor over."""

    unit: str
    paid: int
    promo: int


@dataclass(frozen=True, slots=True)
class Entitled:
    """What may be used on a day: member prices, and which credit."""

    rules: tuple[PriceRule, ...]
    paid: bool
    promo: bool

    def of(self, held: Iterable[Held]) -> dict[str, int]:
        """How much of each unit that is."""
        return {each.unit: each.paid * self.paid + each.promo * self.promo for each in held}


def entitled(
    memberships: Sequence[Membership], on: date, policy: DeskPolicy, booked_on: date | None = None
) -> Entitled:
    """What any of the memberships allows (`features.md` B14). Who never had one may use what credit they were given."""
    if not memberships:
        return Entitled((), paid=True, promo=True)

    def any_allows(benefit: Benefit) -> bool:
        return any(usable(each.terms, each.standing, benefit) for each in memberships)

    within = timedelta(days=policy.leave_credit_days)
    leaving = any(each.ended_on and on <= each.ended_on + within for each in memberships)
    paid = any_allows(Benefit.CREDITS)
    return Entitled(
        tuple(rule for each in memberships if _priced(each, on, booked_on) for rule in each.terms.pricing),
        paid=paid,
        promo=paid and (any_allows(Benefit.PROMO_CREDITS) or leaving),
    )


def _priced(each: Membership, on: date, booked_on: date | None) -> bool:
    """Whether its prices hold; of one that lapsed after the visit was booked for a while still (`features.md` G4)."""
    if usable(each.terms, each.standing, Benefit.MEMBER_PRICES):
        return True
    if each.ended_on is None or booked_on is None:
        return False
    return booked_on <= each.ended_on and on <= each.ended_on + timedelta(days=HONOURED_DAYS)
