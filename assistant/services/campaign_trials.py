"""A campaign's words, sent to the one who writes them and to nobody else."""

from assistant.domain import phones
from assistant.messages.offers import Trial
from assistant.runtime import UnitOfWork
from assistant.services import audit, messaging
from assistant.services.addressing import Addressee
from assistant.services.campaigns import Refused
from assistant.services.preflight import preflight


def send(uow: UnitOfWork, spa_id: int, campaign_id: int, number: str, *, key: str, actor: str) -> str:
    """Text the first sample to a number of their own, as the answer to who asked for it; once a key. Returns the words.

    Raises `Refused` where it is for nobody, where the words could not be sent to anyone, and for the number of somebody
    who has not agreed to offers: a test is an offer to whoever gets it.
    """
    found = preflight(uow, spa_id, campaign_id)
    if not found.samples:
        raise Refused("it is for nobody, so there are no words to try")
    if found.faults:
        raise Refused("its words cannot be sent to anyone yet: see what stands beside them")
    known = uow.sql(
        "SELECT suppressed_at IS NULL AND sms_marketing FROM phone WHERE spa_id = %s AND number = %s", (spa_id, number)
    ).fetchone()
    if known is not None and not known[0]:
        raise Refused("that number is of somebody who has not agreed to offers")
    words = found.samples[0].words
    messaging.tell(uow, Addressee(spa_id, number, "en"), Trial(words=words), key=f"trial:{campaign_id}:{key}")
    tried = {"number": phones.masked(number)}
    subject = f"campaign:{campaign_id}"
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="campaign_tried", subject=subject, after=tried)
    return words
