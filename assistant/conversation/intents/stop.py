"""STOP: no more texts. The opt-out itself was in force when the text was kept; this is its one confirmation."""

from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.domain.compliance import is_carrier_stop
from assistant.messages.catalog import Stopped
from assistant.runtime import UnitOfWork
from assistant.services import consent


@intent("stop")
def stop(uow: UnitOfWork, turn: Turn) -> Answer:
    """Confirm once, unless the carrier has (`rules.md` 1.7, 1.9, 1.10)."""
    event, house = turn.event, turn.house
    if event.facts.get("OptOutType") == "STOP" or (house.carrier_confirms_stop and is_carrier_stop(event.body)):
        return Silence("carrier_confirms")
    if consent.stopped_at(uow, house.spa_id, event.sender) != event.received_at:
        return Silence("already_stopped")
    return say(Stopped(spa=house.name))
