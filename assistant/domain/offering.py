"""Whether an offer may become a message now: asked anew for each person, right before (`rules.md` 0, 1.25, 2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import quiet_hours
from assistant.domain.consent import MessageClass
from assistant.domain.quiet_hours import Closed, Open
from assistant.domain.sending import SendingPolicy

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody stands who was chosen a while ago."""

    opted_out: bool
    agreed: bool
    """They have said in writing that offers may come."""
    unreachable: bool
    has_it: bool
    """They are a member now, and it is membership that is offered."""
    owes: bool
    with_a_person: bool
    offered_at: tuple[datetime, ...]
    """When they were sent offers in the last thirty days, by any campaign."""


@dataclass(frozen=True, slots=True)
class Never:
    """It is let go."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Its turn comes again at this instant."""

    at: datetime


def may_offer(
    standing: Standing, policy: SendingPolicy, zones: frozenset[str], now: datetime, *, channel: str = "sms"
) -> Open | Later | Never:
    """Open with the seconds that are left of the hours, or when to ask again, or why never.

    Too many offers of late make it wait, for it may still be good news next week; all else that stands against it is
    for good. Mail knows no hours.
    """
    against = {
        "opted_out": standing.opted_out,
        "no_consent": not standing.agreed,
        "unreachable": standing.unreachable,
        "joined": standing.has_it,
        "past_due": standing.owes,
        "with_a_person": standing.with_a_person,
    }
    if why := next((reason for reason, holds in against.items() if holds), None):
        return Never(why)
    if (again := _rested_at(standing.offered_at, policy)) > now:
        return Later(again)
    if channel == "email":
        return Open(int(DAY.total_seconds()))
    match quiet_hours.window(MessageClass.MARKETING, zones, now):
        case Closed(until):
            return Later(until)
        case opening:
            return opening


def _rested_at(offered_at: tuple[datetime, ...], policy: SendingPolicy) -> datetime:
    """The first instant at which one offer more is within every cap."""
    latest = sorted(offered_at, reverse=True)
    caps = ((policy.offers_a_day, DAY), (policy.offers_a_week, 7 * DAY), (policy.offers_a_month, 30 * DAY))
    free = [latest[most - 1] + span for most, span in caps if len(latest) >= most]
    return max(free, default=datetime.min.replace(tzinfo=latest[0].tzinfo) if latest else _LONG_AGO)


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
