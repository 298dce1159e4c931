"""Kill switches: sending of a kind stops at once, at one spa or everywhere; what waits goes on once it is lifted."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db.spas import UNCLAIMED
from assistant.domain.sending import Switch
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import audit

EVERYWHERE = UNCLAIMED


@dataclass(frozen=True, slots=True)
class Thrown:
    """A switch that is thrown now."""

    spa_id: int
    what: Switch
    thrown_at: datetime
    thrown_by: str
    why: str


def throw(uow: UnitOfWork, spa_id: int, what: Switch, *, why: str, actor: str) -> bool:
    """Stop it, from this commit on: each message asks right before it is sent. False when it was stopped already.

    Answers to what members text or write themselves go on (`rules.md` 1.7, 2.6).
    """
    row = uow.sql(
        "INSERT INTO kill_switch (spa_id, what, thrown_at, thrown_by, why) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING RETURNING 1",
        (spa_id, what.value, uow.now, actor, why),
    ).fetchone()
    if row is not None:
        audit.write(
            uow, spa_id, actor=actor, evidence="E3", act="switch_thrown", subject=f"switch:{what}", after={"why": why}
        )
    return row is not None


def lift(uow: UnitOfWork, spa_id: int, what: Switch, *, actor: str) -> bool:
    """Let it go on. False when it was not stopped."""
    gone = uow.sql("DELETE FROM kill_switch WHERE spa_id = %s AND what = %s", (spa_id, what.value)).rowcount
    if gone:
        audit.write(uow, spa_id, actor=actor, evidence="E3", act="switch_lifted", subject=f"switch:{what}")
        uow.later(Doorbell.DELIVER)
        uow.later(Doorbell.SEND_OFFERS)
    return bool(gone)


def thrown(uow: UnitOfWork, spa_id: int) -> list[Thrown]:
    """What is stopped at a spa now, by its own hand or everywhere."""
    rows = uow.sql(
        "SELECT spa_id, what, thrown_at, thrown_by, why FROM kill_switch WHERE spa_id IN (%s, %s) ORDER BY thrown_at",
        (EVERYWHERE, spa_id),
    ).fetchall()
    return [Thrown(spa, Switch(what), at, by, why) for spa, what, at, by, why in rows]
