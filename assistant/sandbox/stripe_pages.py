"""Checkout in Stripe's book: pages that Stripe hosts, where a person types a card to save it or to pay with it."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.sandbox.store import Store
from assistant.sandbox.stripe_cards import APPROVED, UNAUTHENTICATED, Asks, Verdict, find_card
from assistant.sandbox.stripe_charging import Charging, new_card, sample_of
from assistant.sandbox.stripe_keys import Outcome, invalid
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_people import People
from assistant.sandbox.stripe_shelf import Shelf

SOONEST, LATEST = 30 * 60, 24 * 3600
KIND = "checkout.session"


class Turn(StrEnum):
    """What typing a card comes to."""

    DONE = "done"
    ASKS = "asks"
    """The bank wants to see the cardholder first."""
    DECLINED = "declined"
    CLOSED = "closed"
    """The page is complete or has expired: nothing can be done on it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`words` are what the page says about it."""

    turn: Turn
    words: str = ""


class Pages:
    """Checkout sessions of one book."""

    def __init__(self, store: Store, shelf: Shelf, charging: Charging, people: People, origin: str) -> None:
        self._store, self._shelf, self._charging, self._people = store, shelf, charging, people
        self._origin = origin

    def create(self, account: str, params: Facts, origin: str) -> Outcome:
        self._check(account, params)
        now = self._shelf.now()
        expires_at = params.get("expires_at") or now + LATEST
        if expires_at < now + SOONEST:
            raise invalid(
                "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
            )
        if expires_at > now + LATEST:
            raise invalid(
                "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
            )
        facts = {name: params[name] for name in AS_GIVEN if params.get(name) is not None}
        session = self._shelf.new(account, KIND, status="open", expires_at=expires_at, **facts)
        session["url"] = f"{origin or self._origin}/checkout/pay/{session['id']}"
        self._begin(account, session, params)
        self._shelf.objects.save(session)
        with self._store.transaction() as db:
            db.execute("INSERT INTO sessions_open (id, expires_at) VALUES (?, ?)", (session["id"], expires_at))
        return Outcome(200, session)

    def _check(self, account: str, params: Facts) -> None:
        if params.get("customer"):
            self._shelf.find(account, "customer", params["customer"], "customer")
        if params["mode"] not in ("setup", "payment"):
            raise invalid("The sandbox knows the modes setup and payment.", "mode")
        if params["mode"] == "payment" and not params.get("line_items"):
            raise invalid("You must provide `line_items` in `payment` mode.", "line_items")
        if not params.get("success_url"):
            raise invalid("Missing required param: success_url.", "success_url", "parameter_missing")

    def _begin(self, account: str, session: Facts, params: Facts) -> None:
        if params["mode"] == "setup":
            wanted = {"customer": params.get("customer"), **(params.get("setup_intent_data") or {})}
            session |= {"setup_intent": self._people.setup_intent(account, wanted)["id"]}
            session |= {"payment_status": "no_payment_required"}
            return
        total = sum(_cents(item) for item in params["line_items"])
        session |= {"payment_status": "unpaid", "amount_total": total, "amount_subtotal": total, "currency": "usd"}
        session |= {"_intent": params.get("payment_intent_data") or {}}

    def session(self, account: str, id_: str) -> Facts:
        """As it is by the clock: a page whose hour has passed has expired, whether or not it has been told."""
        session = self._shelf.find(account, KIND, id_)
        if session["status"] == "open" and session["expires_at"] <= self._shelf.now():
            self._close(account, session)
        return session

    def expire(self, account: str, id_: str) -> Outcome:
        session = self.session(account, id_)
        if session["status"] != "open":
            raise invalid(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of `{session['status']}`."
            )
        self._close(account, session)
        return Outcome(200, session)

    def settle(self) -> None:
        """Expire every page whose hour has passed."""
        with self._store.transaction() as db:
            late = db.execute("SELECT id FROM sessions_open WHERE expires_at <= ?", (self._shelf.now(),)).fetchall()
        for [id_] in late:
            self.session(self._shelf.objects.home(id_) or "", id_)

    def _close(self, account: str, session: Facts) -> None:
        session |= {"status": "expired", "url": None}
        self._shut(session)
        self._shelf.change(account, session, "checkout.session.expired")

    def _shut(self, session: Facts) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM sessions_open WHERE id = ?", (session["id"],))

    # --- what a person does there ----------------------------------------------------------------------------------

    def type_card(self, id_: str, typed: str, *, authenticates: bool | None, expires: tuple[int, int]) -> Typed:
        """`authenticates` says whether the bank's question is passed; None, that it has yet to be asked."""
        account = self._shelf.objects.home(id_) or ""
        session = self.session(account, id_)
        if session["status"] != "open":
            return Typed(Turn.CLOSED, session["status"])
        sample = find_card(typed)
        if sample is None:
            return Typed(Turn.DECLINED, "Your card number is invalid.")
        if sample.asks is not Asks.NEVER and authenticates is None:
            return Typed(Turn.ASKS)
        failed = sample.asks is not Asks.NEVER and not authenticates
        card = new_card(self._shelf, account, typed, exp_month=expires[0], exp_year=expires[1])
        enter = self._save if session["mode"] == "setup" else self._pay
        outcome = enter(account, session, card, UNAUTHENTICATED if failed else None)
        if "error" in outcome.body:
            self._shelf.objects.save(session)
            return Typed(Turn.DECLINED, NOT_AUTHENTICATED if failed else outcome.body["error"]["message"])
        session |= {"status": "complete", "url": None}
        self._shut(session)
        self._shelf.change(account, session, "checkout.session.completed")
        return Typed(Turn.DONE)

    def _save(self, account: str, session: Facts, card: Facts, verdict: Verdict | None) -> Outcome:
        intent = self._shelf.find(account, "setup_intent", session["setup_intent"])
        return self._people.saved(account, intent, card, verdict or sample_of(card).when_saved)

    def _pay(self, account: str, session: Facts, card: Facts, verdict: Verdict | None) -> Outcome:
        intent = self._intent(account, session)
        outcome = self._charging.charged(account, intent, card, verdict or _on_page(card))
        if outcome.status < 300:
            session["payment_status"] = "paid"
            if intent.get("setup_future_usage") and session.get("customer"):
                card["_known"] = True
                self._people.give(account, card, session["customer"])
        return outcome

    def _intent(self, account: str, session: Facts) -> Facts:
        """The page's one payment, made when somebody first tries to pay."""
        if session.get("payment_intent"):
            return self._shelf.find(account, "payment_intent", session["payment_intent"])
        wanted = {**session["_intent"], "amount": session["amount_total"], "customer": session.get("customer")}
        intent = self._charging.intent(account, wanted, None)
        session["payment_intent"] = intent["id"]
        return intent


AS_GIVEN = "mode customer locale success_url cancel_url metadata client_reference_id currency submit_type".split()
NOT_AUTHENTICATED = "We are unable to authenticate your payment method. Please choose a different one and try again."


def _on_page(card: Facts) -> Verdict:
    """One that fails when it is on file is typed here, not on file."""
    sample = sample_of(card)
    return APPROVED if sample.token == "pm_card_chargeCustomerFail" else sample.charged  # noqa: S105 - a test card


def _cents(item: Facts) -> int:
    try:
        price = item["price_data"]
        return int(price["unit_amount"]) * int(item.get("quantity", 1))
    except (KeyError, TypeError, ValueError):
        raise invalid("Each of `line_items` needs `price_data[unit_amount]`.", "line_items") from None
