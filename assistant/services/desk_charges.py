"""Asking a card for what is owed while somebody at the desk waits: what came of it, and what was tried before."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db import billing as table
from assistant.domain.billing import Cause
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import charges


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the last try to collect something that is still owed."""

    invoice_id: int
    many: int
    """Of tries that the bank answered."""
    decline_code: str | None
    at: datetime


def tried(uow: UnitOfWork, spa_id: int, client_id: int) -> list[Tried]:
    """The open invoices of a client that a bank has turned down, the oldest first."""
    rows = uow.sql(
        """SELECT DISTINCT ON (i.due_on, i.id) i.id, count(*) OVER (PARTITION BY i.id), a.decline_code, a.asked_at
           FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id) AND a.status = 'declined'
           WHERE i.spa_id = %s AND i.client_id = %s AND i.status = 'open'
           ORDER BY i.due_on, i.id, a.number DESC""",
        (spa_id, client_id),
    )
    return [Tried(*row) for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Collected:
    """All of it is paid."""

    cents: int


@dataclass(frozen=True, slots=True)
class Declined:
    """The bank said no to some of it, and why."""

    code: str | None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The bank has not answered: it is looked up, and asked nothing twice."""


def charge(rt: Runtime, spa_id: int, invoice_ids: tuple[int, ...]) -> Collected | Declined | InDoubt:
    """Ask the card for each of them now. Beside the queue, which may be asking too: nobody is charged twice."""
    for invoice_id in invoice_ids:
        charges.attempt(rt, spa_id, invoice_id, Cause.STAFF)
    return rt.transact(lambda uow: _became(uow, spa_id, invoice_ids))


def _became(uow: UnitOfWork, spa_id: int, invoice_ids: tuple[int, ...]) -> Collected | Declined | InDoubt:
    if any(table.open_attempt(uow, spa_id, each) is not None for each in invoice_ids):
        return InDoubt()
    rows = uow.sql(
        """SELECT i.status = 'paid', i.dues_cents + i.setup_fee_cents, (
               SELECT a.decline_code FROM charge_attempt a WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
               ORDER BY a.number DESC LIMIT 1)
           FROM invoice i WHERE i.spa_id = %s AND i.id = ANY(%s) ORDER BY i.status = 'paid', i.id""",
        (spa_id, [*invoice_ids]),
    ).fetchall()
    unpaid = [code for paid, _, code in rows if not paid]
    return Declined(unpaid[0]) if unpaid else Collected(sum(cents for _, cents, _ in rows))
