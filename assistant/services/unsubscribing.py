"""Ending offers by mail with one click: the address of the page, and what its button does (`rules.md` 4.3)."""

import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from assistant.runtime import Runtime, UnitOfWork
from assistant.services import email_consent
from assistant.services.consent import Source

PURPOSE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whose offers end, as their page shows it."""

    spa_id: int
    address: str
    spa: str
    help_phone: str
    locale: str
    ended: bool
    accent: str | None = None
    """The spa's colour."""


def address(uow: UnitOfWork, spa_id: int, mail_address: str) -> str:
    """Where offers to an address end. It tells nothing, cannot be guessed, and holds for good."""
    return f"{uow.links.base_url}/unsubscribe/{token(uow, spa_id, mail_address)}"


def token(uow: UnitOfWork, spa_id: int, mail_address: str) -> str:
    """The row's number under our seal: nobody makes another's, and nothing has to be kept."""
    sealed = uow.links.seal.close_all(f"{PURPOSE}:{spa_id}:{row_of(uow, spa_id, mail_address)}".encode())
    return sealed.rstrip("=")


def row_of(uow: UnitOfWork, spa_id: int, mail_address: str) -> int:
    """The number of an address's row, which is made where there is none: there is something to lock."""
    named = (spa_id, mail_address.lower())
    row = uow.sql("SELECT id FROM email WHERE spa_id = %s AND address = %s", named).fetchone()
    if row is None:
        uow.sql(
            "INSERT INTO email (spa_id, address, email_marketing, created_at) VALUES (%s, %s, false, %s)"
            " ON CONFLICT DO NOTHING",
            (*named, uow.now),
        )
        row = uow.sql("SELECT id FROM email WHERE spa_id = %s AND address = %s", named).fetchone()
    return int(row[0]) if row else 0


def look(rt: Runtime, given: str) -> Subscriber | None:
    """Whose page this is; None for an address that we did not make. Changes nothing: scanners look too."""
    return rt.transact(lambda uow: _of(uow, given))


def unsubscribe(rt: Runtime, given: str, *, by: str) -> bool:
    """End offers to them, once however often it is asked. False for an address that we did not make."""
    return rt.transact(lambda uow: _unsubscribe(uow, given, by))


def _unsubscribe(uow: UnitOfWork, given: str, by: str) -> bool:
    found = _of(uow, given)
    if found is None:
        return False
    if not found.ended:
        source = Source("member", {"page": PURPOSE, "by": by})
        email_consent.unsubscribe(uow, found.spa_id, found.address, source)
    return True


def _of(uow: UnitOfWork, given: str) -> Subscriber | None:
    named = _opened(uow, given)
    if named is None:
        return None
    row = uow.sql(
        """SELECT e.spa_id, e.address, s.name, s.help_phone, coalesce(c.locale, s.locale),
                  NOT e.email_marketing AND coalesce((
                      SELECT x.change FROM consent_change x
                      WHERE x.spa_id = e.spa_id AND x.channel = 'email' AND x.address = e.address
                      AND x.change IN ('stopped', 'granted', 'started') ORDER BY x.id DESC LIMIT 1) = 'stopped', false),
                  s.accent
           FROM email e JOIN spa s ON s.spa_id = e.spa_id
           LEFT JOIN client_email ce ON (ce.spa_id, ce.email_id) = (e.spa_id, e.id)
           LEFT JOIN client c ON (c.spa_id, c.id) = (ce.spa_id, ce.client_id)
           WHERE e.spa_id = %s AND e.id = %s ORDER BY c.id LIMIT 1 FOR UPDATE OF e""",
        named,
    ).fetchone()
    return None if row is None else Subscriber(*row)


def _opened(uow: UnitOfWork, given: str) -> tuple[int, int] | None:
    try:
        purpose, spa_id, row_id = uow.links.seal.open_all(given + "=" * (-len(given) % 4)).decode().split(":")
        return (int(spa_id), int(row_id)) if purpose == PURPOSE else None
    except (InvalidTag, binascii.Error, ValueError):
        return None
