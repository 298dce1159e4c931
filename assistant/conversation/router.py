"""From a kept text to its one answer: compliance words, an open question or its token, a keyword, what we can do."""

import logging
from dataclasses import replace

from assistant.conversation import confirm, counted, who
from assistant.conversation.intents import INTENTS
from assistant.conversation.turn import Answer, AnyIntent, PersonalIntent, Say, Silence, Turn
from assistant.db import clients, inbox, spas, turns
from assistant.db.inbox import Inbound, Kept
from assistant.db.turns import Beginning
from assistant.domain import compliance, phones
from assistant.domain.calendar import local_day
from assistant.domain.compliance import Compliance
from assistant.domain.pay_dates import read_pay_day
from assistant.domain.words import matchable
from assistant.messages import render
from assistant.messages.catalog import Message, Trouble
from assistant.runtime import Runtime, UnitOfWork, is_transient
from assistant.services import choices, consent, messaging
from assistant.services.messaging import Addressee

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


def _answer(uow: UnitOfWork, beginning: Beginning) -> None:
    kept = beginning.kept
    if beginning.unreachable:
        consent.reachable(uow, kept.spa_id, kept.sender)
    name, turn, answer = _think(uow, _turn(uow, beginning))
    match answer:
        case Say(candidates):
            _say(uow, turn, _fitting(candidates, turn.locale))
            inbox.settle(uow, kept, Inbound.ANSWERED, name, uow.now)
        case Silence(reason):
            inbox.settle(uow, kept, Inbound.SILENT, reason, uow.now)


def _turn(uow: UnitOfWork, beginning: Beginning) -> Turn:
    kept, house, people = beginning.kept, beginning.house, beginning.people
    speaker = who.texting(uow, kept.spa_id, kept.sender, people)
    locale = speaker.locale if speaker else people[0].locale if people else house.locale
    return Turn(kept, house, people, beginning.stopped_at, speaker, locale)


def _think(uow: UnitOfWork, turn: Turn) -> tuple[str, Turn, Answer]:
    """What was meant, and the answer to it: compliance words outrank everything."""
    match compliance.read(turn.event.body, turn.event.facts.get("OptOutType")):
        case word if reason := _silent(turn, word):
            return "", turn, Silence(reason)
        case Compliance.STOP | Compliance.START | Compliance.HELP as word:
            return _handle(uow, turn, BY_NAME[word.value.lower()])
        case _:
            return _converse(uow, turn)


def _silent(turn: Turn, word: Compliance | None) -> str | None:
    """Why this text is not to be answered, if it is not. Who has opted out is heard on nothing but STOP and START."""
    if not _is_phone(turn):
        return "not_a_phone"
    if word is Compliance.TAPBACK:
        return "tapback"
    return "opted_out" if turn.stopped_at and word not in {Compliance.STOP, Compliance.START} else None


def _is_phone(turn: Turn) -> bool:
    """Something that can be texted back: not a short code, and not a name."""
    return phones.parse(turn.event.sender) == turn.event.sender


def _converse(uow: UnitOfWork, turn: Turn) -> tuple[str, Turn, Answer]:
    """An open question's answer, then a keyword, then what we can do."""
    event = turn.event
    if event.card_removed:
        return _handle(uow, turn, BY_NAME["unknown"])
    if found := who.answered(uow, turn):
        speaker, wanted = found
        return _handle(uow, replace(turn, speaker=speaker, locale=speaker.locale), BY_NAME[wanted])
    if confirmed := confirm.answered(uow, turn):
        speaker, wanted, offered = confirmed
        return _handle(uow, replace(turn, speaker=speaker, confirmed=offered), BY_NAME[wanted])
    intent, locale = _keyword(event.body) or (_by_what_is_owed(uow, turn), turn.house.locale)
    return _handle(uow, replace(turn, locale=_spoken(turn, locale)), intent)


def _keyword(body: str) -> tuple[AnyIntent, str] | None:
    """Exactly; or a pause with its number of months behind it."""
    if found := BY_KEYWORD.get(matchable(body)):
        return found
    word, _ = counted.read(body) or ("", 0)
    found = BY_KEYWORD.get(word)
    return found if found and found[0].name == "pause" else None


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


def _handle(uow: UnitOfWork, turn: Turn, intent: AnyIntent) -> tuple[str, Turn, Answer]:
    if not isinstance(intent, PersonalIntent):
        return intent.name, turn, intent.handle(uow, turn)
    if turn.speaker is not None:
        return intent.name, turn, intent.handle(uow, turn, turn.speaker)
    if turn.people:
        return "who", turn, who.ask(uow, turn, intent.name)
    return _handle(uow, turn, BY_NAME["unknown"])


def _fitting(candidates: tuple[Message, ...], locale: str) -> Message:
    """The fullest of them that fits; the shortest where none does."""
    fits = (each for each in candidates if render.sms(each, locale).size.segments <= render.MOST_SEGMENTS)
    return next(fits, candidates[-1])


def _say(uow: UnitOfWork, turn: Turn, message: Message) -> None:
    event = turn.event
    to = Addressee(event.spa_id, event.sender, turn.locale, turn.speaker.client_id if turn.speaker else None)
    messaging.tell(uow, to, message, key=f"answer:{event.id}", answers=event.id)


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
        to = Addressee(kept.spa_id, kept.sender, people[0].locale if people else house.locale)
        messaging.tell(uow, to, Trouble(help_phone=house.help_phone), key=f"answer:{kept.id}", answers=kept.id)
