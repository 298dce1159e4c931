"""Our attempts, refunds and disputes against the card processor's own book, both ways."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.gateways.ports import Approved, Challenge, Payment, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services.differences import Difference


class ProcessorAway(RuntimeError):  # noqa: N818 - the name says what is so
    """The processor's book could not be read: nothing is known, which is not the same as no difference."""


@dataclass(frozen=True, slots=True)
class Money:
    """One account's book against ours."""

    payments: int
    attempts: int
    differences: tuple[Difference, ...]


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
    refunded_cents: int
    """What we know to have gone back of it."""
    doubted_cents: int
    """What may have gone back: asked, and not answered."""


def compare(rt: Runtime, account: str | None, since: datetime, until: datetime) -> Money:
    """Everything at one account. Raises `ProcessorAway` when its book cannot be read."""
    listed = rt.payments.listed(account, since=since, until=until)
    if isinstance(listed, Unanswered):
        raise ProcessorAway(listed.reason)
    with rt.unit_of_work() as uow:
        ours = _ours(uow, account, since, until)
        differences = [*_compare(uow, ours, listed)]
    differences += _disputes(rt, account, since, until)
    return Money(len(listed), len(ours), tuple(differences))


def _ours(uow: UnitOfWork, account: str | None, since: datetime, until: datetime) -> dict[str, Ours]:
    """Every attempt that the processor may know, by its key, with what the ledger has of it and what went back."""
    rows = uow.sql(
        """SELECT a.key, a.spa_id, a.id, i.client_id, a.status, a.amount_cents, a.payment_id, (
               SELECT sum(p.amount)::bigint FROM ledger_entry e
               JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
               WHERE e.spa_id = a.spa_id AND p.account IN ('clearing', 'fees') AND p.unit = 'USD' AND (
                   e.key = 'mistake:' || a.id
                   OR e.key = CASE i.kind WHEN 'order' THEN 'order:' ELSE 'dues:' END || i.id
                      AND i.paid_by = 'card' AND NOT EXISTS (
                       SELECT 1 FROM ledger_entry m WHERE m.spa_id = a.spa_id AND m.key = 'mistake:' || a.id))),
                  coalesce(a.created_at > %s + interval '1 minute' AND a.answered_at < %s - interval '1 minute', false),
                  coalesce(r.done, 0)::bigint, coalesce(r.asked, 0)::bigint
           FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
           JOIN spa s ON s.spa_id = a.spa_id
           LEFT JOIN (
               SELECT spa_id, attempt_id, sum(cents) FILTER (WHERE status = 'done') AS done,
                      sum(cents) FILTER (WHERE status IN ('asked', 'unanswered')) AS asked
               FROM refund WHERE attempt_id IS NOT NULL GROUP BY 1, 2) r ON (r.spa_id, r.attempt_id) = (a.spa_id, a.id)
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
    back, known = payment.refunded_cents, attempt.refunded_cents
    if back > known + attempt.doubted_cents:
        yield Difference(attempt.spa_id, "refunded_outside", subject, known, back, client)
    elif back < known:
        yield Difference(attempt.spa_id, "refund_not_there", subject, known, back, client)


def _spa_of(uow: UnitOfWork, payment: Payment) -> int:
    """The spa that a payment names, if we have it; else the one that stands for none."""
    named = payment.metadata.get("spa", "")
    if not named.isdecimal():
        return 0
    row = uow.sql("SELECT spa_id FROM spa WHERE spa_id = %s", (int(named),)).fetchone()
    return row[0] if row else 0


DISPUTES = """
    SELECT d.spa_id, d.dispute_id, d.client_id, d.status, coalesce((
        SELECT sum(p.amount)::bigint FROM ledger_entry e
        JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
        WHERE e.spa_id = d.spa_id AND p.account = 'disputed' AND e.key = 'dispute:' || d.dispute_id), 0)
    FROM dispute d JOIN spa s ON s.spa_id = d.spa_id
    WHERE s.stripe_account IS NOT DISTINCT FROM %s AND d.opened_at <= %s AND (d.status = 'open' OR d.closed_at >= %s)
    ORDER BY d.spa_id, d.id"""


def _disputes(rt: Runtime, account: str | None, since: datetime, until: datetime) -> list[Difference]:
    """Each that is open, or was decided since: where it stands, and what of its money the bank has taken."""
    with rt.unit_of_work() as uow:
        rows = uow.sql(DISPUTES, (account, until, since)).fetchall()
    differences: list[Difference] = []
    for spa_id, dispute_id, client_id, status, booked in rows:
        found = rt.refunds.dispute(account, dispute_id)
        if isinstance(found, Unanswered):
            raise ProcessorAway(found.reason)
        if found is None:
            differences.append(Difference(spa_id, "dispute_not_there", dispute_id, booked, None, client_id))
        elif _status(found) != status or found.withdrawn_cents != booked:
            differences.append(
                Difference(spa_id, "dispute_differs", dispute_id, booked, found.withdrawn_cents, client_id)
            )
    return differences


def _status(found: Challenge) -> str:
    return {None: "open", True: "won", False: "lost"}[found.outcome]
