"""How far a message has come, which only ever goes forward, and what a provider's error asks of us."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Status(StrEnum):
    """The life of an outbound message. In flight or in doubt is still `waiting`: only an answer moves it on."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"

    @property
    def rank(self) -> int:
        """Its place in the lattice: a status is replaced only by one of higher rank (`rules.md` 3.3)."""
        return RANK[self]


RANK = {status: rank for rank, status in enumerate(Status)}
FINAL = frozenset({Status.DROPPED, Status.FAILED, Status.UNDELIVERED, Status.DELIVERED})

TWILIO = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.ACCEPTED,
    "sending": Status.ACCEPTED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "partially_delivered": Status.SENT,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
"""Twilio's words for ours (`rules.md` 3.3)."""


class Act(StrEnum):
    """What to do about a provider's error, beside giving up on this message."""

    SUPPRESS = "suppress"
    """They have opted out at the carrier: record it."""
    UNREACHABLE = "unreachable"
    """This number cannot be texted: say so, and use another channel."""
    TRY_AGAIN = "try_again"
    """Send the same words again, after each of the waits."""
    SLOW_DOWN = "slow_down"
    """Nothing is wrong with the message: it waits its turn."""
    STOP_SENDER = "stop_sender"
    """The spa's own number may not send: hold everything and alert."""
    HOLD = "hold"
    """Our account with the provider may not send: everything waits, and a person must look."""
    ALERT = "alert"
    """A person must look."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """An act, and the waits before each further try."""

    act: Act
    waits: tuple[timedelta, ...] = ()


HOUR = timedelta(hours=1)

REMEDIES = {
    21610: Remedy(Act.SUPPRESS),
    21211: Remedy(Act.UNREACHABLE),
    21408: Remedy(Act.UNREACHABLE),
    21614: Remedy(Act.UNREACHABLE),
    21635: Remedy(Act.UNREACHABLE),
    30005: Remedy(Act.UNREACHABLE),
    30006: Remedy(Act.UNREACHABLE),
    30003: Remedy(Act.TRY_AGAIN, (HOUR, 12 * HOUR)),
    30008: Remedy(Act.TRY_AGAIN, (timedelta(minutes=5),)),
    30047: Remedy(Act.TRY_AGAIN, (timedelta(minutes=5),)),
    0: Remedy(Act.SLOW_DOWN),
    20429: Remedy(Act.SLOW_DOWN),
    21611: Remedy(Act.SLOW_DOWN),
    30001: Remedy(Act.SLOW_DOWN),
    30022: Remedy(Act.SLOW_DOWN),
    30023: Remedy(Act.SLOW_DOWN),
    30007: Remedy(Act.ALERT),
    30032: Remedy(Act.STOP_SENDER),
    30034: Remedy(Act.STOP_SENDER),
}
"""Twilio's error numbers and what each asks (`rules.md` 3.6); 0 is ours: the request never left."""


OF_MAIL = {
    0: Remedy(Act.SLOW_DOWN),
    401: Remedy(Act.HOLD),
    403: Remedy(Act.HOLD),
    429: Remedy(Act.SLOW_DOWN),
}
"""SendGrid's refusals, by their HTTP status."""


def remedy(code: int, channel: str = "sms") -> Remedy:
    """What an error asks of us; one we have never seen is for a person."""
    return (OF_MAIL if channel == "email" else REMEDIES).get(code, Remedy(Act.ALERT))


def backoff(attempts: int) -> timedelta:
    """How long a message waits its turn: 2 s, then twice as long each time, an hour at most."""
    return min(HOUR, timedelta(seconds=2 ** min(attempts, 12)))
