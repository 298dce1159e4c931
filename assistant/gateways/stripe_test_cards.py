"""Stripe's own test cards, put on file without a page: for the demo's invented members, and refused by live keys."""

from assistant.gateways.stripe_payments import stripe_client


class StripeTestCards:
    """Attaches a `pm_card_…` token to a customer, as test mode lets one."""

    def __init__(self, secret_key: str, api_base: str) -> None:
        if "_test_" not in secret_key:
            raise ValueError("test cards are for test keys")
        self._stripe = stripe_client(secret_key, api_base)

    def add(self, customer_id: str, token: str) -> str:
        """The id of the card that came of it."""
        return str(self._stripe.v1.payment_methods.attach(token, {"customer": customer_id}).id)
