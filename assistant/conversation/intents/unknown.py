"""What we could not tell: says what we can do, and who can do the rest."""

from assistant.conversation.turn import Answer, Turn, intent, say
from assistant.messages.catalog import CardRemoved, NothingSaid, NotUnderstood, UnknownNumber
from assistant.runtime import UnitOfWork


@intent("unknown")
def unknown(_uow: UnitOfWork, turn: Turn) -> Answer:
    """By what there was: a card number, a stranger, nothing at all, or words we do not know."""
    phone = turn.house.help_phone
    if turn.event.card_removed:
        return say(CardRemoved(first_name=turn.first_name, help_phone=phone))
    if not turn.people:
        return say(UnknownNumber(spa=turn.house.name, help_phone=phone))
    if turn.has_media or not turn.event.body.strip():
        return say(NothingSaid(help_phone=phone, media=turn.has_media))
    return say(NotUnderstood(first_name=turn.first_name, help_phone=phone))
