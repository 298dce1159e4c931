"""Posting to the books, and putting right by reversal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.ledger import Account, Entry, Leg, reversed_legs
from assistant.runtime import UnitOfWork

POST_ONE = b"SELECT ledger_post_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
POST_MANY = (
    "SELECT entry_id, fresh FROM ledger_post_many(%s::bigint, %s::timestamptz, %s::text[], %s::text[],"
    " %s::timestamptz[], %s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])"
)


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
    if len(entries) == 1:
        return [_post_one(uow, spa_id, entries[0])]
    if len({entry.key for entry in entries}) < len(entries):
        raise ValueError("the same key twice in one posting")
    places = [str(place) for place, entry in enumerate(entries, 1) for _ in entry.legs]
    rows = uow.sql(
        POST_MANY,
        (
            spa_id,
            uow.now,
            _quoted([entry.key for entry in entries]),
            _quoted([entry.kind for entry in entries]),
            _quoted([str(entry.occurred_at) for entry in entries]),
            _array([str(entry.reverses) if entry.reverses else "NULL" for entry in entries]),
            _array(places),
            *_legs([leg for entry in entries for leg in entry.legs]),
        ),
    )
    return [Posted(*row) for row in rows.fetchall()]


def _post_one(uow: UnitOfWork, spa_id: int, entry: Entry) -> Posted:
    """One entry's own way: it needs no sorting, and it is what most of a day is made of."""
    scalars = (spa_id, uow.now, entry.key, entry.kind, entry.occurred_at)
    reverses = None if entry.reverses is None else b"%d" % entry.reverses
    legs = [leg.encode() for leg in _legs(entry.legs)]
    entry_id = int(uow.value(POST_ONE, [*(str(each).encode() for each in scalars), reverses, *legs]) or 0)
    return Posted(abs(entry_id), fresh=entry_id > 0)


def _legs(legs: Sequence[Leg]) -> tuple[str, str, str, str]:
    return (
        _array([str(leg.client_id) for leg in legs]),
        _array([leg.account.value for leg in legs]),
        _quoted([leg.unit for leg in legs]),
        _array([str(leg.amount) for leg in legs]),
    )


# PostgreSQL's own spelling of an array. The driver's is as exact, and costs more than the whole posting does.


def _array(values: Iterable[str]) -> str:
    """Of numbers and of our own words, in which nothing needs quoting."""
    return "{" + ",".join(values) + "}"


def _quoted(values: Iterable[str]) -> str:
    """Of any words at all."""
    return _array(['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values])


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
