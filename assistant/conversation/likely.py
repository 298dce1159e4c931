"""The classifier's word, and how sure it must be: set on the development set by `assistant interpret --evaluate`."""

import re
from functools import cache, lru_cache

from assistant.domain import compliance

SURE = 0.45
SURE_ALREADY = 0.97
"""Nothing that is read besides makes it surer."""
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
SURE_OF_MEDICAL = 0.93
"""Whatever else the grammar finds; of fewer than three words nothing so grave is guessed."""
FEWEST_WORDS = 4
SURE_OF_FEW = {1: 0.8, 2: 0.65}
"""One word alone says little: it is a keyword, or a keyword's slip, or as sure as this; two may be somebody's name."""
SURER_THAN_GRAMMAR = 0.55
SURER_THAN_PARTS = 0.75
SURE_OF_THANKS = 0.3
"""A courtesy more or less does no harm."""
"""Where the grammar finds one thing and the model is this sure of another: then it is right more often."""


_NO_DAY = re.compile(
    r"\b(?!(?:on|the|of|at|by|el|de|del|para|th|st|nd|rd|and|y|this|next|coming|este|proximo|day|dia|jan\w*|feb\w*|mar(?:ch|zo)?"
    r"|apr\w*|abr\w*|may\w*|jun\w*|jul\w*|aug\w*|ago\w*|sep\w*|oct\w*|nov\w*|dec\w*|dic\w*|ene\w*|\d+(?:st|nd|rd|th)?"
    r"|mon(?:day)?|tue\w*|wed\w*|thu\w*|fri(?:day)?|sat\w*|sun(?:day)?|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b)\w"
)
"""A word that is no part of a day: a bare day answers something, and what it asks for nobody can tell."""


SURE_OF_WHOLE = 0.6
SURE_OF_POINT = 0.55
"""Below the one of a message of several sentences, and above the other of one of them, that one is its point."""
OVER = {"pause": 0.75, "skip": 0.75, "promise": 0.75, "unknown": 0.7}
"""What a span of time sounds like, and what odd words do: so sure over the grammar."""
SENTENCE_OF_MEDICAL = 0.75
"""A story of troubles sounds ill; one of its sentences does, or a wish that is plain beside it counts."""
PLAIN = {"leave": 0.97, "unknown": 0.8, "human": 0.98, "resume": 0.9, "thanks": 0.5}
"""What the grammar finds by plain words, and how sure the model must be to say otherwise."""


def best(said: str, text: str) -> tuple[str, float]:
    """The likeliest intent of a message; the plain words and the text as it was are both asked, the surer decides."""
    name, probability = _likelier(said, text)
    if name == "medical" and (probability < SURE_OF_MEDICAL or len(text.split()) < FEWEST_WORDS):
        return "unknown", 0.0
    if probability < SURE_OF_FEW.get(len(text.split()), 0) or not _NO_DAY.search(said):
        return "unknown", 0.0
    return name, probability


def _likelier(said: str, text: str) -> tuple[str, float]:
    """Of the two the surer; the text as it was only where the plain words leave a doubt."""
    found: list[tuple[str, float]] = []
    for each in dict.fromkeys((said, text)):
        found += ranked(each)[:1]
        if found and found[0][1] >= SURE_ALREADY and found[0][0] != "medical":
            break
    return max(found, default=("unknown", 0.0), key=lambda each: each[1])


def stop(text: str) -> float:
    """How likely no more texts are meant, in words that no grammar knows; 0.0 where they are not to be guessed from."""
    if not compliance.may_be_stop(text):
        return 0.0
    return sum(share for name, share in ranked(text) if name in STOPS)


@lru_cache(maxsize=32)
def ranked(text: str) -> tuple[tuple[str, float], ...]:
    """All that it may mean, the likeliest first; nothing where there are no words, or no model has been trained."""
    if not _ready() or not any(letter.isalpha() for letter in text):
        return ()
    from assistant.conversation.classifier import classify  # noqa: PLC0415  # the model loads when it is first needed

    told = classify(text)
    if told[0][0] != "promise" or len(text.split()) < FEWEST_OF_A_PROMISE or _MONEY.search(text.lower()):
        return told
    rest = 1 - told[0][1] or 1.0
    return tuple((name, share / rest) for name, share in told[1:])


FEWEST_OF_A_PROMISE = 4
_MONEY = re.compile(r"\b(?:pay|paid|money|check|fund|deposit|cash|charge|card|due|owe|pag|quincena|dinero|cobr|depos)")
"""A day makes the model think of a promise to pay; in so many words it is none where no money is spoken of."""


@cache
def _ready() -> bool:
    from assistant.conversation.classifier import MODEL  # noqa: PLC0415

    return MODEL.exists()
