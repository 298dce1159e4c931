"""BALANCE: credits by kind, what runs out next, how the membership stands, and the next charge."""

from dataclasses import replace
from datetime import timedelta

from assistant.conversation import dialogue
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import plans, spas
from assistant.db.clients import Speaker
from assistant.domain.calendar import local_day
from assistant.domain.credits import Holding, holdings
from assistant.messages import render
from assistant.messages.catalog import Balance, Credits, Membership
from assistant.runtime import UnitOfWork
from assistant.services import credits

SOON = timedelta(days=30)
"""Credit that runs out within it is worth a word about a visit."""
PLACE = "B00"
"""As long as any token."""


@personal_intent(
    "balance",
    en=("BALANCE", "BAL", "CREDIT", "CREDITS", "MY BALANCE", "MY CREDITS"),
    es=("SALDO", "CREDITOS", "MI SALDO", "MIS CREDITOS"),
)
def balance(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Read from the lots, which are the ledger's own; and a visit is offered for what runs out soon."""
    plain = _told(uow, turn, speaker)
    if not _fits_a_visit(uow, turn, plain):
        return say(plain)
    offered = replace(plain, book_token=PLACE)
    if render.sms(offered, turn.locale).size.segments > render.MOST_SEGMENTS:
        return say(plain)
    token = dialogue.ask(uow, turn, speaker, "book_offer", {"expires_on": str(plain.expires_on)})
    return say(replace(plain, book_token=token))


def _fits_a_visit(uow: UnitOfWork, turn: Turn, told: Balance) -> bool:
    """Credit runs out within the month, and nothing else is asked: by them, by us, or of this since yesterday."""
    visits = [each for each in turn.questions if each.kind == "book_offer"]
    others = [each for each in turn.questions if each.kind in dialogue.KINDS and each not in visits]
    quiet = not any(each.awaits(uow.now) for each in others) and not any(each.closed_at for each in visits)
    today = local_day(uow.now, turn.house.zone)
    soon = told.expires_on is not None and told.expires_on <= today + SOON
    return soon and quiet and set(turn.reading.wanted) <= {"balance", "yes"}


def _told(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Balance:
    house = turn.house
    words = spas.credit_words(uow, house.spa_id, turn.locale)
    held = holdings(credits.lots(uow, house.spa_id, speaker.client_id), local_day(uow.now, house.zone))
    first = _expiring_first(held)
    return Balance(
        first_name=speaker.first_name,
        credits=tuple(Credits.of(words, each.unit, each.amount) for each in held),
        expiring=Credits.of(words, first.unit, first.expiring) if first else None,
        expires_on=first.expires_on if first else None,
        membership=_membership(uow, turn, speaker),
        help_phone=house.help_phone,
    )


def _expiring_first(held: list[Holding]) -> Holding | None:
    return min((each for each in held if each.expires_on), key=lambda each: str(each.expires_on), default=None)


def _membership(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Membership | None:
    """How it stands today."""
    today = local_day(uow.now, turn.house.zone)
    enrolled = plans.enrolment(uow, turn.house.spa_id, speaker.client_id, today)
    if enrolled is None:
        return None
    return Membership(
        standing=enrolled.standing,
        next_charge_on=enrolled.next_charge_on,
        dues_cents=enrolled.dues_cents,
        resumes_on=enrolled.resumes_on,
        leaves_on=enrolled.leaves_on,
    )
