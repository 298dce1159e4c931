"""What came in is answered."""

from assistant.conversation import router
from assistant.doorbells import Doorbell
from assistant.services.drain import drain
from jobs.desk import runtime


def answer() -> None:
    """Answer every text that waits."""
    drain(runtime(), router.answer_next, again=Doorbell.ANSWER)
