"""What we ask of whoever sends mail, in our words; the answers are those of `ports.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assistant.gateways.ports import Answer


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to send, both of its parts.

    `spa_id` and `message_id` name our own row: they ride along as numbers that mean nothing to anyone else, and come
    back with every event, so that an answer lost on the way back is still matched (`rules.md` 4.10).
    """

    spa_id: int
    message_id: int
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Message-ID and all that threads, unsubscribes and tells robots what this is."""


class Emails(Protocol):
    """Mail, by any provider.

    There is no `find`: SendGrid cannot be asked what it took. What became of a mail whose answer was lost is told by
    its events, or never.
    """

    def send(self, mail: Mail) -> Answer:
        """Hand one mail to the provider. Never raises for anything the network or the provider does."""
        ...
