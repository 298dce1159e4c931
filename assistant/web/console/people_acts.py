"""The acts on who somebody is: one client for two, who belongs together, and a card taken off file."""

from assistant.db import households as homes
from assistant.db.households import Relative
from assistant.db.spas import credit_words
from assistant.domain.merging import MergeRefusal
from assistant.domain.permissions import Permission
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import card_care, finding, households, merging
from assistant.services.households import HouseholdRefusal
from assistant.services.merging import MergeQuote
from assistant.web.console import phone
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question, Then
from assistant.web.console.membership_acts import CHANGED

MOST = 12
WHY_NOT_MERGED = {
    MergeRefusal.SAME: "That is the same client.",
    MergeRefusal.UNKNOWN: "There is no such client.",
    MergeRefusal.BOTH_MEMBERS: "Both are members: end one of the memberships first, or the dues would be taken twice.",
    MergeRefusal.BOTH_CARDS: "Both have a card on file: take one of them off first, for only one can be charged.",
    MergeRefusal.IN_DOUBT: "A bank has not answered yet for one of them: try again in a few minutes.",
    MergeRefusal.DISPUTED: "A bank has a payment of one of them in hand: wait until it has decided.",
    MergeRefusal.HELD: "Credit of the other is kept for a booking: let it go or use it first.",
    MergeRefusal.TICKET_OPEN: "A ticket of the other is open: it is paid or let go first.",
}
WHY_NOT_ADDED = {
    HouseholdRefusal.SAME: "That is the same client.",
    HouseholdRefusal.UNKNOWN: "There is no such client.",
    HouseholdRefusal.TOGETHER: "They belong together already.",
    HouseholdRefusal.ELSEWHERE: "They belong to another household: take them out of it first.",
}


def _who(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    """Who shares their phone or address, and who is found by what was typed."""
    found = [(each.client_id, each.name) for each in homes.alike(uow, ask.spa_id, ask.client_id, most=MOST)]
    if typed := ask.answers.get("find", "").strip():
        found += [
            (each.client_id, f"{each.name}{f', {phone(each.phone)}' if each.phone else ''}")
            for each in finding.find(uow, ask.spa_id, typed)[:MOST]
        ]
    options = {str(id_): name for id_, name in found if id_ != ask.client_id}
    return (
        Question("find", "Look for", hint="A name, phone or email; then choose below.", required=False),
        Question("other", "Who", "select", (("", "Choose…"), *options.items())),
    )


def _name(uow: UnitOfWork, ask: Ask, client_id: int) -> str:
    row = uow.sql(
        "SELECT first_name || ' ' || last_name FROM client WHERE spa_id = %s AND id = %s", (ask.spa_id, client_id)
    ).fetchone()
    return str(row[0]) if row else ""


# --- one for two ------------------------------------------------------------------------------------------------------


def _merge_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    quote = merging.quote(uow, ask.spa_id, ask.number("other") or 0, ask.client_id)
    if isinstance(quote, MergeRefusal):
        return Cannot(WHY_NOT_MERGED[quote])
    words = credit_words(uow, ask.spa_id, "en")
    counted = ((quote.phones, "phone"), (quote.emails, "email"), (quote.memberships, "membership"))
    moves = [f"{many} {what}{'s' if many > 1 else ''}" for many, what in (*counted, (quote.tickets, "visit")) if many]
    moves += ["the card on file"] if quote.card else []
    credit = [in_words(Credits.of(words, each.unit, each.amount)) for each in quote.credit]
    lines = (
        ("Stays", f"{quote.stays}, client {quote.stays_id}"),
        ("Becomes one with them", f"{quote.goes}, client {quote.goes_id}"),
        ("Moves", ", ".join(moves) or "Only what was written and said"),
        ("Credit", ", ".join(credit) or "None"),
        ("Afterwards", "It cannot be undone"),
    )
    over = "" if ask.by.may(Permission.APPROVE) else "It cannot be undone: a manager says yes to it."
    return Offered(quote, lines, over)


def _merge(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    quote: MergeQuote = offered.value
    left = merging.merge(uow, ask.spa_id, quote, actor=ask.by.actor, approved_by=ask.approved_by)
    if left is None:
        return f"{quote.goes} and {quote.stays} are one client now."
    return Cannot(WHY_NOT_MERGED[left]) if isinstance(left, MergeRefusal) else CHANGED


# --- who belongs together ---------------------------------------------------------------------------------------------


def _others(uow: UnitOfWork, ask: Ask) -> str:
    found: list[Relative] = homes.others(uow, ask.spa_id, ask.client_id)
    return ", ".join(each.name for each in found)


def _add_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    other = ask.number("other") or 0
    if (why := households.cannot_add(uow, ask.spa_id, ask.client_id, other)) is not None:
        return Cannot(WHY_NOT_ADDED[why])
    lines = (
        ("Joins the household", _name(uow, ask, other)),
        ("In it already", _others(uow, ask) or "Nobody else"),
        ("Stays apart", "Cards, credit, texts: each has their own"),
    )
    return Offered((other,), lines)


def _add(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    why = households.add(uow, ask.spa_id, ask.client_id, offered.value[0], actor=ask.by.actor)
    return Cannot(WHY_NOT_ADDED[why]) if why else "They belong together."


def _out_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    others = _others(uow, ask)
    if not others:
        return Cannot("They belong to no household.")
    return Offered((ask.client_id,), (("Leaves the household of", others),))


def _out(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    return "Taken out." if households.take_out(uow, ask.spa_id, ask.client_id, actor=ask.by.actor) else CHANGED


# --- a card off file --------------------------------------------------------------------------------------------------


def _card_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    row = uow.sql(
        "SELECT id, brand || ' ' || last4 FROM card WHERE spa_id = %s AND client_id = %s AND role = 'current'",
        (ask.spa_id, ask.client_id),
    ).fetchone()
    if row is None:
        return Cannot("There is no card on file.")
    lines = (
        ("Taken off", row[1]),
        ("Dues", "Are not charged until there is another card, or they pay at the desk"),
    )
    return Offered((row[0],), lines)


def _card(_uow: UnitOfWork, ask: Ask, offered: Offered) -> Then:
    spa_id, actor, card_id = ask.spa_id, ask.by.actor, offered.value[0]
    return Then("The card is taken off.", lambda rt: _removed(rt, spa_id, card_id, actor))


def _removed(rt: Runtime, spa_id: int, card_id: int, actor: str) -> str | Cannot:
    gone = card_care.remove(rt, spa_id, card_id, actor=actor)
    return "The card is off file." if gone else Cannot("The processor did not take it off: try again in a moment.")


_EDIT = Permission.EDIT_MEMBERS
ACTS = (
    Act("card-off", "Take the card off file", _EDIT, _card_quote, _card, danger=True),
    Act("household", "Add to the household", _EDIT, _add_quote, _add, _who),
    Act("household-out", "Take out of the household", _EDIT, _out_quote, _out),
    Act("merge", "Merge with another client", Permission.GRANT, _merge_quote, _merge, _who, danger=True),
)
