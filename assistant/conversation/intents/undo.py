"""UNDO: a cancellation, until its day. NO, after a day was named: the card is asked on the ladder's own days again."""

from assistant.conversation import dues
from assistant.conversation.normalise import plain
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import members, plans
from assistant.db.clients import Speaker
from assistant.domain.calendar import local_day
from assistant.domain.membership import Standing
from assistant.messages.catalog import LeaveUndone, RetryPlanned
from assistant.messages.changes import NothingToUndo
from assistant.messages.handover import NothingAsked
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, promises
from assistant.services.cancellations import Stays
from assistant.services.choices import Nothing

UNDOES = frozenset({"undo", "deshacer"})
"""What takes back a cancellation; a bare NO is no answer where money moves (`rules.md` 1.12)."""


@personal_intent("undo", en=("NO", "UNDO", "NOPE"), es=("DESHACER", "NO GRACIAS"))
def undo(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """A cancellation that stands, or else a promise; that one was the one of its month all the same."""
    if (stays := _stay(uow, turn, speaker)) is not None:
        return say(LeaveUndone(first_name=speaker.first_name, next_charge_on=stays.next_charge_on))
    match promises.unpromise(uow, turn.house.spa_id, speaker.client_id, actor="member"):
        case promises.Retries(cents, on):
            return say(RetryPlanned(first_name=speaker.first_name, owed_cents=cents, retry_on=on))
        case Nothing():
            return say(_nothing(uow, turn, speaker))
        case other:
            return dues.not_now(uow, turn, speaker, other)


def _undoes(turn: Turn) -> bool:
    return not UNDOES.isdisjoint(plain(turn.event.body).split())


def _nothing(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> NothingToUndo | NothingAsked:
    phone = turn.house.help_phone
    if not _undoes(turn):
        return NothingAsked(first_name=speaker.first_name, help_phone=phone)
    today = local_day(uow.now, turn.house.zone)
    enrolled = plans.enrolment(uow, turn.house.spa_id, speaker.client_id, today)
    over = enrolled is not None and enrolled.standing is Standing.ENDED
    return NothingToUndo(first_name=speaker.first_name, ended=over, help_phone=phone)


def _stay(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Stays | None:
    if not _undoes(turn):
        return None
    for membership_id in members.leaving(uow, turn.house.spa_id, speaker.client_id):
        answer = cancellations.undo_cancel(uow, turn.house.spa_id, membership_id, actor="member")
        if isinstance(answer, Stays):
            return answer
    return None
