"""Turns a message and a locale into the words of `templates/messages/`."""

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

from babel.dates import format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain.credits import MILLI
from assistant.domain.money import Money
from assistant.domain.segments import Segments, count, fold
from assistant.messages.catalog import Credits, Message

TEMPLATES = Path(__file__).parents[2] / "templates" / "messages"
LOCALES = ("en", "es")
MOST_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it will be sent, and what it will cost."""

    name: str
    body: str
    size: Segments


def sms(message: Message, locale: str) -> Rendered:
    """The words of a text, folded to the cheaper alphabet where the meaning is the same.

    A name that makes it longer than two segments is left out rather than misspelt.
    """
    rendered = _sms(message, locale)
    if rendered.size.segments > MOST_SEGMENTS and message.first_name:
        return _sms(replace(message, first_name=""), locale)
    return rendered


def name_of(message: type[Message]) -> str:
    """`WhoIsThis` → `who-is-this`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", message.__name__).lower()


def _sms(message: Message, locale: str) -> Rendered:
    name = name_of(type(message))
    template = environment(locale).get_template(f"{name}/{locale}/sms.txt")
    words = template.render({field.name: getattr(message, field.name) for field in fields(message)})
    body = fold(" ".join(words.split()))  # a line break in a file of words is only for its writer
    return Rendered(name, body, count(body))


@cache
def environment(locale: str) -> Environment:
    """Plain text: nothing is escaped, and a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - texts are not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = lambda cents: str(Money(cents))
    environment.filters["day"] = lambda day: format_skeleton("MMMd", day, locale=locale)
    environment.filters["month"] = lambda day: format_skeleton("yMMM", day, locale=locale)
    environment.filters["hour"] = lambda minute: _hour(minute, {"en": ("AM", "PM"), "es": ("am", "pm")}[locale])
    environment.filters["credits"] = in_words
    environment.filters["bare"] = _bare
    environment.filters["listed"] = lambda parts: _listed(list(parts), {"en": "and", "es": "y"}[locale])
    return environment


def _hour(minute: int, halves: tuple[str, str]) -> str:
    """A minute of the day on a clock of twelve hours: `9 AM`, `12:30 PM`."""
    hour, past = divmod(minute, 60)
    return f"{(hour - 1) % 12 + 1}{f':{past:02d}' if past else ''} {halves[hour % 24 >= 12]}"


def in_words(credit: Credits) -> str:
    """`3 visit credits`, `0.5 visit credits`, `$50.00`."""
    if not credit.one:
        return _bare(credit)
    return f"{_bare(credit)} {credit.one if credit.amount == MILLI else credit.many}"


def _bare(credit: Credits) -> str:
    """The number alone: `3`, `0.5`, `$50.00`."""
    if not credit.one:
        return str(Money(credit.amount))
    whole, milli = divmod(credit.amount, MILLI)
    return f"{whole}.{milli:03d}".rstrip("0") if milli else str(whole)


def _listed(parts: list[str], conjunction: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
