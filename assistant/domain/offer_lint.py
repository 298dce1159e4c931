"""What may not stand in an offer, and what must: told to whoever writes it, before anything is sent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from unicodedata import combining, normalize

from assistant.domain import placeholders, segments
from assistant.domain.words import matchable

MOST_SEGMENTS = 2
SHORTEST_PAIR = 4
"""Letters of a name that is found though it is written as two words: "GLP-1", "micro needling"."""


class Fault(StrEnum):
    """What is wrong with the words of an offer."""

    EMPTY = "empty"
    DRUG = "drug"
    """A prescription drug: carriers throw the whole campaign out (`rules.md` 1.19)."""
    TREATMENT = "treatment"
    """A treatment or a part of the body: whoever sees the phone would know of it (`rules.md` 7.3)."""
    SHORTENER = "shortener"
    """A public link shortener, which carriers filter (`rules.md` 1.20)."""
    LINK = "link"
    """An address that is not the spa's own."""
    NO_BRAND = "no_brand"
    """It does not say who writes (`rules.md` 1.17)."""
    NO_STOP = "no_stop"
    """It does not say how to have no more of it."""
    KEYWORD = "keyword"
    """It asks for a word that the carrier takes for an opt-out or an opt-in (`rules.md` 1.11, 1.12)."""
    HOLE = "hole"
    """A hole that nothing fills."""
    TEMPLATE = "template"
    """What looks like a template's code."""
    LONG = "long"
    """More than two segments with the longest name."""
    SHOUTED = "shouted"
    """Mostly capitals, which filters and people dislike. A warning."""
    COSTLY = "costly"
    """A letter that makes each text more than twice as dear. A warning."""


WARNINGS = frozenset({Fault.SHOUTED, Fault.COSTLY})


@dataclass(frozen=True, slots=True)
class Found:
    """One fault, and the word that shows it, where one does."""

    fault: Fault
    what: str = ""

    @property
    def forbids(self) -> bool:
        return self.fault not in WARNINGS


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


DRUGS = _listed("""
    botox dysport xeomin jeuveau daxxify letybo semaglutide ozempic wegovy tirzepatide mounjaro zepbound saxenda
    liraglutide latisse bimatoprost tretinoin retin-a retina isotretinoin accutane kybella ketamine phentermine
    finasteride minoxidil hydroquinone lidocaine testosterone estradiol sermorelin toxina botulinum botulinica
    viagra sildenafil cialis tadalafil glp-1 glp1 tox neurotoxin neurotoxins
""")
TREATMENTS = _listed("""
    filler fillers injection injections injectable injectables lip lips forehead wrinkle wrinkles facelift liposuction
    juvederm restylane sculptra radiesse laser microneedling peel peels hydrafacial coolsculpting emsculpt morpheus
    prp waxing cellulite belly thighs chin jowls acne rosacea melasma scar scars tattoo weight pounds obesity iv drip
    relleno rellenos inyeccion inyecciones labios frente arrugas lifting liposuccion celulitis cicatrices tatuaje
    depilacion
""")
SHORTENERS = _listed("""
    bit.ly tinyurl.com goo.gl ow.ly t.co is.gd buff.ly rebrand.ly cutt.ly shorturl.at tiny.cc rb.gy t.ly lnkd.in
    bl.ink soo.gd s.id v.gd
""")
KEYWORDS = re.compile(
    r"\b(?:reply|text|send|answer|responda|responde|envie|envia)\s*:?\s+(?:back\s+|with\s+|con\s+)?[\"'\u201c]?"
    r"(YES|START|UNSTOP|CANCEL|END|QUIT|INFO|HELP|SI)\b",
    re.IGNORECASE,
)
STOP_LINE = re.compile(
    r"\b(?i:reply|text|txt|send|answer|responda|responde|envi[ae]|manda|mande)\s+(?i:back\s+|with\s+|con\s+)?[\"'\u201c]?"
    r"(?:STOP|ALTO)\b|\b(?:STOP|ALTO)[\"'\u201d]?\s*(?i:to|2|=|ends?|para)\b|(?i:opt[ -]?out|unsubscribe)\W{1,3}STOP\b"
)
"""Not "STOP by and say hello"."""
ADDRESS = re.compile(r"(?:[a-z]+://([^\s/?#]+)|((?:[a-z0-9-]+\.)+[a-z]{2,}))(?:[/?#]\S*)?", re.IGNORECASE)
CODE = re.compile(r"\{\{|\{%|\$\{|<%|\[\[|%\(|<[a-z/][^>]*>", re.IGNORECASE)


def lint(
    words: str, *, brand: str, own_domains: Iterable[str] = (), channel: str = "sms", longest: str | None = None
) -> tuple[Found, ...]:
    """All that is wrong, the worst first; empty where nothing is.

    `longest`: the words filled for whoever makes them longest; without it the holes count as they are written.
    """
    if not words.strip():
        return (Found(Fault.EMPTY),)
    said = matchable(words)
    found = [
        *(Found(Fault.DRUG, each) for each in _named(said, DRUGS)),
        *(Found(Fault.TREATMENT, each) for each in _named(said, TREATMENTS)),
        *_addresses(words, frozenset(own_domains)),
        *(Found(Fault.KEYWORD, each[1].upper()) for each in KEYWORDS.finditer(_plain(words))),
        *(Found(Fault.HOLE, each) for each in placeholders.holes(words) if each not in placeholders.KNOWN),
        *(Found(Fault.TEMPLATE, each[0]) for each in list(CODE.finditer(words))[:1]),
    ]
    if not _speaks_for(words, brand):
        found.append(Found(Fault.NO_BRAND, brand))
    if channel == "sms":
        found += _as_text(words, longest or words)
    return tuple(dict.fromkeys(found))


def _as_text(words: str, longest: str) -> list[Found]:
    found = [] if STOP_LINE.search(_plain(words)) else [Found(Fault.NO_STOP)]
    size = segments.count(segments.fold(longest))
    if size.segments > MOST_SEGMENTS:
        found.append(Found(Fault.LONG, str(size.segments)))
    if segments.count(segments.fold(words)).encoding is segments.Encoding.UCS_2:
        found.append(Found(Fault.COSTLY))
    letters = [each for each in placeholders.HOLE.sub("", words) if each.isalpha()]
    if len(letters) >= 40 and sum(each.isupper() for each in letters) * 2 > len(letters):
        found.append(Found(Fault.SHOUTED))
    return found


def _named(said: str, names: frozenset[str]) -> list[str]:
    """Which of the names are said, as words of their own, or as two with a space or a hyphen between."""
    words = [word.removesuffix("'s").replace("'", "") for word in said.split()]
    every = {*words, *(one + two for one, two in pairwise(words) if len(one + two) >= SHORTEST_PAIR)}
    return sorted(name for name in names if name.replace("-", "") in every)


def _addresses(words: str, own: frozenset[str]) -> list[Found]:
    found = []
    for each in ADDRESS.finditer(words):
        domain = (each[1] or each[2]).lower().rpartition("@")[2].partition(":")[0].rstrip(".,;!)").removeprefix("www.")
        if domain in SHORTENERS:
            found.append(Found(Fault.SHORTENER, domain))
        elif domain not in own:
            found.append(Found(Fault.LINK, domain))
    return found


def _speaks_for(words: str, brand: str) -> bool:
    named = re.search(rf"\b{re.escape(matchable(brand))}\b", matchable(words))
    return "spa" in placeholders.holes(words) or named is not None


def _plain(words: str) -> str:
    """Without accents."""
    return "".join(each for each in normalize("NFKD", words) if not combining(each))
