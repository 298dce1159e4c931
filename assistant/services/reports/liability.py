"""What the spa owes in credit: opening + granted - used - expired - taken back = closing = the books (`rules.md` 8.1).

Three bases (`features.md` H1): how much is held, what was paid for it and is not earned yet, and what it is worth at
the list prices of its grants. The opening is always shown (H8).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.domain.ledger import USD
from assistant.runtime import UnitOfWork
from assistant.services.book_days import DAYS

COLUMNS = {
    "dues_collected": "granted",
    "credits_granted": "granted",
    "credits_spent": "used",
    "credits_expired": "expired",
    "credits_transferred": "transferred",
    "reversal": "reversed",
}
"""What each kind of entry does to credit; whatever else takes from it or gives to it is in `other`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """One basis over a period. Given is above zero, taken is below."""

    unit: str
    """A unit of credit as members hold it; or `deferred`: dues that were paid for service credit not used, in USD."""
    opening: int
    granted: int = 0
    used: int = 0
    expired: int = 0
    reversed: int = 0
    transferred: int = 0
    """Between members: it comes to nothing."""
    other: int = 0
    """Taken back for refunds and disputes, or by staff."""
    in_books: int
    """What the ledger itself says at the end, by another way."""
    list_cents: int = 0
    """What is held at the end is worth at the list prices of its grants; nothing for `deferred`, which is money."""

    @property
    def closing(self) -> int:
        moved = self.granted + self.used + self.expired + self.reversed + self.transferred + self.other
        return self.opening + moved

    @property
    def holds(self) -> bool:
        return self.closing == self.in_books


@dataclass(frozen=True, slots=True)
class Liability:
    """Every unit's roll-forward, and the money owed behind all of it."""

    from_on: date
    as_of: date
    units: tuple[Rolled, ...]

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.units)

    @property
    def owed_cents(self) -> int:
        """Dues paid for service credit not used, and dollars of credit."""
        return sum(each.closing for each in self.units if each.unit in {DEFERRED, USD})

    @property
    def list_cents(self) -> int:
        return sum(each.list_cents for each in self.units)


DEFERRED = "deferred"
MOVED = f"""
    SELECT CASE account WHEN 'deferred' THEN 'deferred' ELSE unit END, kind, on_day >= %(from_on)s, -sum(amount)::bigint
    FROM ({DAYS}) d WHERE account IN ('credits', 'deferred') AND on_day <= %(as_of)s GROUP BY 1, 2, 3"""
IN_BOOKS = """
    SELECT CASE p.account WHEN 'deferred' THEN 'deferred' ELSE p.unit END, -sum(p.amount)::bigint
    FROM ledger_posting p JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
    JOIN spa s ON s.spa_id = p.spa_id
    WHERE p.spa_id = %(spa)s AND p.account IN ('credits', 'deferred')
      AND (e.occurred_at AT TIME ZONE s.zone)::date <= %(as_of)s GROUP BY 1"""
AT_LIST = """
    SELECT l.unit, sum(CASE l.unit WHEN 'USD' THEN h.held ELSE coalesce(l.reference_cents, 0) * h.held / l.granted END)
           ::bigint
    FROM (SELECT a.lot_id, -sum(a.amount) AS held
          FROM allocation a JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
          JOIN spa s ON s.spa_id = a.spa_id
          WHERE a.spa_id = %(spa)s AND (e.occurred_at AT TIME ZONE s.zone)::date <= %(as_of)s
          GROUP BY 1 HAVING sum(a.amount) <> 0) h
    JOIN credit_lot l ON (l.spa_id, l.id) = (%(spa)s, h.lot_id) GROUP BY 1"""
"""Each lot's part that was left on that day, a fraction of a cent down."""


def rolled(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> dict[str, dict[str, int]]:
    """By unit, what each column comes to, from the sums by day: at any size in the same time."""
    found: dict[str, dict[str, int]] = {}
    for unit, kind, within, amount in uow.sql(MOVED, {"spa": spa_id, "from_on": from_on, "as_of": as_of}).fetchall():
        columns = found.setdefault(unit, {"opening": 0})
        column = COLUMNS.get(kind, "other") if within else "opening"
        columns[column] = columns.get(column, 0) + amount
    return found


def liability(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Liability:
    """The roll-forward from a day to another, both with it, held against every posting."""
    asked = {"spa": spa_id, "as_of": as_of}
    in_books: dict[str, int] = dict(_pairs(uow.sql(IN_BOOKS, asked).fetchall()))
    at_list: dict[str, int] = dict(_pairs(uow.sql(AT_LIST, asked).fetchall()))
    moved = rolled(uow, spa_id, from_on, as_of)
    units = tuple(
        Rolled(
            unit=unit,
            in_books=in_books.get(unit, 0),
            list_cents=at_list.get(unit, 0),
            **moved.get(unit, {"opening": 0}),
        )
        for unit in sorted(moved.keys() | in_books.keys())
    )
    return Liability(from_on, as_of, units)


def _pairs(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, int]]:
    return ((unit, int(amount)) for unit, amount in rows)
