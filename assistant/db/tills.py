"""All that a visit is priced by, in one question."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from assistant.db.base import Asks
from assistant.domain.checkout import Cart, Item
from assistant.domain.desk import DeskPolicy
from assistant.domain.entitlements import Held, Membership
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms
from assistant.domain.tickets import Arrival, Client, Left, Offer

CLIENT = """
    WITH at AS (
        SELECT s.spa_id, s.zone, s.policy, (%(now)s::timestamptz AT TIME ZONE s.zone)::date AS today,
               coalesce(%(on)s::date, (%(now)s::timestamptz AT TIME ZONE s.zone)::date) AS visit_on
        FROM spa s JOIN client c ON c.spa_id = s.spa_id AND c.id = %(client)s WHERE s.spa_id = %(spa)s)
    SELECT at.zone, at.policy, at.today, at.visit_on, (
        SELECT json_agg(json_build_array(i.id, i.code, i.name, i.category, i.list_price_cents, i.credit_unit,
                                         i.credit_amount, i.dollars_cover, i.taxable))
        FROM service i WHERE i.spa_id = at.spa_id AND i.code = ANY(%(codes)s) AND i.retired_at IS NULL
    ), (
        SELECT json_agg(json_build_array(h.unit, h.paid, h.promo)) FROM (
            SELECT l.unit, coalesce(sum(a.free) FILTER (WHERE l.lot_class <> 'promo'), 0)::bigint AS paid,
                   coalesce(sum(a.free) FILTER (WHERE l.lot_class = 'promo'), 0)::bigint AS promo
            FROM credit_lot l
            LEFT JOIN credit_hold b ON b.spa_id = l.spa_id AND b.ref = %(booking)s::text AND b.lot_id = l.id
                AND b.settled_at IS NULL
            CROSS JOIN LATERAL (
                SELECT coalesce(b.amount, 0) + CASE
                    WHEN l.frozen_at IS NULL AND (l.expires_on IS NULL OR l.expires_on >= at.visit_on)
                    THEN l.remaining - l.held ELSE 0 END AS free) a
            WHERE l.spa_id = at.spa_id AND l.client_id = %(client)s AND l.remaining > 0 AND a.free > 0
              AND l.granted_on <= at.visit_on
            GROUP BY l.unit ORDER BY l.unit) h
    ), (
        SELECT json_agg(json_build_array(p.name, m.standing, m.ended_on, v.dues_cents, v.grants::text, v.terms::text)
                        ORDER BY m.id DESC)
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
        WHERE m.spa_id = at.spa_id AND m.client_id = %(client)s
    ), (
        SELECT json_agg(json_build_array(o.name, o.dues_cents, o.grants, o.terms)) FROM (
            SELECT DISTINCT ON (p.id) p.name, v.dues_cents, v.grants::text AS grants, v.terms::text AS terms
            FROM plan p JOIN plan_version v ON (v.spa_id, v.plan_id) = (p.spa_id, p.id)
            WHERE p.spa_id = at.spa_id AND p.retired_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM membership m
                WHERE m.spa_id = at.spa_id AND m.client_id = %(client)s AND m.standing <> 'ended')
            ORDER BY p.id, v.number DESC) o
    ), (
        SELECT coalesce(sum(i.dues_cents + i.setup_fee_cents), 0)::bigint FROM invoice i
        WHERE i.spa_id = at.spa_id AND i.client_id = %(client)s AND i.status = 'open' AND i.kind = 'dues'
    ), (
        SELECT min(d.promise_on) FROM dunning_case d
        WHERE d.spa_id = at.spa_id AND d.client_id = %(client)s AND d.closed_at IS NULL
    ), (
        SELECT json_build_array(l.unit, sum(l.remaining - l.held), l.expires_on) FROM credit_lot l
        WHERE l.spa_id = at.spa_id AND l.client_id = %(client)s AND l.remaining > 0 AND l.remaining > l.held
          AND l.frozen_at IS NULL
          AND l.expires_on BETWEEN at.today AND at.today + %(soon)s::int
        GROUP BY l.expires_on, l.unit ORDER BY l.expires_on, l.unit LIMIT 1
    ), (
        SELECT count(*) FROM staff_task t
        WHERE t.spa_id = at.spa_id AND t.client_id = %(client)s AND t.closed_at IS NULL
    ) FROM at"""
SOON_DAYS = 14
"""Credit that runs out within so many days is worth a word at the desk."""


@dataclass(frozen=True, slots=True)
class Till:
    """A client at the till, and the spa's zone."""

    zone: str
    client: Client


def till(uow: Asks, spa_id: int, client_id: int, cart: Cart, *, now: datetime, on: date | None = None) -> Till | None:
    """The client as they stand now, with what of their credit was there on the day of the visit; None for nobody.

    What is held for this visit's own booking is theirs to use.
    """
    codes = [line.code for line in cart.lines]
    asked = {"spa": spa_id, "client": client_id, "codes": codes, "booking": cart.booking, "now": now, "on": on}
    row = uow.sql(CLIENT, asked | {"soon": SOON_DAYS}).fetchone()
    if row is None:
        return None
    zone, policy, today, visit_on, services, held, memberships, offers, *arrival = row
    items = [Item(*each) for each in services or ()]
    return Till(
        zone,
        Client(
            client_id=client_id,
            today=today,
            on=visit_on,
            items={each.code: each for each in items},
            held=tuple(Held(*each) for each in held or ()),
            memberships=tuple(_membership(*each) for each in memberships or ()),
            offers=tuple(Offer(name, _terms(*sold)) for name, *sold in offers or ()),
            arrival=_arrival(*arrival),
            policy=_policy(json.dumps(policy)),
        ),
    )


def _arrival(owed_cents: int, promised_on: date | None, expiring: list[Any] | None, tasks: int) -> Arrival:
    unit, amount, last = expiring or (None, 0, None)
    return Arrival(
        owed_cents=owed_cents,
        promised_on=promised_on,
        expiring=Left(unit, amount) if unit else None,
        expires_on=date.fromisoformat(last) if last else None,
        tasks=tasks,
    )


def _membership(plan: str, standing: str, ended_on: str | None, *sold: Any) -> Membership:  # noqa: ANN401
    ended = date.fromisoformat(ended_on) if ended_on else None
    return Membership(plan, Standing(standing), _terms(*sold), ended)


@lru_cache(maxsize=256)
def _terms(dues_cents: int, grants: str, terms: str) -> Terms:
    """By its very words, which never change: reading them anew costs more than all the rest of a quote."""
    return Terms.from_json(json.loads(terms) or {"dues_cents": dues_cents, "grants": json.loads(grants)})


@lru_cache(maxsize=256)
def _policy(words: str) -> DeskPolicy:
    return DeskPolicy.from_json(json.loads(words))
