"""Refunds that the processor tells of: ours are settled, and one made at its dashboard is booked by the same policy."""

from psycopg.types.json import Jsonb

from assistant.db import billing as invoices
from assistant.db import refunds as table
from assistant.db.refunds import Taken
from assistant.domain import stored
from assistant.domain.billing import InvoiceStatus
from assistant.domain.ledger import Parts
from assistant.domain.refunds import RefundQuote, Refused, plan_outside
from assistant.gateways.ports import GivenBack
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import refund_answers, refundable, taking_back, tasks
from assistant.services.cards import ProviderAway

OUTSIDE = "refund_outside"


def heard(rt: Runtime, spa_id: int, given: GivenBack) -> bool:
    """A refund as the provider has it now. False when its payment is none of ours.

    Raises `ProviderAway` while something of the same payment is in doubt: it is heard again later.
    """
    with rt.unit_of_work() as uow:
        known = table.of_provider(uow, spa_id, given.refund_id, given.key, given.payment_id)
    if known is not None:
        rt.transact(lambda uow: refund_answers.settle(uow, spa_id, known, given))
        return True
    return rt.transact(lambda uow: _adopt(uow, spa_id, given))


def _adopt(uow: UnitOfWork, spa_id: int, given: GivenBack) -> bool:
    """Book what somebody gave back elsewhere, once for its id, and have a person look at it, once."""
    payment = table.taken(uow, spa_id, given.payment_id)
    if payment is None:
        return False
    if given.failure is not None:
        return True
    owed = invoices.owed(uow, spa_id, payment.invoice_id)
    taking_back.lock_accounts(uow, spa_id, payment.invoice_id)
    if table.of_provider(uow, spa_id, given.refund_id, None, given.payment_id) is not None:
        return True
    if table.is_open(uow, spa_id, payment.invoice_id) or owed is None or owed.status is InvoiceStatus.OPEN:
        raise ProviderAway(given.payment_id)
    plan = _plan(uow, spa_id, payment, given.amount_cents)
    refund_id = _row(uow, spa_id, payment, given, plan)
    entry_id = refund_answers.book(uow, spa_id, refund_id, plan)
    uow.sql("UPDATE refund SET entry_id = %s WHERE spa_id = %s AND id = %s", (entry_id, spa_id, refund_id))
    refund_answers.tell(uow, spa_id, payment.client_id, refund_id, plan)
    facts = {
        "refund": refund_id,
        "invoice": payment.invoice_id,
        "cents": plan.cents,
        "taken_back": sum(each.amount for each in plan.takes),
        "for_used_credit_cents": plan.parts.goodwill,
    }
    key = f"{OUTSIDE}:{given.refund_id}"
    tasks.open_task(uow, spa_id, key=key, kind=OUTSIDE, client_id=payment.client_id, facts=facts)
    return True


def _plan(uow: UnitOfWork, spa_id: int, payment: Taken, cents: int) -> RefundQuote:
    if payment.ticket_id is not None and not payment.mistaken:
        quote = refundable.ticket_quote(uow, spa_id, payment.ticket_id, cents, whatever=True)
        return RefundQuote(cents, "card", Parts(goodwill=cents)) if isinstance(quote, Refused) else quote
    return plan_outside(refundable.of_payment(uow, spa_id, payment), cents)


def _row(uow: UnitOfWork, spa_id: int, payment: Taken, given: GivenBack, plan: RefundQuote) -> int:
    [[refund_id]] = uow.sql(
        """INSERT INTO refund (spa_id, key, invoice_id, attempt_id, ticket_id, cents, status, tender, plan, reason,
                               actor, asked_at, look_at, settled_at, refund_id)
           VALUES (%s, %s, %s, %s, %s, %s, 'done', 'card', %s, 'given back at the processor', 'stripe', %s, %s, %s, %s)
           RETURNING id""",
        (
            *(spa_id, f"outside:{given.refund_id}", payment.invoice_id, payment.attempt_id, payment.ticket_id),
            *(given.amount_cents, Jsonb(stored.written(plan)), uow.now, uow.now, uow.now, given.refund_id),
        ),
    ).fetchall()
    return int(refund_id)
