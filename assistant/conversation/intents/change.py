"""UPGRADE, DOWNGRADE: another plan, quoted to the cent; done by its token, or by a person where it is dear."""

import re

from assistant.conversation import dialogue, plan_choice, to_person
from assistant.conversation.turn import Answer, Silence, Turn, personal_intent, say
from assistant.db import billing as invoices
from assistant.db import changes, members
from assistant.db.clients import Speaker
from assistant.domain import evidence, stored
from assistant.domain.billing import Cause
from assistant.domain.calendar import local_day
from assistant.domain.changing import ChangeQuote, ChangeRefusal, Refusal
from assistant.domain.words import matchable
from assistant.doorbells import Doorbell
from assistant.messages.plans import ChangeOffered, ChangeRefused, ChangeTrying, ChangeWhich
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import attempts, plan_changes, plans
from assistant.services.plan_changes import Changed, Ordered, Scheduled, Stale
from assistant.services.plans import OnOffer

UP = ("upgrade", "move up", "moving up", "plan up", "level up", "step up", "higher", "bigger", "mejor", "subir", "subo")
DOWN = ("downgrade", "go down", "move down", "lower", "smaller", "cheaper", "bajar", "bajo", "barato", "menor")
"""Beginnings of words that say which way."""


@personal_intent(
    "change",
    en=("UPGRADE", "DOWNGRADE", "CHANGE PLAN", "CHANGE MY PLAN", "SWITCH PLAN", "UPGRADE ME"),
    es=("CAMBIAR PLAN", "CAMBIAR MI PLAN", "CAMBIAR DE PLAN", "MEJORAR PLAN", "BAJAR PLAN"),
)
def change(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Which plan, and its quote; or, where the token is what came, the thing itself."""
    spa_id = turn.house.spa_id
    if turn.confirmed:
        return _do(uow, turn, speaker)
    membership_id = members.live(uow, spa_id, speaker.client_id, "change")
    if membership_id is None:
        return _refused(turn, speaker, ChangeRefusal.ENDED)
    others = _others(uow, turn, membership_id)
    chosen = plan_choice.meant(turn, plans.on_offer(uow, spa_id))
    if chosen is None and len(others) == 1:
        [chosen] = others
    if chosen is not None:
        return _quote(uow, turn, speaker, membership_id, chosen.code)
    if not others:
        return _refused(turn, speaker, ChangeRefusal.NOT_OFFERED)
    plan_choice.ask(uow, turn, speaker, "change_which", others)
    lines = plan_choice.lines(others)
    return say(*(ChangeWhich(first_name=speaker.first_name, plans=lines[:many]) for many in range(len(lines), 0, -1)))


def _others(uow: UnitOfWork, turn: Turn, membership_id: int) -> list[OnOffer]:
    """Every other plan; the dearer ones for an upgrade, the cheaper ones for a downgrade."""
    [[plan_id, monthly_cents]] = uow.sql(
        "SELECT v.plan_id, v.dues_cents / v.cycle_months FROM membership m"
        " JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id) WHERE m.spa_id = %s AND m.id = %s",
        (turn.house.spa_id, membership_id),
    ).fetchall()
    said = matchable(turn.event.body)
    others = [each for each in plans.on_offer(uow, turn.house.spa_id) if each.plan_id != plan_id]
    if _says(said, UP):
        return [each for each in others if each.math.dues_cents > monthly_cents]
    if _says(said, DOWN):
        return [each for each in others if each.math.dues_cents < monthly_cents]
    return others


def _says(said: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{word}", said) for word in words)


def _quote(uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, code: str) -> Answer:
    quote = plan_changes.quote_change(uow, turn.house.spa_id, membership_id, code)
    if isinstance(quote, Refusal):
        return _refused(turn, speaker, quote.reason)
    return _offer(uow, turn, speaker, membership_id, quote)


def _offer(uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, quote: ChangeQuote) -> Answer:
    if _too_dear(uow, turn, speaker, quote):
        return to_person.person_soon(uow, turn, PersonTopic.CHANGE)
    facts = {"membership": membership_id, "quote": stored.written(quote)}
    token = dialogue.ask(uow, turn, speaker, "change", facts)
    later = quote.effective_on if quote.effective_on > local_day(uow.now, turn.house.zone) else None
    return say(
        ChangeOffered(
            first_name=speaker.first_name,
            plan=quote.plan,
            token=token,
            due_cents=quote.due_cents,
            effective_on=later,
            next_charge_on=quote.next_charge_on,
            next_charge_cents=quote.next_charge_cents,
        )
    )


def _too_dear(uow: UnitOfWork, turn: Turn, speaker: Speaker, quote: ChangeQuote) -> bool:
    """A token is proof enough for so much at once, and for so much in thirty days (`reliability.md` §3)."""
    charged = changes.charged_by_token(uow, turn.house.spa_id, speaker.client_id, uow.now - evidence.MONTH)
    return evidence.charging(quote.due_cents, charged) is evidence.Act.CHARGE_CARD_ABOVE


def _do(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Exactly what was offered; the receipt, or the day it is set for, is told by the change itself."""
    spa_id, membership_id = turn.house.spa_id, turn.confirmed["membership"]
    quote = stored.read(ChangeQuote, turn.confirmed["quote"], "quote")
    match plan_changes.begin(uow, spa_id, membership_id, quote, actor="member"):
        case Ordered(invoice_id):
            if (owed := invoices.owed(uow, spa_id, invoice_id)) is not None:
                attempts.ask_for(uow, owed, Cause.MEMBER)
                uow.later(Doorbell.CHARGE)
            return say(ChangeTrying(first_name=speaker.first_name, plan=quote.plan, due_cents=quote.due_cents))
        case Changed() | Scheduled():
            return Silence("change_told")
        case Stale(fresh):
            return _offer(uow, turn, speaker, membership_id, fresh)
        case refusal:
            return _refused(turn, speaker, refusal.reason)


def _refused(turn: Turn, speaker: Speaker, why: ChangeRefusal) -> Answer:
    phone = turn.house.help_phone
    return say(ChangeRefused(first_name=speaker.first_name, reason=why.value, help_phone=phone))
