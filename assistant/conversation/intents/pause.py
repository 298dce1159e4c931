"""PAUSE: from the next billing date; by one who owes, with the month let go. Asked back first, by its token."""

import re
from datetime import date, timedelta

from assistant.conversation import dialogue, dues
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import members
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.pausing import PauseQuote, PauseRefusal, Refusal
from assistant.messages.catalog import PauseDone, PauseOffered, PauseRefused
from assistant.messages.handover import PauseHowLong
from assistant.runtime import UnitOfWork
from assistant.services import choices, pauses
from assistant.services.choices import Nothing, Rests
from assistant.services.pauses import Paused, Stale

ISO = re.compile(r"P(\d+)([MWD])")
"""For how long, as understanding writes it."""


@personal_intent("pause", en=("PAUSE", "FREEZE", "HOLD", "PAUSE IT"), es=("PAUSA", "PAUSAR", "CONGELAR"))
def pause(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """What it means and its token; or, where the token is what came, the thing itself."""
    spa_id, client_id = turn.house.spa_id, speaker.client_id
    if "quote" in turn.confirmed:
        return _pause(uow, turn, speaker)
    if turn.confirmed:
        cycle_on = date.fromisoformat(turn.confirmed["cycle_on"])
        match choices.rest(uow, spa_id, client_id, cycle_on, actor="member"):
            case Rests(starts_on, resumes_on):
                return _done(speaker, starts_on, resumes_on, resumes_on, credits_usable=True)
            case other:
                return dues.not_now(uow, turn, speaker, other)
    match choices.rest_quote(uow, spa_id, client_id):
        case Rests(starts_on, resumes_on, cycle_on):
            token = dialogue.ask(uow, turn, speaker, "pause", {"cycle_on": cycle_on.isoformat()})
            return say(_offered(speaker, token, starts_on, resumes_on))
        case Nothing():
            return _from_next_charge(uow, turn, speaker)
        case other:
            return dues.not_now(uow, turn, speaker, other)


def _from_next_charge(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """One who owes nothing: for so many months as they said."""
    membership_id = members.live(uow, turn.house.spa_id, speaker.client_id, "pause")
    if membership_id is None:
        phone = turn.house.help_phone
        reason = PauseRefusal.ENDED
        return say(PauseRefused(first_name=speaker.first_name, reason=reason, next_possible_on=None, help_phone=phone))
    months, until = _for_how_long(uow, turn, speaker)
    nobody_said = months is None and until is None
    quote = pauses.quote_pause(uow, turn.house.spa_id, membership_id, months=1 if nobody_said else months, until=until)
    if nobody_said and isinstance(quote, PauseQuote):
        dialogue.ask(uow, turn, speaker, "pause_duration", {})
        return say(PauseHowLong(first_name=speaker.first_name))
    return _ask(uow, turn, speaker, membership_id, quote)


def _for_how_long(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> tuple[int | None, date | None]:
    """Months, or the day on which it is over: weeks and days are counted from the charge that is skipped first."""
    if turn.slots.until is not None:
        return None, turn.slots.until
    found = ISO.fullmatch(turn.slots.duration or "")
    if found is None:
        return None, None
    many, unit = int(found[1]), found[2]
    if unit == "M":
        return many, None
    begins = dues.next_charge(uow, turn, speaker) or local_day(uow.now, turn.house.zone)
    return None, begins + timedelta(days=min(many * (7 if unit == "W" else 1), 3_653))


def _ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, quote: PauseQuote | Refusal) -> Answer:
    if isinstance(quote, Refusal):
        return say(
            PauseRefused(
                first_name=speaker.first_name,
                reason=quote.reason,
                next_possible_on=quote.next_possible_on,
                help_phone=turn.house.help_phone,
            )
        )
    facts = {"membership": membership_id, "quote": stored.written(quote)}
    token = dialogue.ask(uow, turn, speaker, "pause", facts)
    fee, term = quote.fee_cents, quote.term_extends_cycles
    return say(_offered(speaker, token, quote.starts_on, quote.resumes_on, fee_cents=fee, term_cycles=term))


def _pause(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Exactly what was offered; where that is not so any more, it is offered anew."""
    membership_id, quote = turn.confirmed["membership"], stored.read(PauseQuote, turn.confirmed["quote"], "quote")
    match pauses.pause(uow, turn.house.spa_id, membership_id, quote, actor="member"):
        case Paused():
            days = (quote.starts_on, quote.resumes_on, quote.next_charge_on)
            return _done(speaker, *days, credits_usable=quote.benefits_usable)
        case Stale(fresh):
            return _ask(uow, turn, speaker, membership_id, fresh)
        case refusal:
            return _ask(uow, turn, speaker, membership_id, refusal)


def _offered(
    speaker: Speaker, token: str, starts_on: date, resumes_on: date, *, fee_cents: int = 0, term_cycles: int = 0
) -> PauseOffered:
    return PauseOffered(
        first_name=speaker.first_name,
        token=token,
        starts_on=starts_on,
        resumes_on=resumes_on,
        owed_cents=0,
        fee_cents=fee_cents,
        term_cycles=term_cycles,
    )


def _done(speaker: Speaker, starts_on: date, resumes_on: date, next_charge_on: date, *, credits_usable: bool) -> Answer:
    return say(
        PauseDone(
            first_name=speaker.first_name,
            starts_on=starts_on,
            resumes_on=resumes_on,
            next_charge_on=next_charge_on,
            credits_usable=credits_usable,
        )
    )
