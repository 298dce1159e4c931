"""The last payments of a client, as a member is told of them."""

from dataclasses import dataclass
from datetime import date

from assistant.db.base import Asks


@dataclass(frozen=True, slots=True)
class Told:
    """One payment: its day at the spa, its cents, and the plan it was dues of; None for a visit or another order."""

    on: date
    cents: int
    plan: str | None


LAST = """
    SELECT (coalesce(a.answered_at, i.paid_at) AT TIME ZONE %(zone)s)::date, i.dues_cents + i.setup_fee_cents,
           CASE WHEN i.kind = 'dues' THEN p.name END
    FROM invoice i
    LEFT JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
    LEFT JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    LEFT JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    LEFT JOIN LATERAL (
        SELECT answered_at FROM charge_attempt a WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        AND a.status = 'succeeded' ORDER BY a.id DESC LIMIT 1) a ON true
    WHERE i.spa_id = %(spa)s AND i.client_id = %(client)s AND i.status = 'paid'
    ORDER BY 1 DESC, i.id DESC LIMIT %(most)s"""


def last_charges(uow: Asks, spa_id: int, client_id: int, zone: str, most: int) -> list[Told]:
    """The newest first."""
    rows = uow.sql(LAST, {"spa": spa_id, "client": client_id, "zone": zone, "most": most})
    return [Told(*row) for row in rows.fetchall()]
