"""Tickets whose card did not pay, or has not answered: paid some other way, asked again, or let go."""

from dataclasses import replace

from assistant.domain.desk import DeskPolicy
from assistant.domain.tickets import CannotSell, Refusal, Tender
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import tickets
from assistant.services.checkout import Begun, InDoubt, Outcome, Sold, charge, write_down
from assistant.services.tickets import Ticket


def pay_otherwise(rt: Runtime, spa_id: int, ticket_id: int, tender: Tender, *, actor: str) -> Outcome:
    """Pay an open ticket with something else, or ask the card once more. Refused while the card may yet have paid."""
    done = rt.transact(lambda uow: _pay(uow, spa_id, ticket_id, tender, actor))
    return charge(rt, spa_id, done) if isinstance(done, Begun) else done


def _pay(uow: UnitOfWork, spa_id: int, ticket_id: int, tender: Tender, actor: str) -> Outcome | Begun:
    ticket = tickets.find(uow, spa_id, ticket_id)
    if ticket is None or ticket.status != "open":
        return _no_more(ticket)
    if tickets.in_doubt(uow, ticket):
        return InDoubt(ticket.id)
    if tender is Tender.NOTHING:
        return Refusal(CannotSell.NO_TENDER)
    if tender is Tender.CARD and ticket.invoice_id:
        return Begun(ticket.id, ticket.invoice_id)
    tickets.call_off(uow, ticket, "paid_otherwise")
    paid = replace(ticket, tender=tender)
    tickets.settle(uow, paid, key=f"ticket:{ticket.id}")
    write_down(uow, paid, actor, "sold")
    return Sold(ticket.id, tender, ticket.quote)


def _no_more(ticket: Ticket | None) -> Outcome:
    if ticket is None:
        return Refusal(CannotSell.NO_SUCH_TICKET)
    if ticket.status == "paid":
        return Sold(ticket.id, ticket.tender, ticket.quote)
    return Refusal(CannotSell.NOT_OPEN, ticket.status)


def abandon(uow: UnitOfWork, spa_id: int, ticket_id: int, *, actor: str) -> InDoubt | Refusal | None:
    """Let an open ticket go, and its credit with it; None when it is gone, now or before."""
    ticket = tickets.find(uow, spa_id, ticket_id)
    if ticket is None:
        return Refusal(CannotSell.NO_SUCH_TICKET)
    if ticket.status == "abandoned" or tickets.abandon(uow, ticket, actor=actor):
        return None
    return InDoubt(ticket.id) if ticket.status == "open" else Refusal(CannotSell.NOT_OPEN, ticket.status)


STALE = """
    SELECT t.spa_id, t.id FROM ticket t JOIN spa s ON s.spa_id = t.spa_id
    WHERE t.status = 'open' AND t.id > %s
      AND t.opened_at <= %s - make_interval(mins => coalesce((s.policy ->> 'ticket_minutes')::int, %s))
    ORDER BY t.id LIMIT 1"""


def abandon_stale(rt: Runtime) -> int:
    """Let go every ticket whose minutes are over, one at a time; one in doubt waits until its charge is known."""
    many, row = 0, rt.transact(lambda uow: _stale(uow, 0))
    while row is not None:
        many += rt.transact(lambda uow, row=row: _let_go(uow, *row))  # type: ignore[misc]
        row = rt.transact(lambda uow, last=row[1]: _stale(uow, last))  # type: ignore[misc]
    return many


def _stale(uow: UnitOfWork, last: int) -> tuple[int, int] | None:
    row = uow.sql(STALE, (last, uow.now, DeskPolicy().ticket_minutes)).fetchone()
    return None if row is None else (row[0], row[1])


def _let_go(uow: UnitOfWork, spa_id: int, ticket_id: int) -> bool:
    ticket = tickets.find(uow, spa_id, ticket_id)
    return ticket is not None and tickets.abandon(uow, ticket, actor="clock")
