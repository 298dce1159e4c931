"""Stripe's own book: customers, cards, payments, what was answered under each key, and whom it has yet to tell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any

from assistant.clock import Clock
from assistant.sandbox.store import Store
from assistant.sandbox.stripe_aftermath import Aftermath
from assistant.sandbox.stripe_calls import Endpoints
from assistant.sandbox.stripe_cards import APPROVED, Verdict
from assistant.sandbox.stripe_charging import Charging, new_card
from assistant.sandbox.stripe_endpoints import Call, Endpoint
from assistant.sandbox.stripe_events import Deliver, Events
from assistant.sandbox.stripe_faults import Limits, StripeFault, Troubles, Turnstile
from assistant.sandbox.stripe_keys import BROKEN, LIMITED, LOCKED, Keys, Outcome, Refused
from assistant.sandbox.stripe_objects import SCHEMA, Facts, Objects, Search, dumped
from assistant.sandbox.stripe_pages import Pages, Turn, Typed
from assistant.sandbox.stripe_people import People
from assistant.sandbox.stripe_shapes import whole
from assistant.sandbox.stripe_shelf import Shelf


class StripeBook:
    """Everything Stripe knows, in one SQLite file. Safe to share between threads.

    An account is a connected account's id, or None for the platform's own. Nothing here waits: what takes time is
    waited for by whoever carries the answer.
    """

    def __init__(
        self,
        path: Path | str,
        clock: Clock,
        *,
        new_id: Callable[[], str] = lambda: token_hex(12),
        origin: str = "http://127.0.0.1",
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self.clock = clock
        self._store = Store(path, SCHEMA)
        self.faults = Troubles(self._store)
        self._turnstile = Turnstile(monotonic)
        self._keys = Keys(self._store, clock)
        self._objects = Objects(self._store)
        self._events = Events(self._store, self._objects, clock, new_id, self.faults)
        self._shelf = Shelf(self._store, self._objects, self._events, clock, new_id)
        self._charging, self._people = Charging(self._shelf), People(self._shelf)
        self._pages = Pages(self._store, self._shelf, self._charging, self._people, origin)
        self._aftermath = Aftermath(self._shelf)
        self._endpoints = Endpoints(
            self._shelf,
            self._events,
            charging=self._charging,
            people=self._people,
            pages=self._pages,
            aftermath=self._aftermath,
        )

    def close(self) -> None:
        self._store.close()

    # --- answering -------------------------------------------------------------------------------------------------

    def endpoints(self) -> list[tuple[str, Endpoint]]:
        """Everything it can be asked."""
        return list(self._endpoints.by_name.items())

    def request(self, call: Call, *, sleep: Callable[[float], object] = lambda _: None) -> Outcome:
        """One request, as Stripe would answer it, faults included. Raises nothing for what Stripe would refuse."""
        if not self._turnstile.admits(call.account, call.endpoint):
            return LIMITED
        trouble = self._trouble(call)
        if trouble(StripeFault.RATE_LIMIT):
            return LIMITED
        if trouble(StripeFault.LOCK_TIMEOUT):
            return LOCKED
        try:
            with self._keys.hold(call.account, call.key):
                if slow := trouble(StripeFault.LATENCY):
                    sleep(slow / 1000)
                return self._answer(call, trouble)
        except Refused as refusal:
            return refusal.outcome

    def _answer(self, call: Call, trouble: Callable[[StripeFault], int]) -> Outcome:
        if trouble(StripeFault.FAIL_BEFORE):
            return BROKEN
        if trouble(StripeFault.RESET_BEFORE):
            return Outcome(500, {}, reset=True)
        with self._acting(call):
            outcome = self._first_answer(call, trouble)
        if trouble(StripeFault.FAIL_AFTER):
            return BROKEN
        if trouble(StripeFault.RESET_AFTER):
            return Outcome(500, {}, reset=True)
        if hang := trouble(StripeFault.HANG_AFTER):
            return Outcome(outcome.status, outcome.body, hang_seconds=hang / 1000)
        return outcome

    def _first_answer(self, call: Call, trouble: Callable[[StripeFault], int]) -> Outcome:
        """What is kept under the key, or else what is done now and kept."""
        if call.key is None or call.endpoint.endswith(READS):
            return self._endpoints.answer(call)
        asked = dumped([call.endpoint, call.id, call.params])
        if kept := self._keys.kept(call.account, call.key, asked):
            return kept
        if trouble(StripeFault.STORE_500):
            outcome = BROKEN
        else:
            outcome = self._endpoints.answer(call)
            if trouble(StripeFault.STORE_500_AFTER):
                outcome = BROKEN
        self._keys.keep(call.account, call.key, asked, outcome)
        return outcome

    def _trouble(self, call: Call) -> Callable[[StripeFault], int]:
        """Tells how much of a fault there is for this call: its milliseconds, or 1 for a plain yes."""
        if not self.faults:
            return lambda _: 0
        reads = call.endpoint.endswith(READS)
        customer = self._customer_of(call)

        def taken(kind: StripeFault) -> int:
            fault = self.faults.take(kind, customer, {call.endpoint}, only_named=reads)
            return (fault.milliseconds or 1) if fault else 0

        return taken

    def _customer_of(self, call: Call) -> str | None:
        if isinstance(named := call.params.get("customer"), str):
            return named
        found = self._objects.one(call.account, call.id) if call.id else None
        if found is None:
            return None
        return str(found["id"]) if found["object"] == "customer" else found.get("customer")

    @contextmanager
    def _acting(self, call: Call | None = None) -> Iterator[None]:
        """All that one request does, or nothing of it, and its events with it."""
        with self._store.transaction():
            self._events.request = {"id": None, "idempotency_key": call.key if call else None}
            try:
                yield
            except BaseException:
                self._events.forget()
                raise
            self._events.tell()

    # --- setting the scene -----------------------------------------------------------------------------------------

    def add_customer(self, *, account: str | None = None, **facts: Any) -> str:  # noqa: ANN401 - as Stripe takes them
        with self._acting():
            return str(self._people.create(account or "", facts).body["id"])

    def add_card(
        self,
        customer_id: str,
        card: str = "pm_card_visa",
        *,
        account: str | None = None,
        **also: Any,  # noqa: ANN401
    ) -> str:
        """Give a customer a card that the bank once allowed to be saved; `card` is a number or a pm_card_… token.

        `also` may say its fingerprint, exp_month and exp_year.
        """
        with self._acting():
            made = new_card(self._shelf, account or "", card, _known=True, **also)
            self._people.give(account or "", made, customer_id)
            return str(made["id"])

    def behave(self, payment_method_id: str, *coming: Verdict, standing: Verdict | None = None) -> None:
        """What charging a card comes to: `coming`, one a charge, then `standing`, or else what its number says."""
        self._shelf.behave(payment_method_id, coming, standing)

    def limit(self, overall: int | None = None, endpoint: int | None = None) -> None:
        """Most requests a second, of one account; None is no limit."""
        self._turnstile.limits = Limits(overall, endpoint)

    @property
    def limits(self) -> Limits:
        return self._turnstile.limits

    @property
    def limited(self) -> int:
        """How many requests the limits have turned away."""
        return self._turnstile.refused

    # --- what others do --------------------------------------------------------------------------------------------

    def type_card(
        self, page_id: str, card: str, *, authenticates: bool | None = True, expires: tuple[int, int] = (12, 2034)
    ) -> Typed:
        """A person types a card on a hosted page. `authenticates` None asks whether the bank will want to see them;
        `expires` is its month and year.
        """
        try:
            with self._acting():
                return self._pages.type_card(page_id, card, authenticates=authenticates, expires=expires)
        except Refused as refusal:
            return Typed(Turn.CLOSED, refusal.outcome.body["error"]["message"])

    def page(self, page_id: str) -> Facts | None:
        """A hosted page as it is now, or None when there is none of that id."""
        account = self._objects.home(page_id)
        if account is None:
            return None
        try:
            with self._acting():
                return self._pages.session(account, page_id)
        except Refused:
            return None

    def refund(self, payment_id: str, cents: int | None = None, *, account: str | None = None) -> Facts:
        """Somebody gives money back from Stripe's own dashboard. Raises ValueError when it cannot be given."""
        with self._asked():
            params = {"payment_intent": payment_id, "amount": cents}
            return self._aftermath.refund(account or "", params).body

    def fail_refund(self, refund_id: str, *, account: str | None = None) -> Facts:
        with self._asked():
            return self._aftermath.fail_refund(account or "", refund_id)

    def open_dispute(
        self, charge_id: str, *, account: str | None = None, cents: int | None = None, status: str = "needs_response"
    ) -> Facts:
        """A cardholder disputes a charge; `warning_needs_response` is an inquiry, which moves no money."""
        with self._asked():
            return self._aftermath.open_dispute(account or "", charge_id, amount=cents, status=status)

    def close_dispute(self, dispute_id: str, outcome: str, *, account: str | None = None) -> Facts:
        """`outcome` is won, lost or warning_closed."""
        with self._asked():
            return self._aftermath.close_dispute(account or "", dispute_id, outcome)

    def renew_card(
        self,
        payment_method_id: str,
        *,
        account: str | None = None,
        number: str | None = None,
        exp_month: int = 12,
        exp_year: int = 2038,
    ) -> Facts:
        """The networks' updater has a new card of the same account: it works again."""
        with self._asked():
            return self._people.renew(
                account or "", payment_method_id, number=number, exp_month=exp_month, exp_year=exp_year
            )

    def settle_payment(self, payment_id: str, verdict: Verdict = APPROVED, *, account: str | None = None) -> Facts:
        """What became of a payment that was processing."""
        with self._asked():
            return self._charging.settle(account or "", payment_id, verdict).body

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            with self._acting():
                yield
        except Refused as refusal:
            raise ValueError(refusal.outcome.body["error"]["message"]) from None

    # --- telling and looking ---------------------------------------------------------------------------------------

    def pump(self, deliver: Deliver) -> int:
        """Post every event due by now; what fails is tried again later. The number delivered."""
        with self._acting():
            self._pages.settle()
        return self._events.pump(deliver)

    def waiting(self) -> int:
        """How many events are due, now or later."""
        return self._events.waiting()

    def get(self, id_: str, *, account: str | None = None) -> Facts | None:
        """Any object, as Stripe would show it."""
        found = self._objects.one(account or "", id_)
        return None if found is None else whole(found)

    def all(
        self,
        kind: str,
        *,
        account: str | None = None,
        customer: str | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> Sequence[Facts]:
        """Every object of a kind, such as payment_intent, oldest first: for whoever checks our books by it."""
        found = self._objects.listed(account or "", Search(kind, customer))[::-1]
        return [whole(each) for each in found if all(each.get(name) == value for name, value in (where or {}).items())]


READS = (".retrieve", ".list")
