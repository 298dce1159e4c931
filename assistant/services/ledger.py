"""Posting to the books, and putting right by reversal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.ledger import Account, Entry, Leg, reversed_legs
from assistant.runtime import UnitOfWork

POST = "SELECT entry_id, fresh FROM ledger_post(%s,%s,%s,%s,%s,%s::bigint[],%s::int[],%s::bigint[],%s,%s,%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where an entry stands in the books; `fresh` when this call put it there."""

    entry_id: int
    fresh: bool


def post(uow: UnitOfWork, spa_id: int, entries: Sequence[Entry]) -> list[Posted]:
    """Post one entry or ten thousand, in one round trip; each once, by its key. Answers come in the order given.

    Raises `psycopg.errors.CheckViolation` where a member's credits would go below zero, and `UniqueViolation` where a
    known key comes with other legs: nothing of the call is posted then.
    """
    if len({entry.key for entry in entries}) < len(entries):
        raise ValueError("the same key twice in one posting")
    legs = [(place, leg) for place, entry in enumerate(entries, 1) for leg in entry.legs]
    rows = uow.sql(
        POST,
        (
            spa_id,
            uow.now,
            [entry.key for entry in entries],
            [entry.kind for entry in entries],
            [entry.occurred_at for entry in entries],
            [entry.reverses for entry in entries],
            [place for place, _ in legs],
            [leg.client_id for _, leg in legs],
            [leg.account.value for _, leg in legs],
            [leg.unit for _, leg in legs],
            [leg.amount for _, leg in legs],
        ),
    )
    return [Posted(*row) for row in rows]


def reverse(uow: UnitOfWork, spa_id: int, entry_id: int, *, at: datetime) -> Posted:
    """Post the mirror of an entry, once: the database knows which entry it reverses and lets no second one in."""
    rows = uow.sql(
        "SELECT account, unit, amount, client_id FROM ledger_posting WHERE spa_id = %s AND entry_id = %s ORDER BY leg",
        (spa_id, entry_id),
    ).fetchall()
    if not rows:
        raise LookupError(f"spa {spa_id} has no entry {entry_id}")
    legs = reversed_legs(Leg(Account(account), unit, amount, client) for account, unit, amount, client in rows)
    return post(uow, spa_id, [Entry(f"reversal:{entry_id}", "reversal", at, legs, reverses=entry_id)])[0]


def balance(uow: UnitOfWork, spa_id: int, account: Account, unit: str, client_id: int = 0) -> int:
    """What an account holds now, debits positive: stored for a member's account, summed for the spa's own."""
    row = uow.sql(
        "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting"
        " WHERE spa_id = %s AND client_id = %s AND account = %s AND unit = %s"
        if client_id == 0
        else "SELECT coalesce(sum(balance), 0)::bigint FROM ledger_account"
        " WHERE spa_id = %s AND client_id = %s AND account = %s AND unit = %s",
        (spa_id, client_id, account.value, unit),
    ).fetchone()
    return int(row[0]) if row else 0
