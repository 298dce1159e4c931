"""Refunds: the intention committed, the processor asked, the answer written once (`features.md` C8, C9, D18).

What is to be taken back is out of use from the moment we ask. Money goes back once, whoever asks how often.
"""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from assistant.db import refunds as table
from assistant.db.refunds import Taken
from assistant.domain import stored
from assistant.domain.ledger import Parts
from assistant.domain.refunds import RefundQuote, RefundRefusal, Refused
from assistant.gateways.ports import GivenBack, NotGiven, RefundOrder, Throttled, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, refund_answers, refundable, taking_back
from assistant.services.attempts import LEASE
from assistant.services.limits import By

CARD = "card"


@dataclass(frozen=True, slots=True)
class Refunded:
    """It is on its way to the card, or is to be handed back at the desk."""

    refund_id: int
    cents: int
    tender: str


@dataclass(frozen=True, slots=True)
class Stale:
    """It is not what was quoted any more: here is what it is."""

    quote: RefundQuote


@dataclass(frozen=True, slots=True)
class Begun:
    """Committed: the processor is to be asked exactly this, unless it goes back at the desk."""

    spa_id: int
    refund_id: int
    order: RefundOrder | None
    cents: int
    tender: str


Done = Refunded | Stale | Refused | NotGiven | Unanswered


def quote_refund(
    uow: UnitOfWork, spa_id: int, invoice_id: int, cents: int | None = None, *, forced: bool = False, actor: str = ""
) -> RefundQuote | Refused:
    """What of a paid invoice can go back by somebody's hand, out of what, and which credit goes with it. None: all.

    `forced`: for used credit too, which a manager must approve; its members owe that credit back.
    """
    return refundable.quote(uow, spa_id, invoice_id, cents, forced=forced, actor=actor)


def refund(
    rt: Runtime,
    spa_id: int,
    invoice_id: int,
    quote: RefundQuote,
    *,
    actor: str,
    reason: str,
    approved_by: str | None = None,
) -> Done:
    """Give back exactly what was quoted. `Unanswered`: it is looked up, and never given twice."""
    by = By(actor=actor, reason=reason, approved_by=approved_by)
    return _carry_out(rt, lambda uow: begin(uow, spa_id, invoice_id, quote, by))


def begin(uow: UnitOfWork, spa_id: int, invoice_id: int, quote: RefundQuote, by: By) -> Begun | Stale | Refused:
    """Write down that it goes back, if it is as it was quoted to this hand; `give` then asks the processor."""
    refundable.lock(uow, spa_id, invoice_id)
    taking_back.lock_accounts(uow, spa_id, invoice_id)
    forced = quote.parts.goodwill > 0
    fresh = quote_refund(uow, spa_id, invoice_id, quote.cents, forced=forced, actor=by.actor)
    if isinstance(fresh, Refused):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    if fresh.needs_manager and not by.two_hands:
        return Refused(RefundRefusal.NEEDS_MANAGER, fresh.left_cents + fresh.cents)
    payment = refundable.paying(uow, spa_id, invoice_id) if fresh.tender == CARD else None
    return _commit(uow, spa_id, fresh, by, invoice_id=invoice_id, payment=payment)


def refund_ticket(
    rt: Runtime,
    spa_id: int,
    ticket_id: int,
    cents: int | None,
    *,
    actor: str,
    reason: str,
    approved_by: str | None = None,
) -> Done:
    """Give back all or some of what a ticket took: its services and their tax, and its tip last."""
    by = By(actor=actor, reason=reason, approved_by=approved_by)
    return _carry_out(rt, lambda uow: begin_ticket(uow, spa_id, ticket_id, cents, by))


def begin_ticket(uow: UnitOfWork, spa_id: int, ticket_id: int, cents: int | None, by: By) -> Begun | Refused:
    """Write down that so much of it goes back; `give` then asks the processor."""
    quote = refundable.ticket_quote(uow, spa_id, ticket_id, cents, actor=by.actor)
    if isinstance(quote, Refused):
        return quote
    if quote.needs_manager and not by.two_hands:
        return Refused(RefundRefusal.NEEDS_MANAGER, quote.left_cents + quote.cents)
    [[order]] = uow.sql("SELECT invoice_id FROM ticket WHERE spa_id = %s AND id = %s", (spa_id, ticket_id)).fetchall()
    payment = refundable.paying(uow, spa_id, order) if quote.tender == CARD else None
    return _commit(uow, spa_id, quote, by, invoice_id=order if payment else None, payment=payment, ticket_id=ticket_id)


def mistaken(rt: Runtime, spa_id: int, attempt_id: int, *, actor: str, reason: str) -> Done:
    """Give back a payment that nobody owed (a task `refund_due`): it is its owner's, and needs no manager."""
    by = By(actor=actor, reason=reason)
    return _carry_out(rt, lambda uow: _begin_mistaken(uow, spa_id, attempt_id, by))


def _begin_mistaken(uow: UnitOfWork, spa_id: int, attempt_id: int, by: By) -> Begun | Refused:
    payment = table.taken_by(uow, spa_id, attempt_id)
    if payment is None:
        return Refused(RefundRefusal.NOT_PAID)
    refundable.lock(uow, spa_id, payment.invoice_id)
    if (why := refundable.cannot(uow, spa_id, payment.invoice_id, payment)) is not None:
        return Refused(why)
    paid = refundable.mistaken(uow, spa_id, payment)
    if paid.left_cents <= 0:
        return Refused(RefundRefusal.NOTHING_LEFT)
    quote = RefundQuote(paid.left_cents, CARD, Parts(owed_back=paid.left_cents))
    return _commit(uow, spa_id, quote, by, invoice_id=payment.invoice_id, payment=payment)


# --- asking ----------------------------------------------------------------------------------------------------------


def _carry_out(rt: Runtime, begin: Callable[[UnitOfWork], Begun | Stale | Refused]) -> Done:
    with rt.unit_of_work() as uow:
        begun = begin(uow)
    return give(rt, begun) if isinstance(begun, Begun) else begun


def give(rt: Runtime, begun: Begun) -> Refunded | NotGiven | Unanswered:
    """Ask the processor for what was begun: who asks twice is given the same. What goes back by hand is given."""
    if begun.order is None:
        return Refunded(begun.refund_id, begun.cents, begun.tender)
    answer = rt.refunds.give(begun.order)
    rt.transact(lambda uow: refund_answers.settle(uow, begun.spa_id, begun.refund_id, answer))
    match answer:
        case GivenBack():
            return Refunded(begun.refund_id, begun.cents, begun.tender)
        case Throttled(why):
            return Unanswered(why)
        case _:
            return answer


def _commit(
    uow: UnitOfWork,
    spa_id: int,
    quote: RefundQuote,
    by: By,
    *,
    invoice_id: int | None,
    payment: Taken | None,
    ticket_id: int | None = None,
) -> Begun:
    """A row with its key, and the credit out of use. Cash is handed back at once, and booked at once."""
    refund_id = _row(uow, spa_id, quote, by, invoice_id=invoice_id, payment=payment, ticket_id=ticket_id)
    audit.write(
        uow,
        spa_id,
        actor=by.actor,
        evidence="E3",
        act="refund",
        subject=f"ticket:{ticket_id}" if ticket_id else f"invoice:{invoice_id}",
        after={"refund": refund_id, "cents": quote.cents, "why": by.reason, "approved_by": by.approved_by},
    )
    taking_back.set_aside(uow, spa_id, f"refund:{refund_id}", quote.takes)
    if payment is None:
        refund_answers.handed_back(uow, spa_id, refund_id)
        return Begun(spa_id, refund_id, None, quote.cents, quote.tender)
    order = refund_answers.order_of(table.refund(uow, spa_id, refund_id))
    return Begun(spa_id, refund_id, order, quote.cents, quote.tender)


def _row(
    uow: UnitOfWork,
    spa_id: int,
    quote: RefundQuote,
    by: By,
    *,
    invoice_id: int | None,
    payment: Taken | None,
    ticket_id: int | None,
) -> int:
    of = f"t{ticket_id}" if ticket_id else f"{invoice_id}"
    [[many]] = uow.sql(
        "SELECT count(*) FROM refund WHERE spa_id = %s AND key LIKE %s", (spa_id, f"refund:{spa_id}.{of}:%")
    ).fetchall()
    key = f"refund:{spa_id}.{of}:{many + 1}"
    [[refund_id]] = uow.sql(
        """INSERT INTO refund (spa_id, key, invoice_id, attempt_id, ticket_id, cents, status, tender, plan, reason,
                               actor, approved_by, asked_at, look_at)
           VALUES (%s, %s, %s, %s, %s, %s, 'asked', %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            *(spa_id, key, invoice_id, payment and payment.attempt_id, ticket_id, quote.cents, quote.tender),
            *(Jsonb(stored.written(quote)), by.reason, by.actor, by.approved_by, uow.now, uow.now + LEASE),
        ),
    ).fetchall()
    return int(refund_id)
