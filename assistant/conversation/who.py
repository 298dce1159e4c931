"""Two people, one phone: who is texting is asked before anything of either is said (`features.md` E7)."""

import re
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
SAYS = "it'?s|this is|i am|i'?m|soy|habla|me llamo|my name is"


def texting(uow: UnitOfWork, spa_id: int, number: str, people: tuple[Speaker, ...], body: str = "") -> Speaker | None:
    """Who it is: the only one there is, or who said so just now, in this very text or within half an hour."""
    if len(people) == 1:
        return people[0]
    if (named := introduced(body, people)) is not None:
        return named
    said = questions.last_answer(uow, spa_id, number, "who", uow.now - REMEMBERED) if people else None
    return next((person for person in people if said and person.client_id == said["client_id"]), None)


def introduced(body: str, people: tuple[Speaker, ...]) -> Speaker | None:
    """`this is Maya`, `soy Maya`, `Maya here`: the one of them who says so of themselves."""
    said = matchable(body)
    found = [each for each in people if (name := matchable(each.first_name)) and _says(said, name)]
    return found[0] if len(people) > 1 and len(found) == 1 else None


def _says(said: str, name: str) -> bool:
    return re.search(rf"\b(?:{SAYS})\s+{re.escape(name)}\b|\b{re.escape(name)}\s+(?:here|aqui)\b", said) is not None


def remember(uow: UnitOfWork, turn: Turn, person: Speaker) -> None:
    """They said who they are without being asked: it holds as long as an answer does."""
    spa_id, number, facts = turn.house.spa_id, turn.event.sender, {"client_id": person.client_id}
    questions.ask(uow, spa_id, number, "who", facts=facts, now=uow.now, until=uow.now + REMEMBERED)
    question = questions.open_question(uow, spa_id, number, "who", uow.now)
    if question is not None:
        questions.close(uow, spa_id, question.id, facts, uow.now)


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
