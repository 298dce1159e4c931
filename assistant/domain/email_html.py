"""The words of a mail that came as HTML only: what it shows, line by line, with all that it quotes marked by `>`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

MOST = 150_000
"""Letters of HTML that are read: a mail that says more says it in what it quotes."""
MOST_OF_A_TAG = 2_000
DEEPEST = 300
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
RAW = frozenset("script style title textarea".split())
"""What is between these is no HTML."""
UNSEEN = frozenset("head template object svg select".split())
BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html li main"
    " ol p pre section table tbody td tfoot th thead tr ul".split()
)
APART = frozenset("p h1 h2 h3 h4 ul ol table blockquote hr".split())
"""An empty line stands before these."""
WRAPPERS = frozenset("gmail_quote gmail_quote_container yahoo_quoted protonmail_quote zmail_extra".split())
"""Where a provider keeps what it quotes; what is typed below the quotation stands in it too."""
NOT_SAID = frozenset(
    "gmail_attr moz-cite-prefix gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block"
    " ms-outlook-mobile-signature ymail_android_signature ymail_ios_signature applemailsignature signature"
    " gmail-adl elementtoproof-signature".split()
)
"""Classes and ids of what the program wrote: who said the quoted words and when, and signatures."""
ENDING = ("appendonsend", "divrplyfwdmsg", "mail-editor-reference-message-container")
"""Where Outlook begins to quote: nothing after it is new."""
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.?[1-9])|mso-hide\s*:\s*all", re.IGNORECASE
)
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s>/]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
NAMED = re.compile(r"""(?<![\w-])(class|id|style)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")


def text_of(html: str) -> str:
    """What a reader sees; quoted lines begin with `>`; signatures and what is hidden are gone."""
    page = _Page()
    for token in _tokens(html[:MOST]):
        if page.ended:
            break
        match token:
            case str(words):
                page.say(words)
            case ("", tag, attributes):
                page.open(tag, attributes)
            case (_, tag, _):
                page.close(tag)
    return page.told()


def looks_like_html(text: str) -> bool:
    """Whether a text part is HTML all the same, as some programs send it."""
    head = text[:200].lstrip().lower()
    return head.startswith(("<!doctype", "<html", "<head", "<body", "<div", "<p>", "<p ", "<table", "<span", "<meta"))


Tag = tuple[str, str, str]
"""A slash where it closes, its name, its attributes."""


def _tokens(html: str) -> Iterator[str | Tag]:
    """Words and tags in turn. Each step takes what it looked at, so hostile HTML costs no more than any other."""
    at, lower, last = 0, html.lower(), html.rfind(">")
    while at < len(html):
        start = html.find("<", at)
        if start < 0 or start > last:
            yield unescape(html[at:])
            return
        if start > at:
            yield unescape(html[at:start])
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            at = end + 3 if end >= 0 else len(html)
        elif html.startswith(("<!", "<?"), start):
            at = html.find(">", start) + 1
        elif tag := _tag(html, start):
            (_, name, _), at = tag
            yield tag[0]
            if name in RAW:
                closing = lower.find(f"</{name}", at) if not tag[0][0] else at
                at = closing if closing >= 0 else len(html)
        else:
            yield "<"
            at = start + 1


def _tag(html: str, start: int) -> tuple[Tag, int] | None:
    """The tag that begins here and where it ends, or None where `<` is only a sign."""
    if found := TAG.match(html, start, start + MOST_OF_A_TAG):
        return (found[1], found[2].lower(), found[3]), found.end()
    if not html[start + 1 : start + 3].lstrip("/")[:1].isalpha():
        return None
    end = html.find(">", start)
    name, _, rest = html[start + 1 : min(end, start + MOST_OF_A_TAG)].partition(" ")
    return ("/" if name.startswith("/") else "", name.strip("/").lower(), rest), end + 1


@dataclass(slots=True)
class _Open:
    """An element that is open."""

    tag: str
    unseen: bool
    quotes: bool
    wraps: bool
    began: int
    """How many lines there were before it."""
    holds_quotes: bool = False


@dataclass(slots=True)
class _Page:
    """What has been read so far."""

    stack: list[_Open] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    unseen: int = 0
    quoted: int = 0
    pre: int = 0
    ended: bool = False

    def open(self, tag: str, attributes: str) -> None:
        named = {name.lower(): value.strip("\"'") for name, value in NAMED.findall(attributes[:MOST_OF_A_TAG])}
        identity = named.get("id", "").lower()
        if identity.endswith(ENDING):
            self.ended = True
            return
        self._break(tag)
        if tag in VOID or len(self.stack) >= DEEPEST:
            return
        names = {*named.get("class", "").lower().split(), identity.removeprefix("x_")}
        hides = tag in UNSEEN or bool(names & NOT_SAID) or bool(HIDDEN.search(named.get("style", "")))
        quotes = tag == "blockquote" and not hides
        wraps = bool(names & WRAPPERS) or "yahoo_quoted" in identity
        if quotes:
            self._quotes_begin()
        self.stack.append(_Open(tag, hides, quotes, wraps and not quotes, len(self.lines)))
        self.unseen += hides
        self.quoted += quotes
        self.pre += tag == "pre"

    def close(self, tag: str) -> None:
        self._break(tag)
        if any(each.tag == tag for each in self.stack):
            while self._pop().tag != tag:
                pass

    def say(self, words: str) -> None:
        if self.unseen:
            return
        first, *more = words.split("\n") if self.pre else [words]
        self.line.append(first)
        for each in more:
            self._flush()
            self.line.append(each)

    def told(self) -> str:
        self._end_line()
        while self.stack:
            self._pop()
        return "\n".join(self.lines).strip("\n")

    def _pop(self) -> _Open:
        """Close the innermost. A wrapper that marks nothing as quoted is a quotation itself."""
        last = self.stack.pop()
        self.unseen -= last.unseen
        self.quoted -= last.quotes
        self.pre -= last.tag == "pre"
        if last.wraps and not last.holds_quotes:
            del self.lines[last.began :]
        return last

    def _quotes_begin(self) -> None:
        """What a wrapper says before its quotation is who said that, and when."""
        for each in self.stack:
            if each.wraps and not each.holds_quotes:
                del self.lines[each.began :]
            each.holds_quotes = True

    def _break(self, tag: str) -> None:
        if self.unseen or (tag != "br" and tag not in BLOCKS):
            return
        if tag == "br":
            self._flush()
        else:
            self._end_line()
            if tag in APART and self.lines and self.lines[-1].strip("> "):
                self.lines.append("> " * self.quoted)

    def _end_line(self) -> None:
        if "".join(self.line).strip():
            self._flush()
        self.line.clear()

    def _flush(self) -> None:
        words = SPACES.sub(" ", "".join(self.line)).strip()
        self.lines.append("> " * self.quoted + words)
        self.line.clear()
