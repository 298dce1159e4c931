"""What a person takes over: it is opened for the desk with the member's own words, and the member is told by when."""

from datetime import date
from zoneinfo import ZoneInfo

from assistant.conversation.turn import Answer, Turn, say
from assistant.domain.reply_days import hears_by
from assistant.messages.talk import PersonSoon, PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import handovers, opening_hours, tasks

MOST_WORDS = 300


def hand_over(uow: UnitOfWork, turn: Turn, topic: str, *, kind: str = "handover") -> None:
    """Open it once for this text: its words are without card numbers as they were kept."""
    event = turn.event
    facts = {
        "topic": topic,
        "channel": event.channel,
        "address": event.sender,
        "event": event.id,
        "summary": handovers.told(event.body)[:MOST_WORDS],
    }
    client_id = turn.speaker.client_id if turn.speaker else None
    if kind == "visit_asked":
        tasks.open_task(uow, event.spa_id, key=f"{kind}:{event.id}", kind=kind, client_id=client_id, facts=facts)
        return
    handovers.open_(
        uow,
        event.spa_id,
        channel=event.channel,
        address=event.sender,
        client_id=client_id,
        topic=topic,
        summary=event.body,
        event_id=event.id,
        task=kind,
    )


def person_soon(uow: UnitOfWork, turn: Turn, topic: PersonTopic) -> Answer:
    """Hand over, and say so."""
    hand_over(uow, turn, topic.value)
    by, today = answers_by(uow, turn)
    return say(
        PersonSoon(first_name=turn.first_name, topic=topic, by=by, today=today, help_phone=turn.house.help_phone)
    )


def answers_by(uow: UnitOfWork, turn: Turn) -> tuple[date, bool]:
    """The day by which a person answers, and whether that is today."""
    local = uow.now.astimezone(ZoneInfo(turn.house.zone))
    by = hears_by(local, opening_hours.known(uow, turn.house.spa_id))
    return by, by == local.date()
