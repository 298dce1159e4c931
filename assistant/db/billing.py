"""Invoices, one for each membership's each cycle, and every question ever asked of a bank about them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.rows import TupleRow
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Day, Facts, Id, Instant, SpaId, belongs, one_of
from assistant.domain.billing import AttemptStatus, Cause, InvoiceKind, InvoiceStatus, PaidBy
from assistant.domain.calendar import cycle_date


class Invoice(Base):
    """One membership's one cycle, or one order of a client's: open while it is owed.

    The database lets its status make only the allowed moves. An order (a ticket's remainder, the difference to a dearer
    plan) is charged once for whoever stands there, and never chased.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        belongs("membership_id", "membership"),
        belongs("client_id", "client"),
        belongs("plan_version_id", "plan_version"),
        UniqueConstraint("spa_id", "membership_id", "cycle"),
        CheckConstraint(one_of("kind", InvoiceKind), name="kind"),
        CheckConstraint(
            "kind = 'order' AND cycle IS NULL"
            " OR kind = 'dues' AND num_nonnulls(membership_id, cycle, plan_version_id) = 3",
            name="of_a_cycle",
        ),
        CheckConstraint(one_of("status", InvoiceStatus), name="status"),
        CheckConstraint(f"paid_by IS NULL OR {one_of('paid_by', PaidBy)}", name="paid_by"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL AND paid_by IS NOT NULL)", name="paid"),
        CheckConstraint("dues_cents >= 0 AND setup_fee_cents >= 0", name="cents"),
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("next_attempt_at IS NULL OR status = 'open'", name="next_attempt"),
        Index("ix_invoice_client", "spa_id", "client_id", "id"),
        Index(
            "ix_invoice_due",
            "next_attempt_at",
            "id",
            postgresql_where=text("status = 'open' AND next_attempt_at IS NOT NULL"),
        ),
        Index("ix_invoice_open", "spa_id", "membership_id", postgresql_where=text("status = 'open'")),
        Index("ix_invoice_due_on", "spa_id", "due_on"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    kind: Mapped[Code] = mapped_column(server_default=InvoiceKind.DUES)
    membership_id: Mapped[int | None]
    client_id: Mapped[int]
    plan_version_id: Mapped[int | None]
    """The terms this cycle was priced by; they never change."""
    cycle: Mapped[int | None]
    due_on: Mapped[Day]
    dues_cents: Mapped[int]
    """What the cycle, or the order, comes to."""
    setup_fee_cents: Mapped[int] = mapped_column(server_default="0")
    held_back: Mapped[Facts | None]
    """What of its grants does not fit under a cap, and is neither granted nor charged: by place, and the cents that the
    dues are less by, as `{"0": 1000, "cents": 4950}`.
    """
    status: Mapped[Code] = mapped_column(server_default=InvoiceStatus.OPEN)
    reason: Mapped[Code | None]
    """Why it was skipped, waived or written off, in a word: paused, missed, member, staff, ladder, ended."""
    opened_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    paid_at: Mapped[Instant | None]
    paid_by: Mapped[Code | None]
    next_attempt_at: Mapped[Instant | None]
    """When the card is next to be asked; None: nobody is to ask by themselves."""
    next_cause: Mapped[Code] = mapped_column(server_default=Cause.CYCLE)


class ChargeAttempt(Base):
    """One question to the bank: committed with its key before it is asked, answered once.

    At most one of an invoice is open, and none is begun on an invoice that is settled: the database says so.
    """

    __tablename__ = "charge_attempt"
    __table_args__ = (
        belongs("invoice_id", "invoice"),
        belongs("card_id", "card"),
        UniqueConstraint("spa_id", "invoice_id", "number"),
        UniqueConstraint("spa_id", "key"),
        UniqueConstraint("spa_id", "payment_id"),
        CheckConstraint(one_of("status", AttemptStatus), name="status"),
        CheckConstraint(one_of("cause", Cause), name="cause"),
        CheckConstraint("amount_cents > 0", name="amount"),
        Index(
            "uq_charge_attempt_open",
            "spa_id",
            "invoice_id",
            unique=True,
            postgresql_where=text("status IN ('asked', 'unanswered')"),
        ),
        Index("ix_charge_attempt_doubt", "look_at", postgresql_where=text("status IN ('asked', 'unanswered')")),
        Index("ix_charge_attempt_fingerprint", "spa_id", "fingerprint", "asked_at"),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    invoice_id: Mapped[int]
    number: Mapped[int]
    key: Mapped[Code]
    cause: Mapped[Code]
    card_id: Mapped[int | None]
    """None for one that the member pays on the hosted page, with whatever card they like."""
    customer_id: Mapped[Code]
    payment_method_id: Mapped[Code | None]
    fingerprint: Mapped[Code | None]
    amount_cents: Mapped[int]
    status: Mapped[Code] = mapped_column(server_default=AttemptStatus.ASKED)
    created_at: Mapped[Instant]
    asked_at: Mapped[Instant]
    """When it was last sent; its first time is `created_at`."""
    look_at: Mapped[Instant]
    """When the janitor looks it up, if no answer has been written by then."""
    looks: Mapped[int] = mapped_column(server_default="0")
    untaken: Mapped[bool] = mapped_column(server_default=text("false"))
    """The provider surely did not take it: it may be sent again under its own key."""
    answered_at: Mapped[Instant | None]
    payment_id: Mapped[Code | None]
    charge_id: Mapped[Code | None]
    fee_cents: Mapped[int | None]
    decline_code: Mapped[Code | None]
    advice_code: Mapped[Code | None]
    network_decline_code: Mapped[Code | None]
    network_advice_code: Mapped[Code | None]
    rule: Mapped[Code | None]
    """What the decline asks of us (`domain/declines.py`), as it was judged then."""
    bars_card: Mapped[bool] = mapped_column(server_default=text("false"))


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice with all that charging it, telling of it and settling it take. The row is locked while you hold it.

    An order has no membership and no cycle: both are 0, and its plan is no words.
    """

    spa_id: int
    invoice_id: int
    membership_id: int
    client_id: int
    cycle: int
    due_on: date
    dues_cents: int
    setup_fee_cents: int
    status: InvoiceStatus
    next_attempt_at: datetime | None
    cause: Cause
    standing: str
    collection: str
    anchor_on: date
    cycle_months: int
    full_dues_cents: int
    access_cents: int
    grants: list[dict[str, Any]]
    plan: str
    first_name: str
    locale: str
    region: str | None
    zone: str
    account: str | None
    help_phone: str
    dunning_exempt: bool
    charge_exempt: bool
    prices: dict[str, int] | None
    """What a whole unit of each credit is worth at list price, in cents."""
    held_back: dict[str, int] | None
    kind: InvoiceKind

    @property
    def total_cents(self) -> int:
        return self.dues_cents + self.setup_fee_cents

    @property
    def access_share_cents(self) -> int:
        """What of it buys access: at a lower price its part falls too, but not for credit that is held back.

        A plan without grants sells nothing else.
        """
        if not self.grants:
            return self.dues_cents
        undiminished = self.dues_cents + (self.held_back or {}).get("cents", 0)
        return self.access_cents * undiminished // self.full_dues_cents if self.full_dues_cents else 0

    @property
    def next_charge_on(self) -> date:
        return cycle_date(self.anchor_on, (self.cycle + 1) * self.cycle_months)


OWED = """
    SELECT i.spa_id, i.id, coalesce(i.membership_id, 0), i.client_id, coalesce(i.cycle, 0), i.due_on, i.dues_cents,
           i.setup_fee_cents, i.status, i.next_attempt_at, i.next_cause, coalesce(m.standing, 'active'),
           coalesce(m.collection, 'card'), coalesce(m.anchor_on, i.due_on), coalesce(v.cycle_months, 1),
           coalesce(v.dues_cents, 0), coalesce(v.access_cents, 0), coalesce(v.grants, '[]'),
           coalesce(p.name, ''), coalesce(c.called, c.first_name), c.locale, c.region, s.zone,
           s.stripe_account, s.help_phone, m.dunning_exempt IS NOT NULL, m.charge_exempt IS NOT NULL,
           (SELECT jsonb_object_agg(k.unit, k.reference_cents) FROM credit_kind k WHERE k.spa_id = i.spa_id),
           i.held_back, i.kind
    FROM {invoices} i
    LEFT JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
    LEFT JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
    LEFT JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    JOIN client c ON (c.spa_id, c.id) = (i.spa_id, i.client_id)
    JOIN spa s ON s.spa_id = i.spa_id"""


def _owed(row: TupleRow | None) -> Owed | None:
    if row is None:
        return None
    values = [*row]
    values[8], values[10], values[-1] = InvoiceStatus(values[8]), Cause(values[10]), InvoiceKind(values[-1])
    return Owed(*values)


def owed(uow: Asks, spa_id: int, invoice_id: int) -> Owed | None:
    """One invoice, locked: whoever changes what is owed waits for its turn here."""
    lock = f"{OWED.format(invoices='invoice')} WHERE i.spa_id = %s AND i.id = %s FOR NO KEY UPDATE OF i"
    return _owed(uow.sql(lock, (spa_id, invoice_id)).fetchone())


def next_owed(uow: Asks, now: datetime) -> Owed | None:
    """The invoice whose card is next to be asked, locked; one that somebody else holds is left to them."""
    return _owed(uow.sql(OWED.format(invoices="next_to_charge(%s)"), (now,)).fetchone())


def open_invoices(uow: Asks, spa_id: int, client_id: int) -> list[int]:
    """What a client owes in dues, the oldest first."""
    rows = uow.sql(
        "SELECT id FROM invoice WHERE spa_id = %s AND client_id = %s AND status = 'open' AND kind = 'dues'"
        " ORDER BY due_on, id",
        (spa_id, client_id),
    )
    return [row[0] for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question to the bank, as it was committed."""

    id: int
    invoice_id: int
    number: int
    key: str
    cause: Cause
    card_id: int | None
    customer_id: str
    payment_method_id: str | None
    fingerprint: str | None
    amount_cents: int
    status: AttemptStatus
    created_at: datetime
    asked_at: datetime
    look_at: datetime
    looks: int
    untaken: bool
    payment_id: str | None


ATTEMPT = """
    SELECT id, invoice_id, number, key, cause, card_id, customer_id, payment_method_id, fingerprint, amount_cents,
           status, created_at, asked_at, look_at, looks, untaken, payment_id FROM charge_attempt"""


def _attempt(row: TupleRow | None) -> Attempt | None:
    if row is None:
        return None
    values = [*row]
    values[4], values[10] = Cause(values[4]), AttemptStatus(values[10])
    return Attempt(*values)


def attempt(uow: Asks, spa_id: int, attempt_id: int) -> Attempt | None:
    """One attempt, by our own id."""
    return _attempt(uow.sql(f"{ATTEMPT} WHERE spa_id = %s AND id = %s", (spa_id, attempt_id)).fetchone())


def open_attempt(uow: Asks, spa_id: int, invoice_id: int) -> Attempt | None:
    """The one that may still be on the wire, or whose answer was lost."""
    query = f"{ATTEMPT} WHERE spa_id = %s AND invoice_id = %s AND status IN ('asked', 'unanswered')"
    return _attempt(uow.sql(query, (spa_id, invoice_id)).fetchone())


def attempt_by_key(uow: Asks, key: str) -> tuple[int, int] | None:
    """The spa and the id of the attempt with a key, as the provider gives it back to us."""
    spa, _, _ = key.removeprefix("inv:").partition(".")
    if not spa.isdecimal():
        return None
    row = uow.sql("SELECT spa_id, id FROM charge_attempt WHERE spa_id = %s AND key = %s", (int(spa), key)).fetchone()
    return None if row is None else (row[0], row[1])
