"""Unused credit that goes back to the spa with what was paid for it: set aside, taken, and given again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.ledger import SPA, USD, Account, Entry, Leg
from assistant.domain.refunds import TakeBack
from assistant.runtime import UnitOfWork
from assistant.services import ledger

KEPT_FOR = timedelta(days=3_650)
"""What is set aside is let go by an answer, never by a clock."""
KIND = "credits_taken_back"


def lock_accounts(uow: UnitOfWork, spa_id: int, invoice_id: int) -> None:
    """Nobody uses what an invoice paid for meanwhile: its members' accounts, in the order of their names.

    A gift may be made of it while we wait for the first; whoever is given it is locked then.
    """
    query = """
        WITH RECURSIVE tree AS (
            SELECT spa_id, id, client_id, unit FROM credit_lot WHERE spa_id = %s AND invoice_id = %s
            UNION SELECT l.spa_id, l.id, l.client_id, l.unit FROM credit_lot l
            JOIN tree t ON (l.spa_id, l.source_lot_id) = (t.spa_id, t.id))
        SELECT a.client_id, a.unit FROM ledger_account a WHERE a.spa_id = %s AND a.account = 'credits'
          AND (a.client_id, a.unit) IN (SELECT client_id, unit FROM tree)
        ORDER BY a.client_id, a.account, a.unit FOR NO KEY UPDATE"""
    asked = (spa_id, invoice_id, spa_id)
    locked = uow.sql(query, asked).fetchall()
    while (found := uow.sql(query, asked).fetchall()) != locked:
        locked = found


def set_aside(uow: UnitOfWork, spa_id: int, ref: str, takes: Sequence[TakeBack]) -> None:
    """Out of use until it is known whether the money goes back. The accounts are locked."""
    each = [take for take in takes if take.amount]
    uow.sql(
        """WITH made AS (
               INSERT INTO credit_hold (spa_id, ref, lot_id, client_id, unit, amount, made_at, until)
               SELECT %s, %s, l, c, u, a, %s, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
                   AS x(l, c, u, a) RETURNING spa_id, lot_id, amount)
           UPDATE credit_lot l SET held = l.held + made.amount FROM made
           WHERE (l.spa_id, l.id) = (made.spa_id, made.lot_id)""",
        (
            *(spa_id, ref, uow.now, uow.now + KEPT_FOR),
            [take.lot_id for take in each],
            [take.client_id for take in each],
            [take.unit for take in each],
            [take.amount for take in each],
        ),
    )


def let_go(uow: UnitOfWork, spa_id: int, ref: str, outcome: str = "released") -> None:
    """It can be used again, or is about to be taken. The accounts are locked."""
    uow.sql(
        """WITH over AS (
               UPDATE credit_hold SET settled_at = %s, outcome = %s
               WHERE spa_id = %s AND ref = %s AND settled_at IS NULL RETURNING spa_id, lot_id, amount)
           UPDATE credit_lot l SET held = l.held - over.amount FROM over
           WHERE (l.spa_id, l.id) = (over.spa_id, over.lot_id)""",
        (uow.now, outcome, spa_id, ref),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is truly taken of a lot now."""

    take: TakeBack
    legs: tuple[Leg, ...]
    allocated: tuple[tuple[int, int], ...]
    """Amount and cents of each of the legs that are the member's own, in their order."""
    short_cents: int
    """Of the dues behind it, so much was used while the money was on its way."""


def take(uow: UnitOfWork, spa_id: int, key: str, takes: Sequence[TakeBack]) -> int:
    """Take credit back, once for its key. Returns how many cents of its dues had been used meanwhile.

    A service's dues stay with the entry that gives the money back; dollars were owed as such, and are deferred again
    first. The accounts are locked, and nothing that is taken is held.
    """
    found = uow.sql(
        "SELECT id, remaining, cents_left FROM credit_lot WHERE spa_id = %s AND id = ANY(%s)"
        " ORDER BY id FOR NO KEY UPDATE",
        (spa_id, [each.lot_id for each in takes]),
    ).fetchall()
    left = {lot_id: (remaining, cents) for lot_id, remaining, cents in found}
    pieces = [_piece(each, *left[each.lot_id]) for each in sorted(takes, key=lambda each: each.lot_id)]
    legs = [leg for piece in pieces for leg in piece.legs]
    if legs:
        [posted] = ledger.post(uow, spa_id, [Entry(key, KIND, uow.now, tuple(legs))])
        if posted.fresh:
            _allocate(uow, spa_id, posted.entry_id, pieces)
    return sum(piece.short_cents for piece in pieces)


def _piece(take: TakeBack, remaining: int, cents_left: int) -> _Piece:
    cents = min(take.cents, cents_left)
    short = take.cents - cents

    def member(amount: int) -> Leg:
        return Leg(Account.CREDITS, take.unit, amount, take.client_id)

    if take.amount == 0:  # it stays, with less behind it: taken, and given again
        if not cents or not remaining:
            return _Piece(take, (), (), take.cents)
        return _Piece(take, (member(remaining), member(-remaining)), ((remaining, cents), (-remaining, 0)), short)
    gone = cents_left if take.amount == remaining else cents
    other: tuple[Leg, ...]
    if take.unit == USD:
        other = (Leg(Account.DEFERRED, USD, -cents), Leg(Account.PROMOTIONS, USD, cents - take.amount))
    else:  # the last of a lot leaves no crumb of its dues behind: that is earned
        crumb = gone - cents
        other = (
            Leg(Account.ISSUED, take.unit, -take.amount),
            Leg(Account.DEFERRED, USD, crumb),
            Leg(Account.REVENUE, USD, -crumb),
        )
    legs = (member(take.amount), *(leg for leg in other if leg.amount))
    return _Piece(take, legs, ((take.amount, gone),), short)


def _allocate(uow: UnitOfWork, spa_id: int, entry_id: int, pieces: Sequence[_Piece]) -> None:
    rows: list[tuple[int, int, int, int]] = []
    number = 0
    for piece in pieces:
        parts = iter(piece.allocated)
        for leg in piece.legs:
            number += 1
            if leg.client_id != SPA:
                rows.append((number, piece.take.lot_id, *next(parts)))
    _write(uow, spa_id, entry_id, rows)


def _write(uow: UnitOfWork, spa_id: int, entry_id: int, rows: Sequence[tuple[int, int, int, int]]) -> None:
    """Which lots each leg came out of: a lot may be in two of them."""
    legs, lots, amounts, cents = (list(column) for column in zip(*rows, strict=True))
    uow.sql(
        """WITH written AS (
               INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount, cents)
               SELECT %s, %s, g, l, a, c FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[])
                   AS x(g, l, a, c) RETURNING spa_id, lot_id, amount, cents
           ), moved AS (
               SELECT spa_id, lot_id, sum(amount)::bigint AS amount, sum(cents)::bigint AS cents
               FROM written GROUP BY 1, 2)
           UPDATE credit_lot l SET remaining = l.remaining - moved.amount, cents_left = l.cents_left - moved.cents
           FROM moved WHERE (l.spa_id, l.id) = (moved.spa_id, moved.lot_id)""",
        (spa_id, entry_id, legs, lots, amounts, cents),
    )


def give_again(uow: UnitOfWork, spa_id: int, key: str) -> None:
    """The money did not go back after all: what was taken under a key is as it was, and can be used for a while yet.

    A lot that stayed with less behind it may be used up by now: what it would have again was earned with it.
    """
    query = "SELECT id FROM ledger_entry WHERE spa_id = %s AND key = %s AND kind = %s"
    row = uow.sql(query, (spa_id, key, KIND)).fetchone()
    if row is None:
        return
    posted = ledger.reverse(uow, spa_id, row[0], at=uow.now)
    if not posted.fresh:
        return
    taken = uow.sql(
        """SELECT a.leg, a.lot_id, -a.amount, -a.cents, l.unit <> %s AND l.remaining = 0
                  AND sum(a.amount) OVER (PARTITION BY a.lot_id) = 0
           FROM allocation a JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id)
           WHERE a.spa_id = %s AND a.entry_id = %s ORDER BY a.leg""",
        (USD, spa_id, row[0]),
    ).fetchall()
    rows = [(leg, lot, amount, 0 if gone else cents) for leg, lot, amount, cents, gone in taken]
    _write(uow, spa_id, posted.entry_id, rows)
    _used_meanwhile(uow, spa_id, key, -sum(cents for *_, cents, gone in taken if gone))
    uow.sql(
        """UPDATE credit_lot l SET expires_on = x.last FROM (SELECT (%s + interval '14 days')::date AS last) x
           WHERE l.spa_id = %s AND l.expires_on < x.last AND l.id IN (
               SELECT lot_id FROM allocation WHERE spa_id = %s AND entry_id = %s)""",
        (uow.now, spa_id, spa_id, posted.entry_id),
    )


def _used_meanwhile(uow: UnitOfWork, spa_id: int, key: str, cents: int) -> None:
    """Dues that are behind credit which is used already."""
    if cents:
        debit, credit = Leg(Account.DEFERRED, USD, cents), Leg(Account.REVENUE, USD, -cents)
        ledger.post(uow, spa_id, [Entry.transfer(f"{key}:used", "credits_spent", uow.now, debit=debit, credit=credit)])
