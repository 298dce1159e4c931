"""Letters that only look like ours, Cyrillic and Greek, and what stands in for letters: made what they look like."""

import re

_CYRILLIC = (
    "\u0410\u0412\u0415\u0405\u005a\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423"
    "\u0425\u042c\u0430\u0432\u0435\u0455\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442"
    "\u0443\u0445\u0501\u04bb\u04cf\u051b\u051d\u0581\u044c\u0433"
)
_CYRILLIC_AS = "ABESZIJKMHOPCTYXbabesijkmhopctyxdhlqwgbr"
_GREEK = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03b1"
    "\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9"
)
_GREEK_AS = "ABEZHIKMNOPTYXabeikvoptuxw"
_OTHERS = "\u0131\u0251\u0261\u0269\u029f\u028f\u217c\u1d04\u1d0f\u1d18\u1d1b\u0475\u0461"
_OTHERS_AS = "iagilylcoptvw"
_FOLDED = str.maketrans(_CYRILLIC + _GREEK + _OTHERS, _CYRILLIC_AS + _GREEK_AS + _OTHERS_AS)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_REGIONAL = {0x1F1E6 + place: chr(97 + place) for place in range(26)}
_ENCLOSED = _REGIONAL | {start + place: chr(97 + place) for start in (0x1F130, 0x1F150, 0x1F170) for place in range(26)}


def fold(text: str) -> str:
    """The same in our letters; unseen characters go. A word of another alphabet that holds none of ours is folded too:
    whoever writes to us so writes to be read as ours.
    """
    return text if text.isascii() else _UNSEEN.sub("", text).translate(_FOLDED).translate(_ENCLOSED)
