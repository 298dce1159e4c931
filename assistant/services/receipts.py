"""A member's receipts: every payment that arrived, and what of it went back.

A visit is a visit here too: what was done in it stands on the desk's own receipt (`rules.md` 7.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain import stored
from assistant.domain.tickets import Quote
from assistant.runtime import UnitOfWork
from assistant.services.member_sessions import Session

MOST = 60


@dataclass(frozen=True, slots=True)
class Receipt:
    """One payment."""

    kind: str
    """dues, visit, change (to a dearer plan) or pause (its fee)."""
    id: int
    on: date
    plan: str
    cents: int
    paid_by: str
    """card, cash, cheque, terminal or nothing."""
    setup_cents: int
    tax_cents: int
    tip_cents: int
    back_cents: int
    """What of it went back, or is on its way."""
    void: bool

    @property
    def net_cents(self) -> int:
        """Before tax, tip and the fee for joining."""
        return self.cents - self.setup_cents - self.tax_cents - self.tip_cents


PAID = """
    WITH paid AS (
        SELECT CASE WHEN i.kind = 'dues' THEN 'dues' WHEN c.id IS NOT NULL THEN 'change' ELSE 'pause' END AS kind,
               i.id, i.paid_at AS at, coalesce(p.name, '') AS plan, i.dues_cents + i.setup_fee_cents AS cents,
               i.paid_by, i.setup_fee_cents AS setup_cents, 0::bigint AS tax_cents, 0::bigint AS tip_cents,
               false AS void, i.id AS invoice_id, NULL::bigint AS ticket_id
        FROM invoice i
        LEFT JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        LEFT JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
        LEFT JOIN plan_change c ON (c.spa_id, c.invoice_id) = (i.spa_id, i.id)
        WHERE i.spa_id = %(spa)s AND i.client_id = %(client)s AND i.status = 'paid'
          AND i.dues_cents + i.setup_fee_cents > 0
          AND NOT EXISTS (SELECT FROM ticket t WHERE (t.spa_id, t.invoice_id) = (i.spa_id, i.id))
        UNION ALL
        SELECT 'visit', t.id, t.paid_at, '', t.total_cents, t.tender, 0, t.tax_cents, t.tip_cents, t.status = 'void',
               t.invoice_id, t.id
        FROM ticket t WHERE t.spa_id = %(spa)s AND t.client_id = %(client)s AND t.paid_at IS NOT NULL
          AND t.status IN ('paid', 'void'))
    SELECT x.kind, x.id, (x.at AT TIME ZONE %(zone)s)::date, x.plan, x.cents, x.paid_by, x.setup_cents, x.tax_cents,
           x.tip_cents, (
               SELECT coalesce(sum(r.cents), 0)::bigint FROM refund r
               WHERE r.spa_id = %(spa)s AND r.status <> 'failed'
                 AND (r.invoice_id = x.invoice_id OR r.ticket_id = x.ticket_id)), x.void
    FROM paid x WHERE %(kind)s::text IS NULL OR (x.kind, x.id) = (%(kind)s, %(id)s)
    ORDER BY x.at DESC, x.kind, x.id DESC LIMIT %(most)s"""


def of(uow: UnitOfWork, session: Session, zone: str) -> list[Receipt]:
    """The last ones, the newest first."""
    return _read(uow, session, zone, None, None)


def find(uow: UnitOfWork, session: Session, zone: str, kind: str, number: int) -> Receipt | None:
    """One of theirs; None for nobody's, or for somebody else's."""
    return next(iter(_read(uow, session, zone, kind, number)), None)


def _read(uow: UnitOfWork, session: Session, zone: str, kind: str | None, number: int | None) -> list[Receipt]:
    asked = {"spa": session.spa_id, "client": session.client_id, "zone": zone}
    asked |= {"kind": kind, "id": number, "most": MOST}
    return [Receipt(*row) for row in uow.sql(PAID, asked).fetchall()]


def credit_used(uow: UnitOfWork, session: Session, receipt: Receipt) -> Sequence[tuple[str, int]]:
    """The credit that a visit took, by unit."""
    row = uow.sql(
        "SELECT quote FROM ticket WHERE spa_id = %s AND client_id = %s AND id = %s",
        (session.spa_id, session.client_id, receipt.id),
    ).fetchone()
    return () if row is None else tuple(stored.read(Quote, row[0], "quote").bill.uses().items())
