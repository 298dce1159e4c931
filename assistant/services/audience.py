"""Who fits an audience, and why some who do are left out: one statement for a slice of clients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assistant.domain.audience import Audience, Known
from assistant.domain.calendar import local_day
from assistant.domain.campaigns import Purpose, Repeats
from assistant.domain.sending import SendingPolicy
from assistant.runtime import UnitOfWork

ADULT_YEARS = 18

SLICE = """
    slice AS MATERIALIZED (
        SELECT id, first_name, last_name, locale, zone, born_on, tags, location FROM client
        WHERE spa_id = %(spa)s AND id > %(after)s ORDER BY id LIMIT %(many)s)"""

ADDRESS = {
    "sms": """
        LEFT JOIN LATERAL (
            SELECT p.id, p.number AS address, p.suppressed_at IS NOT NULL AS opted_out,
                   p.unreachable_at IS NOT NULL OR p.unsure_at IS NOT NULL AS unreachable, p.sms_marketing AS agreed
            FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
            WHERE cp.spa_id = %(spa)s AND cp.client_id = c.id ORDER BY cp.preferred DESC, p.id LIMIT 1) a ON true""",
    "email": """
        LEFT JOIN LATERAL (
            SELECT e.id, e.address, e.suppressed_at IS NOT NULL AS opted_out,
                   e.undeliverable_at IS NOT NULL AS unreachable, e.email_marketing AS agreed
            FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
            WHERE ce.spa_id = %(spa)s AND ce.client_id = c.id ORDER BY ce.preferred DESC, e.id LIMIT 1) a ON true""",
}
SHARED = {
    "sms": "SELECT 1 FROM client_phone o WHERE (o.spa_id, o.phone_id) = (%(spa)s, a.id) AND o.client_id < c.id",
    "email": "SELECT 1 FROM client_email o WHERE (o.spa_id, o.email_id) = (%(spa)s, a.id) AND o.client_id < c.id",
}
"""One phone is offered something once: the client who was there first gets it."""

REASON = """
    CASE WHEN %(join)s AND EXISTS (
            SELECT 1 FROM membership m WHERE (m.spa_id, m.client_id) = (%(spa)s, c.id) AND m.standing <> 'ended')
            THEN 'member'
        WHEN EXISTS (SELECT 1 FROM membership m WHERE (m.spa_id, m.client_id) = (%(spa)s, c.id)
                     AND m.standing IN ('past_due', 'suspended'))
            OR EXISTS (SELECT 1 FROM membership m JOIN invoice i ON (i.spa_id, i.membership_id) = (m.spa_id, m.id)
                       WHERE (m.spa_id, m.client_id) = (%(spa)s, c.id) AND i.status = 'open' AND i.due_on < %(today)s)
            THEN 'past_due'
        WHEN EXISTS (SELECT 1 FROM dispute d WHERE (d.spa_id, d.client_id) = (%(spa)s, c.id) AND d.status = 'open')
            THEN 'in_dispute'
        WHEN c.born_on > %(adult_born_by)s THEN 'minor'
        WHEN a.id IS NULL THEN 'no_address'
        WHEN a.opted_out THEN 'opted_out'
        WHEN a.unreachable THEN 'unreachable'
        WHEN NOT a.agreed THEN 'no_consent'
        WHEN EXISTS (SELECT 1 FROM handover h WHERE (h.spa_id, h.channel, h.address) = (%(spa)s, %(channel)s, a.address)
                     AND h.closed_at IS NULL) THEN 'with_a_person'
        WHEN EXISTS (SELECT 1 FROM outbound_message o WHERE (o.spa_id, o.recipient) = (%(spa)s, a.address)
                     AND o.message_class = 'marketing' AND o.asked_at > %(rested_since)s) THEN 'lately'
        WHEN EXISTS ({shared}) THEN 'same_address'
    END"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What `judged` needs beside an audience."""

    sql: str
    """A common table expression `judged`: client_id, address, locale, zone, first_name, last_name, reason."""
    values: dict[str, Any]


def judged(
    uow: UnitOfWork,
    spa_id: int,
    zone: str,
    audience: Audience,
    *,
    purpose: Purpose,
    channel: str,
    policy: SendingPolicy,
    repeats: Repeats | None = None,
) -> Chosen:
    """The slice of clients after `after`, `many` of them, who fit, each with why they are left out or null."""
    today = local_day(uow.now, zone)
    conditions = [*_conditions(audience), *_visit_day(repeats, today)]
    where = " AND ".join(sql for sql, _ in conditions) or "true"
    seen = _visits(audience)
    sql = f"""{SLICE}, judged AS (
        SELECT c.id AS client_id, a.address, c.locale, c.zone, c.first_name, c.last_name,
               {REASON.format(shared=SHARED[channel])} AS reason
        FROM slice c {seen} {ADDRESS[channel]}
        WHERE {where})"""
    values: dict[str, Any] = {
        "spa": spa_id,
        "channel": channel,
        "join": purpose is Purpose.JOIN,
        "today": today,
        "adult_born_by": _years_before(today, ADULT_YEARS),
        "rested_since": uow.now - timedelta(days=policy.rest_days),
        "visits_since": uow.now - timedelta(days=audience.within_days),
    }
    return Chosen(sql, values | _days_back(uow, audience) | _merged(values for _, values in conditions))


def _visits(audience: Audience) -> str:
    """What they did, where it is asked for: counted over as many days as were said, and the last of all."""
    counted = (audience.visits_at_least, audience.visits_at_most, audience.spent_at_least_cents)
    joins = ""
    if any(each is not None for each in counted):
        joins += """
            CROSS JOIN LATERAL (
                SELECT count(*) AS many, coalesce(sum(t.total_cents), 0) AS cents FROM ticket t
                WHERE (t.spa_id, t.client_id) = (%(spa)s, c.id) AND t.status = 'paid'
                  AND t.paid_at > %(visits_since)s) v"""
    if audience.seen_within_days is not None or audience.not_seen_for_days is not None:
        joins += """
            CROSS JOIN LATERAL (
                SELECT max(t.paid_at) AS at FROM ticket t
                WHERE (t.spa_id, t.client_id) = (%(spa)s, c.id) AND t.status = 'paid') seen"""
    return joins


def _days_back(uow: UnitOfWork, audience: Audience) -> dict[str, Any]:
    days = {"seen_since": audience.seen_within_days, "not_seen_since": audience.not_seen_for_days}
    return {name: uow.now - timedelta(days=many) for name, many in days.items() if many is not None}


_KNOWN = {
    Known.MEMBER: "EXISTS ({live})",
    Known.FORMER: "EXISTS ({any}) AND NOT EXISTS ({live})",
    Known.NEVER: "NOT EXISTS ({any})",
}
_ANY = "SELECT 1 FROM membership k WHERE (k.spa_id, k.client_id) = (%(spa)s, c.id)"


def _conditions(audience: Audience) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each thing that was said, as a condition and its value."""
    if audience.known is not None:
        yield _KNOWN[audience.known].format(any=_ANY, live=f"{_ANY} AND k.standing <> 'ended'"), {}
    simple = (
        ("v.many >= %(visits_at_least)s", "visits_at_least"),
        ("v.many <= %(visits_at_most)s", "visits_at_most"),
        ("v.cents >= %(spent_at_least_cents)s", "spent_at_least_cents"),
        ("extract(month FROM c.born_on) = %(birthday_month)s", "birthday_month"),
        ("c.location = %(location)s", "location"),
        ("c.locale = %(locale)s", "locale"),
    )
    for sql, name in simple:
        if (value := getattr(audience, name)) is not None:
            yield sql, {name: value}
    if audience.seen_within_days is not None:
        yield "seen.at >= %(seen_since)s", {}
    if audience.not_seen_for_days is not None:
        yield "seen.at < %(not_seen_since)s", {}
    if audience.tags:
        yield "c.tags && %(tags)s::text[]", {"tags": list(audience.tags)}
    if audience.categories:
        yield _HAD, {"categories": list(audience.categories)}


CAUGHT_UP = timedelta(days=2)
"""A day on which nothing ran is made up for so long: a client is chosen once anyhow."""
_VISIT_DAY = """(
    SELECT t.visit_on FROM ticket t WHERE (t.spa_id, t.client_id) = (%(spa)s, c.id) AND t.status = 'paid'
    ORDER BY t.visit_on, t.id OFFSET %(nth)s LIMIT 1) BETWEEN %(visited_from)s AND %(visited_on)s"""


def _visit_day(repeats: Repeats | None, today: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of a campaign that goes on: whose visit it was so many days ago."""
    if repeats is not None:
        day = today - timedelta(days=repeats.days)
        yield _VISIT_DAY, {"nth": repeats.after_visits - 1, "visited_from": day - CAUGHT_UP, "visited_on": day}


_HAD = """EXISTS (
    SELECT 1 FROM ticket t JOIN ticket_line l ON (l.spa_id, l.ticket_id) = (t.spa_id, t.id)
    JOIN service s ON (s.spa_id, s.id) = (l.spa_id, l.service_id)
    WHERE (t.spa_id, t.client_id) = (%(spa)s, c.id) AND t.status = 'paid' AND t.paid_at > %(visits_since)s
      AND s.category = ANY(%(categories)s::text[]))"""


def _merged(values: Iterator[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: value for each in values for name, value in each.items()}


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
