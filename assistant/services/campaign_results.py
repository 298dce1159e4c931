"""What a campaign brought: counted anew from what is written down anyway, so that nothing can be forgotten to count."""

from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.shares import Lift, Share, lift, share
from assistant.runtime import UnitOfWork

JOINED_WITHIN = timedelta(days=30)
"""A membership that begins so long after an offer is put down to it; those held out have as long."""
REPLIED_WITHIN = timedelta(days=7)
KEPT = timedelta(days=90)
"""Still a member so long after joining: what a campaign is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """People, by how far they came: of one wording, of those held out, or of all who were chosen."""

    chosen: int
    waiting: int
    dropped: int
    sent: int
    delivered: int
    failed: int
    clicked: int
    replied: int
    opted_out: int
    joined: int
    kept: int
    """Joined at least ninety days ago, and still members."""
    ripe: int
    """Joined at least ninety days ago."""
    revenue_cents: int
    """What the memberships that began so have paid until now."""
    cost_millicents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A campaign's funnel and its lift."""

    told: Counts
    arms: tuple[Counts, ...]
    held_out: Counts
    joins: Share
    joins_held_out: Share
    lift: Lift

    @property
    def cost_per_join_millicents(self) -> int | None:
        return self.told.cost_millicents // self.told.joined if self.told.joined else None


PEOPLE = """
    WITH person AS (
        SELECT r.client_id, r.address, r.arm, r.place, r.place = 'held_out' AS held_out, m.status, m.asked_at,
               coalesce(m.segments, 0) AS segments,
               CASE r.place WHEN 'held_out' THEN r.chosen_at ELSE m.asked_at END AS since
        FROM campaign_recipient r LEFT JOIN outbound_message m ON (m.spa_id, m.id) = (r.spa_id, r.message_id)
        WHERE r.spa_id = %(spa)s AND r.campaign_id = %(campaign)s
    ), joined AS (
        SELECT DISTINCT ON (p.client_id) p.client_id, s.id, s.standing, s.created_at
        FROM person p JOIN membership s ON (s.spa_id, s.client_id) = (%(spa)s, p.client_id)
        WHERE s.created_at >= p.since AND s.created_at < p.since + %(join)s ORDER BY p.client_id, s.id
    ), done AS (
        SELECT p.*, j.id AS membership_id, j.created_at AS joined_at, j.standing,
               EXISTS (SELECT 1 FROM short_link l JOIN link_click k ON (k.spa_id, k.link_id) = (l.spa_id, l.id)
                       WHERE (l.spa_id, l.campaign_id, l.client_id) = (%(spa)s, %(campaign)s, p.client_id)
                         AND NOT k.robot) AS clicked,
               EXISTS (SELECT 1 FROM inbound_event e WHERE (e.spa_id, e.sender) = (%(spa)s, p.address)
                       AND e.received_at >= p.since AND e.received_at < p.since + %(reply)s) AS replied,
               EXISTS (SELECT 1 FROM consent_change x WHERE x.spa_id = %(spa)s AND x.address = p.address
                       AND x.change IN ('stopped', 'withdrawn') AND x.at >= p.since
                       AND x.at < p.since + %(reply)s) AS opted_out,
               coalesce((SELECT sum(i.dues_cents + i.setup_fee_cents) FROM invoice i
                         WHERE (i.spa_id, i.membership_id) = (%(spa)s, j.id) AND i.status = 'paid'), 0) AS paid
        FROM person p LEFT JOIN joined j USING (client_id)
    )
    SELECT held_out, arm, count(*),
           count(*) FILTER (WHERE place = 'planned' OR status = 'waiting' AND asked_at IS NULL),
           count(*) FILTER (WHERE place = 'dropped' OR status = 'dropped'),
           count(*) FILTER (WHERE asked_at IS NOT NULL AND status <> 'dropped'),
           count(*) FILTER (WHERE status = 'delivered'),
           count(*) FILTER (WHERE status IN ('failed', 'undelivered')),
           count(*) FILTER (WHERE clicked), count(*) FILTER (WHERE replied), count(*) FILTER (WHERE opted_out),
           count(*) FILTER (WHERE membership_id IS NOT NULL),
           count(*) FILTER (WHERE joined_at < %(now)s - %(kept)s AND standing <> 'ended'),
           count(*) FILTER (WHERE joined_at < %(now)s - %(kept)s),
           coalesce(sum(paid), 0)::bigint,
           coalesce(sum(segments) FILTER (WHERE asked_at IS NOT NULL AND status <> 'dropped'), 0)::bigint
    FROM done GROUP BY held_out, arm ORDER BY held_out, arm"""


def results(uow: UnitOfWork, spa_id: int, campaign_id: int, *, segment_millicents: int) -> Results:
    """The funnel as it stands now. Nothing is divided by anything that was not sent."""
    rows = uow.sql(
        PEOPLE,
        {
            "spa": spa_id,
            "campaign": campaign_id,
            "now": uow.now,
            "join": JOINED_WITHIN,
            "reply": REPLIED_WITHIN,
            "kept": KEPT,
        },
    ).fetchall()
    arms = tuple(_counts(row[2:], segment_millicents) for row in rows if not row[0])
    out = _sum([_counts(row[2:], segment_millicents) for row in rows if row[0]])
    told = _sum(arms)
    joins, joins_out = share(told.joined, max(told.sent, told.joined)), share(out.joined, out.chosen)
    return Results(
        told=told, arms=arms, held_out=out, joins=joins, joins_held_out=joins_out, lift=lift(joins, joins_out)
    )


_NAMES = (
    "chosen",
    "waiting",
    "dropped",
    "sent",
    "delivered",
    "failed",
    "clicked",
    "replied",
    "opted_out",
    "joined",
    "kept",
    "ripe",
    "revenue_cents",
)


def _counts(row: tuple[int, ...], segment_millicents: int) -> Counts:
    return Counts(**dict(zip(_NAMES, row[:-1], strict=True)), cost_millicents=row[-1] * segment_millicents)


def _sum(counts: "tuple[Counts, ...] | list[Counts]") -> Counts:
    names = (*_NAMES, "cost_millicents")
    return Counts(**{name: sum(getattr(each, name) for each in counts) for name in names})
