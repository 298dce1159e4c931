"""What a part of a message asks for, by verb and object: the grammar on top of the classifier, in English and Spanish.

It reads `normalise.plain` text, and is written in `cues.txt`. The order there decides: a visit's cancellation is looked
for before a membership's, and the end of a pause before a pause.
"""

import re
from pathlib import Path

from assistant.domain.phrases import Phrases, phrases

GRAMMAR = Path(__file__).with_name("cues.txt")


def asked(part: str) -> str | None:
    """The finer intent that one part of a message plainly names; None where the grammar knows none."""
    words = frozenset(part.split())
    spaced = f"{part} "
    return next((name for name, grammar in _TABLE if grammar.found_in(spaced, words)), None)


def _read(text: str) -> tuple[tuple[str, Phrases], ...]:
    lists: dict[str, str] = {}
    grammars: list[tuple[str, list[str]]] = []
    for line in _joined(text):
        if (listed := _LIST.match(line)) is not None:
            lists[listed[1]] = line[listed.end() :]
        elif line.startswith("["):
            grammars.append((line.strip("[]"), []))
        else:
            grammars[-1][1].append(line)
    return tuple((name, phrases("\n".join(lines), lists)) for name, lines in grammars)


def _joined(text: str) -> list[str]:
    """Its lines, each with those that go on with it."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += line.strip() if lines[-1].endswith("|") else f" {line.strip()}"
        elif line.strip() and not line.startswith("#"):
            lines.append(line.strip())
    return lines


_LIST = re.compile(r"<(\w+)> =")
_TABLE = _read(GRAMMAR.read_text(encoding="utf-8"))
