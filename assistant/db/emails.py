"""Mail: the threads that replies come back to, what the provider told of ours, and mail that could not be read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Id, Instant, SpaId, Words, belongs


class MailThread(Base):
    """A conversation by mail with one client at one address, known by a token that only our mails hold."""

    __tablename__ = "mail_thread"
    __table_args__ = (belongs("client_id", "client", cascade=True), UniqueConstraint("spa_id", "token_digest"))

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    token_digest: Mapped[Code]
    """SHA-256 of the token, so that a copy of the database answers no mail."""
    client_id: Mapped[int]
    address: Mapped[Words]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class EmailEvent(Base):
    """What the mail provider told of a mail of ours, once for its id."""

    __tablename__ = "email_event"
    __table_args__ = (UniqueConstraint("spa_id", "external_id"),)

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    external_id: Mapped[Code]
    type: Mapped[Code]
    message_id: Mapped[int | None]
    """Our own row, where it names one."""
    reason: Mapped[Code | None]
    received_at: Mapped[Instant]


class PoisonMail(Base):
    """A post that was truly the provider's and could not be read: kept as it came, under a key, for a person."""

    __tablename__ = "poison_mail"
    __table_args__ = (UniqueConstraint("spa_id", "digest"),)

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    digest: Mapped[Code]
    raw: Mapped[Words]
    """The whole post, sealed."""
    reason: Mapped[Code]
    received_at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Thread:
    """Whose thread a token is of."""

    spa_id: int
    id: int
    client_id: int
    address: str


def clients_at(uow: Asks, spa_id: int, address: str) -> list[int]:
    """Who is reached at an address."""
    rows = uow.sql(
        "SELECT ce.client_id FROM email e JOIN client_email ce ON (ce.spa_id, ce.email_id) = (e.spa_id, e.id)"
        " WHERE e.spa_id = %s AND e.address = %s ORDER BY ce.client_id",
        (spa_id, address),
    )
    return [row[0] for row in rows.fetchall()]


def spa_at(uow: Asks, addresses: tuple[str, ...]) -> int | None:
    """The spa that mail to these addresses is for: the one that gives it out, or the only one there is."""
    rows = uow.sql(
        "SELECT spa_id, lower(help_email) = ANY(%s) OR coalesce(lower(mail_address) = ANY(%s), false) FROM spa"
        " WHERE spa_id <> 0 ORDER BY spa_id LIMIT 1000",
        (list(addresses), list(addresses)),
    ).fetchall()
    named = [spa_id for spa_id, its_own in rows if its_own]
    alone = named or [spa_id for spa_id, _ in rows]
    return alone[0] if len(alone) == 1 else None


def numbers_of(uow: Asks, spa_id: int, clients: list[int]) -> list[str]:
    """The phones of some clients."""
    rows = uow.sql(
        "SELECT DISTINCT p.number FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)"
        " WHERE cp.spa_id = %s AND cp.client_id = ANY(%s) ORDER BY p.number",
        (spa_id, clients),
    )
    return [row[0] for row in rows.fetchall()]


def heard_from(uow: Asks, spa_id: int, address: str, since: datetime) -> list[tuple[datetime, str, int]]:
    """When an address wrote to us and was to be answered, what it said, and how far it was believed."""
    rows = uow.sql(
        "SELECT received_at, body, coalesce(facts ->> 'level', '0')::int FROM inbound_event"
        " WHERE spa_id = %s AND sender = %s AND channel = 'email'"
        " AND received_at > %s AND status IN ('kept', 'answered') ORDER BY id DESC LIMIT 100",
        (spa_id, address, since),
    )
    return [(at, body, level) for at, body, level in rows.fetchall()]
