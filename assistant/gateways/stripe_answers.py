"""What Stripe's answers mean: pure functions from a status and a body to the words of our ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.gateways.ports import (
    Approved,
    Card,
    ChargeAnswer,
    ChargeOrder,
    Declined,
    Page,
    PageOrder,
    Payment,
    Throttled,
    Unanswered,
)

Body = Mapping[str, Any]
CODES = ("advice_code", "network_decline_code", "network_advice_code")
EXPANDED = "latest_charge.balance_transaction"
AUTHENTICATION = "authentication_required"
NO_SUCH = "resource_missing"
NOT_LET = {401: "unauthorized", 403: "forbidden"}
OF_THE_CARD = frozenset({"payment_method", "customer"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What Stripe said: its status, and its JSON."""

    status: int
    body: Body

    @property
    def error(self) -> Body:
        error = self.body.get("error")
        return error if isinstance(error, Mapping) else {}

    @property
    def is_busy(self) -> bool:
        """Whether Stripe did not even begin, and will soon."""
        return self.status == 429 or self.error.get("code") in ("rate_limit", "lock_timeout")


def fault_of(reply: Reply) -> Throttled | Unanswered | None:
    """What is wrong with an answer that says nothing of the matter itself; None when it does say something.

    A 409 is another request under the same key, still going on: its outcome is what we want to know.
    """
    if reply.is_busy:
        return Throttled(f"Stripe is busy: {reply.error.get('code') or 'rate_limit'}")
    if reply.status in NOT_LET:
        return Throttled(f"Stripe does not let us: {NOT_LET[reply.status]}")
    return _doubt_of(reply)


def _doubt_of(reply: Reply) -> Unanswered | None:
    if reply.status == 409:
        return Unanswered("the same key is in use by a request that is going on")
    if reply.error.get("type") == "idempotency_error":
        return Unanswered("key was used with other parameters")
    if 200 <= reply.status < 300:
        return None
    if reply.status not in (400, 402, 404) or not isinstance(reply.error.get("type"), str):
        return Unanswered(f"Stripe answered with status {reply.status}")  # or a proxy did, in Stripe's place
    return None


# --- charging ---------------------------------------------------------------------------------------------------------


def charge_params(order: ChargeOrder) -> dict[str, Any]:
    """One off-session charge. It fails, rather than waits, when the bank wants to see the cardholder."""
    return {
        "amount": order.amount_cents,
        "currency": "usd",
        "customer": order.customer_id,
        "payment_method": order.payment_method_id,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "off_session": True,
        "error_on_requires_action": True,
        "metadata": {**order.metadata, "key": order.key},
        "expand": [EXPANDED],
    }


def charge_answer(reply: Reply) -> ChargeAnswer:
    """What became of asking for a charge."""
    if fault := fault_of(reply):
        return fault
    if reply.status == 402:
        return declined(reply.error)
    if reply.status in (400, 404):
        return Declined(None, _mistake(reply.error))
    answer = payment_answer(reply.body)
    if answer is not None:
        return answer
    if reply.body.get("status") == "requires_action":
        return Declined(_text(reply.body, "id"), AUTHENTICATION)
    return Unanswered(str(reply.body.get("status") or "Stripe said nothing that can be read"))


def payment_answer(intent: Body) -> Approved | Declined | None:
    """What became of a payment; None while it may still go either way."""
    error, charge = intent.get("last_payment_error"), intent.get("latest_charge")
    match intent.get("status"):
        case "succeeded" if charge:
            fee = _fee(charge)
            charge_id = charge["id"] if isinstance(charge, Mapping) else charge
            return Approved(intent["id"], charge_id, int(intent["amount_received"]), fee)
        case "requires_payment_method" if isinstance(error, Mapping):
            outcome = charge.get("outcome") if isinstance(charge, Mapping) else None
            return with_outcome(_declined(intent.get("id"), error), outcome or {})
        case "canceled":
            return _declined(intent.get("id"), error or {"code": "canceled"})
    return None


def declined(error: Body) -> Declined:
    """Of the error of a 402."""
    intent = error.get("payment_intent")
    of = intent if isinstance(intent, Mapping) else {}
    found = _declined(of.get("id"), error)
    charge = of.get("latest_charge")
    outcome = charge.get("outcome") if isinstance(charge, Mapping) else None
    return with_outcome(found, {**(of.get("last_payment_error") or {}), **(outcome or {})})


def with_outcome(found: Declined, outcome: Body) -> Declined:
    """With the codes that only the charge's outcome has, and whether Stripe itself blocked it."""
    advice, network, network_advice = (getattr(found, name) or outcome.get(name) for name in CODES)
    blocked = found.blocked or outcome.get("type") == "blocked"
    return Declined(found.payment_id, found.decline_code, advice, network, network_advice, blocked=blocked)


def needs_outcome(found: Declined) -> bool:
    """Whether the charge should be looked at: the bank gave no code of its own, so it may never have been asked."""
    return found.network_decline_code is None and not found.blocked and found.decline_code != AUTHENTICATION


def failed_charge(reply: Reply) -> str | None:
    """The charge that a decline left behind."""
    return _text(reply.error, "charge")


def payment(intent: Body) -> Payment:
    """A payment as Stripe's book has it, its latest charge expanded."""
    charge = intent.get("latest_charge")
    refunded = charge.get("amount_refunded", 0) if isinstance(charge, Mapping) else 0
    metadata = dict(intent.get("metadata") or {})
    return Payment(
        payment_id=intent["id"],
        key=metadata.get("key"),
        metadata=metadata,
        amount_cents=int(intent["amount"]),
        refunded_cents=int(refunded),
        created_at=datetime.fromtimestamp(intent["created"], UTC),
        answer=payment_answer(intent),
    )


def _declined(payment_id: object, error: Body) -> Declined:
    code = error.get("decline_code") or error.get("code") or "generic_decline"
    if error.get("code") == AUTHENTICATION:
        code = AUTHENTICATION
    advice, network, network_advice = (_text(error, name) for name in CODES)
    return Declined(payment_id if isinstance(payment_id, str) else None, str(code), advice, network, network_advice)


def _mistake(error: Body) -> str:
    """A card or a customer that is not there, or not there for us, is missing; all else is a mistake of ours."""
    return NO_SUCH if error.get("code") == NO_SUCH or error.get("param") in OF_THE_CARD else "invalid_request"


def _fee(charge: object) -> int | None:
    income = charge.get("balance_transaction") if isinstance(charge, Mapping) else None
    return int(income["fee"]) if isinstance(income, Mapping) else None


def _text(body: Body, name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None


# --- pages and cards --------------------------------------------------------------------------------------------------

PAGE_EXPANDED = ["setup_intent", "payment_intent"]


def page_params(order: PageOrder, *, expires_at: int) -> dict[str, Any]:
    """A hosted page: to save a card, or to pay with one that is saved by the way."""
    metadata = {**order.metadata, "key": order.key}
    common = {
        "customer": order.customer_id,
        "locale": order.locale,
        "success_url": order.return_url,
        "cancel_url": order.return_url,
        "expires_at": expires_at,
        "allowed_payment_method_types": ["card"],
        "metadata": metadata,
        "expand": PAGE_EXPANDED,
    }
    if order.pay_cents is None:
        return {**common, "mode": "setup", "currency": "usd", "setup_intent_data": {"metadata": metadata}}
    price = {
        "currency": "usd",
        "unit_amount": order.pay_cents,
        "product_data": {"name": PRODUCT.get(order.locale[:2], PRODUCT["en"])},
    }
    paying = {"metadata": metadata, "setup_future_usage": "off_session"}
    items = [{"price_data": price, "quantity": 1}]
    return {**common, "mode": "payment", "line_items": items, "payment_intent_data": paying}


def page(session: Body) -> Page:
    """A page as Stripe has it, its intents expanded."""
    setup, paying = session.get("setup_intent"), session.get("payment_intent")
    done = session.get("status") == "complete"
    intent = setup or paying
    card = intent.get("payment_method") if done and isinstance(intent, Mapping) else None
    return Page(
        page_id=session["id"],
        url=_text(session, "url"),
        status=str(session["status"]),
        metadata=dict(session.get("metadata") or {}),
        payment_method_id=card if isinstance(card, str) else None,
        payment_id=paying["id"] if isinstance(paying, Mapping) else _text(session, "payment_intent"),
    )


def card(method: Body) -> Card | None:
    """A card as Stripe has it; None for what is no card."""
    held = method.get("card")
    if not isinstance(held, Mapping):
        return None
    return Card(
        payment_method_id=method["id"],
        customer_id=_text(method, "customer"),
        brand=held["brand"],
        last4=held["last4"],
        exp_month=int(held["exp_month"]),
        exp_year=int(held["exp_year"]),
        fingerprint=held.get("fingerprint") or "",
    )


SOONEST_SECONDS, LATEST_SECONDS = 31 * 60, 24 * 3600
SOON_STEP_SECONDS, LATE_STEP_SECONDS = 300, 3600


def page_expiry(wanted: datetime, now: datetime) -> int:
    """When a page closes, in whole seconds: Stripe takes 30 minutes to 24 hours from now.

    Where `wanted` lies outside, the bound is rounded, so that asking again soon under the same key is asking for the
    same: Stripe refuses a key with other parameters.
    """
    at, asked = int(wanted.timestamp()), int(now.timestamp())
    if at < asked + SOONEST_SECONDS:
        return -(-(asked + SOONEST_SECONDS) // SOON_STEP_SECONDS) * SOON_STEP_SECONDS
    if at > asked + LATEST_SECONDS:
        return (asked + LATEST_SECONDS) // LATE_STEP_SECONDS * LATE_STEP_SECONDS
    return at


PRODUCT = {"en": "Membership dues", "es": "Cuota de membresía"}
