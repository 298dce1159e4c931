"""Which kinds a word is of: looked up whole, by its beginning and by its ending, in the lists of `medical_words`."""

from collections.abc import Iterator
from functools import lru_cache

from assistant.domain.medical_acts import ACTS
from assistant.domain.medical_beside import BESIDE
from assistant.domain.medical_looks import LOOKS
from assistant.domain.medical_words import WORDS
from assistant.domain.medical_words_es import WORDS_ES


def _listed() -> Iterator[tuple[str, str]]:
    for lists in (WORDS, WORDS_ES, ACTS, LOOKS, BESIDE):
        for kind, words in lists.items():
            for word in words.split():
                yield kind, word


_WHOLE: dict[str, list[str]] = {}
_BEGUN: dict[str, list[str]] = {}
_ENDED: dict[str, list[str]] = {}
GOES_ON: dict[str, list[tuple[tuple[str, ...], str]]] = {}
"""What is said in more words than one, by its first: the others, and the kind."""
for _kind, _listed_word in _listed():
    if _listed_word.startswith("*"):
        _ENDED.setdefault(_listed_word[1:], []).append(_kind)
    elif "_" in _listed_word:
        _first, *_rest = _listed_word.split("_")
        GOES_ON.setdefault(_first, []).append((tuple(_rest), _kind))
    elif _listed_word.endswith("*"):
        _BEGUN.setdefault(_listed_word[:-1], []).append(_kind)
    else:
        _WHOLE.setdefault(_listed_word, []).append(_kind)


@lru_cache(maxsize=8192)
def kinds(word: str) -> tuple[str, ...]:
    """All that a word may be."""
    begun = (kind for size in range(1, len(word) + 1) for kind in _BEGUN.get(word[:size], ()))
    ended = (kind for size in range(1, len(word)) for kind in _ENDED.get(word[-size:], ()))
    return tuple(dict.fromkeys([*_WHOLE.get(word, ()), *begun, *ended]))
