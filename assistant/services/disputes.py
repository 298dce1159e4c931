"""Disputes: what they paid for rests until the bank decides, and then is given back or gone (`features.md` D16, D17).

Whatever is told, and in whatever order: the dispute is asked for anew, and our side is brought to where it stands.
"""

from dataclasses import dataclass

from psycopg.types.json import Jsonb

from assistant.db import billing as invoices
from assistant.db import refunds as table
from assistant.db.refunds import Taken
from assistant.domain import ledger as books
from assistant.domain.refunds import plan_loss
from assistant.gateways.ports import Challenge
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, evidence, ledger, refundable, taking_back, tasks

WORD = "dispute"
"""Why a membership is exempt meanwhile; what staff wrote there instead stays theirs."""


@dataclass(frozen=True, slots=True)
class Row:
    """A dispute of ours, as we last knew it."""

    id: int
    status: str
    booked_cents: int
    """What the books have at the bank; 0: no money has moved."""


def heard(rt: Runtime, spa_id: int, found: Challenge) -> bool:
    """A dispute as the provider has it now. False when its payment is none of ours."""
    return rt.transact(lambda uow: _brought_to(uow, spa_id, found))


def _brought_to(uow: UnitOfWork, spa_id: int, found: Challenge) -> bool:
    payment = table.taken(uow, spa_id, found.payment_id)
    if payment is None:
        return False
    _lock(uow, spa_id, payment)
    row = _known(uow, spa_id, found.dispute_id) or _opened(uow, spa_id, payment, found)
    if row.status != "open":
        return True
    if found.withdrawn_cents and not row.booked_cents:
        _withdrawn(uow, spa_id, row, found)
    if found.outcome is None:
        if not found.inquiry:
            rest(uow, spa_id, payment)
        return True
    booked = row.booked_cents or found.withdrawn_cents
    _closed(uow, spa_id, row, payment, found, booked)
    return True


def _lock(uow: UnitOfWork, spa_id: int, payment: Taken) -> None:
    """Memberships, the invoice, its members' accounts: in that order."""
    uow.sql(
        "SELECT 1 FROM membership WHERE spa_id = %s AND client_id = %s ORDER BY id FOR NO KEY UPDATE",
        (spa_id, payment.client_id),
    )
    invoices.owed(uow, spa_id, payment.invoice_id)
    taking_back.lock_accounts(uow, spa_id, payment.invoice_id)


KNOWN = """
    SELECT d.id, d.status, coalesce((
        SELECT p.amount FROM ledger_entry e JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
        WHERE e.spa_id = d.spa_id AND e.key = 'dispute:' || d.dispute_id AND p.account = 'disputed'), 0)
    FROM dispute d WHERE d.spa_id = %s AND d.dispute_id = %s FOR NO KEY UPDATE OF d"""


def _known(uow: UnitOfWork, spa_id: int, dispute_id: str) -> Row | None:
    row = uow.sql(KNOWN, (spa_id, dispute_id)).fetchone()
    return None if row is None else Row(*row)


def _opened(uow: UnitOfWork, spa_id: int, payment: Taken, found: Challenge) -> Row:
    """A row with the evidence as it stands, and a task with its last day."""
    pack = evidence.pack(uow, spa_id, payment)
    [[row_id]] = uow.sql(
        """INSERT INTO dispute (spa_id, dispute_id, attempt_id, invoice_id, client_id, cents, reason, status, due_at,
                                opened_at, pack)
           VALUES (%s, %s, %s, %s, %s, %s, %s, 'open', %s, %s, %s) RETURNING id""",
        (
            *(spa_id, found.dispute_id, payment.attempt_id, payment.invoice_id, payment.client_id, found.amount_cents),
            *(found.reason, found.due_at, uow.now, Jsonb(pack)),
        ),
    ).fetchall()
    facts = {
        "dispute": row_id,
        "invoice": payment.invoice_id,
        "cents": found.amount_cents,
        "why": found.reason,
        "due": found.due_at and found.due_at.isoformat(),
        "inquiry": found.inquiry,
    }
    key = f"dispute:{found.dispute_id}"
    tasks.open_task(uow, spa_id, key=key, kind="dispute", client_id=payment.client_id, facts=facts)
    return Row(row_id, "open", 0)


def _withdrawn(uow: UnitOfWork, spa_id: int, row: Row, found: Challenge) -> None:
    key = f"dispute:{found.dispute_id}"
    entry = books.disputed(key, uow.now, found.withdrawn_cents, fee_cents=found.fee_cents)
    ledger.post(uow, spa_id, [entry])
    uow.sql(
        "UPDATE dispute SET fee_cents = %s, cents = %s WHERE spa_id = %s AND id = %s",
        (found.fee_cents, found.withdrawn_cents, spa_id, row.id),
    )


# --- while it is open ------------------------------------------------------------------------------------------------


def rest(uow: UnitOfWork, spa_id: int, payment: Taken) -> None:
    """Its unspent credit is frozen, wherever it is; its member is neither charged nor chased."""
    if not payment.mistaken:
        uow.sql(
            f"""{refundable.TREE} UPDATE credit_lot l SET frozen_at = %(now)s FROM tree
                WHERE (l.spa_id, l.id) = (tree.spa_id, tree.id) AND l.remaining > 0 AND l.frozen_at IS NULL""",
            {"spa_id": spa_id, "invoice_id": payment.invoice_id, "now": uow.now},
        )
    uow.sql(
        """UPDATE membership SET charge_exempt = coalesce(charge_exempt, %s),
               dunning_exempt = coalesce(dunning_exempt, %s)
           WHERE spa_id = %s AND client_id = %s AND standing <> 'ended' AND (%s::bigint IS NULL OR id = %s)
             AND (charge_exempt IS NULL OR dunning_exempt IS NULL)""",
        (WORD, WORD, spa_id, payment.client_id, payment.membership_id, payment.membership_id),
    )


def _back_to_work(uow: UnitOfWork, spa_id: int, payment: Taken) -> None:
    """What rested for this dispute alone can be used, charged and chased again."""
    uow.sql(
        f"""{refundable.TREE} UPDATE credit_lot l SET frozen_at = NULL FROM tree
            WHERE (l.spa_id, l.id) = (tree.spa_id, tree.id) AND l.frozen_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM dispute d
                WHERE d.spa_id = l.spa_id AND d.invoice_id = %(invoice_id)s AND d.status = 'open')""",
        {"spa_id": spa_id, "invoice_id": payment.invoice_id},
    )
    uow.sql(
        """UPDATE membership m SET charge_exempt = nullif(charge_exempt, %(word)s),
               dunning_exempt = nullif(dunning_exempt, %(word)s)
           WHERE spa_id = %(spa_id)s AND client_id = %(client_id)s AND %(word)s IN (charge_exempt, dunning_exempt)
             AND NOT EXISTS (
                 SELECT 1 FROM dispute d JOIN invoice i ON (i.spa_id, i.id) = (d.spa_id, d.invoice_id)
                 WHERE d.spa_id = m.spa_id AND d.client_id = m.client_id AND d.status = 'open'
                   AND (i.membership_id IS NULL OR i.membership_id = m.id)
                   AND EXISTS (SELECT 1 FROM ledger_entry e
                               WHERE e.spa_id = d.spa_id AND e.key = 'dispute:' || d.dispute_id))""",
        {"word": WORD, "spa_id": spa_id, "client_id": payment.client_id},
    )


# --- when it is closed -----------------------------------------------------------------------------------------------


def _closed(uow: UnitOfWork, spa_id: int, row: Row, payment: Taken, found: Challenge, booked_cents: int) -> None:
    """Won: all is as it was, but for the fee. Lost: unused credit goes, and what was used is a loss, never a charge."""
    outcome = "won" if found.outcome else "lost"
    lost = None
    if booked_cents and found.outcome:
        ledger.post(uow, spa_id, [books.dispute_won(f"dispute_won:{found.dispute_id}", uow.now, booked_cents)])
    elif booked_cents:
        lost = _lose(uow, spa_id, payment, found, booked_cents)
    uow.sql(
        "UPDATE dispute SET status = %s, closed_at = %s WHERE spa_id = %s AND id = %s",
        (outcome, uow.now, spa_id, row.id),
    )
    _back_to_work(uow, spa_id, payment)
    tasks.close_task(uow, spa_id, f"dispute:{found.dispute_id}", by="stripe", resolution=outcome)
    audit.write(
        uow,
        spa_id,
        actor="stripe",
        evidence="E0",
        act=f"dispute_{outcome}",
        subject=f"dispute:{row.id}",
        after={"cents": booked_cents, "loss_cents": lost},
    )


def _lose(uow: UnitOfWork, spa_id: int, payment: Taken, found: Challenge, cents: int) -> int:
    """Returns the loss in cents."""
    key = f"dispute_lost:{found.dispute_id}"
    parts, takes = plan_loss(refundable.of_payment(uow, spa_id, payment), cents)
    taking_back.take(uow, spa_id, f"{key}:credit", takes)
    ledger.post(uow, spa_id, [books.dispute_lost(key, uow.now, parts, cents - parts.cents)])
    if parts.owed_back:
        tasks.close_task(uow, spa_id, f"refund:{payment.attempt_id}", by="stripe", resolution="lost to a dispute")
    return cents - parts.cents
