"""Orders: what a person asked for just now, charged once while they wait: a ticket's remainder, a dearer plan."""

from assistant.db.billing import Owed
from assistant.domain.calendar import local_day
from assistant.gateways.ports import Declined
from assistant.runtime import UnitOfWork
from assistant.services import change_answers, pause_fees, tickets


def place(
    uow: UnitOfWork, spa_id: int, client_id: int, cents: int, *, zone: str, membership_id: int | None = None
) -> int:
    """An order of so many cents, to be charged by `charges.attempt`: its invoice. Nobody asks for it by itself."""
    [[invoice_id]] = uow.sql(
        "INSERT INTO invoice (spa_id, kind, membership_id, client_id, due_on, dues_cents, opened_at, next_cause)"
        " VALUES (%s, 'order', %s, %s, %s, %s, %s, 'staff') RETURNING id",
        (spa_id, membership_id, client_id, local_day(uow.now, zone), cents, uow.now),
    ).fetchall()
    return int(invoice_id)


def paid(uow: UnitOfWork, owed: Owed, *, fee_cents: int) -> None:
    """The card paid: what was ordered is given, in the same transaction. Raises `LookupError` for nobody's order."""
    if not any(each.paid(uow, owed, fee_cents=fee_cents) for each in (tickets, change_answers, pause_fees)):
        raise LookupError(f"order {owed.invoice_id} is nobody's")


def declined(uow: UnitOfWork, owed: Owed, answer: Declined) -> None:
    """The card did not pay: whoever asked hears so, and chooses. Nothing is tried again by itself."""
    if not any(each.declined(uow, owed, answer) for each in (tickets, change_answers, pause_fees)):
        raise LookupError(f"order {owed.invoice_id} is nobody's")
