"""What nobody can tell the meaning of: a near STOP, a picture, a guess to be asked about; the second time a person."""

from assistant.conversation import dialogue, guessing, hearing, to_person
from assistant.conversation.turn import Answer, Turn, say
from assistant.db import inbox
from assistant.domain.evidence import Freshness
from assistant.messages.handover import DidYouMean, NearStop, NothingAsked
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import consent


def answer(uow: UnitOfWork, turn: Turn) -> tuple[str, Answer] | None:
    """How it was taken, and what is said; None where the usual words for it do. A stranger opens nothing."""
    if turn.reading.near_stop and turn.channel == "sms":
        return "near_stop", _near_stop(uow, turn)
    if not turn.people:
        return None
    if turn.has_media:
        return "media", to_person.person_soon(uow, turn, PersonTopic.MEDIA)
    if turn.reading.wanted == ("yes",) and dialogue.pending(turn.questions, uow.now) is None:
        return "yes", say(NothingAsked(first_name=turn.first_name, help_phone=turn.house.help_phone))
    if turn.fresh is not Freshness.FRESH or not turn.event.body.strip():
        return None
    return _guessed(uow, turn)


def _guessed(uow: UnitOfWork, turn: Turn) -> tuple[str, Answer] | None:
    """The second time in a row it is a person's."""
    if inbox.understood_before(uow, turn.event, since=uow.now - hearing.FORGOTTEN) in {"unknown", "guess"}:
        return "twice_unknown", to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    if names := guessing.guesses(turn.event.body):
        dialogue.guess(uow, turn, names)
        return "guess", say(DidYouMean(first_name=turn.first_name, guesses=names, help_phone=turn.house.help_phone))
    return None


def _near_stop(uow: UnitOfWork, turn: Turn) -> Answer:
    """No more offers; whether no more of anything is meant is asked."""
    event = turn.event
    source = consent.Source("member", {"event": event.id, "external_id": event.external_id})
    consent.hold_offers(uow, event.spa_id, event.sender, source)
    return say(NearStop(first_name=turn.first_name if turn.fresh is Freshness.FRESH else ""))
