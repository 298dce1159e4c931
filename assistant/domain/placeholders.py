"""Words with holes in them, `((first name))`: filled from a fixed list, and nothing else is ever worked out in them."""

import re
from collections.abc import Mapping

HOLE = re.compile(r"\(\(\s*([^()]{0,40}?)\s*\)\)")
KNOWN = ("first name", "spa", "plan", "price", "saving", "link")
"""What an offer may speak of: no treatment, no body, no card (`rules.md` 7.3)."""


def holes(words: str) -> tuple[str, ...]:
    """Every hole's name as it is written, in small letters and with one space between words, each once."""
    return tuple(dict.fromkeys(_name(found[1]) for found in HOLE.finditer(words)))


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with each hole filled. Raises `KeyError` for one that there is no value for.

    What is filled in is not looked at again: a client whose name is `((link))` is greeted so.
    """
    return HOLE.sub(lambda found: values[_name(found[1])], words)


def _name(written: str) -> str:
    return " ".join(written.lower().split())
