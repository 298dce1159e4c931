"""What a text could not bring goes by mail, and what mail cannot bring is a person's (`features.md` N25, E22)."""

from datetime import timedelta

from assistant.db.reach import mail_address
from assistant.messages.reminders import InAnotherWay
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import messaging, tasks
from assistant.services.addressing import Addressee

LOOKS_BACK = timedelta(days=2)
"""What failed longer ago is no news any more."""

FAILED = """
    SELECT m.spa_id, m.id, m.client_id, m.locale, m.body, coalesce(c.called, c.first_name)
    FROM outbound_message m JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    WHERE m.channel = 'sms' AND m.message_class = 'transactional' AND m.status IN ('failed', 'undelivered')
      AND m.settled_at > %(since)s
      AND NOT EXISTS (SELECT 1 FROM notice_try t WHERE (t.spa_id, t.message_id) = (m.spa_id, m.id))
      AND NOT EXISTS (SELECT 1 FROM outbound_message o WHERE o.spa_id = m.spa_id AND o.key = 'again:' || m.id)
      AND NOT EXISTS (SELECT 1 FROM staff_task k WHERE k.spa_id = m.spa_id AND k.key = 'untold:' || m.id)
      AND NOT EXISTS (SELECT 1 FROM outbound_message o WHERE o.spa_id = m.spa_id AND o.id > m.id
                      AND split_part(o.key, '~', 1) = split_part(m.key, '~', 1)
                      AND o.recipient = m.recipient AND o.status IN ('waiting', 'accepted', 'sent', 'delivered'))
    ORDER BY m.spa_id, m.id LIMIT 200"""
"""Notices that no text brought and no later try will; those the law wants have a follower of their own."""


def tell_in_another_way(rt: Runtime) -> int:
    """Mail each of them once, or make it a task. Safe to run twice. Returns how many."""
    return rt.transact(_tell)


def _tell(uow: UnitOfWork) -> int:
    rows = uow.sql(FAILED, {"since": uow.now - LOOKS_BACK}).fetchall()
    for spa_id, message_id, client_id, locale, body, first_name in rows:
        address = mail_address(uow, spa_id, client_id)
        if address is None:
            facts = {"message": message_id}
            tasks.open_task(uow, spa_id, key=f"untold:{message_id}", kind="untold", client_id=client_id, facts=facts)
            continue
        words = InAnotherWay(first_name=first_name, words=uow.links.seal.open(body))
        to = Addressee(spa_id, address, locale, client_id, channel="email")
        messaging.tell(uow, to, words, key=f"again:{message_id}")
    return len(rows)
