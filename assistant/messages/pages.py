"""Turns what a page shows and a locale into HTML: `templates/pages/`, its layouts, and `words.<locale>.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain.money import Money
from assistant.messages.render import in_words

TEMPLATES = Path(__file__).parents[2] / "templates"
LOCALES = ("en", "es")
Words = dict[str, dict[str, str]]


def page(name: str, locale: str, **facts: object) -> str:
    """The page of a name, in a language."""
    return _environment(locale).get_template(f"pages/{name}.html").render(facts, locale=locale, words=words(locale))


@cache
def words(locale: str) -> Words:
    """All that pages say in a language, a table for each page."""
    read: dict[str, Any] = tomllib.loads((TEMPLATES / "pages" / f"words.{locale}.toml").read_text("utf-8"))
    return read


@cache
def _environment(locale: str) -> Environment:
    """HTML: everything is escaped, and a name that does not exist is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = lambda cents: str(Money(cents))
    environment.filters["day"] = lambda day: format_skeleton("yMMMd", day, locale=locale)
    environment.filters["month"] = lambda day: format_skeleton("yMMMM", day, locale=locale)
    environment.filters["credits"] = in_words
    environment.filters["phone"] = _phone
    environment.filters["dialled"] = lambda phone: "".join(each for each in phone if each in "+0123456789")
    return environment


def _phone(number: str) -> str:
    """As it is read out: `(505) 555-0100`; one that is not of this country as it is."""
    national = number.removeprefix("+1")
    return f"({national[:3]}) {national[3:6]}-{national[6:]}" if len(national) == 10 else number
