"""What members hold: granting, using, keeping, undoing and expiring, each by lots and each once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.domain import ledger as books
from assistant.domain.calendar import local_day
from assistant.domain.credits import Lot, LotClass, Short, Take
from assistant.domain.ledger import USD
from assistant.runtime import UnitOfWork
from assistant.services import ledger

UNDO_GRACE_DAYS = 14
"""Credit that a void gives back can be used for so long at least (`features.md` C10); a spa may give longer."""
SPEND = (
    b"SELECT json_build_array(entry_id, available, cents, lots, parts)"
    b" FROM credit_spend($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Credit to be given: `amount` in milli-units, or cents of `USD`, once for its `key`."""

    key: str
    client_id: int
    unit: str
    amount: int
    lot_class: LotClass
    at: datetime
    expires_on: date | None = None
    paid_cents: int | None = None
    """What its dues paid for it. None: nothing of a service credit, and all of dollars."""
    reference_cents: int | None = None
    """Its list value, all of it."""
    invoice_id: int | None = None
    reason: str | None = None
    source_lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """A use of credit, what it earned, and the lots it came out of."""

    entry_id: int
    cents: int
    """What dues had paid for it; of dollars, themselves."""
    takes: tuple[Take, ...]


def grant(uow: UnitOfWork, spa_id: int, zone: str, grants: Sequence[Grant]) -> int:
    """Give credit to any number of members: one entry and one lot each. Returns how many were new."""
    posted = ledger.post(uow, spa_id, [_entry(each) for each in grants])
    fresh = [(each, row.entry_id) for each, row in zip(grants, posted, strict=True) if row.fresh]
    uow.sql(
        """WITH lot AS (
               INSERT INTO credit_lot (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, expires_on,
                                       entry_id, paid_cents, cents_left, reference_cents, invoice_id, reason,
                                       source_lot_id)
               SELECT %s, c, u, k, a, a, g, x, e, p, p, r, i, y, s
               FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::date[], %s::date[], %s::bigint[],
                           %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
                    AS new(c, u, k, a, g, x, e, p, r, i, y, s)
               RETURNING spa_id, id, entry_id, granted)
           INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount)
           SELECT lot.spa_id, lot.entry_id, p.leg, lot.id, -lot.granted FROM lot
           JOIN ledger_posting p ON (p.spa_id, p.entry_id, p.account) = (lot.spa_id, lot.entry_id, 'credits')""",
        (
            spa_id,
            [each.client_id for each, _ in fresh],
            [each.unit for each, _ in fresh],
            [each.lot_class.value for each, _ in fresh],
            [each.amount for each, _ in fresh],
            [local_day(each.at, zone) for each, _ in fresh],
            [each.expires_on for each, _ in fresh],
            [entry_id for _, entry_id in fresh],
            [_paid(each) for each, _ in fresh],
            [each.reference_cents for each, _ in fresh],
            [each.invoice_id for each, _ in fresh],
            [each.reason for each, _ in fresh],
            [each.source_lot_id for each, _ in fresh],
        ),
    )
    return len(fresh)


def _entry(each: Grant) -> books.Entry:
    promo = each.lot_class is LotClass.PROMO
    of = (each.key, each.at, each.client_id, each.unit, each.amount)
    return books.granted(*of, promo=promo, paid_cents=each.paid_cents)


def _paid(each: Grant) -> int:
    if each.lot_class is LotClass.PROMO:
        return 0
    return (each.amount if each.unit == USD else 0) if each.paid_cents is None else each.paid_cents


def spend(  # noqa: PLR0913 - what is said at a till
    uow: UnitOfWork,
    spa_id: int,
    *,
    client_id: int,
    unit: str,
    amount: int,
    key: str,
    zone: str,
    ref: str | None = None,
    promo: bool = True,
    at: datetime | None = None,
) -> Spent | Short:
    """Use credit, in the order of use, once for its key. `Short` says how much there was, and nothing is taken.

    What is held under `ref` is used first, and is held for nobody else; what is over of it is let go. Not `promo`: what
    is promotional rests. `at`: when it was used, where that is told later. One statement: a `single_statement` will do.
    Raises `psycopg.errors.UniqueViolation` for a key that was another use.
    """
    to = books.Account.REDEEMED
    return take_out(uow, spa_id, client_id, unit, amount, key, zone, ref, "credits_spent", to, promo=promo, at=at)


def take_out(  # noqa: PLR0913, PLR0917 - the words of one statement
    uow: UnitOfWork,
    spa_id: int,
    client_id: int,
    unit: str,
    amount: int,
    key: str,
    zone: str,
    ref: str | None,
    kind: str,
    to: books.Account,
    earn: books.Account = books.Account.REVENUE,
    *,
    promo: bool = True,
    at: datetime | None = None,
) -> Spent | Short:
    """Take credit out of a member's lots, to whichever account: `earn` is what becomes of the dues behind it."""
    who = (spa_id, uow.now, local_day(at or uow.now, zone), client_id, unit, amount, key, ref)
    asked = (*who, kind, to.value, earn.value, promo, at)
    answer = uow.value(SPEND, [None if each is None else str(each).encode() for each in asked])
    entry_id, available, cents, lots_, parts = json.loads(answer or b"null")
    if entry_id is None:
        return Short(available)
    return Spent(abs(entry_id), cents, tuple(Take(*each) for each in zip(lots_, parts, strict=True)))


def hold(  # noqa: PLR0913 - what is said at a till
    uow: UnitOfWork,
    spa_id: int,
    *,
    client_id: int,
    unit: str,
    amount: int,
    ref: str,
    until: datetime,
    zone: str,
    promo: bool = True,
    at: datetime | None = None,
) -> Short | None:
    """Keep credit for a booking or an open ticket, once for its reference; None when it is kept."""
    [[kept, available]] = uow.sql(
        "SELECT * FROM credit_hold(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (spa_id, uow.now, local_day(at or uow.now, zone), client_id, unit, amount, ref, until, promo),
    ).fetchall()
    return None if kept else Short(available)


def release(uow: UnitOfWork, spa_id: int, ref: str) -> int:
    """Let go what is held under a reference. Returns how many holds: none, when they are settled already."""
    [[many]] = uow.sql("SELECT credit_release(%s, %s, %s, 'released')", (spa_id, uow.now, ref)).fetchall()
    return int(many)


def time_out(uow: UnitOfWork, spa_id: int) -> int:
    """Let go every hold whose time is over. Returns how many."""
    [[many]] = uow.sql("SELECT credit_release(%s, %s, NULL, 'timed_out')", (spa_id, uow.now)).fetchall()
    return int(many)


def undo(uow: UnitOfWork, spa_id: int, entry_id: int, *, zone: str, grace_days: int = UNDO_GRACE_DAYS) -> int:
    """Reverse a grant or a use: what it took goes back into the very lots it came from. Returns the reversal's id.

    What ran out meanwhile can be used for a grace (`features.md` C10). Raises `psycopg.errors.CheckViolation` for a
    grant of which something is used or held. Of a gift its giver gets back what the dues behind it still are: some of
    them may have been refunded meanwhile.
    """
    posted = ledger.reverse(uow, spa_id, entry_id, at=uow.now)
    if posted.fresh:
        rows = uow.sql(
            """SELECT a.leg, a.lot_id, -a.amount, CASE WHEN a.amount < 0 THEN l.cents_left ELSE -coalesce((
                          SELECT sum(t.cents_left) FROM allocation g JOIN credit_lot t USING (spa_id)
                          WHERE g.spa_id = a.spa_id AND g.entry_id = a.entry_id AND g.amount < 0 AND t.id = g.lot_id),
                      a.cents)::bigint END
               FROM allocation a JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id)
               WHERE a.spa_id = %s AND a.entry_id = %s""",
            (spa_id, entry_id),
        )
        allocate(uow, spa_id, [(posted.entry_id, *row) for row in rows.fetchall()])
        today = local_day(uow.now, zone)
        uow.sql(
            """UPDATE credit_lot l SET expires_on = %s FROM allocation a
               WHERE a.spa_id = %s AND a.entry_id = %s AND a.amount < 0 AND (l.spa_id, l.id) = (a.spa_id, a.lot_id)
                 AND l.expires_on < %s""",
            (today + timedelta(days=grace_days), spa_id, posted.entry_id, today),
        )
    return posted.entry_id


def expire(uow: UnitOfWork, spa_id: int, zone: str) -> int:
    """Expire what is left of promotional lots whose last day is over, in one statement. Safe to run twice.

    What is held or frozen waits until it no longer is (`features.md` C4). Returns how many lots.
    """
    asked = (spa_id, uow.now, local_day(uow.now, zone))
    [[many]] = uow.sql("SELECT credit_expire(%s, %s, %s)", asked).fetchall()
    return int(many)


def lots(uow: UnitOfWork, spa_id: int, client_id: int, *, unit: str | None = None) -> list[Lot]:
    """The lots a member still has something in that they may use: not what is held for a ticket, nor what is frozen."""
    rows = uow.sql(
        "SELECT id, unit, lot_class, granted, remaining - held, granted_on, expires_on FROM credit_lot"
        " WHERE spa_id = %s AND client_id = %s AND remaining > held AND frozen_at IS NULL"
        " AND (%s::text IS NULL OR unit = %s) ORDER BY id",
        (spa_id, client_id, unit, unit),
    )
    return [Lot(id_, unit_, LotClass(class_), *rest) for id_, unit_, class_, *rest in rows.fetchall()]


def allocate(uow: UnitOfWork, spa_id: int, rows: Iterable[tuple[int, int, int, int, int]]) -> None:
    """Write which lots a posting came out of, and what is left of them: (entry, leg, lot, amount, cents)."""
    entry_ids, legs, lot_ids, amounts, cents = (list(column) for column in zip(*rows, strict=True))
    uow.sql(
        """WITH used AS (
               INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount, cents)
               SELECT %s, e, g, l, a, c
               FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS x(e, g, l, a, c)
               RETURNING spa_id, lot_id, amount, cents)
           UPDATE credit_lot SET remaining = remaining - used.amount, cents_left = cents_left - used.cents FROM used
           WHERE credit_lot.spa_id = used.spa_id AND credit_lot.id = used.lot_id""",
        (spa_id, entry_ids, legs, lot_ids, amounts, cents),
    )
