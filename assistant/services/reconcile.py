"""Our attempts and ledger against the card processor's own book, both ways: a task a difference, nothing mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.gateways.ports import Approved, Payment, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import tasks

SETTLING = timedelta(minutes=10)
"""What is younger may still be on its way from one book to the other."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one book has and the other has not, or has otherwise."""

    spa_id: int
    kind: str
    subject: str
    ours: int | None
    """Cents, as our books have it; None: not there."""
    theirs: int | None
    client_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}, ours {_cents(self.ours)}, the processor's {_cents(self.theirs)}"


class ProcessorAway(RuntimeError):  # noqa: N818 - the name says what is so
    """The processor's book could not be read: nothing is known, which is not the same as no difference."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How much was compared, and what differs."""

    payments: int
    attempts: int
    differences: tuple[Difference, ...]


def reconcile(rt: Runtime, *, since: datetime) -> Compared:
    """Compare everything since then at every account, and open a task for each difference.

    Raises `ProcessorAway` when a book cannot be read.
    """
    until = rt.clock.now() - SETTLING
    with rt.unit_of_work() as uow:
        accounts = uow.sql("SELECT DISTINCT stripe_account FROM spa WHERE spa_id <> 0 ORDER BY 1").fetchall()
    payments = attempts = 0
    differences: list[Difference] = []
    for (account,) in accounts:
        listed = rt.payments.listed(account, since=since, until=until)
        if isinstance(listed, Unanswered):
            raise ProcessorAway(listed.reason)
        with rt.unit_of_work() as uow:
            ours = _ours(uow, account, since, until)
            differences += _compare(uow, ours, listed)
        payments += len(listed)
        attempts += len(ours)
    with rt.unit_of_work() as uow:
        differences += _ledger(uow)
        for each in differences:
            _open_task(uow, each)
    return Compared(payments, attempts, tuple(differences))


@dataclass(frozen=True, slots=True)
class Ours:
    """One attempt as our book has it."""

    spa_id: int
    id: int
    client_id: int
    status: str
    amount_cents: int
    payment_id: str | None
    booked_cents: int | None
    """What the ledger took in for it; None: no entry."""
    sure: bool
    """It was asked and answered well within the time that was listed: there, if it is anywhere."""


def _ours(uow: UnitOfWork, account: str | None, since: datetime, until: datetime) -> dict[str, Ours]:
    """Every attempt that the processor may know, by its key, with what the ledger has of it."""
    rows = uow.sql(
        """SELECT a.key, a.spa_id, a.id, i.client_id, a.status, a.amount_cents, a.payment_id, (
               SELECT sum(p.amount)::bigint FROM ledger_entry e
               JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
               WHERE e.spa_id = a.spa_id AND p.account IN ('clearing', 'fees') AND p.unit = 'USD' AND (
                   e.key = 'mistake:' || a.id OR e.key = 'dues:' || i.id AND i.paid_by = 'card' AND NOT EXISTS (
                       SELECT 1 FROM ledger_entry m WHERE m.spa_id = a.spa_id AND m.key = 'mistake:' || a.id))),
                  coalesce(a.created_at > %s + interval '1 minute' AND a.answered_at < %s - interval '1 minute', false)
           FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
           JOIN spa s ON s.spa_id = a.spa_id
           WHERE s.stripe_account IS NOT DISTINCT FROM %s AND a.created_at <= %s
             AND a.created_at >= %s - interval '1 day'
             AND NOT a.untaken""",
        (since, until, account, until, since),
    )
    return {key: Ours(*rest) for key, *rest in rows.fetchall()}


def _compare(uow: UnitOfWork, ours: dict[str, Ours], listed: Sequence[Payment]) -> Iterator[Difference]:
    """Each of theirs in ours, then each of ours in theirs."""
    seen = set()
    for payment in listed:
        attempt = ours.get(payment.key or "")
        taken = payment.amount_cents if isinstance(payment.answer, Approved) else 0
        if attempt is None:
            spa_id = _spa_of(uow, payment)
            if taken:
                yield Difference(spa_id, "payment_without_attempt", payment.payment_id, None, taken)
            continue
        seen.add(payment.key)
        yield from _one(attempt, payment, taken)
    for key, attempt in ours.items():
        if key not in seen and attempt.status == "succeeded" and attempt.sure:
            yield Difference(
                attempt.spa_id, "attempt_without_payment", key, attempt.amount_cents, None, attempt.client_id
            )


def _one(attempt: Ours, payment: Payment, taken: int) -> Iterator[Difference]:
    believed = attempt.amount_cents if attempt.status == "succeeded" else 0
    subject, client = payment.payment_id, attempt.client_id
    if taken != believed:
        yield Difference(attempt.spa_id, "taken_differs", subject, believed, taken, client)
    elif taken and (attempt.booked_cents or 0) != taken:
        yield Difference(attempt.spa_id, "ledger_differs", subject, attempt.booked_cents, taken, client)
    if payment.refunded_cents:
        yield Difference(attempt.spa_id, "refunded_outside", subject, 0, payment.refunded_cents, client)


def _ledger(uow: UnitOfWork) -> list[Difference]:
    """What is paid has its entry, and every entry of dues has its paid invoice (`reliability.md` I06)."""
    rows = uow.sql(
        """SELECT i.spa_id, 'paid_without_entry', 'invoice ' || i.id, NULL::bigint, i.dues_cents + i.setup_fee_cents,
                  i.client_id
           FROM invoice i WHERE i.status = 'paid' AND i.dues_cents + i.setup_fee_cents > 0 AND NOT EXISTS (
               SELECT 1 FROM ledger_entry e WHERE e.spa_id = i.spa_id AND e.key = 'dues:' || i.id)
           UNION ALL
           SELECT e.spa_id, 'entry_without_paid', e.key, 0, NULL, NULL FROM ledger_entry e
           WHERE e.kind = 'dues_collected' AND e.key ~ '^dues:[0-9]+$' AND NOT EXISTS (
               SELECT 1 FROM invoice i WHERE i.spa_id = e.spa_id AND 'dues:' || i.id = e.key AND i.status = 'paid')
           ORDER BY 1, 2, 3 LIMIT 1000"""
    )
    return [Difference(*row) for row in rows.fetchall()]


def _spa_of(uow: UnitOfWork, payment: Payment) -> int:
    """The spa that a payment names, if we have it; else the one that stands for none."""
    named = payment.metadata.get("spa", "")
    if not named.isdecimal():
        return 0
    row = uow.sql("SELECT spa_id FROM spa WHERE spa_id = %s", (int(named),)).fetchone()
    return row[0] if row else 0


def _open_task(uow: UnitOfWork, each: Difference) -> None:
    facts = {"subject": each.subject, "ours": each.ours, "theirs": each.theirs}
    key = f"reconcile:{each.kind}:{each.subject}"
    tasks.open_task(uow, each.spa_id, key=key, kind=each.kind, client_id=each.client_id, facts=facts)


def _cents(amount: int | None) -> str:
    return "nothing" if amount is None else f"{amount} cents"
