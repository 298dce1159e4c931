"""Understanding's floor: eight bare regular expressions, tried in turn."""

import re

EIGHT = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"\b(stop|unsubscribe|alto|basta)\b", "stop"),
        (r"\b(swell\w*|swollen|pain|hurts?|rash|hinchad\w*|duele)\b", "medical"),
        (r"\b(pause|freeze|hold|pausar?|congelar?)\b", "pause"),
        (r"\b(cancel|quit|leave|cancelar?)\b", "cancel_membership"),
        (r"\b(balance|credits?|points|saldo|creditos?)\b", "balance"),
        (r"\b(card|tarjeta)\b", "update_card"),
        (r"\b(book|appointment|schedule|cita)\b", "book"),
        (r"\b(join|sign me up|inscribir\w*)\b", "join"),
    )
)


def read(text: str) -> str:
    return next((meaning for pattern, meaning in EIGHT if pattern.search(text)), "other")
