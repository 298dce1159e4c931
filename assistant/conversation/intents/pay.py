"""PAY: the card on file is asked for what is owed, now."""

from assistant.conversation import dues
from assistant.conversation.turn import Answer, Turn, personal_intent
from assistant.db.clients import Speaker
from assistant.runtime import UnitOfWork
from assistant.services import choices


@personal_intent(
    "pay",
    en=("PAY", "PAY NOW", "PAY IT", "TRY NOW", "RETRY", "TRY AGAIN", "PLEASE RETRY"),
    es=("PAGAR", "PAGAR AHORA", "PAGA", "REINTENTAR", "INTENTAR OTRA VEZ"),
)
def pay(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Also after calling the bank. The same guards hold as for the machine's own tries."""
    return dues.paying(uow, turn, speaker, choices.pay(uow, turn.house.spa_id, speaker.client_id))
