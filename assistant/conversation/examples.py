"""The example phrases that lie beside the intents: what the classifier is trained on, and nothing else is."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("intents")
LOCALES = ("en", "es")


class Example(NamedTuple):
    """One phrase as a member would write it."""

    intent: str
    locale: str
    text: str


def read_all(folder: Path = FOLDER) -> list[Example]:
    """Every example, by intent and then in the order of its file."""
    return [example for path in sorted(folder.glob("*.txt")) for example in _read(path)]


def _read(path: Path) -> Iterator[Example]:
    """A line `en:` or `es:` begins a section; every other line that is not empty is a phrase."""
    locale = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        phrase = line.strip()
        if phrase.removesuffix(":") in LOCALES and phrase.endswith(":"):
            locale = phrase.removesuffix(":")
        elif phrase:
            if not locale:
                raise ValueError(f"{path.name}: a phrase before en: or es:")
            yield Example(path.stem, locale, phrase)
