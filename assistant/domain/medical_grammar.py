"""Many phrases over one text: only those are tried whose words are said, in the order they are written in."""

import re
from collections.abc import Iterable

from assistant.domain.phrases import Phrases


class Grammar:
    """Phrases by the words that they cannot do without."""

    def __init__(self, *grammars: Phrases) -> None:
        rules = [rule for grammar in grammars for rule in grammar.rules]
        self._patterns = tuple(rule.pattern for rule in rules)
        self._by_cue: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for cue in rule.cues:
                self._by_cue.setdefault(cue, []).append(place)

    def said_in(self, said: str) -> bool:
        spaced = f"{said} "
        return any(pattern.search(spaced) for pattern in self._tried(said.split()))

    def taken_from(self, said: str) -> str:
        """What was said, with a mark in the place of each phrase."""
        spaced = f"{said} "
        for pattern in self._tried(said.split()):
            spaced = pattern.sub("_ ", spaced)
        return spaced.rstrip()

    def _tried(self, words: Iterable[str]) -> list[re.Pattern[str]]:
        by_cue = self._by_cue
        places = {place for word in words if word in by_cue for place in by_cue[word]}
        return [self._patterns[place] for place in sorted(places)]
