"""BOOK: a wish for a visit, or to move or drop one, goes to the desk as it was said; the desk confirms it."""

from dataclasses import replace

from assistant.conversation import dialogue, to_person
from assistant.conversation.intents.balance import balance
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.domain.calendar import local_day
from assistant.domain.credits import holdings
from assistant.messages.talk import VisitAsked
from assistant.runtime import UnitOfWork
from assistant.services import credits


@personal_intent(
    "book",
    en=("BOOK", "BOOK ME", "APPOINTMENT", "BOOK A VISIT", "RESCHEDULE", "CANCEL MY APPOINTMENT"),
    es=("CITA", "RESERVAR", "AGENDAR", "HACER CITA", "CAMBIAR CITA", "CANCELAR CITA", "CANCELAR MI CITA"),
)
def book(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """A request, never a booking (`reliability.md` §3)."""
    if turn.confirmed and not _runs_out_still(uow, turn, speaker):
        return balance.handle(uow, replace(turn, confirmed={}, event=replace(turn.event, body="")), speaker)
    to_person.hand_over(uow, _with_their_wish(turn), "book", kind="visit_asked")
    dialogue.close(uow, turn, "book_offer")
    by, today = to_person.answers_by(uow, turn)
    phone = turn.house.help_phone
    return say(VisitAsked(first_name=speaker.first_name, by=by, today=today, help_phone=phone))


def _runs_out_still(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> bool:
    """Whether the credit that the visit was offered for is there, and runs out on the day that was told."""
    today = local_day(uow.now, turn.house.zone)
    held = holdings(credits.lots(uow, turn.house.spa_id, speaker.client_id), today)
    return turn.confirmed["expires_on"] in {str(each.expires_on) for each in held}


def _with_their_wish(turn: Turn) -> Turn:
    """The desk reads why: of an offer that was taken the words are only its token."""
    if not turn.confirmed:
        return turn
    wish = f"Yes to a visit before {turn.confirmed['expires_on']}"
    return replace(turn, event=replace(turn.event, body=wish))
