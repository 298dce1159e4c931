"""What would have become of a member's credit under another rollover: their own history, replayed (`features.md` N8).

What was given and used stays as it happened. What a cycle banked, what it held back and what ran out are worked out
anew, by the very rules that bill and bank. Under the policies that were sold it comes to what the books say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.domain import banking, credits, rollover
from assistant.domain.credit_history import Back, Event, Given, Opened, Paid, Taken
from assistant.domain.credits import MILLI, Lot, LotClass, Short, Take, paid_part
from assistant.domain.ledger import USD
from assistant.domain.plans import GrantTerms
from assistant.domain.rollover import Rollover

Kind = tuple[str, LotClass]
"""A grant of a plan, whatever its version: its unit and its class."""
Policy = Mapping[Kind, Rollover]
"""What is asked about; a grant that is not in it keeps what it was sold with."""


@dataclass(slots=True)
class Holding:
    """A lot as it stands in the replay."""

    lot: Lot
    cents_left: int


@dataclass(frozen=True, slots=True)
class Stand:
    """What a member holds at the end of a day, and what has come of the policy until then. Cents, at list price but for
    what dues are behind (`owed_cents`) and were less by (`uncharged_cents`).
    """

    owed_cents: int = 0
    list_cents: int = 0
    ran_out_cents: int = 0
    uncharged_cents: int = 0
    uncovered_cents: int = 0
    """Of uses that credit would not have covered: paid at the counter, or not had."""

    def __add__(self, other: "Stand") -> "Stand":
        return Stand(
            self.owed_cents + other.owed_cents,
            self.list_cents + other.list_cents,
            self.ran_out_cents + other.ran_out_cents,
            self.uncharged_cents + other.uncharged_cents,
            self.uncovered_cents + other.uncovered_cents,
        )

    def better_than(self, other: "Stand") -> int:
        """For the member: credit held and dues not charged, less what credit did not cover."""
        return self.good_cents - other.good_cents

    @property
    def good_cents(self) -> int:
        """Of the member."""
        return self.list_cents + self.uncharged_cents - self.uncovered_cents


@dataclass(slots=True)
class Rolling:
    """So much of a lot is told to roll off after a day."""

    lot_id: int
    amount: int
    most: int
    last_on: date


@dataclass(slots=True)
class Purse:
    """One member's credit, from nothing to now."""

    policy: Policy
    region: str | None
    prices: Mapping[str, int]
    held: dict[int, Holding] = field(default_factory=dict)
    ran_out_cents: int = 0
    uncharged_cents: int = 0
    uncovered_cents: int = 0
    _cycles: dict[int, tuple[Opened, dict[str, int], int]] = field(default_factory=dict)
    _taken: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    _rolling: list[Rolling] = field(default_factory=list)
    _apart: set[str] = field(default_factory=set)
    """Units of which this replay is no longer what happened: uses go by the order of use, and not by what was used."""

    def read(self, events: Iterable[Event], marks: Sequence[date]) -> list[Stand]:
        """Live through it. What is held at the end of each marked day, the last of which is the last of all."""
        stands = []
        ahead = iter(marks)
        mark = next(ahead, None)
        for event in events:
            while mark is not None and mark < event.on:
                stands.append(self._stand(mark))
                mark = next(ahead, None)
            self._until(event.on)
            self._happen(event)
        while mark is not None:
            stands.append(self._stand(mark))
            mark = next(ahead, None)
        return stands

    def _stand(self, on: date) -> Stand:
        self._until(on)
        worth = sum(self._listed(each.lot.unit, each.lot.remaining) for each in self.held.values())
        owed = sum(each.cents_left for each in self.held.values())
        return Stand(owed, worth, self.ran_out_cents, self.uncharged_cents, self.uncovered_cents)

    def _happen(self, event: Event) -> None:
        match event:
            case Given():
                self._give(event)
            case Opened():
                self._open(event)
            case Paid():
                self._bank(event)
            case Taken():
                self._take(event)
            case Back(_, entry_id):
                for lot_id, amount, cents in self._taken.pop(entry_id, ()):
                    self._move(lot_id, amount, cents)

    # --- what comes in ---

    def _give(self, each: Given) -> None:
        lot = Lot(each.lot_id, each.unit, each.lot_class, each.amount, each.amount, each.on, each.expires_on)
        self.held[each.lot_id] = Holding(lot, each.paid_cents)

    def _terms(self, opened: Opened) -> list[GrantTerms]:
        if not opened.asked_about:
            return [*opened.grants]
        return [
            replace(each, rollover=self.policy.get((each.unit, each.lot_class), each.rollover))
            for each in opened.grants
        ]

    def _open(self, opened: Opened) -> None:
        terms = self._terms(opened)
        asked = (terms, self._counted(terms), opened.credit_cents, opened.on, self.region, self.prices)
        held_back, cents = banking.held_back(*asked)
        self.uncharged_cents += cents
        self._cycles[opened.invoice_id] = (opened, held_back, cents)

    def _bank(self, paid: Paid) -> None:
        opened, held_back, less_cents = self._cycles[paid.invoice_id]
        terms, came = self._terms(opened), set()
        lots = self._counted(terms)
        for part in banking.parts(terms, held_back, opened.credit_cents - less_cents, self.prices):
            plan = banking.planned(part, lots, paid.on, self.region, self.prices)
            for each in plan.rolls_off:
                most = part.terms.rollover.most if isinstance(part.terms.rollover, rollover.Cap) else 0
                self._rolling.append(Rolling(each.lot_id, each.amount, most, each.last_on))
            for new in banking.banked(part, plan, paid.on, self.region):
                place = (part.place, new.in_dollars)
                came.add(place)
                self._banked(paid, opened.grants[part.place], new, place)
        self._apart |= {lot.unit for place, lot in paid.lots.items() if place not in came}

    def _banked(self, paid: Paid, sold: GrantTerms, new: banking.Banked, place: tuple[int, bool]) -> None:
        """The lot, by the number that the books gave it where they have it; with the days that it was given besides."""
        really = paid.lots.get(place)
        expires_on, paid_cents = new.expires_on, new.paid_cents
        if really is not None:
            usual = rollover.expires_on(sold.rollover, sold.lot_class, paid.on, self.region)
            if expires_on and usual and really.expires_on:
                expires_on += really.expires_on - usual
            if new.amount == really.amount:
                paid_cents = really.paid_cents
        lot_id = really.lot_id if really else -(len(self.held) + 1)
        given = Given(paid.on, lot_id, new.unit, new.lot_class, new.amount, paid_cents, expires_on)
        if given != really:
            self._apart.add(new.unit)
        self._give(given)

    # --- what goes out ---

    def _take(self, event: Taken) -> None:
        wanted = sum(each.amount for each in event.takes)
        if event.aimed or event.unit not in self._apart:
            takes = [
                Take(each.lot_id, min(each.amount, self.held[each.lot_id].lot.remaining))
                for each in event.takes
                if each.lot_id in self.held
            ]
        else:
            takes = [*self._in_order(event.unit, wanted, event.on)]
        if not event.aimed:
            self.uncovered_cents += self._listed(event.unit, wanted - sum(each.amount for each in takes))
        self._taken[event.entry_id] = [self._out(each) for each in takes if each.amount]

    def _in_order(self, unit: str, wanted: int, on: date) -> Sequence[Take]:
        lots = [each.lot for each in self.held.values() if each.lot.unit == unit]
        found = credits.take(lots, wanted, on)
        if isinstance(found, Short):
            found = credits.take(lots, found.available, on) if found.available else ()
        return () if isinstance(found, Short) else found

    def _out(self, take: Take) -> tuple[int, int, int]:
        holding = self.held[take.lot_id]
        cents = paid_part(holding.cents_left, holding.lot.remaining, take.amount)
        self._move(take.lot_id, -take.amount, -cents)
        return take.lot_id, take.amount, cents

    def _move(self, lot_id: int, amount: int, cents: int) -> None:
        holding, of = self.held[lot_id], self.held[lot_id].lot
        left = of.remaining + amount
        holding.lot = Lot(of.id, of.unit, of.lot_class, of.granted, left, of.granted_on, of.expires_on)
        holding.cents_left += cents

    # --- what ends by itself ---

    def _until(self, on: date) -> None:
        """What was over before this day is gone."""
        for each in sorted(self._rolling, key=lambda rolling: rolling.last_on):
            if each.last_on < on:
                self._expire(each.last_on)
                self._rolling.remove(each)
                self._roll_off(each)
        self._expire(on)

    def _expire(self, on: date) -> None:
        for each in self.held.values():
            if each.lot.remaining and each.lot.expires_on and each.lot.expires_on < on:
                self._gone(each.lot, each.lot.remaining)

    def _roll_off(self, each: Rolling) -> None:
        """Sized anew on its day: what was used meanwhile made room."""
        holding = self.held.get(each.lot_id)
        if holding is None:
            return
        of = holding.lot
        total = sum(one.lot.remaining for one in self.held.values() if _kind(one.lot) == _kind(of))
        self._gone(of, max(0, min(each.amount, of.remaining, total - each.most)))

    def _gone(self, lot: Lot, amount: int) -> None:
        self.ran_out_cents += self._listed(lot.unit, amount)
        self._move(lot.id, -amount, 0)

    # --- beneath ---

    def _counted(self, terms: Sequence[GrantTerms]) -> list[Lot]:
        """All that there is, as a cap counts it: not what is told to roll off. Nobody asks where nothing is capped."""
        if not any(isinstance(each.rollover, rollover.Cap) for each in terms):
            return []
        return [*self._less_rolling()]

    def _less_rolling(self) -> Iterator[Lot]:
        for lot_id in sorted(self.held):
            lot = self.held[lot_id].lot
            rolls = sum(each.amount for each in self._rolling if each.lot_id == lot_id) if self._rolling else 0
            if lot.remaining:
                yield replace(lot, remaining=lot.remaining - min(lot.remaining, rolls)) if rolls else lot

    def _listed(self, unit: str, amount: int) -> int:
        """At list price; nothing for what has none."""
        return amount if unit == USD else self.prices.get(unit, 0) * amount // MILLI


def _kind(lot: Lot) -> tuple[str, bool]:
    return lot.unit, lot.lot_class is LotClass.PROMO
