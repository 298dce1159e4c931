"""Moves a membership from one standing to another, by the one table of allowed moves."""

from datetime import date

from assistant.db.billing import Owed
from assistant.domain.calendar import local_day
from assistant.domain.membership import ALLOWED, Standing
from assistant.runtime import UnitOfWork
from assistant.services import audit


def move(
    uow: UnitOfWork,
    spa_id: int,
    membership_id: int,
    to: Standing,
    *,
    actor: str,
    today: date,
    resumes_on: date | None = None,
) -> bool:
    """Move it, if it may go there from where it stands; False when it is there, or may not."""
    row = uow.sql(
        "SELECT standing FROM membership WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, membership_id)
    ).fetchone()
    if row is None or (Standing(row[0]), to) not in ALLOWED:
        return False
    uow.sql(
        "UPDATE membership SET standing = %s, ended_on = %s, resumes_on = %s, changed_at = %s"
        " WHERE spa_id = %s AND id = %s",
        (
            to.value,
            today if to is Standing.ENDED else None,
            resumes_on if to is Standing.PAUSED else None,
            uow.now,
            spa_id,
            membership_id,
        ),
    )
    audit.write(
        uow,
        spa_id,
        actor=actor,
        evidence="E3" if actor.startswith("staff") else "E1",
        act="standing_moved",
        subject=f"membership:{membership_id}",
        before={"standing": row[0]},
        after={"standing": to.value},
    )
    return True


def good(uow: UnitOfWork, owed: Owed) -> None:
    """An invoice is settled: unless another cycle is still asked for, the membership is in good standing again."""
    if owed.standing in (Standing.PAST_DUE, Standing.SUSPENDED, Standing.SCHEDULED) and not _owes_more(uow, owed):
        today = local_day(uow.now, owed.zone)
        move(uow, owed.spa_id, owed.membership_id, Standing.ACTIVE, actor="clock", today=today)


def _owes_more(uow: UnitOfWork, owed: Owed) -> bool:
    """A cycle that we missed may have been taken beside the current one: both may be asked for at once."""
    row = uow.sql(
        "SELECT 1 FROM dunning_case WHERE spa_id = %s AND membership_id = %s AND invoice_id <> %s AND closed_at IS NULL"
        " AND rule NOT IN ('review', 'check') LIMIT 1",
        (owed.spa_id, owed.membership_id, owed.invoice_id),
    ).fetchone()
    return row is not None
