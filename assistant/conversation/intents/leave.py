"""LEAVE: the membership ends. Two texts at most, a number that proves it, and nobody in between (`rules.md` 6.4, 6.5).

Never by a bare CANCEL or END: to the carrier and to the law those are about texts (`rules.md` 1.11).
"""

from assistant.conversation import dialogue, save_offer
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import members
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.leaving import LeaveQuote, LeaveRefusal
from assistant.messages.catalog import AlreadyLeaving, Credits, LeaveDone, LeaveOffered, NothingToLeave
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, leave_notices
from assistant.services.cancellations import Left, Stale


@personal_intent(
    "leave",
    en=(
        *("LEAVE", "LEAVE MEMBERSHIP", "CANCEL MEMBERSHIP", "CANCEL MY MEMBERSHIP", "END MEMBERSHIP"),
        *("END MY MEMBERSHIP", "I WANT TO END MY MEMBERSHIP", "I WANT TO CANCEL MY MEMBERSHIP"),
    ),
    es=(
        "DEJAR",
        "DEJAR PLAN",
        "DEJAR MI PLAN",
        "CANCELAR PLAN",
        "CANCELAR MI PLAN",
        "CANCELAR MI MEMBRESIA",
        "TERMINAR MI PLAN",
    ),
)
def leave(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """What it means and its token; or, where the token is what came, the thing itself."""
    spa_id = turn.house.spa_id
    if "offer" in turn.confirmed and (answer := save_offer.taken(uow, turn, speaker)) is not None:
        return answer
    if not turn.confirmed or "offer" in turn.confirmed:
        membership_id = members.live(uow, spa_id, speaker.client_id, "leave") or 0
        return _ask(uow, turn, speaker, membership_id, cancellations.quote_cancel(uow, spa_id, membership_id))
    membership_id, quote = turn.confirmed["membership"], stored.read(LeaveQuote, turn.confirmed["quote"], "quote")
    match cancellations.cancel(uow, spa_id, membership_id, quote, channel=turn.channel, actor="member"):
        case Left(code):
            dialogue.close(uow, turn, "save_offer")
            return _done(uow, turn, speaker, members.plan(uow, spa_id, membership_id), quote, code)
        case Stale(fresh):
            return _ask(uow, turn, speaker, membership_id, fresh)
        case refusal:
            return _ask(uow, turn, speaker, membership_id, refusal)


def _ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, membership_id: int, quote: LeaveQuote | LeaveRefusal) -> Answer:
    if quote is LeaveRefusal.LEAVING:
        code, effective_on = cancellations.standing_request(uow, turn.house.spa_id, membership_id)
        return say(AlreadyLeaving(first_name=speaker.first_name, code=code, effective_on=effective_on))
    if isinstance(quote, LeaveRefusal):
        return say(NothingToLeave(first_name=speaker.first_name, help_phone=turn.house.help_phone))
    facts = {"membership": membership_id, "quote": stored.written(quote)}
    saving = save_offer.beside(uow, turn, speaker, membership_id, quote.offer)
    token = dialogue.ask(uow, turn, speaker, "leave", facts)
    plan = members.plan(uow, turn.house.spa_id, membership_id)
    today = local_day(uow.now, turn.house.zone)

    def offered(kept: tuple[Credits, ...]) -> LeaveOffered:
        return LeaveOffered(
            first_name=speaker.first_name,
            token=token,
            plan=plan,
            effective_on=quote.effective_on if quote.effective_on > today else None,
            charges_left=quote.charges_left,
            let_go_cents=quote.owed_cents if quote.waived else 0,
            kept=kept,
            saving=saving,
        )

    return say(offered(_kept(uow, turn, speaker)), offered(()))


def _done(uow: UnitOfWork, turn: Turn, speaker: Speaker, plan: str, quote: LeaveQuote, code: str) -> Answer:
    today = local_day(uow.now, turn.house.zone)

    def done(kept: tuple[Credits, ...]) -> LeaveDone:
        return LeaveDone(
            first_name=speaker.first_name,
            plan=plan,
            code=code,
            effective_on=quote.effective_on,
            ended=quote.effective_on <= today,
            charges_left=quote.charges_left,
            kept=kept,
            credits_until=quote.credits_until,
            cash_out_cents=quote.cash_out_cents,
            help_phone=turn.house.help_phone,
        )

    return say(done(_kept(uow, turn, speaker)), done(()))


def _kept(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> tuple[Credits, ...]:
    return leave_notices.kept(uow, turn.house.spa_id, speaker.client_id, turn.locale, turn.house.zone)
