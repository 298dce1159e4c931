"""Changes of plan as rows: the membership as a change finds it, and what a change writes."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from assistant.db import members
from assistant.domain.calendar import local_day
from assistant.domain.changing import Changeable, ChangeKind, ChangeQuote, Wanted, next_due, renumbered
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms
from assistant.runtime import UnitOfWork
from assistant.services import audit, plans


@dataclass(frozen=True, slots=True)
class Change:
    """One change that was asked for, as it stands."""

    spa_id: int
    id: int
    membership_id: int
    to_version_id: int
    status: str
    quote: dict[str, Any]
    invoice_id: int | None
    actor: str

    def quoted(self) -> ChangeQuote:
        """The quote that was agreed to."""
        known = {each.name: self.quote[each.name] for each in fields(ChangeQuote)}
        days = {name: date.fromisoformat(known[name]) for name in ("effective_on", "next_charge_on")}
        return ChangeQuote(**known | days | {"kind": ChangeKind(known["kind"])})


@dataclass(frozen=True, slots=True)
class Held:
    """A membership as a change finds it."""

    spa_id: int
    membership_id: int
    client_id: int
    version_id: int
    plan_id: int
    standing: Standing
    anchor_on: date
    first_cycle: int
    last_cycle: int | None
    last_due_on: date | None
    last_paid_on: date | None
    owing: bool
    leaving: bool
    has_card: bool
    zone: str
    terms: Terms
    last_change: Change | None


HELD = """
    SELECT m.spa_id, m.id, m.client_id, m.plan_version_id, v.plan_id, m.standing, m.anchor_on, m.first_cycle,
           last.cycle, last.due_on, last.paid_on,
           EXISTS (SELECT 1 FROM invoice i WHERE i.spa_id = m.spa_id AND i.membership_id = m.id AND i.status = 'open'
                   AND i.kind = 'dues'),
           EXISTS (SELECT 1 FROM cancellation x WHERE x.spa_id = m.spa_id AND x.membership_id = m.id
                   AND x.withdrawn_at IS NULL AND x.done_at IS NULL),
           EXISTS (SELECT 1 FROM card k WHERE k.spa_id = m.spa_id AND k.client_id = m.client_id AND k.role <> 'old'),
           s.zone
    FROM membership m JOIN spa s ON s.spa_id = m.spa_id
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    LEFT JOIN LATERAL (
        SELECT i.cycle, i.due_on, (i.paid_at AT TIME ZONE s.zone)::date AS paid_on FROM invoice i
        WHERE i.spa_id = m.spa_id AND i.membership_id = m.id AND i.kind = 'dues'
        ORDER BY i.cycle DESC LIMIT 1) last ON true
    WHERE m.spa_id = %s AND m.id = %s"""


def held(uow: UnitOfWork, spa_id: int, membership_id: int, *, lock: bool = False) -> Held | None:
    """The membership, if there is one; locked with its client, where it is to be changed."""
    if lock:
        members.lock(uow, spa_id, membership_id)
    row = uow.sql(HELD, (spa_id, membership_id)).fetchone()
    if row is None:
        return None
    values = [*row]
    values[5] = Standing(values[5])
    values += plans.terms_of(uow, spa_id, values[3]), _last(uow, spa_id, membership_id)
    return Held(*values)


CHANGE = "SELECT spa_id, id, membership_id, to_version_id, status, quote, invoice_id, actor FROM plan_change"


def _last(uow: UnitOfWork, spa_id: int, membership_id: int) -> Change | None:
    row = uow.sql(
        f"{CHANGE} WHERE spa_id = %s AND membership_id = %s ORDER BY id DESC LIMIT 1", (spa_id, membership_id)
    ).fetchone()
    return Change(*row) if row else None


def by_invoice(uow: UnitOfWork, spa_id: int, invoice_id: int) -> Change | None:
    """The change that an order is for. Whoever holds the order's lock may settle it, and nobody else does."""
    row = uow.sql(f"{CHANGE} WHERE spa_id = %s AND invoice_id = %s", (spa_id, invoice_id)).fetchone()
    return Change(*row) if row else None


def wanted(uow: UnitOfWork, spa_id: int, plan_code: str) -> Wanted | None:
    """A plan in the terms that are on offer, if it can be joined."""
    row = uow.sql(
        """SELECT p.id, v.id, p.name FROM plan p JOIN plan_version v ON (v.spa_id, v.plan_id) = (p.spa_id, p.id)
           WHERE p.spa_id = %s AND p.code = %s AND p.retired_at IS NULL ORDER BY v.number DESC LIMIT 1""",
        (spa_id, plan_code),
    ).fetchone()
    if row is None:
        return None
    plan_id, version_id, name = row
    terms = plans.terms_of(uow, spa_id, version_id)
    return Wanted(plan_id=plan_id, version_id=version_id, code=plan_code, name=name, terms=terms)


def changeable(uow: UnitOfWork, found: Held, to: Wanted) -> Changeable:
    """What the policy judges by."""
    last = found.last_change
    return Changeable(
        standing=found.standing,
        version_id=found.version_id,
        plan_id=found.plan_id,
        anchor_on=found.anchor_on,
        first_cycle=found.first_cycle,
        last_cycle=found.last_cycle,
        last_due_on=found.last_due_on,
        last_paid_on=found.last_paid_on,
        owing=found.owing,
        leaving=found.leaving,
        changing=last is not None and last.status == "unpaid",
        has_it=_has_it(uow, found, to.version_id),
        has_card=found.has_card,
    )


def _has_it(uow: UnitOfWork, found: Held, version_id: int) -> bool:
    """Whether another membership of the client's is under that version's plan: two would be two dues for one thing."""
    row = uow.sql(
        """SELECT 1 FROM membership m JOIN plan_version o ON (o.spa_id, o.id) = (m.spa_id, m.plan_version_id)
           JOIN plan_version v ON (v.spa_id, v.plan_id) = (o.spa_id, o.plan_id) AND v.id = %s
           WHERE m.spa_id = %s AND m.client_id = %s AND m.id <> %s AND m.standing <> 'ended' LIMIT 1""",
        (version_id, found.spa_id, found.client_id, found.membership_id),
    ).fetchone()
    return row is not None


def may_move(uow: UnitOfWork, found: Held, version_id: int) -> bool:
    """Whether what was agreed to can still be done."""
    return found.standing is not Standing.ENDED and not _has_it(uow, found, version_id)


def move(uow: UnitOfWork, found: Held, version_id: int) -> None:
    """The membership is under other terms from now on; its billing day stays, also where its cycles get longer."""
    old, new = found.terms.cadence.months, plans.terms_of(uow, found.spa_id, version_id).cadence.months
    anchor_on, first_cycle = found.anchor_on, found.first_cycle
    if old != new:
        cycle, _ = next_due(_counted(found), old, local_day(uow.now, found.zone))
        then = renumbered(anchor_on, old, new, cycle)
        anchor_on, first_cycle = then.anchor_on, then.first_cycle
    uow.sql(
        "UPDATE membership SET plan_version_id = %s, changed_at = %s, anchor_on = %s, first_cycle = %s"
        " WHERE spa_id = %s AND id = %s",
        (version_id, uow.now, anchor_on, first_cycle, found.spa_id, found.membership_id),
    )


def _counted(found: Held) -> Changeable:
    return Changeable(
        standing=found.standing,
        version_id=found.version_id,
        plan_id=found.plan_id,
        anchor_on=found.anchor_on,
        first_cycle=found.first_cycle,
        last_cycle=found.last_cycle,
    )


def write(
    uow: UnitOfWork, found: Held, quote: ChangeQuote, status: str, actor: str, *, invoice_id: int | None = None
) -> None:
    """The change's row: the member's own request and agreement, in all that was quoted (`rules.md` 6.6)."""
    [[change_id]] = uow.sql(
        """INSERT INTO plan_change (spa_id, membership_id, from_version_id, to_version_id, kind, status, due_cents,
                                    quote, invoice_id, effective_on, actor, asked_at, settled_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            found.spa_id,
            found.membership_id,
            quote.from_version_id,
            quote.to_version_id,
            quote.kind.value,
            status,
            quote.due_cents,
            Jsonb(quote.facts()),
            invoice_id,
            quote.effective_on,
            actor,
            uow.now,
            uow.now if status == "done" else None,
        ),
    ).fetchall()
    note(uow, found.spa_id, change_id, actor, f"plan_change_{status}", quote.facts())


def settle(uow: UnitOfWork, change: Change, status: str) -> None:
    uow.sql(
        "UPDATE plan_change SET status = %s, settled_at = %s WHERE spa_id = %s AND id = %s AND status <> %s",
        (status, uow.now, change.spa_id, change.id, status),
    )


def let_order_go(uow: UnitOfWork, spa_id: int, invoice_id: int) -> None:
    """Nobody is asked for it any more. Refused by the database while a charge is in doubt."""
    uow.sql(
        "UPDATE invoice SET status = 'skipped', reason = 'declined', settled_at = %s, next_attempt_at = NULL"
        " WHERE spa_id = %s AND id = %s AND status = 'open'",
        (uow.now, spa_id, invoice_id),
    )


def drop_scheduled(uow: UnitOfWork, found: Held) -> bool:
    """One net change a cycle: the last that was asked for (`features.md` B12). False where none was to come."""
    dropped = uow.sql(
        "UPDATE plan_change SET status = 'dropped', settled_at = %s"
        " WHERE spa_id = %s AND membership_id = %s AND status = 'scheduled'",
        (uow.now, found.spa_id, found.membership_id),
    )
    return dropped.rowcount > 0


def restore_replaced(uow: UnitOfWork, change: Change) -> None:
    """A cheaper plan that a dearer one had taken the place of, in one transaction, is to come again."""
    uow.sql(
        """INSERT INTO plan_change (spa_id, membership_id, from_version_id, to_version_id, kind, status, due_cents,
                                    quote, effective_on, actor, asked_at)
           SELECT o.spa_id, o.membership_id, o.from_version_id, o.to_version_id, o.kind, 'scheduled', 0, o.quote,
                  o.effective_on, o.actor, %s
           FROM plan_change c JOIN plan_change o ON (o.spa_id, o.membership_id) = (c.spa_id, c.membership_id)
               AND o.kind = 'downgrade' AND o.status = 'dropped' AND o.settled_at = c.asked_at AND o.id < c.id
           WHERE c.spa_id = %s AND c.id = %s ORDER BY o.id DESC LIMIT 1""",
        (uow.now, change.spa_id, change.id),
    )


def decline_code(uow: UnitOfWork, spa_id: int, invoice_id: int) -> str | None:
    """What the bank said last; `not_asked` where its card may be asked by nobody."""
    row = uow.sql(
        "SELECT decline_code FROM charge_attempt WHERE spa_id = %s AND invoice_id = %s ORDER BY number DESC LIMIT 1",
        (spa_id, invoice_id),
    ).fetchone()
    return row[0] if row else "not_asked"


def note(uow: UnitOfWork, spa_id: int, change_id: int, actor: str, act: str, facts: dict[str, Any]) -> None:
    """Write down who did what to a change."""
    evidence = "E3" if actor.startswith("staff") else "E1"
    subject = f"plan_change:{change_id}"
    audit.write(uow, spa_id, actor=actor, evidence=evidence, act=act, subject=subject, after=facts or None)
