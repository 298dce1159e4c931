"""JOIN: a plan, its price and its terms in one text; the token brings the link, where it is agreed (`rules.md` 6.1)."""

from assistant.conversation import dialogue, plan_choice, to_person
from assistant.conversation.turn import Answer, Silence, Turn, personal_intent, say
from assistant.db import plans as table
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.joining import JoinQuote, JoinRefusal, Refusal
from assistant.domain.membership import Standing
from assistant.messages.joining import JoinLinkTexted
from assistant.messages.plans import JoinAlready, JoinOffered, JoinWhich
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import campaigns, joins, plans, savings
from assistant.services.joins import Begun, Stale
from assistant.services.plans import OnOffer


@personal_intent(
    "join",
    en=("JOIN", "JOIN US", "SIGN UP", "SIGN ME UP", "BECOME A MEMBER", "REJOIN", "COME BACK"),
    es=("UNIRME", "INSCRIBIRME", "QUIERO UNIRME", "SER MIEMBRO", "QUIERO VOLVER"),
)
def join(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Which plan, what it costs and its token; or, where the token is what came, the link."""
    spa_id = turn.house.spa_id
    if turn.confirmed:
        quote = stored.read(JoinQuote, turn.confirmed["quote"], "quote")
        match joins.begin(uow, spa_id, speaker.client_id, quote, actor="member"):
            case Begun() if turn.channel == "email":
                return say(JoinLinkTexted(first_name=speaker.first_name, plan=quote.plan))
            case Begun():
                return Silence("join_link_sent")
            case Stale(fresh):
                return _offer(uow, turn, speaker, fresh)
            case refusal:
                return _refused(uow, turn, speaker, refusal)
    if (plan := _held(uow, turn, speaker)) is not None:
        return say(JoinAlready(first_name=speaker.first_name, plan=plan))
    offered = plans.on_offer(uow, spa_id)
    chosen = plan_choice.meant(turn, offered) or _offered(uow, turn, speaker, offered)
    return _which(uow, turn, speaker, offered) if chosen is None else _quote(uow, turn, speaker, chosen)


def _held(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> str | None:
    """The plan of one who is a member; who has left may come back."""
    today = local_day(uow.now, turn.house.zone)
    enrolled = table.enrolment(uow, turn.house.spa_id, speaker.client_id, today)
    return None if enrolled is None or enrolled.standing is Standing.ENDED else enrolled.plan


def _offered(uow: UnitOfWork, turn: Turn, speaker: Speaker, offered: list[OnOffer]) -> OnOffer | None:
    """The only plan there is, or the one that a campaign spoke of lately."""
    if len(offered) == 1:
        return offered[0]
    code = campaigns.offered_plan(uow, turn.house.spa_id, speaker.client_id)
    return next((each for each in offered if each.code == code), None)


def _which(uow: UnitOfWork, turn: Turn, speaker: Speaker, offered: list[OnOffer]) -> Answer:
    if not offered:
        return to_person.person_soon(uow, turn, PersonTopic.JOIN)
    plan_choice.ask(uow, turn, speaker, "join_plan", offered)
    lines = plan_choice.lines(offered)
    return say(*(JoinWhich(first_name=speaker.first_name, plans=lines[:many]) for many in range(len(lines), 0, -1)))


def _quote(uow: UnitOfWork, turn: Turn, speaker: Speaker, plan: OnOffer) -> Answer:
    quote = joins.quote_join(uow, turn.house.spa_id, speaker.client_id, plan.code)
    if isinstance(quote, Refusal):
        return _refused(uow, turn, speaker, quote)
    return _offer(uow, turn, speaker, quote)


def _offer(uow: UnitOfWork, turn: Turn, speaker: Speaker, quote: JoinQuote) -> Answer:
    token = dialogue.ask(uow, turn, speaker, "join", {"quote": stored.written(quote)})
    saving_cents = savings.would_have_saved(uow, turn.house.spa_id, speaker.client_id, quote)
    return say(
        *(
            JoinOffered(
                first_name=speaker.first_name,
                plan=quote.plan,
                token=token,
                today_cents=quote.today_cents,
                next_charge_on=quote.next_charge_on,
                next_charge_cents=quote.next_charge_cents,
                minimum_until=quote.minimum_until,
                saving_cents=cents,
            )
            for cents in (saving_cents, 0)
        )
    )


def _refused(uow: UnitOfWork, turn: Turn, speaker: Speaker, refusal: Refusal) -> Answer:
    """What is owed, or has no number to send a link to, is a person's."""
    if refusal.reason is JoinRefusal.HAS_IT and (plan := _held(uow, turn, speaker)) is not None:
        return say(JoinAlready(first_name=speaker.first_name, plan=plan))
    return to_person.person_soon(uow, turn, PersonTopic.JOIN)
