"""Turns a message and a locale into a mail: its subject, its words as plain text, and the same words as HTML.

The words are those of `templates/messages/<message>/<locale>/email.txt`, or else of `sms.txt`. Both parts are made of
them, so that they cannot say different things; the layouts of `templates/messages/_mail/` put the spa's name above and
the ways to reach it below. A paragraph is a block of lines; in it

    - a line that begins so is one of a list
    What it is :: how much
    [What it does](https://spa.example.com/…)

stand for a list, a row of a table, and a button. The message's own `link` becomes a button wherever it stands.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from textwrap import fill
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from assistant.messages import render
from assistant.messages.message import Message

ACCENT = "#2f5d50"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
BUTTON = re.compile(r"\[([^\]]+)\]\((https?://\S+)\)")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
LINK_OR_PHONE = re.compile(rf"{LINK.pattern}|\(\d{{3}}\) \d{{3}}-\d{{4}}")
"""A phone number as our own words give the spa's."""
WIDTH = 76
MOST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above and below the words. `unsubscribe_url` is an offer's; `accent` is the spa's colour; at
    `manage_url` a client asks for the link to their membership.
    """

    spa: str
    help_phone: str
    postal_address: str = ""
    unsubscribe_url: str = ""
    accent: str = ""
    manage_url: str = ""


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A mail as it will be sent."""

    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: `words`, or a `list`, a `table` of pairs, or a `button`: its words and where it leads."""

    kind: str
    lines: tuple[tuple[str, ...], ...]


def email(message: Message, locale: str, head: Letterhead) -> RenderedEmail:
    """The mail in a language."""
    name = render.name_of(type(message))
    facts = {field.name: getattr(message, field.name) for field in fields(message)} | {"spa": head.spa}
    subject = " ".join(_words(name, locale, "subject.txt", facts).split())[:MOST_SUBJECT]
    blocks = tuple(part for each in _body(name, locale, facts) for part in _with_button(each, facts, locale))
    accent = head.accent if COLOUR.fullmatch(head.accent) else ACCENT
    shown = {"head": head, "words": words(locale), "locale": locale, "blocks": blocks, "subject": subject}
    shown |= {"accent": accent, "on_accent": readable_on(accent)}
    text = _layout().get_template("_mail/layout.txt").render(shown)
    return RenderedEmail(name, subject, text.strip() + "\n", _layout().get_template("_mail/layout.html").render(shown))


def read(written: str) -> tuple[Block, ...]:
    """The paragraphs of what was written. Lines of a paragraph of words are one: a break is only for its writer."""
    parts = re.split(r"\n\s*\n", written.strip())
    return tuple(_block([line.strip() for line in part.splitlines() if line.strip()]) for part in parts if part.strip())


def _block(lines: list[str]) -> Block:
    if all(line.startswith("- ") for line in lines):
        return Block("list", tuple((line[2:].strip(),) for line in lines))
    if all(" :: " in line for line in lines):
        return Block("table", tuple(tuple(each.strip() for each in line.split(" :: ", 1)) for line in lines))
    if len(lines) == 1 and (found := BUTTON.fullmatch(lines[0])):
        return Block("button", ((found[1], found[2]),))
    return Block("words", ((" ".join(" ".join(lines).split()),),))


def readable_on(colour: str) -> str:
    """Black or white: whichever stands out more on a colour, by the contrast of WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


@cache
def words(locale: str) -> dict[str, str]:
    """What the layouts say in a language."""
    read: dict[str, Any] = tomllib.loads((render.TEMPLATES / "_mail" / f"words.{locale}.toml").read_text("utf-8"))
    return read


def _body(name: str, locale: str, facts: dict[str, Any]) -> tuple[Block, ...]:
    try:
        return read(_words(name, locale, "email.txt", facts))
    except TemplateNotFound as missing:
        if missing.name != f"{name}/{locale}/email.txt":
            raise
    return (Block("words", ((" ".join(_words(name, locale, "sms.txt", facts).split()),),)),)


def _with_button(block: Block, facts: dict[str, Any], locale: str) -> Iterator[Block]:
    """A secure link is the thing to do: it stands by itself. Links in what was given are none of ours."""
    link = facts.get("link")
    if block.kind != "words" or not link or link not in block.lines[0][0]:
        yield block
        return
    before, _, after = block.lines[0][0].partition(str(link))
    if before.strip():
        yield Block("words", ((before.strip(),),))
    yield Block("button", ((words(locale)["open"], str(link)),))
    if after.strip(" ."):
        yield Block("words", ((after.strip(),),))


def _words(name: str, locale: str, part: str, facts: dict[str, Any]) -> str:
    return _environment(locale).get_template(f"{name}/{locale}/{part}").render(facts)


@cache
def _environment(locale: str) -> Environment:
    """That of texts; but what is given makes no paragraph of its own, no table and no button."""
    return render.environment(locale).overlay(finalize=_only_words)


def _only_words(given: object) -> object:
    return " ".join(given.split()).replace("::", ":").replace("](", "] (") if isinstance(given, str) else given


@cache
def _layout() -> Environment:
    """Everything is escaped by its template's kind."""
    environment = Environment(
        loader=FileSystemLoader(render.TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    environment.filters["linked"] = _linked
    environment.filters["dialled"] = _dialled
    return environment


def _wrapped(line: str, hang: str = "") -> str:
    return fill(line, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)


def _dialled(phone: str) -> str:
    return "".join(each for each in phone if each in "+0123456789")


def _linked(line: str) -> list[tuple[str, str]]:
    """A line in pieces: each its words, and where they lead, if anywhere. A phone number calls it."""
    pieces, at = [], 0
    for found in LINK_OR_PHONE.finditer(line):
        leads_to = found[0] if found[0].startswith("http") else f"tel:{_dialled(found[0])}"
        pieces += [(line[at : found.start()], ""), (found[0], leads_to)]
        at = found.end()
    return [piece for piece in [*pieces, (line[at:], "")] if piece[0]]
