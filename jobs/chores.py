"""What the clock asks for."""

from assistant.services import sweep as sweeping
from jobs.desk import runtime


def sweep() -> None:
    """Ring again for what has gone stale, and settle what is in doubt."""
    sweeping.sweep(runtime())


def expire_credits() -> None:
    """Expire the promotional credit whose last day is over, at every spa."""
    sweeping.expire_credits(runtime())
