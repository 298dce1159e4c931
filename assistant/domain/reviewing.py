"""Which answers an owner may keep under review, and how far a person agreed with one."""

from difflib import SequenceMatcher
from enum import StrEnum

REVIEWABLE = ("balance", "why", "perks", "receipt", "hours", "thanks")
"""Intents whose answers only tell. A member who asks to pause, leave, pay or join is in a dialogue of tokens that would
run out while a person reads; STOP, START, HELP, medical words, a removed card number and whatever keeps somebody safe
or within the law is answered at once, always."""
EDITED = 0.5
"""Above this share of the same words it is the draft, edited; below it, another answer."""


class Agreement(StrEnum):
    """What a person sent where the assistant would have."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    REPLACED = "replaced"


def agreement(drafted: str, sent: str) -> Agreement:
    """By their words; spaces are nobody's opinion."""
    one, other = drafted.split(), sent.split()
    if one == other:
        return Agreement.UNCHANGED
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return Agreement.EDITED if alike >= EDITED else Agreement.REPLACED
