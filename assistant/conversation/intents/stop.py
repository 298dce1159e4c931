"""STOP: no more texts. The opt-out itself was in force when the text was kept; this is its one confirmation."""

from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db import inbox
from assistant.domain.compliance import is_carrier_stop
from assistant.domain.words import matchable
from assistant.messages.catalog import Stopped
from assistant.runtime import UnitOfWork
from assistant.services import leave_notices

ENDS = ("cancel", "end", "quit", "cancelar")
"""Words that end texts by law, and that people also say of memberships (`rules.md` 1.11)."""


@intent("stop")
def stop(uow: UnitOfWork, turn: Turn) -> Answer:
    """Confirm once, unless the carrier has, for this word or for one before (`rules.md` 1.7, 1.9, 1.10).

    What may have meant the membership too is a person's to ask.
    """
    event, house = turn.event, turn.house
    if matchable(event.body) in ENDS:
        for person in turn.people:
            leave_notices.asked_with_the_texts(
                uow, house.spa_id, person.client_id, event_id=event.id, asked_at=event.received_at
            )
    if event.facts.get("OptOutType") == "STOP" or (house.carrier_confirms_stop and is_carrier_stop(event.body)):
        return Silence(inbox.CARRIER_CONFIRMS)
    if turn.stopped_at is None:
        return Silence("already_started")
    if inbox.last_stop(uow, event, since=turn.stopped_at):
        return Silence("already_stopped")
    return say(Stopped(spa=house.name))
