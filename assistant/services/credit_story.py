"""What became of a member's credit, as the desk asks: every lot, what paid for it, and where the last of it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.credits import LotClass
from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Went:
    """The last that was done with a unit of somebody's credit, a use or a hold (`features.md` C11)."""

    at: datetime
    amount: int
    ref: str
    """The key of the use, or what it is held for: `ticket:12:1`, `booking:7F3K`."""
    held: bool
    actor: str | None
    """Who rang it up, where it was a ticket."""


def where_it_went(uow: UnitOfWork, spa_id: int, client_id: int, unit: str) -> Went | None:
    """When and where the last of a unit was used or held; None where nothing ever was."""
    row = uow.sql(
        """WITH last AS (
               (SELECT e.recorded_at AS at, p.amount, e.key AS ref, false AS held FROM ledger_posting p
                JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id) AND e.reverses IS NULL
                WHERE p.spa_id = %(spa)s AND p.client_id = %(client)s AND p.account = 'credits' AND p.unit = %(unit)s
                  AND p.amount > 0 AND NOT EXISTS (
                      SELECT 1 FROM ledger_entry r WHERE r.spa_id = p.spa_id AND r.reverses = p.entry_id)
                ORDER BY p.entry_id DESC LIMIT 1)
               UNION ALL
               (SELECT max(h.made_at), sum(h.amount)::bigint, h.ref, true FROM credit_hold h
                WHERE h.spa_id = %(spa)s AND h.client_id = %(client)s AND h.unit = %(unit)s AND h.settled_at IS NULL
                GROUP BY h.ref ORDER BY 1 DESC LIMIT 1)
               ORDER BY 1 DESC, 4 DESC LIMIT 1)
           SELECT last.at, last.amount, last.ref, last.held, t.actor FROM last
           LEFT JOIN ticket t ON t.spa_id = %(spa)s AND t.id::text = substring(last.ref FROM '^ticket:([0-9]+)')""",
        {"spa": spa_id, "client": client_id, "unit": unit},
    ).fetchone()
    return Went(*row) if row else None


@dataclass(frozen=True, slots=True)
class LotLine:
    """One lot as a clerk reads it."""

    lot_id: int
    unit: str
    lot_class: LotClass
    granted: int
    remaining: int
    held: int
    frozen: bool
    granted_on: date
    expires_on: date | None
    paid_cents: int
    cents_left: int
    came_from: str
    """The key of the entry that granted it."""
    giver: str | None
    """Whose gift it was."""
    reason: str | None


def lots_of(uow: UnitOfWork, spa_id: int, client_id: int, *, used_up: bool = False) -> list[LotLine]:
    """Every lot that something is left of, or every one there ever was, by unit, the oldest first."""
    rows = uow.sql(
        """SELECT l.id, l.unit, l.lot_class, l.granted, l.remaining, l.held, l.frozen_at IS NOT NULL, l.granted_on,
                  l.expires_on, l.paid_cents, l.cents_left, e.key,
                  CASE WHEN g.client_id <> l.client_id THEN c.first_name || ' ' || c.last_name END, l.reason
           FROM credit_lot l JOIN ledger_entry e ON (e.spa_id, e.id) = (l.spa_id, l.entry_id)
           LEFT JOIN credit_lot g ON (g.spa_id, g.id) = (l.spa_id, l.source_lot_id)
           LEFT JOIN client c ON (c.spa_id, c.id) = (g.spa_id, g.client_id)
           WHERE l.spa_id = %s AND l.client_id = %s AND (l.remaining > 0 OR %s) ORDER BY l.unit, l.granted_on, l.id""",
        (spa_id, client_id, used_up),
    )
    return [LotLine(id_, unit, LotClass(class_), *rest) for id_, unit, class_, *rest in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Move:
    """One line of why a balance is what it is: what came (+) or went (-), and of which lots."""

    at: datetime
    unit: str
    amount: int
    kind: str
    key: str
    lot_ids: Sequence[int]


def moves_of(uow: UnitOfWork, spa_id: int, client_id: int, *, most: int) -> list[Move]:
    """The last moves of a member's credit, the oldest of them first."""
    rows = uow.sql(
        """SELECT e.occurred_at, p.unit, -p.amount, e.kind, e.key, (
                      SELECT coalesce(array_agg(a.lot_id ORDER BY a.lot_id), '{}') FROM allocation a
                      WHERE (a.spa_id, a.entry_id, a.leg) = (p.spa_id, p.entry_id, p.leg))
           FROM ledger_posting p JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
           WHERE p.spa_id = %s AND p.client_id = %s AND p.account = 'credits'
           ORDER BY p.entry_id DESC, p.leg DESC LIMIT %s""",
        (spa_id, client_id, most),
    )
    return [Move(*row) for row in reversed(rows.fetchall())]
