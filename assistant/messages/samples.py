"""One of each message, made of its own fields' types: for whoever wants to read the words before anybody gets them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from assistant.domain.credits import MILLI
from assistant.domain.opening_hours import Opening, Span
from assistant.messages.message import Credits, Message

SAID: Mapping[str, object] = {
    "first_name": "Ana",
    "names": ("Leo", "Maya"),
    "plan": "Glow",
    "token": "P47",
    "link": "https://spa.example.com/card/abcdefghijklmnop",
    "number": 2,
    "cycle_months": 1,
    "words": "I have moved it to Friday for you.",
    "options": (("P47", "pause"), ("L33", "leave")),
    "guesses": ("balance", "pause"),
    "new_cents": 15_900,
    "confirmation": "FL-2031",
    "spans": (Span(540, 1_080),),
    "until": 1_080,
    "opening": Opening(date(2026, 12, 15), 540, 1),
}
"""What reads better than what a type alone would give."""


def sample(message: type[Message], spa: Mapping[str, str]) -> Message:
    """A message with invented facts; `spa` has the name, the phone and the address that are its own."""
    made: Message = _made(message, {**SAID, **spa})
    return made


def _made(of: type[Any], said: Mapping[str, object]) -> Any:  # noqa: ANN401 - whatever it is
    hints = get_type_hints(of)
    return of(**{each.name: said.get(each.name) or _of(hints[each.name], each.name, said) for each in fields(of)})


def _of(kind: Any, name: str, said: Mapping[str, object]) -> Any:  # noqa: ANN401 - of any type
    """Something of a type: of several, the first that is something."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _of(next(each for each in inner if each is not NoneType), name, said)
    if origin is tuple:
        wanted = inner[:1] if inner[-1:] == (Ellipsis,) else inner
        return tuple(_of(each, name, said) for each in wanted)
    if kind is Credits:
        return Credits(2 * MILLI, "visit credit", "visit credits")
    if is_dataclass(kind):
        return _made(kind, said)  # type: ignore[arg-type]
    if issubclass(kind, Enum):
        return next(iter(kind))
    return {bool: False, int: 14_900 if "cents" in name else 2, date: date(2026, 12, 15)}.get(kind, name)
