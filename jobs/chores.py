"""What the clock asks for."""

from assistant.services import perks, price_changes, retention, stripe_events
from assistant.services import sweep as sweeping
from jobs.desk import runtime


def sweep() -> None:
    """Ring again for what has gone stale, and settle what is in doubt."""
    sweeping.sweep(runtime())


def expire_credits() -> None:
    """Expire the promotional credit whose last day is over, at every spa, and what we were told long ago."""
    sweeping.expire_credits(runtime())
    stripe_events.forget_old(runtime())
    retention.forget(runtime())


def give_perks() -> None:
    """The birthday treats that are due, and notices of new prices."""
    perks.grant_birthdays(runtime())
    price_changes.send_notices(runtime())
