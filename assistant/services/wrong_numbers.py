"""A number that has another owner now: nothing of the client's is said to it any more (`features.md` E9)."""

from assistant.runtime import UnitOfWork
from assistant.services import audit, tasks

UNLINK = """
    DELETE FROM client_phone x USING phone p
    WHERE x.spa_id = %s AND (p.spa_id, p.id) = (x.spa_id, x.phone_id) AND p.number = %s RETURNING x.client_id"""


def disowned(uow: UnitOfWork, spa_id: int, number: str, *, event_id: int) -> list[int]:
    """Whoever has the phone says they are not who we think: the number is nobody's, its links are dead, a person asks.

    Returns whose it was. The texts themselves were stopped when this was kept.
    """
    client_ids = sorted(row[0] for row in uow.sql(UNLINK, (spa_id, number)).fetchall())
    uow.sql(
        "UPDATE secure_link SET revoked_at = %s WHERE spa_id = %s AND sent_to = %s"
        " AND revoked_at IS NULL AND used_at IS NULL",
        (uow.now, spa_id, number),
    )
    for client_id in client_ids:
        facts = {"number": number, "event": event_id}
        key = f"wrong_number:{client_id}:{event_id}"
        tasks.open_task(uow, spa_id, key=key, kind="wrong_number", client_id=client_id, facts=facts)
        subject = f"client:{client_id}"
        audit.write(uow, spa_id, actor="member", evidence="E0", act="number_disowned", subject=subject)
    return client_ids
