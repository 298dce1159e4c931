"""Stripe's endpoints: where each is, what it may be asked, and which part of the book answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.sandbox.stripe_aftermath import Aftermath
from assistant.sandbox.stripe_charging import Charging
from assistant.sandbox.stripe_keys import Outcome
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_pages import Pages
from assistant.sandbox.stripe_people import People


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `account` '' is the platform's own; `origin` says where Stripe's pages are, if the book does not."""

    endpoint: str
    params: Mapping[str, Any] = field(default_factory=dict)
    account: str = ""
    id: str = ""
    key: str | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`takes` is the parameters by name, with their type; all but those of `needs` may be left out."""

    method: str
    path: str
    answer: Callable[[Call, Facts], Outcome]
    takes: Mapping[str, type]
    needs: tuple[str, ...] = ()


def for_payments(charging: Charging) -> dict[str, Endpoint]:
    create: dict[str, type] = {
        **dict.fromkeys(
            "currency customer payment_method description setup_future_usage statement_descriptor_suffix return_url "
            "receipt_email confirmation_method capture_method".split(),
            str,
        ),
        **dict.fromkeys("confirm off_session error_on_requires_action".split(), bool),
        **dict.fromkeys("metadata automatic_payment_methods payment_method_options".split(), dict),
        **dict.fromkeys("allowed_payment_method_types expand".split(), list),
        "amount": int,
    }
    confirm: dict[str, type] = {
        "payment_method": str,
        "off_session": bool,
        "error_on_requires_action": bool,
        "return_url": str,
        "expand": list,
    }
    return {
        "payment_intents.create": Endpoint(
            "POST", "payment_intents", lambda c, p: charging.create(c.account, p), create, ("amount", "currency")
        ),
        "payment_intents.confirm": Endpoint(
            "POST", "payment_intents/<id>/confirm", lambda c, p: charging.confirm(c.account, c.id, p), confirm
        ),
        "payment_intents.cancel": Endpoint(
            "POST",
            "payment_intents/<id>/cancel",
            lambda c, p: charging.cancel(c.account, c.id, p),
            {"cancellation_reason": str, "expand": list},
        ),
    }


def for_people(people: People) -> dict[str, Endpoint]:
    who: dict[str, type] = {
        **dict.fromkeys("name email phone description".split(), str),
        "metadata": dict,
        "preferred_locales": list,
        "expand": list,
    }
    card: dict[str, type] = {"card": dict, "metadata": dict, "billing_details": dict, "expand": list}
    return {
        "customers.create": Endpoint("POST", "customers", lambda c, p: people.create(c.account, p), who),
        "customers.update": Endpoint("POST", "customers/<id>", lambda c, p: people.update(c.account, c.id, p), who),
        "payment_methods.create": Endpoint(
            "POST", "payment_methods", lambda c, p: people.create_card(c.account, p), {**card, "type": str}, ("type",)
        ),
        "payment_methods.update": Endpoint(
            "POST", "payment_methods/<id>", lambda c, p: people.edit_card(c.account, c.id, p), card
        ),
        "payment_methods.attach": Endpoint(
            "POST",
            "payment_methods/<id>/attach",
            lambda c, p: people.attach(c.account, c.id, p),
            {"customer": str, "expand": list},
            ("customer",),
        ),
        "payment_methods.detach": Endpoint(
            "POST", "payment_methods/<id>/detach", lambda c, p: people.detach(c.account, c.id, p), {"expand": list}
        ),
    }


def for_setups(people: People) -> dict[str, Endpoint]:
    setup: dict[str, type] = {
        **dict.fromkeys("customer payment_method description usage return_url".split(), str),
        "confirm": bool,
        "metadata": dict,
        "automatic_payment_methods": dict,
        "allowed_payment_method_types": list,
        "expand": list,
    }
    return {
        "setup_intents.create": Endpoint("POST", "setup_intents", lambda c, p: people.set_up(c.account, p), setup),
        "setup_intents.confirm": Endpoint(
            "POST",
            "setup_intents/<id>/confirm",
            lambda c, p: people.confirm(c.account, c.id, p),
            {"payment_method": str, "return_url": str, "expand": list},
        ),
    }


def for_pages(pages: Pages) -> dict[str, Endpoint]:
    create: dict[str, type] = {
        **dict.fromkeys(
            "mode customer locale success_url cancel_url client_reference_id currency submit_type customer_creation "
            "ui_mode".split(),
            str,
        ),
        **dict.fromkeys(
            "metadata setup_intent_data payment_intent_data payment_method_options custom_text".split(), dict
        ),
        **dict.fromkeys("allowed_payment_method_types line_items expand".split(), list),
        "expires_at": int,
    }
    return {
        "checkout.sessions.create": Endpoint(
            "POST", "checkout/sessions", lambda c, p: pages.create(c.account, p, c.origin), create, ("mode",)
        ),
        "checkout.sessions.expire": Endpoint(
            "POST", "checkout/sessions/<id>/expire", lambda c, _: pages.expire(c.account, c.id), {"expand": list}
        ),
        "checkout.sessions.retrieve": Endpoint(
            "GET",
            "checkout/sessions/<id>",
            lambda c, _: Outcome(200, pages.session(c.account, c.id)),
            {"expand": list},
        ),
    }


def for_refunds(aftermath: Aftermath) -> dict[str, Endpoint]:
    return {
        "refunds.create": Endpoint(
            "POST",
            "refunds",
            lambda call, params: aftermath.refund(call.account, params),
            {"charge": str, "payment_intent": str, "amount": int, "reason": str, "metadata": dict, "expand": list},
        ),
    }
