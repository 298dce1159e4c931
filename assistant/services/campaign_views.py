"""Campaigns as the console lists them."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.campaigns import CampaignStatus
from assistant.runtime import UnitOfWork

MOST = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """One of them, and how far it is."""

    campaign_id: int
    name: str
    status: CampaignStatus
    channel: str
    plan: str | None
    at: datetime
    """When it begins or began; of a draft, when it was written."""
    people: int | None
    """Whom it was confirmed for; of a draft nobody has counted them."""
    told: int | None
    """Of one that is at work, so many by now."""


LISTED = """
    SELECT c.id, c.name, c.status, c.channel, p.name, coalesce(c.starts_at, c.created_at),
           (c.preflight ->> 'audience')::int, n.sent
    FROM (SELECT * FROM campaign WHERE spa_id = %(spa)s ORDER BY id DESC LIMIT %(most)s) c
    LEFT JOIN plan p ON (p.spa_id, p.code) = (c.spa_id, c.plan_code)
    LEFT JOIN LATERAL (
        SELECT count(*) AS sent FROM campaign_recipient r
        WHERE (r.spa_id, r.campaign_id) = (c.spa_id, c.id) AND r.place = 'told') n ON c.status IN ('sending', 'held')
    ORDER BY c.status = 'sending' DESC, c.status = 'scheduled' DESC, c.status = 'held' DESC, c.id DESC"""


def listed(uow: UnitOfWork, spa_id: int) -> list[Listed]:
    """The newest hundred, those at work first."""
    rows = uow.sql(LISTED, {"spa": spa_id, "most": MOST}).fetchall()
    return [Listed(each, name, CampaignStatus(status), *rest) for each, name, status, *rest in rows]


@dataclass(frozen=True, slots=True)
class Kinds:
    """What of its clients a spa can choose by."""

    categories: list[str]
    tags: list[str]
    locations: list[str]


def kinds(uow: UnitOfWork, spa_id: int) -> Kinds:
    """What there is to choose from."""
    [[categories, tags, locations]] = uow.sql(
        """SELECT ARRAY (SELECT DISTINCT category FROM service WHERE spa_id = %(spa)s ORDER BY 1 LIMIT 50),
                  ARRAY (SELECT DISTINCT unnest(tags) FROM client WHERE spa_id = %(spa)s AND tags <> '{}'
                         ORDER BY 1 LIMIT 50),
                  ARRAY (SELECT DISTINCT location FROM client WHERE spa_id = %(spa)s AND location IS NOT NULL
                         ORDER BY 1 LIMIT 50)""",
        {"spa": spa_id},
    ).fetchall()
    return Kinds(categories, tags, locations)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands with a campaign: why it rests, and how many were left out for what."""

    held_for: str | None
    excluded: dict[str, int]


def kept(uow: UnitOfWork, spa_id: int, campaign_id: int) -> Kept:
    """A person, failures or opt-outs; and of one that was planned, who was not chosen and who was let go since."""
    [row] = uow.sql(
        """SELECT c.held_for, c.excluded || coalesce((
               SELECT jsonb_object_agg(reason, many) FROM (
                   SELECT r.reason, count(*) + coalesce((c.excluded ->> r.reason)::int, 0) AS many
                   FROM campaign_recipient r WHERE (r.spa_id, r.campaign_id) = (c.spa_id, c.id) AND r.reason IS NOT NULL
                   GROUP BY r.reason) dropped), '{}')
           FROM campaign c WHERE c.spa_id = %s AND c.id = %s""",
        (spa_id, campaign_id),
    ).fetchall()
    return Kept(*row)
