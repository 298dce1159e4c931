"""What members hold: granting, spending, undoing and expiring, each by lots and each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain import ledger as books
from assistant.domain.calendar import local_day
from assistant.domain.credits import Lot, LotClass, Short, Take, take
from assistant.runtime import UnitOfWork
from assistant.services import ledger


@dataclass(frozen=True, slots=True)
class Grant:
    """Credit to be given: `amount` in milli-units, once for its `key`."""

    key: str
    client_id: int
    unit: str
    amount: int
    lot_class: LotClass
    at: datetime
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """A use of credit, and the lots it came out of."""

    entry_id: int
    takes: tuple[Take, ...]


def grant(uow: UnitOfWork, spa_id: int, zone: str, grants: Sequence[Grant]) -> int:
    """Give credit to any number of members: one entry and one lot each. Returns how many were new."""
    entries = [
        books.granted(each.key, each.at, each.client_id, each.unit, each.amount, promo=each.lot_class is LotClass.PROMO)
        for each in grants
    ]
    posted = ledger.post(uow, spa_id, entries)
    fresh = [(each, row.entry_id) for each, row in zip(grants, posted, strict=True) if row.fresh]
    uow.sql(
        """WITH lot AS (
               INSERT INTO credit_lot
                   (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, expires_on, entry_id)
               SELECT %s, c, u, k, a, a, g, x, e
               FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::date[], %s::date[], %s::bigint[])
                    AS new(c, u, k, a, g, x, e)
               RETURNING spa_id, id, entry_id, granted)
           INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount)
           SELECT spa_id, entry_id, 2, id, -granted FROM lot""",
        (
            spa_id,
            [each.client_id for each, _ in fresh],
            [each.unit for each, _ in fresh],
            [each.lot_class.value for each, _ in fresh],
            [each.amount for each, _ in fresh],
            [local_day(each.at, zone) for each, _ in fresh],
            [each.expires_on for each, _ in fresh],
            [entry_id for _, entry_id in fresh],
        ),
    )
    return len(fresh)


def spend(
    uow: UnitOfWork, spa_id: int, *, client_id: int, unit: str, amount: int, key: str, zone: str
) -> Spent | Short:
    """Use credit, in the order of use, once for its key. `Short` says how much there was, and nothing is taken."""
    uow.sql(
        "SELECT 1 FROM ledger_account WHERE (spa_id, client_id, account, unit) = (%s, %s, 'credits', %s)"
        " FOR NO KEY UPDATE",
        (spa_id, client_id, unit),
    )
    entry = books.spent(key, uow.now, client_id, unit, amount)
    if uow.sql("SELECT 1 FROM ledger_entry WHERE spa_id = %s AND key = %s", (spa_id, key)).fetchone():
        [posted] = ledger.post(uow, spa_id, [entry])  # refuses a key that was another member's, or another amount
        return Spent(posted.entry_id, _takes(uow, spa_id, posted.entry_id))
    match take(lots(uow, spa_id, client_id, unit=unit), amount, local_day(uow.now, zone)):
        case Short() as short:
            return short
        case takes:
            [posted] = ledger.post(uow, spa_id, [entry])
            _allocate(uow, spa_id, [(posted.entry_id, 1, each.lot_id, each.amount) for each in takes])
            return Spent(posted.entry_id, takes)


def undo(uow: UnitOfWork, spa_id: int, entry_id: int) -> int:
    """Reverse a grant or a use: what it took goes back into the very lots it came from. Returns the reversal's id."""
    posted = ledger.reverse(uow, spa_id, entry_id, at=uow.now)
    if posted.fresh:
        rows = uow.sql(
            "SELECT leg, lot_id, -amount FROM allocation WHERE spa_id = %s AND entry_id = %s", (spa_id, entry_id)
        )
        _allocate(uow, spa_id, [(posted.entry_id, leg, lot_id, amount) for leg, lot_id, amount in rows.fetchall()])
    return posted.entry_id


def expire(uow: UnitOfWork, spa_id: int, zone: str) -> int:
    """Expire what is left of promotional lots whose last day is over. Safe to run twice. Returns how many lots.

    The accounts are locked before the lots, as a use does, so that what is sized is what is there.
    """
    today = local_day(uow.now, zone)
    uow.sql(
        """SELECT 1 FROM ledger_account a WHERE a.spa_id = %s AND a.account = 'credits' AND EXISTS (
               SELECT 1 FROM credit_lot l WHERE l.spa_id = a.spa_id AND l.client_id = a.client_id AND l.unit = a.unit
                  AND l.remaining > 0 AND l.expires_on < %s)
           ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE OF a""",
        (spa_id, today),
    )
    over = uow.sql(
        """SELECT l.id, l.client_id, l.unit, l.remaining, (
               SELECT count(*) FROM allocation a WHERE a.spa_id = l.spa_id AND a.lot_id = l.id)
           FROM credit_lot l WHERE l.spa_id = %s AND l.remaining > 0 AND l.expires_on < %s ORDER BY l.id""",
        (spa_id, today),
    ).fetchall()
    if not over:
        return 0
    # A lot may be given back to after it ran out: how often it was touched tells one expiry of it from the next.
    entries = [
        books.expired(f"expired:{lot}:{touched}", uow.now, client, unit, amount)
        for lot, client, unit, amount, touched in over
    ]
    posted = ledger.post(uow, spa_id, entries)
    _allocate(
        uow, spa_id, [(row.entry_id, 1, lot, amount) for row, (lot, _, _, amount, _) in zip(posted, over, strict=True)]
    )
    return len(over)


def lots(uow: UnitOfWork, spa_id: int, client_id: int, *, unit: str | None = None) -> list[Lot]:
    """The lots a member still has something in."""
    rows = uow.sql(
        "SELECT id, unit, lot_class, granted, remaining, granted_on, expires_on FROM credit_lot"
        " WHERE spa_id = %s AND client_id = %s AND remaining > 0 AND (%s::text IS NULL OR unit = %s) ORDER BY id",
        (spa_id, client_id, unit, unit),
    )
    return [Lot(id_, unit_, LotClass(class_), *rest) for id_, unit_, class_, *rest in rows.fetchall()]


def _allocate(uow: UnitOfWork, spa_id: int, rows: Iterable[tuple[int, int, int, int]]) -> None:
    """Write which lots a posting came out of, and what is left of them: (entry, leg, lot, amount)."""
    entry_ids, legs, lot_ids, amounts = (list(column) for column in zip(*rows, strict=True))
    uow.sql(
        """WITH used AS (
               INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount)
               SELECT %s, e, g, l, a
               FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[]) AS x(e, g, l, a)
               RETURNING spa_id, lot_id, amount)
           UPDATE credit_lot SET remaining = remaining - used.amount FROM used
           WHERE credit_lot.spa_id = used.spa_id AND credit_lot.id = used.lot_id""",
        (spa_id, entry_ids, legs, lot_ids, amounts),
    )


def _takes(uow: UnitOfWork, spa_id: int, entry_id: int) -> tuple[Take, ...]:
    rows = uow.sql("SELECT lot_id, amount FROM allocation WHERE spa_id = %s AND entry_id = %s", (spa_id, entry_id))
    return tuple(Take(*row) for row in rows.fetchall())
