"""What the sandbox's doors need to be Stripe: the book, the keys it knows, and where it tells its events."""

from dataclasses import dataclass

import requests

from assistant.gateways.signatures import sign_stripe
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_events import Webhook

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0


@dataclass(frozen=True, slots=True)
class StripeSide:
    """Stripe, as this sandbox plays it."""

    book: StripeBook
    webhook_url: str = ""
    webhook_secret: str = ""
    """Empty: no events are told."""
    secret_key: str = ""
    """Empty: any test key will do."""
    origin: str = ""
    """Where its pages are; empty: wherever a request came to."""

    def knows(self, key: str) -> bool:
        """Whether this secret key opens the doors."""
        return key == self.secret_key if self.secret_key else key.startswith(("sk_test_", "rk_test_"))

    def post(self, session: requests.Session, webhook: Webhook) -> str | None:
        """Post one event, signed anew; what went wrong, or None for a 2xx."""
        headers = {
            "Stripe-Signature": sign_stripe(self.webhook_secret, webhook.raw, self.book.clock.now()),
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        try:
            answer = session.post(
                self.webhook_url, data=webhook.raw, headers=headers, timeout=timeout, allow_redirects=False
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            return type(error).__name__
        return None if answer.ok else f"status {answer.status_code}"
