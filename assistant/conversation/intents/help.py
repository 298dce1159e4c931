"""HELP: what can be asked, and a person to call (`rules.md` 1.18)."""

from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db.inbox import CARRIER_CONFIRMS
from assistant.messages.catalog import Help
from assistant.runtime import UnitOfWork


@intent("help")
def help_(_uow: UnitOfWork, turn: Turn) -> Answer:
    """Answered even in the middle of something else, which it leaves as it was."""
    if turn.event.facts.get("OptOutType") == "HELP":
        return Silence(CARRIER_CONFIRMS)
    house = turn.house
    return say(Help(spa=house.name, help_phone=house.help_phone, help_email=house.help_email))
