"""The fee of a pause, where its plan has one: an order, asked once when the pause begins.

A card that declines does not end a pause, and nobody is chased for a fee: it is let go, and the desk is told.
"""

from assistant.db.billing import Owed
from assistant.domain import ledger as books
from assistant.gateways.ports import Declined
from assistant.runtime import UnitOfWork
from assistant.services import ledger, tasks


def paid(uow: UnitOfWork, owed: Owed, *, fee_cents: int) -> bool:
    """It is earned as it is paid: there is nothing more to give for it. False for another's order."""
    if not _is_ours(uow, owed):
        return False
    ledger.post(
        uow, owed.spa_id, [books.sold(f"order:{owed.invoice_id}", uow.now, owed.total_cents, fee_cents=fee_cents)]
    )
    return True


def declined(uow: UnitOfWork, owed: Owed, answer: Declined) -> bool:
    """It is let go. False for another's order."""
    if not _is_ours(uow, owed):
        return False
    uow.sql(
        "UPDATE invoice SET status = 'waived', reason = 'pause_fee', settled_at = %s, next_attempt_at = NULL"
        " WHERE spa_id = %s AND id = %s AND status = 'open'",
        (uow.now, owed.spa_id, owed.invoice_id),
    )
    facts = {"invoice": owed.invoice_id, "cents": owed.total_cents, "why": answer.decline_code}
    key = f"pause_fee:{owed.invoice_id}"
    tasks.open_task(uow, owed.spa_id, key=key, kind="pause_fee_unpaid", client_id=owed.client_id, facts=facts)
    return True


def _is_ours(uow: UnitOfWork, owed: Owed) -> bool:
    row = uow.sql(
        "SELECT 1 FROM pause WHERE spa_id = %s AND invoice_id = %s", (owed.spa_id, owed.invoice_id)
    ).fetchone()
    return row is not None
