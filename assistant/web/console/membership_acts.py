"""The acts on a membership: pause, resume, cancel and undo, each by the service that also hears it by text."""

from datetime import date

from babel.dates import format_skeleton

from assistant.db import members
from assistant.domain.leaving import LeaveRefusal
from assistant.domain.money import Money
from assistant.domain.pausing import Hardship, PauseRefusal, Refusal, ResumeRefusal
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, pauses
from assistant.services.cancellations import Left, Stays
from assistant.services.pauses import Paused, Resumed
from assistant.web.console.acts import Act, Ask, Cannot, Offered, Question

WHY: dict[str, str] = {
    PauseRefusal.PAST_DUE: "A payment is open: it is paid or skipped first.",
    PauseRefusal.SUSPENDED: "A payment has been open for so long that the benefits rest: it is paid or skipped first.",
    PauseRefusal.SCHEDULED: "The membership has not begun.",
    PauseRefusal.ENDED: "There is no membership that could.",
    PauseRefusal.ALREADY_PAUSED: "It rests already, or is to.",
    PauseRefusal.NOT_OFFERED: "The plan has no pauses.",
    PauseRefusal.YEARLY: "The plan is paid a year ahead: there is no month to skip.",
    PauseRefusal.TOO_SOON: "The member is too new for the plan's pauses.",
    PauseRefusal.TOO_OFTEN: "It has rested as often as the plan lets it within twelve months.",
    PauseRefusal.TOO_SHORT: "It would be over before the next charge, and skip none.",
    PauseRefusal.TOO_LONG: "That is longer than the plan's pauses.",
    PauseRefusal.LEAVING: "A cancellation stands: undo it first.",
    ResumeRefusal.NOT_PAUSED: "Nothing rests, and no pause is to come.",
    LeaveRefusal.LEAVING: "It is to end already.",
}
NONE = Cannot("There is no membership that could.")
HARDSHIPS = (("", "None"), *((str(each), each.value.capitalize()) for each in Hardship))
CHANGED = Cannot("It is not as it was a moment ago: look again.")


def day(on: date) -> str:
    return format_skeleton("yMMMd", on, locale="en_US")


def membership_of(uow: UnitOfWork, ask: Ask, wish: str) -> int | None:
    """The one that is named, or the one that can."""
    named = ask.number("membership")
    if named is None:
        return members.live(uow, ask.spa_id, ask.client_id, wish)
    held = members.held(uow, ask.spa_id, named, uow.now)
    return named if held and held.client_id == ask.client_id else None


def _hardship(ask: Ask) -> Hardship | None:
    given = ask.answers.get("hardship", "")
    return Hardship(given) if given in {str(each) for each in Hardship} else None


# --- pause ------------------------------------------------------------------------------------------------------------


def _how_long(_uow: UnitOfWork, _ask: Ask) -> tuple[Question, ...]:
    months = tuple((str(n), f"{n} month{'s' if n > 1 else ''}") for n in range(1, 7))
    return (
        Question("months", "For how long", "select", months, value="1"),
        Question("hardship", "Hardship", "select", HARDSHIPS, "Frees from fees and waiting.", required=False),
    )


def _pause_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    membership = membership_of(uow, ask, "pause")
    if membership is None:
        return NONE
    quote = pauses.quote_pause(uow, ask.spa_id, membership, months=ask.number("months") or 1, hardship=_hardship(ask))
    if isinstance(quote, Refusal):
        later = f" Possible from {day(quote.next_possible_on)}." if quote.next_possible_on else ""
        return Cannot(WHY[quote.reason] + later)
    lines = [
        ("Rests from", f"{day(quote.starts_on)}, the next billing date"),
        ("On again", f"{day(quote.resumes_on)}; told again on {day(quote.remind_on)}"),
        ("Charges skipped", str(quote.billing_skips)),
        ("Next charge", day(quote.next_charge_on)),
        ("Fee", str(Money(quote.fee_cents)) if quote.fee_cents else "None"),
        ("Credits", "Usable meanwhile" if quote.benefits_usable else "Wait, and none runs out"),
    ]
    if quote.term_extends_cycles:
        lines.append(("Minimum term", f"Ends {quote.term_extends_cycles} charges later"))
    return Offered(quote, tuple(lines))


def _pause(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    membership = membership_of(uow, ask, "pause")
    if membership is None:
        return NONE
    done = pauses.pause(
        uow,
        ask.spa_id,
        membership,
        offered.value,
        actor=ask.by.actor,
        hardship=_hardship(ask),
    )
    return f"Pauses from {day(done.quote.starts_on)}." if isinstance(done, Paused) else CHANGED


# --- resume -----------------------------------------------------------------------------------------------------------


def _resume_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    membership = membership_of(uow, ask, "resume")
    if membership is None:
        return NONE
    quote = pauses.quote_resume(uow, ask.spa_id, membership)
    if isinstance(quote, ResumeRefusal):
        return Cannot(WHY[quote])
    return Offered(
        quote,
        (
            ("On again", "Stays on: the pause is called off" if quote.calls_off else day(quote.resumes_on)),
            ("Charged now", str(Money(quote.charge_cents))),
            ("Next charge", day(quote.next_charge_on)),
        ),
    )


def _resume(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    membership = membership_of(uow, ask, "resume")
    if membership is None:
        return NONE
    done = pauses.resume(uow, ask.spa_id, membership, offered.value, actor=ask.by.actor)
    return "The membership is on." if isinstance(done, Resumed) else CHANGED


# --- cancel and undo --------------------------------------------------------------------------------------------------


def _how_they_asked(_uow: UnitOfWork, _ask: Ask) -> tuple[Question, ...]:
    ways = tuple((each, each.capitalize()) for each in ("desk", "phone", "voicemail", "email", "letter"))
    return (
        Question("channel", "How they asked", "select", ways, value="desk"),
        Question("hardship", "Hardship", "select", HARDSHIPS, "Frees from a minimum term.", required=False),
        Question("reason", "Why, in a few words", required=False),
    )


def _cancel_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    membership = membership_of(uow, ask, "leave")
    if membership is None:
        return NONE
    quote = cancellations.quote_cancel(uow, ask.spa_id, membership, hardship=_hardship(ask))
    if isinstance(quote, LeaveRefusal):
        return Cannot(WHY[quote])
    lines = [
        ("Ends", day(quote.effective_on)),
        ("Charges to come", f"{quote.charges_left}, of the minimum term" if quote.charges_left else "None"),
    ]
    if quote.owed_cents:
        lines.append(("Owed", f"{Money(quote.owed_cents)}, {'let go' if quote.waived else 'kept for the desk'}"))
    lines.append(("Credits paid for", "Stay, with no end" if quote.keeps_credits else "None"))
    if quote.credits_until:
        lines.append(("Promotions", f"Usable through {day(quote.credits_until)}"))
    if quote.cash_out_cents:
        lines.append(("In cash", f"{Money(quote.cash_out_cents)} for the asking"))
    if quote.offer:
        lines.append(("May suit better", quote.offer.replace("_", " ").capitalize()))
    return Offered(quote, tuple(lines))


def _cancel(uow: UnitOfWork, ask: Ask, offered: Offered) -> str | Cannot:
    membership = membership_of(uow, ask, "leave")
    if membership is None:
        return NONE
    done = cancellations.cancel(
        uow,
        ask.spa_id,
        membership,
        offered.value,
        channel=ask.answers.get("channel", "desk"),
        actor=ask.by.actor,
        hardship=_hardship(ask),
        reason=ask.answers.get("reason") or None,
    )
    return f"Cancelled: confirmation {done.code}." if isinstance(done, Left) else CHANGED


def _undo_quote(uow: UnitOfWork, ask: Ask) -> Offered | Cannot:
    leaving = members.leaving(uow, ask.spa_id, ask.client_id)
    if not leaving:
        return Cannot("No cancellation stands, or its day has come.")
    code, on = cancellations.standing_request(uow, ask.spa_id, leaving[0])
    return Offered((leaving[0],), (("Undoes", f"The end on {day(on)}, confirmation {code}"), ("Credits", "Stay")))


def _undo(uow: UnitOfWork, ask: Ask, _offered: Offered) -> str | Cannot:
    for membership in members.leaving(uow, ask.spa_id, ask.client_id)[:1]:
        done = cancellations.undo_cancel(uow, ask.spa_id, membership, actor=ask.by.actor)
        if isinstance(done, Stays):
            return f"Stays: the next charge is on {day(done.next_charge_on)}."
    return CHANGED


_EDIT = Permission.EDIT_MEMBERS
ACTS = (
    Act("pause", "Pause", _EDIT, _pause_quote, _pause, _how_long),
    Act("resume", "Resume", _EDIT, _resume_quote, _resume),
    Act("cancel", "Cancel the membership", _EDIT, _cancel_quote, _cancel, _how_they_asked, danger=True),
    Act("undo", "Undo the cancellation", _EDIT, _undo_quote, _undo),
)
