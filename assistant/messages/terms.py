"""The words of what somebody agrees to when they join: `templates/terms/`, with their version and their hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from babel.dates import format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinQuote
from assistant.domain.money import Money
from assistant.domain.plans import Cadence
from assistant.messages.message import Credits
from assistant.messages.render import in_words

TEMPLATES = Path(__file__).parents[2] / "templates" / "terms"
VERSION = 1
"""Of the words without their numbers: one more with every change of them."""
AND = {"en": "and", "es": "y"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """The very words, and what names them for ever (`features.md` G3)."""

    paragraphs: tuple[str, ...]
    locale: str
    version: int = VERSION

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def hash(self) -> str:
        """SHA-256 of the text as it was shown."""
        return sha256(self.text.encode()).hexdigest()


def agreement(
    quote: JoinQuote,
    banks: Sequence[Credits],
    *,
    spa: str,
    help_phone: str,
    help_email: str,
    locale: str,
    by_card: bool = True,
) -> Agreement:
    """What is agreed to, in a language: with every amount and every date (`rules.md` 6.1, 6.6, 6.7)."""
    text = (
        _environment(locale)
        .get_template(f"{locale}.txt")
        .render(
            quote=quote,
            monthly=quote.cadence is Cadence.MONTHLY,
            banks=[in_words(each) for each in banks],
            by_card=by_card,
            one=len(banks) == 1 and banks[0].amount <= MILLI,
            spa=spa,
            help_phone=help_phone,
            help_email=help_email,
        )
    )
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return Agreement(tuple(part for part in parts if part), locale)


@cache
def _environment(locale: str) -> Environment:
    """Plain text: the page that shows it escapes it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - it is no HTML
        trim_blocks=False,
        lstrip_blocks=True,
    )
    environment.filters["money"] = lambda cents: str(Money(cents))
    environment.filters["date"] = lambda day: format_skeleton("yMMMMd", day, locale=locale)
    environment.filters["listed"] = lambda parts: _listed(list(parts), AND[locale])
    return environment


def _listed(parts: list[str], conjunction: str) -> str:
    return parts[0] if len(parts) < 2 else f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
