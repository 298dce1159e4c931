"""Numbers that have another owner now, or may have: nothing of the client's is said to them (`features.md` E9)."""

from enum import StrEnum

from assistant.runtime import UnitOfWork
from assistant.services import audit, tasks

UNLINK = """
    DELETE FROM client_phone x USING phone p
    WHERE x.spa_id = %s AND (p.spa_id, p.id) = (x.spa_id, x.phone_id) AND p.number = %s RETURNING x.client_id"""


SHAKE = """
    UPDATE phone SET shaken_at = %(now)s, shaken_for = %(why)s,
                     unsure_at = CASE WHEN %(lasting)s THEN coalesce(unsure_at, %(now)s) ELSE unsure_at END
    WHERE spa_id = %(spa)s AND number = %(number)s RETURNING id"""


class Doubt(StrEnum):
    """What speaks against it that a number is still its owner's."""

    WRONG_NUMBER = "wrong_number"
    SIM_SWAP = "sim_swap"
    PORTED = "ported"
    REASSIGNED = "reassigned"
    DEAD = "dead"
    """The carrier said that there was no such number."""


ANOTHERS = frozenset({Doubt.WRONG_NUMBER, Doubt.REASSIGNED, Doubt.DEAD})
"""After these whoever has it says who they are first, however long it is ago."""


def shake(uow: UnitOfWork, spa_id: int, number: str, why: Doubt) -> bool:
    """For 72 hours nothing is told to this number and nothing done by it but by a person (`reliability.md` §3).

    False for a number that we do not have.
    """
    facts = {"now": uow.now, "why": why.value, "lasting": why in ANOTHERS, "spa": spa_id, "number": number}
    row = uow.sql(SHAKE, facts).fetchone()
    if row is not None:
        actor = "member" if why is Doubt.WRONG_NUMBER else "carrier"
        audit.write(uow, spa_id, actor=actor, evidence="E0", act=f"number_doubted:{why}", subject=f"phone:{row[0]}")
    return row is not None


def verified(uow: UnitOfWork, spa_id: int, number: str, *, by: str) -> bool:
    """A person has made sure whose it is, face to face: no doubt is left. False for a number that we do not have."""
    row = uow.sql(
        "UPDATE phone SET shaken_at = NULL, shaken_for = NULL, unsure_at = NULL WHERE spa_id = %s AND number = %s"
        " RETURNING id",
        (spa_id, number),
    ).fetchone()
    if row is not None:
        uow.sql("UPDATE client_phone SET added_at = NULL WHERE spa_id = %s AND phone_id = %s", (spa_id, row[0]))
        audit.write(uow, spa_id, actor=by, evidence="E3", act="number_verified", subject=f"phone:{row[0]}")
    return row is not None


def disowned(uow: UnitOfWork, spa_id: int, number: str, *, event_id: int) -> list[int]:
    """Whoever has the phone says they are not who we think: the number is nobody's, its links are dead, a person asks.

    Returns whose it was. The texts themselves were stopped when this was kept.
    """
    shake(uow, spa_id, number, Doubt.WRONG_NUMBER)
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
