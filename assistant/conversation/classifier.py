"""Which intent a message most likely has, and how likely: a linear model over pieces of words, in pure Python.

`assistant.conversation.training` makes it from the phrases in `intents/*.txt`, and it is shipped as `classifier.json`.
"""

import base64
import json
import re
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

from assistant.domain.words import matchable

MODEL = Path(__file__).with_name("classifier.json")
READS_CHARACTERS = 480
"""Of a message: what matters is said early, and time is bounded whatever comes."""
LONGEST_WORD = 24
SHORTEST_PIECE, LONGEST_PIECE = 3, 5
WORDS_KEPT = 20_000
"""Words whose weights are remembered; a word is added up once, not once a message."""


def classify(text: str) -> tuple[tuple[str, float], ...]:
    """The finer intents with their probabilities, best first; they sum to one."""
    return _model().classify(text)


def words_of(text: str) -> list[str]:
    """The words the model sees: plain letters, a mark for any number, for a question and for the common emoji."""
    text = text[:READS_CHARACTERS]
    if not text.isascii():
        text = _EMOJI.sub(lambda found: f" {_EMOJI_WORDS[found[0]]} ", text)
    question = "?" in text
    plain = _LONG_DRAWN.sub(r"\1\1", _NUMBERS.sub("0", matchable(text).replace("'", "")))
    words = [word[:LONGEST_WORD] for word in plain.split()]
    return [*words, "xask"] if question else words


def pieces(word: str) -> list[str]:
    """A word's features: itself, and every run of three to five characters within its bounds (`^`, `$`)."""
    if len(word) <= 1 or word in _MARKS:
        return [f"={word}"]
    marked = f"^{word}$"
    found = [f"={word}"]
    for size in range(SHORTEST_PIECE, min(LONGEST_PIECE, len(marked)) + 1):
        found += [marked[start : start + size] for start in range(len(marked) - size + 1)]
    return found


def pairs(words: list[str]) -> list[str]:
    """Two words beside each other; the ends of the message count as words."""
    bounded = ["^", *words, "$"]
    return [f"{one} {two}" for one, two in pairwise(bounded)]


class Model:
    """The weights as they are shipped; loading is one JSON and one base64."""

    def __init__(self, shipped: str | bytes) -> None:
        told = json.loads(shipped)
        self.intents: tuple[str, ...] = tuple(told["intents"])
        self._bias: list[float] = told["bias"]
        self._step: float = told["step"]
        self._rows = {name: row for row, name in enumerate(told["features"].split("\n"))}
        self._weights = array("b", base64.b64decode(told["weights"]))
        self._seen: dict[str, _Sum] = {}

    def classify(self, text: str) -> tuple[tuple[str, float], ...]:
        words = words_of(text)
        sums = [self._word(word) for word in words]
        if not any(each.known for each in sums):
            return tuple((intent, float(intent == "unknown")) for intent in sorted(self.intents, key="unknown".__ne__))
        beside = pairs(words)
        total: list[Sequence[int]] = [*(each.weights for each in sums), *self._found(beside)]
        scale = self._step / sqrt(sum(each.size for each in sums) + len(beside))
        scores = [bias + scale * sum(column) for bias, column in zip(self._bias, zip(*total, strict=True), strict=True)]
        return self._told(scores)

    def _told(self, scores: list[float]) -> tuple[tuple[str, float], ...]:
        most = max(scores)
        parts = [exp(score - most) for score in scores]
        whole = sum(parts)
        shares = ((intent, part / whole) for intent, part in zip(self.intents, parts, strict=True))
        return tuple(sorted(shares, key=lambda each: -each[1]))

    def _word(self, word: str) -> "_Sum":
        known = self._seen.get(word)
        if known is None:
            features = pieces(word)
            rows = self._found(features)
            total = list(map(sum, zip(*rows, strict=True))) if rows else [0] * len(self.intents)
            known = _Sum(total, len(features), known=bool(rows))
            if len(self._seen) < WORDS_KEPT:
                self._seen[word] = known
        return known

    def _found(self, features: Iterable[str]) -> list["array[int]"]:
        size, rows = len(self.intents), self._rows
        starts = [rows[each] * size for each in features if each in rows]
        return [self._weights[start : start + size] for start in starts]


class _Sum(NamedTuple):
    weights: Sequence[int]
    size: int
    known: bool


@cache
def _model() -> Model:
    return Model(MODEL.read_bytes())


_NUMBERS = re.compile(r"\d+")
_LONG_DRAWN = re.compile(r"(\w)\1{2,}")
_EMOJI_WORDS = {
    **dict.fromkeys("❤♥💕💖💗😍🥰😘💜💙💛🧡🩷🤍🖤💓💞", "xheart"),
    **dict.fromkeys("😀😃😄😁😊🙂☺😎🤗🎉🥳✨💫🌟⭐🌸💃😉😇", "xglad"),
    **dict.fromkeys("😂🤣😆😅", "xlaugh"),
    **dict.fromkeys("😡🤬😠👿💢🖕😤👎", "xangry"),
    **dict.fromkeys("😢😭😞😔☹🙁😩😫😰😟😥💔", "xsad"),
    **dict.fromkeys("👍👌✅✔🙌💯🤝", "xthumb"),
    **dict.fromkeys("🙏", "xpray"),
    **dict.fromkeys("🙄😒🤦🤷😑😐🤔", "xhmm"),
    **dict.fromkeys("🤒🤕🤢🤮😷🩹🩸", "xill"),
    **dict.fromkeys("💳🏦💰💵", "xmoney"),
    **dict.fromkeys("🎁", "xgift"),
    **dict.fromkeys("🛑🚫✋❌", "xstop"),
}
_EMOJI = re.compile("[" + "".join(_EMOJI_WORDS) + "]")
_MARKS = frozenset(_EMOJI_WORDS.values()) | {"xask"}
