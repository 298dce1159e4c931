"""A day on which there will be money: "I get paid Friday"."""

from datetime import timedelta

from assistant.conversation import dues
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import billing as invoices
from assistant.db.clients import Speaker
from assistant.domain.calendar import local_day
from assistant.domain.dunning import CounterOffer
from assistant.domain.pay_dates import Unclear, read_pay_day
from assistant.messages.catalog import PromiseAsked, PromiseCounter, PromiseMade, PromiseUsed
from assistant.runtime import UnitOfWork
from assistant.services import choices, promises


@personal_intent("promise", en=("PAY LATER", "PAYDAY", "LATER"), es=("PAGAR DESPUES", "DESPUES", "QUINCENA"))
def promise(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """The retry moves to the day; where none is named, or not clearly, it is asked for: money moves on no guess."""
    today = local_day(uow.now, turn.house.zone)
    named = read_pay_day(turn.event.body, today, locale=turn.locale, asked=True)
    if named is None or isinstance(named, Unclear):
        return _ask(uow, turn, speaker)
    match promises.promise(uow, turn.house.spa_id, speaker.client_id, named, actor="member"):
        case promises.Promised(cents, on, benefits_on):
            return say(
                PromiseMade(first_name=speaker.first_name, owed_cents=cents, promise_on=on, benefits_on=benefits_on)
            )
        case CounterOffer(latest_on):
            return say(PromiseCounter(first_name=speaker.first_name, latest_on=latest_on))
        case promises.PromiseUsed(retry_on):
            phone = turn.house.help_phone
            return say(PromiseUsed(first_name=speaker.first_name, retry_on=retry_on, help_phone=phone))
        case other:
            return dues.not_now(uow, turn, speaker, other)


def _ask(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    owed = choices.what_is_owed(uow, turn.house.spa_id, speaker.client_id)
    if not owed:
        return dues.not_now(uow, turn, speaker, choices.Nothing())
    if any(invoices.open_attempt(uow, each.spa_id, each.invoice_id) for each in owed):
        return dues.not_now(uow, turn, speaker, choices.InDoubt())
    latest_on = promises.latest_promise(uow, owed[0]) or local_day(uow.now, turn.house.zone) + timedelta(days=1)
    cents = sum(each.total_cents for each in owed)
    return say(PromiseAsked(first_name=speaker.first_name, owed_cents=cents, latest_on=latest_on))
