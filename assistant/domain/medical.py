"""Finds what only a clinician may answer, and a crisis, in what people write (`features.md` E20, E21).

Figures of speech are taken out first; what is left is looked at for ideas, a few words near each other that mean
somebody's body, and not for sentences. The words are in `medical_words` and `medical_ideas`.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from assistant.domain import medical_crisis as crisis
from assistant.domain.medical_figures import FIGURES
from assistant.domain.medical_figures_es import FIGURES_ES, UNWELL_STILL, WELL
from assistant.domain.medical_figures_others import OTHERS
from assistant.domain.medical_grammar import Grammar
from assistant.domain.medical_ideas import FILLERS, IDEAS, Places
from assistant.domain.medical_lexicon import GOES_ON, kinds
from assistant.domain.medical_spelling import spelt
from assistant.domain.medical_things import THINGS
from assistant.domain.words import matchable


class Medical(StrEnum):
    CARE = "care"
    CRISIS = "crisis"


@lru_cache(maxsize=256)
def read(text: str) -> Medical | None:
    """Whether a text speaks of somebody's body or life, so that a person must see it; None where it does not.

    It outranks all else. A false alarm costs a careful answer, a miss may cost more: the doubtful is care. English and
    Spanish.
    """
    said = spelt(matchable(text))
    if _CRISIS.said_in(said):
        ours = _NO_CRISIS.taken_from(said)
        if ours == said or _CRISIS.said_in(ours):
            return Medical.CRISIS
    if _POISONED.said_in(said):
        return Medical.CARE
    words = _literal(said).split()
    pages = (words[start : start + PAGE] for start in range(0, max(len(words) - OVERLAP, 1), PAGE - OVERLAP))
    return Medical.CARE if any(map(_has_idea, pages)) else None


PAGE, OVERLAP = 120, 30
"""Words that are looked at together: time is bounded whatever comes."""


def _has_idea(words: Sequence[str]) -> bool:
    places = _places(words)
    _forget_money(places)
    return any(idea.is_in(places) for kind in places for idea in IDEAS.get(kind, ()))


_CRISIS = Grammar(crisis.CRISIS)
_NO_CRISIS = Grammar(crisis.NOT_CRISIS, crisis.NOT_OURS)
_POISONED = Grammar(crisis.POISONED)
_FIGURES = Grammar(THINGS, FIGURES, OTHERS, FIGURES_ES, crisis.NOT_OURS)
_WELL = Grammar(WELL)


def _literal(said: str) -> str:
    """What was said without what was only a manner of speaking, or is well again."""
    literal = _FIGURES.taken_from(said)
    return _WELL.taken_from(literal) if UNWELL_STILL.isdisjoint(literal.split()) else literal


def _places(words: Sequence[str]) -> Places:
    """Where in the text each kind of word stands; words that put nothing between two others are not counted."""
    found: Places = {}
    counts = [*accumulate(word not in FILLERS for word in words)]
    for at, word in enumerate(words):
        named = "treated" in kinds(words[at + 1]) if at + 1 < len(words) else False
        for kind in kinds(word):
            if not (named and kind == "part"):  # a "lip filler" is something to buy, and no lip
                found.setdefault(kind, []).append(counts[at])
        for rest, kind in GOES_ON.get(word, ()):
            if _goes_on(words[at + 1 : at + 1 + len(rest)], rest):
                found.setdefault(kind, []).append(counts[at + len(rest)])
    return found


def _goes_on(said: Sequence[str], rest: tuple[str, ...]) -> bool:
    if len(said) < len(rest) or tuple(said[:-1]) != rest[:-1]:
        return False
    last = rest[-1]
    return said[-1].startswith(last[:-1]) if last[-1] == "*" else said[-1] == last


NEAR_MONEY, NEAR_BODY = 5, 3


def _forget_money(places: Places) -> None:
    """What hurts the purse hurts nobody's body."""
    money, aching = places.get("money", ()), frozenset(places.get("ache", ()))
    bodies = (*places.get("part", ()), *places.get("treated", ()))
    if not money or "sign" not in places:
        return
    kept = [
        at
        for at in places.pop("sign")
        if at not in aching or _is_near(at, bodies, NEAR_BODY) or not _is_near(at, money, NEAR_MONEY)
    ]
    if kept:
        places["sign"] = kept


def _is_near(at: int, others: Iterable[int], most: int) -> bool:
    return any(abs(at - other) <= most for other in others)
