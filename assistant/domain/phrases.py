"""Phrases to look for in what somebody said, written word by word in a small grammar.

A line is a phrase: `stop|quit` is either word, `<texts>` any word of that list, `_` a space inside a word, `.` any
word; `?` and `*` after a word make it optional and repeatable, `!` before it makes it any other word (`!...*` is up to
five of them), `^` and `$` are the ends of what was said (`$` may stand among words), and what follows `#` is for the
reader. It is all matched on `words.matchable` text: lower case, no accents, one space apart.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is looked for, and the first words of two things that it cannot do without."""

    pattern: re.Pattern[str]
    cues: frozenset[str]
    besides: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """A rule is only tried where the words it cannot do without are said."""

    rules: tuple[_Rule, ...]
    cues: frozenset[str]
    by_cue: dict[str, tuple[_Rule, ...]]

    def said_in(self, clause: str) -> bool:
        return self.found_in(f"{clause} ", frozenset(clause.split()))

    def found_in(self, spaced: str, words: frozenset[str]) -> bool:
        """The same, of a clause that has a space after its last word, and whose words are known."""
        return any(
            rule.pattern.search(spaced)
            for cue in self.cues & words
            for rule in self.by_cue[cue]
            if not rule.besides.isdisjoint(words)
        )


def phrases(grammar: str, lists: dict[str, str]) -> Phrases:
    """Read a grammar; `lists` are words apart by white space, by name."""
    lines = (line.partition("#")[0].split() for line in _FURTHER_IN.sub(" ", _GOES_ON.sub("|", grammar)).splitlines())
    rules = tuple(_rule(line, lists) for line in lines if line)
    by_cue: dict[str, tuple[_Rule, ...]] = {}
    for rule in rules:
        for cue in rule.cues:
            by_cue[cue] = (*by_cue.get(cue, ()), rule)
    return Phrases(rules, frozenset(by_cue), by_cue)


_GOES_ON = re.compile(r"\|\s*\n\s*")
"""A line that ends in `|` goes on with the next."""
_FURTHER_IN = re.compile(r"\n {8,}")
"""So does one whose next is indented."""


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
        if "$" in choices:
            parts.append(f"(?:(?:{'|'.join(each for each in choices if each != '$')}) |$)")
            continue
        parts.append(f"(?:(?:{'|'.join(choices)}) ){'{0,12}' if often == '*' else often}")
        if not often and all(re.fullmatch(r"[\w' ]+", choice) for choice in choices):
            needed.append(choices)
    cues = sorted((frozenset(cue.split()[0] for cue in each) for each in needed), key=_how_often)
    return _Rule(re.compile("(?<!\\S)" + "".join(parts)), cues[0], cues[min(1, len(cues) - 1)])


def _how_often(cues: frozenset[str]) -> int:
    """Roughly, how often one of them is said."""
    return len(cues) + 40 * len(cues & _EVERYWHERE)


_EVERYWHERE = frozenset(
    "i me my you u to the a of it this is and not no don't do for in on your we be can de no que me mi la el ya".split()
)
"""Words in every second message: what is looked for by one of them is looked for too often."""


def _choices(name: str, lists: dict[str, str]) -> list[str]:
    if name.startswith("<"):
        return [choice.replace("_", " ") for choice in lists[name[1:-1]].split()]
    return ["\\S+" if name == "." else name.replace("_", " ")]
