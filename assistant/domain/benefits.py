"""What of a membership can be used in each standing: one table, state by benefit (`features.md` B14)."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.membership import Standing


class Benefit(StrEnum):
    CREDITS = "credits"
    """Credit that was paid for."""
    PROMO_CREDITS = "promo_credits"
    MEMBER_PRICES = "member_prices"
    PERKS = "perks"


ALL = frozenset(Benefit)
PAID_ONLY = frozenset({Benefit.CREDITS})
KEEP_CREDITS = (Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED, Standing.ENDED)
"""Where what was paid for stays usable whatever a plan says: it survives past due and the end (`rules.md` 6.12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """What can be used in each standing; past due is a grace with everything on."""

    scheduled: frozenset[Benefit] = frozenset({Benefit.MEMBER_PRICES})
    active: frozenset[Benefit] = ALL
    past_due: frozenset[Benefit] = ALL
    suspended: frozenset[Benefit] = PAID_ONLY
    paused: frozenset[Benefit] = frozenset({Benefit.CREDITS, Benefit.PROMO_CREDITS})
    ended: frozenset[Benefit] = PAID_ONLY

    def __post_init__(self) -> None:
        for standing in KEEP_CREDITS:
            if Benefit.CREDITS not in self.of(standing):
                raise ValueError(f"paid credits stay usable when a membership is {standing} (rules.md 6.12)")

    def of(self, standing: Standing) -> frozenset[Benefit]:
        match standing:
            case Standing.SCHEDULED:
                return self.scheduled
            case Standing.ACTIVE:
                return self.active
            case Standing.PAST_DUE:
                return self.past_due
            case Standing.SUSPENDED:
                return self.suspended
            case Standing.PAUSED:
                return self.paused
            case Standing.ENDED:
                return self.ended
