"""From what somebody typed or dictated to the plain words that keywords, grammar and classifier read."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.conversation import vocabulary
from assistant.domain.lookalikes import fold
from assistant.domain.words import matchable

LONGEST = 2_000
"""Letters that are understood; what says nothing in so many says nothing after them."""
_EMOJI = re.compile("|".join(map(re.escape, vocabulary.EMOJI)))
_REPEATED = re.compile(r"([a-z])\1{2,}")
_SPACED = re.compile(r"(?<!\S)(?:[a-z0-9] ){3,}[a-z0-9](?!\S)")
_LEET = re.compile(r"(?<!\S)(?=[a-z0-9]*[a-z])(?=[a-z0-9]*[013457])[a-z0-9]{4,}(?!\S)")
_UNLEET = str.maketrans("013457", "oieast")
_SPANISH_STEMS = "|".join(sorted(vocabulary.SPANISH_VERBS, key=len, reverse=True))
_SPANISH = re.compile(
    rf"(?!(?:pause|pausa|baja|activa|reserva|regreso)$)({_SPANISH_STEMS})"
    r"(?:ar|er|ir|a|e|o|an|en|as|es|amos|emos|ando|iendo|aran|are|aremos|aria|aste|ere|iran)"
    r"(?:me|te|le|les|nos|se)?(?:lo|la|los|las)?"
)
_SAID_SO = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(vocabulary.DICTATED, key=len, reverse=True))})(?!\S)")


def plain(text: str) -> str:
    """The words of a text: lower case, our letters, no accents; slang, dictation and misspelling set right."""
    folded = fold(text[:LONGEST])
    if not folded.isascii():
        folded = _EMOJI.sub(lambda found: f" {vocabulary.EMOJI[found[0]]} ", folded)
    said = matchable(folded)
    said = _REPEATED.sub(_fewer, said)
    said = _SPACED.sub(lambda found: found[0].replace(" ", ""), said)
    if _LEET.search(said):
        said = _LEET.sub(lambda found: _unleet(found[0]), said)
    said = " ".join(filter(None, (_word(word) for word in said.split())))
    return _SAID_SO.sub(lambda found: vocabulary.DICTATED[found[0]], said)


def _fewer(found: re.Match[str]) -> str:
    return found[1]


def _unleet(word: str) -> str:
    """Figures that stand for letters, where that makes a word we know."""
    meant = word.translate(_UNLEET)
    return meant if meant in vocabulary.TARGETS or meant in vocabulary.KNOWN else word


@lru_cache(maxsize=8192)
def _word(word: str) -> str:
    """One word as it was meant; ordinary words that lie near one of ours are left alone."""
    if (meant := vocabulary.SLANG.get(word)) is not None:
        return meant
    if (verb := _SPANISH.fullmatch(word)) is not None:
        return vocabulary.SPANISH_VERBS[verb[1]]
    if word in vocabulary.KNOWN or len(word) < 4 or not word.isalpha():
        return word
    most = 1 if len(word) < 8 else 2
    found = process.extractOne(word, _by_first(word[0]), scorer=OSA.distance, score_cutoff=most)
    return found[0] if found and len(found[0]) > 4 + (most == 2) else word


@lru_cache(maxsize=64)
def _by_first(letter: str) -> tuple[str, ...]:
    """Words of ours that a slip may have been meant for: the first letter is the one people get right."""
    return tuple(word for word in vocabulary.TARGETS if word[0] in vocabulary.NEAR_FIRST.get(letter, letter))
