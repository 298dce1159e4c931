"""How much may be sent, and how fast: carriers' limits by brand, room kept for what must arrive (`rules.md` 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from assistant.domain import stored
from assistant.domain.offer_lint import MOST_SEGMENTS

CARRIERS_ZONE = ZoneInfo("America/Los_Angeles")
"""Daily caps begin anew at midnight here, for everyone."""


class Switch(StrEnum):
    """What a person can stop at once."""

    TEXTS = "texts"
    """Every text that is no answer."""
    MAIL = "mail"
    OFFERS = "offers"
    """Offers on any channel."""


class Tier(StrEnum):
    """What the carriers think of a brand."""

    SOLE = "sole"
    LOW = "low"
    VETTED_LOW = "vetted_low"
    VETTED_MIDDLE = "vetted_middle"
    VETTED_HIGH = "vetted_high"


SEGMENTS_A_DAY = {
    Tier.SOLE: 1_000,
    Tier.LOW: 2_000,
    Tier.VETTED_LOW: 10_000,
    Tier.VETTED_MIDDLE: 40_000,
    Tier.VETTED_HIGH: 200_000,
}
"""T-Mobile's, per brand; nobody tells us the carrier of a number, so every segment counts."""
SEGMENTS_A_MINUTE = {
    Tier.SOLE: 15,
    Tier.LOW: 75,
    Tier.VETTED_LOW: 240,
    Tier.VETTED_MIDDLE: 2_400,
    Tier.VETTED_HIGH: 4_500,
}
"""AT&T's, per campaign registered with the carriers: the slowest of the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicy:
    """One spa's limits and choices. Every field has a default; a spa stores only what it chose otherwise."""

    tier: Tier = Tier.LOW
    reserved_percent: int = 20
    """Of the day's segments, what offers never take: members' own matters come first."""
    offers_a_day: int = 1
    offers_a_week: int = 2
    offers_a_month: int = 4
    """Most offers to one person (`rules.md` 1.25)."""
    rest_days: int = 7
    """Who was offered something within so many days is not chosen for a campaign."""
    offer_life_hours: int = 24
    """An offer that could not be sent within so long after its turn came is let go (`features.md` E3)."""
    segment_millicents: int = 1_200
    """What one segment costs, in thousandths of a cent (`rules.md` 3.9)."""

    def __post_init__(self) -> None:
        if not 0 <= self.reserved_percent <= 90:
            raise ValueError("between nothing and 90 % can be kept for what is not an offer")
        if not 1 <= self.offers_a_day <= self.offers_a_week <= self.offers_a_month:
            raise ValueError("a day has at least one offer, a week as many as a day, and a month as many as a week")
        if min(self.rest_days, self.offer_life_hours, self.segment_millicents) < 0:
            raise ValueError("nothing of a policy for sending is below zero")

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What a spa stored; the rest has its defaults. Raises `ValueError` for anything else."""
        return stored.read(cls, json, "sending policy")

    @property
    def offers_today(self) -> int:
        """Segments of offers that a day has room for."""
        return SEGMENTS_A_DAY[self.tier] * (100 - self.reserved_percent) // 100


def carriers_day(now: datetime) -> date:
    """The day that a segment sent now counts on."""
    return now.astimezone(CARRIERS_ZONE).date()


def end_of_carriers_day(now: datetime) -> datetime:
    """The instant at which the day's segments are counted anew."""
    return datetime.combine(carriers_day(now) + timedelta(days=1), time(), CARRIERS_ZONE).astimezone(UTC)


BURST = timedelta(seconds=10)
"""What may leave at once after a rest is as much as goes out in so long: it is taken off the minute's rate."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast offers leave one spa: never more in any minute than the carrier takes, less what is kept for others."""

    each: timedelta
    """From one segment to the next."""

    @classmethod
    def of(cls, policy: SendingPolicy) -> Self:
        """Of any minute at most the burst and a minute at this pace: together no more than offers may have.

        The last text of a minute begins within it and may be longer than one segment: the rest of it is kept free.
        """
        a_minute = SEGMENTS_A_MINUTE[policy.tier] * (100 - policy.reserved_percent) // 100 - (MOST_SEGMENTS - 1)
        return cls(-(-(MINUTE + BURST) // max(a_minute, 1)))

    def admit(self, free_at: datetime, now: datetime, segments: int) -> tuple[datetime, datetime]:
        """When the next text leaves, and when the line is free after it. `free_at`: when it is free before it."""
        begins = max(free_at, now)
        return max(now, begins - BURST), begins + segments * self.each
