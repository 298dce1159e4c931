"""Ports that lead nowhere, for a program that must not ring or send."""

from collections.abc import Mapping
from datetime import datetime

from assistant.doorbells import Doorbell
from assistant.gateways.email_port import Mail
from assistant.gateways.ports import (
    Accepted,
    ChargeOrder,
    PageOrder,
    RefundOrder,
    Refused,
    Text,
    Throttled,
    Unanswered,
)


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


class NoEmails:
    """Nothing leaves."""

    def send(self, mail: Mail) -> Refused:
        """Refused as not sent: it waits its turn."""
        return Refused(0, f"not sent: mail {mail.message_id} was given to no provider")


class NoPayments:
    """No card is charged."""

    def charge(self, order: ChargeOrder) -> Throttled:
        """Surely not attempted: it waits its turn."""
        return Throttled(f"not asked: {order.key} was given to no provider")

    def fetch(self, account: str | None, payment_id: str) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {payment_id} of {account}")

    def listed(
        self, account: str | None, *, since: datetime, until: datetime | None = None, customer_id: str | None = None
    ) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to list {account} {customer_id} from {since} to {until}")


class NoCardPages:
    """No page opens."""

    def open(self, order: PageOrder) -> Throttled:
        """Not now."""
        return Throttled(f"not asked: {order.key} was given to no provider")

    def fetch(self, account: str | None, page_id: str) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {page_id} of {account}")

    def expire(self, account: str | None, page_id: str) -> bool:
        """Not done."""
        return not (account or page_id)


class NoVault:
    """Nobody has a card."""

    def customer(self, account: str | None, *, key: str, metadata: Mapping[str, str]) -> Throttled:
        """Not now."""
        return Throttled(f"not asked: {key} of {account} with {len(metadata)} facts was given to no provider")

    def card(self, account: str | None, payment_method_id: str) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {payment_method_id} of {account}")

    def detach(self, account: str | None, payment_method_id: str) -> bool:
        """Not done."""
        return not (account or payment_method_id)


class NoRefunds:
    """No money goes back."""

    def give(self, order: RefundOrder) -> Throttled:
        """Surely not attempted: it waits its turn."""
        return Throttled(f"not asked: {order.key} was given to no provider")

    def find(self, account: str | None, *, payment_id: str | None = None, refund_id: str | None = None) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {payment_id or refund_id} of {account}")

    def dispute(self, account: str | None, dispute_id: str) -> Unanswered:
        """There is nobody to ask."""
        return Unanswered(f"no provider to ask about {dispute_id} of {account}")
