"""Phrases to look for in what somebody said, written word by word in a small grammar.

A line is a phrase: `stop|quit` is either word, `<texts>` any word of that list, `_` a space inside a word, `.` any
word; `?` and `*` after a word make it optional and repeatable, `^` and `$` are the ends of what was said, and what
follows `#` is for the reader. `!` before it makes it any other word than these, and `!...*` is up to five of them.
It is all matched on `words.matchable` text: lower case, no accents, one space apart.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """A rule is only tried where one of the words it cannot do without is said."""

    rules: tuple[_Rule, ...]
    cues: frozenset[str]

    def said_in(self, clause: str) -> bool:
        return self.found_in(f"{clause} ", frozenset(clause.split()))

    def found_in(self, spaced: str, words: frozenset[str]) -> bool:
        """The same, of a clause that has a space after its last word, and whose words are known."""
        return not self.cues.isdisjoint(words) and any(
            rule.pattern.search(spaced) for rule in self.rules if not rule.cues.isdisjoint(words)
        )


def phrases(grammar: str, lists: dict[str, str]) -> Phrases:
    """Read a grammar; `lists` are words apart by white space, by name."""
    lines = (line.partition("#")[0].split() for line in _GOES_ON.sub("|", grammar).splitlines())
    rules = tuple(_rule(line, lists) for line in lines if line)
    return Phrases(rules, frozenset().union(*(rule.cues for rule in rules)))


_GOES_ON = re.compile(r"\|\s*\n\s*")
"""A line that ends in `|` goes on with the next."""


def _rule(tokens: list[str], lists: dict[str, str]) -> _Rule:
    parts: list[str] = []
    needed: list[list[str]] = []
    for word in tokens:
        if word in "^$":
            parts.append(word)
            continue
        one_of, often = (word[:-1], word[-1]) if word[-1] in "?*" else (word, "")
        choices = [choice for name in one_of.removeprefix("!").split("|") for choice in _choices(name, lists)]
        if one_of.startswith("!"):
            parts.append(f"(?:(?!(?:{'|'.join(choices)}) )\\S+ ){'{0,5}' if often == '*' else often}")
            continue
        parts.append(f"(?:(?:{'|'.join(choices)}) ){'{0,12}' if often == '*' else often}")
        if not often and all(re.fullmatch(r"[\w' ]+", choice) for choice in choices):
            needed.append(choices)
    cues = min(needed, key=len)
    return _Rule(re.compile("(?<!\\S)" + "".join(parts)), frozenset(cue.split()[0] for cue in cues))


def _choices(name: str, lists: dict[str, str]) -> list[str]:
    if name.startswith("<"):
        return [choice.replace("_", " ") for choice in lists[name[1:-1]].split()]
    return ["\\S+" if name == "." else name.replace("_", " ")]
