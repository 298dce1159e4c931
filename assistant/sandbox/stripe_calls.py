"""Requests to Stripe: read and checked, answered by the endpoint they name, and in pages where there is much."""

from collections.abc import Callable, Mapping
from typing import Any

from assistant.sandbox.stripe_aftermath import Aftermath
from assistant.sandbox.stripe_charging import Charging
from assistant.sandbox.stripe_endpoints import (
    Call,
    Endpoint,
    for_pages,
    for_payments,
    for_people,
    for_refunds,
    for_setups,
)
from assistant.sandbox.stripe_events import Events
from assistant.sandbox.stripe_keys import Outcome, Refused, invalid
from assistant.sandbox.stripe_objects import Facts, Search
from assistant.sandbox.stripe_pages import Pages
from assistant.sandbox.stripe_people import People
from assistant.sandbox.stripe_shelf import Shelf

DEFAULT_PAGE, MOST_PER_PAGE = 10, 100
PAGING = {"limit": int, "starting_after": str, "created": dict, "expand": list}


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
            **for_payments(charging),
            **for_people(people),
            **for_setups(people),
            **for_pages(pages),
            **for_refunds(aftermath),
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
        tests = (self._by_type(search, params), self._by_delivery(params), self._by_payment(params))
        wanted = [test for test in tests if test]
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

    def _by_payment(self, params: Facts) -> Callable[[Facts], bool] | None:
        """Of refunds, disputes and charges."""
        payment = params.get("payment_intent")
        return None if payment is None else lambda facts: facts.get("payment_intent") == payment

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
