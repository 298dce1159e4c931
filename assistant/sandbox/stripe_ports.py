"""The ports for payments, pages and cards on Stripe's book in the same process: for tests and simulations, no HTTP."""

from assistant.gateways.ports import Throttled, Unanswered
from assistant.gateways.stripe_answers import Body, Reply
from assistant.gateways.stripe_cards import StripeCardPages, StripeVault
from assistant.gateways.stripe_payments import ASKS, StripePayments
from assistant.gateways.stripe_refunds import StripeRefunds
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_endpoints import Call
from assistant.sandbox.stripe_events import Deliver, Webhook

__all__ = ["Deliver", "SandboxCardPages", "SandboxPayments", "SandboxRefunds", "SandboxVault", "Webhook"]


class BookAsk:
    """Asks the book as `StripeApi` asks Stripe, waiting for nothing: whatever hangs has hung for too long."""

    def __init__(self, book: StripeBook) -> None:
        self._book = book

    def __call__(
        self, endpoint: str, params: Body, *, account: str | None, id_: str | None = None, key: str | None = None
    ) -> Reply | Throttled | Unanswered:
        call = Call(endpoint, params, account or "", id_ or "", key)
        for _ in range(ASKS):
            outcome = self._book.request(call)
            if outcome.reset or outcome.hang_seconds:
                return Unanswered("the answer was lost")
            reply = Reply(outcome.status, outcome.body)
            if not reply.is_busy:
                break
        return reply


class SandboxPayments(StripePayments):
    """Answers as `StripePayments` would, faults included, and raises nothing."""

    def __init__(self, book: StripeBook) -> None:
        super().__init__(BookAsk(book))
        self.book = book


class SandboxCardPages(StripeCardPages):
    """Pages nobody sees: `book.type_card` is what a person does there."""

    def __init__(self, book: StripeBook) -> None:
        super().__init__(BookAsk(book), book.clock)
        self.book = book


class SandboxVault(StripeVault):
    """Customers and cards of the book."""

    def __init__(self, book: StripeBook) -> None:
        super().__init__(BookAsk(book))
        self.book = book


class SandboxRefunds(StripeRefunds):
    """Money back out of the book, and its disputes."""

    def __init__(self, book: StripeBook) -> None:
        super().__init__(BookAsk(book))
        self.book = book
