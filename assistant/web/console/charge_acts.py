"""The acts that ask a card for what is owed: for the first time, or once more after the bank said no."""

from assistant.db.billing import Owed
from assistant.domain.billing import Cause
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.messages.staff import decline_line
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import choices, desk_charges
from assistant.services.choices import AtTheDesk, InDoubt, NeedsCard, Nothing, NotYet, Trying
from assistant.services.desk_charges import Collected, Declined
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Then
from assistant.web.console.membership_acts import day

NOT_ANSWERED = Cannot("The bank has been asked already and has not answered. It is looked up; ask nothing twice.")


def _charge_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    owed = choices.what_is_owed(uow, ask.spa_id, ask.client_id)
    return _quoted(uow, ask, owed, [(f"Due {day(each.due_on)}", str(Money(each.total_cents))) for each in owed])


def _retry_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    owed = choices.what_is_owed(uow, ask.spa_id, ask.client_id)
    tried = {each.invoice_id: each for each in desk_charges.tried(uow, ask.spa_id, ask.client_id)}
    if owed and not tried:
        return Cannot("The card has turned nothing down: charge what is owed instead.")
    lines = []
    for each in owed:
        lines.append((f"Due {day(each.due_on)}", str(Money(each.total_cents))))
        if (last := tried.get(each.invoice_id)) is not None:
            times = "once" if last.many == 1 else f"{last.many} times"
            lines.append((f"Tried {times}, last {day(last.at.date())}", decline_line(last.decline_code)))
    return _quoted(uow, ask, owed, lines)


def _quoted(uow: UnitOfWork, ask: Ask, owed: list[Owed], lines: list[tuple[str, str]]) -> Offered | Cannot:
    if not owed:
        return Cannot("Nothing is owed.")
    card = uow.sql(
        "SELECT brand || ' ' || last4 FROM card WHERE spa_id = %s AND client_id = %s AND role = 'current'",
        (ask.spa_id, ask.client_id),
    ).fetchone()
    if card is None:
        return Cannot("There is no card on file: send a link to put one there.")
    cents = sum(each.total_cents for each in owed)
    lines += [("Card", card[0]), ("Charged now", str(Money(cents)))]
    return Offered(tuple(each.invoice_id for each in owed), tuple(lines))


def _charge(uow: UnitOfWork, ask: Ask, offered: Offered) -> Then | Cannot:
    match choices.pay(uow, ask.spa_id, ask.client_id, cause=Cause.STAFF):
        case Trying(cents):
            spa_id, invoice_ids = ask.spa_id, offered.value
            return Then(f"The card is asked for {Money(cents)} now.", lambda rt: _asked(rt, spa_id, invoice_ids))
        case Nothing():
            return Cannot("Nothing is owed any more.")
        case InDoubt():
            return NOT_ANSWERED
        case NeedsCard(_, authenticate):
            seen = "Their bank wants to see them" if authenticate else "This card cannot be asked any more"
            return Cannot(f"{seen}: send a link for a card.")
        case NotYet(_, at):
            return Cannot(f"The card networks let it be asked again on {day(at)}.")
        case AtTheDesk():
            return Cannot("They pay at the desk, not by card.")


def _asked(rt: Runtime, spa_id: int, invoice_ids: tuple[int, ...]) -> str | Cannot:
    match desk_charges.charge(rt, spa_id, invoice_ids):
        case Collected(cents):
            return f"Paid: {Money(cents)}."
        case Declined(code):
            return Cannot(f"The card did not pay. {decline_line(code)}")
        case _:
            return Cannot("The bank has not answered yet. It is looked up; ask nothing twice.")


ACTS = (
    Act("charge", "Charge what is owed", Permission.CHARGE, _charge_quote, _charge),
    Act("retry", "Try the card again", Permission.CHARGE, _retry_quote, _charge),
)
