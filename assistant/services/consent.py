"""Opting out and back in: what may be sent to a number, with its proof."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from assistant.domain.consent import ContactState
from assistant.runtime import UnitOfWork
from assistant.services import audit


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change of consent came from, and its proof."""

    name: str
    """member, carrier, staff, import."""
    evidence: dict[str, str | int]


def stop(uow: UnitOfWork, spa_id: int, number: str, source: Source) -> bool:
    """End all texts to a number, from this commit on (`rules.md` 1.6, 1.8). False when they had ended already."""
    row = uow.sql(
        """INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, suppressed_at, created_at)
           VALUES (%(spa)s, %(number)s, false, false, %(now)s, %(now)s)
           ON CONFLICT (spa_id, number) DO UPDATE
               SET suppressed_at = excluded.suppressed_at, sms_transactional = false, sms_marketing = false
               WHERE phone.suppressed_at IS NULL
           RETURNING id""",
        {"spa": spa_id, "number": number, "now": uow.now},
    ).fetchone()
    _record(uow, spa_id, number, "stopped" if row else "stopped_again", "all", source)
    if row:
        audit.write(uow, spa_id, actor=source.name, evidence="E0", act="texts_stopped", subject=f"phone:{row[0]}")
    return row is not None


def start(uow: UnitOfWork, spa_id: int, number: str, source: Source) -> None:
    """Texts about the membership may be sent again; offers need their own consent, anew (`rules.md` 1.13)."""
    [phone_id] = uow.sql(
        """INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
           VALUES (%(spa)s, %(number)s, true, false, %(now)s)
           ON CONFLICT (spa_id, number) DO UPDATE SET suppressed_at = NULL, sms_transactional = true
           RETURNING id""",
        {"spa": spa_id, "number": number, "now": uow.now},
    ).fetchone() or [0]
    _record(uow, spa_id, number, "started", "transactional", source)
    audit.write(uow, spa_id, actor=source.name, evidence="E0", act="texts_started", subject=f"phone:{phone_id}")


def unreachable(uow: UnitOfWork, spa_id: int, number: str, code: int) -> None:
    """A number cannot be texted at all: what is owed to its owner goes another way (`rules.md` 3.6)."""
    uow.sql(
        "UPDATE phone SET unreachable_at = %s, unreachable_code = %s"
        " WHERE spa_id = %s AND number = %s AND unreachable_at IS NULL",
        (uow.now, code, spa_id, number),
    )
    _record(uow, spa_id, number, "unreachable", "all", Source("carrier", {"code": code}))


def state(uow: UnitOfWork, spa_id: int, number: str, *, lock: bool = False) -> ContactState:
    """What may be sent to a number now. `lock` makes an opt-out that is being written wait, or be waited for."""
    row = uow.sql(
        "SELECT suppressed_at, sms_transactional, sms_marketing, unreachable_at IS NULL FROM phone"
        f" WHERE spa_id = %s AND number = %s{' FOR SHARE' if lock else ''}",
        (spa_id, number),
    ).fetchone()
    if row is None:
        return ContactState(
            suppressed=False, sms_transactional=False, sms_marketing=False, reachable=True, stopped_at=None
        )
    stopped_at, transactional, marketing, reachable = row
    return ContactState(
        suppressed=stopped_at is not None,
        sms_transactional=transactional,
        sms_marketing=marketing,
        reachable=reachable,
        stopped_at=stopped_at,
    )


def stopped_at(uow: UnitOfWork, spa_id: int, number: str) -> datetime | None:
    """Since when a number has been opted out."""
    return state(uow, spa_id, number).stopped_at


def _record(uow: UnitOfWork, spa_id: int, number: str, change: str, scope: str, source: Source) -> None:
    uow.sql(
        "INSERT INTO consent_change (spa_id, channel, address, change, scope, source, evidence, at)"
        " VALUES (%s, 'sms', %s, %s, %s, %s, %s, %s)",
        (spa_id, number, change, scope, source.name, Jsonb(source.evidence), uow.now),
    )
