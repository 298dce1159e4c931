"""What a member pays for a service: the best single price there is, and never more than the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """So much off, or a price, for one service, for a category, or for everything when it names neither."""

    service: str | None = None
    category: str | None = None
    percent: int | None = None
    fixed_cents: int | None = None
    stacks: bool = False
    """May go together with others that may (`features.md` C4, G1)."""

    def __post_init__(self) -> None:
        if self.service is not None and self.category is not None:
            raise ValueError("a price is for a service or for a category")
        if (self.percent is None) == (self.fixed_cents is None):
            raise ValueError("a price is so many percent off or so many cents")
        if not 0 <= (self.percent or 0) <= 100:
            raise ValueError(f"{self.percent} is no percentage")
        if (self.fixed_cents or 0) < 0:
            raise ValueError("a price is not below zero")

    def covers(self, service: str, category: str | None) -> bool:
        return self.service in {None, service} and self.category in {None, category}


@dataclass(frozen=True, slots=True)
class Priced:
    """What it costs this member, what that saves, and the rules that make it so: none when it is the list price."""

    cents: int
    saved_cents: int
    rules: tuple[PriceRule, ...] = ()

    @property
    def rule(self) -> PriceRule | None:
        return self.rules[0] if self.rules else None


def member_price(
    list_cents: int,
    service: str,
    category: str | None,
    rules: Iterable[PriceRule],
    promo: PriceRule | None = None,
) -> Priced:
    """The lowest of the prices that apply, the promotion's among them (`features.md` C4, G1).

    Rules go together only when every one of them says so. Of prices that are the same the one with the fewest rules
    holds, then the first. Raises `ValueError` for a list price below zero.
    """
    if list_cents < 0:
        raise ValueError(f"a list price of {list_cents} cents is no price")
    covering = [rule for rule in (*rules, *([promo] if promo else [])) if rule.covers(service, category)]
    ways = [(), *((rule,) for rule in covering), _together(list_cents, covering)]
    best = min(ways, key=lambda way: (_cents(list_cents, way), len(way)))
    cents = _cents(list_cents, best)
    return Priced(cents, list_cents - cents, best)


def _together(list_cents: int, covering: Sequence[PriceRule]) -> tuple[PriceRule, ...]:
    """Those that stack and change anything: the lowest fixed price below the list, then every percentage off it."""
    stacking = [rule for rule in covering if rule.stacks]
    fixed = [(rule.fixed_cents, number) for number, rule in enumerate(stacking) if rule.fixed_cents is not None]
    lowest = min((each for each in fixed if each[0] < list_cents), default=None)
    return (*([stacking[lowest[1]]] if lowest else []), *(rule for rule in stacking if rule.percent))


def _cents(list_cents: int, way: Sequence[PriceRule]) -> int:
    """Fixed price first, then the percentages, rounded once at the end, half a cent up."""
    cents, whole = list_cents, 1
    for rule in way:
        if rule.percent is None:
            cents = min(cents, rule.fixed_cents or 0)
        else:
            cents, whole = cents * (100 - rule.percent), whole * 100
    return (2 * cents + whole) // (2 * whole)
