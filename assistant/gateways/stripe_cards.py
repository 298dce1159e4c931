"""Customers, their cards, and the pages where cards are typed, by Stripe."""

from collections.abc import Mapping

from assistant.clock import Clock
from assistant.gateways import stripe_answers
from assistant.gateways.ports import Card, Page, PageOrder, Throttled, Unanswered
from assistant.gateways.stripe_answers import PAGE_EXPANDED, Reply
from assistant.gateways.stripe_payments import Ask, fetched, understood

OPEN = "open"


class StripeCardPages:
    """The `CardPages` port, on Stripe Checkout."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask, self._clock = ask, clock

    def open(self, order: PageOrder) -> Page | Throttled | Unanswered:
        """A refusal of what was asked is Throttled: nothing was opened, and nothing is kept under the key."""
        params = stripe_answers.page_params(
            order, expires_at=stripe_answers.page_expiry(order.expires_at, self._clock.now())
        )
        made = _made(self._ask("checkout.sessions.create", params, account=order.account, key=order.key))
        return understood(stripe_answers.page, made.body) if isinstance(made, Reply) else made

    def fetch(self, account: str | None, page_id: str) -> Page | Unanswered | None:
        found = fetched(self._ask, "checkout.sessions.retrieve", {"expand": PAGE_EXPANDED}, account, page_id)
        return understood(stripe_answers.page, found) if isinstance(found, Mapping) else found

    def expire(self, account: str | None, page_id: str) -> bool:
        """Stripe refuses for one that is open no more, and says why in words only: so it is looked at."""
        reply = self._ask("checkout.sessions.expire", {}, account=account, id_=page_id)
        if isinstance(reply, Reply) and reply.status == 200:
            return True
        found = self.fetch(account, page_id)
        return found is None or (isinstance(found, Page) and found.status != OPEN)


class StripeVault:
    """The `Vault` port."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def customer(self, account: str | None, *, key: str, metadata: Mapping[str, str]) -> str | Throttled | Unanswered:
        made = _made(self._ask("customers.create", {"metadata": dict(metadata)}, account=account, key=key))
        return understood(lambda body: str(body["id"]), made.body) if isinstance(made, Reply) else made

    def card(self, account: str | None, payment_method_id: str) -> Card | Unanswered | None:
        found = fetched(self._ask, "payment_methods.retrieve", {}, account, payment_method_id)
        return understood(stripe_answers.card, found) if isinstance(found, Mapping) else found

    def detach(self, account: str | None, payment_method_id: str) -> bool:
        """Stripe refuses for one attached to nobody, and says why in words only: so it is looked at."""
        reply = self._ask("payment_methods.detach", {}, account=account, id_=payment_method_id)
        if isinstance(reply, Reply) and reply.status == 200:
            return True
        found = self.card(account, payment_method_id)
        return found is None or (isinstance(found, Card) and found.customer_id is None)


def _made(reply: Reply | Throttled | Unanswered) -> Reply | Throttled | Unanswered:
    """A 200, or why there is none."""
    if not isinstance(reply, Reply):
        return reply
    if fault := stripe_answers.fault_of(reply):
        return fault
    if reply.status == 200:
        return reply
    return Throttled(f"Stripe refused: {reply.error.get('code') or 'invalid_request'} {reply.error.get('param') or ''}")
