"""Whether what we send is what Stripe takes: by its SDK's own types, and by its own description of its API."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from jsonschema import Draft202012Validator
from typing_extensions import is_typeddict

SPECS = Path(__file__).parents[3] / "shared" / "specs"
REQUESTS, FIXTURES = SPECS / "stripe_requests_2025-10.json", SPECS / "stripe_fixtures_2026-08.json"
TYPES = {
    "payment_intents.create": "PaymentIntentCreateParams",
    "payment_intents.retrieve": "PaymentIntentRetrieveParams",
    "payment_intents.list": "PaymentIntentListParams",
    "charges.retrieve": "ChargeRetrieveParams",
    "checkout.sessions.create": "checkout.SessionCreateParams",
    "checkout.sessions.retrieve": "checkout.SessionRetrieveParams",
    "checkout.sessions.expire": "checkout.SessionExpireParams",
    "customers.create": "CustomerCreateParams",
    "payment_methods.retrieve": "PaymentMethodRetrieveParams",
    "payment_methods.detach": "PaymentMethodDetachParams",
    "refunds.create": "RefundCreateParams",
    "refunds.list": "RefundListParams",
    "refunds.retrieve": "RefundRetrieveParams",
    "disputes.retrieve": "DisputeRetrieveParams",
}


RENAMED = {"allowed_payment_method_types": "payment_method_types"}
"""By its new name, as our SDK's version of the API has it, and by its name when the description was written."""

UNDESCRIBED = ("/v1/charges/", "/v1/disputes/")
"""Left out of the copy we have."""


# --- the SDK's types --------------------------------------------------------------------------------------------------


def misfits(endpoint: str, params: Mapping[str, Any]) -> list[str]:
    """What the SDK's own types would not take, as paths."""
    package, _, name = TYPES[endpoint].rpartition(".")
    kind = getattr(import_module(f"stripe.params{'.' + package if package else ''}"), name)
    return list(_misfits(kind, params, endpoint))


def _misfits(kind: object, value: object, path: str) -> list[str]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Required, NotRequired):
        found = _misfits(inner[0], value, path)
    elif origin in (Union, UnionType):
        found = min((_misfits(each, value, path) for each in inner), key=len)
    elif is_typeddict(kind):
        found = _misfits_of_object(kind, value, path)
    elif origin is list and isinstance(value, list):
        found = [bad for n, each in enumerate(value) for bad in _misfits(inner[0], each, f"{path}[{n}]")]
    elif origin is dict and isinstance(value, dict):
        found = [bad for name, each in value.items() for bad in _misfits(inner[1], each, f"{path}.{name}")]
    else:
        fits = value in inner if origin is Literal else type(value) is kind
        found = [] if fits else [path]
    return found


def _misfits_of_object(kind: object, value: object, path: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [path]
    hints = _hints(kind)
    wrong = [f"{path}.{name} is unknown" for name in value if name not in hints]
    wrong += [f"{path}.{name} is missing" for name in sorted(kind.__required_keys__ - set(value))]
    for name, each in value.items():
        wrong += _misfits(hints[name], each, f"{path}.{name}") if name in hints else []
    return wrong


@cache
def _hints(kind: object) -> dict[str, Any]:
    unseen = {"StripeContext": object, "Mapping": Mapping}  # the SDK imports these for type checkers only
    return get_type_hints(kind, localns=unseen, include_extras=True)


# --- the API's description --------------------------------------------------------------------------------------------


class Description:
    """The request side of Stripe's OpenAPI description, every object closed."""

    def __init__(self, path: Path) -> None:
        self._paths = json.loads(path.read_text())["paths"]

    def complaints(self, method: str, path: str, form: Mapping[str, Any]) -> list[str]:
        """What is wrong with a request: an unknown field, a wrong type, a value that is not in the list."""
        schema = self._schema(method.lower(), path)
        if schema is None:
            return [] if path.startswith(UNDESCRIBED) else [f"{method} {path} is not described"]
        read = _read(schema, {RENAMED.get(name, name): value for name, value in form.items()})
        return [
            f"{'.'.join(map(str, each.path))}: {each.message}"
            for each in Draft202012Validator(schema).iter_errors(read)
        ]

    def _schema(self, method: str, path: str) -> dict[str, Any] | None:
        steps = path.strip("/").split("/")
        for template, item in self._paths.items():
            wanted = template.strip("/").split("/")
            if method not in item or len(wanted) != len(steps):
                continue
            if all(one == other or one.startswith("{") for one, other in zip(wanted, steps, strict=True)):
                return _closed(_schema_of(item[method]))
        return None


def _schema_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    queried = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"}
    body = (
        operation.get("requestBody", {})
        .get("content", {})
        .get("application/x-www-form-urlencoded", {})
        .get("schema", {})
    )
    return {"type": "object", "properties": queried | body.get("properties", {}), "required": body.get("required", [])}


def _closed(schema: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


def _read(schema: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401 - JSON
    """A form's words as what the description says they are."""
    kinds = [*schema.get("anyOf", []), schema]
    if isinstance(value, dict):
        inner: dict[str, Any] = {}
        for kind in kinds:
            inner |= kind.get("properties", {})
        return {name: _read(inner.get(name, {}), each) for name, each in value.items()}
    if isinstance(value, list):
        items = next((kind["items"] for kind in kinds if "items" in kind), {})
        return [_read(items, each) for each in value]
    types = {kind.get("type") for kind in kinds}
    if "integer" in types and value.isdecimal():
        return int(value)
    if "boolean" in types and value in ("true", "false"):
        return value == "true"
    return value


@cache
def description() -> Description | None:
    """None where the specs are not at hand."""
    return Description(REQUESTS) if REQUESTS.exists() else None


@cache
def fixtures() -> dict[str, Any] | None:
    return json.loads(FIXTURES.read_text())["resources"] if FIXTURES.exists() else None
