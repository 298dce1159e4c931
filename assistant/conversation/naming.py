"""Which of the spa's plans a message names: a slip of the finger allowed, or by its price where that is plain."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from assistant.conversation.normalise import plain
from assistant.conversation.vocabulary import KNOWN
from assistant.domain.words import matchable


def plan_named(said: str, plans: Sequence[str], prices: Mapping[str, int] | None = None) -> str | None:
    """The one plan that is named, as the spa writes it; None where it is none, or may be two."""
    words = said.split()
    exact = {name for name in plans if _spoken(matchable(name), words) or _spoken(plain(name), words)}
    exact -= {name for name in exact for other in exact if name != other and _within(name, other)}
    if len(exact) > 1:
        exact = _wished(exact, words)
    near = exact or {name for name in plans if _near(matchable(name).split(), words) or _in_pieces(name, words)}
    if not near and prices:
        near = _priced(said, {name: prices[name] for name in plans if name in prices}, all_of=len(plans))
    return next(iter(near)) if len(near) == 1 else None


def marked(said: str, plans: Sequence[str]) -> str:
    """The same with `planname` where a plan is named, so that a grammar need not know them."""
    words = said.split()
    for name in (matchable(plan).split() for plan in sorted(plans, key=len, reverse=True)):
        for start in range(len(words) - len(name), -1, -1):
            span = words[start : start + len(name)]
            after = words[start + len(name) : start + len(name) + 1]
            if name and len(span) == len(name) and all(map(_slip, name, span)) and _HOUSE.isdisjoint(after):
                words[start : start + len(name)] = ["planname"]
    return " ".join(words)


_HOUSE = frozenset("spa med medspa medical aesthetics clinic studio team beauty wellness skin".split())
"""After a plan's name these make it the spa's own."""


def _spoken(name: str, words: Sequence[str]) -> bool:
    return bool(name) and f" {name} " in f" {' '.join(words)} "


def _within(name: str, other: str) -> bool:
    """Whether it is but a part of another that was named: "Glow" in "Glow Plus"."""
    return f" {matchable(name)} " in f" {matchable(other)} "


def _near(name: Sequence[str], words: Sequence[str]) -> bool:
    """Every word of the name in its order, but for a slip in the longer ones."""
    spans = (words[start : start + len(name)] for start in range(len(words) - len(name) + 1))
    return any(all(map(_slip, name, span)) for span in spans if len(span) == len(name) and name)


_TO = frozenset("to on onto into a al hacia for".split())
_AWAY = frozenset("from of than not de del no my leave dejar mi".split())
_BETWEEN = frozenset("the el la plan membership our your back".split())


def _wished(names: set[str], words: Sequence[str]) -> set[str]:
    """Of several, the one they want to come to: "from Glow to Luxe", "Glow instead of Luxe"."""
    before = {name: _word_before(matchable(name).split(), words) for name in names}
    towards = {name for name in names if before[name] in _TO}
    return towards or {name for name in names if before[name] not in _AWAY}


def _word_before(name: Sequence[str], words: Sequence[str]) -> str:
    """What stands before a name, articles apart; nothing where it is in other words."""
    start = next((at for at in range(len(words)) if list(words[at : at + len(name)]) == list(name)), 0)
    return next((word for word in reversed(words[:start]) if word not in _BETWEEN), "")


def _in_pieces(name: str, words: Sequence[str]) -> bool:
    """As dictation takes a name apart: "dia mond"."""
    whole = matchable(name).replace(" ", "")
    return any(one + two == whole for one, two in pairwise(words))


def _slip(meant: str, said: str) -> bool:
    if meant == said:
        return True
    if len(meant) < 4 or meant[0] != said[0] or said in _ORDINARY or said in KNOWN:
        return False
    return OSA.distance(meant, said, score_cutoff=2) <= (1 if len(meant) < 7 else 2)


_ORDINARY = frozenset(
    "good goods god goal glad grow grew glue glove blow flow slow below gloom blood boom room bless blast sliver"
    " pear peal"
    " look lose lure luck late delete push place pulse pluses price prices prime pure sure shin spine spin fine line"
    " shiny"
    " gleam clear class glass grass really real total title core care cares more case base basis basics bonus gift"
    " gem gems"
    " get got go golf hold told sold bold cold radio radical radiation essence essentially signature's light lite"
    " lot lots"
    " let lets leave live love plan plans plus plays please please premium's perk perks start starts state stay"
    " glow's able"
    " about also amber ambar elegant else even ever every elige elijo gordo gusto gusta lujo luz lujos plato plata"
    " oro sol".split()
)
"""Words as they should be, though they lie near the name of many a plan."""
_BY_PRICE = re.compile(
    r"(?:^|(?<!\S)(?P<before>\S+ )?(?:the|el|al|a|to|at|for|de|plan) )(?P<price>\d{2,6})(?: 00)?(?: (?:dollars?"
    r"|bucks?|dolares|usd))?"
    r"(?: (?:one|plan|option|tier|level|membership|package|a month|month|per month|al mes|mensual|uno))?(?!\S)"
)
_PAID_NOW = frozenset("pay paying paid charged charge from pago pagando cobran cobraron owe debo instead".split())
_ENDS = (
    (
        re.compile(
            r"(?<!\S)(?:cheapest|least expensive|lowest(?: priced)?|(?:el|la|al|lo) (?:plan |de )?mas (?:barat"
            r"|economic)[oa])(?!\S)"
        ),
        min,
    ),
    (
        re.compile(
            r"(?<!\S)(?:most expensive|priciest|highest(?: priced)?|(?:el|la|al|lo) (?:plan |de )?mas car[oa])(?!\S)"
        ),
        max,
    ),
)
_MIDDLE = re.compile(
    r"(?<!\S)(?:the |your )?(?:middle|mid|medium)(?: (?:one|plan|tier|option|level|membership))?(?!\S)"
    r"|(?<!\S)(?:el|al|la) (?:de |del )?(?:en )?(?:medio|enmedio|intermedi[oa])(?!\S)"
)


def _priced(said: str, prices: Mapping[str, int], *, all_of: int) -> set[str]:
    """The one of that price; the cheapest, the dearest or the middle one where every plan has a price of its own."""
    figures = {
        int(found["price"]) for found in _BY_PRICE.finditer(said) if (found["before"] or "").strip() not in _PAID_NOW
    }
    if figures:
        return {name for name, price in prices.items() if price in figures or price in {100 * each for each in figures}}
    ranked = sorted(prices, key=lambda name: prices[name])
    if len(set(prices.values())) < all_of or all_of < 2:
        return set()
    for pattern, end in _ENDS:
        if pattern.search(said):
            return {end(ranked, key=lambda name: prices[name])}
    return {ranked[all_of // 2]} if all_of % 2 and _MIDDLE.search(said) else set()
