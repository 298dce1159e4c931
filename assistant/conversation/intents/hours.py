"""HOURS, address and other questions: what we are not told we do not make up, a person answers."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, intent
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork


@intent(
    "hours",
    en=("HOURS", "ADDRESS", "LOCATION", "WHERE ARE YOU", "ARE YOU OPEN"),
    es=("HORARIO", "DIRECCION", "UBICACION", "DONDE ESTAN", "ESTAN ABIERTOS"),
)
def hours(uow: UnitOfWork, turn: Turn) -> Answer:
    """Anyone may ask: nothing personal is in the answer."""
    return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
