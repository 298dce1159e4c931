"""Clients and the phones and emails they are reached at, with all they ever said about being written to."""

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKey, Index, Label, Text, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Day, Facts, Id, Instant, SpaId, Words, belongs

FOLDED = "translate(lower({}), 'áàâäãéèêëíìîïóòôöõúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')"
"""A name as the desk's search compares it: small, and without accents."""


def _folded(column: str, label: str = "folded") -> Label[str]:
    return literal_column(FOLDED.format(column)).label(label)


class Client(Base):
    """Anyone the spa knows. A member is a client with a membership."""

    __tablename__ = "client"
    __table_args__ = (
        Index("ix_client_first", "spa_id", _folded("first_name"), postgresql_ops={"folded": "text_pattern_ops"}),
        Index(
            "ix_client_last",
            "spa_id",
            _folded("last_name"),
            _folded("first_name", "then"),
            postgresql_ops={"folded": "text_pattern_ops", "then": "text_pattern_ops"},
        ),
        belongs("merged_into", "client"),
        Index("ix_client_merged", "spa_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        CheckConstraint("(merged_into IS NULL) = (merged_at IS NULL) AND merged_into <> id", name="merged"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    first_name: Mapped[Words]
    last_name: Mapped[Words]
    called: Mapped[Words | None]
    """What they want to be called, where that is not their first name: who is greeted, and nothing else, goes by it."""
    locale: Mapped[Code]
    zone: Mapped[Words | None]
    """IANA zone of their address, where one is known (`rules.md` 2.5)."""
    region: Mapped[Code | None]
    """Their state, as two letters: some laws go by it. Unknown is treated as the strictest."""
    born_on: Mapped[Day | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text(collation="C")), server_default=text("'{}'"))
    """Words of the spa's own, to choose clients by."""
    location: Mapped[Code | None]
    """The house they go to, where a spa has several."""
    created_at: Mapped[Instant]
    merged_into: Mapped[int | None]
    """Who they are now: the same person was written down twice. What is in the books under this one stays there."""
    merged_at: Mapped[Instant | None]


class Phone(Base):
    """A number, and what may be sent to it. The state is the number's: who shares a phone shares its STOP."""

    __tablename__ = "phone"
    __table_args__ = (
        UniqueConstraint("spa_id", "number"),
        Index(
            "ix_phone_end",
            "spa_id",
            literal_column("reverse(number)").label("turned"),
            postgresql_ops={"turned": "text_pattern_ops"},
        ),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    number: Mapped[Code]
    sms_transactional: Mapped[bool] = mapped_column(default=False)
    sms_marketing: Mapped[bool] = mapped_column(default=False)
    suppressed_at: Mapped[Instant | None]
    """Since when they have opted out: beats every consent."""
    suppressed_by: Mapped[int | None]
    """The last text that said so, where a text did: an older START does not lift it."""
    billing_at: Mapped[Instant | None]
    """Since when they want texts about their payments all the same, and no others (`features.md` E5)."""
    unreachable_at: Mapped[Instant | None]
    unreachable_code: Mapped[int | None]
    unsure_at: Mapped[Instant | None]
    """Since when we do not know who has it: it was silent for 90 days, and they have not said who they are since."""
    shaken_at: Mapped[Instant | None]
    """Since when it speaks against it that the number is still theirs (`reliability.md` §3)."""
    shaken_for: Mapped[Code | None]
    """What speaks against it: wrong_number, sim_swap, ported, reassigned, dead."""
    created_at: Mapped[Instant]


class ClientPhone(Base):
    """Whose phone it is: several people may share one, and one person may have several."""

    __tablename__ = "client_phone"
    __table_args__ = (
        belongs("client_id", "client", cascade=True),
        belongs("phone_id", "phone", cascade=True),
        Index("ix_client_phone_phone", "spa_id", "phone_id", "client_id"),
    )

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True)
    phone_id: Mapped[int] = mapped_column(primary_key=True)
    preferred: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[Instant | None]
    """When it was added to one whom the spa knew already: a number that is new to them proves less for a while."""


class Email(Base):
    """An address, and what may be sent to it."""

    __tablename__ = "email"
    __table_args__ = (
        UniqueConstraint("spa_id", "address"),
        Index("ix_email_start", "spa_id", "address", postgresql_ops={"address": "text_pattern_ops"}),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    address: Mapped[Words]
    email_marketing: Mapped[bool] = mapped_column(default=False)
    undeliverable_at: Mapped[Instant | None]
    suppressed_at: Mapped[Instant | None]
    """Since when they have called our mail spam: nothing is sent of itself any more."""
    created_at: Mapped[Instant]


class ClientEmail(Base):
    """Whose address it is."""

    __tablename__ = "client_email"
    __table_args__ = (
        belongs("client_id", "client", cascade=True),
        belongs("email_id", "email", cascade=True),
        Index("ix_client_email_email", "spa_id", "email_id", "client_id"),
    )

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True)
    email_id: Mapped[int] = mapped_column(primary_key=True)
    preferred: Mapped[bool] = mapped_column(default=True)


class ConsentChange(Base):
    """One thing that changed what may be sent, with its proof. Only ever added to (`rules.md` 1.23)."""

    __tablename__ = "consent_change"
    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        Index("ix_consent_change_address", "spa_id", "channel", "address", "id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    channel: Mapped[Code]
    address: Mapped[Code]
    change: Mapped[Code]
    """stopped, started, granted, withdrawn, unreachable."""
    scope: Mapped[Code]
    """all, transactional or marketing."""
    source: Mapped[Code]
    """Who or what it came from: member, carrier, staff, import."""
    evidence: Mapped[Facts]
    """The wording and its version, or the provider's id of the very text that said so."""
    at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who may be texting from a phone."""

    client_id: int
    first_name: str
    locale: str


def speakers(uow: Asks, spa_id: int, number: str) -> list[Speaker]:
    """Everyone who may be texting from a phone, in the order they were added."""
    rows = uow.sql(
        """SELECT c.id, coalesce(c.called, c.first_name), c.locale FROM phone p
           JOIN client_phone cp ON cp.spa_id = p.spa_id AND cp.phone_id = p.id
           JOIN client c ON c.spa_id = cp.spa_id AND c.id = cp.client_id
           WHERE p.spa_id = %s AND p.number = %s ORDER BY c.id""",
        (spa_id, number),
    )
    return [Speaker(*row) for row in rows.fetchall()]
