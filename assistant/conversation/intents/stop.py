"""STOP: no more texts. The opt-out itself was in force when the text was kept; this is its one confirmation."""

from datetime import timedelta

from assistant.conversation import to_person
from assistant.conversation.intents.billing_texts import has_membership
from assistant.conversation.intents.medical import of_a_crisis
from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db import inbox, reach, spas
from assistant.domain import compliance
from assistant.domain.compliance import is_carrier_stop
from assistant.domain.evidence import Freshness
from assistant.messages.catalog import Message, Stopped
from assistant.messages.talk import PersonTopic, StoppedWithCare
from assistant.runtime import UnitOfWork
from assistant.services import consent, email_consent, wrong_numbers

ONCE_IN = timedelta(days=1)


@intent("stop")
def stop(uow: UnitOfWork, turn: Turn) -> Answer:
    """Confirm once, unless the carrier has, for this word or for one before (`rules.md` 1.7, 1.9, 1.10).

    What else was asked for beside it is followed up elsewhere (`beside_stop`).
    """
    event, house = turn.event, turn.house
    if ended := event.facts.get("stops"):
        return _by_mail(uow, turn, texts=ended == "all")
    if turn.channel == "sms" and compliance.wrong_number(event.body):  # they hear nothing of them any more (E9)
        wrong_numbers.disowned(uow, house.spa_id, event.sender, event_id=event.id)
    if event.facts.get("OptOutType") == "STOP" or (house.carrier_confirms_stop and is_carrier_stop(event.body)):
        return Silence(inbox.CARRIER_CONFIRMS)
    if (turn.stopped_at is None or turn.billing) and compliance.read(event.body, event.facts.get("OptOutType")) is None:
        return _stop_now(uow, turn)
    if turn.stopped_at is None:
        return Silence("already_started")
    if inbox.last_stop(uow, event, since=turn.stopped_at):
        return Silence("already_stopped")
    return say(_stopped(uow, turn))


def _by_mail(uow: UnitOfWork, turn: Turn, *, texts: bool) -> Answer:
    """It was in force when the mail was kept; once a day is told so."""
    if inbox.last_stop(uow, turn.event, since=uow.now - ONCE_IN):
        return Silence("already_stopped")
    return say(Stopped(spa=turn.house.name, texts=texts))


def _stop_now(uow: UnitOfWork, turn: Turn) -> Answer:
    """In words that the grammar does not know, and the classifier does: the texts end with this very answer.

    Of a mail a person reads whether the texts are meant too; its offers end at once (`rules.md` 4.14).
    """
    event = turn.event
    if turn.channel == "email":
        source = consent.Source("member", {"event": event.id, "message_id": event.external_id, "by": "classifier"})
        email_consent.unsubscribe(uow, event.spa_id, event.sender, source)
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    proof: dict[str, str | int] = {"event": event.id, "external_id": event.external_id, "by": "classifier"}
    consent.stop(uow, event.spa_id, event.sender, consent.Source("member", proof), event_id=event.id)
    return say(_stopped(uow, turn))


def _stopped(uow: UnitOfWork, turn: Turn) -> Message:
    """It may ask whether all texts were meant, where there is a membership to tell of (`rules.md` 1.7).

    Beside medical words it says whom to call: no other text goes to them any more.
    """
    if "medical" in turn.reading.wanted:
        phone = spas.emergency_phone(uow, turn.house.spa_id)
        return StoppedWithCare(spa=turn.house.name, emergency_phone=phone, crisis=of_a_crisis(turn))
    theirs = turn.fresh is Freshness.FRESH and not compliance.wrong_number(turn.event.body)
    others = theirs and reach.others(uow, turn.house.spa_id, turn.event.sender)
    return Stopped(spa=turn.house.name, billing=theirs and has_membership(uow, turn), others=others)
