"""The acts that move money or credit, or end texts: charge, grant and opt out."""

from assistant.db.spas import credit_words
from assistant.domain.billing import Cause
from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import choices, consent, credit_changes, credit_desk
from assistant.services.choices import AtTheDesk, InDoubt, NeedsCard, Nothing, NotYet, Trying
from assistant.services.consent import Source
from assistant.services.credit_desk import By, Done, NeedsManager
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question
from assistant.web.console.membership_acts import CHANGED, day

# --- charge -----------------------------------------------------------------------------------------------------------


def _charge_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    owed = choices.what_is_owed(uow, ask.spa_id, ask.client_id)
    if not owed:
        return Cannot("Nothing is owed.")
    card = uow.sql(
        "SELECT brand || ' ' || last4 FROM card WHERE spa_id = %s AND client_id = %s AND role = 'current'",
        (ask.spa_id, ask.client_id),
    ).fetchone()
    if card is None:
        return Cannot("There is no card on file: send a link to put one there.")
    cents = sum(each.total_cents for each in owed)
    lines = [(f"Due {day(each.due_on)}", str(Money(each.total_cents))) for each in owed]
    lines += [("Card", card[0]), ("Charged now", str(Money(cents)))]
    return Offered(tuple(each.invoice_id for each in owed), tuple(lines))


def _charge(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    match choices.pay(uow, ask.spa_id, ask.client_id, cause=Cause.STAFF):
        case Trying(cents):
            return f"The card is asked for {Money(cents)} now: the timeline shows what the bank says."
        case Nothing():
            return Cannot("Nothing is owed any more.")
        case InDoubt():
            return Cannot("The bank has been asked already and has not answered. It is looked up; ask nothing twice.")
        case NeedsCard():
            return Cannot("This card cannot be asked any more: send a link for a new one.")
        case NotYet(_, at):
            return Cannot(f"The card networks let it be asked again on {day(at)}.")
        case AtTheDesk():
            return Cannot("They pay at the desk, not by card.")


# --- grant ------------------------------------------------------------------------------------------------------------


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    units = tuple((unit, many) for unit, (_, many) in credit_words(uow, ask.spa_id, "en").items())
    return (
        Question("unit", "What", "select", (*units, (USD, "dollars"))),
        Question("many", "How many", "number", value="1"),
        Question("reason", "Why", hint="The member and the audit see it."),
    )


def _amount(ask: Ask) -> int:
    if ask.answers.get("unit") == USD:
        return ask.cents("many") or 0
    return (ask.number("many") or 0) * MILLI


def _grant_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    unit, amount = ask.answers.get("unit", ""), _amount(ask)
    try:
        worth = credit_desk.worth(uow, ask.spa_id, unit, amount)
    except LookupError:
        return Cannot("There is no such credit.")
    if amount <= 0:
        return Cannot("Say how many.")
    most = min(ask.by.limits.grant_cents, credit_desk.desk_of(uow, ask.spa_id).most_cents)
    if worth > most:
        return Cannot(f"That is worth {Money(worth)}, and you may give {Money(most)}.")
    told = in_words(Credits.of(credit_words(uow, ask.spa_id, "en"), unit, amount))
    lines = (("Given", told), ("List value", str(Money(worth))), ("Why", ask.answers.get("reason", "")))
    return Offered((unit, amount), lines)


def _grant(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    unit, amount = ask.answers.get("unit", ""), _amount(ask)
    by = By(actor=ask.by.actor, reason=ask.answers.get("reason", ""))
    made = credit_changes.adjust(
        uow, ask.spa_id, client_id=ask.client_id, unit=unit, amount=amount, key=f"console-{ask.token}", by=by
    )
    match made:
        case Done():
            return f"{offered.lines[0][1].capitalize()} given."
        case NeedsManager(_, most):
            return Cannot(f"One hand may give {Money(most)}: a manager gives this.")
    return CHANGED


# --- opt out ----------------------------------------------------------------------------------------------------------


def _stop_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    numbers = _numbers(uow, ask)
    if not numbers:
        return Cannot("No phone of theirs is texted.")
    return Offered(tuple(numbers), (("Ends", "All texts, at once"), ("For", ", ".join(numbers))))


def _stop(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    for number in _numbers(uow, ask):
        consent.stop(uow, ask.spa_id, number, Source("staff", {"by": ask.by.actor, "how": "console"}))
    return "No more texts."


def _numbers(uow: UnitOfWork, ask: Ask) -> list[str]:
    rows = uow.sql(
        """SELECT p.number FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
           WHERE cp.spa_id = %s AND cp.client_id = %s AND p.suppressed_at IS NULL ORDER BY p.id""",
        (ask.spa_id, ask.client_id),
    )
    return [row[0] for row in rows.fetchall()]


ACTS = (
    Act("charge", "Charge what is owed", Permission.CHARGE, _charge_quote, _charge),
    Act("grant", "Give credit", Permission.GRANT, _grant_quote, _grant, _which),
    Act("opt-out", "End all texts", Permission.EDIT_MEMBERS, _stop_quote, _stop, danger=True),
)
