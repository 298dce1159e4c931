"""START: texts about the membership again, and nothing more (`rules.md` 1.13)."""

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db import inbox
from assistant.messages.catalog import Started
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import consent


@intent("start")
def start(uow: UnitOfWork, turn: Turn) -> Answer:
    """Lift the opt-out; say so unless the carrier has, as it does for the opt-outs that were its own."""
    event, house = turn.event, turn.house
    if turn.channel == "email":  # which of their phones is meant, only a person can ask
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    before = turn.stopped_at and inbox.last_stop(uow, event, since=turn.stopped_at)
    proof: dict[str, str | int] = {"event": event.id, "external_id": event.external_id}
    source = consent.Source("member", proof)
    started = consent.start(uow, house.spa_id, event.sender, source, said_at=event.received_at, event_id=event.id)
    if not started:
        return Silence("stopped_since")
    if event.facts.get("OptOutType") == "START" and before != "stop":
        return Silence(inbox.CARRIER_CONFIRMS)
    return say(Started(spa=house.name))
