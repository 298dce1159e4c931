"""CARD: the secure link, to the very phone that asks for it."""

from assistant.conversation import dues
from assistant.conversation.turn import Answer, Turn, personal_intent
from assistant.db.clients import Speaker
from assistant.runtime import UnitOfWork


@personal_intent(
    "card",
    en=("CARD", "UPDATE CARD", "UPDATE MY CARD", "NEW CARD", "CHANGE CARD", "CHANGE MY CARD", "ADD CARD"),
    es=("TARJETA", "CAMBIAR TARJETA", "ACTUALIZAR TARJETA", "NUEVA TARJETA", "MI TARJETA"),
)
def card(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Any client may put a card on file: it can only add money, and the link asks what they know."""
    return dues.card_link(uow, turn, speaker)
