"""What may be sent to a mail address, with its proof (`rules.md` 4.11, 4.14)."""

from psycopg.types.json import Jsonb

from assistant.runtime import UnitOfWork
from assistant.services import audit
from assistant.services.consent import Source


def unsubscribe(uow: UnitOfWork, spa_id: int, address: str, source: Source) -> None:
    """No more offers; what is about a membership is still sent."""
    _set(uow, spa_id, address, "email_marketing = false")
    _record(uow, spa_id, address, "stopped", "marketing", source)


def allow_offers(uow: UnitOfWork, spa_id: int, address: str, source: Source) -> bool:
    """They have asked for offers. False where they have called our mail spam."""
    allowed = uow.sql(
        "UPDATE email SET email_marketing = true"
        " WHERE spa_id = %s AND address = %s AND NOT email_marketing AND suppressed_at IS NULL",
        (spa_id, address.lower()),
    )
    if allowed.rowcount:
        _record(uow, spa_id, address, "granted", "marketing", source)
    return bool(allowed.rowcount)


def suppress(uow: UnitOfWork, spa_id: int, address: str, source: Source) -> None:
    """They called it spam: nothing is sent of itself any more."""
    _set(uow, spa_id, address, "email_marketing = false, suppressed_at = coalesce(email.suppressed_at, %(now)s)")
    _record(uow, spa_id, address, "stopped", "all", source)


def undeliverable(uow: UnitOfWork, spa_id: int, address: str, source: Source) -> None:
    """Mail to it comes back: what must be told goes another way."""
    _set(uow, spa_id, address, "undeliverable_at = coalesce(email.undeliverable_at, %(now)s)")
    _record(uow, spa_id, address, "unreachable", "all", source)


def deliverable(uow: UnitOfWork, spa_id: int, address: str) -> None:
    """It has written to us, and proven it: it can be written to."""
    done = uow.sql(
        "UPDATE email SET undeliverable_at = NULL WHERE spa_id = %s AND address = %s AND undeliverable_at IS NOT NULL",
        (spa_id, address),
    )
    if done.rowcount:
        _record(uow, spa_id, address, "reachable", "all", Source("member", {}))


def _set(uow: UnitOfWork, spa_id: int, address: str, change: str) -> None:
    """An address we do not have gets its row, so that what it said holds when it is added later."""
    uow.sql(
        "INSERT INTO email (spa_id, address, email_marketing, created_at) VALUES (%(spa)s, %(address)s, false, %(now)s)"
        " ON CONFLICT DO NOTHING",
        {"spa": spa_id, "address": address.lower(), "now": uow.now},
    )
    uow.sql(
        f"UPDATE email SET {change} WHERE spa_id = %(spa)s AND address = %(address)s",
        {"spa": spa_id, "address": address.lower(), "now": uow.now},
    )


def _record(uow: UnitOfWork, spa_id: int, address: str, change: str, scope: str, source: Source) -> None:
    uow.sql(
        "INSERT INTO consent_change (spa_id, channel, address, change, scope, source, evidence, at)"
        " VALUES (%s, 'email', %s, %s, %s, %s, %s, %s)",
        (spa_id, address.lower(), change, scope, source.name, Jsonb(source.evidence), uow.now),
    )
    audit.write(uow, spa_id, actor=source.name, evidence="E0", act=f"email_{change}", subject=f"email:{scope}")
