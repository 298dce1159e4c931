"""The acts that lead to another plan: going over to it, and calling that off while it is still to come."""

from assistant.db import members
from assistant.domain.changing import ChangeKind, ChangeQuote, ChangeRefusal, Refusal
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.messages.staff import decline_line
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import change_rows, plan_changes, plans
from assistant.services.change_rows import Change
from assistant.services.plan_changes import Changed, NotPaid, Ordered, Scheduled
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question, Then
from assistant.web.console.membership_acts import CHANGED, NONE, day, membership_of

WHY: dict[ChangeRefusal, str] = {
    ChangeRefusal.PAST_DUE: "A payment is open: it is paid or let go first.",
    ChangeRefusal.SUSPENDED: "A payment has been open for so long that the benefits rest: it is paid or let go first.",
    ChangeRefusal.OWING: "This cycle's charge is on its way: look again in a few minutes.",
    ChangeRefusal.PAUSED: "The membership rests: resume it first.",
    ChangeRefusal.SCHEDULED: "The membership begins with its first payment: that comes first.",
    ChangeRefusal.LEAVING: "A cancellation stands: undo it first.",
    ChangeRefusal.ENDED: "The membership has ended: they can join anew, at the checkout.",
    ChangeRefusal.SAME_PLAN: "They are on that plan.",
    ChangeRefusal.HAS_IT: "Another membership of theirs is on that plan.",
    ChangeRefusal.ALREADY_CHANGING: "A payment for another plan is being looked up: look again in a few minutes.",
    ChangeRefusal.NO_CARD: "There is no card on file for the difference: send a link to put one there.",
    ChangeRefusal.NOT_OFFERED: "That plan cannot be joined: choose another.",
    ChangeRefusal.UNKNOWN: "There is no membership that could.",
}


# --- to another plan --------------------------------------------------------------------------------------------------


def _which(uow: UnitOfWork, ask: Ask) -> tuple[Question, ...]:
    membership = membership_of(uow, ask, "change")
    held = change_rows.held(uow, ask.spa_id, membership) if membership else None
    offered = [each for each in plans.on_offer(uow, ask.spa_id) if held is None or each.plan_id != held.plan_id]
    options = tuple((each.code, f"{each.name}, {Money(each.math.dues_cents)} a month") for each in offered)
    return (Question("plan", "To which plan", "select", options),)


def _change_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    membership = membership_of(uow, ask, "change")
    if membership is None:
        return NONE
    quote = plan_changes.quote_change(uow, ask.spa_id, membership, ask.answers.get("plan", ""))
    if isinstance(quote, Refusal):
        return Cannot(WHY[quote.reason])
    return Offered(quote, (("From", members.plan(uow, ask.spa_id, membership)), *_lines(quote)))


def _lines(quote: ChangeQuote) -> tuple[tuple[str, str], ...]:
    if quote.kind is ChangeKind.UPGRADE:
        holds = f"Now; {quote.days_left} of {quote.days} days of the period are left"
    else:
        other = ", for it is billed by another period" if quote.new_cadence else ""
        holds = f"From {day(quote.effective_on)}, the next billing date{other}"
    lines = [("To", quote.plan), ("Holds", holds), ("Charged now", str(Money(quote.due_cents)))]
    if quote.credit_cents:
        lines.append(("Of it banked", f"{Money(quote.credit_cents)} in dollars of credit"))
    lines += [
        ("Credits", "All stay, as they were granted"),
        ("Next charge", f"{Money(quote.next_charge_cents)} on {day(quote.next_charge_on)}"),
    ]
    return tuple(lines)


def _change(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot | Then:
    membership, quote = membership_of(uow, ask, "change"), offered.value
    if membership is None:
        return NONE
    match plan_changes.begin(uow, ask.spa_id, membership, quote, actor=ask.by.actor):
        case Changed():
            return f"They are on {quote.plan} now."
        case Scheduled():
            return f"Agreed: {quote.plan} from {day(quote.effective_on)}."
        case Ordered() as ordered:
            spa_id, actor = ask.spa_id, ask.by.actor
            meanwhile = f"The card is asked for {Money(quote.due_cents)} now."
            return Then(meanwhile, lambda rt: _charged(rt, spa_id, ordered, quote, actor))
        case Refusal(reason):
            return Cannot(WHY[reason])
    return CHANGED


def _charged(rt: Runtime, spa_id: int, ordered: Ordered, quote: ChangeQuote, actor: str) -> str | Cannot:
    match plan_changes.charge(rt, spa_id, ordered, quote, actor=actor):
        case Changed():
            return f"Paid {Money(quote.due_cents)}: they are on {quote.plan} now."
        case NotPaid("not_asked"):
            return Cannot("The card on file may not be asked now. Nothing has changed.")
        case NotPaid(code):
            return Cannot(f"The card did not pay, and nothing has changed. {decline_line(code)}")
        case _:
            return Cannot("The bank has not answered: the plan changes once it is known that it paid.")


# --- and not, after all -----------------------------------------------------------------------------------------------


def _to_come(uow: UnitOfWork, ask: Ask) -> tuple[int, Change] | None:
    """The membership whose plan is to change, and that change."""
    for membership in [ask.number("membership")] if ask.number("membership") else _theirs(uow, ask):
        held = change_rows.held(uow, ask.spa_id, membership or 0)
        last = held.last_change if held and held.client_id == ask.client_id else None
        if held is not None and last is not None and last.status == "scheduled":
            return held.membership_id, last
    return None


def _theirs(uow: UnitOfWork, ask: Ask) -> list[int | None]:
    rows = uow.sql(
        """SELECT c.membership_id FROM plan_change c JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id)
           WHERE c.spa_id = %s AND m.client_id = %s AND c.status = 'scheduled' ORDER BY c.id DESC LIMIT 5""",
        (ask.spa_id, ask.client_id),
    )
    return [row[0] for row in rows.fetchall()]


def _stay_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    found = _to_come(uow, ask)
    if found is None:
        return Cannot("No change of plan is to come.")
    membership, change = found
    quote = change.quoted()
    lines = (
        ("Stays on", members.plan(uow, ask.spa_id, membership)),
        ("Called off", f"{quote.plan} from {day(quote.effective_on)}"),
    )
    return Offered((membership, change.id), lines)


def _stay(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    membership, _ = offered.value
    done = plan_changes.call_off(uow, ask.spa_id, membership, actor=ask.by.actor)
    return "Called off: they stay on their plan." if done else CHANGED


ACTS = (
    Act("change", "Change the plan", Permission.CHARGE, _change_quote, _change, _which),
    Act("stay", "Call off the change", Permission.EDIT_MEMBERS, _stay_quote, _stay),
)
