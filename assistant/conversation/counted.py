"""A keyword with a number of months behind it: "PAUSE 2", "pausa 3 meses"."""

import re

from assistant.domain.words import matchable

COUNTED = re.compile(r"(.*\S) (\d{1,2})(?: (?:months?|mos?|meses|mes))?(?: (?:please|pls|por favor))?")


def read(body: str) -> tuple[str, int] | None:
    """The keyword as it is matched, and the number; None where there is none."""
    found = COUNTED.fullmatch(matchable(body))
    return (found[1], int(found[2])) if found else None
