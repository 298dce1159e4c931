"""Leaving: accepted at once on any channel, in force from the request, undone until its day (`features.md` B15-B19).

What is paid for stays until it is over, what is banked stays by law and by policy, and from the request on no other
charge is made. What slips through is booked as owed back (`collecting`), and what cannot be settled here is a person's
task.
"""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.db import billing as table
from assistant.db import leavers, members
from assistant.db.billing import Owed
from assistant.db.members import Held
from assistant.domain.billing import InvoiceStatus
from assistant.domain.calendar import local_day
from assistant.domain.leaving import LeaveQuote, LeaveRefusal, plan_leave
from assistant.domain.membership import Standing
from assistant.domain.pausing import Hardship
from assistant.runtime import UnitOfWork
from assistant.services import audit, collecting, leave_notices, pause_rows, standings, tasks

LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
"""Of confirmation codes: none is mistaken for another."""
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Left:
    """It ends, or has ended: with the number that proves it."""

    code: str
    quote: LeaveQuote


@dataclass(frozen=True, slots=True)
class Stale:
    """It is not as it was quoted any more: this is how it is now."""

    quote: LeaveQuote


@dataclass(frozen=True, slots=True)
class Stays:
    """The cancellation is undone: the next charge is as it was."""

    next_charge_on: date


def quote_cancel(
    uow: UnitOfWork,
    spa_id: int,
    membership_id: int,
    *,
    hardship: Hardship | None = None,
    asked_at: datetime | None = None,
) -> LeaveQuote | LeaveRefusal:
    """What leaving now would be; or as of when they asked, where it was heard later. Changes nothing."""
    return _quoted(uow, _held(uow, spa_id, membership_id, asked_at), hardship)


def _quoted(uow: UnitOfWork, held: Held | None, hardship: Hardship | None) -> LeaveQuote | LeaveRefusal:
    if held is None:
        return LeaveRefusal.ENDED
    return plan_leave(leavers.leaver(uow, held), held.policy, today=held.today, hardship=hardship)


def _held(uow: UnitOfWork, spa_id: int, membership_id: int, asked_at: datetime | None) -> Held | None:
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is None or asked_at is None:
        return held
    return members.held(uow, spa_id, membership_id, uow.now, asked_on=local_day(asked_at, held.zone))


def cancel(  # noqa: PLR0913 - what is asked, by whom, how, why and when
    uow: UnitOfWork,
    spa_id: int,
    membership_id: int,
    quote: LeaveQuote,
    *,
    channel: str,
    actor: str,
    hardship: Hardship | None = None,
    reason: str | None = None,
    asked_at: datetime | None = None,
) -> Left | Stale | LeaveRefusal:
    """End it as it was quoted, under its locks. Asked twice, the second is told that it stands already."""
    owed = _owed(uow, spa_id, membership_id)
    members.lock(uow, spa_id, membership_id)
    held = _held(uow, spa_id, membership_id, asked_at)
    if held is None:
        return LeaveRefusal.ENDED
    fresh = _quoted(uow, held, hardship)
    if isinstance(fresh, LeaveRefusal):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    why = hardship.value if hardship else reason
    cancellation_id, code = _write(uow, held, quote, channel=channel, actor=actor, reason=why, asked_at=asked_at)
    facts = {"code": code, "effective_on": quote.effective_on.isoformat(), "channel": channel}
    _audit(uow, held, actor, "cancelled", facts)
    if not quote.charges_left:
        _let_go(uow, held, owed, waived=quote.waived)
    _by_hand(uow, held, quote, code, hardship, asked_at)
    leave_notices.answered(uow, spa_id, held.client_id, by=actor)
    if quote.effective_on <= held.today:
        _end(uow, held, cancellation_id, quote.effective_on, actor)
    if hardship is Hardship.DECEASED:
        leave_notices.silence(uow, spa_id, held.client_id, actor=actor)
    elif channel != "sms":
        leave_notices.acknowledge(uow, held, quote, code, told_by=channel)
    return Left(code, quote)


def _owed(uow: UnitOfWork, spa_id: int, membership_id: int) -> list[Owed]:
    """Its open invoices, locked, before the membership is: in the order in which a charge takes them."""
    rows = uow.sql(
        "SELECT id FROM invoice WHERE spa_id = %s AND membership_id = %s AND status = 'open' AND kind = 'dues'"
        " ORDER BY id",
        (spa_id, membership_id),
    ).fetchall()
    found = (table.owed(uow, spa_id, row[0]) for row in rows)
    return [each for each in found if each is not None and each.status is InvoiceStatus.OPEN]


def _write(
    uow: UnitOfWork,
    held: Held,
    quote: LeaveQuote,
    *,
    channel: str,
    actor: str,
    reason: str | None,
    asked_at: datetime | None,
) -> tuple[int, str]:
    """The request, under a number that no other has."""
    while True:
        code = "".join(LETTERS[byte % len(LETTERS)] for byte in uow.links.random_bytes(CODE_LENGTH))
        row = uow.sql(
            """INSERT INTO cancellation (spa_id, membership_id, code, asked_at, effective_on, credits_until, offered,
                                         channel, reason, actor)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (spa_id, code) DO NOTHING RETURNING id""",
            (
                held.spa_id,
                held.membership_id,
                code,
                asked_at or uow.now,
                quote.effective_on,
                quote.credits_until,
                quote.offer,
                channel,
                reason,
                actor,
            ),
        ).fetchone()
        if row is not None:
            return row[0], code


def _let_go(uow: UnitOfWork, held: Held, owed: list[Owed], *, waived: bool) -> None:
    """What is owed is asked for no more, and its case is closed; one whose charge is in doubt is settled by its answer.

    What is kept is a task for the desk and never chased (`features.md` B16).
    """
    for each in owed:
        if table.open_attempt(uow, held.spa_id, each.invoice_id) is not None:
            continue
        collecting.let_go(uow, each, InvoiceStatus.WAIVED if waived else InvoiceStatus.WRITTEN_OFF, "left")
        standings.good(uow, each)
        if not waived:
            facts = {"invoice": each.invoice_id, "cents": each.total_cents}
            key = f"debt_kept:{each.invoice_id}"
            tasks.open_task(uow, held.spa_id, key=key, kind="debt_kept", client_id=held.client_id, facts=facts)


PAID_SINCE = """
    SELECT id, dues_cents + setup_fee_cents FROM invoice
    WHERE spa_id = %s AND membership_id = %s AND kind = 'dues' AND status = 'paid' AND due_on > %s ORDER BY id"""


def _by_hand(
    uow: UnitOfWork, held: Held, quote: LeaveQuote, code: str, hardship: Hardship | None, asked_at: datetime | None
) -> None:
    """What a person does about it: money to give back, and an offer of cash (`rules.md` 6.10, 6.13)."""
    if asked_at is not None:
        since = (held.spa_id, held.membership_id, local_day(asked_at, held.zone))
        for invoice_id, cents in uow.sql(PAID_SINCE, since).fetchall():
            facts = {"invoice": invoice_id, "cents": cents, "why": "paid after the request to leave"}
            key = f"refund:left:{invoice_id}"
            tasks.open_task(uow, held.spa_id, key=key, kind="refund_due", client_id=held.client_id, facts=facts)
    for kind, due in (
        ("cash_out_offer", quote.cash_out_cents > 0),
        ("unused_credit_refund", hardship is not None and quote.keeps_credits),
    ):
        if due:
            facts = {"cancellation": code, "cents": quote.cash_out_cents}
            tasks.open_task(uow, held.spa_id, key=f"{kind}:{code}", kind=kind, client_id=held.client_id, facts=facts)


def standing_request(uow: UnitOfWork, spa_id: int, membership_id: int) -> tuple[str, date]:
    """The number and the day of the cancellation that stands. Raises `LookupError` without one."""
    row = uow.sql(
        "SELECT code, effective_on FROM cancellation"
        " WHERE spa_id = %s AND membership_id = %s AND withdrawn_at IS NULL AND done_at IS NULL",
        (spa_id, membership_id),
    ).fetchone()
    if row is None:
        raise LookupError(f"membership {membership_id} is not being left")
    return row[0], row[1]


def undo_cancel(uow: UnitOfWork, spa_id: int, membership_id: int, *, actor: str) -> Stays | LeaveRefusal:
    """Stay after all, as if nothing had been said; until the day it ends. `ENDED` when there is nothing to undo."""
    members.lock(uow, spa_id, membership_id)
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is None or held.leaves_on is None or held.leaves_on <= held.today:
        return LeaveRefusal.ENDED
    uow.sql(
        "UPDATE cancellation SET withdrawn_at = %s"
        " WHERE spa_id = %s AND membership_id = %s AND withdrawn_at IS NULL AND done_at IS NULL",
        (uow.now, spa_id, membership_id),
    )
    _audit(uow, held, actor, "cancel_undone", {"effective_on": held.leaves_on.isoformat()})
    return Stays(held.next_charge_on)


DUE = """
    SELECT x.id, x.membership_id, x.effective_on FROM cancellation x
    JOIN membership m ON (m.spa_id, m.id) = (x.spa_id, x.membership_id)
    WHERE x.spa_id = %s AND x.withdrawn_at IS NULL AND x.done_at IS NULL AND x.effective_on <= %s
    ORDER BY m.client_id, m.id"""


def end_due(uow: UnitOfWork, spa_id: int, today: date) -> int:
    """Whose last day is over is no member any more, before the day is billed. Returns how many; safe to run twice."""
    found = uow.sql(DUE, (spa_id, today)).fetchall()
    return sum(_end_one(uow, spa_id, *row) for row in found)


def _end_one(uow: UnitOfWork, spa_id: int, cancellation_id: int, membership_id: int, effective_on: date) -> bool:
    owed = _owed(uow, spa_id, membership_id)
    members.lock(uow, spa_id, membership_id)
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is None or held.leaves_on is None:
        return False
    _let_go(uow, held, owed, waived=held.policy.leave_waives_debt)
    _end(uow, held, cancellation_id, effective_on, "clock")
    return True


def _end(uow: UnitOfWork, held: Held, cancellation_id: int, effective_on: date, actor: str) -> None:
    """Ended on its day, whenever the clock came round to it; what else was agreed about it falls away."""
    standings.move(uow, held.spa_id, held.membership_id, Standing.ENDED, actor=actor, today=effective_on)
    pause_rows.close(uow, held.spa_id, held.membership_id, ended_on=effective_on)
    uow.sql(
        "UPDATE plan_change SET status = 'dropped', settled_at = %s"
        " WHERE spa_id = %s AND membership_id = %s AND status = 'scheduled'",
        (uow.now, held.spa_id, held.membership_id),
    )
    uow.sql(
        "UPDATE cancellation SET done_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now, held.spa_id, cancellation_id),
    )


def _audit(uow: UnitOfWork, held: Held, actor: str, act: str, facts: dict[str, str]) -> None:
    evidence = "E3" if actor.startswith("staff") else "E1"
    subject = f"membership:{held.membership_id}"
    audit.write(uow, held.spa_id, actor=actor, evidence=evidence, act=act, subject=subject, after=facts)
