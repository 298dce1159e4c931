"""What changes money or a membership is asked back with a token, and done when the token comes (`rules.md` 1.12)."""

from typing import Any

from assistant.conversation import dialogue
from assistant.conversation.turn import Turn
from assistant.db.clients import Speaker
from assistant.runtime import UnitOfWork


def ask(uow: UnitOfWork, turn: Turn, speaker: Speaker, intent: str, letter: str, facts: dict[str, Any]) -> str:
    """Open the question, or ask it anew, and give its token. `facts` is what will be done, exactly."""
    if dialogue.KINDS[intent].letter != letter:
        raise ValueError(f"{intent} is asked with another letter")
    return dialogue.ask(uow, turn, speaker, intent, facts)
