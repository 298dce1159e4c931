"""Finds card numbers, and what comes with them, in what people write, and takes every digit out (`rules.md 7.1`)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from unicodedata import digit


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be stored and logged, and whether anything was taken out of it."""

    text: str
    found: bool


def redact(text: str) -> Redacted:
    """Take out card numbers, and the codes and expiry dates beside them, and social security numbers.

    A card number is 13-19 digits in any script and with any separators that begin as an issuer's and pass Luhn; where
    the text speaks of a card, a mistyped one goes too. Phone numbers, dates and amounts stay.
    """
    return redact_all((text,))[0]


def redact_split(previous: str, current: str) -> tuple[Redacted, Redacted]:
    """Take a number out of two consecutive texts it was split over; the caller decides what is consecutive."""
    before, after = redact_all((previous, current))
    return before, after


def has_fragment(text: str) -> bool:
    """Whether a text holds enough digits to be a part of a number that was split over texts."""
    return _THREE_DIGITS.search(text) is not None


def redact_all(texts: Sequence[str]) -> tuple[Redacted, ...]:
    """Redact texts that followed one another, each by itself and all as if they were one."""
    if not any(map(has_fragment, texts)):
        return tuple(Redacted(text, found=False) for text in texts)
    said_card = any(map(_SAYS_CARD.search, texts))
    cards = [set(_cards(text, said_card=said_card)) for text in texts]
    begins = [0, *accumulate(len(text) + 1 for text in texts)]
    for start, end in _split_cards(texts, said_card=said_card) if len(texts) > 1 else ():
        for spans, text, begin in zip(cards, texts, begins, strict=False):
            if start < begin + len(text) and end > begin:
                spans.add((max(start - begin, 0), min(end - begin, len(text))))
    return tuple(_redacted(text, spans) for text, spans in zip(texts, cards, strict=True))


def _redacted(text: str, spans: set[tuple[int, int]]) -> Redacted:
    clean = text
    for start, end in reversed(_merged(spans)):
        clean = f"{clean[:start]}[card removed]{clean[end:]}"
    for pattern, plain in _BESIDE_CARD if spans else _ALONE:
        clean = pattern.sub(plain, clean)
    return Redacted(clean, clean != text)


def _merged(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _split_cards(texts: Sequence[str], *, said_card: bool) -> Iterator[tuple[int, int]]:
    """Spans, in the texts joined by line ends, of cards that no one text holds."""
    joined = "\n".join(texts)
    yield from _cards(joined, said_card=said_card)
    if not said_card:
        return
    begin = 0
    for first, second in pairwise(texts):  # "first half 4242 4242 ok?", "then 4242 4242"
        tail, head = list(_RUN.finditer(first))[-1:], _RUN.search(second)
        if tail and head and _is_card(_digits(tail[0][0]) + _digits(head[0])):
            yield begin + tail[0].start(), begin + tail[0].end()
            yield begin + len(first) + 1 + head.start(), begin + len(first) + 1 + head.end()
        begin += len(first) + 1


def _cards(text: str, *, said_card: bool) -> Iterator[tuple[int, int]]:
    for match in _LONG_RUN.finditer(text):
        begin, run = match.start("run"), match["run"]
        digits = _digits(run)
        if _ORDINARY.fullmatch(match[0]) and not _ONE_BY_ONE.fullmatch(run):
            continue
        if len(digits) <= 19 and _PLAUSIBLE.match(digits) and (said_card or _luhn(digits)):
            yield begin, begin + len(run)
        else:
            for start, end in _parts(run, said_card=said_card):
                yield begin + start, begin + end


_ONE_BY_ONE = re.compile(r"\d(?:\D+\d)+")
"""4/2/4/2/…: no row of dates is written so."""


def _parts(run: str, *, said_card: bool) -> Iterator[tuple[int, int]]:
    """Cards among other digits: "4242 4242 4242 4242 12/29 123", "4242424242424242123"."""
    groups = [group.span() for group in _GROUP.finditer(run)]
    digits, sizes = _digits(run), [end - start for start, end in groups]
    cards = list(_windows(digits, sizes, mistyped=False))
    hidden = [(start, end) for start, end in groups if end - start > 13 and _hides_card(_digits(run[start:end]))]
    if said_card:
        cards += _windows(digits, sizes, mistyped=True)
    begins = dict(zip(accumulate(sizes, initial=0), (start for start, _ in groups), strict=False))
    ends = dict(zip(accumulate(sizes), (end for _, end in groups), strict=True))
    yield from hidden
    yield from ((begins[start], ends[end]) for start, end in cards)


def _windows(digits: str, sizes: list[int], *, mistyped: bool) -> Iterator[tuple[int, int]]:
    """Cards that begin where a group of digits begins and end where one ends, the longest first; counted in digits."""
    ends = set(accumulate(sizes))
    free_from = 0
    for start in accumulate(sizes, initial=0):
        if start >= free_from and digits[start : start + 1] in "23456":
            sizes_here = (size for size in range(19, 12, -1) if start + size in ends)
            size = next((size for size in sizes_here if _is_card(digits[start : start + size], mistyped=mistyped)), 0)
            if size:
                free_from = start + size
                yield start, free_from


def _hides_card(digits: str) -> bool:
    # Nobody has an order number of 64 digits, and reading on would cost time for nothing.
    if len(digits) > 64:
        return True
    windows = (digits[i : i + size] for i in range(len(digits) - 13) for size in (14, 15, 16, 19))
    return any(_is_card(window) for window in windows)


def _is_card(digits: str, *, mistyped: bool = False) -> bool:
    return _ISSUED.fullmatch(digits) is not None and (mistyped or _luhn(digits))


def _luhn(digits: str) -> bool:
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _digits(run: str) -> str:
    if run.isascii():
        return "".join(filter(str.isdigit, run))
    return "".join(str(value) for c in run if (value := digit(c, -1)) >= 0)


_DOUBLED = str.maketrans("0123456789", "0246813579")

# Digits of every script, and the raised, lowered and circled ones.
_ANY_DIGIT = (
    "[\\d\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u2080-\u2089\u2460-\u2468\u24ea\u2776-\u277e\u2780-\u2788\u278a-\u2792]"
)
_GROUP = re.compile(f"{_ANY_DIGIT}+")
_RUN = re.compile(rf"{_ANY_DIGIT}(?:[\W_]{{0,4}}+{_ANY_DIGIT})*+")
_LONG_RUN = re.compile(rf"[+($]{{0,2}}(?P<run>{_ANY_DIGIT}(?:[\W_]{{0,4}}+{_ANY_DIGIT}){{12,}}+)")
_THREE_DIGITS = re.compile(rf"{_ANY_DIGIT}(?:[\W_]{{0,4}}+{_ANY_DIGIT}){{2}}")

# A number that stands alone need only begin like a card's; one found among others must have an issuer's length too.
_PLAUSIBLE = re.compile(r"(?!(\d)\1*\Z)(?:[3-6]|2[2-7])")
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:30[0-59]|3[689]\d)\d{11}(?:\d{2,5})?"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|6(?:011|4[4-9]\d|5\d\d|2\d\d)\d{12,15}",  # Discover, UnionPay
    re.ASCII,
)

_PHONE = (
    r"(?:\+?1[ .-]{0,2})?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?!\d)(?:\W{1,4}\d{1,5}(?!\d|\W?\d))?"
    r"|\+?1?[2-9]\d\d[2-9]\d{6}(?!\d)|\+\d{10,13}(?!\d)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = rf"20\d\d-\d\d-\d\d(?!\d)|{_DAY}[/-]{_DAY}(?:[/-](?:20)?\d\d)?(?!\d)"
_AMOUNT = r"\$ ?\d{1,6}(?:[,.]\d{2,3})*(?!\d)"
# Several phone numbers, dates, hours or amounts in a row are as long as a card. Atomic, or it could take for ever.
_ORDINARY = re.compile(
    rf"(?:(?>{_PHONE}|{_DATE}|\d?\d:\d\d(?!\d)|{_AMOUNT})(?>[^\w(+$]{{1,4}}|\Z))++",
    re.ASCII,
)

_SAYS_CARD = re.compile(
    r"(?<!\[)\b(?:cards?|visa|master ?card|amex|american express|discover|debit|tarjetas?|d[eé]bito)\b", re.IGNORECASE
)
_MONTH_YEAR = r"(?<!\d)(?:(?:0[1-9]|1[0-2])(?:20)?\d\d|(?:0?[1-9]|1[0-2])[\W_]{1,3}(?:20)?\d\d)(?!\d|[/.-]\d)"
_EXPIRY_AFTER = re.compile(rf"(?P<lead>(?:\[card removed\]|\bexp|\bvenc)\D{{0,24}}?){_MONTH_YEAR}", re.IGNORECASE)
_EXPIRY_BEFORE = re.compile(rf"{_MONTH_YEAR}(?P<tail>\D{{0,24}}\[card removed\])")
_CODE_BESIDE = re.compile(rf"(?P<lead>\[(?:card|expiry) removed\][\W_]{{1,4}}){_ANY_DIGIT}{{3,4}}(?!{_ANY_DIGIT})")
_CODE_NAME = (
    r"\b(?:cvv2?|cvc2?|cvn|csc|security (?:code|number|#)|sec code|c[oó]digo(?: de (?:seguridad|la tarjeta))?)\b"
)
_CODE_AFTER_NAME = re.compile(
    rf"(?P<lead>{_CODE_NAME}\D{{0,16}}?){_ANY_DIGIT}{{3,4}}(?!{_ANY_DIGIT}|[ .-]\d{{3}}[ .-])", re.IGNORECASE
)
_CODE_BEFORE_NAME = re.compile(
    rf"(?<!\d)(?<!\d[ .-]){_ANY_DIGIT}{{3,4}}(?!{_ANY_DIGIT})(?P<tail>\D{{0,12}}?{_CODE_NAME})(?!\D{{0,16}}\[code)",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<!\d)(?<!\d[-. ])(?!000|666|9)\d{3}([-. \u2010-\u2013])(?!00)\d\d\1(?!0000)\d{4}(?!\d|[-.]\d)")
_SSN_NAMED = re.compile(
    r"(?P<lead>\b(?:ssn|social security|seguro social)\D{0,24}?)\d{3}\D?\d\d\D?\d{4}(?!\d)", re.IGNORECASE
)

_ALONE = (
    (_SSN, "[ssn removed]"),
    (_SSN_NAMED, r"\g<lead>[ssn removed]"),
    (_CODE_AFTER_NAME, r"\g<lead>[code removed]"),
    (_CODE_BEFORE_NAME, r"[code removed]\g<tail>"),
)
_BESIDE_CARD = (
    (_EXPIRY_AFTER, r"\g<lead>[expiry removed]"),
    (_EXPIRY_BEFORE, r"[expiry removed]\g<tail>"),
    (_CODE_BESIDE, r"\g<lead>[code removed]"),
    *_ALONE,
)
