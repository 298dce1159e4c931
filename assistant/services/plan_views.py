"""Plans as the console shows them: what each brings in, its versions with who holds them, and new prices to come."""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.plans import Math, Terms, math
from assistant.runtime import UnitOfWork
from assistant.services.plans import as_sold, list_prices


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan, at its newest terms."""

    plan_id: int
    name: str
    terms: Terms
    members: int
    mrr_cents: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """Terms as they were sold, and how many hold them."""

    version_id: int
    number: int
    terms: Terms
    sold_from: datetime
    members: int


@dataclass(frozen=True, slots=True)
class Rise:
    """A new price on its way: how many are told of it, with what proof."""

    from_number: int
    to_number: int
    old_cents: int
    new_cents: int
    effective_on: date
    notice_on: date
    members: int
    """Who holds the old terms still."""
    told: int
    delivered: int
    agreed: int
    moved: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan, the newest version first."""

    plan_id: int
    code: str
    name: str
    retired_at: datetime | None
    versions: list[Version]
    rises: list[Rise]
    math: Math

    @property
    def newest(self) -> Version:
        return self.versions[0]


LISTED = """
    SELECT p.id, p.name, v.dues_cents, v.grants, v.terms, n.members, n.mrr, p.retired_at
    FROM plan p
    JOIN LATERAL (SELECT * FROM plan_version v WHERE (v.spa_id, v.plan_id) = (p.spa_id, p.id)
                  ORDER BY v.number DESC LIMIT 1) v ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS members, coalesce(sum(mrr_of(m.standing, o.dues_cents, o.cycle_months)), 0)::bigint AS mrr
        FROM membership m JOIN plan_version o ON (o.spa_id, o.id) = (m.spa_id, m.plan_version_id)
        WHERE o.spa_id = p.spa_id AND o.plan_id = p.id AND m.standing <> 'ended') n ON true
    WHERE p.spa_id = %s ORDER BY p.retired_at IS NOT NULL, v.dues_cents, p.id LIMIT 100"""


def listed(uow: UnitOfWork, spa_id: int) -> list[Listed]:
    """Every plan, those that can be joined first."""
    return [
        Listed(plan_id, name, as_sold(dues, grants, terms), *rest)
        for plan_id, name, dues, grants, terms, *rest in uow.sql(LISTED, (spa_id,)).fetchall()
    ]


VERSIONS = """
    SELECT v.id, v.number, v.dues_cents, v.grants, v.terms, v.sold_from, (
        SELECT count(*) FROM membership m
        WHERE (m.spa_id, m.plan_version_id) = (v.spa_id, v.id) AND m.standing <> 'ended')
    FROM plan_version v WHERE v.spa_id = %s AND v.plan_id = %s ORDER BY v.number DESC LIMIT 100"""
RISES = """
    SELECT o.number, n.number, o.dues_cents, n.dues_cents, g.effective_on, g.notice_on,
           (SELECT count(*) FROM membership m
            WHERE (m.spa_id, m.plan_version_id) = (g.spa_id, g.from_version_id) AND m.standing <> 'ended'),
           count(t.membership_id), count(*) FILTER (WHERE l.outcome = 'delivered'),
           count(t.agreed_at), count(*) FILTER (WHERE t.outcome = 'moved')
    FROM plan_migration g
    JOIN plan_version o ON (o.spa_id, o.id) = (g.spa_id, g.from_version_id)
    JOIN plan_version n ON (n.spa_id, n.id) = (g.spa_id, g.to_version_id)
    LEFT JOIN price_notice t ON (t.spa_id, t.migration_id) = (g.spa_id, g.id)
    LEFT JOIN legal_notice l ON (l.spa_id, l.migration_id, l.membership_id) = (g.spa_id, g.id, t.membership_id)
    WHERE g.spa_id = %s AND n.plan_id = %s
    GROUP BY g.spa_id, g.id, o.number, n.number, o.dues_cents, n.dues_cents
    ORDER BY g.effective_on DESC, g.id DESC LIMIT 50"""


def look(uow: UnitOfWork, spa_id: int, plan_id: int) -> Plan | None:
    """One plan of a spa; None for what is none of its."""
    row = uow.sql("SELECT code, name, retired_at FROM plan WHERE spa_id = %s AND id = %s", (spa_id, plan_id)).fetchone()
    if row is None:
        return None
    versions = [
        Version(version_id, number, as_sold(dues, grants, terms), *rest)
        for version_id, number, dues, grants, terms, *rest in uow.sql(VERSIONS, (spa_id, plan_id)).fetchall()
    ]
    rises = [Rise(*each) for each in uow.sql(RISES, (spa_id, plan_id)).fetchall()]
    code, name, retired_at = row
    sums = math(versions[0].terms, list_prices(uow, spa_id))
    return Plan(plan_id, code, name, retired_at, versions, rises, sums)


def sorts(uow: UnitOfWork, spa_id: int) -> tuple[list[str], list[tuple[str, str]]]:
    """What a member price may be for: the categories, and the services by code and name."""
    rows = uow.sql("SELECT code, name, category FROM service WHERE spa_id = %s ORDER BY name", (spa_id,)).fetchall()
    return sorted({category for *_, category in rows}), [(code, name) for code, name, _ in rows]
