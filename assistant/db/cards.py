"""Cards on file, the links that replace them, and the hosted pages where a member types one."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Facts, Id, Instant, SpaId, belongs


class Payer(Base):
    """A client as the card processor knows them."""

    __tablename__ = "payer"
    __table_args__ = (belongs("client_id", "client"), UniqueConstraint("spa_id", "customer_id"))

    spa_id: Mapped[SpaId]
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    customer_id: Mapped[Code]
    created_at: Mapped[Instant]


class Card(Base):
    """A card that a client has given us to charge. One is current: the one that every retry will use."""

    __tablename__ = "card"
    __table_args__ = (
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "payment_method_id"),
        CheckConstraint("role IN ('current', 'backup', 'old')", name="role"),
        CheckConstraint("(role = 'old') = (removed_at IS NOT NULL)", name="removed"),
        Index("uq_card_current", "spa_id", "client_id", unique=True, postgresql_where=text("role = 'current'")),
        Index("uq_card_backup", "spa_id", "client_id", unique=True, postgresql_where=text("role = 'backup'")),
        Index("ix_card_last4", "spa_id", "last4", postgresql_where=text("role = 'current'")),
        Index("ix_card_expiry", "spa_id", "exp_year", "exp_month", postgresql_where=text("role = 'current'")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    client_id: Mapped[int]
    role: Mapped[Code]
    payment_method_id: Mapped[Code]
    brand: Mapped[Code]
    last4: Mapped[Code]
    """For the desk's screen only: no digit of a card is ever texted, mailed or logged."""
    exp_month: Mapped[int]
    exp_year: Mapped[int]
    fingerprint: Mapped[Code]
    """The same for the same number, however often it is added: what the networks' limits are counted by."""
    consent: Mapped[Facts]
    """What the client agreed to, where, in which words (`rules.md` 5.14)."""
    source: Mapped[Code]
    """link, desk, import, join."""
    added_at: Mapped[Instant]
    removed_at: Mapped[Instant | None]
    warned_for: Mapped[Code | None]
    """The expiry, as year-month, that its owner was last told of."""


class SecureLink(Base):
    """A link for one client and one purpose. Only the hash of its token is kept; a new one revokes the last."""

    __tablename__ = "secure_link"
    __table_args__ = (
        belongs("client_id", "client"),
        UniqueConstraint("spa_id", "hash"),
        CheckConstraint("purpose IN ('card', 'authenticate', 'join', 'membership')", name="purpose"),
        Index("ix_secure_link_hash", "hash"),
        Index("ix_secure_link_client", "spa_id", "client_id", "id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    client_id: Mapped[int]
    purpose: Mapped[Code]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sent_to: Mapped[Code]
    """The number it was texted to: its last four digits are what the member types."""
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    last_try_at: Mapped[Instant | None]
    asked: Mapped[bool] = mapped_column(server_default=text("false"))
    """The member asked for it, and it was not sent of itself."""
    reminded_at: Mapped[Instant | None]
    """It was opened and not finished, and its owner was told so: once."""


class CardPage(Base):
    """A page the processor hosts, opened for a link: to save a card, or to pay one attempt with the bank looking on."""

    __tablename__ = "card_page"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("link_id", "secure_link"),
        belongs("attempt_id", "charge_attempt"),
        UniqueConstraint("spa_id", "page_id"),
        CheckConstraint("status IN ('asked', 'open', 'complete', 'expired')", name="status"),
        Index("ix_card_page_open", "spa_id", "client_id", postgresql_where=text("status IN ('asked', 'open')")),
        Index("ix_card_page_left", "created_at", postgresql_where=text("status <> 'complete'")),
        Index("ix_card_page_link", "spa_id", "link_id"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    client_id: Mapped[int]
    link_id: Mapped[int | None]
    attempt_id: Mapped[int | None]
    page_id: Mapped[Code | None]
    status: Mapped[Code] = mapped_column(server_default="asked")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    close: Mapped[bool] = mapped_column(server_default=text("false"))
    """To be expired at the provider: what it was for is settled."""
