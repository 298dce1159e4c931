"""NO, after a day was named: the card is asked on the ladder's own days again."""

from assistant.conversation import dues
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.messages.catalog import NotUnderstood, RetryPlanned
from assistant.runtime import UnitOfWork
from assistant.services import promises
from assistant.services.choices import Nothing


@personal_intent("undo", en=("NO", "UNDO", "NOPE"), es=("DESHACER", "NO GRACIAS"))
def undo(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """A promise may be taken back; it was the one of its month all the same."""
    match promises.unpromise(uow, turn.house.spa_id, speaker.client_id, actor="member"):
        case promises.Retries(cents, on):
            return say(RetryPlanned(first_name=speaker.first_name, owed_cents=cents, retry_on=on))
        case Nothing():
            return say(NotUnderstood(first_name=speaker.first_name, help_phone=turn.house.help_phone))
        case other:
            return dues.not_now(uow, turn, speaker, other)
