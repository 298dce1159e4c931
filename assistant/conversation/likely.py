"""The classifier's word, and how sure it must be: set on the development set by `assistant interpret --evaluate`."""

import re
from functools import cache

from assistant.domain import compliance

SURE = 0.45
GRAVE = {"leave": 0.6, "yes": 0.6, "no": 0.6, "start": 0.9, "wrong_number": 0.9}
"""What is not to be said of anyone lightly, and how sure it must be: the last two begin texts, and end them."""
STOPS = frozenset({"stop", "wrong_number"})
"""What ends texts: that they are unwanted, and that they reach somebody else."""
SURE_OF_STOP = 0.5
"""Below it, and above `SURE`, offers rest and they are asked."""
SURE_OF_STOP_OVER_GRAMMAR = 0.8
"""Where the grammar of verbs and objects has found something else."""
MISTAKEN_FOR_STOP = frozenset({(), ("thanks",), ("unknown",), ("hours",), ("start",), ("perks",)})
"""What that grammar makes of many a plea that it does not know."""
SURE_OF_MEDICAL = 0.85
"""Whatever else the grammar finds; of fewer than three words nothing so grave is guessed."""
FEWEST_WORDS = 4
SURE_OF_FEW = {1: 0.8, 2: 0.65}
"""One word alone says little: it is a keyword, or a keyword's slip, or as sure as this; two may be somebody's name."""
SURER_THAN_GRAMMAR = 0.55
"""Where the grammar finds one thing and the model is this sure of another: then it is right more often."""


_NO_DAY = re.compile(
    r"\b(?!(?:on|the|of|at|by|el|de|del|para|th|st|nd|rd|and|y|this|next|coming|este|proximo|day|dia|jan\w*|feb\w*|mar(?:ch|zo)?"
    r"|apr\w*|abr\w*|may\w*|jun\w*|jul\w*|aug\w*|ago\w*|sep\w*|oct\w*|nov\w*|dec\w*|dic\w*|ene\w*|\d+(?:st|nd|rd|th)?"
    r"|mon(?:day)?|tue\w*|wed\w*|thu\w*|fri(?:day)?|sat\w*|sun(?:day)?|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b)\w"
)
"""A word that is no part of a day: a bare day answers something, and what it asks for nobody can tell."""


SURE_OF_WHOLE = 0.6
SURE_OF_POINT = 0.7
"""Below the one of a message of several sentences, and above the other of one of them, that one is its point."""
PLAIN = {"leave": 0.9, "resume": 0.9, "thanks": 0.5}
"""What the grammar finds by plain words, and how sure the model must be to say otherwise."""


def best(said: str, text: str) -> tuple[str, float]:
    """The likeliest intent of a message; the plain words and the text as it was are both asked, the surer decides."""
    found = [told[0] for each in dict.fromkeys((said, text)) if (told := ranked(each))]
    name, probability = max(found, default=("unknown", 0.0), key=lambda each: each[1])
    if name == "medical" and (probability < SURE_OF_MEDICAL or len(text.split()) < FEWEST_WORDS):
        return "unknown", 0.0
    if probability < SURE_OF_FEW.get(len(text.split()), 0) or not _NO_DAY.search(said):
        return "unknown", 0.0
    return name, probability


def stop(text: str) -> float:
    """How likely no more texts are meant, in words that no grammar knows; 0.0 where they are not to be guessed from."""
    if not compliance.may_be_stop(text):
        return 0.0
    return sum(share for name, share in ranked(text) if name in STOPS)


def ranked(text: str) -> tuple[tuple[str, float], ...]:
    """All that it may mean, the likeliest first; nothing where there are no words, or no model has been trained."""
    if not _ready() or not any(letter.isalpha() for letter in text):
        return ()
    from assistant.conversation.classifier import classify  # noqa: PLC0415  # the model loads when it is first needed

    return classify(text)


@cache
def _ready() -> bool:
    from assistant.conversation.classifier import MODEL  # noqa: PLC0415

    return MODEL.exists()
