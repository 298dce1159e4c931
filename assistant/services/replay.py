"""Replays the journal from nothing, in the order of entries, and holds what comes out against what is stored.

Only entries, postings and allocations are added up. Of a lot, what never changes is read where it stands: whose it is,
its class, its days, and what its dues paid for it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from assistant.runtime import UnitOfWork
from assistant.services.journal import CHECKS, Allocated, Journal, Key, Lot, Written
from assistant.services.verification import Difference

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the journal of one spa comes to, and the first difference of each check."""

    spa_id: int
    entries: int
    postings: int
    judged: int
    """Uses whose order could be judged."""
    balances: dict[tuple[str, str], int]
    """Of the spa's and its members' accounts together, by account and unit."""
    became: dict[tuple[str, str], int]
    """What became of the credit, by unit and word; what is left is `available`."""
    differences: tuple[Difference, ...]


def replay(uow: UnitOfWork, *, at_once: int = AT_ONCE) -> list[Replayed]:
    """The journal of every spa, from its first entry; so many entries are in memory at a time."""
    spas = uow.sql("SELECT spa_id, zone FROM spa WHERE spa_id <> 0 ORDER BY 1").fetchall()
    return [_replay(uow, spa_id, zone, at_once) for spa_id, zone in spas]


def _replay(uow: UnitOfWork, spa_id: int, zone: str, at_once: int) -> Replayed:
    journal = Journal(ZoneInfo(zone), _lots(uow, spa_id), _holds(uow, spa_id))
    for entry, kind, mirrored in _entries(uow, spa_id, at_once):
        journal.read(entry, kind, mirrored)
    accounts = uow.sql(
        "SELECT client_id, account, unit, balance FROM ledger_account WHERE spa_id = %s", (spa_id,)
    ).fetchall()
    stored = uow.sql(
        "SELECT id, granted, remaining, cents_left FROM credit_lot WHERE spa_id = %s ORDER BY id", (spa_id,)
    )
    lots = [(lot_id, granted, left, cents) for lot_id, granted, left, cents in stored.fetchall()]
    journal.compare({(client, account, unit): balance for client, account, unit, balance in accounts}, lots)
    return _result(spa_id, journal)


def _result(spa_id: int, journal: Journal) -> Replayed:
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for (_, account, unit), amount in journal.balances.items():
        balances[account, unit] += amount
    became: dict[tuple[str, str], int] = defaultdict(int)
    for (_, unit, word), amount in journal.became.items():
        became[unit, word] -= amount
        became[unit, "available"] -= amount
    differences = tuple(journal.differences[check] for check in CHECKS if check in journal.differences)
    return Replayed(
        spa_id, journal.entries, journal.postings, journal.judged, dict(balances), dict(became), differences
    )


# ── what is read ──

LOTS = """
    WITH RECURSIVE rested AS (
        SELECT l.spa_id, l.id FROM credit_lot l
        WHERE l.spa_id = %(spa)s AND (l.frozen_at IS NOT NULL OR EXISTS (
            SELECT 1 FROM dispute d WHERE d.spa_id = l.spa_id AND d.invoice_id = l.invoice_id))
        UNION SELECT l.spa_id, l.id FROM credit_lot l JOIN rested r ON (l.spa_id, l.source_lot_id) = (r.spa_id, r.id)
    ), longer AS (
        SELECT (after ->> 'lot')::bigint AS id FROM audit WHERE spa_id = %(spa)s AND act = 'credit_extended'
        UNION SELECT a.lot_id FROM ledger_entry e JOIN allocation a ON (a.spa_id, a.entry_id) = (e.spa_id, e.id)
        JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id) AND l.expires_on IS NOT NULL
        WHERE e.spa_id = %(spa)s AND e.reverses IS NOT NULL)
    SELECT l.id, l.client_id, l.unit, l.lot_class = 'promo', l.granted_on, l.expires_on, l.entry_id, l.paid_cents,
           l.id IN (SELECT id FROM rested UNION ALL SELECT id FROM longer)
    FROM credit_lot l WHERE l.spa_id = %(spa)s"""


def _lots(uow: UnitOfWork, spa_id: int) -> dict[int, Lot]:
    return {row[0]: Lot(*row) for row in uow.sql(LOTS, {"spa": spa_id}).fetchall()}


def _holds(uow: UnitOfWork, spa_id: int) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = uow.sql("SELECT lot_id, made_at, settled_at FROM credit_hold WHERE spa_id = %s", (spa_id,))
    for lot_id, made_at, settled_at in rows.fetchall():
        found[lot_id].append((made_at, settled_at))
    return found


ENTRIES = """
    SELECT e.id, e.key, e.kind, e.occurred_at, e.recorded_at, e.reverses, coalesce((
               SELECT (t.quote ->> 'promo')::boolean FROM ticket t
               WHERE t.spa_id = e.spa_id AND t.id = substring(e.key FROM '^ticket:([0-9]+):')::bigint), true), o.kind
    FROM ledger_entry e LEFT JOIN ledger_entry o ON (o.spa_id, o.id) = (e.spa_id, e.reverses)
    WHERE e.spa_id = %s AND e.id > %s ORDER BY e.id LIMIT %s"""


def _entries(
    uow: UnitOfWork, spa_id: int, at_once: int
) -> Iterator[tuple[Written, str, frozenset[tuple[Key, int]] | None]]:
    """Each entry, the kind of what it reverses or else its own, and the legs of what it reverses."""
    last = 0
    while rows := uow.sql(ENTRIES, (spa_id, last, at_once)).fetchall():
        ids = [row[0] for row in rows]
        legs = _legs(uow, spa_id, [*ids, *(row[5] for row in rows if row[5] is not None)])
        allocated = _allocated(uow, spa_id, ids)
        for id_, key, kind, occurred_at, recorded_at, reverses, promo, reversed_kind in rows:
            hung = (legs[id_], allocated[id_])
            entry = Written(id_, key, kind, occurred_at, recorded_at, reverses, promo, *hung)
            mirrored = None if reverses is None else frozenset((of, amount) for _, of, amount in legs[reverses])
            yield entry, reversed_kind or kind, mirrored
        last = ids[-1]


def _legs(uow: UnitOfWork, spa_id: int, ids: Sequence[int]) -> dict[int, list[tuple[int, Key, int]]]:
    found: dict[int, list[tuple[int, Key, int]]] = defaultdict(list)
    rows = uow.sql(
        "SELECT entry_id, leg, client_id, account, unit, amount FROM ledger_posting"
        " WHERE spa_id = %s AND entry_id = ANY(%s) ORDER BY entry_id, leg",
        (spa_id, [*ids]),
    )
    for entry_id, leg, client_id, account, unit, amount in rows.fetchall():
        found[entry_id].append((leg, (client_id, account, unit), amount))
    return found


def _allocated(uow: UnitOfWork, spa_id: int, ids: Sequence[int]) -> dict[int, list[Allocated]]:
    found: dict[int, list[Allocated]] = defaultdict(list)
    rows: list[Any] = uow.sql(
        "SELECT entry_id, leg, lot_id, amount, cents FROM allocation"
        " WHERE spa_id = %s AND entry_id = ANY(%s) ORDER BY entry_id, leg, lot_id",
        (spa_id, [*ids]),
    ).fetchall()
    for entry_id, *values in rows:
        found[entry_id].append(Allocated(*values))
    return found
