"""The classifier's word, and how sure it must be: set on the development set by `assistant interpret --evaluate`."""

from functools import cache

SURE = 0.45
SURE_OF_GRAVE = 0.6
GRAVE = frozenset({"leave", "start", "yes", "no"})
"""What is not to be said of anyone lightly."""
SURE_OF_STOP = 0.7
"""Below it, and above `SURE`, offers rest and they are asked."""
SURE_OF_MEDICAL = 0.6
"""Whatever else the grammar finds; of fewer than three words nothing so grave is guessed."""
FEWEST_WORDS = 3
SURE_OF_ONE_WORD = 0.8
"""One word alone says little: it is a keyword, or a keyword's slip, or as sure as this."""
SURER_THAN_GRAMMAR = 0.9
"""Where the grammar finds one thing and the model is this sure of another."""


def best(said: str, text: str) -> tuple[str, float]:
    """The likeliest intent of a message; the plain words and the text as it was are both asked, the surer decides."""
    found = [told[0] for each in dict.fromkeys((said, text)) if (told := ranked(each))]
    name, probability = max(found, default=("unknown", 0.0), key=lambda each: each[1])
    if name == "medical" and (probability < SURE_OF_MEDICAL or len(text.split()) < FEWEST_WORDS):
        return "unknown", 0.0
    if len(text.split()) == 1 and probability < SURE_OF_ONE_WORD:
        return "unknown", 0.0
    return name, probability


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
