"""Training the classifier from the example phrases: needs scikit-learn, which is there for development only."""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from warnings import catch_warnings, simplefilter
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from assistant.conversation.classifier import MODEL, pairs, pieces, words_of
from assistant.conversation.examples import Example, read_all

Scores: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
FEATURES = 40_000
"""Kept of all: the ones with the most weight. More is a larger file and hardly better."""
STRENGTH = 10.0
"""Of the data against the regularisation (scikit-learn's C); set by cross-validation."""
ITERATIONS = 150
"""Of the optimiser: at 40 it is far from done (82 % of unseen messages right by itself, and 89 % at 150)."""
WHOLE_WORDS = 2.0
"""What a word or a pair of words counts, beside the one of a piece."""
FOLDS = 4
"""One of them is held out to see how sure the model may be."""
ALIKE = 0.6
"""Phrases at least so alike (cosine of their features) are one family, and never on both sides of a fold."""
QUANTA = 127
OPENINGS = {
    "en": ("hi", "hey", "hello there", "ok so", "um", "good morning", "so", "hi its maria", "quick question"),
    "es": ("hola", "buenas", "buenos dias", "oye", "disculpa", "hola soy ana", "una pregunta", "mire", "buenas tardes"),
}
CLOSINGS = {
    "en": ("please", "pls", "thanks", "thank you", "thx", "asap", "lol", "if possible", "today"),
    "es": ("por favor", "porfa", "gracias", "xfa", "muchas gracias", "hoy", "si se puede", "ya", "saludos"),
}
BESIDE = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopoasdfghjklkzxcvbn", strict=False))


def train(into: Path = MODEL) -> None:
    """Write the model; the same examples give the same bytes."""
    into.write_text(shipped(read_all()), encoding="ascii")


def shipped(examples: Sequence[Example]) -> str:
    """The model as JSON."""
    fitted = fit(examples)
    temperature = _temperature(examples)
    kept = fitted.strongest(FEATURES)
    counts = [[counts_as(fitted.features[place])] for place in kept]
    weights = fitted.weights[:, kept].T * counts / temperature
    step = float(f"{abs(weights).max() / QUANTA:.6g}")
    quanta = (weights / step).round().clip(-QUANTA, QUANTA).astype("int8")
    told = {
        "intents": fitted.intents,
        "bias": [round(float(bias) / temperature, 4) for bias in fitted.bias],
        "step": step,
        "features": "\n".join(fitted.features[place] for place in kept),
        "weights": base64.b64encode(quanta.tobytes()).decode(),
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model before it is made small: weights by intent and feature, as numpy arrays."""

    intents: list[str]
    features: list[str]
    weights: Scores
    bias: Scores

    def strongest(self, count: int) -> list[int]:
        """The places of the features with most weight, in the order of their names."""
        worth = (self.weights**2).sum(axis=0).round(9)
        ranked = sorted(range(len(self.features)), key=lambda place: (-worth[place], self.features[place]))
        return sorted(ranked[:count], key=self.features.__getitem__)


def fit(examples: Sequence[Example]) -> Fitted:
    """Multinomial logistic regression over the examples and their variants; a rare intent's weigh more, by a root."""
    grown = [each for example in examples for each in variants(example)]
    features = _features_of(grown)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
    sizes = Counter(example.intent for example in grown)
    weight = [(len(grown) / len(sizes) / sizes[example.intent]) ** 0.5 for example in grown]
    # One thread: what is added up in another order ends in another digit.
    with catch_warnings(), threadpool_limits(1):
        simplefilter("ignore", ConvergenceWarning)  # it is stopped early on purpose
        model.fit(_matrix(grown, features), [example.intent for example in grown], sample_weight=weight)
    return Fitted([str(name) for name in model.classes_], features, model.coef_, model.intercept_)


def variants(example: Example) -> list[Example]:
    """The phrase, with an opening, with a closing, and with a slip of the finger or two: always the same ones."""
    seed = crc32(example.text.encode())
    text, openings, closings = example.text, OPENINGS[example.locale], CLOSINGS[example.locale]
    texts = [
        text,
        f"{openings[seed % len(openings)]} {text}",
        f"{text} {closings[seed // 7 % len(closings)]}",
        _slip(text, seed),
        _slip(_slip(text, seed // 11), seed // 13),
    ]
    return [example._replace(text=each) for each in dict.fromkeys(texts)]


def _slip(text: str, seed: int) -> str:
    """One typing error: a letter left out, doubled, swapped with the next, or the one beside it on the keys."""
    places = [place for place in range(1, len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
    if len(places) < 3:
        return text
    at = places[seed % len(places)]
    before, letter, beyond, after = text[:at], text[at], text[at + 1], text[at + 2 :]
    match seed // 5 % 4:
        case 0:
            return before + beyond + after
        case 1:
            return before + letter + letter + beyond + after
        case 2:
            return before + beyond + letter + after
        case _:
            return before + BESIDE.get(letter.lower(), letter) + beyond + after


def features_of_text(text: str) -> list[str]:
    words = words_of(text)
    return [*(piece for word in words for piece in pieces(word)), *pairs(words)]


def counts_as(feature: str) -> float:
    return WHOLE_WORDS if "=" in feature or " " in feature else 1.0


def _features_of(examples: Iterable[Example]) -> list[str]:
    """Those that more than one example has, by name."""
    seen = Counter(feature for example in examples for feature in set(features_of_text(example.text)))
    return sorted(feature for feature, times in seen.items() if times > 1)


def _matrix(examples: Sequence[Example], features: Sequence[str]) -> csr_matrix:
    """One row an example: how often it has a feature, by the root of how many it has (as in `Model.classify`)."""
    place_of = {feature: place for place, feature in enumerate(features)}
    values, columns, ends = [], [], [0]
    for example in examples:
        found = features_of_text(example.text)
        counts = Counter(place_of[feature] for feature in found if feature in place_of)
        for place in sorted(counts):
            columns.append(place)
            values.append(counts[place] * counts_as(features[place]) / len(found) ** 0.5)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(examples), len(features)))


def held_out(examples: Sequence[Example]) -> tuple[Scores, list[str], list[str]]:
    """Scores of the examples of one fold by a model that knew none of their families; the intents by column, and the
    true ones.
    """
    folds = families(examples)
    unseen = [example for example, family in zip(examples, folds, strict=True) if family % FOLDS == 0]
    fitted = fit([example for example, family in zip(examples, folds, strict=True) if family % FOLDS])
    scores: Scores = _matrix(unseen, fitted.features) @ fitted.weights.T + fitted.bias
    return scores, fitted.intents, [example.intent for example in unseen]


def families(examples: Sequence[Example]) -> list[int]:
    """A number an example: the same for phrases that are alike, directly or by others between them."""
    matrix = normalize(_matrix(examples, _features_of(examples)))
    alike = (matrix @ matrix.T).tocoo()
    alike.data = (alike.data >= ALIKE).astype("int8")
    alike.eliminate_zeros()
    return [int(crc32(str(number).encode())) for number in connected_components(alike, directed=False)[1]]


def _temperature(examples: Sequence[Example]) -> float:
    """What scores are divided by so that of those told with 80 % about 80 % are right."""
    scores, intents, truth = held_out(examples)
    columns = np.array([intents.index(name) for name in truth])

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(columns)), columns] - np.log(np.exp(scaled).sum(axis=1))
        return round(float(-chosen.mean()), 6)

    return min((tenths / 20 for tenths in range(8, 60)), key=surprise)
