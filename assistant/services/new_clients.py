"""Somebody new at the desk: written down with how they are reached, and never twice unless that is meant."""

import re
from dataclasses import dataclass

from assistant.domain import phones
from assistant.runtime import UnitOfWork
from assistant.services import audit, consent
from assistant.services.consent import Source

LONGEST = 80
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed of them."""

    first_name: str
    last_name: str
    phone: str = ""
    email: str = ""
    spanish: bool = False
    texts: bool = False
    """They said at the desk that they may be texted about their visits and membership."""
    shares: bool = False
    """It is somebody else who has the same phone or address."""

    def wrong(self) -> dict[str, str]:
        """What is not right, by field."""
        found = {}
        for name, words in (("first_name", "first"), ("last_name", "last")):
            if not getattr(self, name):
                found[name] = f"Write down their {words} name."
        if self.phone and phones.parse(self.phone) is None:
            found["phone"] = "That is no number of the US or Canada: ten digits, such as (505) 555-0110."
        if self.email and not ADDRESS.fullmatch(self.email):
            found["email"] = "That is no email address."
        if self.texts and not self.phone:
            found["phone"] = "To text them, a phone is needed."
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """Who has this phone or address already: (client, name)."""

    clients: tuple[tuple[int, str], ...]


def create(uow: UnitOfWork, spa_id: int, wanted: Wanted, *, actor: str) -> int | Known:
    """Write them down; `wanted` must have nothing wrong. Who has the phone or address already is told of first."""
    number, address = phones.parse(wanted.phone) if wanted.phone else None, wanted.email.lower() or None
    known = _known(uow, spa_id, number, address)
    if known and not wanted.shares:
        return Known(known)
    [[client_id]] = uow.sql(
        """INSERT INTO client (spa_id, first_name, last_name, locale, created_at) VALUES (%s, %s, %s, %s, %s)
           RETURNING id""",
        (spa_id, wanted.first_name, wanted.last_name, "es" if wanted.spanish else "en", uow.now),
    ).fetchall()
    if number:
        _phone(uow, spa_id, client_id, number, texts=wanted.texts, actor=actor)
    if address:
        _email(uow, spa_id, client_id, address)
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="client_created", subject=f"client:{client_id}")
    return int(client_id)


def _known(uow: UnitOfWork, spa_id: int, number: str | None, address: str | None) -> tuple[tuple[int, str], ...]:
    rows = uow.sql(
        """SELECT c.id, c.first_name || ' ' || c.last_name FROM client c WHERE c.spa_id = %(spa)s AND c.id IN (
               SELECT cp.client_id FROM phone p JOIN client_phone cp ON (cp.spa_id, cp.phone_id) = (p.spa_id, p.id)
               WHERE p.spa_id = %(spa)s AND p.number = %(number)s
               UNION SELECT ce.client_id FROM email e
               JOIN client_email ce ON (ce.spa_id, ce.email_id) = (e.spa_id, e.id)
               WHERE e.spa_id = %(spa)s AND e.address = %(address)s)
           ORDER BY c.id LIMIT 5""",
        {"spa": spa_id, "number": number, "address": address},
    )
    return tuple((client_id, name) for client_id, name in rows.fetchall())


def _phone(uow: UnitOfWork, spa_id: int, client_id: int, number: str, *, texts: bool, actor: str) -> None:
    said = Source("staff", {"by": actor, "how": "said so at the desk"}) if texts else None
    phone_id = consent.write_number(uow, spa_id, number, said)
    uow.sql(
        "INSERT INTO client_phone (spa_id, client_id, phone_id, preferred) VALUES (%s, %s, %s, true)",
        (spa_id, client_id, phone_id),
    )


def _email(uow: UnitOfWork, spa_id: int, client_id: int, address: str) -> None:
    [[email_id]] = uow.sql(
        """INSERT INTO email (spa_id, address, email_marketing, created_at) VALUES (%s, %s, false, %s)
           ON CONFLICT (spa_id, address) DO UPDATE SET address = excluded.address RETURNING id""",
        (spa_id, address, uow.now),
    ).fetchall()
    uow.sql(
        "INSERT INTO client_email (spa_id, client_id, email_id, preferred) VALUES (%s, %s, %s, true)",
        (spa_id, client_id, email_id),
    )
