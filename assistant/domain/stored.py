"""Frozen values as JSON and back, to the letter: what was sold is read as it was sold, or not at all.

Every field is written, defaults too: a default that changes one day does not change what was sold before.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

V = TypeVar("V")


def written(value: object) -> Any:  # noqa: ANN401 -- JSON is what it is
    """As JSON: objects, lists, texts, whole numbers, true, false and null."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case tuple():
            return [written(each) for each in value]
        case frozenset():
            return sorted(written(each) for each in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            hints = get_type_hints(type(value))
            return {each.name: _field(hints[each.name], getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} is not for storing")


def _field(hint: object, value: object) -> object:
    """A value of a union says of which kind it is."""
    return written(value) | {"kind": _snake(type(value))} if len(_kinds(hint)) > 1 else written(value)


def read(kind: type[V], stored: object, where: str) -> V:
    """The value that was written. Raises `ValueError`, saying where, for anything that is not exactly one."""
    return cast("V", _read(kind, stored, where))


def _read(hint: Any, stored: object, where: str) -> object:  # noqa: ANN401 -- a type hint is what it is
    if isinstance(hint, UnionType):
        return _one_of(hint, stored, where)
    if get_origin(hint) in {tuple, frozenset}:
        return _several(hint, stored, where)
    if is_dataclass(hint):
        return _record(cast("type[Any]", hint), stored, where)
    if issubclass(hint, StrEnum):
        return _code(hint, stored, where)
    if hint is date:
        return _day(stored, where)
    if type(stored) is not hint:
        raise _wrong(where, stored, _PLAIN[hint])
    return stored


_PLAIN = {int: "a whole number", str: "a text", bool: "true or false", NoneType: "nothing"}


def _told(stored: object) -> str:
    match stored:
        case Mapping():
            return "an object"
        case list():
            return "a list"
    return repr(stored)


def _kinds(hint: object) -> list[Any]:
    """Of a union, what it may be besides nothing."""
    return [each for each in get_args(hint) if each is not NoneType] if isinstance(hint, UnionType) else []


def _one_of(hint: UnionType, stored: object, where: str) -> object:
    if stored is None and NoneType in get_args(hint):
        return None
    kinds = _kinds(hint)
    if len(kinds) == 1:
        return _read(kinds[0], stored, where)
    by_name = {_snake(each): each for each in kinds}
    if not isinstance(stored, Mapping) or stored.get("kind") not in by_name:
        raise _wrong(where, stored, f"one of {', '.join(by_name)} by its kind")
    rest = {name: value for name, value in stored.items() if name != "kind"}
    return _read(by_name[stored["kind"]], rest, where)


def _several(hint: Any, stored: object, where: str) -> object:  # noqa: ANN401
    if not isinstance(stored, list):
        raise _wrong(where, stored, "a list")
    values = [_read(get_args(hint)[0], each, f"{where}[{number}]") for number, each in enumerate(stored)]
    return tuple(values) if get_origin(hint) is tuple else frozenset(values)


def _code(hint: type[StrEnum], stored: object, where: str) -> StrEnum:
    if not isinstance(stored, str) or stored not in set(hint):
        raise _wrong(where, stored, f"one of {', '.join(hint)}")
    return hint(stored)


def _day(stored: object, where: str) -> date:
    try:
        return date.fromisoformat(cast("str", stored))
    except (TypeError, ValueError) as error:
        raise _wrong(where, stored, "a day") from error


def _record(kind: type[Any], stored: object, where: str) -> object:
    if not isinstance(stored, Mapping):
        raise _wrong(where, stored, "an object")
    hints, known = get_type_hints(kind), {each.name: each for each in fields(kind)}
    if unknown := sorted(str(name) for name in stored if name not in known):
        raise ValueError(f"{where} has {', '.join(unknown)}, which nobody knows")
    for each in known.values():
        if each.name not in stored and each.default is MISSING and each.default_factory is MISSING:
            raise ValueError(f"{where} has no {each.name}")
    values = {name: _read(hints[name], stored[name], f"{where}.{name}") for name in known if name in stored}
    try:
        return kind(**values)
    except ValueError as error:
        if type(error) is not ValueError:  # one of its own has more to say
            raise
        raise ValueError(f"{where}: {error}") from error


def _wrong(where: str, stored: object, wanted: str) -> ValueError:
    return ValueError(f"{where} is {_told(stored)}, not {wanted}")


def _snake(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
