"""PERKS and PLANS: what a membership includes, or what can be joined and for how much; the price list is public."""

from collections.abc import Mapping, Sequence

from assistant.conversation import plan_choice
from assistant.conversation.turn import Answer, Turn, intent, say
from assistant.db import plans as table
from assistant.db import spas
from assistant.domain.calendar import local_day
from assistant.domain.membership import Standing
from assistant.domain.perks import PerkKind
from assistant.domain.plans import Cadence, Terms
from assistant.domain.words import matchable
from assistant.messages.message import Credits
from assistant.messages.plans import Perks, PlanLine, PlanList
from assistant.runtime import UnitOfWork
from assistant.services import plans
from assistant.services.plans import OnOffer

EVERYTHING = frozenset("plans prices memberships planes precios membresias".split())
"""What asks for all that is on offer, by a member too."""


@intent(
    "perks",
    en=("PERKS", "BENEFITS", "MY PERKS", "MY PLAN", "PLANS", "PRICES", "MEMBERSHIPS"),
    es=("BENEFICIOS", "MIS BENEFICIOS", "MI PLAN", "PLANES", "PRECIOS", "MEMBRESIAS"),
)
def perks(uow: UnitOfWork, turn: Turn) -> Answer:
    """A member hears of their own plan; anyone else hears what is on offer, and nothing of anyone."""
    mine = _mine(uow, turn) if turn.speaker is not None else None
    offered = plans.on_offer(uow, turn.house.spa_id)
    named = plan_choice.named(turn.event.body, offered)
    if named is not None and (mine is None or named.name != mine.plan):
        return plan_list(uow, turn, [named], joins=mine is None)
    if mine is not None and EVERYTHING.isdisjoint(matchable(turn.event.body).split()):
        return say(mine)
    return plan_list(uow, turn, offered, joins=mine is None)


def plan_list(uow: UnitOfWork, turn: Turn, offered: Sequence[OnOffer], *, joins: bool) -> Answer:
    """As many as fit, the cheapest first; with their credits where there is room."""
    words = spas.credit_words(uow, turn.house.spa_id, turn.locale)
    full, short = (tuple(_line(each, words if told else {}) for each in offered) for told in (True, False))
    phone, spa = turn.house.help_phone, turn.house.name
    shorter = (full, *(short[:many] for many in range(len(short), -1, -1)))
    return say(*(PlanList(spa=spa, plans=lines, joins=joins and bool(lines), help_phone=phone) for lines in shorter))


def _line(offered: OnOffer, words: Mapping[str, tuple[str, str]]) -> PlanLine:
    terms = offered.terms
    banks = tuple(Credits.of(words, each.unit, each.amount) for each in terms.grants if each.unit in words)
    return PlanLine(offered.name, terms.dues_cents, terms.cadence is Cadence.YEARLY, banks)


def _mine(uow: UnitOfWork, turn: Turn) -> Perks | None:
    assert turn.speaker is not None  # noqa: S101 - whoever asks has looked
    spa_id, today = turn.house.spa_id, local_day(uow.now, turn.house.zone)
    enrolled = table.enrolment(uow, spa_id, turn.speaker.client_id, today)
    if enrolled is None or enrolled.standing is Standing.ENDED:
        return None
    [[version_id]] = uow.sql(
        "SELECT plan_version_id FROM membership WHERE spa_id = %s AND id = %s", (spa_id, enrolled.membership_id)
    ).fetchall()
    terms = plans.terms_of(uow, spa_id, version_id)
    return _told(turn, enrolled.plan, terms, spas.credit_words(uow, spa_id, turn.locale))


def _told(turn: Turn, plan: str, terms: Terms, words: Mapping[str, tuple[str, str]]) -> Perks:
    kinds = {each.kind: each for each in terms.perks}
    treat = kinds.get(PerkKind.BIRTHDAY)
    return Perks(
        first_name=turn.first_name,
        plan=plan,
        dues_cents=terms.dues_cents,
        yearly=terms.cadence is Cadence.YEARLY,
        banks=tuple(Credits.of(words, each.unit, each.amount) for each in terms.grants),
        birthday=Credits.of(words, treat.unit, treat.amount) if treat and treat.unit else None,
        priority=PerkKind.PRIORITY_BOOKING in kinds,
        member_prices=bool(terms.pricing),
        help_phone=turn.house.help_phone,
    )
