"""What becomes of credit that was not used: it rolls over, meets a cap, or runs out. What was paid for is never taken.

Rollover belongs to the grant, and not to the plan the member has now (`features.md` C17). A cap counts what was granted
of the same sort: a birthday treat takes no room from what is paid for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.credits import Lot, LotClass
from assistant.domain.jurisdiction import GuardReason, protection


class AtCap(StrEnum):
    """What happens to a grant that does not fit under the cap (`features.md` C5)."""

    ROLL_OFF_OLDEST = "roll_off_oldest"
    """The oldest goes, after a grace that is told. Promotions only: what was paid for is kept."""
    HOLD_AND_REDUCE = "hold_and_reduce"
    """What does not fit is not granted, and not charged for either."""
    CONVERT = "convert"
    """What does not fit is granted in dollars, at what was paid for it."""


@dataclass(frozen=True, slots=True)
class RollOver:
    """What is not used stays, with no end."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so much is held: cents, or milli-units. The member is warned before the cycle that would go over."""

    most: int
    at_cap: AtCap
    warn_days: int = 10
    grace_days: int = 14

    def __post_init__(self) -> None:
        if self.most <= 0:
            raise ValueError("a cap is above zero")
        if self.warn_days < 0 or self.grace_days < 0:
            raise ValueError("days are not below zero")
        if self.warn_days > 366 or self.grace_days > 366:
            raise ValueError("a warning and a grace are a year at most")


@dataclass(frozen=True, slots=True)
class Expire:
    """Good for so many days from the grant, and through a grace after them."""

    days: int
    grace_days: int = 0

    def __post_init__(self) -> None:
        if self.days <= 0 or self.grace_days < 0:
            raise ValueError("credit that expires lasts at least a day, and its grace is not below zero")
        if self.days + self.grace_days > 3653:
            raise ValueError("credit that expires lasts ten years at most")


Rollover = RollOver | Cap | Expire


@dataclass(frozen=True, slots=True)
class Kept:
    """The plan's policy would take what is the member's: what holds instead, why, and by which rule."""

    reason: GuardReason
    rule: str
    rollover: RollOver = RollOver()


def guard(rollover: Rollover, lot_class: LotClass, state: str | None) -> Rollover | Kept:
    """The policy that holds in a member's state: the plan's own, unless it would take paid value (`rules.md` 6.12)."""
    match rollover:
        case Expire(days, grace_days):
            lasts_days = days + grace_days
        case Cap(at_cap=AtCap.ROLL_OFF_OLDEST):
            lasts_days = 0
        case _:
            return rollover
    keeping = protection(lot_class, state, lasts_days)
    return Kept(keeping.reason, keeping.rule) if keeping else rollover


def expires_on(rollover: Rollover, lot_class: LotClass, granted_on: date, state: str | None) -> date | None:
    """The last day a grant can be used, its grace with it; None for ever, as all that is paid for."""
    match guard(rollover, lot_class, state):
        case Expire(days, grace_days):
            return granted_on + timedelta(days=days + grace_days)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class RollOff:
    """So much of that lot is no longer usable after a day. It is told before, never done silently."""

    lot_id: int
    amount: int
    last_on: date


@dataclass(frozen=True, slots=True)
class GrantPlan:
    """What one cycle's grant comes to: granted + held back + converted is what the plan promised."""

    granted: int
    held_back: int = 0
    dues_reduction_cents: int = 0
    converted: int = 0
    converted_cents: int = 0
    """Granted in dollars instead, of the class of the grant."""
    rolls_off: tuple[RollOff, ...] = ()
    kept: Kept | None = None
    """Why nothing of it is taken although the plan says so."""


def at_grant(
    rollover: Rollover,
    lots: Iterable[Lot],
    amount: int,
    today: date,
    state: str | None,
    *,
    lot_class: LotClass = LotClass.PAID,
    worth_cents: int,
) -> GrantPlan:
    """What to grant of `amount`, by the lots of its unit that the member holds.

    `worth_cents` is what the dues pay for the whole grant (a promotion: what it is said to be worth); a fraction of a
    cent goes to the member, and where there is nothing to give instead, all is granted. Ask before the charge where the
    dues may fall, and keep the answer: the lots may have changed when the money comes.
    """
    policy = guard(rollover, lot_class, state)
    if isinstance(policy, Kept):
        return GrantPlan(amount, kept=policy)
    if not isinstance(policy, Cap):
        return GrantPlan(amount)
    held = _counted(lots, lot_class, today)
    over = max(0, sum(lot.remaining for lot in held) + amount - policy.most)
    unfit = min(over, amount)
    worth = -(-worth_cents * unfit // amount)  # rounded up
    match policy.at_cap:
        case AtCap.ROLL_OFF_OLDEST:
            return GrantPlan(amount, rolls_off=tuple(_roll_off(held, over, today + timedelta(days=policy.grace_days))))
        case _ if worth <= 0:
            return GrantPlan(amount)
        case AtCap.HOLD_AND_REDUCE:
            return GrantPlan(amount - unfit, held_back=unfit, dues_reduction_cents=worth)
        case AtCap.CONVERT:
            return GrantPlan(amount - unfit, converted=unfit, converted_cents=worth)


def _counted(lots: Iterable[Lot], lot_class: LotClass, today: date) -> Sequence[Lot]:
    """The lots a cap counts, oldest first: promotions by themselves, and all that is paid for by itself."""
    promo = lot_class is LotClass.PROMO
    counted = (lot for lot in lots if lot.usable_on(today) and (lot.lot_class is LotClass.PROMO) is promo)
    return sorted(counted, key=lambda lot: (lot.granted_on, lot.id))


def _roll_off(held: Sequence[Lot], over: int, last_on: date) -> Iterable[RollOff]:
    """The oldest, until the rest fits. What ends by then anyway makes its room without being taken twice."""
    over -= sum(lot.remaining for lot in held if lot.expires_on and lot.expires_on <= last_on)
    for lot in held:
        if over > 0 and (lot.expires_on is None or lot.expires_on > last_on):
            yield RollOff(lot.id, min(lot.remaining, over), last_on)
            over -= lot.remaining


def cap_warning_on(
    rollover: Rollover,
    lots: Iterable[Lot],
    amount: int,
    next_cycle_on: date,
    state: str | None,
    *,
    lot_class: LotClass = LotClass.PAID,
) -> date | None:
    """When to warn that the next cycle's grant will not fit; None when it will, or when nothing comes of it.

    By what is held now: ask again on the day itself, for a visit in between makes room.
    """
    policy = guard(rollover, lot_class, state)
    if not isinstance(policy, Cap):
        return None
    held = sum(lot.remaining for lot in _counted(lots, lot_class, next_cycle_on))
    return next_cycle_on - timedelta(days=policy.warn_days) if held + amount > policy.most else None
