"""What the till's pages say of a refusal, of what became of a sale, and of what changed under a quote."""

from collections.abc import Iterator

from assistant.domain.joining import JoinRefusal
from assistant.domain.money import Money
from assistant.domain.refunds import RefundRefusal, Refused
from assistant.domain.tickets import CannotSell, Refusal, Tender
from assistant.messages import till
from assistant.messages.till import Words
from assistant.services.checkout import Stale, Went
from assistant.web.console import moment

TENDERS = {
    Tender.CARD: "card on file",
    Tender.TERMINAL: "card terminal",
    Tender.CASH: "cash",
    Tender.CHEQUE: "cheque",
    Tender.NOTHING: "nothing to pay",
}
OURS = {
    CannotSell.NO_REASON: "Say why the visit is only written down now.",
    CannotSell.NO_TENDER: "Something is left to pay: choose what pays it.",
    CannotSell.NEEDS_APPROVAL: "That is more than one hand may give back: a manager does it.",
    CannotSell.KEY_TAKEN: "This page was used for another sale: look at today's tickets, and begin anew.",
}
WHY_NO_JOIN = {
    JoinRefusal.UNKNOWN: "There is no such client.",
    JoinRefusal.NOT_OFFERED: "That plan cannot be joined any more: choose another.",
    JoinRefusal.HAS_IT: "They are a member on that plan already.",
    JoinRefusal.OWES: "Something is owed for another membership: it is paid first.",
    JoinRefusal.NO_PHONE: "No number of theirs may be texted.",
    JoinRefusal.NO_CARD: "No card is on file: take the first payment here, or text them a link for a card.",
}
WHY_NO_REFUND = {
    RefundRefusal.DISPUTED: "The bank has this payment in hand: answer the dispute, and refund nothing.",
    RefundRefusal.NOTHING_LEFT: "Nothing of it is left to give back.",
    RefundRefusal.NOT_PAID: "It was not paid.",
    RefundRefusal.IN_DOUBT: "An earlier charge or refund is being looked up: try again in a few minutes.",
    RefundRefusal.NEEDS_MANAGER: "That is more than one hand may give back: a manager does it.",
    RefundRefusal.OF_A_TICKET: "It paid for a ticket: refund that.",
}


def refused(refusal: Refusal) -> str:
    """Why there is no sale."""
    return OURS.get(refusal.why) or till.refusal(refusal)


def not_given(why: Refused) -> str:
    """Why nothing goes back."""
    if why.why is RefundRefusal.TOO_MUCH:
        return f"At most {Money(why.most_cents)} can go back."
    return WHY_NO_REFUND[why.why]


def changed(words: Words, stale: Stale, names: dict[str, str]) -> Iterator[str]:
    """What is not as it was quoted, and where missing credit went."""
    yield from (till.change(words, each) for each in stale.changes)
    for each in stale.went:
        yield _went(words, each, names)


def _went(words: Words, each: Went, names: dict[str, str]) -> str:
    kind, _, number = each.by.partition(":")
    for_what = f"ticket {number.partition(':')[0]}" if kind == "ticket" else kind.replace("_", " ")
    who = f", by {names.get(each.actor, each.actor)}" if each.actor else ""
    was = "has been kept since" if each.held else "was used"
    return f"{till.amount(words, each).capitalize()} {was} {moment(each.at)} for {for_what}{who}."
