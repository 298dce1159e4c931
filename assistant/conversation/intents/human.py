"""PERSON: somebody at the spa takes over, with the member's words; anger and legal words are heard as the same wish."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, intent
from assistant.domain.words import matchable
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork

CALM = ("person", "human", "call", "someone", "somebody", "persona", "alguien", "humano", "llamen", "llame", "hablar")


@intent(
    "human",
    en=("PERSON", "HUMAN", "CALL", "CALL ME", "AGENT", "REAL PERSON", "TALK TO A PERSON", "MANAGER"),
    es=("PERSONA", "HUMANO", "LLAMAME", "ALGUIEN", "HABLAR CON ALGUIEN", "HABLAR CON UNA PERSONA", "GERENTE"),
)
def human(uow: UnitOfWork, turn: Turn) -> Answer:
    """Who only asks is told yes; who is upset is not argued with."""
    asks = not set(matchable(turn.event.body).split()).isdisjoint(CALM) or _is_keyword(turn)
    return to_person.person_soon(uow, turn, PersonTopic.ASKED if asks else PersonTopic.UPSET)


def _is_keyword(turn: Turn) -> bool:
    words = {matchable(word) for listed in human.words.values() for word in listed}
    return matchable(turn.event.body) in words
