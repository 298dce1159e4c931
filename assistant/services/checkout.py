"""At the till: what a visit comes to, and taking exactly that (`features.md` C1-C9, N14).

Credit, sale and receipt are one transaction. Where the card on file pays, the credit is held while it is asked, and
used in the transaction that writes down its answer.
"""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.db import tills
from assistant.db.tills import Till
from assistant.domain import tickets as deal
from assistant.domain.billing import Cause
from assistant.domain.checkout import Cart
from assistant.domain.tickets import CannotSell, Change, Changed, Quote, Refusal, Tender
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, charges, credit_story, orders, tickets
from assistant.services.tickets import Ticket
from assistant.services.voids import GoingBack, Voided, void

__all__ = [
    "Begun",
    "CardDeclined",
    "GoingBack",
    "InDoubt",
    "Outcome",
    "Sold",
    "Stale",
    "Voided",
    "Went",
    "charge",
    "commit",
    "quote",
    "void",
    "write_down",
]


@dataclass(frozen=True, slots=True)
class Sold:
    """It is paid for; the same sale sent again gives the same."""

    ticket_id: int
    tender: Tender
    quote: Quote


@dataclass(frozen=True, slots=True)
class Went:
    """Where credit went that is missing: used or held, when, and for what."""

    unit: str
    amount: int
    at: datetime
    by: str
    """The key of the use, or what it is held for: `ticket:12:1:1`, `booking:…`."""
    held: bool
    actor: str | None
    """Who sold it, where it was at a till."""


@dataclass(frozen=True, slots=True)
class Stale:
    """It is no longer as it was quoted: what differs, where missing credit went, and what it comes to now."""

    quote: Quote
    changes: tuple[Change, ...]
    went: tuple[Went, ...]


@dataclass(frozen=True, slots=True)
class CardDeclined:
    """The card did not pay. The ticket is open and keeps its credit, for another tender or to be let go."""

    ticket_id: int
    code: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The card may have paid: the ticket waits, with its credit held, until that is known."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class Begun:
    """The card is to be asked."""

    ticket_id: int
    invoice_id: int


Outcome = Sold | Stale | Refusal | CardDeclined | InDoubt


def quote(uow: UnitOfWork, spa_id: int, client_id: int, cart: Cart, *, on: date | None = None) -> Quote | Refusal:
    """What a visit comes to, today or on the past day it was; nothing is written."""
    found = _till(uow, spa_id, client_id, cart, on)
    return found if isinstance(found, Refusal) else deal.quote(found.client, cart)


def _till(uow: UnitOfWork, spa_id: int, client_id: int, cart: Cart, on: date | None) -> Till | Refusal:
    found = tills.till(uow, spa_id, client_id, cart, now=uow.now, on=on)
    return found or Refusal(CannotSell.NO_SUCH_CLIENT, str(client_id))


def commit(
    rt: Runtime,
    spa_id: int,
    client_id: int,
    cart: Cart,
    accepted: Quote,
    *,
    key: str,
    tender: Tender,
    actor: str,
) -> Outcome:
    """Take what was accepted, once for the till's own `key`. What has changed since is quoted anew, and not taken."""
    sale = _Sale(spa_id, client_id, cart, accepted, key, tender, actor)
    begun = rt.transact(lambda uow: _begin(uow, sale))
    return charge(rt, spa_id, begun) if isinstance(begun, Begun) else begun


@dataclass(frozen=True, slots=True)
class _Sale:
    spa_id: int
    client_id: int
    cart: Cart
    accepted: Quote
    key: str
    tender: Tender
    actor: str


def _begin(uow: UnitOfWork, sale: _Sale) -> Outcome | Begun:
    """Under the client's lock: was it sold already, and is it still as it was quoted? Then it is sold, or opened."""
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (sale.spa_id, sale.client_id))
    if (known := tickets.by_key(uow, sale.spa_id, sale.key)) is not None:
        return _again(uow, known, sale)
    tickets.lock_credits(uow, sale.spa_id, sale.client_id)
    on = sale.accepted.on if sale.accepted.told_late else None
    found = _till(uow, sale.spa_id, sale.client_id, sale.cart, on)
    if isinstance(found, Refusal):
        return found
    fresh = deal.quote(found.client, sale.cart)
    if isinstance(fresh, Refusal):
        return fresh
    if not deal.same_deal(sale.accepted, fresh):
        return _stale(uow, sale, fresh)
    if (why := _cannot(sale, fresh)) is not None:
        return Refusal(why)
    return _sell(uow, sale, fresh, found)


def _cannot(sale: _Sale, fresh: Quote) -> CannotSell | None:
    if fresh.told_late and not sale.cart.late_because:
        return CannotSell.NO_REASON
    return CannotSell.NO_TENDER if fresh.bill.total_cents and sale.tender is Tender.NOTHING else None


def _sell(uow: UnitOfWork, sale: _Sale, fresh: Quote, found: Till) -> Sold | Begun:
    tender = sale.tender if fresh.bill.total_cents else Tender.NOTHING
    ticket = tickets.begin(uow, sale.spa_id, fresh, key=sale.key, tender=tender, actor=sale.actor)
    tickets.take_over(uow, ticket)
    write_down(uow, ticket, sale.actor, "sold" if tender is not Tender.CARD else "ticket_opened")
    if tender is not Tender.CARD:
        tickets.settle(uow, ticket, key=f"ticket:{ticket.id}")
        return Sold(ticket.id, tender, fresh)
    tickets.hold(uow, ticket, found.client.policy.ticket_minutes)
    invoice_id = orders.place(uow, sale.spa_id, sale.client_id, fresh.bill.total_cents, zone=found.zone)
    uow.sql("UPDATE ticket SET invoice_id = %s WHERE spa_id = %s AND id = %s", (invoice_id, sale.spa_id, ticket.id))
    return Begun(ticket.id, invoice_id)


def _again(uow: UnitOfWork, known: Ticket, sale: _Sale) -> Outcome | Begun:
    """The same key again: the same sale, or none. Only one that never came to ask the card asks it now."""
    if (known.client_id, known.quote.bill) != (sale.client_id, sale.accepted.bill):
        return Refusal(CannotSell.KEY_TAKEN, str(known.id))
    if known.status == "open" and known.invoice_id and not (known.declined or tickets.in_doubt(uow, known)):
        return Begun(known.id, known.invoice_id)
    return _outcome(uow, known)


def _outcome(uow: UnitOfWork, ticket: Ticket) -> Outcome:
    if ticket.status == "paid":
        return Sold(ticket.id, ticket.tender, ticket.quote)
    if ticket.status != "open":
        return Refusal(CannotSell.NOT_OPEN, ticket.status)
    return InDoubt(ticket.id) if tickets.in_doubt(uow, ticket) else CardDeclined(ticket.id, ticket.declined or "")


def charge(rt: Runtime, spa_id: int, begun: Begun) -> Outcome:
    charges.attempt(rt, spa_id, begun.invoice_id, Cause.STAFF)

    def became(uow: UnitOfWork) -> Outcome:
        ticket = tickets.find(uow, spa_id, begun.ticket_id)
        return _outcome(uow, ticket) if ticket else Refusal(CannotSell.NO_SUCH_TICKET)

    return rt.transact(became)


def _stale(uow: UnitOfWork, sale: _Sale, fresh: Quote) -> Stale:
    changed = deal.changes(sale.accepted, fresh)
    short = [each.unit for each in changed if each.what is Changed.CREDIT and each.unit and each.now < each.before]
    found = (_went(uow, sale.spa_id, sale.client_id, unit) for unit in short)
    return Stale(fresh, changed, tuple(each for each in found if each is not None))


def _went(uow: UnitOfWork, spa_id: int, client_id: int, unit: str) -> Went | None:
    """The last that was done with a unit of somebody's credit (`features.md` C11)."""
    found = credit_story.where_it_went(uow, spa_id, client_id, unit)
    return Went(unit, found.amount, found.at, found.ref, found.held, found.actor) if found else None


def write_down(uow: UnitOfWork, ticket: Ticket, actor: str, act: str) -> None:
    """Who sold what, and each discount that was taken off, with its reason (`features.md` C1, G6)."""
    bill = ticket.quote.bill
    lines = enumerate(ticket.quote.cart.lines, 1)
    taken_off = {str(place): line.take_off for place, line in lines if line.take_off}
    facts: dict[str, object] = {"total_cents": bill.total_cents, "tender": ticket.tender.value}
    facts |= {"visit_on": ticket.quote.on.isoformat(), "taken_off": taken_off}
    facts |= {"late_because": ticket.quote.cart.late_because} if ticket.quote.told_late else {}
    subject = f"ticket:{ticket.id}"
    audit.write(uow, ticket.spa_id, actor=actor, evidence="E3", act=act, subject=subject, after=facts)
