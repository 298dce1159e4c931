"""Only the new words of a mail: without what it quotes, its signature and what programs add (`rules.md` 4.13)."""

import re
from collections.abc import Iterator, Sequence

from assistant.domain import email_marks as marks
from assistant.domain.email_html import looks_like_html, text_of
from assistant.domain.words import sanitise

MOST = 60_000
"""Letters that are read; nobody has more to say to us."""
MOST_LINES = 2_000
LONG = 400
"""A longer line is nobody's farewell and no program's."""
WRAPPED_AT = 55
"""A quoted line this long may have been broken, and its end have lost its mark."""
MOST_OF_A_CARD = 14

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")


def new_words(text: str, html: str | None = None) -> str:
    """What the writer of a mail has newly said, lines apart; "" where there is nothing, or nothing that we can tell.

    `text` is its plain part, `html` the other, which is read where there is no plain one. Where words stand among
    quoted ones, above them or below, all that are not quoted are said. Never raises, whatever it is given.
    """
    return "\n".join(_told(_own_blocks(_lines(text, html)))).strip()


def _lines(text: str, html: str | None) -> list[str]:
    body = text if text.strip() else text_of(html or "")
    if looks_like_html(body):
        body = text_of(body)
    body = _UNSEEN.sub("", _SPACES.sub(" ", sanitise(body[:MOST])))
    body = marks.INLINE_ATTRIBUTION.sub(_on_its_own_line, body)
    return [line.rstrip() for line in body.split("\n")[:MOST_LINES]]


def _on_its_own_line(found: re.Match[str]) -> str:
    return f"\n{found[1]}\n" if marks.EVIDENCE.search(found[1]) else found[0]


# --- what is quoted --------------------------------------------------------------------------------------------------


def _own_blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between quoted ones, as blocks: each may have a signature of its own."""
    block: list[str] = []
    at = 0
    while at < len(lines):
        if _quotes_the_rest(lines, at):
            break
        if taken := _attribution(lines, at):
            at = _next_said(lines, at + taken)
            if at >= len(lines) or not marks.QUOTED.match(lines[at]):
                break
        elif marks.QUOTED.match(lines[at]):
            yield block
            block = []
            at = _after_quoted(lines, at)
        else:
            block.append(lines[at])
            at += 1
    yield block


def _quotes_the_rest(lines: Sequence[str], at: int) -> bool:
    """Whether an earlier mail begins here, the whole of it: nothing below is new."""
    line = lines[at]
    if len(line) > LONG:
        return False
    if marks.EARLIER.fullmatch(line) or marks.REPLY_ABOVE.fullmatch(line) or marks.HEADERS_IN_A_LINE.search(line):
        return True
    header = marks.HEADER.match(line)
    if header is None or header["name"].lower() not in marks.SENDERS:
        return False
    near = [line for line in lines[at + 1 : at + 12] if line.strip()][:7]
    names = {found["name"].lower() for each in near if (found := marks.HEADER.match(each))} - marks.SENDERS
    return len(names) >= 2 and bool(names & marks.WHENS)


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from here say who wrote what follows, and when; 0 where they do not."""
    if not marks.ATTRIBUTION_BEGINS.match(lines[at][:LONG]):
        return 0
    for taken in range(1, 5):
        part = lines[at : at + taken]
        if len(part) < taken or not part[-1].strip() or marks.QUOTED.match(part[-1]):
            return 0
        if _attributes(part):
            dated = any(letter.isdigit() for letter in part[0]) or "@" in part[0] or taken == 1
            return taken if dated and not _begins_later(part) else 0
    return 0


def _begins_later(part: Sequence[str]) -> bool:
    """Whether it is all there without its first lines, which are then somebody's words."""
    return any(marks.DATED_BEGINNING.match(part[skip]) and _attributes(part[skip:]) for skip in range(1, len(part)))


def _attributes(part: Sequence[str]) -> bool:
    joined = " ".join(part)
    return (
        len(joined) <= LONG
        and bool(marks.ATTRIBUTION.fullmatch(joined.strip("* _")))
        and bool(marks.EVIDENCE.search(joined))
    )


def _next_said(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _after_quoted(lines: Sequence[str], at: int) -> int:
    """Past the quoted lines; and past the lost ends of those that were broken, between one quoted line and the next."""
    while at < len(lines) and marks.QUOTED.match(lines[at]):
        broken = len(lines[at]) >= WRAPPED_AT
        at += 1
        if broken and at + 1 < len(lines) and _is_lost_end(lines[at]) and marks.QUOTED.match(lines[at + 1]):
            at += 1
    return at


def _is_lost_end(line: str) -> bool:
    return bool(line.strip()) and not marks.QUOTED.match(line) and len(line) < 50 and not line[0].isupper()


# --- what is added ---------------------------------------------------------------------------------------------------


def _told(blocks: Iterator[list[str]]) -> Iterator[str]:
    """Each block's own words: signatures, banners and disclaimers are nobody's words to us."""
    for block in blocks:
        said = _BLANK_LINES.sub("\n\n", "\n".join(_signed_off(_without_banners(block)))).strip()
        if said:
            yield said


def _without_banners(block: Sequence[str]) -> list[str]:
    """Without the paragraphs that mail systems put in, and without lines that are only drawn."""
    kept: list[str] = []
    in_banner = False
    for line in block:
        in_banner = bool(line.strip()) and (in_banner or _begins(marks.BANNER, line))
        drawn = _is(marks.RULE, line) and not _is(marks.DASHES, line)
        if not in_banner and not drawn and not _is(marks.PICTURE, line):
            kept.append(line)
    return kept


def _signed_off(block: Sequence[str]) -> list[str]:
    """What is said before the signature; and after it what is plainly said all the same."""
    said: list[str] = []
    at = 0
    while at < len(block):
        something = any(line.strip() for line in said)
        if (_is(marks.DASHES, block[at]) and at + 1 < len(block)) or _begins(marks.DISCLAIMER, block[at]):
            return said
        if _is(marks.DEVICE, block[at]):
            if something:
                return [*said, *_said_below(block[at + 1 :])]
        elif something and (taken := _signature(block, at)):
            return [*said, *_said_below(block[at + taken :])]
        else:
            said.append(block[at])
        at += 1
    return said


def _signature(block: Sequence[str], at: int) -> int:
    """How many lines from here are a farewell with its name, a name set off by a dash, or a card of address."""
    line, rest = block[at], [each for each in block[at + 1 :] if each.strip()]
    if not line.strip() or len(line) > LONG:
        return 0
    if _is(marks.SIGN_OFF, line):
        named = bool(rest) and _is_name(rest[0])
        return 1 if named or (not rest and marks.FORMAL.search(line)) else 0
    if line.lstrip()[0] in "-~\u2013\u2014" and not rest and _is_name(line) and len(line.split()) <= 4:
        return 1
    apart = at > 0 and not block[at - 1].strip()
    card = rest[: MOST_OF_A_CARD - 1]
    if apart and card and _is_name(line) and any(map(_is_card_line, card)) and len(rest) < MOST_OF_A_CARD:
        return 1
    return 0


def _said_below(rest: Sequence[str]) -> list[str]:
    """Of what stands below a name: a postscript, or a paragraph that wants something of us."""
    for at, line in enumerate(rest):
        if marks.POSTSCRIPT.match(line) and len(line) <= LONG:
            return _signed_off(["", *rest[at:]])
        apart = at > 0 and not rest[at - 1].strip()
        if _begins(marks.DISCLAIMER, line) or _is(marks.DASHES, line):
            return []
        if apart and not _is_card_line(line) and len(line.split()) >= 3 and len(marks.WANTS.findall(line)) >= 2:
            return _signed_off(["", *rest[at:]])
    return []


def _is_name(line: str) -> bool:
    """Four words or five at most, each with a capital, and none of them a wish."""
    words = line.strip().strip("-~\u2013\u2014,.! ").split()
    first = words[0].strip(".,!*").lower() if words else ""
    return 0 < len(line) <= 60 and first not in marks.COMMANDS and bool(marks.NAME.fullmatch(line.strip()))


def _is_card_line(line: str) -> bool:
    return len(line) <= 120 and bool(marks.CARD_LINE.search(line))


def _is(mark: re.Pattern[str], line: str) -> bool:
    """Whether a mark is the whole of a line; a longer one is nobody's farewell and no program's."""
    return len(line) <= LONG and mark.fullmatch(line) is not None


def _begins(mark: re.Pattern[str], line: str) -> bool:
    return mark.match(line[:LONG]) is not None
