"""Dues given back from the member's page: the last payment, with the credit that goes with it, quoted first."""

from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.domain.refunds import RefundQuote, RefundRefusal, Refused
from assistant.gateways.ports import NotGiven
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import refunds
from assistant.services.refunds import Begun, By, Refunded, Stale
from assistant.web.console.acts import Act, Ask, Cannot, Going, Offered, Question
from assistant.web.console.membership_acts import CHANGED, day

WHY: dict[RefundRefusal, str] = {
    RefundRefusal.DISPUTED: "The bank has this payment in hand: answer the dispute, and refund nothing.",
    RefundRefusal.NOTHING_LEFT: "Nothing of it is left: it went back already, or what it bought was used.",
    RefundRefusal.TOO_MUCH: "That is more than can go back.",
    RefundRefusal.NOT_PAID: "It was not paid.",
    RefundRefusal.IN_DOUBT: "An earlier charge or refund is being looked up: try again in a few minutes.",
    RefundRefusal.NEEDS_MANAGER: "A manager gives this back.",
    RefundRefusal.OF_A_TICKET: "It paid for a ticket: open the ticket.",
}
PAID = """
    SELECT i.id, p.name, i.paid_at::date, i.dues_cents + i.setup_fee_cents
    FROM invoice i JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    WHERE i.spa_id = %s AND i.client_id = %s AND i.kind = 'dues' AND i.status = 'paid'
    ORDER BY i.paid_at DESC, i.id DESC LIMIT 12"""


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    rows = uow.sql(PAID, (ask.spa_id, ask.client_id)).fetchall()
    paid = tuple((str(each), f"{day(on)}, {plan}: {Money(cents)}") for each, plan, on, cents in rows)
    return (
        Question("payment", "Which payment", "select", paid),
        Question("cents", "How much, in dollars", hint="Empty: all that can go back.", required=False),
        Question("reason", "Why", hint="The member and the audit see it."),
    )


def _quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    paid = {each for each, *_ in uow.sql(PAID, (ask.spa_id, ask.client_id)).fetchall()}
    invoice, typed = ask.number("payment"), ask.answers.get("cents", "").strip()
    if invoice not in paid or invoice is None:
        return Cannot("They have no such payment.")
    if typed and not ask.cents("cents"):
        return Cannot("Say how much in dollars and cents, as 49.50.")
    found = refunds.quote_refund(uow, ask.spa_id, invoice, ask.cents("cents") if typed else None)
    if isinstance(found, Refused):
        return Cannot(WHY[found.why])
    if found.cents > ask.by.limits.refund_cents:
        return Cannot(f"That is {Money(found.cents)}, and you may give back {Money(ask.by.limits.refund_cents)}.")
    return Offered((invoice, found), _lines(found, ask))


def _lines(quote: RefundQuote, ask: Ask) -> tuple[tuple[str, str], ...]:
    lines = [("Goes back", f"{Money(quote.cents)}, by {quote.tender.replace('_', ' ')}")]
    if quote.takes:
        lines.append(("Credit that goes with it", f"{len(quote.takes)} grant{'s' if len(quote.takes) > 1 else ''}"))
    if quote.used_cents:
        lines.append(("Stays paid", f"{Money(quote.used_cents)}: it was used"))
    return (*lines, ("Why", ask.answers.get("reason", "")))


def _give(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot | Going:
    invoice, quote = offered.value
    approved = ask.by.actor if ask.by.may(Permission.APPROVE) else None
    by = By(actor=ask.by.actor, reason=ask.answers.get("reason", ""), approved_by=approved)
    match refunds.begin(uow, ask.spa_id, invoice, quote, by):
        case Begun() as begun:
            return Going("It is being looked up: the timeline says what became of it.", begun)
        case Stale():
            return CHANGED
        case Refused(why):
            return Cannot(WHY[why])


def _after(rt: Runtime, begun: Begun) -> str:
    match refunds.carry_out(rt, begun):
        case Refunded(_, cents, "card"):
            return f"{Money(cents)} is on its way back to the card."
        case Refunded(_, cents, tender):
            return f"Hand {Money(cents)} back: it was paid by {tender}."
        case NotGiven():
            return "The bank did not give it: nothing went back, and there is a task."
    return "The bank has not answered. It is looked up, and never given twice."


ACTS = (Act("refund", "Give dues back", Permission.REFUND, _quote, _give, _which, danger=True, after=_after),)
