"""What goes out. The row is the outbox: it is written with what it tells of, and sent afterwards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain.consent import MessageClass
from assistant.domain.delivery import Status


class OutboundMessage(Base):
    """One message to one phone or one mail address. Its status only goes forward: a trigger refuses otherwise.

    A worker that sends it takes a lease; `epoch` counts the leases, and only the holder of the last may write what the
    provider answered. `asked_at` is when the provider was asked: set, with no answer and no lease, it is in doubt.
    """

    __tablename__ = "outbound_message"
    __table_args__ = (
        belongs("client_id", "client"),
        belongs("answers_event_id", "inbound_event"),
        belongs("owed_invoice_id", "invoice"),
        belongs("campaign_id", "campaign"),
        UniqueConstraint("spa_id", "key"),
        UniqueConstraint("spa_id", "provider_id"),
        UniqueConstraint("spa_id", "answers_event_id"),
        UniqueConstraint("spa_id", "message_id"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("message_class", MessageClass), name="message_class"),
        Index("ix_outbound_message_waiting", "due_at", "id", postgresql_where=text("status = 'waiting'")),
        Index(
            "ix_outbound_message_replies",
            "due_at",
            "id",
            postgresql_where=text("status = 'waiting' AND message_class IN ('conversation_reply', 'optout_confirm')"),
        ),
        Index(
            "ix_outbound_message_offers",
            "due_at",
            "id",
            postgresql_where=text("status = 'waiting' AND message_class = 'marketing' AND channel = 'sms'"),
        ),
        Index(
            "ix_outbound_message_recipient_waiting",
            "spa_id",
            "recipient",
            "id",
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_outbound_message_recipient", "spa_id", "recipient", "id"),
        Index(
            "ix_outbound_message_owed",
            "spa_id",
            "owed_invoice_id",
            postgresql_where=text("owed_invoice_id IS NOT NULL"),
        ),
        Index(
            "ix_outbound_message_offered",
            "spa_id",
            "recipient",
            "asked_at",
            postgresql_where=text("message_class = 'marketing'"),
        ),
        Index(
            "ix_outbound_message_replied",
            "spa_id",
            "created_at",
            postgresql_where=text("message_class = 'conversation_reply'"),
        ),
        Index(
            "ix_outbound_message_campaign", "spa_id", "campaign_id", postgresql_where=text("campaign_id IS NOT NULL")
        ),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    key: Mapped[Code]
    """One message per business event, whatever runs twice."""
    channel: Mapped[Code]
    client_id: Mapped[int | None]
    recipient: Mapped[Words]
    message: Mapped[Code]
    """Its name in the catalogue."""
    message_class: Mapped[Code]
    locale: Mapped[Code]
    body: Mapped[Words]
    segments: Mapped[int]
    answers_event_id: Mapped[int | None]
    subject: Mapped[Words | None]
    """Of mail; so are all down to `reply_to`."""
    html: Mapped[Words | None]
    message_id: Mapped[Words | None]
    """Our own Message-ID, the same however often it is handed over."""
    in_reply_to: Mapped[Words | None]
    reference_ids: Mapped[Words | None]
    reply_to: Mapped[Words | None]
    """Where an answer comes back to, sealed: it holds the thread's token."""
    owed_invoice_id: Mapped[int | None]
    """What it asks to be paid: once that is settled, it is not sent (`features.md` D12)."""
    campaign_id: Mapped[int | None]
    """The campaign it belongs to: while that is paused it waits, once that is stopped it is not sent."""
    status: Mapped[Code] = mapped_column(server_default=Status.WAITING)
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    """After this it is too old to be worth reading (`features.md` H8)."""
    leased_until: Mapped[Instant | None]
    epoch: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    asked_at: Mapped[Instant | None]
    provider_id: Mapped[Code | None]
    error_code: Mapped[int | None]
    reason: Mapped[Code | None]
    """Why it was dropped or failed, in a word."""
    settled_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that one worker may send now, with what sending it takes."""

    spa_id: int
    id: int
    epoch: int
    attempts: int
    client_id: int | None
    sender: str
    recipient: str
    zone: str | None
    message_class: str
    body: str
    expires_at: datetime
    asked_at: datetime | None
    sending_stopped: str | None
    settled: bool
    """It asks for what is no longer owed."""
    channel: str
    message: str = ""
    """Its name in the catalogue."""


LEASED = """
    SELECT m.spa_id, m.id, m.epoch, m.attempts, m.client_id, s.number, m.recipient, c.zone, m.message_class, m.body,
           m.expires_at, m.asked_at,
           coalesce(CASE m.channel WHEN 'sms' THEN s.sending_stopped END, (
               SELECT k.why FROM kill_switch k WHERE m.message_class IN ('transactional', 'marketing')
                   AND k.spa_id IN (0, m.spa_id) AND (k.what = CASE m.channel WHEN 'sms' THEN 'texts' ELSE 'mail' END
                                                      OR k.what = 'offers' AND m.message_class = 'marketing') LIMIT 1)),
           EXISTS (SELECT 1 FROM invoice i
                   WHERE (i.spa_id, i.id) = (m.spa_id, m.owed_invoice_id) AND i.status <> 'open'), m.channel, m.message
    FROM {messages} m JOIN spa s ON s.spa_id = m.spa_id
    LEFT JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)"""


def lease_next(uow: Asks, now: datetime, until: datetime) -> Leased | None:
    """Take the oldest message that is due, alone: not one that is in doubt, nor one whose phone is being sent to.

    So two answers to one phone leave in the order they were written.
    """
    row = uow.sql(
        f"""WITH next AS (
                SELECT spa_id, id FROM next_due(%(now)s)
            ), taken AS (
                UPDATE outbound_message m SET leased_until = %(until)s, epoch = m.epoch + 1
                FROM next WHERE (m.spa_id, m.id) = (next.spa_id, next.id) RETURNING m.*
            ) {LEASED.format(messages="taken")}""",
        {"now": now, "until": until},
    ).fetchone()
    return None if row is None else Leased(*row)


def in_doubt(uow: Asks, now: datetime, asked_before: datetime, channel: str = "sms") -> list[Leased]:
    """Messages that the provider was asked to send, long enough ago, and never answered for."""
    rows = uow.sql(
        f"{LEASED.format(messages='outbound_message')}"
        " WHERE m.status = 'waiting' AND m.asked_at < %s AND (m.leased_until IS NULL OR m.leased_until < %s)"
        " AND m.channel = %s ORDER BY m.id",
        (asked_before, now, channel),
    )
    return [Leased(*row) for row in rows.fetchall()]


def known_ids(uow: Asks, spa_id: int, recipient: str) -> frozenset[str]:
    """The provider's ids of all we know to have sent to a number."""
    rows = uow.sql(
        "SELECT provider_id FROM outbound_message WHERE spa_id = %s AND recipient = %s AND provider_id IS NOT NULL",
        (spa_id, recipient),
    )
    return frozenset(row[0] for row in rows.fetchall())
