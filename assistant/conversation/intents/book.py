"""BOOK: a wish for a visit, or to move or drop one, goes to the desk as it was said; the desk confirms it."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.messages.talk import VisitAsked
from assistant.runtime import UnitOfWork


@personal_intent(
    "book",
    en=("BOOK", "BOOK ME", "APPOINTMENT", "BOOK A VISIT", "RESCHEDULE", "CANCEL MY APPOINTMENT"),
    es=("CITA", "RESERVAR", "AGENDAR", "HACER CITA", "CAMBIAR CITA", "CANCELAR CITA", "CANCELAR MI CITA"),
)
def book(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """A request, never a booking (`reliability.md` §3)."""
    to_person.hand_over(uow, turn, "book", kind="visit_asked")
    by, today = to_person.answers_by(uow, turn)
    phone = turn.house.help_phone
    return say(VisitAsked(first_name=speaker.first_name, by=by, today=today, help_phone=phone))
