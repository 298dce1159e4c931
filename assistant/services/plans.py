"""Plans as they are offered: new ones with their warnings, new versions, and what a month of one is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg.types.json import Jsonb

from assistant.domain import stored
from assistant.domain.billing import Collection
from assistant.domain.joining import begins
from assistant.domain.plans import Math, Terms, TierWarning, math, tier_warning
from assistant.runtime import UnitOfWork
from assistant.services import audit


@dataclass(frozen=True, slots=True)
class Offered:
    """A version that can be joined from now on; a third plan is allowed, with a word of warning."""

    plan_id: int
    version_id: int
    number: int
    warning: TierWarning | None


def offer(uow: UnitOfWork, spa_id: int, code: str, name: str, terms: Terms, *, actor: str) -> Offered:
    """Offer a plan, or new terms of one that is offered already; nobody's own terms change by it."""
    [[live]] = uow.sql(
        "SELECT count(*) FROM plan WHERE spa_id = %s AND retired_at IS NULL AND code <> %s", (spa_id, code)
    ).fetchall()
    [[plan_id]] = uow.sql(
        "INSERT INTO plan (spa_id, code, name) VALUES (%s, %s, %s)"
        " ON CONFLICT (spa_id, code) DO UPDATE SET name = excluded.name, retired_at = NULL RETURNING id",
        (spa_id, code, name),
    ).fetchall()
    version_id, number = _version(uow, spa_id, plan_id, terms)
    facts = {"plan": code, "version": number, "dues_cents": terms.dues_cents}
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="plan_offered", subject=f"plan:{plan_id}", after=facts)
    return Offered(plan_id, version_id, number, tier_warning(live))


def _version(uow: UnitOfWork, spa_id: int, plan_id: int, terms: Terms) -> tuple[int, int]:
    """What billing goes by stands in columns of its own; the whole of it as it was sold."""
    [[version_id, number]] = uow.sql(
        """INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, cycle_months, setup_fee_cents, intro_cents,
                                     intro_cycles, access_cents, grants, terms, sold_from)
           SELECT %s, %s, coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s, %s
           FROM plan_version WHERE spa_id = %s AND plan_id = %s RETURNING id, number""",
        (
            spa_id,
            plan_id,
            terms.dues_cents,
            terms.cadence.months,
            terms.setup_fee_cents,
            terms.intro_cents,
            terms.intro_cycles,
            terms.access_cents,
            Jsonb([stored.written(grant) for grant in terms.grants]),
            Jsonb(terms.to_json()),
            uow.now,
            spa_id,
            plan_id,
        ),
    ).fetchall()
    return version_id, number


def retire(uow: UnitOfWork, spa_id: int, plan_id: int, *, actor: str) -> None:
    """Nobody new may join it; its members stay as they are."""
    uow.sql("UPDATE plan SET retired_at = %s WHERE spa_id = %s AND id = %s", (uow.now, spa_id, plan_id))
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="plan_retired", subject=f"plan:{plan_id}")


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A plan as its page shows it: the newest terms, the math, and how many hold it in any version."""

    plan_id: int
    version_id: int
    code: str
    name: str
    number: int
    terms: Terms
    math: Math
    members: int


def on_offer(uow: UnitOfWork, spa_id: int) -> list[OnOffer]:
    """Every plan that can be joined, the dearest last."""
    prices = list_prices(uow, spa_id)
    rows = uow.sql(
        """SELECT DISTINCT ON (p.id) p.id, v.id, p.code, p.name, v.number, v.dues_cents, v.grants, v.terms, (
               SELECT count(*) FROM membership m JOIN plan_version o ON (o.spa_id, o.id) = (m.spa_id, m.plan_version_id)
               WHERE o.spa_id = p.spa_id AND o.plan_id = p.id AND m.standing <> 'ended')
           FROM plan p JOIN plan_version v ON (v.spa_id, v.plan_id) = (p.spa_id, p.id)
           WHERE p.spa_id = %s AND p.retired_at IS NULL ORDER BY p.id, v.number DESC""",
        (spa_id,),
    ).fetchall()
    found = []
    for plan_id, version_id, code, name, number, dues_cents, grants, terms, members in rows:
        sold = as_sold(dues_cents, grants, terms)
        found.append(OnOffer(plan_id, version_id, code, name, number, sold, math(sold, prices), members))
    return sorted(found, key=lambda each: each.math.dues_cents)


def terms_of(uow: UnitOfWork, spa_id: int, version_id: int) -> Terms:
    """The terms of a version, as they were sold."""
    [[dues_cents, grants, terms]] = uow.sql(
        "SELECT dues_cents, grants, terms FROM plan_version WHERE spa_id = %s AND id = %s", (spa_id, version_id)
    ).fetchall()
    return as_sold(dues_cents, grants, terms)


def as_sold(dues_cents: int, grants: object, terms: Mapping[str, object] | None) -> Terms:
    """What a version's row says: one that was written before its terms were has the columns of billing alone."""
    return Terms.from_json(terms or {"dues_cents": dues_cents, "grants": grants})


def list_prices(uow: UnitOfWork, spa_id: int) -> dict[str, int]:
    """The cents of a whole unit of each kind of credit."""
    asked = "SELECT unit, reference_cents FROM credit_kind WHERE spa_id = %s ORDER BY unit"
    return {unit: cents for unit, cents in uow.sql(asked, (spa_id,)).fetchall()}  # noqa: C416 - rows are not pairs


@dataclass(frozen=True, slots=True)
class Joined:
    """A membership that begins, and the day of its first charge."""

    membership_id: int
    first_charge_on: date


HELD = """
    SELECT 1 FROM membership m JOIN plan_version o ON (o.spa_id, o.id) = (m.spa_id, m.plan_version_id)
    JOIN plan_version v ON (v.spa_id, v.plan_id) = (o.spa_id, o.plan_id) AND v.id = %s
    WHERE m.spa_id = %s AND m.client_id = %s AND m.standing <> 'ended' LIMIT 1"""


def holds(uow: UnitOfWork, spa_id: int, client_id: int, version_id: int) -> bool:
    """Whether a client is a member under a version's plan, in whatever version."""
    return uow.sql(HELD, (version_id, spa_id, client_id)).fetchone() is not None


class HeldAlready(ValueError):  # noqa: N818 - the name says what is so
    """Two memberships of one plan would be two dues for one thing."""


def join(
    uow: UnitOfWork,
    spa_id: int,
    client_id: int,
    version_id: int,
    *,
    today: date,
    first_charge_on: date | None = None,
    returning: bool = False,
    collection: Collection = Collection.CARD,
) -> Joined:
    """A client becomes a member: charged from today, and a member from the first payment on.

    Brought from elsewhere, with a first charge on a later day: a member from now on (`features.md` A9). One who comes
    back begins behind the introductory cycles. Raises `HeldAlready` for one who has this very plan already, in whatever
    version.
    """
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, client_id))
    if holds(uow, spa_id, client_id, version_id):
        raise HeldAlready(f"client {client_id} is a member under this plan already")
    starts_on = first_charge_on or today
    first = begins(starts_on, terms_of(uow, spa_id, version_id).cadence.months, returning=returning)
    standing = "active" if starts_on > today else "scheduled"
    [[membership_id]] = uow.sql(
        "INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, first_cycle, collection,"
        " created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (spa_id, client_id, version_id, standing, first.anchor_on, first.first_cycle, collection.value, uow.now),
    ).fetchall()
    subject = f"membership:{membership_id}"
    audit.write(uow, spa_id, actor="member", evidence="E2", act="joined", subject=subject)
    return Joined(membership_id, starts_on)
