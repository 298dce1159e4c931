"""Ports that lead nowhere, for a program that must not ring or send."""

from datetime import datetime

from assistant.doorbells import Doorbell
from assistant.gateways.ports import Accepted, Refused, Text, Unanswered


class NoQueue:
    """Nobody is listening."""

    def ring(self, bell: Doorbell) -> None:
        """Heard by no one; the sweep finds the row."""


class NoTexts:
    """Nothing leaves."""

    def send(self, text: Text) -> Refused:
        """Refused as not sent: it waits its turn."""
        return Refused(0, f"not sent: message {text.message_id} was given to no provider")

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {text.message_id} since {since} beside {len(known)}")

    def redact(self, provider_id: str) -> bool:
        """Not done."""
        return not provider_id
