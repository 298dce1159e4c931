"""What the desk reads at the till: each reason, refusal and change in one plain English line."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from assistant.domain.checkout import Bill, BillLine, Reason, Why
from assistant.domain.ledger import USD
from assistant.domain.money import Money
from assistant.domain.tickets import Arrival, CannotSell, Change, Changed, Instead, InsteadOf, Quote, Refusal
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.messages.staff import decline_line

Words = Mapping[str, tuple[str, str]]
WHY = {
    Why.SERVICE_CREDIT: "{credit} covers {money}",
    Why.MEMBER_PRICE: "member price, {money} less",
    Why.PROMO: "promotion, {money} less",
    Why.DOLLAR_CREDIT: "{credit} of credit",
    Why.DISCOUNT_TAKEN_OFF: "discount of {money} taken off: {words}",
    Why.CREDIT_KEPT: "credit kept for another day",
    Why.CREDIT_SHORT: "{credit} more would cover it",
    Why.NOT_FOR_DOLLARS: "dollar credit does not pay for this",
}
REFUSED = {
    CannotSell.NO_SUCH_CLIENT: "There is no client {about}.",
    CannotSell.NO_SUCH_SERVICE: "Nothing is sold under {about}.",
    CannotSell.BAD_CART: "This cannot be priced: {about}.",
    CannotSell.IN_THE_FUTURE: "{about} is in the future.",
    CannotSell.TOO_LONG_AGO: "{about} is too long ago to be written down: a month is the most.",
    CannotSell.NO_REASON: "A visit that is written down late needs a reason: --because.",
    CannotSell.NO_TENDER: "Something is left to pay: say by what, with --tender.",
    CannotSell.KEY_TAKEN: "This key was another sale, ticket {about}.",
    CannotSell.NO_SUCH_TICKET: "There is no such ticket.",
    CannotSell.NOT_OPEN: "The ticket is {about}, not open.",
    CannotSell.NOT_PAID: "The ticket is {about}: only one that is paid can be voided.",
    CannotSell.NEEDS_APPROVAL: "More than one hand at the desk may give back: a manager approves, with --approved-by.",
    CannotSell.NOT_GIVEN_BACK: "The money could not be given back ({about}), so the sale stands.",
}
CHANGED = {
    Changed.STANDING: "The membership stands otherwise than it did.",
    Changed.DAY: "The quote is of another day.",
}
NO_CARD = {
    "no_card": "There is no card on file.",
    "do_not_try_again": "This card may not be asked again now.",
    "never_happened": "The card was never asked: the question did not reach the bank.",
}


class HasAmount(Protocol):
    """So much of a unit of credit."""

    @property
    def unit(self) -> str: ...
    @property
    def amount(self) -> int: ...


def amount(words: Words, each: HasAmount) -> str:
    """So much of a unit, in the spa's own words."""
    return _amount(words, each.unit, each.amount)


def _amount(words: Words, unit: str | None, amount: int) -> str:
    return in_words(Credits.of(words, unit or USD, amount))


def reason(words: Words, each: Reason) -> str:
    """One reason of one line."""
    credit = _amount(words, each.unit, each.amount)
    return WHY[each.why].format(credit=credit, money=Money(each.cents), words=each.words)


def refusal(refused: Refusal) -> str:
    return REFUSED[refused.why].format(about=refused.about)


def change(words: Words, each: Change) -> str:
    """What is not as it was quoted."""
    match each.what:
        case Changed.CREDIT:
            before, now = (_amount(words, each.unit, amount) for amount in (each.before, each.now))
            return f"It was quoted with {before}, and there is {now} to use."
        case Changed.PRICE:
            return f"It was quoted at {Money(each.before)}, and comes to {Money(each.now)} now."
        case other:
            return CHANGED[other]


def card_said(code: str) -> str:
    """Why a card did not pay for a ticket: what the bank said, and that nothing is tried again by itself."""
    said = NO_CARD.get(code) or decline_line(code).split(". ")[0].rstrip(".") + "."
    return f"{said} Nothing is tried again by itself: take another card, cash or a cheque, or let the ticket go."


def told(words: Words, quote: Quote) -> Iterator[str]:
    """A whole quote: each line with its reasons, the sums, and what else the desk is to know."""
    yield from _standing(words, quote)
    for line in quote.bill.lines:
        many = f"{line.quantity} x " if line.quantity > 1 else ""
        yield f"  {many + line.name:<34} {Money(line.list_cents)!s:>10}{_due(line)}"
        yield from (f"      {reason(words, each)}" for each in line.why)
    yield from _sums(quote.bill)
    for left in quote.left:
        yield f"  left afterwards: {_amount(words, left.unit, left.amount)}"
    yield from (f"  {_instead(each, quote)}" for each in quote.instead)


def _standing(words: Words, quote: Quote) -> Iterator[str]:
    who = f"{quote.plan}, {quote.standing.value.replace('_', ' ')}" if quote.standing else "no member"
    yield f"  {'; '.join([who, *_arrival(words, quote.arrival)])}"
    if quote.told_late:
        yield f"  visit of {quote.on}, written down late: {quote.cart.late_because or 'no reason yet'}"
    for each in quote.resting:
        yield f"  cannot be used in this standing: {_amount(words, each.unit, each.amount)}"


def _arrival(words: Words, each: Arrival) -> Iterator[str]:
    """One line for who comes in (`features.md` N17)."""
    if each.owed_cents:
        promised = f" (promised {each.promised_on})" if each.promised_on else ""
        yield f"owes {Money(each.owed_cents)}{promised}"
    if each.expiring:
        yield f"{amount(words, each.expiring)} can be used until {each.expires_on}"
    if each.tasks:
        yield f"{each.tasks} {'thing waits' if each.tasks == 1 else 'things wait'} for a person"


def _due(line: BillLine) -> str:
    return f"   due {Money(line.due_cents)!s:>10}"


def _sums(bill: Bill) -> Iterator[str]:
    for name, cents in (("due", bill.due_cents), ("tax", bill.tax_cents), ("tip", bill.tip_cents)):
        if cents or name == "due":
            yield f"  {name:<34} {'':>10}       {Money(cents)!s:>10}"
    yield f"  {'total':<34} {'':>10}       {Money(bill.total_cents)!s:>10}"


def _instead(each: Instead, quote: Quote) -> str:
    total, first = Money(each.total_cents), Money(each.first_cents)
    if each.why is InsteadOf.JOINED:
        return f"as a member under {each.plan} ({first} a cycle): {total}, {Money(each.saved_cents)} less"
    same = "the same" if each.total_cents == quote.bill.total_cents else str(total)
    return f"once the {first} owed is paid: {same}"
