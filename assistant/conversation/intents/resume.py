"""RESUME: back from a pause before its end, or a pause that is not to be; asked back first, by its token."""

from assistant.conversation import dialogue, dues, leaving
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import members
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.pausing import ResumeQuote, ResumeRefusal
from assistant.messages.catalog import NotPaused, ResumeDone, ResumeOffered
from assistant.runtime import UnitOfWork
from assistant.services import pauses
from assistant.services.pauses import Resumed, StaleResume


@personal_intent(
    "resume", en=("RESUME", "UNPAUSE", "UNFREEZE", "RESUME IT"), es=("REANUDAR", "REANUDA", "QUITAR PAUSA")
)
def resume(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """What it costs and its token; or, where the token is what came, the thing itself."""
    spa_id = turn.house.spa_id
    if not turn.confirmed:
        membership_id = members.live(uow, spa_id, speaker.client_id, "resume") or 0
        return _ask(uow, turn, speaker, membership_id, pauses.quote_resume(uow, spa_id, membership_id))
    membership_id = turn.confirmed["membership"]
    quote = stored.read(ResumeQuote, turn.confirmed["quote"], "quote")
    match pauses.resume(uow, spa_id, membership_id, quote, actor="member"):
        case Resumed():
            later = quote.resumes_on if quote.resumes_on > local_day(uow.now, turn.house.zone) else None
            return say(
                ResumeDone(
                    first_name=speaker.first_name,
                    charge_cents=quote.charge_cents,
                    resumes_on=later,
                    next_charge_on=quote.next_charge_on,
                )
            )
        case StaleResume(fresh):
            return _ask(uow, turn, speaker, membership_id, fresh)
        case refusal:
            return _ask(uow, turn, speaker, membership_id, refusal)


def _ask(
    uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, quote: ResumeQuote | ResumeRefusal
) -> Answer:
    if isinstance(quote, ResumeRefusal):
        not_paused = NotPaused(first_name=speaker.first_name, next_charge_on=dues.next_charge(uow, turn, speaker))
        return leaving.already(uow, turn, speaker) or say(not_paused)
    facts = {"membership": membership_id, "quote": stored.written(quote)}
    token = dialogue.ask(uow, turn, speaker, "resume", facts)
    return say(
        ResumeOffered(
            first_name=speaker.first_name,
            token=token,
            charge_cents=quote.charge_cents,
            resumes_on=quote.resumes_on if quote.resumes_on > local_day(uow.now, turn.house.zone) else None,
            next_charge_on=quote.next_charge_on,
            calls_off=quote.calls_off,
        )
    )
