"""What a plan sells: dues, what each paid cycle grants, member prices, perks and pauses. As sold, it never changes."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from assistant.domain import perks as treats
from assistant.domain import stored
from assistant.domain.benefits import Benefit, Usable
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.domain.membership import Standing
from assistant.domain.pausing import PausePolicy
from assistant.domain.perks import Perk, PerkKind, PromoGrant
from assistant.domain.pricing import PriceRule
from assistant.domain.rollover import AtCap, Cap, Expire, RollOver

LONGEST_TERM_MONTHS = 36
"""A contract is at most three years (`rules.md` 6.10)."""
MOST_PLANS = 2
"""How many plans are advised."""


class Cadence(StrEnum):
    """How often dues are charged."""

    MONTHLY = "monthly"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        return 1 if self is Cadence.MONTHLY else 12


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What one paid cycle banks: `amount` cents of `USD`, or milli-units of a service credit."""

    unit: str
    amount: int
    lot_class: LotClass = LotClass.PAID
    rollover: RollOver | Cap | Expire = field(default_factory=RollOver)

    def __post_init__(self) -> None:
        if not self.unit:
            raise ValueError("a grant has a unit")
        if self.amount <= 0:
            raise ValueError(f"a grant of {self.amount} is no grant")
        if self.lot_class is LotClass.MIGRATED:
            raise ValueError("a plan grants paid or promotional credit")
        if isinstance(self.rollover, Cap) and self.rollover.most < self.amount:
            raise ValueError("a cap holds at least one grant")
        if isinstance(self.rollover, Cap) and self.rollover.at_cap is AtCap.CONVERT and self.unit == USD:
            raise ValueError("dollars are not converted to dollars")


@dataclass(frozen=True, slots=True)
class Price:
    """What one cycle costs."""

    dues_cents: int
    setup_fee_cents: int

    @property
    def total_cents(self) -> int:
        return self.dues_cents + self.setup_fee_cents


@dataclass(frozen=True, slots=True)
class Shares:
    """What a cycle's money buys: credit, owed until it is used; access, earned over the cycle; joining."""

    credit_cents: int
    access_cents: int
    setup_cents: int


class TermsError(ValueError):
    """Terms that cannot be sold, with every reason in a plain sentence."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of a plan, as it was sold. Raises `TermsError` for what cannot be sold."""

    dues_cents: int
    cadence: Cadence = Cadence.MONTHLY
    setup_fee_cents: int = 0
    intro_cents: int | None = None
    intro_cycles: int = 0
    minimum_cycles: int = 0
    grants: tuple[GrantTerms, ...] = ()
    pricing: tuple[PriceRule, ...] = ()
    perks: tuple[Perk, ...] = ()
    pause: PausePolicy = field(default_factory=PausePolicy)
    usable: Usable = field(default_factory=Usable)
    access_cents: int = 0
    """The part of the dues that buys access and perks, not credit (`rules.md` 8.2)."""

    def __post_init__(self) -> None:
        if found := problems(self):
            raise TermsError(tuple(found))

    def price(self, cycle: int) -> Price:
        """What cycle 0, 1, 2 … costs: the first with the set-up fee, the first few at the introductory price."""
        intro_cents = self.intro_cents if cycle < self.intro_cycles else None
        return Price(self.dues_cents if intro_cents is None else intro_cents, self.setup_fee_cents if cycle == 0 else 0)

    def split(self, price: Price, *, less_credit_cents: int = 0) -> Shares:
        """What the price buys: shares that sum to its total, less what is not charged for credit that is held back.

        At a lower price access falls with it, its fraction of a cent down; a plan without grants sells access alone.
        """
        access_cents = self.access_cents * price.dues_cents // self.dues_cents if self.dues_cents else 0
        if not self.grants:
            access_cents = price.dues_cents
        credit_cents = price.dues_cents - access_cents
        if not 0 <= less_credit_cents <= credit_cents:
            raise ValueError(f"{less_credit_cents} cents off credit that costs {credit_cents}")
        return Shares(credit_cents - less_credit_cents, access_cents, price.setup_fee_cents)

    def to_json(self) -> dict[str, Any]:
        """Every field, defaults too, so that a version means tomorrow what it meant when it was sold."""
        json: dict[str, Any] = stored.written(self)
        return json

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What `to_json` wrote; a field that is not there has its default. Raises `ValueError` for anything else."""
        return stored.read(cls, json, "terms")


def problems(terms: Terms) -> list[str]:
    """Why terms cannot be sold, in plain sentences; none when they can."""
    return list(_problems(terms))


def _problems(terms: Terms) -> Iterator[str]:
    cents = (terms.dues_cents, terms.setup_fee_cents, terms.intro_cents or 0, terms.access_cents)
    if min(*cents, terms.intro_cycles, terms.minimum_cycles) < 0:
        yield "no amount and no number of cycles is below zero"
    if (terms.intro_cents is None) != (terms.intro_cycles == 0):
        yield "an introductory price has a number of cycles, and they have a price"
    if terms.intro_cents is not None and terms.intro_cents > terms.dues_cents:
        yield "an introductory price is not above the dues"
    if terms.access_cents > terms.dues_cents:
        yield "access costs no more than the dues"
    if terms.minimum_cycles * terms.cadence.months > LONGEST_TERM_MONTHS:
        yield "a minimum term is at most three years (rules.md 6.10)"
    if sum(perk.kind is PerkKind.BIRTHDAY for perk in terms.perks) > 1:
        yield "there is one birthday treat"
    granted = Counter((grant.unit, grant.lot_class) for grant in terms.grants)
    yield from (f"{unit} is granted twice" for (unit, _), times in granted.items() if times > 1)


def usable(terms: Terms, standing: Standing, benefit: Benefit) -> bool:
    """Whether a benefit can be used in a standing; at rest the plan's pause has a say over credit as well."""
    if standing is Standing.PAUSED and benefit in {Benefit.CREDITS, Benefit.PROMO_CREDITS}:
        return terms.pause.benefits_usable and benefit in terms.usable.paused
    return benefit in terms.usable.of(standing)


def birthday_grant(terms: Terms, born_on: date, today: date, already: Collection[int] = ()) -> PromoGrant | None:
    """The birthday treat to grant today, if the plan has one and it is the month (`perks.birthday_grant`)."""
    return treats.birthday_grant(terms.perks, born_on, today, already)


class PlanWarning(StrEnum):
    """What staff are told before they go on all the same."""

    THIRD_TIER = "third_tier"
    """One or two plans is the advice: with each more, the choice is harder to make and to explain."""


@dataclass(frozen=True, slots=True)
class TierWarning:
    """A plan more than advised, and what that asks of everyone who chooses."""

    warning: PlanWarning
    plans: int
    advised: int
    comparisons: int
    """Pairs of plans to hold against each other: 1 with two plans, 3 with three, 6 with four."""


def tier_warning(existing_live_plans: int) -> TierWarning | None:
    """What to tell staff who add a plan to so many; it is allowed in any case."""
    plans = existing_live_plans + 1
    if plans <= MOST_PLANS:
        return None
    return TierWarning(PlanWarning.THIRD_TIER, plans, MOST_PLANS, plans * (plans - 1) // 2)


@dataclass(frozen=True, slots=True)
class MathLine:
    """One thing that the dues include, in a month."""

    unit: str
    amount: int
    """Of a whole cycle: cents, or milli-units."""
    cents: int | None
    """At list price, in a month; None where nobody has said the price."""


@dataclass(frozen=True, slots=True)
class Math:
    """A month's dues against the list price of what they include. A saving below zero is said as it is."""

    dues_cents: int
    included_cents: int
    saving_cents: int
    lines: tuple[MathLine, ...]


def math(terms: Terms, list_prices: Mapping[str, int]) -> Math:
    """The math of the plan page, by the cents of a whole unit; a year is told by its twelfth.

    The dues are the full ones, not the introductory. What has no list price counts for nothing, and its line says so.
    """
    months = terms.cadence.months
    lines = tuple(
        MathLine(grant.unit, grant.amount, _monthly(_listed(grant, list_prices), months)) for grant in terms.grants
    )
    dues_cents = _nearest(terms.dues_cents, months)
    included_cents = sum(line.cents or 0 for line in lines)
    return Math(dues_cents, included_cents, included_cents - dues_cents, lines)


def worths(grants: Sequence[GrantTerms], credit_cents: int, list_prices: Mapping[str, int]) -> tuple[int, ...]:
    """What each grant is worth in cents, in their order: of those paid for, its part of the credit's share of the dues.

    They sum to it exactly, in proportion to their list prices (`rules.md` 8.2, `features.md` C3, H2), or evenly where
    one has none. A promotion is worth its list price, and nothing where there is none.
    """
    listed = [_listed(grant, list_prices) for grant in grants]
    paid = [number for number, grant in enumerate(grants) if grant.lot_class is LotClass.PAID]
    known = all(listed[number] for number in paid)
    weights = {number: (listed[number] or 0) if known else 1 for number in paid}
    parts = [_nearest(each or 0, MILLI) for each in listed]
    rest_cents, rest = credit_cents, sum(weights.values())
    for number, weight in weights.items():
        parts[number] = rest_cents * weight // rest if rest else 0
        rest_cents, rest = rest_cents - parts[number], rest - weight
    return tuple(parts)


def _listed(grant: GrantTerms, list_prices: Mapping[str, int]) -> int | None:
    """In thousandths of a cent, so that nothing is rounded twice."""
    if grant.unit == USD:
        return grant.amount * MILLI
    price_cents = list_prices.get(grant.unit)
    return None if price_cents is None else grant.amount * price_cents


def _monthly(thousandths: int | None, months: int) -> int | None:
    return None if thousandths is None else _nearest(thousandths, MILLI * months)


def _nearest(amount: int, parts: int) -> int:
    return (2 * amount + parts) // (2 * parts)
