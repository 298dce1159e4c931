"""Money that goes back."""

from assistant.doorbells import Doorbell
from assistant.services import refund_answers
from assistant.services.drain import drain
from jobs.desk import runtime


def look_up() -> None:
    """Look up the refunds whose answer was lost."""
    drain(runtime(), refund_answers.resolve_next, again=Doorbell.LOOK_UP_REFUNDS)
