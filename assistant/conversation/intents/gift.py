"""GIFT: credit for somebody else; a person sees to it, for it moves value between people (`reliability.md` §3)."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, personal_intent
from assistant.db.clients import Speaker
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork


@personal_intent("gift", en=("GIFT", "GIFT A CREDIT", "GIFT CREDITS"), es=("REGALO", "REGALAR", "REGALAR CREDITO"))
def gift(uow: UnitOfWork, turn: Turn, _speaker: Speaker) -> Answer:
    """With their words: to whom, and how much."""
    return to_person.person_soon(uow, turn, PersonTopic.GIFT)
