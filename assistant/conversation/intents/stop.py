"""STOP: no more texts. The opt-out itself was in force when the text was kept; this is its one confirmation."""

from assistant.conversation.turn import Answer, Say, Silence, Turn, intent
from assistant.domain.compliance import is_carrier_stop
from assistant.messages.catalog import Stopped
from assistant.runtime import UnitOfWork


@intent("stop")
def stop(_uow: UnitOfWork, turn: Turn) -> Answer:
    """Confirm once, unless the carrier has (`rules.md` 1.7, 1.9, 1.10)."""
    event, house = turn.event, turn.house
    if event.facts.get("OptOutType") == "STOP" or (house.carrier_confirms_stop and is_carrier_stop(event.body)):
        return Silence("carrier_confirms")
    if turn.stopped_at is None:
        return Silence("already_started")
    return Say((Stopped(spa=house.name),), key=f"stopped:{event.sender}:{turn.stopped_at.isoformat()}")
