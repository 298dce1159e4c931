"""What a client has paid, as the desk chooses from it what is to go back."""

from dataclasses import dataclass
from datetime import date

from assistant.runtime import UnitOfWork

MOST = 12


@dataclass(frozen=True, slots=True)
class Payment:
    """One paid cycle or order; what paid for a ticket is the ticket's."""

    invoice_id: int
    kind: str
    due_on: date
    cents: int
    paid_by: str
    back_cents: int
    """What of it went back, or is on its way back."""


def paid(uow: UnitOfWork, spa_id: int, client_id: int) -> list[Payment]:
    """The last that were paid, the latest first."""
    rows = uow.sql(
        """SELECT i.id, i.kind, i.due_on, i.dues_cents + i.setup_fee_cents, i.paid_by, (
               SELECT coalesce(sum(r.cents), 0)::bigint FROM refund r
               WHERE (r.spa_id, r.invoice_id) = (i.spa_id, i.id) AND r.status <> 'failed')
           FROM invoice i WHERE i.spa_id = %s AND i.client_id = %s AND i.status = 'paid' AND i.paid_by <> 'nothing'
             AND NOT EXISTS (SELECT 1 FROM ticket t WHERE (t.spa_id, t.invoice_id) = (i.spa_id, i.id))
           ORDER BY i.paid_at DESC, i.id DESC LIMIT %s""",
        (spa_id, client_id, MOST),
    )
    return [Payment(*row) for row in rows.fetchall()]


def is_theirs(uow: UnitOfWork, spa_id: int, client_id: int, invoice_id: int) -> bool:
    """Whether a paid invoice is this client's."""
    row = uow.sql(
        "SELECT 1 FROM invoice WHERE spa_id = %s AND id = %s AND client_id = %s AND status = 'paid'",
        (spa_id, invoice_id, client_id),
    ).fetchone()
    return row is not None
