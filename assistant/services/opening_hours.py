"""When a spa is open, as it told us: read, and changed with what it was before written down beside it."""

from dataclasses import replace

from psycopg.types.json import Jsonb

from assistant.domain.calendar import local_day
from assistant.domain.opening_hours import Hours
from assistant.runtime import UnitOfWork
from assistant.services import audit


def known(uow: UnitOfWork, spa_id: int) -> Hours | None:
    """None where it has told us none."""
    [[kept]] = uow.sql("SELECT opening_hours FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return Hours.from_json(kept)


def keep(uow: UnitOfWork, spa_id: int, wanted: Hours, *, actor: str) -> bool:
    """From now on; days off that have gone by are dropped. False where it was so already."""
    [[was, zone]] = uow.sql(
        "SELECT opening_hours, zone FROM spa WHERE spa_id = %s FOR NO KEY UPDATE", (spa_id,)
    ).fetchall()
    today = local_day(uow.now, zone)
    coming = sorted((each for each in wanted.closed if each.on >= today), key=lambda each: each.on)
    now = replace(wanted, closed=tuple(coming)).to_json()
    if was == now:
        return False
    uow.sql("UPDATE spa SET opening_hours = %s WHERE spa_id = %s", (Jsonb(now), spa_id))
    audit.write(
        uow,
        spa_id,
        actor=actor,
        evidence="E3",
        act="settings_changed",
        subject="settings:opening_hours",
        before=was or None,
        after=now,
    )
    return True
