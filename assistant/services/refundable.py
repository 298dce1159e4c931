"""What of a payment can go back: read from the books, the lots it paid for, and what went back before."""

from assistant.db import billing as invoices
from assistant.db import refunds as table
from assistant.db.refunds import Taken
from assistant.domain import stored
from assistant.domain.billing import InvoiceStatus, PaidBy
from assistant.domain.calendar import local_day, next_charge
from assistant.domain.ledger import Parts
from assistant.domain.refunds import (
    Asked,
    Backing,
    Paid,
    RefundQuote,
    RefundRefusal,
    Refused,
    earned_by,
    plan_refund,
    plan_sale,
)
from assistant.runtime import UnitOfWork
from assistant.services import limits

TREE = """
    WITH RECURSIVE tree AS (
        SELECT spa_id, id FROM credit_lot WHERE spa_id = %(spa_id)s AND invoice_id = %(invoice_id)s
        UNION SELECT l.spa_id, l.id FROM credit_lot l JOIN tree t ON (l.spa_id, l.source_lot_id) = (t.spa_id, t.id))"""
"""Every lot that an invoice paid for, and every lot that was made of one: gifts, and gifts of gifts."""


def lock(uow: UnitOfWork, spa_id: int, invoice_id: int) -> None:
    """Whoever gives anything of an invoice back waits for its turn here."""
    invoices.owed(uow, spa_id, invoice_id)


def quote(
    uow: UnitOfWork, spa_id: int, invoice_id: int, cents: int | None, *, forced: bool, actor: str = ""
) -> RefundQuote | Refused:
    """What would go back of an invoice now by somebody's hand, and what would become of its credit."""
    owed = invoices.owed(uow, spa_id, invoice_id)
    if owed is None:
        raise LookupError(f"spa {spa_id} has no invoice {invoice_id}")
    payment, tender = paying(uow, spa_id, invoice_id), _tender(uow, spa_id, invoice_id) or PaidBy.NOTHING
    if (
        owed.status is not InvoiceStatus.PAID
        or tender == PaidBy.NOTHING
        or (payment is None) == (tender == PaidBy.CARD)
    ):
        return Refused(RefundRefusal.NOT_PAID)
    if payment is not None and payment.ticket_id is not None:
        return Refused(RefundRefusal.OF_A_TICKET)
    if (why := cannot(uow, spa_id, invoice_id, payment)) is not None:
        return Refused(why)
    hand = limits.hand(uow, spa_id, actor)
    asked = Asked(cents=cents, forced=forced, tender=tender, most_cents=hand.limits.refund_cents, manages=hand.manages)
    return plan_refund(paid(uow, spa_id, invoice_id, payment), asked)


def cannot(uow: UnitOfWork, spa_id: int, invoice_id: int | None, payment: Taken | None) -> RefundRefusal | None:
    """Why nothing may go back now, whatever is left of it."""
    if payment is not None and table.is_disputed(uow, spa_id, payment.attempt_id):
        return RefundRefusal.DISPUTED
    doubted = invoice_id is not None and (
        table.is_open(uow, spa_id, invoice_id) or invoices.open_attempt(uow, spa_id, invoice_id) is not None
    )
    return RefundRefusal.IN_DOUBT if doubted else None


def _tender(uow: UnitOfWork, spa_id: int, invoice_id: int) -> str | None:
    [[paid_by]] = uow.sql("SELECT paid_by FROM invoice WHERE spa_id = %s AND id = %s", (spa_id, invoice_id)).fetchall()
    return paid_by  # type: ignore[no-any-return]


def paying(uow: UnitOfWork, spa_id: int, invoice_id: int) -> Taken | None:
    """The card payment that settled an invoice."""
    return next((each for each in table.taken_for(uow, spa_id, invoice_id) if not each.mistaken), None)


def paid(uow: UnitOfWork, spa_id: int, invoice_id: int, payment: Taken | None) -> Paid:
    """What an invoice's payment was booked as, and what has become of that. Under its accounts' lock it stays so."""
    booked = _booked(uow, spa_id, [f"dues:{invoice_id}", f"order:{invoice_id}"])
    of = (spa_id, invoice_id, payment.attempt_id if payment else None)
    return Paid(
        cents=booked.cents,
        gone_cents=_gone(uow, *of),
        booked=booked,
        back=_back(uow, *of),
        earned_access_cents=_earned(uow, spa_id, invoice_id, booked.access),
        lots=tuple(backing(uow, spa_id, invoice_id)),
        used=tuple(_used(uow, spa_id, invoice_id)),
    )


def mistaken(uow: UnitOfWork, spa_id: int, payment: Taken) -> Paid:
    """A payment that nobody owed: all of it is its owner's."""
    booked = _booked(uow, spa_id, [f"mistake:{payment.attempt_id}"])
    of = (spa_id, payment.invoice_id, payment.attempt_id)
    return Paid(cents=booked.cents, gone_cents=_gone(uow, *of), booked=booked, back=_back(uow, *of))


def of_payment(uow: UnitOfWork, spa_id: int, payment: Taken) -> Paid:
    """Of any card payment; one of a ticket bought no credit, and all of it is earned."""
    if payment.mistaken:
        return mistaken(uow, spa_id, payment)
    return paid(uow, spa_id, payment.invoice_id, payment)


def _booked(uow: UnitOfWork, spa_id: int, keys: list[str]) -> Parts:
    """What was credited when the money came in."""
    rows = uow.sql(
        """SELECT p.account, -sum(p.amount)::bigint FROM ledger_entry e
           JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
           WHERE e.spa_id = %s AND e.key = ANY(%s) AND p.unit = 'USD' AND p.client_id = 0 GROUP BY 1""",
        (spa_id, keys),
    )
    return _parts(dict(rows.fetchall()))


def _back(uow: UnitOfWork, spa_id: int, invoice_id: int, attempt_id: int | None) -> Parts:
    """What was debited when some of it went back, by our hand or by a bank's."""
    rows = uow.sql(
        """SELECT p.account, sum(p.amount)::bigint FROM ledger_posting p WHERE p.spa_id = %(spa_id)s
           AND p.unit = 'USD' AND p.client_id = 0 AND p.entry_id IN (
               SELECT entry_id FROM refund WHERE spa_id = %(spa_id)s AND invoice_id = %(invoice_id)s
                 AND status = 'done' AND attempt_id IS NOT DISTINCT FROM %(attempt_id)s
               UNION ALL
               SELECT e.id FROM dispute d JOIN ledger_entry e
                 ON e.spa_id = d.spa_id AND e.key = 'dispute_lost:' || d.dispute_id
               WHERE d.spa_id = %(spa_id)s AND d.attempt_id = %(attempt_id)s)
           GROUP BY 1""",
        {"spa_id": spa_id, "invoice_id": invoice_id, "attempt_id": attempt_id},
    )
    return _parts(dict(rows.fetchall()))


def _parts(by_account: dict[str, int]) -> Parts:
    names = ("deferred", "access", "revenue", "tax", "tips", "goodwill", "owed_back")
    return Parts(**{name: max(0, by_account.get(name, 0)) for name in names})


def _gone(uow: UnitOfWork, spa_id: int, invoice_id: int, attempt_id: int | None) -> int:
    """Refunded, about to be, or lost to a bank."""
    [[cents]] = uow.sql(
        """SELECT (SELECT coalesce(sum(cents), 0) FROM refund WHERE spa_id = %(spa_id)s AND invoice_id = %(invoice_id)s
                   AND status <> 'failed' AND attempt_id IS NOT DISTINCT FROM %(attempt_id)s)
                + (SELECT coalesce(sum(cents), 0) FROM dispute
                   WHERE spa_id = %(spa_id)s AND attempt_id = %(attempt_id)s AND status = 'lost')""",
        {"spa_id": spa_id, "invoice_id": invoice_id, "attempt_id": attempt_id},
    ).fetchall()
    return int(cents)


def _earned(uow: UnitOfWork, spa_id: int, invoice_id: int, access_cents: int) -> int:
    """Of the access, what was given by today: by the days of its cycle (`rules.md` 8.2)."""
    owed = invoices.owed(uow, spa_id, invoice_id) if access_cents else None
    if owed is None:
        return 0
    _, ends_on = next_charge(owed.anchor_on, owed.cycle_months, owed.due_on)
    return earned_by(access_cents, owed.due_on, ends_on, local_day(uow.now, owed.zone))


def backing(uow: UnitOfWork, spa_id: int, invoice_id: int) -> list[Backing]:
    """The lots that an invoice paid for, wherever they are now."""
    rows = uow.sql(
        f"""{TREE} SELECT l.id, l.client_id, l.unit, l.remaining, l.remaining - l.held, l.cents_left
            FROM tree JOIN credit_lot l USING (spa_id, id) WHERE l.remaining > 0 ORDER BY l.id""",
        {"spa_id": spa_id, "invoice_id": invoice_id},
    )
    return [Backing(*row) for row in rows.fetchall()]


def _used(uow: UnitOfWork, spa_id: int, invoice_id: int) -> list[tuple[str, int]]:
    """What was used of the credit that it paid for, or is promised; neither taken back nor claimed before."""
    rows = uow.sql(
        f"""{TREE}, lot AS (
            SELECT l.* FROM tree JOIN credit_lot l USING (spa_id, id) WHERE l.lot_class <> 'promo'
        ), gone AS (
            SELECT unit, sum(granted) FILTER (WHERE invoice_id = %(invoice_id)s AND source_lot_id IS NULL)
                       - sum(remaining - held) AS amount FROM lot GROUP BY unit
        ), taken AS (
            SELECT lot.unit, sum(a.amount) AS amount FROM lot
            JOIN allocation a ON (a.spa_id, a.lot_id) = (lot.spa_id, lot.id)
            JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
            LEFT JOIN ledger_entry back ON (back.spa_id, back.id) = (e.spa_id, e.reverses)
            WHERE coalesce(back.kind, e.kind) = 'credits_taken_back' GROUP BY lot.unit
        ), claimed AS (
            SELECT c.unit, sum(c.amount) AS amount FROM credit_claim c JOIN refund r
                ON r.spa_id = c.spa_id AND c.key = 'refund:' || r.id || ':' || c.unit
            WHERE r.spa_id = %(spa_id)s AND r.invoice_id = %(invoice_id)s AND r.status = 'done' GROUP BY c.unit)
        SELECT unit, (gone.amount - coalesce(taken.amount, 0) - coalesce(claimed.amount, 0))::bigint
        FROM gone LEFT JOIN taken USING (unit) LEFT JOIN claimed USING (unit) ORDER BY unit""",
        {"spa_id": spa_id, "invoice_id": invoice_id},
    )
    return [(unit, amount) for unit, amount in rows.fetchall() if amount and amount > 0]


# --- tickets ---------------------------------------------------------------------------------------------------------


def ticket_quote(
    uow: UnitOfWork, spa_id: int, ticket_id: int, cents: int | None, *, actor: str = "", whatever: bool = False
) -> RefundQuote | Refused:
    """What would go back of a ticket now by somebody's hand. It is locked, after the order that it was paid by.

    `whatever` its payment is in: it has gone back already.
    """
    row = uow.sql("SELECT invoice_id FROM ticket WHERE spa_id = %s AND id = %s", (spa_id, ticket_id)).fetchone()
    if row is None:
        raise LookupError(f"spa {spa_id} has no ticket {ticket_id}")
    if row[0] is not None:
        invoices.owed(uow, spa_id, row[0])
    [[status, tender, revenue, tax, tips]] = uow.sql(
        "SELECT status, tender, due_cents, tax_cents, tip_cents FROM ticket"
        " WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE",
        (spa_id, ticket_id),
    ).fetchall()
    payment = paying(uow, spa_id, row[0]) if row[0] is not None and tender == PaidBy.CARD else None
    if status not in ("paid", "void") or (payment is None and tender == PaidBy.CARD):
        return Refused(RefundRefusal.NOT_PAID)
    if not whatever and (why := cannot(uow, spa_id, row[0], payment)) is not None:
        return Refused(why)
    most_cents = limits.hand(uow, spa_id, actor).limits.refund_cents
    asked = Asked(cents=cents, tender=tender, most_cents=most_cents)
    sold = Parts(revenue=revenue, tax=tax, tips=tips)
    back = _back_of_ticket(uow, spa_id, ticket_id)
    gone = _gone(uow, spa_id, row[0], payment.attempt_id) if payment else back.cents
    return plan_sale(sold, back, asked, gone_cents=max(0, gone - back.cents))


def _back_of_ticket(uow: UnitOfWork, spa_id: int, ticket_id: int) -> Parts:
    rows = uow.sql(
        "SELECT plan -> 'parts' FROM refund WHERE spa_id = %s AND ticket_id = %s AND status <> 'failed'",
        (spa_id, ticket_id),
    )
    parts = [stored.read(Parts, row[0], "parts") for row in rows.fetchall()]
    return Parts(
        **{name: sum(getattr(each, name) for each in parts) for name in ("revenue", "tax", "tips", "goodwill")}
    )
