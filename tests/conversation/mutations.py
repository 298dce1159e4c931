"""What members wrote, spoilt at random: the development messages, mutated in every way that phones and people have."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import digit

DATA = Path(__file__).parents[1] / "data" / "messages"
CARDS = ("4242424242424242", "5555555555554444", "378282246310005", "6011111111111117", "30569309025904")
ODD = (
    "\u200b",
    "\u200d",
    "\u202e",
    "\u200f",
    "\u2066",
    "\ufeff",
    "\u0301",
    "\ud83d",
    "\U0001f44d",
    "\U0001f469\u200d\U0001f467",
)
CONTROL = (
    "\x00",
    "\x07",
    "\x1b[31m",
    "\t",
    "\r\n",
    "\x85",
    "\u2028",
    '"',
    "'",
    "\u201c",
    "<b>",
    "</p>",
    "&amp;",
    "{{",
    "%s",
    "\\",
)
ALIKE = str.maketrans(
    "aeopcxyiAEOPCTS", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0391\u0395\u039f\u03a1\u0421\u03a4\u0405"
)
SCRIPTS = ("\u0660", "\u0966", "\uff10", "\U0001d7ce")
"""The zero of other scripts."""
BETWEEN = ("", " ", "-", ".", "\u2011", "\u00a0", "\u200b", "\n", " - ", "_", "/", "\t")
LIKE_DATES = frozenset({"-", "/"})
"""One digit at a time between these is taken for dates: `test_a_number_like_dates` in test_fuzz.py."""
Change = Callable[[random.Random, str], str]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A row of the development set with its words spoilt, and the digits of the card put in, if one was."""

    row: dict[str, Any]
    text: str
    card: str | None


def rows() -> list[dict[str, Any]]:
    """The development set."""
    lines = (line for path in sorted(DATA.glob("dev-*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines]


def spoilt(chance: random.Random, kept: list[dict[str, Any]]) -> Spoilt:
    """One message, spoilt up to five times; one in five holds a card number."""
    row = chance.choice(kept)
    text = str(row["text"])
    if chance.random() < 0.15:
        text = chance.choice(("{} {}", "{}\n{}", "{}{}", "{}. {}")).format(text, chance.choice(kept)["text"])
    for _ in range(chance.randint(0, 5)):
        text = chance.choices(CHANGES, WEIGHTS)[0](chance, text)
    card = chance.choice(CARDS) if chance.random() < 0.2 else None
    return Spoilt(row, _put_in(chance, text, spelt(chance, card)) if card else text, card)


def digits(text: str) -> str:
    """All digits of a text, whatever their script."""
    return "".join(str(value) for letter in text if (value := digit(letter, -1)) >= 0)


def shows(card: str, text: str) -> bool:
    """Whether a text holds the number in any spelling; what is left around one taken out of its middle is not it."""
    return any(card in digits(piece) for piece in text.split(" removed]"))


def spelt(chance: random.Random, card: str) -> str:
    """A card number as people and programs write it."""
    between, zero = chance.choice(BETWEEN), ord(chance.choice(SCRIPTS))
    size = 4 if between in LIKE_DATES else chance.choice((4, 4, 4, 1, 2, 16))
    said = between.join(card[at : at + size] for at in range(0, len(card), size))
    if chance.random() < 0.15:
        said = "".join(chr(zero + int(letter)) if letter.isascii() and letter.isdigit() else letter for letter in said)
    return chance.choice(("{}", "{}", "my card is {}", "visa: {} exp 12/29", "tarjeta {} cvv 123")).format(said)


def _put_in(chance: random.Random, text: str, said: str) -> str:
    words = text.split(" ")
    at = chance.randint(0, len(words))
    return " ".join([*words[:at], said, *words[at:]])


def _at(chance: random.Random, text: str) -> int:
    return chance.randrange(len(text) + 1)


def _drop(chance: random.Random, text: str) -> str:
    at = _at(chance, text)
    return text[:at] + text[at + 1 :]


def _double(chance: random.Random, text: str) -> str:
    at = _at(chance, text)
    return text[:at] + text[at : at + 1] * chance.choice((2, 2, 3, 9)) + text[at + 1 :]


def _swap(chance: random.Random, text: str) -> str:
    at = _at(chance, text)
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _cut(chance: random.Random, text: str) -> str:
    return text[: _at(chance, text)] if chance.random() < 0.5 else text[_at(chance, text) :]


def _join(chance: random.Random, text: str) -> str:
    return text.replace(" ", chance.choice(("", "_", "  ", "...")), chance.randint(1, 4))


def _repeat(chance: random.Random, text: str) -> str:
    words = text.split(" ")
    at = chance.randrange(len(words))
    return " ".join([*words[:at], *words[at : at + 1] * chance.randint(2, 5), *words[at + 1 :]])


def _insert(chance: random.Random, text: str) -> str:
    at = _at(chance, text)
    return text[:at] + chance.choice(ODD + CONTROL) + text[at:]


def _alike(chance: random.Random, text: str) -> str:
    at = _at(chance, text)
    return text[:at] + text[at : at + 12].translate(ALIKE) + text[at + 12 :]


def _loud(_chance: random.Random, text: str) -> str:
    return text.upper() if text != text.upper() else text.lower()


def _huge(chance: random.Random, text: str) -> str:
    return (
        f"{text} " * chance.choice((20, 60)) if chance.random() < 0.9 else text + chance.choice("aA1 \u0301") * 30_000
    )


CHANGES: tuple[Change, ...] = (_drop, _double, _swap, _cut, _join, _repeat, _insert, _alike, _loud, _huge)
WEIGHTS = (20, 14, 16, 6, 8, 8, 18, 8, 6, 0.15)
