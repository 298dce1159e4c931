"""What changes money or a membership is asked back with a token, and done when the token comes (`rules.md` 1.12).

A token is a letter and two digits of our own, sent to that phone: who echoes it has read our text (evidence E1). It is
good for 15 minutes; a bare YES confirms nothing.
"""

from datetime import timedelta
from typing import Any

from assistant.conversation.turn import Turn
from assistant.db import questions
from assistant.db.clients import Speaker
from assistant.domain.words import matchable
from assistant.runtime import UnitOfWork

GOOD_FOR = timedelta(minutes=15)
KINDS = ("skip", "pause", "resume", "leave")
"""The intents that ask back."""


def ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, intent: str, letter: str, facts: dict[str, Any]) -> str:
    """Open the question, or ask it anew, and give its token. `facts` is what will be done, exactly."""
    token = f"{letter}{10 + int.from_bytes(uow.links.random_bytes(4)) % 90}"
    known = {"client_id": speaker.client_id, "token": token, **facts}
    questions.ask(uow, turn.house.spa_id, turn.event.sender, intent, facts=known, now=uow.now, until=uow.now + GOOD_FOR)
    return token


def answered(uow: UnitOfWork, turn: Turn) -> tuple[Speaker, str, dict[str, Any]] | None:
    """If this text is the token of an open question: who it is, the intent, and what was offered. Asked once."""
    said = matchable(turn.event.body)
    for kind in KINDS:
        question = questions.open_question(uow, turn.house.spa_id, turn.event.sender, kind, uow.now)
        if question is None or matchable(str(question.facts["token"])) != said:
            continue
        speaker = next((each for each in turn.people if each.client_id == question.facts["client_id"]), None)
        if speaker is not None:
            questions.close(uow, turn.house.spa_id, question.id, {"token": question.facts["token"]}, uow.now)
            return speaker, kind, question.facts
    return None
