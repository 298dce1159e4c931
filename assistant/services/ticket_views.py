"""A ticket as the desk reads it: the sale, who sold it, what went back, and which receipts were sent."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db import reach
from assistant.db.spas import House, house
from assistant.db.staff_names import name_of
from assistant.domain.calendar import local_day
from assistant.domain.credits import holdings
from assistant.runtime import UnitOfWork
from assistant.services import audit, credits, messaging, ticket_receipts, tickets
from assistant.services.addressing import Addressee
from assistant.services.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Back:
    """One refund of it."""

    cents: int
    status: str
    tender: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt that was written."""

    channel: str
    recipient: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """All of one ticket."""

    ticket: Ticket
    name: str
    house: House
    sold_by: str
    opened_at: datetime
    voided_by: str | None
    voided_at: datetime | None
    in_doubt: bool
    backs: tuple[Back, ...]
    receipts: tuple[Receipt, ...]
    number: str | None
    """Where a receipt may be texted."""
    address: str | None
    """Where it may be mailed."""

    @property
    def back_cents(self) -> int:
        return sum(each.cents for each in self.backs if each.status != "failed")


TICKET = f"""
    SELECT c.first_name || ' ' || c.last_name, {name_of("t.actor")}, t.opened_at, {name_of("t.voided_by")},
           t.voided_at
    FROM ticket t JOIN client c ON (c.spa_id, c.id) = (t.spa_id, t.client_id) WHERE t.spa_id = %s AND t.id = %s"""


def look(uow: UnitOfWork, spa_id: int, ticket_id: int) -> View | None:
    """One ticket of this spa; None for none."""
    ticket = tickets.find(uow, spa_id, ticket_id)
    if ticket is None:
        return None
    [row] = uow.sql(TICKET, (spa_id, ticket_id)).fetchall()
    name, sold_by, opened_at, voided_by, voided_at = row
    backs = uow.sql(
        f"SELECT cents, status, tender, reason, asked_at, {name_of('r.actor')} FROM refund r"
        " WHERE r.spa_id = %s AND r.ticket_id = %s ORDER BY r.id LIMIT 50",
        (spa_id, ticket_id),
    ).fetchall()
    receipts = uow.sql(
        "SELECT channel, recipient, status, created_at FROM outbound_message WHERE spa_id = %s AND client_id = %s"
        " AND (key = %s OR key LIKE %s) ORDER BY id LIMIT 20",
        (spa_id, ticket.client_id, f"ticket:{ticket_id}", f"ticket:{ticket_id}:copy:%"),
    ).fetchall()
    return View(
        ticket=ticket,
        name=name,
        house=house(uow, spa_id),
        sold_by=sold_by,
        opened_at=opened_at,
        voided_by=voided_by,
        voided_at=voided_at,
        in_doubt=ticket.status == "open" and tickets.in_doubt(uow, ticket),
        backs=tuple(Back(*each) for each in backs),
        receipts=tuple(Receipt(*each) for each in receipts),
        number=reach.reach(uow, spa_id, ticket.client_id).number,
        address=reach.mail_address(uow, spa_id, ticket.client_id),
    )


def send_copy(uow: UnitOfWork, view: View, channel: str, *, token: str, actor: str) -> bool:
    """The receipt once more, by text or email, once for its token. False where it may not be sent that way."""
    ticket, to = view.ticket, view.number if channel == "sms" else view.address
    if to is None or ticket.status != "paid":
        return False
    about = reach.reach(uow, ticket.spa_id, ticket.client_id)
    today = local_day(uow.now, ticket.zone)
    has = {each.unit: each.amount for each in holdings(credits.lots(uow, ticket.spa_id, ticket.client_id), today)}
    left = {unit: has.get(unit, 0) for unit in ticket.quote.bill.uses()}
    message = ticket_receipts.receipt(uow, ticket.spa_id, about.first_name, about.locale, ticket.quote, left)
    addressee = Addressee(ticket.spa_id, to, about.locale, ticket.client_id, channel)
    messaging.tell(uow, addressee, message, key=f"ticket:{ticket.id}:copy:{token}")
    facts = {"channel": channel}
    audit.write(
        uow, ticket.spa_id, actor=actor, evidence="E3", act="receipt_sent", subject=f"ticket:{ticket.id}", after=facts
    )
    return True
