"""SKIP: the month that is owed is let go, with no charge and no credit; asked back first, by its token.

Of one who owes nothing, a month named to be skipped is a pause.
"""

from datetime import date

from assistant.conversation import dialogue, dues
from assistant.conversation.intents.pause import pause
from assistant.conversation.reading import Slots
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.messages.catalog import SkipDone, SkipOffered
from assistant.runtime import UnitOfWork
from assistant.services import choices
from assistant.services.choices import Nothing, Skipped


@personal_intent(
    "skip", en=("SKIP", "SKIP IT", "SKIP THIS MONTH", "SKIP MONTH"), es=("SALTAR", "SALTAR ESTE MES", "OMITIR")
)
def skip(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """What it means and its token; or, where the token is what came, the thing itself."""
    spa_id, client_id = turn.house.spa_id, speaker.client_id
    if turn.confirmed:
        cycle_on = date.fromisoformat(turn.confirmed["cycle_on"])
        match choices.skip(uow, spa_id, client_id, cycle_on, actor="member"):
            case Skipped(cycle_on, next_charge_on):
                return say(SkipDone(first_name=speaker.first_name, cycle_on=cycle_on, next_charge_on=next_charge_on))
            case other:
                return dues.not_now(uow, turn, speaker, other)
    match choices.skip_quote(uow, spa_id, client_id):
        case Skipped(cycle_on, next_charge_on):
            token = dialogue.ask(uow, turn, speaker, "skip", {"cycle_on": cycle_on.isoformat()})
            return say(
                SkipOffered(
                    first_name=speaker.first_name, token=token, cycle_on=cycle_on, next_charge_on=next_charge_on
                )
            )
        case Nothing() if turn.slots != Slots():
            return pause.handle(uow, turn, speaker)
        case other:
            return dues.not_now(uow, turn, speaker, other)
