"""Which plan is meant: named in the words that came, or asked for; the answer names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.conversation.turn import Turn
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.domain.plans import Cadence
from assistant.domain.words import matchable
from assistant.messages.plans import PlanLine
from assistant.runtime import UnitOfWork
from assistant.services import plans
from assistant.services.plans import OnOffer

KINDS = {"join_plan": "join", "change_which": "change"}
"""What was asked, and the intent that asked it."""
GOOD_FOR = timedelta(hours=24)
"""No money hangs on the answer: it is quoted and asked back first."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who chose, for what."""

    speaker: Speaker
    intent: str


def named(body: str, offered: Sequence[OnOffer]) -> OnOffer | None:
    """The one plan whose whole name is in the words, the longest name first; None for none, or for two."""
    said = f" {matchable(body)} "
    found = [each for each in offered if f" {matchable(each.name)} " in said]
    longest = [each for each in found if not any(_within(each, other) for other in found)]
    return longest[0] if len(longest) == 1 else None


def _within(one: OnOffer, other: OnOffer) -> bool:
    return one is not other and f" {matchable(one.name)} " in f" {matchable(other.name)} "


def ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, kind: str, offered: Sequence[OnOffer]) -> None:
    """Remember that a name is awaited, and what was shown: "the second one", "the cheaper" are answers too."""
    shown = [[each.name, each.terms.dues_cents] for each in offered]
    facts = {"client_id": speaker.client_id, "shown": shown}
    until = uow.now + GOOD_FOR
    questions.ask(uow, turn.house.spa_id, turn.event.sender, kind, facts=facts, now=uow.now, until=until)


def answered(uow: UnitOfWork, turn: Turn) -> Chosen | None:
    """If this text names a plan that was asked for. What it is then is quoted, and done by its token only."""
    for kind, intent in KINDS.items():
        question = next((each for each in turn.questions if each.kind == kind and each.awaits(uow.now)), None)
        if question is None or (plan := meant(turn, plans.on_offer(uow, turn.house.spa_id))) is None:
            continue
        speaker = next((each for each in turn.people if each.client_id == question.facts["client_id"]), None)
        if speaker is not None:
            questions.close(uow, turn.house.spa_id, question.id, {"plan": plan.code}, uow.now)
            return Chosen(speaker, intent)
    return None


def meant(turn: Turn, offered: Sequence[OnOffer]) -> OnOffer | None:
    """Named outright, or pointed at."""
    pointed_at = (each for each in offered if each.name == turn.reading.slots.plan)
    return named(turn.event.body, offered) or next(pointed_at, None)


def lines(offered: Sequence[OnOffer]) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(each.name, each.terms.dues_cents, each.terms.cadence is Cadence.YEARLY, ()) for each in offered
    )
