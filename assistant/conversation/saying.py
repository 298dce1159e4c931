"""How an answer goes back: the fullest that fits, by the channel it was asked on, once for its event."""

from assistant.conversation.turn import Turn
from assistant.db.inbox import Kept
from assistant.messages import render
from assistant.messages.catalog import Message
from assistant.runtime import UnitOfWork
from assistant.services import messaging, reviews
from assistant.services.addressing import Addressee, Answering


def fitting(candidates: tuple[Message, ...], locale: str) -> Message:
    """The fullest of them that fits; the shortest where none does."""
    fits = (each for each in candidates if render.sms(each, locale).size.segments <= render.MOST_SEGMENTS)
    return next(fits, candidates[-1])


def tell(uow: UnitOfWork, turn: Turn, message: Message, place: int) -> None:
    """The first answer is the one of this event; what else was asked for is answered beside it, each once."""
    event = turn.event
    to = back_to(event, turn.locale, turn.speaker.client_id if turn.speaker else None)
    if place:
        messaging.tell(uow, to, message, key=f"answer:{event.id}:{place + 1}")
    else:
        messaging.tell(uow, to, message, key=f"answer:{event.id}", answers=event.id)


def hold(uow: UnitOfWork, turn: Turn, message: Message, place: int, *, intent: str) -> None:
    """It is under review: a person reads it first, and sends it, or another."""
    event = turn.event
    to = back_to(event, turn.locale, turn.speaker.client_id if turn.speaker else None)
    reviews.hold(uow, to, message, event_id=event.id, place=place, intent=intent, said=event.body)


def back_to(kept: Kept, locale: str, client_id: int | None) -> Addressee:
    """By the channel it came; a mail is answered in its own thread."""
    facts = kept.facts
    mail = Answering(facts.get("message_id", ""), facts.get("references", ""), facts.get("subject", ""))
    answering = mail if kept.channel == "email" else None
    return Addressee(kept.spa_id, kept.sender, locale, client_id, kept.channel, answering)
