"""The acts that give credit by hand, and that end texts."""

from assistant.db.spas import credit_words
from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import consent, credit_changes, credit_desk
from assistant.services.consent import Source
from assistant.services.credit_desk import Done, NeedsManager
from assistant.services.limits import By
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question
from assistant.web.console.membership_acts import CHANGED

# --- grant ------------------------------------------------------------------------------------------------------------


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    units = tuple((unit, many) for unit, (_, many) in credit_words(uow, ask.spa_id, "en").items())
    return (
        Question("unit", "What", "select", (*units, (USD, "dollars"))),
        Question("many", "How many", hint="Whole credits; or dollars and cents, such as 25.00.", value="1"),
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
    most = ask.by.limits.grant_cents
    over = f"That is worth {Money(worth)}, and you may give {Money(most)} by yourself." if worth > most else ""
    told = in_words(Credits.of(credit_words(uow, ask.spa_id, "en"), unit, amount))
    lines = (("Given", told), ("List value", str(Money(worth))), ("Why", ask.answers.get("reason", "")))
    return Offered((unit, amount), lines, over)


def _grant(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    unit, amount = ask.answers.get("unit", ""), _amount(ask)
    by = By(actor=ask.by.actor, reason=ask.answers.get("reason", ""), approved_by=ask.approved_by)
    made = credit_changes.adjust(
        uow, ask.spa_id, client_id=ask.client_id, unit=unit, amount=amount, key=f"console-{ask.token}", by=by
    )
    match made:
        case Done():
            return f"{offered.lines[0][1].capitalize()} given."
        case NeedsManager(_, most):
            return Cannot(f"One hand may give {Money(most)}: another person is asked for more.")
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
    Act("grant", "Give credit", Permission.GRANT, _grant_quote, _grant, _which),
    Act("opt-out", "End all texts", Permission.EDIT_MEMBERS, _stop_quote, _stop, danger=True),
)
