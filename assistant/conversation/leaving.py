"""One who is leaving already, and asks for what would keep them: by when it ends, and that UNDO takes it back."""

from assistant.conversation.turn import Answer, Turn, say
from assistant.db import members
from assistant.db.clients import Speaker
from assistant.messages.changes import AlreadyLeaving
from assistant.runtime import UnitOfWork
from assistant.services import cancellations


def already(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer | None:
    """None where they are not."""
    spa_id = turn.house.spa_id
    membership_id = next(iter(members.leaving(uow, spa_id, speaker.client_id)), None)
    if membership_id is None:
        return None
    code, effective_on = cancellations.standing_request(uow, spa_id, membership_id)
    return say(AlreadyLeaving(first_name=speaker.first_name, code=code, effective_on=effective_on))
