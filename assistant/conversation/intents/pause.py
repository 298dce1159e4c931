"""PAUSE, by one who owes: the month is let go and the membership rests; asked back first, by its token."""

from datetime import date

from assistant.conversation import confirm, dues
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.messages.catalog import NotUnderstood, PauseDone, PauseOffered
from assistant.runtime import UnitOfWork
from assistant.services import choices
from assistant.services.choices import Nothing, Rests


@personal_intent("pause", en=("PAUSE", "FREEZE", "HOLD", "PAUSE IT"), es=("PAUSA", "PAUSAR", "CONGELAR"))
def pause(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """What it means and its token; or, where the token is what came, the thing itself."""
    spa_id, client_id = turn.house.spa_id, speaker.client_id
    if turn.confirmed:
        cycle_on = date.fromisoformat(turn.confirmed["cycle_on"])
        match choices.rest(uow, spa_id, client_id, cycle_on, actor="member"):
            case Rests(starts_on, resumes_on):
                return say(
                    PauseDone(
                        first_name=speaker.first_name,
                        starts_on=starts_on,
                        resumes_on=resumes_on,
                        next_charge_on=resumes_on,
                        credits_usable=True,
                    )
                )
            case other:
                return dues.not_now(uow, turn, speaker, other)
    match choices.rest_quote(uow, spa_id, client_id):
        case Rests(starts_on, resumes_on, cycle_on):
            token = confirm.ask(uow, turn, speaker, "pause", "P", {"cycle_on": cycle_on.isoformat()})
            return say(
                PauseOffered(
                    first_name=speaker.first_name,
                    token=token,
                    starts_on=starts_on,
                    resumes_on=resumes_on,
                    owed_cents=0,
                )
            )
        case Nothing():
            return say(NotUnderstood(first_name=speaker.first_name, help_phone=turn.house.help_phone))
        case other:
            return dues.not_now(uow, turn, speaker, other)
