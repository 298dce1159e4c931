"""A plan's rollover asked otherwise: its members' own history replayed under both, and what would be different (N8).

Only members of whom the replay under what was sold comes out as the books stand, lot by lot and cent by cent, are told
of. The others (a dispute froze their credit, say, or it was put right by hand) are counted and left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.credit_history import Back, Event, Given, Opened, Paid, Taken
from assistant.domain.credits import LotClass, Take
from assistant.domain.plans import GrantTerms
from assistant.domain.what_if import Policy, Purse, Stand
from assistant.runtime import UnitOfWork
from assistant.services.plans import list_prices

AT_ONCE = 500
"""Members in memory at a time."""
MOST_TOLD = 20
CYCLE = re.compile(r"cycle:\d+:(\d+)(:USD)?")
EXPIRED = "credits_expired"
Placed = tuple[datetime, int, Event]
"""When it was written down, by which entry, and what it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a member would have more (or less) of."""

    client_id: int
    name: str
    cents: int
    """At list price: credit held today, and dues not charged, less uses that credit would not have covered."""


@dataclass(slots=True)
class Sums:
    """Of all members together, at each mark."""

    stands: list[Stand] = field(default_factory=list)

    def add(self, stands: Sequence[Stand]) -> None:
        self.stands = [one + two for one, two in zip(self.stands or [Stand()] * len(stands), stands, strict=True)]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both, side by side. `marks` are the ends of months, and today; `owed_cents` is what the books owe them now."""

    marks: tuple[date, ...]
    sold: Sums
    asked: Sums
    members: int
    left_out: int
    owed_cents: int
    gain: int
    lose: int
    most: tuple[Change, ...]
    """Whom it would make the greatest difference to."""


def marks_of(today: date) -> tuple[date, ...]:
    """The ends of the last twelve months, and today."""
    firsts = [today.replace(day=1)]
    while len(firsts) < 12:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return (*(each - timedelta(days=1) for each in reversed(firsts)), today)


def ask(uow: UnitOfWork, spa_id: int, plan_id: int, policy: Policy) -> WhatIf:
    """Replay all who have ever paid for the plan. Raises `ValueError` for a policy that its grants cannot have, and
    where it must be known what a credit is worth, and is not.
    """
    [[zone]] = uow.sql("SELECT zone FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    marks, prices = marks_of(local_day(uow.now, zone)), list_prices(uow, spa_id)
    people = uow.sql(PEOPLE, (spa_id, plan_id)).fetchall()
    sold, asked = Sums(), Sums()
    changes: list[Change] = []
    left_out = owed_cents = 0
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        books = _books(uow, spa_id, plan_id, zone, [client_id for client_id, *_ in some])
        for client_id, name, region in some:
            mine = books[client_id]
            now, otherwise = Purse({}, region, prices), Purse(policy, region, prices)
            stands = now.read(mine.events, marks)
            if not mine.agrees(now, marks[-1]):
                left_out += 1
                continue
            others = otherwise.read(mine.events, marks)
            sold.add(stands)
            asked.add(others)
            owed_cents += mine.owed_cents
            if cents := others[-1].better_than(stands[-1]):
                changes.append(Change(client_id, name, cents))
    return WhatIf(
        marks,
        sold,
        asked,
        len(people) - left_out,
        left_out,
        owed_cents,
        sum(each.cents > 0 for each in changes),
        sum(each.cents < 0 for each in changes),
        tuple(sorted(changes, key=lambda each: (-abs(each.cents), each.client_id))[:MOST_TOLD]),
    )


# ── what the books say ──

PEOPLE = """
    SELECT c.id, c.first_name || ' ' || c.last_name, c.region FROM client c
    WHERE c.spa_id = %s AND c.merged_into IS NULL AND EXISTS (
        SELECT 1 FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND i.kind = 'dues' AND i.status = 'paid' AND v.plan_id = %s)
    ORDER BY c.id"""
CYCLES = """
    SELECT i.client_id, i.id, i.opened_at, i.paid_at, i.dues_cents + coalesce((i.held_back ->> 'cents')::bigint, 0),
           v.dues_cents, v.access_cents, v.id, v.grants, v.plan_id = %s
    FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
    WHERE i.spa_id = %s AND i.client_id = ANY(%s) AND i.kind = 'dues' AND i.status = 'paid'"""
LOTS = """
    SELECT l.client_id, l.id, l.unit, l.lot_class, l.granted, l.paid_cents, l.granted_on, l.expires_on, l.remaining,
           l.cents_left, l.held, p.id, e.key, e.recorded_at, e.id
    FROM credit_lot l JOIN ledger_entry e ON (e.spa_id, e.id) = (l.spa_id, l.entry_id)
    LEFT JOIN invoice p ON (p.spa_id, p.id) = (l.spa_id, l.invoice_id) AND p.kind = 'dues' AND p.status = 'paid'
    WHERE l.spa_id = %s AND l.client_id = ANY(%s) ORDER BY e.id, l.id"""
MOVES = """
    SELECT l.client_id, e.id, e.kind, e.reverses, e.recorded_at, l.unit, l.id, a.amount
    FROM credit_lot l JOIN allocation a ON (a.spa_id, a.lot_id) = (l.spa_id, l.id) AND a.entry_id <> l.entry_id
    JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
    WHERE l.spa_id = %s AND l.client_id = ANY(%s) AND e.kind <> %s ORDER BY e.id, a.leg, l.id"""


@dataclass(slots=True)
class Book:
    """One member's history, and what it has come to."""

    placed: list[Placed] = field(default_factory=list)
    lots: dict[int, tuple[int, int, int, date | None]] = field(default_factory=dict)
    """What is left of each: the amount, the dues behind it, what is held of it, and its last day."""

    @property
    def events(self) -> Iterator[Event]:
        return (event for _, _, event in self.placed)

    @property
    def owed_cents(self) -> int:
        return sum(cents for _, cents, _, _ in self.lots.values())

    def agrees(self, purse: Purse, today: date) -> bool:
        """Lot by lot; what ran out and waits for tonight's sweep is gone already."""
        really = {
            lot_id: (held if expires_on and expires_on < today else left, cents)
            for lot_id, (left, cents, held, expires_on) in self.lots.items()
        }
        return {id_: (each.lot.remaining, each.cents_left) for id_, each in purse.held.items()} == really


def _books(uow: UnitOfWork, spa_id: int, plan_id: int, zone: str, clients: list[int]) -> Mapping[int, Book]:
    books: dict[int, Book] = defaultdict(Book)
    banked = _lots(uow, spa_id, clients, books)
    versions: dict[int, tuple[GrantTerms, ...]] = {}
    for row in uow.sql(CYCLES, (plan_id, spa_id, clients)).fetchall():
        client_id, invoice_id, opened_at, paid_at, dues, full, access, version_id, grants, asked_about = row
        if version_id not in versions:
            versions[version_id] = tuple(stored.read(GrantTerms, each, "grant") for each in grants)
        terms, credit_cents = versions[version_id], dues - (access * dues // full if full else 0)
        lots = banked.pop(invoice_id, {})
        entry_id = min((placed[1] for placed in lots.values()), default=0)
        given = {place: event for place, (_, _, event) in lots.items() if isinstance(event, Given)}
        opened = Opened(local_day(opened_at, zone), invoice_id, terms, credit_cents, asked_about)
        books[client_id].placed += [
            (opened_at, 0, opened),
            (paid_at, entry_id, Paid(local_day(paid_at, zone), invoice_id, given)),
        ]
    _moves(uow, spa_id, clients, zone, books)
    for book in books.values():
        book.placed.sort(key=lambda placed: placed[:2])
    return books


def _lots(
    uow: UnitOfWork, spa_id: int, clients: list[int], books: Mapping[int, Book]
) -> dict[int, dict[tuple[int, bool], Placed]]:
    """What cycles banked, by their invoice and the place of the grant; all else is given as it was."""
    banked: dict[int, dict[tuple[int, bool], Placed]] = defaultdict(dict)
    for row in uow.sql(LOTS, (spa_id, clients)).fetchall():
        client_id, lot_id, unit, sort, granted, paid, on, expires_on, left, cents, held, invoice_id, key, at, entry = (
            row
        )
        books[client_id].lots[lot_id] = (left, cents, held, expires_on)
        given = Given(on, lot_id, unit, LotClass(sort), granted, paid, expires_on)
        cycle = CYCLE.fullmatch(key)
        if cycle and invoice_id is not None:
            banked[invoice_id][int(cycle[1]), bool(cycle[2])] = (at, entry, given)
        else:
            books[client_id].placed.append((at, entry, given))
    return banked


def _moves(uow: UnitOfWork, spa_id: int, clients: list[int], zone: str, books: Mapping[int, Book]) -> None:
    """Uses, what was taken back, and what was undone: an entry's takes of one unit are one event."""
    found: dict[tuple[int, int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for client_id, entry_id, kind, reverses, at, unit, lot_id, amount in uow.sql(
        MOVES, (spa_id, clients, EXPIRED)
    ).fetchall():
        found[client_id, entry_id, unit].append((kind, reverses, at, Take(lot_id, amount)))
    for (client_id, entry_id, unit), rows in found.items():
        kind, reverses, at, _ = rows[0]
        on, takes = local_day(at, zone), tuple(take for *_, take in rows)
        if reverses is not None and all(each.amount < 0 for each in takes):
            event: Event = Back(on, reverses)
        else:
            event = Taken(on, entry_id, unit, takes, aimed=kind != "credits_spent" or reverses is not None)
        books[client_id].placed.append((at, entry_id, event))
