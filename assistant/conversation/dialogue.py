"""The questions that are open: each with its token, what it will do, its quote and its expiry (`features.md` N18).

A token is a letter and two digits of our own, sent to that phone: who echoes it has read our words (evidence E1). It is
good for 15 minutes. A bare YES carries out nothing where money or a membership changes: it is asked again, by its token
(`rules.md` 1.12). A late or stale answer is quoted again, never executed.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from assistant.conversation.acting import looks_like_token
from assistant.conversation.reading import Pending, Slots
from assistant.conversation.turn import Turn
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.db.questions import Open
from assistant.domain.words import matchable
from assistant.runtime import UnitOfWork
from assistant.services import handovers

QUARTER = timedelta(minutes=15)
DAY = timedelta(hours=24)
BY_MAIL = frozenset({"leave"})
"""What moves no money may be answered by mail for a day: nobody reads it within a quarter of an hour."""
MOST_WRONG = 5
"""Wrong tokens in a quarter of an hour; then that contact's questions rest for a day (`reliability.md` §3)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question: the intent that asks it and carries it out, and what may answer it."""

    name: str
    intent: str
    letter: str = ""
    """Of its token; none where no token answers it."""
    good_for: timedelta = QUARTER
    yes: bool = False
    """Whether a bare yes may answer it: never where money or a membership changes."""
    pending: Pending | None = None
    asked_by: str = ""
    """The intent that puts it again, where that is another than carries it out."""
    beside: str = ""
    """What it is only offered beside: a bare yes is to that one, where both are open."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("skip", "skip", "S", pending=Pending.PAUSE_CONFIRM),
        Kind("pause", "pause", "P", pending=Pending.PAUSE_CONFIRM),
        Kind("resume", "resume", "R", pending=Pending.RESUME_CONFIRM),
        Kind("leave", "leave", "L", pending=Pending.CANCEL_CONFIRM),
        Kind("join", "join", "J", pending=Pending.JOIN_CONFIRM),
        Kind("change", "change", "C", pending=Pending.CHANGE_CONFIRM),
        Kind("save_offer", "leave", "K", pending=Pending.SAVE_OFFER, beside="leave"),
        Kind("book_offer", "book", "B", good_for=DAY, yes=True, pending=Pending.BOOK_OFFER, asked_by="balance"),
        Kind("pause_duration", "pause", good_for=DAY, pending=Pending.PAUSE_DURATION),
        Kind("join_plan", "join", good_for=DAY, pending=Pending.JOIN_PLAN),
        Kind("change_which", "change", good_for=DAY, pending=Pending.CHANGE_WHICH),
        Kind("guess", "", good_for=QUARTER, yes=True),
    )
}
"""`who` and `your_name` are not here: their answers are names, and change nothing but whom we believe to hear."""


@dataclass(frozen=True, slots=True)
class Answered:
    """It may be carried out: whose it is, by which intent, and what was offered."""

    speaker: Speaker | None
    intent: str
    confirmed: dict[str, Any]
    slots: Slots | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """It is quoted anew, with a new token; nothing is carried out."""

    question: Open


@dataclass(frozen=True, slots=True)
class Which:
    """More than one is open: a bare yes says nothing."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A no: what was open is not, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong tokens. `now`: this was the one too many."""

    now: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A token that is none of ours."""


Outcome = Answered | Again | Which | Left | Locked | Wrong


def ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, kind: str, facts: dict[str, Any]) -> str:
    """Open the question, or ask it anew, and give its token. `facts` is what will be done, exactly."""
    known = KINDS[kind]
    token = f"{known.letter}{10 + int.from_bytes(uow.links.random_bytes(4)) % 90}" if known.letter else ""
    before = [old for each in turn.questions if each.kind == kind for old in _tokens(each)][:4]
    if token in before:
        return ask(uow, turn, speaker, kind, facts)
    whole = {"client_id": speaker.client_id, "token": token, "before": before, **wished(turn), **facts}
    event = turn.event
    questions.ask(
        uow,
        event.spa_id,
        event.sender,
        kind,
        facts=whole,
        now=uow.now,
        until=uow.now + (DAY if event.channel == "email" and kind in BY_MAIL else known.good_for),
        channel=event.channel,
    )
    return token


def guess(uow: UnitOfWork, turn: Turn, names: tuple[str, ...]) -> None:
    """Ask which of one or two things was meant: the answer only starts the talk, so a yes may answer."""
    event = turn.event
    questions.ask(
        uow,
        event.spa_id,
        event.sender,
        "guess",
        facts={"intents": list(names), **wished(turn)},
        now=uow.now,
        until=uow.now + KINDS["guess"].good_for,
        channel=event.channel,
    )


def pending(turn_questions: tuple[Open, ...], now: datetime) -> Open | None:
    """The question that a short answer is read against: the newest that is open."""
    found = [each for each in turn_questions if each.kind in KINDS and each.awaits(now)]
    return max(found, key=lambda each: (each.opened_at, each.id), default=None)


def answer(uow: UnitOfWork, turn: Turn) -> Outcome | None:
    """What this message is to the questions that are open; None where it is no answer to any."""
    said, wanted = matchable(turn.event.body), turn.reading.wanted
    awaiting = [each for each in turn.questions if each.kind in KINDS and each.awaits(uow.now)]
    if looks_like_token(turn.event.body):
        return _token(uow, turn, said)
    if (guessed := next((each for each in awaiting if each.kind == "guess"), None)) is not None:
        named = _guessed(guessed, said, wanted)
        if named and questions.close(uow, turn.event.spa_id, guessed.id, {"intent": named}, uow.now):
            return Answered(turn.speaker, named, {}, _read(guessed.facts.get("slots")))
    asked = [each for each in awaiting if KINDS[each.kind].letter]
    if wanted == ("yes",):
        return _yes(uow, turn, asked)
    if wanted == ("no",) and (open_now := [each for each in awaiting if each.kind != "guess"]):
        for each in open_now:
            questions.close(uow, turn.event.spa_id, each.id, {"no": said}, uow.now)
        return Left()
    return None


def _yes(uow: UnitOfWork, turn: Turn, asked: list[Open]) -> Outcome | None:
    """Carried out where nothing is moved by it; else the question is put again, and of several each is named."""
    kinds = {each.kind for each in asked}
    asked = [each for each in asked if KINDS[each.kind].beside not in kinds]
    if len(asked) > 1:
        return Which(tuple((str(each.facts["token"]), each.kind) for each in asked))
    if asked and KINDS[asked[0].kind].yes:
        return _echoed(uow, turn, asked[0])
    late = [each for each in turn.questions if each.kind in KINDS and KINDS[each.kind].letter and not each.closed_at]
    late = asked or [each for each in late if uow.now - each.opened_at < DAY]
    return Again(late[-1]) if late else None


def _guessed(guessed: Open, said: str, wanted: tuple[str, ...]) -> str | None:
    names = [str(each) for each in guessed.facts["intents"]]
    if said in {"1", "2"} and int(said) <= len(names):
        return names[int(said) - 1]
    return names[0] if wanted == ("yes",) and len(names) == 1 else None


def _token(uow: UnitOfWork, turn: Turn, said: str) -> Outcome | None:
    """A token: of an open question it is the answer, of an old one the question again, of none a wrong guess."""
    asked = [each for each in turn.questions if each.kind in KINDS and KINDS[each.kind].letter]
    if not asked:
        return None
    if (wrong := _wrong(turn, uow.now)) is not None and wrong.facts["wrong"] >= MOST_WRONG:
        return Locked(now=False)
    words = set(said.split()) | {said.replace(" ", "")}
    for each in sorted(asked, key=lambda each: (each.closed_at is not None, -each.id)):
        tokens = [token.lower() for token in _tokens(each)]
        if not words.isdisjoint(tokens):
            return _echoed(uow, turn, each) if tokens[0] in words else Again(each)
    return _one_more_wrong(uow, turn, wrong)


def _echoed(uow: UnitOfWork, turn: Turn, question: Open) -> Outcome | None:
    client_id = int(question.facts["client_id"])
    speaker = next((each for each in turn.people if each.client_id == client_id), None)
    if speaker is None:
        return None
    if turn.opted_out or not question.awaits(uow.now):
        return Again(question)
    answered = {"token": question.facts["token"], "event": turn.event.id}
    spa_id, kind = turn.event.spa_id, question.kind
    if not questions.close_everywhere(uow, spa_id, question.id, client_id, kind, answered, uow.now):
        return Again(question)
    return Answered(speaker, KINDS[kind].intent, question.facts, _read(question.facts.get("slots")))


def close(uow: UnitOfWork, turn: Turn, kind: str) -> None:
    """What was asked beside it, or instead of it, is settled with it."""
    for each in turn.questions:
        if each.kind == kind and each.closed_at is None:
            questions.close(uow, turn.event.spa_id, each.id, {"settled": turn.event.id}, uow.now)


def _wrong(turn: Turn, now: datetime) -> Open | None:
    return next((each for each in turn.questions if each.kind == "wrong_tokens" and each.awaits(now)), None)


def _one_more_wrong(uow: UnitOfWork, turn: Turn, wrong: Open | None) -> Outcome:
    """Counted; at the fifth all that is open is closed."""
    count = (wrong.facts["wrong"] if wrong else 0) + 1
    event = turn.event
    until = uow.now + DAY if count >= MOST_WRONG else wrong.expires_at if wrong else uow.now + QUARTER
    questions.ask(
        uow,
        event.spa_id,
        event.sender,
        "wrong_tokens",
        facts={"wrong": count},
        now=uow.now,
        until=until,
        channel=event.channel,
    )
    if count < MOST_WRONG:
        return Wrong()
    for each in turn.questions:
        if each.kind in KINDS and each.closed_at is None:
            questions.close(uow, event.spa_id, each.id, {"locked": True}, uow.now)
    return Locked(now=True)


def asks_again(question: Open) -> str:
    """The intent that puts it anew."""
    kind = KINDS[question.kind]
    return kind.asked_by or kind.intent


def wish(turn: Turn, question: Open) -> Turn:
    """The turn as it was when this was asked for: the same wish, quoted as things stand now."""
    facts = question.facts
    event = replace(turn.event, body=str(facts.get("said", "")))
    speaker = next((each for each in turn.people if each.client_id == facts.get("client_id")), turn.speaker)
    return replace(turn, event=event, speaker=speaker, slots=_read(facts.get("slots")) or Slots())


def wished(turn: Turn) -> dict[str, Any]:
    """What was asked for, in words and as it was understood: a question keeps it, to be able to put it again."""
    return {"said": handovers.told(turn.event.body), "slots": _written(turn.slots)}


def slots_of(question: Open) -> Slots:
    return _read(question.facts.get("slots")) or Slots()


def _tokens(question: Open) -> list[str]:
    """Its token, and those that it had before it was asked anew."""
    return [token for token in (question.facts.get("token"), *question.facts.get("before", ())) if token]


def _written(slots: Slots) -> dict[str, Any]:
    return asdict(slots) | {"until": slots.until.isoformat() if slots.until else None}


def _read(told: dict[str, Any] | None) -> Slots | None:
    if not told:
        return None
    until = date.fromisoformat(told["until"]) if told.get("until") else None
    return Slots(told.get("duration"), until, told.get("plan"))
