"""Finds what only a clinician may answer, and a crisis, in what people write (`features.md` E20, E21).

Figures of speech are taken out first; what is left is looked at for ideas, a few words near each other that mean
somebody's body, and not for sentences. The words are in `medical_words` and `medical_ideas`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from assistant.domain import medical_crisis as crisis
from assistant.domain import medical_figures, medical_figures_es
from assistant.domain.medical_ideas import ACTS, IDEAS
from assistant.domain.medical_spelling import spelt
from assistant.domain.medical_words import WORDS
from assistant.domain.medical_words_es import WORDS_ES
from assistant.domain.phrases import Phrases
from assistant.domain.words import matchable


class Medical(StrEnum):
    CARE = "care"
    CRISIS = "crisis"


def read(text: str) -> Medical | None:
    """Whether a text speaks of somebody's body or life, so that a person must see it; None where it does not.

    It outranks all else. A false alarm costs a careful answer, a miss may cost more: the doubtful is care. English and
    Spanish.
    """
    said = spelt(matchable(text))
    if crisis.CRISIS.said_in(said):
        without = _without(_without(said, crisis.NOT_CRISIS), crisis.MONEY_ONLY)
        if without == said or crisis.CRISIS.said_in(without):
            return Medical.CRISIS
    words = _literal(said).split()
    return Medical.CARE if _has_idea(words) else None


def _literal(said: str) -> str:
    """What was said without what was only a manner of speaking, or is well again."""
    for figures in (medical_figures.FIGURES, medical_figures_es.FIGURES, crisis.MONEY_ONLY):
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


_FILLERS = frozenset(
    "a an the is are was were so really very like just kind kinda of sort bit little super pretty its that thats now still "
    "been being be getting lot quite un una el la los las muy bien como medio super toda todo esta estan se".split()
)
"""Words that put nothing between two others."""
Places = dict[str, list[int]]
"""Where in the text each kind of word stands."""


def _has_idea(words: Sequence[str]) -> bool:
    places = _places(words)
    for sign in ("sign", "part"):
        _forget_money(places, sign)
    return any(idea.is_in(places) for idea in _IDEAS)


NEAR_MONEY = 3


def _forget_money(places: Places, kind: str) -> None:
    """What hurts the purse hurts nobody's body."""
    money, aching = places.get("money", ()), frozenset(places.get("ache", ()))
    if not money or kind != "sign" or kind not in places:
        return
    parts = (*places.get("part", ()), *places.get("treated", ()))
    kept = [
        at
        for at in places[kind]
        if at not in aching
        or any(abs(at - part) <= NEAR_MONEY for part in parts)
        or not any(abs(at - other) <= NEAR_MONEY for other in money)
    ]
    if kept:
        places[kind] = kept
    else:
        del places[kind]


def _places(words: Sequence[str]) -> Places:
    found: Places = {}
    counts = [*accumulate(word not in _FILLERS for word in words)]
    for at, word in enumerate(words):
        for kind in _kinds(word):
            found.setdefault(kind, []).append(counts[at])
        for rest, kind in _LONGER.get(word, ()):
            if _goes_on(words[at + 1 : at + 1 + len(rest)], rest):
                found.setdefault(kind, []).append(counts[at + len(rest)])
    return found


def _goes_on(said: Sequence[str], rest: tuple[str, ...]) -> bool:
    *middle, last = rest
    return (
        len(said) == len(rest)
        and list(said[:-1]) == middle
        and (said[-1].startswith(last[:-1]) if last[-1] == "*" else said[-1] == last)
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """The next kind of word, and how far from the last: `before` says that it must come after it."""

    kind: str
    most: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class _Idea:
    first: str
    steps: tuple[_Step, ...]
    never: tuple[str, ...]

    def is_in(self, places: Places) -> bool:
        here: Iterable[int] = places.get(self.first, ())
        if not here or any(kind in places for kind in self.never):
            return False
        for step in self.steps:
            near = places.get(step.kind, ())
            here = [at for at in near if any(self._reaches(step, before, at) for before in here)]
            if not here:
                return False
        return True

    @staticmethod
    def _reaches(step: _Step, before: int, at: int) -> bool:
        return (0 if step.ordered else -step.most) <= at - before <= step.most and (at != before or step.most > _FAR // 2)


_FAR = 10_000


def _idea(line: str) -> _Idea:
    positive, _, never = line.partition("!")
    first, *rest = positive.split()
    steps = []
    for sign, kind in zip(rest[::2], rest[1::2], strict=True):
        steps.append(_Step(kind, _FAR if sign == "&" else int(sign[1:]), ordered=sign[0] == ">"))
    return _Idea(first, tuple(steps), tuple(never.split()))


_IDEAS = tuple(map(_idea, IDEAS.strip().splitlines()))


def _lexicon() -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]], dict[str, list[tuple[tuple[str, ...], str]]]]:
    """Whole words, beginnings of words, and words that go on, by their first: each with its kinds."""
    whole: dict[str, list[str]] = {}
    begun: dict[str, list[str]] = {}
    longer: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    ended: dict[str, list[str]] = {}
    for kind, word in ((kind, word) for each in (WORDS, WORDS_ES, ACTS) for kind in each for word in each[kind].split()):
            if word.startswith("*"):
                ended.setdefault(word[1:], []).append(kind)
            elif "_" in word:
                first, *rest = word.split("_")
                longer.setdefault(first, []).append((tuple(rest), kind))
            elif word.endswith("*"):
                begun.setdefault(word[:-1], []).append(kind)
            else:
                whole.setdefault(word, []).append(kind)
    return whole, begun, ended, longer


_WHOLE, _BEGUN, _ENDED, _LONGER = _lexicon()
_SHORTEST = min(map(len, _BEGUN))
_LONGEST = max(map(len, _BEGUN))


@lru_cache(maxsize=8192)
def _kinds(word: str) -> tuple[str, ...]:
    begun = (kind for size in range(_SHORTEST, _LONGEST + 1) for kind in _BEGUN.get(word[:size], ()) if size <= len(word))
    ended = (kind for size in range(3, 9) for kind in _ENDED.get(word[-size:], ()) if size < len(word))
    return tuple(dict.fromkeys([*_WHOLE.get(word, ()), *begun, *ended]))
