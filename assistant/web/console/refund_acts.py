"""Giving a payment of a member's back, all or some of it, with the credit that it bought."""

from collections.abc import Iterator

from assistant.db.spas import credit_words
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.domain.refunds import RefundQuote, Refused
from assistant.gateways.ports import NotGiven
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.messages.till import Words
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import payments, refunds
from assistant.services.limits import By
from assistant.services.payments import Payment
from assistant.services.refunds import Begun, Refunded
from assistant.web.console import till_words
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question, Then
from assistant.web.console.membership_acts import CHANGED, day

ACCOUNTS = {
    "deferred": "Of unused credit",
    "access": "Of access not given yet",
    "revenue": "Of what was earned",
    "tax": "Of tax",
    "tips": "Of the tip",
    "goodwill": "For used credit",
    "owed_back": "That nobody owed",
}
USED = (("", "Stays paid"), ("claim", "Goes back too, and is taken off the next credits"))


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    found = payments.paid(uow, ask.spa_id, ask.client_id)
    return (
        Question("invoice", "Which payment", "select", tuple((str(each.invoice_id), _named(each)) for each in found)),
        Question("amount", "How much", hint="In dollars; leave it empty for all that can go back.", required=False),
        Question("used", "Credit that was used", "select", USED, required=False),
        Question("reason", "Why", hint="The audit sees it."),
    )


def _named(each: Payment) -> str:
    what = "Dues" if each.kind == "dues" else "Order"
    back = f", {Money(each.back_cents)} went back" if each.back_cents else ""
    return f"{what} of {day(each.due_on)}: {Money(each.cents)}, {each.paid_by}{back}"


def _quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    invoice_id, typed = ask.number("invoice"), ask.answers.get("amount", "").strip()
    if invoice_id is None or not payments.is_theirs(uow, ask.spa_id, ask.client_id, invoice_id):
        return Cannot("There is no such payment of theirs.")
    cents = ask.cents("amount") if typed else None
    if typed and not cents:
        return Cannot("Say how much in dollars and cents, such as 25.00.")
    forced = ask.answers.get("used") == "claim"
    quote = refunds.quote_refund(uow, ask.spa_id, invoice_id, cents, forced=forced, actor=ask.by.actor)
    if isinstance(quote, Refused):
        return Cannot(till_words.not_given(quote))
    lines = _lines(credit_words(uow, ask.spa_id, "en"), ask, quote)
    return Offered((invoice_id, quote), tuple(lines), _over(ask, quote))


def _lines(words: Words, ask: Ask, quote: RefundQuote) -> Iterator[tuple[str, str]]:
    to = "to the card" if quote.tender == refunds.CARD else f"by {quote.tender}, out of the drawer"
    yield "Goes back", f"{Money(quote.cents)} {to}"
    for name, said in ACCOUNTS.items():
        if part := getattr(quote.parts, name):
            yield said, str(Money(part))
    for take in quote.takes:
        what = in_words(Credits.of(words, take.unit, take.amount)) if take.amount else "Its credit"
        whose = "" if take.client_id == ask.client_id else ", of whom it was given to"
        yield ("Taken back", what + whose) if take.amount else ("Stays", f"{what}, {Money(take.cents)} less behind it")
    if quote.used_cents and not quote.claims:
        yield "Stays paid", f"{Money(quote.used_cents)}, for it was used"
    for claim in quote.claims:
        yield "Off the next credits", in_words(Credits.of(words, claim.unit, claim.amount))
    yield "Could still go back", str(Money(quote.left_cents))
    yield "Why", ask.answers.get("reason", "")


def _over(ask: Ask, quote: RefundQuote) -> str:
    if not quote.needs_manager:
        return ""
    if quote.cents > ask.by.limits.refund_cents:
        return f"You may give back {Money(ask.by.limits.refund_cents)} at a time."
    return "What was used goes back only with a manager's yes."


def _refund(uow: UnitOfWork, ask: Ask, offered: Offered) -> Then | Cannot:
    invoice_id, quote = offered.value
    by = By(actor=ask.by.actor, reason=ask.answers.get("reason", ""), approved_by=ask.approved_by)
    match refunds.begin(uow, ask.spa_id, invoice_id, quote, by):
        case Begun() as begun:
            return Then(f"{Money(begun.cents)} is on its way back.", lambda rt: given(rt, begun))
        case Refused() as why:
            return Cannot(till_words.not_given(why))
    return CHANGED


def given(rt: Runtime, begun: Begun) -> str | Cannot:
    """Ask the processor for a refund that is written down, and say what came of it."""
    match refunds.give(rt, begun):
        case Refunded(_, cents, tender):
            how = "to the card" if tender == refunds.CARD else f"by {tender}: hand it over"
            return f"{Money(cents)} goes back {how}."
        case NotGiven():
            return Cannot("The bank did not give it back. Nothing has changed.")
        case _:
            return Cannot("The bank has not said yet whether it went back: it is looked up, and never given twice.")


ACTS = (Act("refund", "Refund a payment", Permission.REFUND, _quote, _refund, _which, danger=True),)
