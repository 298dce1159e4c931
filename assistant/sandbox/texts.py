"""The `Texts` port on Twilio's book in the same process: for tests and simulations, with no HTTP between."""

from datetime import datetime

from assistant.gateways.ports import Accepted, Answer, Refused, Text, Unanswered
from assistant.gateways.twilio_texts import status_callback
from assistant.sandbox.book import Lost, Order, Rejected, Search, Taken, TwilioBook
from assistant.sandbox.posts import Deliver, Post

__all__ = ["Deliver", "Post", "SandboxTexts"]


class SandboxTexts:
    """Answers as `TwilioTexts` would, faults included, and raises nothing."""

    def __init__(self, book: TwilioBook, public_base_url: str) -> None:
        self.book = book
        self._public_base_url = public_base_url

    def send(self, text: Text) -> Answer:
        callback_url = status_callback(self._public_base_url, text)
        order = Order(text.sender, text.recipient, text.body, callback_url, text.validity_seconds)
        match self.book.send(order):
            case Taken(message):
                return Accepted(message.sid)
            case Rejected(code):
                return Refused(code, "refused by the sandbox")
            case Lost():
                return Unanswered("the answer was lost")

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        candidates = self.book.search(Search(to=text.recipient, sender=text.sender))
        fits = [
            each.sid
            for each in candidates
            if each.created_at >= since and each.body == text.body and each.sid not in known
        ]
        return Accepted(fits[-1]) if fits else None

    def redact(self, provider_id: str) -> bool:
        match self.book.redact(provider_id):
            case Rejected(code):
                return code == 20404
            case _:
                return True

    def pump(self, deliver: Deliver) -> int:
        """Hand every post due by now to `deliver`; the number it took."""
        return self.book.pump(deliver)
