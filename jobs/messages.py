"""What is to be said is sent."""

from assistant.doorbells import Doorbell
from assistant.services import messaging
from assistant.services.drain import drain
from jobs.desk import runtime


def deliver() -> None:
    """Send every message that is due, a few at a time."""
    drain(runtime(), messaging.deliver_next, again=Doorbell.DELIVER, threads=4)
