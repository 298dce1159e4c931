"""What the card processor told us is acted on."""

from assistant.doorbells import Doorbell
from assistant.services import stripe_events
from assistant.services.drain import drain
from jobs.desk import runtime


def hear() -> None:
    """Act on every event that waits, a few at a time: each waits on the processor."""
    drain(runtime(), stripe_events.apply_next, again=Doorbell.HEAR, threads=4)
