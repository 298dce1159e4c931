"""What we keep of what somebody wrote, and the plain form in which we compare it."""

import re
from unicodedata import category, normalize


def sanitise(raw: str) -> str:
    """What we store: everything that was said, in a form every database and provider takes.

    Composed (NFC), lines end in LF, tabs are spaces, and what nobody can have meant is gone: NUL and other controls,
    surrogates without their half.
    """
    if raw.isascii() and not _CONTROLS.search(raw):
        return raw
    whole = raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return normalize("NFC", _CONTROLS.sub("", _LINE_ENDS.sub("\n", whole).replace("\t", " ")))


def matchable(text: str) -> str:
    """What we match on: lower case, no accents, words apart by one space; "No, SEÑOR!" is "no senor".

    Of all punctuation only the apostrophe inside a word is left, and that one straight.
    """
    apart = text.encode().translate(_ASCII_WORDS).decode() if text.isascii() else _NOT_WORDS.sub(" ", _plain(text))
    return " ".join((_LOOSE_APOSTROPHES.sub(" ", apart) if "'" in apart else apart).split())


def _plain(text: str) -> str:
    # Quotes first, for compatibility normalisation tears a free-standing accent into a space and a mark;
    # and last, for it also brings new ones.
    text = normalize("NFKD", _APOSTROPHES.sub("'", text)).casefold()
    text = "".join(c for c in normalize("NFKD", text) if category(c) not in _DROPPED)
    return _APOSTROPHES.sub("'", normalize("NFKC", text))


_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_APOSTROPHES = re.compile("[`\u2018\u2019\u201b\u2032\u02bc\u00b4\uff07]")
_NOT_WORDS = re.compile(r"[^\w']+|_+")
_LOOSE_APOSTROPHES = re.compile(r"(?<!\w)'+|'+(?!\w)")
_DROPPED = frozenset({"Mn", "Me", "Mc", "Cf", "Cs"})
_ASCII_WORDS = bytes(
    ord(c.lower()) if c.isalnum() or c == "'" else ord("'" if c == "`" else " ") for c in map(chr, range(128))
).ljust(256)
