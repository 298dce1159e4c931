"""Which of the spa's plans a message names, a slip of the finger allowed."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from assistant.conversation.normalise import plain
from assistant.domain.words import matchable


def plan_named(said: str, plans: Sequence[str]) -> str | None:
    """The one plan that is named, as the spa writes it; None where it is none, or may be two."""
    words = said.split()
    exact = {name for name in plans if _spoken(matchable(name), words) or _spoken(plain(name), words)}
    exact -= {name for name in exact for other in exact if name != other and _within(name, other)}
    near = exact or {name for name in plans if _near(matchable(name).split(), words)}
    return next(iter(near)) if len(near) == 1 else None


def marked(said: str, plans: Sequence[str]) -> str:
    """The same with `planname` where a plan is named, so that a grammar need not know them."""
    words = said.split()
    for name in (matchable(plan).split() for plan in sorted(plans, key=len, reverse=True)):
        for start in range(len(words) - len(name), -1, -1):
            span = words[start : start + len(name)]
            if name and len(span) == len(name) and all(map(_slip, name, span)):
                words[start : start + len(name)] = ["planname"]
    return " ".join(words)


def _spoken(name: str, words: Sequence[str]) -> bool:
    return bool(name) and f" {name} " in f" {' '.join(words)} "


def _within(name: str, other: str) -> bool:
    """Whether it is but a part of another that was named: "Glow" in "Glow Plus"."""
    return f" {matchable(name)} " in f" {matchable(other)} "


def _near(name: Sequence[str], words: Sequence[str]) -> bool:
    """Every word of the name in its order, but for a slip in the longer ones."""
    spans = (words[start : start + len(name)] for start in range(len(words) - len(name) + 1))
    return any(all(map(_slip, name, span)) for span in spans if len(span) == len(name) and name)


def _slip(meant: str, said: str) -> bool:
    if len(meant) < 4 or meant[0] != said[0]:
        return meant == said
    return OSA.distance(meant, said, score_cutoff=2) <= (1 if len(meant) < 7 else 2)
