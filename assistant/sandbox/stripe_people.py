"""Customers in Stripe's book, their cards, and the setting up of cards for later."""

from typing import Any

from assistant.sandbox.stripe_cards import APPROVED, BY_TOKEN, UNAUTHENTICATED, Asks, Verdict, fingerprint_of, words_for
from assistant.sandbox.stripe_charging import new_card, sample_of
from assistant.sandbox.stripe_keys import Outcome, invalid
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_shelf import Shelf

NOT_ATTACHED = "The payment method you provided is not attached to a customer so detachment is impossible."


class People:
    """Customers and cards of one book."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def create(self, account: str, params: Facts) -> Outcome:
        facts = {name: each for name, each in params.items() if name != "expand"}
        customer = self._shelf.new(account, "customer", **facts)
        self._shelf.change(account, customer, "customer.created")
        return Outcome(200, customer)

    def update(self, account: str, id_: str, params: Facts) -> Outcome:
        customer = self._shelf.find(account, "customer", id_)
        facts = {name: each for name, each in params.items() if name not in ("expand", "metadata")}
        before = {name: customer.get(name) for name in facts}
        metadata = {**customer.get("metadata", {}), **params.get("metadata", {})}
        customer |= {**facts, "metadata": {name: each for name, each in metadata.items() if each}}
        self._shelf.objects.save(customer)
        self._shelf.events.note(account, "customer.updated", customer, before=before)
        return Outcome(200, customer)

    # --- cards ---------------------------------------------------------------------------------------------------

    def create_card(self, account: str, params: Facts) -> Outcome:
        if params["type"] != "card":
            raise invalid("The sandbox knows cards only.", "type")
        typed = params.get("card") or {}
        return Outcome(200, new_card(self._shelf, account, str(typed.get("number") or typed.get("token") or "")))

    def attach(self, account: str, id_: str, params: Facts) -> Outcome:
        """The bank is asked first, as it is when a card is set up."""
        self._shelf.find(account, "customer", params["customer"], "customer")
        fresh = id_ in BY_TOKEN
        card = self._stood_for(account, id_, params["customer"]) if fresh else self._found(account, id_)
        if card.get("customer") == params["customer"]:
            return Outcome(200, card)
        if card.get("customer") or card.get("_detached"):
            raise invalid("This PaymentMethod was previously used or detached. It may not be used again.")
        verdict = sample_of(card).when_saved
        if verdict.decline_code:
            return Outcome(402, {"error": declined(verdict)})
        self.give(account, card, params["customer"])
        return Outcome(200, card)

    def _found(self, account: str, id_: str) -> Facts:
        return self._shelf.find(account, "payment_method", id_)

    def _stood_for(self, account: str, token: str, customer: str) -> Facts:
        """A token stands for some card of its customer's own: invented people do not all share one number."""
        return new_card(self._shelf, account, token, fingerprint=fingerprint_of(f"{token} of {customer}"))

    def give(self, account: str, card: Facts, customer: str) -> None:
        """Attach a card to a customer, whatever the bank would say."""
        card["customer"] = customer
        self._shelf.change(account, card, "payment_method.attached")

    def detach(self, account: str, id_: str, _: Facts) -> Outcome:
        card = self._shelf.find(account, "payment_method", id_)
        customer = card.get("customer")
        if not customer:
            raise invalid(NOT_ATTACHED)
        card |= {"customer": None, "_detached": True}
        self._shelf.objects.save(card)
        self._shelf.events.note(account, "payment_method.detached", card, before={"customer": customer})
        return Outcome(200, card)

    def edit_card(self, account: str, id_: str, params: Facts) -> Outcome:
        """What a desk may correct: the month and the year."""
        card = self._shelf.find(account, "payment_method", id_)
        given = {
            name: int(each) for name, each in (params.get("card") or {}).items() if name in ("exp_month", "exp_year")
        }
        self._rewrite(account, card, given, "payment_method.updated")
        return Outcome(200, card)

    def renew(self, account: str, id_: str, *, number: str | None, exp_month: int, exp_year: int) -> Facts:
        """As the networks' updater does when the bank has sent a new card: it works again, under the same id."""
        card = self._shelf.find(account, "payment_method", id_)
        changed: Facts = {"exp_month": exp_month, "exp_year": exp_year}
        if number:
            changed |= {"last4": number[-4:], "fingerprint": fingerprint_of(number)}
        card["_token"] = f"pm_card_{card['card']['brand']}"
        self._shelf.forget_behaviour(id_)
        self._rewrite(account, card, changed, "payment_method.automatically_updated")
        return card

    def _rewrite(self, account: str, card: Facts, changed: Facts, type_: str) -> None:
        before = {"card": {name: card["card"][name] for name in changed}}
        card["card"] |= changed
        self._shelf.objects.save(card)
        self._shelf.events.note(account, type_, card, before=before)

    # --- setting up ------------------------------------------------------------------------------------------------

    def set_up(self, account: str, params: Facts) -> Outcome:
        if customer := params.get("customer"):
            self._shelf.find(account, "customer", customer, "customer")
        intent = self.setup_intent(account, params)
        return self.confirm(account, intent["id"], {}) if params.get("confirm") else Outcome(200, intent)

    def setup_intent(self, account: str, params: Facts) -> Facts:
        named = ("customer", "payment_method", "description")
        facts: dict[str, Any] = {name: params[name] for name in named if params.get(name)}
        facts["status"] = "requires_confirmation" if params.get("payment_method") else "requires_payment_method"
        facts["metadata"] = params.get("metadata") or {}
        intent = self._shelf.new(account, "setup_intent", usage=params.get("usage") or "off_session", **facts)
        intent["client_secret"] = f"{intent['id']}_secret_{fingerprint_of(intent['id'])}"
        self._shelf.change(account, intent, "setup_intent.created")
        return intent

    def confirm(self, account: str, id_: str, params: Facts) -> Outcome:
        """From a server: nobody is there to authenticate."""
        intent = self._shelf.find(account, "setup_intent", id_)
        if intent["status"] in ("succeeded", "canceled"):
            raise invalid(
                f"You cannot confirm this SetupIntent because it has a status of {intent['status']}.",
                code="setup_intent_unexpected_state",
            )
        named = params.get("payment_method") or intent.get("payment_method")
        if not named:
            raise invalid("You cannot confirm this SetupIntent because it's missing a payment method.")
        fresh = named in BY_TOKEN
        card = (
            new_card(self._shelf, account, named)
            if fresh
            else self._shelf.find(account, "payment_method", named, "payment_method")
        )
        sample = sample_of(card)
        if sample.asks is not Asks.NEVER:
            intent |= {"status": "requires_action", "payment_method": card["id"]}
            intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
            self._shelf.change(account, intent, "setup_intent.requires_action")
            return Outcome(200, intent)
        return self.saved(account, intent, card, sample.when_saved)

    def saved(self, account: str, intent: Facts, card: Facts, verdict: Verdict = APPROVED) -> Outcome:
        """Ask the bank, who says this; on a yes the card is the customer's."""
        if verdict.decline_code:
            error = declined(verdict) | {"payment_method": card}
            intent |= {"status": "requires_payment_method", "payment_method": None, "last_setup_error": error}
            self._shelf.change(account, intent, "setup_intent.setup_failed")
            return Outcome(402, {"error": {**error, "setup_intent": intent}})
        card["_known"] = True
        if intent.get("customer") and card.get("customer") != intent["customer"]:
            self.give(account, card, intent["customer"])
        intent |= {"status": "succeeded", "payment_method": card["id"], "next_action": None, "last_setup_error": None}
        self._shelf.change(account, intent, "setup_intent.succeeded")
        return Outcome(200, intent)


def declined(verdict: Verdict) -> Facts:
    """A card error of no charge."""
    codes = {
        name: getattr(verdict, name)
        for name in ("decline_code", "advice_code", "network_decline_code", "network_advice_code")
        if getattr(verdict, name)
    }
    code = "setup_intent_authentication_failure" if verdict == UNAUTHENTICATED else verdict.code
    return {"type": "card_error", "code": code, "message": words_for(verdict), **codes}
