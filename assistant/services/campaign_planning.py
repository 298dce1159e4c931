"""Choosing the recipients of a campaign: a slice of clients a statement, each client once, whoever dies between."""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audience

SLICE = 2_000
"""Clients that are looked at in one statement: memory is the same for a thousand clients and for a million."""

PLAN = """
    WITH {judged}, put AS (
        INSERT INTO campaign_recipient (spa_id, campaign_id, client_id, address, arm, place, due_at, chosen_at)
        SELECT %(spa)s, %(campaign)s, client_id, address, (bucket / 10000) %% %(arms)s,
               CASE WHEN bucket %% 10000 < %(held_out)s THEN 'held_out' ELSE 'planned' END, %(now)s, %(now)s
        FROM (SELECT *, hashint8extended(client_id, %(campaign)s) & 9007199254740991 AS bucket
              FROM judged WHERE reason IS NULL) chosen
        ON CONFLICT DO NOTHING RETURNING 1)
    SELECT (SELECT max(id) FROM slice), (SELECT count(*) FROM put),
           (SELECT jsonb_object_agg(reason, many) FROM (
               SELECT reason, count(*) AS many FROM judged WHERE reason IS NOT NULL GROUP BY reason) counted)"""
"""A client's arm, and whether they are held out, is a hash of the two ids: the same however often it is asked."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice of clients brought."""

    through: int | None
    """The last client that was looked at; None: there are no more."""
    chosen: int
    excluded: dict[str, int]


def plan_next(rt: Runtime) -> bool:
    """Look at the next slice of the campaign that is longest about it; False when none is being planned."""
    return rt.transact(_plan_next)


def _plan_next(uow: UnitOfWork) -> bool:
    campaign = table.next_to_plan(uow, uow.now)
    if campaign is None:
        return False
    found = plan_slice(uow, campaign, after=campaign.planned_through)
    uow.sql(
        """UPDATE campaign SET planned_through = coalesce(%(through)s, CASE WHEN repeats IS NULL THEN planned_through
                                                                          ELSE 0 END),
                  planned_at = CASE WHEN %(through)s::bigint IS NULL THEN %(now)s ELSE planned_at END,
                  status = CASE WHEN status = 'scheduled' THEN 'sending' ELSE status END,
                  excluded = (SELECT coalesce(jsonb_object_agg(reason, many), '{}') FROM (
                      SELECT key AS reason, sum(value::bigint) AS many
                      FROM (SELECT * FROM jsonb_each_text(excluded) UNION ALL
                            SELECT * FROM jsonb_each_text(%(more)s)) every GROUP BY key) summed)
           WHERE spa_id = %(spa)s AND id = %(id)s""",
        {
            "through": found.through,
            "now": uow.now,
            "more": Jsonb(found.excluded),
            "spa": campaign.spa_id,
            "id": campaign.id,
        },
    )
    return True


def plan_slice(uow: UnitOfWork, campaign: Live, *, after: int, many: int = SLICE) -> Slice:
    """Choose among the clients after one; who is a recipient already stays as they are."""
    judged = audience.judged(
        uow,
        campaign.spa_id,
        campaign.zone,
        campaign.audience,
        purpose=campaign.purpose,
        channel=campaign.channel,
        policy=campaign.policy,
        repeats=campaign.repeats,
    )
    values: dict[str, Any] = {
        "after": after,
        "many": many,
        "campaign": campaign.id,
        "arms": len(campaign.texts),
        "held_out": campaign.holdout_percent * 100,
        "now": uow.now,
    }
    [[through, chosen, excluded]] = uow.sql(PLAN.format(judged=judged.sql), judged.values | values).fetchall()
    return Slice(through, chosen, excluded or {})
