"""The acts that change a member's plan: over to another one, and staying after all."""

from assistant.db import billing as invoices
from assistant.db import members
from assistant.domain.billing import Cause
from assistant.domain.changing import ChangeKind, ChangeQuote, ChangeRefusal, Refusal
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import attempts, plan_changes
from assistant.services import plans as service
from assistant.services.plan_changes import Changed, Ordered, Scheduled, Stale
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question
from assistant.web.console.membership_acts import CHANGED, NONE, day

WHY: dict[ChangeRefusal, str] = {
    ChangeRefusal.PAST_DUE: "A payment is open: it is paid first.",
    ChangeRefusal.SUSPENDED: "A payment has been open for so long that the benefits rest: it is paid first.",
    ChangeRefusal.OWING: "This cycle's charge is on its way: in a moment it is known.",
    ChangeRefusal.PAUSED: "It rests: resume it first.",
    ChangeRefusal.SCHEDULED: "The membership has not begun.",
    ChangeRefusal.LEAVING: "A cancellation stands: undo it first.",
    ChangeRefusal.ENDED: "There is no membership that could.",
    ChangeRefusal.SAME_PLAN: "That is the plan they have.",
    ChangeRefusal.HAS_IT: "Another membership of theirs is under that plan.",
    ChangeRefusal.ALREADY_CHANGING: "A payment for another plan is on its way.",
    ChangeRefusal.NO_CARD: "There is no card on file: send a link to put one there.",
    ChangeRefusal.NOT_OFFERED: "That plan cannot be joined.",
    ChangeRefusal.UNKNOWN: "There is no membership that could.",
}


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    offered = service.on_offer(uow, ask.spa_id)
    plans = tuple((each.code, f"{each.name}, {Money(each.terms.dues_cents)}") for each in offered)
    return (Question("plan", "To which plan", "select", plans),)


def _quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    membership = members.live(uow, ask.spa_id, ask.client_id, "leave")
    if membership is None:
        return NONE
    found = plan_changes.quote_change(uow, ask.spa_id, membership, ask.answers.get("plan", ""))
    if isinstance(found, Refusal):
        return Cannot(WHY[found.reason])
    return Offered((membership, found), _lines(found))


def _lines(quote: ChangeQuote) -> tuple[tuple[str, str], ...]:
    at_once = quote.kind is not ChangeKind.DOWNGRADE
    lines = [
        ("Plan", quote.plan),
        ("From", f"{day(quote.effective_on)}{', at once' if at_once else ', the next billing date'}"),
        ("Charged now", str(Money(quote.due_cents)) if quote.due_cents else "Nothing"),
    ]
    if quote.due_cents:
        lines.append(("For", f"the difference over {quote.days_left} of {quote.days} days"))
    if quote.credit_cents:
        lines.append(("Banked of it", str(Money(quote.credit_cents))))
    lines.append(("Next charge", f"{Money(quote.next_charge_cents)} on {day(quote.next_charge_on)}"))
    return (*lines, ("Credits", "All stay"))


def _change(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    membership, quote = offered.value
    match plan_changes.begin(uow, ask.spa_id, membership, quote, actor=ask.by.actor):
        case Ordered(invoice_id):
            if (owed := invoices.owed(uow, ask.spa_id, invoice_id)) is not None:
                attempts.ask_for(uow, owed, Cause.STAFF)
                uow.later(Doorbell.CHARGE)
            return f"The card is asked for {Money(quote.due_cents)} now; the plan changes once it is paid."
        case Changed():
            return f"They are on {quote.plan} now."
        case Scheduled():
            return f"{quote.plan} from {day(quote.effective_on)}."
        case Stale():
            return CHANGED
        case Refusal(why):
            return Cannot(WHY[why])


def _stay_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    row = uow.sql(
        """SELECT m.id, p.name, g.effective_on FROM plan_change g
           JOIN membership m ON (m.spa_id, m.id) = (g.spa_id, g.membership_id)
           JOIN plan_version v ON (v.spa_id, v.id) = (g.spa_id, g.to_version_id)
           JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
           WHERE g.spa_id = %s AND m.client_id = %s AND g.status = 'scheduled' ORDER BY g.id DESC LIMIT 1""",
        (ask.spa_id, ask.client_id),
    ).fetchone()
    if row is None:
        return Cannot("No change of plan is to come.")
    membership, plan, on = row
    return Offered((membership,), (("Called off", f"{plan} from {day(on)}"), ("They keep", "the plan they have")))


def _stay(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    done = plan_changes.call_off(uow, ask.spa_id, offered.value[0], actor=ask.by.actor)
    return "They stay on the plan they have." if done else CHANGED


ACTS = (
    Act("change", "Change the plan", Permission.CHARGE, _quote, _change, _which),
    Act("stay", "Call off the change of plan", Permission.EDIT_MEMBERS, _stay_quote, _stay),
)
