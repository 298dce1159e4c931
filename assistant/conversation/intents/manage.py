"""MY MEMBERSHIP: the secure link to their own page, where it is seen, paused, left, and what is sent is chosen."""

from dataclasses import replace

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db.clients import Speaker
from assistant.messages.catalog import CardLinkRests
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import links, membership_links


@personal_intent(
    "manage",
    en=("MY MEMBERSHIP", "MANAGE", "MANAGE MEMBERSHIP", "MANAGE MY MEMBERSHIP", "MY ACCOUNT", "LINK", "PREFERENCES"),
    es=("MI MEMBRESIA", "ADMINISTRAR", "ADMINISTRAR MI MEMBRESIA", "MI CUENTA", "ENLACE", "PREFERENCIAS"),
)
def manage(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """To the very phone that asks; nobody gets one on a day when it would not open."""
    spa_id = turn.house.spa_id
    message = membership_links.made_for(uow, spa_id, speaker.client_id, asked_at=turn.event.sender)
    if message is not None:
        return say(replace(message, first_name=speaker.first_name))
    if links.locked_out(uow, spa_id, speaker.client_id):
        return say(CardLinkRests(first_name=speaker.first_name, help_phone=turn.house.help_phone))
    return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
