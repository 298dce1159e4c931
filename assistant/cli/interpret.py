"""`assistant interpret`: messages as JSON lines in, what they mean as JSON lines out, one for one and in order."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Pending, Reading, Status

log = logging.getLogger(__name__)

_Word = TypeVar("_Word", bound=StrEnum)
NO_DAY = date(2000, 1, 1)
"""Stands in for a `today` that is missing or no date: no slot is read from it."""


def run(lines: Iterable[str]) -> Iterator[str]:
    """One answer a line, whatever the line; blank lines are lines too."""
    for line in lines:
        yield json.dumps(_answer(line), ensure_ascii=True)


def _answer(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return _refused(None, "not_json")
    if not isinstance(said, dict):
        return _refused(None, "not_an_object")
    known = said.get("id")
    if not isinstance(said.get("text"), str):
        return _refused(known, "no_text")
    try:
        heard, error = heard_in(said)
        reading = interpret(heard)
    except Exception:  # a line that nobody foresaw costs its own answer, not the run; what it was is told on stderr
        log.exception("a line could not be read")
        return _refused(known, "trouble")
    answer = {"id": known, **shown(reading)}
    return answer | {"error": error} if error else answer


def heard_in(said: Mapping[str, Any]) -> tuple[Heard, str | None]:
    """A line as what is heard; what is missing or of the wrong type is unknown. A bad day is told."""
    context = _mapping(said.get("context"))
    today, error = NO_DAY, None
    try:
        today = date.fromisoformat(said["today"])
    except (KeyError, TypeError, ValueError):
        error = "no_today"
    plans = said.get("plans")
    prices = _mapping(said.get("plan_prices"))
    last = context.get("last_outbound")
    heard = Heard(
        channel=_word(Channel, said.get("channel")) or Channel.SMS,
        text=said["text"],
        today=today,
        status=_word(Status, context.get("member_status")) or Status.NON_MEMBER,
        opted_out=context.get("opted_out") is True,
        pending=_word(Pending, context.get("pending")),
        last_outbound=last if isinstance(last, str) else None,
        plans=tuple(each for each in plans if isinstance(each, str)) if isinstance(plans, list) else (),
        prices={str(name): price for name, price in prices.items() if isinstance(price, int)} or None,
        locale="es" if said.get("locale") == "es" else "en",
    )
    return heard, error


def shown(reading: Reading) -> dict[str, Any]:
    """A reading in the shape of the answer."""
    slots = reading.slots
    until = slots.until.isoformat() if slots.until else None
    found = {"duration": slots.duration, "until": until, "plan": slots.plan}
    return {
        "intent": [str(each) for each in reading.intents],
        "confidence": reading.confidence,
        "slots": {name: value for name, value in found.items() if value is not None},
        "opt_out": reading.opt_out,
        "read": reading.read,
        "redacted_text": reading.redacted_text,
        "executed": list(reading.executed),
    }


def _refused(known: object, error: str) -> dict[str, Any]:
    empty = {"read": "", "redacted_text": "", "executed": []}
    return {"id": known, "intent": ["other"], "confidence": 0.0, "slots": {}, "opt_out": False, **empty, "error": error}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(kind: type[_Word], value: object) -> _Word | None:
    with suppress(ValueError):
        return kind(value) if isinstance(value, str) else None
    return None
