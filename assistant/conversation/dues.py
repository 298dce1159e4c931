"""What the answers about dues have in common: the link, and why something is not done now."""

from datetime import date

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, say
from assistant.db import billing as invoices
from assistant.db import plans
from assistant.db.clients import Speaker
from assistant.domain.billing import Collection
from assistant.domain.calendar import local_day
from assistant.domain.declines import Rule
from assistant.domain.dunning import StepKind
from assistant.domain.membership import Standing
from assistant.messages.catalog import (
    CardLink,
    CardLinkRests,
    CheckingPayment,
    NothingOwed,
    PayRefusal,
    PayRefused,
    PayTrying,
)
from assistant.messages.plans import WhyNotPaid
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import choices, dunning, links
from assistant.services.choices import AtTheDesk, InDoubt, NeedsCard, Nothing, NotYet, Trying
from assistant.services.links import LIFE, Purpose

NotNow = Nothing | InDoubt | NeedsCard | NotYet | AtTheDesk


def paying(uow: UnitOfWork, turn: Turn, speaker: Speaker, outcome: NotNow | Trying) -> Answer:
    """The card is being asked, or why not."""
    if isinstance(outcome, Trying):
        return say(PayTrying(first_name=speaker.first_name, owed_cents=outcome.owed_cents))
    return not_now(uow, turn, speaker, outcome)


def not_now(uow: UnitOfWork, turn: Turn, speaker: Speaker, why: NotNow) -> Answer:
    """Each with what can be done next."""
    match why:
        case Nothing():
            return say(NothingOwed(first_name=speaker.first_name, next_charge_on=next_charge(uow, turn, speaker)))
        case InDoubt():
            return say(CheckingPayment(first_name=speaker.first_name))
        case NeedsCard(cents, authenticate):
            purpose = Purpose.AUTHENTICATE if authenticate else Purpose.CARD
            reason = PayRefusal.AUTHENTICATE if authenticate else PayRefusal.NEW_CARD
            return _refused(turn, speaker, reason, cents, link=_link(uow, turn, speaker, purpose))
        case NotYet(cents, at):
            link = _link(uow, turn, speaker, Purpose.CARD)
            return say(
                PayRefused(
                    first_name=speaker.first_name,
                    reason=PayRefusal.NOT_YET,
                    owed_cents=cents,
                    link=link,
                    not_before=at,
                    help_phone=turn.house.help_phone,
                )
            )
        case AtTheDesk(cents):
            return _refused(turn, speaker, PayRefusal.AT_DESK, cents, link=None)


def why_not_paid(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer | None:
    """What is owed and why it was not taken; None where nothing is, or it is being looked up."""
    spa_id = turn.house.spa_id
    owed = next(iter(choices.what_is_owed(uow, spa_id, speaker.client_id)), None)
    case = dunning.case_of(uow, spa_id, owed.invoice_id) if owed else None
    if owed is None or case is None or invoices.open_attempt(uow, spa_id, owed.invoice_id) is not None:
        return None
    retries = (each for each in dunning.steps_left(uow, spa_id, case.id) if each.kind is StepKind.RETRY)
    purpose = Purpose.AUTHENTICATE if case.rule is Rule.AUTH else Purpose.CARD
    manual = owed.collection == Collection.MANUAL
    return say(
        WhyNotPaid(
            first_name=speaker.first_name,
            plan=owed.plan,
            owed_cents=owed.total_cents,
            script=case.script,
            retry_on=next((local_day(each.due_at, owed.zone) for each in retries), None),
            link=None if manual or not case.script.sends_link else _link(uow, turn, speaker, purpose),
            manual=manual,
            help_phone=turn.house.help_phone,
        )
    )


def card_link(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """A fresh link; who owes because their bank wants to see them gets the one that does that.

    Nobody gets one on a day when it would not open.
    """
    if links.locked_out(uow, turn.house.spa_id, speaker.client_id):
        return say(CardLinkRests(first_name=speaker.first_name, help_phone=turn.house.help_phone))
    purpose = Purpose.AUTHENTICATE if _bank_waits(uow, turn, speaker) else Purpose.CARD
    if (link := _link(uow, turn, speaker, purpose)) is None:
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    good_until = local_day(uow.now + LIFE, turn.house.zone)
    return say(CardLink(first_name=speaker.first_name, link=link, good_until=good_until))


def _bank_waits(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> bool:
    return choices.needs_authentication(uow, turn.house.spa_id, speaker.client_id)


def _link(uow: UnitOfWork, turn: Turn, speaker: Speaker, purpose: Purpose) -> str | None:
    """A fresh one; None where they have no phone whose digits it could ask for."""
    spa_id, client_id = turn.house.spa_id, speaker.client_id
    number = links.number_for(uow, spa_id, client_id, asked_at=turn.event.sender)
    return None if number is None else links.make(uow, spa_id, client_id, purpose, sent_to=number, asked=True)


def _refused(turn: Turn, speaker: Speaker, reason: PayRefusal, cents: int, *, link: str | None) -> Answer:
    return say(
        PayRefused(
            first_name=speaker.first_name,
            reason=reason,
            owed_cents=cents,
            link=link,
            not_before=None,
            help_phone=turn.house.help_phone,
        )
    )


def next_charge(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> date | None:
    enrolled = plans.enrolment(uow, turn.house.spa_id, speaker.client_id, local_day(uow.now, turn.house.zone))
    if enrolled is None or enrolled.standing is Standing.ENDED:
        return None
    leaves = enrolled.leaves_on is not None and enrolled.leaves_on <= enrolled.next_charge_on
    return None if leaves else enrolled.next_charge_on
