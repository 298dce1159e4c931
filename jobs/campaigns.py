"""Campaigns choose whom they tell, and tell them."""

from assistant.doorbells import Doorbell
from assistant.services import campaign_run, sending
from assistant.services.drain import drain
from jobs.desk import runtime


def offer() -> None:
    """Choose the next recipients and hand the next offers to the outbox, as far as there is room."""
    drain(runtime(), campaign_run.next_step, again=Doorbell.OFFER)


def send() -> None:
    """Send the offers that are due, many side by side."""
    if sending.send_offers(runtime()):
        runtime().queue.ring(Doorbell.SEND_OFFERS)
