"""Taking a sale back, all of it or some of its money: acts on a ticket, of which another may be asked for a yes."""

from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.domain.refunds import Refused
from assistant.domain.tickets import CannotSell, Refusal
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import refundable, refunds, tickets, voids
from assistant.services.limits import By
from assistant.services.refunds import Begun
from assistant.services.voids import GoingBack, Voided
from assistant.web.console import till_words
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Then
from assistant.web.console.refund_acts import given

NOBODYS = Cannot("There is no such ticket.")
SAY_WHY = Cannot("Say why it is taken back.")


def _by(ask: Ask) -> By:
    return By(actor=ask.by.actor, reason=ask.answers.get("reason", ""), approved_by=ask.approved_by)


def _over(ask: Ask, cents: int) -> str:
    most = ask.by.limits.refund_cents
    return f"You may give back {Money(most)} by yourself." if cents > most else ""


# --- all of it --------------------------------------------------------------------------------------------------------


def _void_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    ticket = tickets.find(uow, ask.spa_id, ask.number("ticket") or 0)
    if ticket is None or ticket.client_id != ask.client_id:
        return NOBODYS
    if not ask.answers.get("reason"):
        return SAY_WHY
    cents = voids.to_go_back(uow, ticket)
    lines = (
        ("Ticket", str(ticket.id)),
        ("Goes back", f"{Money(cents)}, and its credit"),
        ("Why", ask.answers["reason"]),
    )
    return Offered((ticket.id, cents), lines, _over(ask, cents))


def _void(uow: UnitOfWork, ask: Ask, offered: Offered) -> Then | Cannot:
    ticket_id, _ = offered.value
    spa_id, by = ask.spa_id, _by(ask)
    begun = voids.begin(uow, spa_id, ticket_id, by)
    if isinstance(begun, Refusal):
        return Cannot(till_words.refused(begun))
    return Then("The ticket is taken back.", lambda rt: _voided(rt, spa_id, ticket_id, begun, by))


def _voided(rt: Runtime, spa_id: int, ticket_id: int, cents: int, by: By) -> str | Cannot:
    match voids.carry_out(rt, spa_id, ticket_id, cents, by):
        case Voided(_, money, _):
            return f"The ticket is void: {Money(money)} and the credit went back."
        case GoingBack():
            return "The money is on its way back; the ticket is void once that is certain."
        case Refusal(CannotSell.NO_SUCH_TICKET):
            return NOBODYS
        case Refusal() as refused:
            return Cannot(till_words.refused(refused))


# --- some of its money ------------------------------------------------------------------------------------------------


def _refund_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    ticket = tickets.find(uow, ask.spa_id, ask.number("ticket") or 0)
    if ticket is None or ticket.client_id != ask.client_id:
        return NOBODYS
    cents = ask.cents("amount")
    if not cents or not ask.answers.get("reason"):
        return Cannot("Say how much goes back, and why.")
    quote = refundable.ticket_quote(uow, ask.spa_id, ticket.id, cents, actor=ask.by.actor)
    if isinstance(quote, Refused):
        return Cannot(till_words.not_given(quote))
    to = "to the card" if quote.tender == refunds.CARD else f"by {quote.tender}"
    lines = (
        ("Ticket", str(ticket.id)),
        ("Goes back", f"{Money(quote.cents)} {to}; the sale and its credit stay"),
        ("Why", ask.answers["reason"]),
    )
    return Offered((ticket.id, quote), lines, _over(ask, cents))


def _refund(uow: UnitOfWork, ask: Ask, offered: Offered) -> Then | Cannot:
    ticket_id, quote = offered.value
    match refunds.begin_ticket(uow, ask.spa_id, ticket_id, quote.cents, _by(ask)):
        case Begun() as begun:
            return Then(f"{Money(begun.cents)} is on its way back.", lambda rt: given(rt, begun))
        case Refused() as why:
            return Cannot(till_words.not_given(why))


VOID = Act("ticket-void", "Void a ticket", Permission.CHECKOUT, _void_quote, _void, danger=True)
REFUND = Act("ticket-refund", "Refund a ticket", Permission.REFUND, _refund_quote, _refund)
ACTS = (VOID, REFUND)
