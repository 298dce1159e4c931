"""Credit that nobody uses: told, and never taken into revenue by itself (`rules.md` 8.1, 6.14; `features.md` H3)."""

from dataclasses import dataclass
from datetime import date

from assistant.runtime import UnitOfWork

BUCKETS = ((0, 89), (90, 179), (180, 364), (365, 1825), (1826, None))
"""Days since its owner last used or was granted any credit; after five years several states call it abandoned."""


@dataclass(frozen=True, slots=True)
class Dormant:
    """Paid credit whose owner has not touched any for so long."""

    from_days: int
    to_days: int | None
    clients: int
    cents: int
    """What was paid for it."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """Paid balances by how long they have slept, as they are now; and promotions that ran out in a period."""

    from_on: date
    as_of: date
    dormant: tuple[Dormant, ...]
    expired: tuple[tuple[str, int], ...]
    """By unit, what of promotions ran out."""
    paid_cents: int
    """All paid credit that is not used, by another way."""

    @property
    def holds(self) -> bool:
        return sum(each.cents for each in self.dormant) == self.paid_cents


AGED = """
    WITH touched AS MATERIALIZED (
        SELECT p.client_id, max(e.occurred_at) AS at
        FROM ledger_posting p JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
        WHERE p.spa_id = %(spa)s AND p.account = 'credits' AND e.kind <> 'credits_expired' GROUP BY 1
    ), held AS MATERIALIZED (
        SELECT client_id, sum(cents_left)::bigint AS cents FROM credit_lot
        WHERE spa_id = %(spa)s AND remaining > 0 GROUP BY 1 HAVING sum(cents_left) > 0)
    SELECT width_bucket(greatest(%(as_of)s - (t.at AT TIME ZONE s.zone)::date, 0), ARRAY[90, 180, 365, 1826]),
           count(*), sum(h.cents)::bigint
    FROM held h JOIN touched t USING (client_id)
    CROSS JOIN (SELECT zone FROM spa WHERE spa_id = %(spa)s) s
    GROUP BY 1"""
EXPIRED = """
    SELECT p.unit, sum(p.amount)::bigint FROM ledger_entry e JOIN spa s ON s.spa_id = e.spa_id
    JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id) AND p.account = 'credits'
    WHERE e.spa_id = %(spa)s AND e.kind = 'credits_expired'
      AND (e.occurred_at AT TIME ZONE s.zone)::date BETWEEN %(from_on)s AND %(as_of)s GROUP BY 1 ORDER BY 1"""
PAID = "SELECT coalesce(sum(cents_left), 0)::bigint FROM credit_lot WHERE spa_id = %(spa)s"


def breakage(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Breakage:
    """Balances are known as they are now; their age is counted to `as_of`."""
    asked = {"spa": spa_id, "from_on": from_on, "as_of": as_of}
    found = {place: (clients, cents) for place, clients, cents in uow.sql(AGED, asked).fetchall()}
    dormant = tuple(Dormant(low, high, *found.get(place, (0, 0))) for place, (low, high) in enumerate(BUCKETS))
    expired = tuple((unit, amount) for unit, amount in uow.sql(EXPIRED, asked).fetchall())
    [[paid_cents]] = uow.sql(PAID, asked).fetchall()
    return Breakage(from_on, as_of, dormant, expired, paid_cents)
