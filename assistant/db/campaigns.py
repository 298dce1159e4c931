"""Campaigns: what is offered to whom, who was chosen, and the links that were sent along."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Id, Instant, SpaId, Words, belongs, one_of
from assistant.domain import stored
from assistant.domain.audience import Audience
from assistant.domain.campaigns import CampaignStatus, Place, Purpose, Repeats
from assistant.domain.sending import SendingPolicy


class Campaign(Base):
    """One offer to existing clients: its audience, its words, and how far it has come."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("spa_id", "name"),
        CheckConstraint(one_of("status", CampaignStatus), name="status"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        CheckConstraint("holdout_percent BETWEEN 0 AND 50", name="holdout"),
        Index(
            "ix_campaign_live", "status", "spa_id", "id", postgresql_where=text("status IN ('scheduled', 'sending')")
        ),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    name: Mapped[Words]
    purpose: Mapped[Code]
    channel: Mapped[Code]
    status: Mapped[Code]
    plan_code: Mapped[Code | None]
    """The plan that is offered, where one is."""
    audience: Mapped[Facts]
    """Who is chosen: what a spa said of `domain/audience.py::Audience`."""
    texts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """One or two wordings, each by locale: `[{"en": "...", "es": "..."}]`."""
    holdout_percent: Mapped[int] = mapped_column(SmallInteger)
    """Of a hundred who are chosen, how many are sent nothing, so that the lift is honest."""
    repeats: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """For one that goes on: what of the client's doing brings the offer, and how many days after it."""
    created_at: Mapped[Instant]
    created_by: Mapped[Code]
    starts_at: Mapped[Instant | None]
    """Not before this instant: sixty seconds after it was confirmed, for a change of mind."""
    planned_through: Mapped[int] = mapped_column(server_default="0")
    """The last client that was looked at: planning goes on from here, whoever died."""
    planned_at: Mapped[Instant | None]
    tell_at: Mapped[Instant | None]
    """No more is handed to the outbox before this: what is there fills the carrier's minutes, or its day."""
    held_at: Mapped[Instant | None]
    """When it was paused last."""
    held_for: Mapped[Code | None]
    """By whom or for what: a person, failures, opt_outs."""
    ended_at: Mapped[Instant | None]
    preflight: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What was foretold when it was confirmed: to be held against what came."""
    excluded: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """Who was not chosen, counted by reason."""


class CampaignRecipient(Base):
    """One client who was chosen, once in a campaign's life. Those held out are rows too."""

    __tablename__ = "campaign_recipient"
    __table_args__ = (
        belongs("campaign_id", "campaign"),
        belongs("client_id", "client", cascade=True),
        belongs("message_id", "outbound_message"),
        CheckConstraint(one_of("place", Place), name="place"),
        Index(
            "ix_campaign_recipient_planned",
            "spa_id",
            "campaign_id",
            "due_at",
            "client_id",
            postgresql_where=text("place = 'planned'"),
        ),
        Index("ix_campaign_recipient_client", "spa_id", "client_id", "told_at"),
        Index(
            "ix_campaign_recipient_message",
            "spa_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
    )

    spa_id: Mapped[SpaId]
    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[Words]
    """The phone or the mail address it goes to."""
    arm: Mapped[int] = mapped_column(SmallInteger)
    """Which wording, from 0; of one held out, the wording they would have had."""
    place: Mapped[Code]
    due_at: Mapped[Instant]
    """Not before this instant: the next opening in every zone they may be in."""
    chosen_at: Mapped[Instant]
    told_at: Mapped[Instant | None]
    """When it became a message."""
    message_id: Mapped[int | None]
    reason: Mapped[Code | None]
    """Why it did not, in a word."""


class ShortLink(Base):
    """A link of ours in an offer: short, on the spa's own domain, one for each recipient, and revocable."""

    __tablename__ = "short_link"
    __table_args__ = (
        belongs("campaign_id", "campaign"),
        belongs("client_id", "client", cascade=True),
        UniqueConstraint("code"),
        UniqueConstraint("spa_id", "campaign_id", "client_id"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    code: Mapped[Code]
    campaign_id: Mapped[int]
    client_id: Mapped[int]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]


class LinkClick(Base):
    """One look at a short link, by a person or by a program that looks at links."""

    __tablename__ = "link_click"
    __table_args__ = (belongs("link_id", "short_link", cascade=True), Index("ix_link_click_link", "spa_id", "link_id"))

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    link_id: Mapped[int]
    at: Mapped[Instant]
    robot: Mapped[bool]
    act: Mapped[Code]
    """looked (the page was fetched) or pressed (its button was)."""


@dataclass(frozen=True, slots=True)
class Live:
    """A campaign with what planning and sending it takes."""

    spa_id: int
    id: int
    name: str
    purpose: Purpose
    channel: str
    status: CampaignStatus
    plan_code: str | None
    audience: Audience
    texts: list[dict[str, str]]
    holdout_percent: int
    repeats: Repeats | None
    starts_at: datetime | None
    planned_through: int
    planned_at: datetime | None
    zone: str
    spa: str
    policy: SendingPolicy


LIVE = """
    SELECT c.spa_id, c.id, c.name, c.purpose, c.channel, c.status, c.plan_code, c.audience, c.texts, c.holdout_percent,
           c.repeats, c.starts_at, c.planned_through, c.planned_at, s.zone, s.name, s.sending
    FROM campaign c JOIN spa s ON s.spa_id = c.spa_id"""


def _live(row: tuple[Any, ...]) -> Live:
    spa_id, campaign_id, name, purpose, channel, status, plan, audience, texts, held_out, repeats, *rest = row
    *rest, zone, spa, sending = rest
    return Live(
        spa_id,
        campaign_id,
        name,
        Purpose(purpose),
        channel,
        CampaignStatus(status),
        plan,
        Audience.from_json(audience),
        texts,
        held_out,
        None if repeats is None else stored.read(Repeats, repeats, "repeats"),
        *[*rest, zone, spa, SendingPolicy.from_json(sending)],
    )


def live(uow: Asks, spa_id: int, campaign_id: int, *, lock: bool = False) -> Live | None:
    """One campaign of a spa, locked where it is about to be changed."""
    row = uow.sql(
        f"{LIVE} WHERE c.spa_id = %s AND c.id = %s{' FOR NO KEY UPDATE OF c' if lock else ''}", (spa_id, campaign_id)
    ).fetchone()
    return None if row is None else _live(row)


def next_to_plan(uow: Asks, now: datetime) -> Live | None:
    """The campaign whose hour has come and whose recipients are yet to be chosen, locked; none that somebody is at."""
    row = uow.sql(
        f"""{LIVE} WHERE c.status IN ('scheduled', 'sending') AND c.starts_at <= %s AND (
                c.planned_at IS NULL OR c.repeats IS NOT NULL
                AND (c.planned_at AT TIME ZONE s.zone)::date < (%s AT TIME ZONE s.zone)::date)
            ORDER BY c.starts_at, c.id LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED""",
        (now, now),
    ).fetchone()
    return None if row is None else _live(row)


ALL_TOLD = """
    c.repeats IS NULL AND c.planned_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM campaign_recipient r WHERE (r.spa_id, r.campaign_id) = (c.spa_id, c.id) AND r.place = 'planned')
    AND NOT EXISTS (
        SELECT 1 FROM outbound_message m WHERE (m.spa_id, m.campaign_id) = (c.spa_id, c.id) AND m.status = 'waiting')"""
"""Whoever was chosen has been told or will not be, and nothing of it waits; one that goes on by itself never is."""


def next_to_tell(uow: Asks, now: datetime) -> Live | None:
    """A campaign with a recipient whose turn has come and room for more, locked; none that somebody is at."""
    row = uow.sql(
        f"""{LIVE} WHERE c.status = 'sending' AND (c.tell_at IS NULL OR c.tell_at <= %s) AND (
                EXISTS (SELECT 1 FROM campaign_recipient r WHERE (r.spa_id, r.campaign_id) = (c.spa_id, c.id)
                        AND r.place = 'planned' AND r.due_at <= %s)
                OR ({ALL_TOLD}))
            ORDER BY c.tell_at NULLS FIRST, c.id LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED""",
        (now, now),
    ).fetchone()
    return None if row is None else _live(row)


def wait(uow: Asks, campaign: Live, until: datetime) -> None:
    """No more of it before an instant."""
    uow.sql("UPDATE campaign SET tell_at = %s WHERE spa_id = %s AND id = %s", (until, campaign.spa_id, campaign.id))


def done_if_told(uow: Asks, campaign: Live, now: datetime) -> None:
    """It is over once everything of it has been said."""
    uow.sql(
        "UPDATE campaign c SET status = 'done', ended_at = %s"
        f" WHERE c.spa_id = %s AND c.id = %s AND c.status = 'sending' AND {ALL_TOLD}",
        (now, campaign.spa_id, campaign.id),
    )
