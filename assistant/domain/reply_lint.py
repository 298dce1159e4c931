"""What may not stand in a person's reply: told to whoever writes it, before it goes."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain import offer_lint, placeholders
from assistant.domain.offer_lint import Fault
from assistant.domain.pan import redact

LONGEST = 1_600
"""Letters that a provider takes as one text."""
HOLES = ("first name", "spa")
"""What a reply that is kept ready may leave open."""
OF_OFFERS = frozenset({Fault.EMPTY, Fault.DRUG, Fault.TREATMENT, Fault.SHORTENER, Fault.TEMPLATE})
"""What no message may hold, be it an offer or a reply."""


class Wrong(StrEnum):
    """What is wrong with the words of a reply."""

    EMPTY = "empty"
    LONG = "long"
    CARD = "card"
    """Digits of a card: they go by the secure link alone (`rules.md` 7.1)."""
    DRUG = "drug"
    TREATMENT = "treatment"
    """Whoever sees the phone would know of it (`rules.md` 7.3)."""
    SHORTENER = "shortener"
    TEMPLATE = "template"
    HOLE = "hole"
    """A hole that nothing fills; in what is sent, any."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that is wrong, and the word that shows it, where one does."""

    wrong: Wrong
    what: str = ""


def lint(words: str, *, holes: tuple[str, ...] = ()) -> tuple[Refused, ...]:
    """All that is wrong; empty where nothing is."""
    found = [
        Refused(Wrong(each.fault.value), each.what)
        for each in offer_lint.lint(words, brand="", channel="email")
        if each.fault in OF_OFFERS
    ]
    if redact(words).found:
        found.append(Refused(Wrong.CARD))
    if len(words) > LONGEST:
        found.append(Refused(Wrong.LONG, str(len(words))))
    found += [Refused(Wrong.HOLE, each) for each in placeholders.holes(words) if each not in holes]
    return tuple(found)
