"""What is offered beside the end of a membership: a token of its own, once, and never in the way (`rules.md` 6.5)."""

from dataclasses import replace
from datetime import timedelta

from assistant.conversation import dialogue, to_person
from assistant.conversation.turn import Answer, Silence, Turn, say
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.changing import ChangeQuote
from assistant.domain.leaving import SaveOffer
from assistant.domain.pausing import PauseQuote
from assistant.messages.catalog import PauseDone
from assistant.messages.changes import Saving
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import pauses, plan_changes, saves
from assistant.services.pauses import Paused
from assistant.services.plan_changes import Changed, Scheduled

ONE_REQUEST = timedelta(days=1)
"""The same offer, put again while it waits for its answer; what comes later is another request to leave."""
ONCE_IN = timedelta(days=365)


def beside(uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, offer: SaveOffer | None) -> Saving | None:
    """The offer with its token. None where there is none, or where they have had theirs this year."""
    spa_id, now = turn.house.spa_id, uow.now
    save = saves.quote_save(uow, spa_id, membership_id, offer)
    earlier = {"since": now - ONCE_IN, "until": now - ONE_REQUEST, "now": now}
    if save is None or questions.had(uow, spa_id, speaker.client_id, "save_offer", **earlier):
        return None
    facts = {"membership": membership_id, "offer": save.offer.value}
    if save.quote is not None:
        facts["quote"] = stored.written(save.quote)
    token = dialogue.ask(uow, turn, speaker, "save_offer", facts)
    match save.quote:
        case PauseQuote(resumes_on=until):
            return Saving(token, save.offer, until=until)
        case ChangeQuote() as quote:
            return Saving(token, save.offer, until=quote.effective_on, plan=quote.plan, cents=quote.next_charge_cents)
        case None:
            return Saving(token, save.offer)


def taken(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer | None:
    """They stay: exactly what was offered is done. None where it is not so any more, and all is to be told anew."""
    spa_id, membership_id = turn.house.spa_id, turn.confirmed["membership"]
    match SaveOffer(turn.confirmed["offer"]):
        case SaveOffer.REST:
            quote = stored.read(PauseQuote, turn.confirmed["quote"], "quote")
            if not isinstance(pauses.pause(uow, spa_id, membership_id, quote, actor="member"), Paused):
                return None
            answer: Answer = say(_rests(speaker, quote))
        case SaveOffer.SMALLER_PLAN:
            change = stored.read(ChangeQuote, turn.confirmed["quote"], "quote")
            if not isinstance(
                plan_changes.begin(uow, spa_id, membership_id, change, actor="member"), Scheduled | Changed
            ):
                return None
            answer = Silence("change_told")
        case SaveOffer.GIFT:
            wish = replace(turn.event, body=str(turn.confirmed["said"]))  # their words, and not our token
            answer = to_person.person_soon(uow, replace(turn, event=wish), PersonTopic.GIFT)
    dialogue.close(uow, turn, "leave")
    return answer


def _rests(speaker: Speaker, quote: PauseQuote) -> PauseDone:
    return PauseDone(
        first_name=speaker.first_name,
        starts_on=quote.starts_on,
        resumes_on=quote.resumes_on,
        next_charge_on=quote.next_charge_on,
        credits_usable=quote.benefits_usable,
    )
