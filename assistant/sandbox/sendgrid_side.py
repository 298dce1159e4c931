"""What the sandbox's doors need to be SendGrid: the book, the key that opens them, and the key that signs its posts."""

from dataclasses import dataclass

import requests
from cryptography.hazmat.primitives.asymmetric import ec

from assistant.gateways.signatures import sign_sendgrid
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_shapes import Hook

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0


@dataclass(frozen=True, slots=True)
class SendGridSide:
    """SendGrid, as this sandbox plays it."""

    book: SendGridBook
    signing_key: ec.EllipticCurvePrivateKey | None = None
    """None: nothing is told."""
    api_key: str = ""
    """Empty: any key will do."""
    public_base_url: str = ""
    """Where the web server is: the only place that a mail program's own button asks."""

    def knows(self, key: str) -> bool:
        """Whether this key opens the doors."""
        return key == self.api_key if self.api_key else key.startswith("SG.")

    def post(self, session: requests.Session, hook: Hook) -> str | None:
        """Post once, signed anew; what went wrong, or None for a 2xx."""
        if self.signing_key is None:
            return "no key to sign with"
        signature, timestamp = sign_sendgrid(self.signing_key, hook.raw, self.book.clock.now())
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            "Content-Type": hook.content_type,
            "User-Agent": "SendGrid Event API",
        }
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        try:
            answer = session.post(hook.url, data=hook.raw, headers=headers, timeout=timeout, allow_redirects=False)
        except (requests.ConnectionError, requests.Timeout) as error:
            return type(error).__name__
        return None if answer.ok else f"status {answer.status_code}"
