"""Taking back a sale: the money first, then the sale, then each use of credit, into the very lots it came out of (G8).

Credit comes back once the money surely went: until a refund is answered the ticket stays as it is, and then it is void.
Nobody ever has both, and a refund that fails leaves a sale that is still a sale.
"""

from dataclasses import dataclass

from assistant.domain.desk import DeskPolicy
from assistant.domain.refunds import Refused
from assistant.domain.tickets import CannotSell, Left, Refusal
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, credits, limits, refunds, tickets
from assistant.services.limits import By
from assistant.services.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Voided:
    """It never was: what went back, in money and in credit."""

    ticket_id: int
    cents: int
    credits: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class GoingBack:
    """The processor has not said yet whether the money went back: the ticket is void as soon as it has."""

    ticket_id: int


def void(
    rt: Runtime, spa_id: int, ticket_id: int, *, actor: str, reason: str, approved_by: str | None = None
) -> Voided | GoingBack | Refusal:
    """Take back a paid ticket; twice is once. Above what one hand may give back, a manager approves."""
    by = By(actor=actor, reason=reason, approved_by=approved_by)
    begun = rt.transact(lambda uow: begin(uow, spa_id, ticket_id, by))
    return begun if isinstance(begun, Refusal) else carry_out(rt, spa_id, ticket_id, begun, by)


def carry_out(rt: Runtime, spa_id: int, ticket_id: int, cents: int, by: By) -> Voided | GoingBack | Refusal:
    """Give back the money of a void that was begun, and then its credit."""
    given = None
    if cents:
        given = refunds.refund_ticket(
            rt, spa_id, ticket_id, cents, actor=by.actor, reason=by.reason, approved_by=by.approved_by
        )
    became = rt.transact(lambda uow: _finish(uow, spa_id, ticket_id, by.actor))
    if isinstance(became, Refusal) and isinstance(given, Refused):
        return Refusal(became.why, given.why.value)
    return became


def begin(uow: UnitOfWork, spa_id: int, ticket_id: int, by: By) -> int | Refusal:
    """Say that it is to be void. Gives how much money is to go back first."""
    ticket = tickets.find(uow, spa_id, ticket_id)
    if ticket is None:
        return Refusal(CannotSell.NO_SUCH_TICKET)
    if ticket.status == "void":
        return 0
    if ticket.status != "paid":
        return Refusal(CannotSell.NOT_PAID, ticket.status)
    cents = to_go_back(uow, ticket)
    if cents > limits.hand(uow, spa_id, by.actor).limits.refund_cents and not by.two_hands:
        return Refusal(CannotSell.NEEDS_APPROVAL, str(cents))
    uow.sql(
        "UPDATE ticket SET voided_by = %s, void_reason = %s WHERE spa_id = %s AND id = %s",
        (by.actor, by.reason, spa_id, ticket_id),
    )
    return cents


def to_go_back(uow: UnitOfWork, ticket: Ticket) -> int:
    """How much money has not gone back yet, and is not on its way."""
    back, asked = _given_back(uow, ticket)
    return ticket.quote.bill.total_cents - back - asked


def _finish(uow: UnitOfWork, spa_id: int, ticket_id: int, actor: str) -> Voided | GoingBack | Refusal:
    """Once all the money is back: the credit too, and it is void. What was refused leaves a sale as it was."""
    ticket = tickets.find(uow, spa_id, ticket_id)
    if ticket is None:
        return Refusal(CannotSell.NO_SUCH_TICKET)
    total = ticket.quote.bill.total_cents
    lefts = tuple(Left(unit, amount) for unit, amount in ticket.quote.bill.uses().items())
    if ticket.status == "void":
        return Voided(ticket.id, total, lefts)
    back, asked = _given_back(uow, ticket)
    if back < total <= back + asked:
        return GoingBack(ticket.id)
    if back < total:
        uow.sql(
            "UPDATE ticket SET voided_by = NULL, void_reason = NULL WHERE spa_id = %s AND id = %s", (spa_id, ticket_id)
        )
        return Refusal(CannotSell.NOT_GIVEN_BACK, str(total - back))
    _undo(uow, ticket, ticket.voided_by or actor)
    return Voided(ticket.id, total, lefts)


def _undo(uow: UnitOfWork, ticket: Ticket, actor: str) -> None:
    """In reverse order, the last use first; what ran out meanwhile can be used for the spa's grace (C10)."""
    tickets.lock_credits(uow, ticket.spa_id, ticket.client_id)
    grace = _policy(uow, ticket.spa_id).undo_grace_days
    rows = uow.sql(
        "SELECT entry_id, dollar_entry_id FROM ticket_line WHERE spa_id = %s AND ticket_id = %s ORDER BY place DESC",
        (ticket.spa_id, ticket.id),
    ).fetchall()
    for entry_id, dollar_entry_id in rows:
        for use in (dollar_entry_id, entry_id):
            if use is not None:
                credits.undo(uow, ticket.spa_id, use, zone=ticket.zone, grace_days=grace)
    uow.sql(
        "UPDATE ticket SET status = 'void', voided_at = %s, voided_by = %s WHERE spa_id = %s AND id = %s",
        (uow.now, actor, ticket.spa_id, ticket.id),
    )
    facts = {"reason": ticket.void_reason, "total_cents": ticket.quote.bill.total_cents}
    subject = f"ticket:{ticket.id}"
    audit.write(uow, ticket.spa_id, actor=actor, evidence="E3", act="ticket_voided", subject=subject, after=facts)


def _given_back(uow: UnitOfWork, ticket: Ticket) -> tuple[int, int]:
    """How much of it went back, and how much may be on its way."""
    [[cents, asked]] = uow.sql(
        """SELECT coalesce(sum(cents) FILTER (WHERE status = 'done'), 0)::bigint,
                  coalesce(sum(cents) FILTER (WHERE status IN ('asked', 'unanswered')), 0)::bigint
           FROM refund WHERE spa_id = %s AND ticket_id = %s""",
        (ticket.spa_id, ticket.id),
    ).fetchall()
    return cents, asked


def _policy(uow: UnitOfWork, spa_id: int) -> DeskPolicy:
    [[policy]] = uow.sql("SELECT policy FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return DeskPolicy.from_json(policy)


VOIDING = """
    SELECT t.spa_id, t.id FROM ticket t WHERE t.status = 'paid' AND t.voided_by IS NOT NULL
      AND t.total_cents <= (SELECT coalesce(sum(r.cents), 0) FROM refund r
                            WHERE r.spa_id = t.spa_id AND r.ticket_id = t.id AND r.status = 'done')
    ORDER BY t.spa_id, t.id LIMIT 1"""


def finish_voids(rt: Runtime) -> int:
    """Tickets whose money went back after all: now their credit does. Returns how many."""
    many = 0
    while rt.transact(_finish_next):
        many += 1
    return many


def _finish_next(uow: UnitOfWork) -> bool:
    row = uow.sql(VOIDING).fetchone()
    return row is not None and isinstance(_finish(uow, row[0], row[1], "clock"), Voided)
