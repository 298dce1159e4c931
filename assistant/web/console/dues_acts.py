"""The acts on what is owed that take no money: letting it go; and links for a card, and to their own membership."""

from assistant.db import billing as table
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import billing, card_links, choices, membership_links
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question
from assistant.web.console.membership_acts import CHANGED, day


def _why(_uow: UnitOfWork, _ask: Ask) -> tuple[Question, ...]:
    return (Question("reason", "Why", hint="The audit sees it."),)


def _waive_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    owed = choices.what_is_owed(uow, ask.spa_id, ask.client_id)
    if not owed:
        return Cannot("Nothing is owed.")
    if any(table.open_attempt(uow, ask.spa_id, each.invoice_id) for each in owed):
        return Cannot("The bank has been asked and has not answered. It is looked up; let it go after that.")
    lines = [(f"Due {day(each.due_on)}", f"{Money(each.total_cents)}, let go") for each in owed]
    lines += [("Credits of those months", "None"), ("Why", ask.answers.get("reason", ""))]
    return Offered(tuple(each.invoice_id for each in owed), tuple(lines))


def _waive(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    reason = ask.answers.get("reason", "")
    done = [billing.waive(uow, ask.spa_id, each, actor=ask.by.actor, reason=reason) for each in offered.value]
    return CHANGED if any(done) else "Let go: nothing is owed."


def _link_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    number = card_links.number(uow, ask.spa_id, ask.client_id)
    if number is None:
        return Cannot("No phone of theirs may be texted a link.")
    return Offered((number,), (("Texted to", number), ("Good for", "Three days"), ("Earlier links", "End")))


def _link(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    sent = card_links.send(uow, ask.spa_id, ask.client_id, actor=ask.by.actor)
    return "The link is on its way." if sent else CHANGED


def _own_link_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    way = membership_links.way(uow, ask.spa_id, ask.client_id)
    if way is None:
        return Cannot("It can go nowhere: no phone or email of theirs may be written to, or none is surely theirs now.")
    where = "Texted to" if way.to.channel == "sms" else "Mailed to"
    lines = (
        (where, way.to.number),
        ("Good for", "Three days, once"),
        ("It asks for", "The last digits of their phone"),
    )
    return Offered((way.to.number,), lines)


def _own_link(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    sent = membership_links.send(uow, ask.spa_id, ask.client_id, actor=ask.by.actor, evidence="E3")
    return "The link to their membership is on its way." if sent else CHANGED


ACTS = (
    Act("waive", "Let what is owed go", Permission.WAIVE, _waive_quote, _waive, _why, danger=True),
    Act("card-link", "Text a link for a card", Permission.EDIT_MEMBERS, _link_quote, _link),
    Act("membership-link", "Membership link", Permission.EDIT_MEMBERS, _own_link_quote, _own_link),
)
