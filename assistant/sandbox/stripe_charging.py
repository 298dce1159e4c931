"""Charging cards in Stripe's book: payment intents, the charges they make, and what is taken off as a fee."""

from typing import Any

from assistant.sandbox.stripe_cards import (
    APPROVED,
    BY_TOKEN,
    UNAUTHENTICATED,
    Asks,
    SampleCard,
    Verdict,
    find_card,
    fingerprint_of,
    words_for,
)
from assistant.sandbox.stripe_keys import Outcome, invalid
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_shelf import Shelf

LEAST_CENTS, MOST_CENTS = 50, 99_999_999
CONFIRMABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
ERROR_CODES = ("decline_code", "advice_code", "network_decline_code", "network_advice_code")
AS_GIVEN = ("customer", "payment_method", "description", "setup_future_usage", "statement_descriptor_suffix")


def fee_cents(amount_cents: int) -> int:
    """2.9 % and 30 cents, the half cent up."""
    return (amount_cents * 29 + 500) // 1000 + 30


class Charging:
    """Payment intents and charges of one book."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def create(self, account: str, params: Facts) -> Outcome:
        amount = params["amount"]
        if amount < LEAST_CENTS:
            raise invalid("Amount must be at least $0.50 usd", "amount", "amount_too_small")
        if amount > MOST_CENTS:
            raise invalid("Amount must be no more than $999,999.99", "amount", "amount_too_large")
        if params["currency"].lower() != "usd":
            raise invalid(f"Invalid currency: {params['currency']}", "currency")
        for name in ("off_session", "error_on_requires_action"):
            if params.get(name) and not params.get("confirm"):
                raise invalid(f"`{name}` can only be used with `confirm=true`.", name)
        card = self._usable(account, params)
        intent = self.intent(account, params, card)
        return self._confirmed(account, intent, card, params) if params.get("confirm") else Outcome(200, intent)

    def intent(self, account: str, params: Facts, card: Facts | None) -> Facts:
        """A payment that has yet to be tried."""
        facts = {name: params[name] for name in AS_GIVEN if params.get(name) is not None}
        facts["status"] = "requires_confirmation" if card else "requires_payment_method"
        facts["metadata"] = params.get("metadata") or {}
        intent = self._shelf.new(account, "payment_intent", amount=params["amount"], **facts)
        intent["client_secret"] = f"{intent['id']}_secret_{fingerprint_of(intent['id'])}"
        self._shelf.change(account, intent, "payment_intent.created")
        return intent

    def confirm(self, account: str, id_: str, params: Facts) -> Outcome:
        intent = self._shelf.find(account, "payment_intent", id_)
        if intent["status"] not in CONFIRMABLE:
            raise _unexpected(intent, "confirm")
        if "payment_method" in params:
            intent["payment_method"] = params["payment_method"]
        card = self._usable(account, intent)
        return self._confirmed(account, intent, card, params)

    def cancel(self, account: str, id_: str, params: Facts) -> Outcome:
        intent = self._shelf.find(account, "payment_intent", id_)
        if intent["status"] not in CONFIRMABLE:
            raise _unexpected(intent, "cancel")
        reason = params.get("cancellation_reason")
        intent |= {"status": "canceled", "canceled_at": self._shelf.now(), "cancellation_reason": reason}
        self._shelf.change(account, intent, "payment_intent.canceled")
        return Outcome(200, intent)

    def settle(self, account: str, id_: str, verdict: Verdict) -> Outcome:
        """Say at last what became of a payment that was processing."""
        intent = self._shelf.find(account, "payment_intent", id_)
        if intent["status"] != "processing":
            raise _unexpected(intent, "settle")
        card = self._shelf.find(account, "payment_method", intent["payment_method"])
        return self.charged(account, intent, card, verdict)

    def _usable(self, account: str, params: Facts) -> Facts | None:
        """The card, which must be the customer's own if it is anybody's."""
        customer, id_ = params.get("customer"), params.get("payment_method")
        if customer:
            self._shelf.find(account, "customer", customer, "customer")
        if not id_:
            return None
        if id_ in BY_TOKEN:
            return new_card(self._shelf, account, id_)
        card = self._shelf.find(account, "payment_method", id_, "payment_method")
        if card.get("customer") != customer:
            raise invalid(
                f"The customer does not have a payment method with the ID {id_}. "
                "The payment method must be attached to the customer.",
                "payment_method",
            )
        return card

    def _confirmed(self, account: str, intent: Facts, card: Facts | None, params: Facts) -> Outcome:
        if card is None:
            raise invalid(
                "You cannot confirm this PaymentIntent because it's missing a payment method.",
                code="payment_intent_unexpected_state",
            )
        verdict = self._shelf.next_verdict(card["id"])
        sample = sample_of(card)
        asks = verdict is None and (sample.asks is Asks.ALWAYS or (sample.asks is Asks.ONCE and not card.get("_known")))
        if asks and not params.get("off_session") and not params.get("error_on_requires_action"):
            return self._await_cardholder(account, intent)
        return self.charged(account, intent, card, UNAUTHENTICATED if asks else verdict or sample.charged)

    def _await_cardholder(self, account: str, intent: Facts) -> Outcome:
        intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}}
        self._shelf.change(account, intent, "payment_intent.requires_action")
        return Outcome(200, intent)

    def charged(self, account: str, intent: Facts, card: Facts, verdict: Verdict) -> Outcome:
        """Ask the bank, who says this."""
        intent |= {"payment_method": card["id"], "next_action": None}
        if verdict.processing:
            intent["status"] = "processing"
            self._shelf.change(account, intent, "payment_intent.processing")
            return Outcome(200, intent)
        charge = self._charge(account, intent, card, verdict)
        intent["latest_charge"] = charge["id"]
        if verdict.decline_code is None:
            intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
            self._shelf.change(account, intent, "payment_intent.succeeded")
            return Outcome(200, intent)
        error = _error(verdict, charge["id"]) | {"payment_method": card}
        # The card stays on the error alone: the payment waits for another.
        intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
        self._shelf.change(account, intent, "payment_intent.payment_failed")
        return Outcome(402, {"error": {**error, "payment_intent": intent}})

    def _charge(self, account: str, intent: Facts, card: Facts, verdict: Verdict) -> Facts:
        approved = verdict.decline_code is None
        paid: Facts = {"status": "succeeded", "paid": True, "captured": True, "amount_captured": intent["amount"]}
        failed: Facts = {"status": "failed", "failure_code": verdict.code, "failure_message": words_for(verdict)}
        charge = self._shelf.new(
            account,
            "charge",
            amount=intent["amount"],
            payment_intent=intent["id"],
            payment_method=card["id"],
            metadata=intent["metadata"],
            outcome=_outcome(verdict),
            payment_method_details={"card": {**_named(card), "network": card["card"]["brand"]}, "type": "card"},
            **({"customer": intent["customer"]} if intent.get("customer") else {}),
            **(paid if approved else failed),
        )
        if approved:
            charge["balance_transaction"] = self._income(account, charge)["id"]
        self._shelf.change(account, charge, "charge.succeeded" if approved else "charge.failed")
        return charge

    def _income(self, account: str, charge: Facts) -> Facts:
        amount, fee = charge["amount"], fee_cents(charge["amount"])
        detail = {"amount": fee, "application": None, "currency": "usd", "description": "fees", "type": "stripe_fee"}
        return self._shelf.new(
            account,
            "balance_transaction",
            amount=amount,
            fee=fee,
            fee_details=[detail],
            net=amount - fee,
            source=charge["id"],
            available_on=charge["created"] + 2 * 86_400,
        )


def sample_of(card: Facts) -> SampleCard:
    """The test card a payment method was made from."""
    return BY_TOKEN.get(card["_token"]) or SampleCard("", card["_token"], card["card"]["brand"], "", APPROVED)


def new_card(shelf: Shelf, account: str, typed: str, **also: Any) -> Facts:  # noqa: ANN401 - facts are what they are
    """A payment method of a number or a pm_card_… token, attached to nobody."""
    sample = find_card(typed)
    if sample is None:
        raise invalid("Your card number is incorrect.", "number", "incorrect_number")
    card = {
        "brand": sample.brand,
        "last4": sample.number[-4:],
        "exp_month": also.pop("exp_month", 12),
        "exp_year": also.pop("exp_year", 2034),
        "fingerprint": also.pop("fingerprint", None) or fingerprint_of(sample.number),
        "funding": "debit" if sample.token.endswith("_debit") else "credit",
        "networks": {"available": [sample.brand], "preferred": None},
        "display_brand": sample.brand,
    }
    return shelf.new(account, "payment_method", card=card, _token=sample.token, **also)


def _named(card: Facts) -> Facts:
    return {name: card["card"][name] for name in ("brand", "last4", "exp_month", "exp_year", "fingerprint", "funding")}


def _error(verdict: Verdict, charge_id: str) -> Facts:
    codes = {name: getattr(verdict, name) for name in ERROR_CODES if getattr(verdict, name)}
    return {"type": "card_error", "code": verdict.code, "charge": charge_id, "message": words_for(verdict), **codes}


def _outcome(verdict: Verdict) -> Facts:
    if verdict.decline_code is None:
        return {"network_status": "approved_by_network", "seller_message": "Payment complete."}
    if verdict.blocked:
        return {
            "network_status": "not_sent_to_network",
            "reason": "highest_risk_level",
            "risk_level": "highest",
            "seller_message": "Stripe blocked this payment as too risky.",
            "type": "blocked",
        }
    codes = {name: getattr(verdict, name) for name in ERROR_CODES[1:] if getattr(verdict, name)}
    said = f"The bank returned the decline code `{verdict.decline_code}`."
    return {
        "network_status": "declined_by_network",
        "reason": verdict.decline_code,
        "seller_message": said,
        "type": "issuer_declined",
        **codes,
    }


def _unexpected(intent: Facts, verb: str) -> Exception:
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
    )
