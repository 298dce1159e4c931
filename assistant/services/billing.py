"""Billing days: which cycles are due at each spa, in its own zone, and the invoices that ask for them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from assistant.db import billing as table
from assistant.db import billing_day, spas
from assistant.db.spas import House
from assistant.domain.billing import CHARGED_FROM, Cause, Decision, InvoiceStatus, PaidBy, Planned
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import (
    attempts,
    audit,
    collecting,
    hold_backs,
    membership_days,
    plan_changes,
    price_changes,
    standings,
)


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be done now, and why: in_doubt, resting, settled, unknown."""

    reason: str


def bill(rt: Runtime) -> int:
    """Open what is due at every spa whose day has begun to be billed. Safe to run at any time, and twice at once.

    Returns how many invoices were opened.
    """
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(_bill_spa(rt, house) for house in houses)


def next_day(uow: UnitOfWork, spa_id: int, after: date) -> date | None:
    """The first day after that one on which a cycle of somebody's is billed."""
    found: list[tuple[date | None]] = uow.sql(
        """SELECT min(cycle_date(m.anchor_on, greatest(cycle_on(m.anchor_on, v.cycle_months, %(after)s::date) + 1,
                                                       m.first_cycle), v.cycle_months))
           FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
           WHERE m.spa_id = %(spa)s AND m.standing NOT IN ('ended', 'paused')""",
        {"spa": spa_id, "after": after},
    ).fetchall()
    return found[0][0]


def _bill_spa(rt: Runtime, house: House) -> int:
    local = rt.clock.now().astimezone(ZoneInfo(house.zone))
    if local.time() < CHARGED_FROM:
        return 0
    return rt.transact(lambda uow: open_day(uow, house.spa_id, local.date()))


def open_day(uow: UnitOfWork, spa_id: int, today: date) -> int:
    """One spa's one day: who leaves has left, who rests is at rest or back, new terms come into force; and then the
    cycles that are due are opened.
    """
    billing_day.while_terms_stand(uow, spa_id)
    membership_days.begin_day(uow, spa_id, today)
    price_changes.take_effect(uow, spa_id, today)
    plan_changes.take_effect(uow, spa_id, today)
    opened, skipped = billing_day.open_day(uow, spa_id, today, uow.now, less=hold_backs.leave_out(uow, spa_id, today))
    uow.sql(
        """INSERT INTO billing_run AS r (spa_id, as_of, started_at, last_at, opened, skipped)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (spa_id, as_of) DO UPDATE
           SET last_at = excluded.last_at, opened = r.opened + excluded.opened,
               skipped = r.skipped + excluded.skipped""",
        (spa_id, today, uow.now, uow.now, opened, skipped),
    )
    if opened:
        uow.later(Doorbell.CHARGE)
    return opened


def plan(uow: UnitOfWork, spa_id: int, today: date, *, client_id: int | None = None) -> list[Planned]:
    """Who would be charged what, and why; and who not, and why: at the prices that come into force until then."""
    moving = price_changes.moving(uow, spa_id, today) | plan_changes.moving(uow, spa_id, today)
    less = hold_backs.less(uow, spa_id, today, client_id=client_id, moving=moving)
    return billing_day.planned(uow, spa_id, today, client_id=client_id, moving=moving, less=less)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a day's charging has come."""

    opened: int
    paid: int
    waiting: int
    in_doubt: int
    owed: int
    """Declined, or without a card: being asked for."""
    let_go: int
    cents: int


def progress(uow: UnitOfWork, spa_id: int, as_of: date) -> Progress:
    """Of the invoices that a day opened."""
    row = uow.sql(
        """SELECT count(*), count(*) FILTER (WHERE i.status = 'paid'),
                  count(*) FILTER (WHERE i.status = 'open' AND i.next_attempt_at IS NOT NULL AND a.status IS NULL),
                  count(*) FILTER (WHERE a.status IS NOT NULL),
                  count(*) FILTER (WHERE i.status = 'open' AND i.next_attempt_at IS NULL AND a.status IS NULL),
                  count(*) FILTER (WHERE i.status IN ('skipped', 'waived', 'written_off')),
                  coalesce(sum(i.dues_cents + i.setup_fee_cents) FILTER (WHERE i.status = 'paid'), 0)::bigint
           FROM invoice i LEFT JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
               AND a.status IN ('asked', 'unanswered')
           WHERE i.spa_id = %s AND (i.opened_at AT TIME ZONE (SELECT zone FROM spa WHERE spa_id = %s))::date = %s""",
        (spa_id, spa_id, as_of),
    ).fetchone()
    return Progress(*row) if row else Progress(0, 0, 0, 0, 0, 0, 0)


def totals(lines: list[Planned]) -> dict[Decision, tuple[int, int]]:
    """How many memberships each decision takes, and how many cents they are."""
    many = Counter(line.decision for line in lines)
    cents = Counter[Decision]()
    for line in lines:
        cents[line.decision] += line.total_cents
    return {decision: (many[decision], cents[decision]) for decision in Decision if many[decision]}


# ── by a person ──


def record_payment(uow: UnitOfWork, spa_id: int, invoice_id: int, paid_by: PaidBy, *, actor: str) -> Refused | None:
    """Cash, a cheque or the terminal settles an invoice; refused while a card charge for it may still succeed."""
    owed = table.owed(uow, spa_id, invoice_id)
    if (why := _may_not_settle(uow, owed)) is not None or owed is None:
        return why
    collecting.received(uow, owed, paid_by)
    _audit(uow, owed.spa_id, invoice_id, actor, "payment_recorded", paid_by.value)
    return None


def waive(uow: UnitOfWork, spa_id: int, invoice_id: int, *, actor: str, reason: str) -> Refused | None:
    """Let a month go: no charge and no credit, and the membership in good standing (`features.md` D12)."""
    owed = table.owed(uow, spa_id, invoice_id)
    if (why := _may_not_settle(uow, owed)) is not None or owed is None:
        return why
    collecting.let_go(uow, owed, InvoiceStatus.WAIVED, "staff")
    standings.good(uow, owed)
    _audit(uow, owed.spa_id, invoice_id, actor, "waived", reason)
    return None


def take_missed(uow: UnitOfWork, spa_id: int, invoice_id: int, *, actor: str) -> Refused | None:
    """A cycle that we missed is charged after all, because its member chose so; not of one who rests or has left."""
    resting = uow.sql(
        "SELECT m.standing IN ('paused', 'ended') FROM invoice i"
        " JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)"
        " WHERE i.spa_id = %s AND i.id = %s FOR SHARE OF m",
        (spa_id, invoice_id),
    ).fetchone()
    if resting and resting[0]:
        return Refused("resting")
    row = uow.sql(
        "UPDATE invoice SET status = 'open', reason = NULL, settled_at = NULL, next_attempt_at = %s, next_cause = %s"
        " WHERE spa_id = %s AND id = %s AND status = 'skipped' AND reason = 'missed' RETURNING id",
        (uow.now, Cause.MEMBER.value, spa_id, invoice_id),
    ).fetchone()
    if row is None:
        return Refused("settled")
    _audit(uow, spa_id, invoice_id, actor, "missed_taken", "")
    uow.later(Doorbell.CHARGE)
    return None


def retry(uow: UnitOfWork, spa_id: int, invoice_id: int, *, actor: str) -> Refused | None:
    """Staff have the card asked again: the same guards as the machine's own tries."""
    owed = table.owed(uow, spa_id, invoice_id)
    if owed is None or owed.status is not InvoiceStatus.OPEN:
        return Refused("settled" if owed else "unknown")
    attempts.ask_for(uow, owed, Cause.STAFF)
    uow.later(Doorbell.CHARGE)
    _audit(uow, owed.spa_id, invoice_id, actor, "retry_asked", "")
    return None


def exempt(
    uow: UnitOfWork, spa_id: int, membership_id: int, *, charging: str | None, dunning: str | None, actor: str
) -> None:
    """Take a membership out of charging, or out of being chased, with the reason; None puts it back."""
    uow.sql(
        "UPDATE membership SET charge_exempt = %s, dunning_exempt = %s WHERE spa_id = %s AND id = %s",
        (charging, dunning, spa_id, membership_id),
    )
    facts = {"charging": charging, "dunning": dunning}
    subject = f"membership:{membership_id}"
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="exempted", subject=subject, after=facts)


def _may_not_settle(uow: UnitOfWork, owed: table.Owed | None) -> Refused | None:
    if owed is None:
        return Refused("unknown")
    if owed.status is not InvoiceStatus.OPEN:
        return Refused("settled")
    if table.open_attempt(uow, owed.spa_id, owed.invoice_id) is not None:
        return Refused("in_doubt")
    return None


def _audit(uow: UnitOfWork, spa_id: int, invoice_id: int, actor: str, act: str, why: str) -> None:
    subject = f"invoice:{invoice_id}"
    audit.write(uow, spa_id, actor=actor, evidence="E3", act=act, subject=subject, after={"why": why})
