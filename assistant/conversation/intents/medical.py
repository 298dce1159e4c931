"""MEDICAL words: whom to call now, and a person is alerted. Never a word of advice (`features.md` E20, E21)."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, intent, say
from assistant.db import spas
from assistant.domain.words import matchable
from assistant.messages.talk import Care, CrisisCare
from assistant.runtime import UnitOfWork

CRISIS = (
    *("suicid", "kill myself", "end my life", "hurt myself", "harm myself", "want to die", "self harm", "matarme"),
    *("quitarme la vida", "hacerme dano", "quiero morir", "no quiero vivir", "lastimarme", "better off dead"),
    *("dont want to live", "don't want to live", "autolesion", "ya no quiero estar viva", "ya no quiero estar vivo"),
)
"""What the lines for people in a crisis are named for; where in doubt it is named."""


@intent("medical", en=("REACTION", "EMERGENCY", "SWELLING"), es=("REACCION", "EMERGENCIA", "HINCHAZON"))
def medical(uow: UnitOfWork, turn: Turn) -> Answer:
    """Whoever it is, and whatever else is in the text."""
    to_person.hand_over(uow, turn, "medical", kind="medical")
    if of_a_crisis(turn):
        return say(CrisisCare(first_name=turn.first_name, help_phone=turn.house.help_phone))
    phone = spas.emergency_phone(uow, turn.house.spa_id)
    return say(Care(first_name=turn.first_name, emergency_phone=phone))


def of_a_crisis(turn: Turn) -> bool:
    """Whether the lines for people in one are to be named."""
    said = matchable(turn.event.body)
    return any(words in said for words in CRISIS)
