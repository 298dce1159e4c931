"""Two people, one phone: who is texting is asked before anything of either is said (`features.md` E7)."""

from datetime import timedelta

from assistant.conversation import dialogue
from assistant.conversation.reading import Slots
from assistant.conversation.turn import Answer, Turn, say
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.domain.words import matchable
from assistant.messages.catalog import WhoIsThis
from assistant.runtime import UnitOfWork

REMEMBERED = timedelta(minutes=30)
"""How long an answer holds, and how long the question stays open."""


def texting(uow: UnitOfWork, spa_id: int, number: str, people: tuple[Speaker, ...]) -> Speaker | None:
    """Who it is: the only one there is, or who said so just now."""
    if len(people) == 1:
        return people[0]
    said = questions.last_answer(uow, spa_id, number, "who", uow.now - REMEMBERED) if people else None
    return next((person for person in people if said and person.client_id == said["client_id"]), None)


def ask(uow: UnitOfWork, turn: Turn, intent_name: str) -> Answer:
    """Ask, and remember what they wanted."""
    facts = {"clients": [person.client_id for person in turn.people], "intent": intent_name}
    facts |= dialogue.wished(turn)
    questions.ask(
        uow, turn.house.spa_id, turn.event.sender, "who", facts=facts, now=uow.now, until=uow.now + REMEMBERED
    )
    return say(WhoIsThis(names=tuple(person.first_name for person in turn.people)), WhoIsThis(names=()))


def answered(uow: UnitOfWork, turn: Turn) -> tuple[Speaker, str, Slots] | None:
    """If this text answers an open question: who it is, and what they wanted."""
    if len(turn.people) < 2:
        return None
    question = questions.open_question(uow, turn.house.spa_id, turn.event.sender, "who", uow.now)
    person = question and _named(turn.event.body, turn.people, question.facts["clients"])
    if not question or not person:
        return None
    questions.close(uow, turn.house.spa_id, question.id, {"client_id": person.client_id}, uow.now)
    return person, str(question.facts["intent"]), dialogue.slots_of(question)


def _named(body: str, people: tuple[Speaker, ...], order: list[int]) -> Speaker | None:
    """`2`, `Leo`, `2 Leo`, `it's Leo`: exactly one of them, by number as asked or by first name."""
    words = matchable(body).split()
    numbers = {str(place): client_id for place, client_id in enumerate(order, 1)}
    meant = {numbers[word] for word in words if word in numbers}
    meant |= {person.client_id for person in people if matchable(person.first_name) in words}
    return next((person for person in people if meant == {person.client_id}), None)
