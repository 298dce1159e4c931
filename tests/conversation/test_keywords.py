from assistant.conversation.intents import INTENTS
from assistant.conversation.keywords import KEYWORDS, exact, slipped
from assistant.domain.words import matchable

PLANNED = {"change", "join", "book", "perks", "human", "receipt", "billing_texts"}
"""Their handlers may be younger than their words."""


def test_the_words_are_the_handlers_own() -> None:
    for each in INTENTS:
        if each.words and each.name in KEYWORDS:
            for word in (word for words in each.words.values() for word in words):
                assert exact(matchable(word)) == each.name, f"{word} is missing from keywords.py"


def test_a_slip_of_the_finger() -> None:
    assert {word: slipped(word) for word in ("balanec", "updaet card", "resmue", "cause", "hi", "")} == {
        "balanec": "balance",
        "updaet card": "card",
        "resmue": "resume",
        "cause": None,
        "hi": None,
        "": None,
    }
