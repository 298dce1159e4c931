"""A campaign's words, sent to the one who writes them and to nobody else."""

from assistant.messages.offers import Trial
from assistant.runtime import UnitOfWork
from assistant.services import messaging
from assistant.services.addressing import Addressee
from assistant.services.campaigns import Refused
from assistant.services.preflight import preflight


def send(uow: UnitOfWork, spa_id: int, campaign_id: int, number: str, *, key: str) -> str:
    """Text the first sample to a number of their own, as the answer to who asked for it; once a key. Returns the words.

    Raises `Refused` where it is for nobody.
    """
    found = preflight(uow, spa_id, campaign_id)
    if not found.samples:
        raise Refused("it is for nobody, so there are no words to try")
    words = found.samples[0].words
    messaging.tell(uow, Addressee(spa_id, number, "en"), Trial(words=words), key=f"trial:{campaign_id}:{key}")
    return words
