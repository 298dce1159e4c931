"""Tickets as rows: opened as they were quoted, their credit held, paid for once, or let go."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from assistant.db import billing as invoices
from assistant.db.billing import Owed
from assistant.domain import ledger as books
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.checkout import BillLine
from assistant.domain.credits import Short, holdings
from assistant.domain.ledger import USD
from assistant.domain.tickets import Quote, Tender
from assistant.gateways.ports import Declined
from assistant.runtime import UnitOfWork
from assistant.services import audit, credits, ledger, tasks, ticket_receipts
from assistant.services.credits import Spent

IN_DOUBT = timedelta(days=3)
"""Credit is held for so long beyond the ticket's own minutes: it is the ticket that lets it go, and one whose charge is
not answered keeps it until the janitor knows.
"""

REST = ":rest"
"""What a line takes beyond what its booking held is held under this, until both are used together."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One sale, its row locked while you hold it."""

    spa_id: int
    id: int
    client_id: int
    status: str
    tender: Tender
    quote: Quote
    invoice_id: int | None
    declined: str | None
    actor: str
    voided_by: str | None
    void_reason: str | None
    zone: str

    def ref(self, place: int) -> str:
        """What the credit of one line is held for."""
        return f"ticket:{self.id}:{place}"

    @property
    def used_at(self) -> datetime | None:
        """When it was, where it is written down late: noon of that day."""
        return datetime.combine(self.quote.on, time(12), ZoneInfo(self.zone)) if self.quote.told_late else None

    def uses(self) -> list[tuple[BillLine, str, int, int]]:
        """Each use of credit: line, unit, amount, and its number on the line."""
        lines = self.quote.bill.lines
        service = [(line, line.credit_unit, line.credit_amount, 1) for line in lines if line.credit_unit]
        dollars = [(line, USD, line.dollar_cents, 2) for line in lines if line.dollar_cents]
        return sorted(service + dollars, key=lambda use: (use[0].place, use[3]))


TICKET = """
    SELECT t.spa_id, t.id, t.client_id, t.status, t.tender, t.quote, t.invoice_id, t.declined, t.actor, t.voided_by,
           t.void_reason, s.zone FROM ticket t JOIN spa s ON s.spa_id = t.spa_id WHERE t.spa_id = %s"""


def find(uow: UnitOfWork, spa_id: int, ticket_id: int) -> Ticket | None:
    """One ticket, locked after the order that charges it: whoever changes it waits for its turn here."""
    row = uow.sql("SELECT invoice_id FROM ticket WHERE spa_id = %s AND id = %s", (spa_id, ticket_id)).fetchone()
    if row is not None and row[0] is not None:
        invoices.owed(uow, spa_id, row[0])
    return _one(uow, "t.id = %s", spa_id, ticket_id)


def by_key(uow: UnitOfWork, spa_id: int, key: str) -> Ticket | None:
    row = uow.sql("SELECT id FROM ticket WHERE spa_id = %s AND key = %s", (spa_id, key)).fetchone()
    return find(uow, spa_id, row[0]) if row else None


def _one(uow: UnitOfWork, which: str, spa_id: int, value: int) -> Ticket | None:
    row = uow.sql(f"{TICKET} AND {which} FOR NO KEY UPDATE OF t", (spa_id, value)).fetchone()
    if row is None:
        return None
    spa, id_, client_id, status, tender, quote, *rest = row
    return Ticket(spa, id_, client_id, status, Tender(tender), stored.read(Quote, quote, "quote"), *rest)


def begin(uow: UnitOfWork, spa_id: int, quote: Quote, *, key: str, tender: Tender, actor: str) -> Ticket:
    """A ticket as it was quoted and accepted, with its lines; a sale of theirs that waited waits no more."""
    bill = quote.bill
    [[ticket_id]] = uow.sql(
        """WITH waited AS (DELETE FROM held_sale WHERE spa_id = %s AND client_id = %s)
           INSERT INTO ticket (spa_id, key, client_id, status, tender, due_cents, tax_cents, tip_cents, total_cents,
                               quote, actor, visit_on, opened_at)
           VALUES (%s, %s, %s, 'open', %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            *(spa_id, quote.client_id),
            *(spa_id, key, quote.client_id, tender.value),
            *(bill.due_cents, bill.tax_cents, bill.tip_cents, bill.total_cents),
            *(Jsonb(stored.written(quote)), actor, quote.on, uow.now),
        ),
    ).fetchall()
    uow.sql(
        """INSERT INTO ticket_line (spa_id, ticket_id, place, service_id, list_cents, credit_unit, credit_amount,
                                    covered_cents, saved_cents, dollar_cents, due_cents, why)
           SELECT %s, %s, place, service_id, list_cents, credit_unit, credit_amount, covered_cents, saved_cents,
                  dollar_cents, due_cents, why
           FROM jsonb_populate_recordset(NULL::ticket_line, %s)""",
        (spa_id, ticket_id, Jsonb([stored.written(line) for line in bill.lines])),
    )
    [[zone]] = uow.sql("SELECT zone FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return Ticket(spa_id, ticket_id, quote.client_id, "open", tender, quote, None, None, actor, None, None, zone)


def take_over(uow: UnitOfWork, ticket: Ticket) -> None:
    """What is held for the visit's booking is held for the first line that uses it, and the rest is let go."""
    if (booking := ticket.quote.cart.booking) is None:
        return
    first = {unit: line.place for line, unit, *_ in reversed(ticket.uses())}
    for unit, place in sorted(first.items()):
        uow.sql(
            "UPDATE credit_hold SET ref = %s WHERE spa_id = %s AND ref = %s AND client_id = %s AND unit = %s"
            " AND settled_at IS NULL",
            (ticket.ref(place), ticket.spa_id, booking, ticket.client_id, unit),
        )
    credits.release(uow, ticket.spa_id, booking)


def _taken_over(uow: UnitOfWork, ticket: Ticket) -> dict[tuple[str, str], int]:
    """What is held already, by reference and unit."""
    rows = uow.sql(
        "SELECT ref, unit, sum(amount)::bigint FROM credit_hold"
        " WHERE spa_id = %s AND client_id = %s AND settled_at IS NULL AND ref LIKE %s GROUP BY ref, unit",
        (ticket.spa_id, ticket.client_id, f"ticket:{ticket.id}:%"),
    )
    return {(ref, unit): amount for ref, unit, amount in rows.fetchall()}


def hold(uow: UnitOfWork, ticket: Ticket, minutes: int) -> None:
    """Keep its credit while the card is asked: it was priced under the same lock, so that it is there."""
    until = uow.now + timedelta(minutes=minutes) + IN_DOUBT
    taken = _taken_over(uow, ticket) if ticket.quote.cart.booking else {}
    for line, unit, amount, _ in ticket.uses():
        already = taken.get((ticket.ref(line.place), unit), 0)
        if already >= amount:
            continue
        short = credits.hold(
            uow,
            ticket.spa_id,
            client_id=ticket.client_id,
            unit=unit,
            amount=amount - already,
            ref=ticket.ref(line.place) + (REST if already else ""),
            until=until,
            zone=ticket.zone,
            promo=ticket.quote.promo,
            at=ticket.used_at,
        )
        if short is not None:
            raise RuntimeError(f"ticket {ticket.id} was priced with {amount} {unit}, and there is {short.available}")


def settle(uow: UnitOfWork, ticket: Ticket, *, key: str, fee_cents: int = 0) -> None:
    """It is paid for: credit is used, the sale is booked under its key, and the client has a receipt."""
    lock_credits(uow, ticket.spa_id, ticket.client_id)
    _use(uow, ticket)
    bill = ticket.quote.bill
    if bill.total_cents:
        taken = {"tax_cents": bill.tax_cents, "tip_cents": bill.tip_cents, "fee_cents": fee_cents}
        at = uow.now if ticket.tender is Tender.CARD else ticket.used_at or uow.now  # a card pays when it is asked
        entry = books.sold(key, at, bill.total_cents, **taken)
        ledger.post(uow, ticket.spa_id, [entry])
    uow.sql(
        "UPDATE ticket SET status = 'paid', tender = %s, declined = NULL, paid_at = %s WHERE spa_id = %s AND id = %s",
        (ticket.tender.value, uow.now, ticket.spa_id, ticket.id),
    )
    units = tuple(bill.uses())
    lots = credits.lots(uow, ticket.spa_id, ticket.client_id)
    left = {each.unit: each.amount for each in holdings(lots, local_day(uow.now, ticket.zone))}
    ticket_receipts.send(uow, ticket.spa_id, ticket.id, ticket.quote, {unit: left.get(unit, 0) for unit in units})


def lock_credits(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    """All that a client holds, in the order that everybody locks it."""
    uow.sql(
        "SELECT 1 FROM ledger_account WHERE spa_id = %s AND client_id = %s AND account = 'credits'"
        " ORDER BY account, unit FOR NO KEY UPDATE",
        (spa_id, client_id),
    )


def _use(uow: UnitOfWork, ticket: Ticket) -> None:
    if ticket.quote.cart.booking:
        _let_go(uow, ticket, REST)
    for line, unit, amount, number in ticket.uses():
        spent = credits.spend(
            uow,
            ticket.spa_id,
            client_id=ticket.client_id,
            unit=unit,
            amount=amount,
            key=f"{ticket.ref(line.place)}:{number}",
            zone=ticket.zone,
            ref=ticket.ref(line.place),
            promo=ticket.quote.promo,
            at=ticket.used_at,
        )
        match spent:
            case Spent(entry_id):
                column = "entry_id" if number == 1 else "dollar_entry_id"
                uow.sql(
                    f"UPDATE ticket_line SET {column} = %s WHERE spa_id = %s AND ticket_id = %s AND place = %s",
                    (entry_id, ticket.spa_id, ticket.id, line.place),
                )
            case Short(available):
                _gone(uow, ticket, unit, amount, available)


def _gone(uow: UnitOfWork, ticket: Ticket, unit: str, amount: int, available: int) -> None:
    """The card has paid, and the credit that was kept for it is not there: a person must say what becomes of it."""
    if ticket.tender is not Tender.CARD:
        raise RuntimeError(f"ticket {ticket.id} was priced with {amount} {unit}, and there is {available}")
    facts = {"ticket": ticket.id, "unit": unit, "amount": amount, "available": available}
    tasks.open_task(
        uow,
        ticket.spa_id,
        key=f"credit_gone:{ticket.id}:{unit}",
        kind="credit_gone",
        client_id=ticket.client_id,
        facts=facts,
    )


# ── what becomes of the order that charges it ──


def of_order(uow: UnitOfWork, owed: Owed) -> Ticket | None:
    """The ticket whose remainder an order is, locked."""
    return _one(uow, "t.invoice_id = %s", owed.spa_id, owed.invoice_id)


def paid(uow: UnitOfWork, owed: Owed, *, fee_cents: int) -> bool:
    """The card paid for a ticket, in the same transaction. False when the order is none of ours."""
    ticket = of_order(uow, owed)
    if ticket is None or ticket.status != "open":  # whoever closes it calls the order off with it
        return False
    settle(uow, ticket, key=f"order:{owed.invoice_id}", fee_cents=fee_cents)
    return True


def declined(uow: UnitOfWork, owed: Owed, answer: Declined) -> bool:
    """The card did not pay: the ticket stays open with its credit held, for another tender or to be let go."""
    ticket = of_order(uow, owed)
    if ticket is not None:
        code = answer.decline_code or "generic_decline"
        uow.sql("UPDATE ticket SET declined = %s WHERE spa_id = %s AND id = %s", (code, ticket.spa_id, ticket.id))
    return ticket is not None


def in_doubt(uow: UnitOfWork, ticket: Ticket) -> bool:
    """Whether the card may yet have paid: then nothing else may be done with it."""
    return ticket.invoice_id is not None and invoices.open_attempt(uow, ticket.spa_id, ticket.invoice_id) is not None


def _let_go(uow: UnitOfWork, ticket: Ticket, rest: str = "") -> None:
    for place in sorted({line.place for line, *_ in ticket.uses()}):
        credits.release(uow, ticket.spa_id, ticket.ref(place) + rest)


def call_off(uow: UnitOfWork, ticket: Ticket, reason: str) -> None:
    """Nobody charges the card for it any more. Refused by the database while a charge is in doubt."""
    uow.sql(
        "UPDATE invoice SET status = 'skipped', reason = %s, settled_at = %s, next_attempt_at = NULL"
        " WHERE spa_id = %s AND id = %s AND status = 'open'",
        (reason, uow.now, ticket.spa_id, ticket.invoice_id),
    )


def abandon(uow: UnitOfWork, ticket: Ticket, *, actor: str) -> bool:
    """Let an open ticket go, and its credit with it. False while a charge is in doubt, or when it is not open."""
    if ticket.status != "open" or in_doubt(uow, ticket):
        return False
    lock_credits(uow, ticket.spa_id, ticket.client_id)
    call_off(uow, ticket, "abandoned")
    _let_go(uow, ticket)
    if ticket.quote.cart.booking:
        _let_go(uow, ticket, REST)
    uow.sql("UPDATE ticket SET status = 'abandoned' WHERE spa_id = %s AND id = %s", (ticket.spa_id, ticket.id))
    evidence = "E3" if actor.startswith("staff") else "E1"
    subject = f"ticket:{ticket.id}"
    audit.write(uow, ticket.spa_id, actor=actor, evidence=evidence, act="ticket_abandoned", subject=subject)
    return True
