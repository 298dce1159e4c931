"""From a kept text or mail to its answer: what it means, the open question that it answers, the handlers' words."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.conversation import (
    beside_stop,
    dialogue,
    hearing,
    misunderstood,
    plan_choice,
    silence,
    to_person,
    who,
    whose,
)
from assistant.conversation.dialogue import Again, Answered, Left, Locked, Which, Wrong
from assistant.conversation.intents import INTENTS
from assistant.conversation.saying import back_to, fitting, hold, tell
from assistant.conversation.turn import Answer, AnyIntent, PersonalIntent, Say, Silence, Turn, say
from assistant.db import clients, inbox, spas, turns
from assistant.db.inbox import Inbound, Kept
from assistant.db.turns import Beginning
from assistant.domain.calendar import local_day
from assistant.domain.evidence import Act, Allowed, Freshness, Instead, Level, NextStep, judge
from assistant.domain.leaving import SaveOffer
from assistant.domain.pay_dates import read_pay_day
from assistant.domain.reviewing import REVIEWABLE
from assistant.domain.words import matchable
from assistant.messages.catalog import Trouble
from assistant.messages.handover import LeftAsItIs, ReplyHere, TokensRest, WhichOne, WrongToken
from assistant.messages.talk import PersonTopic
from assistant.runtime import Runtime, UnitOfWork, is_transient
from assistant.services import choices, consent, messaging

log = logging.getLogger(__name__)

BY_NAME: dict[str, AnyIntent] = {each.name: each for each in INTENTS}
BY_KEYWORD: dict[str, tuple[AnyIntent, str]] = {
    matchable(word): (each, locale)
    for each in reversed(INTENTS)
    for locale, words in each.words.items()
    for word in words
}
MOST_FAILURES = 5
"""After this a text is left for a person, and the next ones go on (`reliability.md` F34)."""


def answer_next(rt: Runtime) -> bool:
    """Answer the oldest text that waits; False when none does.

    The answer and the text's being settled are one transaction: a worker that dies leaves the text as it was.
    """
    kept = None
    try:
        with rt.unit_of_work() as uow:
            beginning = turns.take_next(uow)
            if beginning is not None:
                kept = beginning.kept
                _answer(uow, beginning)
    except Exception as error:
        if kept is None or is_transient(error):
            raise
        log.exception("text %s could not be answered", kept.id)
        _failed(rt, kept)
    return kept is not None


@dataclass(frozen=True, slots=True)
class _Answered:
    """One thing that was asked for, and the answer to it."""

    name: str
    turn: Turn
    answer: Answer


CARRIES_OUT = {
    "skip": Act.PAUSE,
    "pause": Act.PAUSE,
    "resume": Act.RESUME,
    "leave": Act.CANCEL,
    "join": Act.JOIN,
    "change": Act.CHARGE_CARD,
    "book": Act.ASK_VISIT,
}
"""What an intent does once its token has come; before that it only tells what would be."""
OFFERED = {SaveOffer.REST: Act.PAUSE, SaveOffer.SMALLER_PLAN: Act.CHARGE_CARD, SaveOffer.GIFT: Act.TALK_TO_PERSON}
SURE_ENOUGH = 0.85
"""To go before the answer to what we asked, and to be plain beside a picture."""


def _answer(uow: UnitOfWork, beginning: Beginning) -> None:
    kept = beginning.kept
    if beginning.unreachable:
        consent.reachable(uow, kept.spa_id, kept.sender)
    turn = hearing.turn_of(beginning, who.texting(uow, kept.spa_id, kept.sender, beginning.people, kept.body), uow.now)
    if turn.unsure_since_now:
        whose.doubt(uow, turn)
    given = _think(uow, turn, owned=beginning.owned)
    said = [(each, each.answer.candidates) for each in given if isinstance(each.answer, Say)]
    for place, (each, candidates) in enumerate(said):
        message = fitting(candidates, each.turn.locale)
        if each.name in REVIEWABLE and each.name in beginning.reviewed:
            hold(uow, each.turn, message, place, intent=each.name)
        else:
            tell(uow, each.turn, message, place)
    status = Inbound.ANSWERED if said else Inbound.SILENT
    silent = [each.answer.reason for each in given if isinstance(each.answer, Silence)]
    sure = round(turn.reading.confidence * 100) if turn.reading.wanted else None
    inbox.settle(uow, kept, status, said[0][0].name if said else silent[0], uow.now, sure)


def _think(uow: UnitOfWork, turn: Turn, *, owned: bool) -> list[_Answered]:
    """What was meant, and the answer to each thing of it. Compliance words and medical ones outrank everything."""
    reading = turn.reading
    if reason := silence.reason(turn, owned=owned):
        return [_Answered("", turn, Silence(reason))]
    names = silence.outranking(turn) - ({"medical"} if reading.confidence < SURE_ENOUGH else set[str]())
    if first := [name for name in ("medical", "stop", "start", "help") if name in names]:
        return _first_of_all(uow, turn, first)
    if turn.opted_out:  # nothing else that an opted-out phone says comes so far
        return [_handle(uow, turn, BY_NAME["billing_texts"])]
    if (set_aside := _set_aside(uow, turn)) is not None:
        return [set_aside]
    if (answered := _answered(uow, turn)) is not None:
        return [answered]
    if turn.speaker is not None and who.introduced(turn.event.body, turn.people):
        who.remember(uow, turn, turn.speaker)
    return _wanted(uow, turn)


def _set_aside(uow: UnitOfWork, turn: Turn) -> _Answered | None:
    """What is not read for its words: a card number, a picture; and mail that is no answer to ours."""
    if turn.event.card_removed:
        return _handle(uow, turn, BY_NAME["unknown"])
    if turn.has_media and turn.reading.confidence < SURE_ENOUGH:
        return _not_understood(uow, turn)
    return _unasked_mail(uow, turn) if turn.channel == "email" and turn.level < Level.E1 else None


def _unasked_mail(uow: UnitOfWork, turn: Turn) -> _Answered:
    """From a known address, but no answer to a mail of ours: nothing of anyone is told or done (`rules.md` 4.12).

    What would be is asked for once more in answer to this answer, which goes to the address on file alone.
    """
    stranger = replace(turn, speaker=None)
    intents = [BY_NAME[name] for name in _named(turn)]
    own = next((each for each in intents if isinstance(each, PersonalIntent)), None)
    if own and turn.speaker:  # whose thread it is, so that an answer to it proves who they are
        word = next(iter(own.words.get(turn.locale, ())), "")
        return _Answered("reply_here", turn, say(ReplyHere(word=word, help_phone=turn.house.help_phone)))
    if intents and not own:
        return _handle(uow, stranger, intents[0])
    return _Answered("unproven_mail", turn, to_person.person_soon(uow, stranger, PersonTopic.QUESTION))


def _first_of_all(uow: UnitOfWork, turn: Turn, first: Sequence[str]) -> list[_Answered]:
    """What outranks the rest; then the rest in turn, where it may be answered at all: no text goes after a STOP."""
    given = [_handle(uow, turn, BY_NAME[name]) for name in first]
    if "stop" in first and turn.channel == "sms":
        beside_stop.follow(uow, turn)
        return given[first.index("stop") :]  # what medical words are told is in the one confirmation
    refused = any(isinstance(each.answer, Silence) and each.answer.reason == "stopped_since" for each in given)
    rest = [name for name in _named(turn) if name not in first]
    after = replace(turn, stopped_at=None if "start" in first else turn.stopped_at)
    return given if refused or after.opted_out else given + [_handle(uow, after, BY_NAME[name]) for name in rest]


def _named(turn: Turn) -> list[str]:
    """The intents that were understood, each once, in the order in which they were asked for."""
    names = dict.fromkeys(silence.SAME.get(name, name) for name in turn.reading.wanted)
    return [name for name in names if name in BY_NAME and name != "unknown"]


def _answered(uow: UnitOfWork, turn: Turn) -> _Answered | None:
    """If this answers what we asked: who it is, a token, a yes or no, a plan's name."""
    match whose.answered(uow, turn):
        case (speaker, str(wanted)):
            sure = replace(turn, speaker=speaker, locale=speaker.locale, fresh=Freshness.FRESH)
            return _handle(uow, sure, BY_NAME[wanted])
        case Say() | Silence() as told:
            return _Answered("your_name", turn, told)
    if found := who.answered(uow, turn):
        speaker, wanted, slots = found
        return _handle(uow, replace(turn, speaker=speaker, locale=speaker.locale, slots=slots), BY_NAME[wanted])
    if (outcome := dialogue.answer(uow, turn)) is not None:
        return _follow(uow, turn, outcome)
    if chosen := plan_choice.answered(uow, turn):
        return _handle(uow, replace(turn, speaker=chosen.speaker), BY_NAME[chosen.intent])
    return None


def _follow(uow: UnitOfWork, turn: Turn, outcome: dialogue.Outcome) -> _Answered:
    match outcome:
        case Answered(speaker, intent, confirmed, slots):
            proven = max(turn.level, Level.E1) if confirmed else turn.level
            wish = replace(turn, confirmed=confirmed, level=proven, slots=slots or turn.slots)
            return _handle(uow, replace(wish, speaker=speaker or turn.speaker), BY_NAME[intent])
        case Again(question):
            return _handle(uow, dialogue.wish(turn, question), BY_NAME[dialogue.asks_again(question)])
        case Which(options):
            return _Answered("which", turn, say(WhichOne(first_name=turn.first_name, options=options)))
        case Left():
            return _Answered("no", turn, say(LeftAsItIs(first_name=turn.first_name)))
        case Wrong():
            told = WrongToken(first_name=turn.first_name, help_phone=turn.house.help_phone)
            return _Answered("wrong_token", turn, say(told))
        case Locked(now):
            if now:
                to_person.hand_over(uow, turn, "wrong_tokens")
            return _Answered("locked", turn, say(TokensRest(help_phone=turn.house.help_phone)))


def _wanted(uow: UnitOfWork, turn: Turn) -> list[_Answered]:
    """Each thing that was asked for, in turn; a keyword decides the language too."""
    if keyword := BY_KEYWORD.get(matchable(turn.event.body)):
        intent, locale = keyword
        return [_handle(uow, replace(turn, locale=_spoken(turn, locale)), intent)]
    if known := _named(turn):
        return [_handle(uow, turn, BY_NAME[name]) for name in known]
    if (named := who.introduced(turn.event.body, turn.people)) is not None:
        return [_handle(uow, replace(turn, speaker=named), BY_NAME["thanks"])]
    intent = _by_what_is_owed(uow, turn)
    return [_handle(uow, turn, intent) if intent.name != "unknown" else _not_understood(uow, turn)]


def _not_understood(uow: UnitOfWork, turn: Turn) -> _Answered:
    found = misunderstood.answer(uow, turn)
    return _handle(uow, turn, BY_NAME["unknown"]) if found is None else _Answered(found[0], turn, found[1])


def _by_what_is_owed(uow: UnitOfWork, turn: Turn) -> AnyIntent:
    """Who owes and names a day says when there will be money; of anyone else a day says nothing we know."""
    said = turn.event.body
    today = local_day(uow.now, turn.house.zone)
    named = read_pay_day(said, today, locale=turn.locale) if turn.speaker and said else None
    owes = (
        named is not None and turn.speaker is not None and choices.owes(uow, turn.house.spa_id, turn.speaker.client_id)
    )
    return BY_NAME["promise" if owes else "unknown"]


def _spoken(turn: Turn, locale: str) -> str:
    """The language to answer in: the spa's own words are everyone's, a word of another language is answered in it."""
    return turn.locale if locale == turn.house.locale else locale


def _handle(uow: UnitOfWork, turn: Turn, intent: AnyIntent) -> _Answered:
    """By its handler, where the proof is enough for what it does; otherwise what leads there."""
    if not isinstance(intent, PersonalIntent):
        told = turn if turn.fresh is Freshness.FRESH else replace(turn, speaker=None)
        return _Answered(intent.name, turn, intent.handle(uow, told))
    if not turn.people:
        return _handle(uow, turn, BY_NAME["unknown"])
    act = _act(intent.name, turn) if turn.confirmed else Act.READ_OWN
    match judge(act, turn.level, turn.fresh):
        case Instead(NextStep.SAY_WHO):
            return _Answered("your_name", replace(turn, speaker=None), whose.ask(uow, turn, intent.name))
        case Instead():
            return _Answered("person", turn, to_person.person_soon(uow, turn, PersonTopic.QUESTION))
        case Allowed():
            pass
    if turn.speaker is None:
        return _Answered("who", turn, who.ask(uow, turn, intent.name))
    return _Answered(intent.name, turn, intent.handle(uow, turn, turn.speaker))


def _act(name: str, turn: Turn) -> Act:
    """What is done under this token: what was offered beside leaving is no leaving."""
    return OFFERED[turn.confirmed["offer"]] if "offer" in turn.confirmed else CARRIES_OUT[name]


def _failed(rt: Runtime, kept: Kept) -> None:
    """Count a failure in its own transaction; the last one tells the member that a person will read it."""
    with rt.unit_of_work() as uow:
        row = uow.sql(
            "UPDATE inbound_event SET failures = failures + 1 WHERE spa_id = %s AND id = %s AND status = 'kept'"
            " RETURNING failures",
            (kept.spa_id, kept.id),
        ).fetchone()
        if row is None or row[0] < MOST_FAILURES:
            return
        house = spas.house(uow, kept.spa_id)
        inbox.settle(uow, kept, Inbound.DEAD, "trouble", uow.now)
        people = clients.speakers(uow, kept.spa_id, kept.sender)
        to = back_to(kept, people[0].locale if people else house.locale, None)
        messaging.tell(uow, to, Trouble(help_phone=house.help_phone), key=f"answer:{kept.id}", answers=kept.id)
