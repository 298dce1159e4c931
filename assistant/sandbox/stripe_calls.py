"""Stripe's endpoints: what each may be asked, and which part of the book answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.sandbox.stripe_aftermath import Aftermath
from assistant.sandbox.stripe_charging import Charging
from assistant.sandbox.stripe_events import Events
from assistant.sandbox.stripe_keys import Outcome, Refused, invalid
from assistant.sandbox.stripe_objects import Facts, Search
from assistant.sandbox.stripe_pages import Pages
from assistant.sandbox.stripe_people import People
from assistant.sandbox.stripe_shelf import Shelf

DEFAULT_PAGE, MOST_PER_PAGE = 10, 100
PAGING = {"limit": int, "starting_after": str, "created": dict, "expand": list}


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


class Endpoints:
    """What Stripe can be asked, by names such as payment_intents.create."""

    def __init__(
        self,
        shelf: Shelf,
        events: Events,
        *,
        charging: Charging,
        people: People,
        pages: Pages,
        aftermath: Aftermath,
    ) -> None:
        self._shelf, self._events = shelf, events
        self.by_name = {
            **{f"{plural}.retrieve": self._retrieve(plural, kind) for plural, kind in KINDS.items()},
            **{f"{plural}.list": self._list(plural, kind) for plural, kind in KINDS.items()},
            **_payments(charging),
            **_people(people),
            **_pages(pages),
            "refunds.create": Endpoint(
                "POST",
                "refunds",
                lambda call, params: aftermath.refund(call.account, params),
                {"charge": str, "payment_intent": str, "amount": int, "reason": str, "metadata": dict, "expand": list},
            ),
            "customers.payment_methods.list": self._cards(),
        }

    def answer(self, call: Call) -> Outcome:
        """Raises Refused for what cannot be begun on."""
        endpoint = self.by_name.get(call.endpoint)
        if endpoint is None:
            raise invalid(f"Unrecognized request URL ({call.endpoint}).", status=404)
        params = _checked(endpoint, call.params)
        outcome = endpoint.answer(call, params)
        paths = params.get("expand")
        if not paths or "error" in outcome.body:
            return outcome
        return Outcome(outcome.status, self._shelf.expanded(call.account, outcome.body, paths))

    def _retrieve(self, plural: str, kind: str) -> Endpoint:
        def answer(call: Call, _: Facts) -> Outcome:
            return Outcome(200, self._shelf.find(call.account, kind, call.id))

        return Endpoint("GET", f"{plural.replace('.', '/')}/<id>", answer, {"expand": list})

    def _list(self, plural: str, kind: str) -> Endpoint:
        path = plural.replace(".", "/")

        def answer(call: Call, params: Facts) -> Outcome:
            return self._page(call, Search(kind, customer=params.get("customer")), params, f"/v1/{path}")

        also = {"customer": str, "type": str, "types": list, "delivery_success": bool, "payment_intent": str}
        return Endpoint("GET", path, answer, {**PAGING, **also})

    def _cards(self) -> Endpoint:
        def answer(call: Call, params: Facts) -> Outcome:
            self._shelf.find(call.account, "customer", call.id)
            url = f"/v1/customers/{call.id}/payment_methods"
            return self._page(call, Search("payment_method", customer=call.id), params, url)

        return Endpoint("GET", "customers/<id>/payment_methods", answer, {**PAGING, "type": str})

    def _page(self, call: Call, search: Search, params: Facts, url: str) -> Outcome:
        limit = params.get("limit", DEFAULT_PAGE)
        if not 1 <= limit <= MOST_PER_PAGE:
            raise invalid("This value must be between 1 and 100.", "limit", "parameter_invalid_integer")
        if params.get("starting_after"):
            self._shelf.find(call.account, search.kind, params["starting_after"], "starting_after")
        wanted = [test for test in (self._by_type(search, params), self._by_delivery(params)) if test]
        found = self._shelf.objects.listed(
            call.account,
            Search(
                search.kind,
                search.customer,
                _range(params.get("created")),
                params.get("starting_after"),
                None if wanted else limit + 1,
            ),
        )
        fits = [each for each in found if all(test(each) for test in wanted)]
        return Outcome(200, {"object": "list", "data": fits[:limit], "has_more": len(fits) > limit, "url": url})

    def _by_type(self, search: Search, params: Facts) -> Callable[[Facts], bool] | None:
        """Of events; a card's type is always 'card'."""
        types = {params["type"]} if params.get("type") else set(params.get("types") or ())
        if not types or search.kind != "event":
            return None
        return lambda facts: facts["type"] in types

    def _by_delivery(self, params: Facts) -> Callable[[Facts], bool] | None:
        if "delivery_success" not in params:
            return None
        return lambda facts: self._events.undelivered(facts["id"]) is not params["delivery_success"]


KINDS = {
    "customers": "customer",
    "payment_methods": "payment_method",
    "setup_intents": "setup_intent",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "balance_transactions": "balance_transaction",
    "checkout.sessions": "checkout.session",
    "refunds": "refund",
    "disputes": "dispute",
    "events": "event",
}


def _payments(charging: Charging) -> dict[str, Endpoint]:
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


def _people(people: People) -> dict[str, Endpoint]:
    who: dict[str, type] = {
        **dict.fromkeys("name email phone description".split(), str),
        "metadata": dict,
        "preferred_locales": list,
        "expand": list,
    }
    setup: dict[str, type] = {
        **dict.fromkeys("customer payment_method description usage return_url".split(), str),
        "confirm": bool,
        "metadata": dict,
        "automatic_payment_methods": dict,
        "allowed_payment_method_types": list,
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
        "setup_intents.create": Endpoint("POST", "setup_intents", lambda c, p: people.set_up(c.account, p), setup),
        "setup_intents.confirm": Endpoint(
            "POST",
            "setup_intents/<id>/confirm",
            lambda c, p: people.confirm(c.account, c.id, p),
            {"payment_method": str, "return_url": str, "expand": list},
        ),
    }


def _pages(pages: Pages) -> dict[str, Endpoint]:
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


def _checked(endpoint: Endpoint, given: Mapping[str, Any]) -> Facts:
    """Every parameter known, and of its type; a form's words are read as numbers and as yes or no."""
    for name in endpoint.needs:
        if given.get(name) in (None, ""):
            raise invalid(f"Missing required param: {name}.", name, "parameter_missing")
    unknown = next((name for name in given if name not in endpoint.takes), None)
    if unknown is not None:
        raise invalid(f"Received unknown parameter: {unknown}", unknown, "parameter_unknown")
    return {name: _read(name, value, endpoint.takes[name]) for name, value in given.items()}


def _read(name: str, value: Any, wanted: type) -> Any:  # noqa: ANN401 - whatever a form or a caller holds
    if type(value) is wanted:
        return value
    if wanted is int and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if wanted is bool and value in ("true", "false"):
        return value == "true"
    if wanted in (dict, list) and value == "":
        return wanted()
    raise _mistyped(name, value, wanted)


def _mistyped(name: str, value: object, wanted: type) -> Refused:
    words = {int: "integer", bool: "boolean", dict: "object", list: "array", str: "string"}[wanted]
    return invalid(f"Invalid {words}: {value}", name, f"parameter_invalid_{words}")


def _range(created: Mapping[str, Any] | None) -> dict[str, int] | None:
    if created is None:
        return None
    wrong = next((word for word in created if word not in ("gt", "gte", "lt", "lte")), None)
    if wrong is not None:
        raise invalid(f"Received unknown parameter: created[{wrong}]", "created", "parameter_unknown")
    return {word: _read("created", at, int) for word, at in created.items()}
