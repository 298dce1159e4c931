"""Spas, and what each of them sells."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Instant, SpaId, Words, belongs

UNCLAIMED = 0
"""The spa that stands for none: texts to a number that nobody claims are kept under it."""


class Spa(Base):
    """One medical spa: its zone decides its days, its number is where members text."""

    __tablename__ = "spa"

    spa_id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    name: Mapped[Words]
    zone: Mapped[Words]
    locale: Mapped[Code]
    number: Mapped[Code | None] = mapped_column(unique=True)
    """E.164: the number that texts and is texted."""
    help_phone: Mapped[Words]
    help_email: Mapped[Words]
    emergency_phone: Mapped[Words | None]
    """Who is called after a visit that worries somebody, day and night; None: the help phone."""
    carrier_confirms_stop: Mapped[bool] = mapped_column(default=False)
    """True for a plain number, whose opt-outs Twilio itself confirms without saying so (`rules.md` 1.10)."""
    mail_address: Mapped[Code | None] = mapped_column(unique=True)
    """Where its mail comes from; None: hello@ the installation's mail domain."""
    postal_address: Mapped[Words | None]
    """What every offer by mail must show; with none there are no such offers (`rules.md` 4.1)."""
    accent: Mapped[Code | None]
    """The colour of its mails and of its members' pages, as #rrggbb (`services/branding.py`)."""
    stripe_account: Mapped[Code | None] = mapped_column(unique=True)
    """Its own connected account at the card processor; None: the installation's."""
    sending_stopped: Mapped[Words | None]
    """Why nothing may be sent from this number at all, where that is so."""
    policy: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """What this spa chose of `domain/desk.py::DeskPolicy`; what is not there has its default."""
    sending: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """What it chose of `domain/sending.py::SendingPolicy`."""
    reminders: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """What it chose of `domain/reminders.py::ReminderPolicy`."""
    opening_hours: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """When it is open, as `domain/opening_hours.py::Hours`; empty: it has told us nothing."""
    link_domain: Mapped[Code | None] = mapped_column(unique=True)
    """The spa's own short domain for links in offers; None: the installation's address (`rules.md` 1.20)."""


class CreditKind(Base):
    """A unit that members hold, and the words for it: never the name of a treatment (`rules.md` 7.3)."""

    __tablename__ = "credit_kind"

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    unit: Mapped[Code] = mapped_column(primary_key=True)
    words: Mapped[Facts]
    """By locale, one and many: `{"en": ["visit credit", "visit credits"]}`."""
    reference_cents: Mapped[int]


class Service(Base):
    """Something the spa does, at its list price."""

    __tablename__ = "service"
    __table_args__ = (belongs("credit_unit", "credit_kind", target_column="unit"), UniqueConstraint("spa_id", "code"))

    spa_id: Mapped[SpaId]
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[Code]
    name: Mapped[Words]
    category: Mapped[Words]
    list_price_cents: Mapped[int]
    credit_unit: Mapped[Code | None]
    """The credit that pays for it, if one does."""
    credit_amount: Mapped[int] = mapped_column(server_default="1000")
    """How much of that credit it takes, in milli-units."""
    dollars_cover: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether dollar credit may pay for it: not for products, by default of whoever lists them (`features.md` C21)."""
    taxable: Mapped[bool] = mapped_column(server_default=text("false"))
    retired_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class House:
    """What a conversation needs to know of a spa."""

    spa_id: int
    name: str
    zone: str
    locale: str
    number: str
    help_phone: str
    help_email: str
    carrier_confirms_stop: bool


HOUSE = "SELECT spa_id, name, zone, locale, number, help_phone, help_email, carrier_confirms_stop FROM spa"


def house(uow: Asks, spa_id: int) -> House:
    """The spa, which must exist."""
    row = uow.sql(f"{HOUSE} WHERE spa_id = %s", (spa_id,)).fetchone()
    if row is None:
        raise LookupError(f"no spa {spa_id}")
    return House(*row)


def open_houses(uow: Asks) -> list[House]:
    """Every spa there is, but for the one that stands for none."""
    rows = uow.sql(f"{HOUSE} WHERE spa_id <> %s ORDER BY spa_id", (UNCLAIMED,))
    return [House(*row) for row in rows.fetchall()]


def credit_words(uow: Asks, spa_id: int, locale: str) -> dict[str, tuple[str, str]]:
    """The words for each unit of credit, one and many, in a language."""
    rows = uow.sql(
        "SELECT unit, coalesce(words -> %s, words -> 'en') FROM credit_kind WHERE spa_id = %s", (locale, spa_id)
    )
    return {unit: (one, many) for unit, (one, many) in rows.fetchall()}


def emergency_phone(uow: Asks, spa_id: int) -> str:
    """The line for who is worried after a visit."""
    row = uow.sql("SELECT coalesce(emergency_phone, help_phone) FROM spa WHERE spa_id = %s", (spa_id,)).fetchone()
    return str(row[0]) if row else ""
