"""When a client is told something of itself: before a charge, before credit is lost, on a birthday, after leaving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from assistant.domain import stored

CADENCE_DAYS = 180
"""How far back somebody's visits are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """One spa's choices; 0 days: never. Every field has a default, and a spa stores only what it chose otherwise."""

    hour: int = 10
    """The hour of the spa's day from which they are told."""
    renewal_days: int = 3
    """How long before each charge."""
    long_renewal_days: int = 28
    """How long before a charge for more than two months."""
    expiring_days: int = 21
    """How long before credit runs out, of those who are likely to lose it."""
    win_back_days: int = 30
    """How long after leaving."""
    birthdays: bool = True

    def __post_init__(self) -> None:
        if not 8 <= self.hour <= 18:
            raise ValueError("people are told things between 8 and 18 o'clock")
        if min(self.renewal_days, self.long_renewal_days, self.expiring_days, self.win_back_days) < 0:
            raise ValueError("nothing of a reminder is below zero")

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What a spa stored; the rest has its defaults. Raises `ValueError` for anything else."""
        return stored.read(cls, json, "reminders")


LAST_HOUR = 20
"""After this nothing is begun any more: it comes tomorrow, while it is still true."""


def is_time(policy: ReminderPolicy, zone: str, now: datetime) -> bool:
    """Whether the spa's clock is in the hours in which people are told things."""
    local = now.astimezone(ZoneInfo(zone)).time()
    return time(policy.hour) <= local < time(LAST_HOUR)


def renewal_due(charge_on: date, cycle_months: int, today: date, policy: ReminderPolicy) -> bool:
    """Whether the next charge is near enough to be spoken of. On its own day it is too late: the receipt says it."""
    days = policy.renewal_days if cycle_months <= 2 else policy.long_renewal_days
    return days > 0 and today < charge_on <= today + timedelta(days=days)


def likely_lost(amount: int, used: int, days_left: int) -> int:
    """How much of what runs out is likely not to be used, by how much was used in the last 180 days (`features.md` N7).

    Amounts are milli-units or cents. Somebody who visits often enough is not bothered.
    """
    return max(0, amount - used * max(days_left, 0) // CADENCE_DAYS)


def expiring_due(expires_on: date, today: date, policy: ReminderPolicy) -> bool:
    return policy.expiring_days > 0 and today <= expires_on <= today + timedelta(days=policy.expiring_days)


def win_back_due(ended_on: date, today: date, policy: ReminderPolicy) -> bool:
    """Once, in the week after it is so long ago: later it would be from nowhere."""
    begins = ended_on + timedelta(days=policy.win_back_days)
    return policy.win_back_days > 0 and begins <= today < begins + timedelta(days=7)
