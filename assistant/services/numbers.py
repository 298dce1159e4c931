"""A client's new number: added by a person, told to whoever has the old ways, and proving little for three days."""

from assistant.db import reach, spas
from assistant.messages.handover import NumberAdded
from assistant.runtime import UnitOfWork
from assistant.services import audit, messaging
from assistant.services.addressing import Addressee

ADD = """
    WITH phone AS (
        INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
        VALUES (%(spa)s, %(number)s, true, false, %(now)s)
        ON CONFLICT (spa_id, number) DO UPDATE SET number = excluded.number RETURNING id)
    INSERT INTO client_phone (spa_id, client_id, phone_id, preferred, added_at)
    SELECT %(spa)s, %(client)s, id, true, %(now)s FROM phone ON CONFLICT DO NOTHING RETURNING phone_id"""


def add(uow: UnitOfWork, spa_id: int, client_id: int, number: str, *, by: str) -> bool:
    """From now on notices go there. False where it was theirs already.

    The old number and the mail address hear of it: a stranger who talks the desk into it is seen (`reliability.md` §3).
    """
    old = reach.reach(uow, spa_id, client_id)
    facts = {"spa": spa_id, "client": client_id, "number": number, "now": uow.now}
    row = uow.sql(ADD, facts).fetchone()
    if row is None:
        return False
    [phone_id] = row
    uow.sql(
        "UPDATE client_phone SET preferred = false WHERE spa_id = %s AND client_id = %s AND phone_id <> %s",
        (spa_id, client_id, phone_id),
    )
    audit.write(uow, spa_id, actor=by, evidence="E3", act="number_added", subject=f"client:{client_id}")
    message = NumberAdded(first_name=old.first_name, help_phone=spas.house(uow, spa_id).help_phone)
    mail = reach.mail_address(uow, spa_id, client_id)
    for channel, address in (("sms", old.number), ("email", mail)):
        if address is not None:
            to = Addressee(spa_id, address, old.locale, client_id, channel)
            messaging.tell(uow, to, message, key=f"number-added:{client_id}:{phone_id}:{channel}")
    return True
