"""A number that was silent for 90 days: whose it is now, before anything of anyone is said (`features.md` E9).

Whoever has a recycled number gets every code and link that we text to it, so these prove nothing; the member's own
first and last name does, and we never say either of them.
"""

from datetime import timedelta

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, say
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.domain.words import matchable
from assistant.messages.handover import YourName
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import audit, handovers

KIND = "your_name"
GOOD_FOR = timedelta(hours=24)
MOST_TRIES = 3


def doubt(uow: UnitOfWork, turn: Turn) -> None:
    """From now on we are not sure whose number it is, whatever else it texts."""
    uow.sql(
        "UPDATE phone SET unsure_at = %s WHERE spa_id = %s AND number = %s",
        (uow.now, turn.event.spa_id, turn.event.sender),
    )


def ask(uow: UnitOfWork, turn: Turn, intent_name: str) -> Answer:
    """Ask, and remember what they wanted; after three answers that are no name of theirs, a person does."""
    known = next((each for each in turn.questions if each.kind == KIND and each.awaits(uow.now)), None)
    tries = known.facts["tries"] if known else 0
    if tries >= MOST_TRIES:
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    _remember(uow, turn, {"intent": intent_name, "tries": tries, "said": handovers.told(turn.event.body)})
    return say(YourName())


def answered(uow: UnitOfWork, turn: Turn) -> tuple[Speaker, str] | Answer | None:
    """Who it is, and what they wanted; asked again where it is no name of theirs, and None where it was not asked."""
    question = next((each for each in turn.questions if each.kind == KIND and each.awaits(uow.now)), None)
    if question is None:
        return None
    if person := _named(uow, turn):
        spa_id, number = turn.event.spa_id, turn.event.sender
        questions.close(uow, spa_id, question.id, {"client_id": person.client_id}, uow.now)
        uow.sql("UPDATE phone SET unsure_at = NULL WHERE spa_id = %s AND number = %s", (spa_id, number))
        subject = f"client:{person.client_id}"
        audit.write(uow, spa_id, actor="member", evidence="E0", act="number_verified", subject=subject)
        return person, str(question.facts["intent"])
    if turn.reading.wanted != ("unknown",):
        return None
    tries = question.facts["tries"] + 1
    _remember(uow, turn, question.facts | {"tries": tries})
    return say(YourName()) if tries < MOST_TRIES else to_person.person_soon(uow, turn, PersonTopic.QUESTION)


def _remember(uow: UnitOfWork, turn: Turn, facts: dict[str, object]) -> None:
    event, until = turn.event, uow.now + GOOD_FOR
    questions.ask(uow, event.spa_id, event.sender, KIND, facts=facts, now=uow.now, until=until)


def _named(uow: UnitOfWork, turn: Turn) -> Speaker | None:
    """Exactly one of them, by first and last name."""
    words = f" {matchable(turn.event.body)} "
    rows = uow.sql(
        "SELECT id, first_name, last_name FROM client WHERE spa_id = %s AND id = ANY(%s)",
        (turn.event.spa_id, [each.client_id for each in turn.people]),
    ).fetchall()
    meant = [
        client_id
        for client_id, first, last in rows
        if all(matchable(name) and f" {matchable(name)} " in words for name in (first, last))
    ]
    return next((each for each in turn.people if meant == [each.client_id]), None)
