"""Finds what only a clinician may answer, and a crisis, in what people write (`features.md` E20, E21).

Figures of speech are taken out first; what is left is looked at for ideas, a few words near each other that mean
somebody's body, and not for sentences. The words are in `medical_words` and `medical_ideas`.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from assistant.domain import medical_crisis as crisis
from assistant.domain import medical_figures, medical_figures_es, medical_sayings
from assistant.domain.medical_ideas import FILLERS, IDEAS, Places
from assistant.domain.medical_lexicon import GOES_ON, kinds
from assistant.domain.medical_spelling import spelt
from assistant.domain.phrases import Phrases
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
    if crisis.CRISIS.said_in(said):
        ours = _without(_without(said, crisis.NOT_CRISIS), crisis.NOT_OURS)
        if ours == said or crisis.CRISIS.said_in(ours):
            return Medical.CRISIS
    places = _places(_literal(said).split())
    _forget_money(places)
    return Medical.CARE if any(idea.is_in(places) for idea in IDEAS) else None


def _literal(said: str) -> str:
    """What was said without what was only a manner of speaking, or is well again."""
    for figures in (medical_sayings.SAYINGS, medical_figures.FIGURES, medical_figures_es.FIGURES, crisis.NOT_OURS):
        said = _without(said, figures)
    if medical_figures_es.UNWELL_STILL.isdisjoint(said.split()):
        said = _without(said, medical_figures_es.WELL)
    return said


def _without(said: str, figures: Phrases) -> str:
    spaced, words = f"{said} ", frozenset(said.split())
    if figures.cues.isdisjoint(words):
        return said
    for rule in figures.rules:
        if not rule.cues.isdisjoint(words):
            spaced = rule.pattern.sub("_ ", spaced)
    return spaced.strip()


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
