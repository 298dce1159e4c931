"""Recomputes the books from their postings, and names the first thing that is not so."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Difference:
    """What the books say, and what the postings say."""

    check: str
    subject: str
    stored: int | None
    recomputed: int | None

    def __str__(self) -> str:
        return f"{self.check}: {self.subject} says {self.stored}, its postings say {self.recomputed}"


CHECKS = {
    "every entry sums to zero in each unit": """
        SELECT 'entry ' || entry_id || ' ' || unit, 0, sum(amount) FROM ledger_posting
        GROUP BY spa_id, entry_id, unit HAVING sum(amount) <> 0""",
    "every entry has postings": """
        SELECT 'entry ' || e.id, 1, 0 FROM ledger_entry e
        WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.spa_id = e.spa_id AND p.entry_id = e.id)""",
    "every member's balance is the sum of its postings": """
        SELECT 'client ' || client_id || ' ' || account || ' ' || unit, a.balance, coalesce(p.total, 0)
        FROM ledger_account a FULL JOIN (
            SELECT spa_id, client_id, account, unit, sum(amount) AS total FROM ledger_posting
            WHERE client_id <> 0 GROUP BY 1, 2, 3, 4) p USING (spa_id, client_id, account, unit)
        WHERE coalesce(a.balance, 0) <> coalesce(p.total, 0)""",
    "every posting to credits is allocated to lots": """
        SELECT 'entry ' || p.entry_id || ' leg ' || p.leg, p.amount, coalesce(a.total, 0)
        FROM ledger_posting p LEFT JOIN (
            SELECT spa_id, entry_id, leg, sum(amount) AS total FROM allocation GROUP BY 1, 2, 3) a
            USING (spa_id, entry_id, leg)
        WHERE p.account = 'credits' AND p.amount <> coalesce(a.total, 0)""",
    "every lot has left what was not allocated": """
        SELECT 'lot ' || l.id, l.remaining, coalesce(a.total, 0)
        FROM credit_lot l LEFT JOIN (
            SELECT spa_id, lot_id, -sum(amount) AS total FROM allocation GROUP BY 1, 2) a
            ON a.spa_id = l.spa_id AND a.lot_id = l.id
        WHERE l.remaining <> coalesce(a.total, 0)""",
    "every member's lots sum to their balance": """
        SELECT 'client ' || client_id || ' ' || unit, -a.balance, coalesce(l.total, 0)
        FROM (SELECT spa_id, client_id, unit, balance FROM ledger_account WHERE account = 'credits') a
        FULL JOIN (SELECT spa_id, client_id, unit, sum(remaining) AS total FROM credit_lot GROUP BY 1, 2, 3) l
            USING (spa_id, client_id, unit)
        WHERE -coalesce(a.balance, 0) <> coalesce(l.total, 0)""",
    "every lot has left of its dues what was not used": """
        SELECT 'lot ' || l.id, l.cents_left, l.paid_cents - coalesce(a.total, 0)
        FROM credit_lot l LEFT JOIN (
            SELECT spa_id, lot_id, sum(cents) AS total FROM allocation GROUP BY 1, 2) a
            ON a.spa_id = l.spa_id AND a.lot_id = l.id
        WHERE l.cents_left <> l.paid_cents - coalesce(a.total, 0)""",
    "every lot keeps what is held of it": """
        SELECT 'lot ' || l.id, l.held, coalesce(h.total, 0)
        FROM credit_lot l LEFT JOIN (
            SELECT spa_id, lot_id, sum(amount) AS total FROM credit_hold WHERE settled_at IS NULL GROUP BY 1, 2) h
            ON h.spa_id = l.spa_id AND h.lot_id = l.id
        WHERE l.held <> coalesce(h.total, 0)""",
    "what is deferred is what lots have left of their dues": """
        SELECT 'spa ' || spa_id, coalesce(l.total, 0), coalesce(d.total, 0)
        FROM (SELECT spa_id, -sum(amount) AS total FROM ledger_posting WHERE account = 'deferred' GROUP BY 1) d
        FULL JOIN (
            SELECT spa_id, sum(cents_left) AS total FROM credit_lot WHERE unit <> 'USD' GROUP BY 1) l USING (spa_id)
        WHERE coalesce(l.total, 0) <> coalesce(d.total, 0)""",
    "every allocation is of the lot's own member and unit": """
        SELECT 'allocation of entry ' || a.entry_id || ' to lot ' || a.lot_id, l.client_id, p.client_id
        FROM allocation a JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id)
        JOIN ledger_posting p ON (p.spa_id, p.entry_id, p.leg) = (a.spa_id, a.entry_id, a.leg)
        WHERE (l.client_id, l.unit) IS DISTINCT FROM (p.client_id, p.unit) OR p.account <> 'credits'""",
}
"""Each finds what is not so: subject, what is stored, what the postings give."""


def differences(uow: UnitOfWork) -> Iterator[Difference]:
    """The first difference of each check, over all spas; nothing when the books are right."""
    for check, query in CHECKS.items():
        row = uow.sql(f"{query} ORDER BY 1 LIMIT 1").fetchone()
        if row is not None:
            subject, stored, recomputed = row
            yield Difference(check, subject, stored, recomputed)
