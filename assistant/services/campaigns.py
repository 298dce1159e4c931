"""A campaign's life: drafted, confirmed with the count in hand, paused, stopped. Nothing here sends anything."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from psycopg.types.json import Jsonb

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.domain import stored
from assistant.domain.audience import Audience
from assistant.domain.campaigns import UNDO, CampaignStatus, Purpose, Repeats, may_become
from assistant.domain.sending import SendingPolicy
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import audit

MOST_ARMS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A campaign as staff write it."""

    name: str
    purpose: Purpose
    texts: tuple[dict[str, str], ...]
    audience: Audience = field(default_factory=Audience)
    channel: str = "sms"
    plan_code: str | None = None
    holdout_percent: int = 10
    repeats: Repeats | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a campaign wants a name")
        if not 1 <= len(self.texts) <= MOST_ARMS or not all(self.texts):
            raise ValueError("a campaign has one wording, or two to be compared")
        if not 0 <= self.holdout_percent <= 50:
            raise ValueError("between nobody and half of them are held out")
        if self.purpose is Purpose.JOIN and not self.plan_code:
            raise ValueError("a campaign to join says which plan")


class Refused(ValueError):  # noqa: N818 - it is what it is
    """It cannot be done as the campaign stands; says what can."""


def draft(uow: UnitOfWork, spa_id: int, wanted: Draft, *, actor: str) -> int:
    """Write it down; nothing is sent by it. Raises `Refused` for a name that is taken."""
    row = uow.sql(
        """INSERT INTO campaign (spa_id, status, created_at, created_by, name, purpose, channel, plan_code, audience,
                                 texts, holdout_percent, repeats)
           VALUES (%s, 'draft', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
        (spa_id, uow.now, actor, *_columns(wanted)),
    ).fetchone()
    if row is None:
        raise Refused(f"there is a campaign called {wanted.name} already")
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="campaign_drafted", subject=f"campaign:{row[0]}")
    return int(row[0])


def redraft(uow: UnitOfWork, spa_id: int, campaign_id: int, wanted: Draft, *, actor: str) -> None:
    """Write a draft anew. Raises `Refused` for one that is no draft any more, and for a name that is taken."""
    campaign = table.live(uow, spa_id, campaign_id, lock=True)
    if campaign is None or campaign.status is not CampaignStatus.DRAFT:
        raise Refused("only a draft can be written anew")
    if uow.sql(
        "SELECT 1 FROM campaign WHERE spa_id = %s AND name = %s AND id <> %s",
        (spa_id, wanted.name.strip(), campaign_id),
    ).fetchone():
        raise Refused(f"there is a campaign called {wanted.name} already")
    uow.sql(
        """UPDATE campaign SET name = %s, purpose = %s, channel = %s, plan_code = %s, audience = %s, texts = %s,
                  holdout_percent = %s, repeats = %s WHERE spa_id = %s AND id = %s""",
        (*_columns(wanted), spa_id, campaign_id),
    )
    _written(uow, campaign, "campaign_redrafted", actor)


def in_hand(uow: UnitOfWork, spa_id: int, wanted: Draft, campaign_id: int = 0) -> Live:
    """What a draft would be, written down or not: to be looked at before it is."""
    [[zone, name, sending]] = uow.sql("SELECT zone, name, sending FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return Live(
        spa_id,
        campaign_id,
        wanted.name,
        wanted.purpose,
        wanted.channel,
        CampaignStatus.DRAFT,
        wanted.plan_code,
        wanted.audience,
        list(wanted.texts),
        wanted.holdout_percent,
        wanted.repeats,
        None,
        0,
        None,
        zone,
        name,
        SendingPolicy.from_json(sending),
    )


def mark(campaign: Live) -> str:
    """Of all that would be sent and to whom: another one once any of it is written anew."""
    said = [campaign.channel, campaign.plan_code, stored.written(campaign.audience), campaign.texts]
    more = [campaign.holdout_percent, None if campaign.repeats is None else stored.written(campaign.repeats)]
    return sha256(json.dumps([*said, *more], sort_keys=True).encode()).hexdigest()


def _columns(wanted: Draft) -> tuple[Any, ...]:
    return (
        wanted.name.strip(),
        wanted.purpose.value,
        wanted.channel,
        wanted.plan_code,
        Jsonb(stored.written(wanted.audience)),
        Jsonb(list(wanted.texts)),
        wanted.holdout_percent,
        None if wanted.repeats is None else Jsonb(stored.written(wanted.repeats)),
    )


def confirm(
    uow: UnitOfWork,
    spa_id: int,
    campaign_id: int,
    *,
    typed: int,
    foretold: dict[str, Any],
    at: datetime | None,
    actor: str,
) -> datetime:
    """Send it from an hour on, or in a minute. Returns when it begins.

    `typed` is the number of people that whoever sends it has read and typed; `foretold` is the preflight, whose
    `audience` it must be. Raises `Refused` where it is not, where the words have a fault, and for an hour gone by.
    """
    campaign = _to_become(uow, spa_id, campaign_id, CampaignStatus.SCHEDULED)
    if foretold["faults"]:
        raise Refused(f"its words cannot be sent: {', '.join(foretold['faults'])}")
    if at is not None and at < uow.now:
        raise Refused("its hour has gone by: choose one to come, or none")
    if typed != foretold["audience"]:
        raise Refused(f"it would go to {foretold['audience']} people, not to {typed}: type that number to send it")
    starts_at = max(at or uow.now, uow.now + UNDO)
    uow.sql(
        "UPDATE campaign SET status = 'scheduled', starts_at = %s, preflight = %s WHERE spa_id = %s AND id = %s",
        (starts_at, Jsonb(foretold), spa_id, campaign.id),
    )
    _written(uow, campaign, "campaign_confirmed", actor, {"people": typed, "starts_at": starts_at.isoformat()})
    return starts_at


def hold(uow: UnitOfWork, spa_id: int, campaign_id: int, *, why: str, actor: str) -> None:
    """Pause it: what is not on the wire yet waits."""
    campaign = _to_become(uow, spa_id, campaign_id, CampaignStatus.HELD)
    uow.sql(
        "UPDATE campaign SET status = 'held', held_at = %s, held_for = %s WHERE spa_id = %s AND id = %s",
        (uow.now, why, spa_id, campaign.id),
    )
    _written(uow, campaign, "campaign_held", actor, {"why": why})


def resume(uow: UnitOfWork, spa_id: int, campaign_id: int, *, actor: str) -> None:
    """Go on with one that was paused. If it paused itself, what has gone badly by then is not held against it again."""
    campaign = _to_become(uow, spa_id, campaign_id, CampaignStatus.SENDING)
    uow.sql(
        "UPDATE campaign SET status = 'sending', held_for = NULL WHERE spa_id = %s AND id = %s",
        (spa_id, campaign.id),
    )
    _written(uow, campaign, "campaign_resumed", actor)
    uow.later(Doorbell.OFFER)


def undo(uow: UnitOfWork, spa_id: int, campaign_id: int, *, actor: str) -> None:
    """Back to a draft, while nothing has begun."""
    campaign = _to_become(uow, spa_id, campaign_id, CampaignStatus.DRAFT)
    uow.sql(
        "UPDATE campaign SET status = 'draft', starts_at = NULL, preflight = NULL WHERE spa_id = %s AND id = %s",
        (spa_id, campaign.id),
    )
    _written(uow, campaign, "campaign_undone", actor)


def stop(uow: UnitOfWork, spa_id: int, campaign_id: int, *, actor: str) -> int:
    """End it for good: what is planned is let go, what waits is not sent. Returns how many were not told."""
    campaign = _to_become(uow, spa_id, campaign_id, CampaignStatus.STOPPED)
    uow.sql(
        "UPDATE campaign SET status = 'stopped', ended_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now, spa_id, campaign.id),
    )
    left = uow.sql(
        "UPDATE campaign_recipient SET place = 'dropped', reason = 'stopped'"
        " WHERE spa_id = %s AND campaign_id = %s AND place = 'planned'",
        (spa_id, campaign.id),
    ).rowcount
    unsent = uow.sql(
        "UPDATE outbound_message SET status = 'dropped', reason = 'stopped', settled_at = %s, leased_until = NULL"
        " WHERE spa_id = %s AND campaign_id = %s AND status = 'waiting' AND asked_at IS NULL",
        (uow.now, spa_id, campaign.id),
    ).rowcount
    _written(uow, campaign, "campaign_stopped", actor, {"not_told": left + unsent})
    return left + unsent


def _to_become(uow: UnitOfWork, spa_id: int, campaign_id: int, then: CampaignStatus) -> Live:
    """The campaign, locked. Raises `Refused` where it cannot go over to that state."""
    campaign = table.live(uow, spa_id, campaign_id, lock=True)
    if campaign is None:
        raise Refused(f"there is no campaign {campaign_id}")
    if not may_become(campaign.status, then):
        raise Refused(f"campaign {campaign_id} is {campaign.status}, and cannot become {then}")
    return campaign


def _written(uow: UnitOfWork, campaign: Live, act: str, actor: str, facts: dict[str, Any] | None = None) -> None:
    subject = f"campaign:{campaign.id}"
    audit.write(uow, campaign.spa_id, actor=actor, evidence="E3", act=act, subject=subject, after=facts)


OFFER_STANDS = timedelta(days=14)
"""So long an answer that only says JOIN means the plan that was offered."""


def offered_plan(uow: UnitOfWork, spa_id: int, client_id: int) -> str | None:
    """The plan that a client was offered last, where that is not long ago."""
    row = uow.sql(
        """SELECT c.plan_code FROM campaign_recipient r JOIN campaign c ON (c.spa_id, c.id) = (r.spa_id, r.campaign_id)
           WHERE r.spa_id = %s AND r.client_id = %s AND r.told_at > %s AND c.purpose = 'join'
           ORDER BY r.told_at DESC LIMIT 1""",
        (spa_id, client_id, uow.now - OFFER_STANDS),
    ).fetchone()
    return row[0] if row else None
