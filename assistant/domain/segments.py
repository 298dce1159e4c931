"""How many segments a text is billed as, and how to say the same in fewer (`rules.md 3.7`, `3.8`)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: septets (GSM-7) or UTF-16 code units (UCS-2), and the segments they fill."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str, *, toll_free: bool = False) -> Segments:
    r"""Count a text as it is given; an empty text is 0 segments, for it cannot be sent.

    CR is a character of the GSM alphabet, so a raw CRLF is two GSM-7 units, as in version 1.3.0 of Twilio's own
    calculator (older versions made it one UCS-2 grapheme); `fold` makes it one LF. Beyond pairs that must not be cut
    (GSM escapes, surrogates) nothing is kept together: networks cut emoji sequences where the code unit falls.
    """
    if text.isascii():
        special = text.encode().translate(None, _PLAIN_ASCII)
        escapes = 0 if not special else -1 if special.translate(None, _ESCAPED_ASCII) else len(special)
    else:
        escapes = sum(map(text.count, _ESCAPED)) if _GSM.issuperset(text) else -1
    if escapes < 0:
        return _count_ucs2(text, toll_free=toll_free)
    units = len(text) + escapes
    return _ONE_SEGMENT[units] if units <= 160 else _count_long_gsm(text, units, escapes, 152 if toll_free else 153)


def fold(text: str) -> str:
    """Say the same in the GSM alphabet where the meaning is the same.

    Punctuation, spaces and signs are folded. Letters never are: a member's name is not ours to misspell, so "Raúl"
    stays and costs what it costs. Letters typed as base and accent are composed, which spells them the same.
    """
    if text.isascii() and not _UNFOLDED_ASCII.search(text):
        return text
    text = _MIXED_NUMBER.sub(" ", text.replace("\r\n", "\n"))
    text = normalize("NFC", text).translate(_FOLDED)
    bare = _JOINERS.sub("", text)
    return bare if _GSM.issuperset(bare) else text


def _count_long_gsm(text: str, units: int, escapes: int, size: int) -> Segments:
    if not escapes:
        return Segments(Encoding.GSM_7, units, -(-units // size))
    return Segments(Encoding.GSM_7, units, _packed(text.translate(_ESCAPE_PAIRS).encode(), size, _ESCAPE))


def _count_ucs2(text: str, *, toll_free: bool) -> Segments:
    high_bytes = text.encode("utf-16-be", "replace")[::2]
    units = len(high_bytes)
    segments = 1 if units <= 70 else _packed(high_bytes, 66 if toll_free else 67, _HIGH_SURROGATES)
    return Segments(Encoding.UCS_2, units, segments)


def _packed(units: bytes, size: int, openers: bytes) -> int:
    """Fill segments of `size` units, handing a unit that opens a pair to the next segment rather than cut the pair."""
    segments = start = 0
    while start < len(units):
        end = start + size
        start = end - 1 if end < len(units) and units[end - 1] in openers else end
        segments += 1
    return segments


_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = "\f^{}\\[~]|€"
_GSM = frozenset(_BASIC + _ESCAPED)
_PLAIN_ASCII = "".join(filter(str.isascii, _BASIC)).encode()
_ESCAPED_ASCII = "".join(filter(str.isascii, _ESCAPED)).encode()
_ESCAPE = b"\x1b"
_HIGH_SURROGATES = bytes(range(0xD8, 0xDC))
# Every unit becomes one byte: what matters to packing is only where the escapes are.
_ESCAPE_PAIRS = dict.fromkeys(map(ord, _ESCAPED), "\x1bx") | {ord(c): "x" for c in _BASIC if not c.isascii()}
_ONE_SEGMENT = tuple(Segments(Encoding.GSM_7, units, min(units, 1)) for units in range(161))

_UNFOLDED_ASCII = re.compile(r"[\x00-\x09\x0b-\x1f`\x7f]")
# "1½" must not become "11/2".
_MIXED_NUMBER = re.compile(r"(?<=\d)(?=[¼½¾⅓⅔⅛⅜⅝⅞])")
# Joiners and variation selectors make emoji and scripts what they are; among GSM letters they are litter.
_JOINERS = re.compile("[\u200c\u200d\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]")

_SAME_MEANING = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u275b\u275c\u00b4`\uff07",
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u301d\u301e\u301f\u00ab\u00bb\uff02",
    "<": "\u2039",
    ">": "\u203a",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\u2022\u2023\u25aa\u25cf\u25e6",
    "...": "\u2026",
    "..": "\u2025",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\r\x0b\x0c\x85\u2028\u2029",
    "/": "\u2044\u2215\u00f7",
    "1/4": "¼",
    "1/2": "½",
    "3/4": "¾",
    "1/3": "⅓",
    "2/3": "⅔",
    "1/8": "⅛",
    "3/8": "⅜",
    "5/8": "⅝",
    "7/8": "⅞",
    "x": "\u00d7",
    "!!": "\u203c",
    "??": "\u2047",
    "?!": "\u2048",
    "!?": "\u2049",
    "<=": "\u2264",
    ">=": "\u2265",
    "->": "\u2192",
    "<-": "\u2190",
    "(R)": "\u00ae",
    "(C)": "\u00a9",
    "(TM)": "\u2122",
    "*": "\u2217\u204e",
    "|": "\u2223",
    "~": "\u223c\u02dc",
    ",": "\u3001",
    ".": "\u3002",
    "": "\u00ad\u200b\u2060\ufeff\x7f"
    + "".join(map(chr, [*range(9), *range(14, 32), *range(0x80, 0x85), *range(0x86, 0xA0)])),
}
_FOLDED = {ord(c): plain for plain, fancy in _SAME_MEANING.items() for c in fancy} | {
    0xFEE0 + ord(c): c for c in map(chr, range(0x21, 0x7F)) if not c.isalpha()
}
