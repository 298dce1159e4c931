"""Memberships at rest: priced and agreed to as they were priced, begun on a billing day, over by themselves or before.

A pause begins on the next billing date (`features.md` B1): until then everything stays as it is, and it can be called
off. What begins and what ends is done before a day is billed, so that no charge slips between (B8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.db import members
from assistant.db.members import Held, OpenPause
from assistant.domain.membership import Standing
from assistant.domain.pausing import (
    Cycle,
    Hardship,
    Pausable,
    Pause,
    PauseQuote,
    PauseRefusal,
    Refusal,
    Resumable,
    ResumeQuote,
    ResumeRefusal,
    eased,
    plan_pause,
    plan_resume,
)
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import audit, orders, pause_rows, standings


@dataclass(frozen=True, slots=True)
class Paused:
    """It is agreed."""

    quote: PauseQuote


@dataclass(frozen=True, slots=True)
class Resumed:
    """It is on again, or stays on."""

    quote: ResumeQuote


@dataclass(frozen=True, slots=True)
class Stale:
    """It is not as it was quoted any more: this is how it is now."""

    quote: PauseQuote


@dataclass(frozen=True, slots=True)
class StaleResume:
    """It is not as it was quoted any more: this is how it is now."""

    quote: ResumeQuote


# ── to rest ──


def quote_pause(
    uow: UnitOfWork,
    spa_id: int,
    membership_id: int,
    *,
    months: int | None = None,
    until: date | None = None,
    hardship: Hardship | None = None,
) -> PauseQuote | Refusal:
    """What a pause for so many months, or until a day, would be. Changes nothing."""
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is None:
        return Refusal(PauseRefusal.ENDED)
    return _quoted(uow, held, months=months, until=until, hardship=hardship)


def _quoted(
    uow: UnitOfWork, held: Held, *, months: int | None, until: date | None, hardship: Hardship | None
) -> PauseQuote | Refusal:
    open_pause = members.open_pause(uow, held.spa_id, held.membership_id)
    judged = Pausable(
        standing=Standing.PAUSED if open_pause and held.standing is Standing.ACTIVE else held.standing,
        joined_on=held.joined_on,
        anchor_on=held.anchor_on,
        next_charge_on=held.next_due_on,
        history=[*members.pauses(uow, held.spa_id, held.membership_id), *_unwritten(held, open_pause)],
        cycle_months=held.cycle_months,
        minimum_cycles_left=held.minimum_cycles_left,
        leaves=held.leaves_on is not None,
    )
    policy = eased(held.terms.pause, hardship)
    return plan_pause(policy, judged, today=held.today, months=months, until=until)


def _unwritten(held: Held, open_pause: OpenPause | None) -> list[Pause]:
    """A rest that the ladder ended in has no row; it is a pause all the same."""
    if held.standing is not Standing.PAUSED or open_pause or held.resumes_on is None or held.resumes_on <= held.today:
        return []
    return [Pause(held.today, held.resumes_on)]


def pause(
    uow: UnitOfWork,
    spa_id: int,
    membership_id: int,
    quote: PauseQuote,
    *,
    actor: str,
    hardship: Hardship | None = None,
    reason: str | None = None,
) -> Paused | Stale | Refusal:
    """Agree to the pause that was quoted, under the membership's lock. It begins on its first billing date.

    The same quote agreed to twice is one pause: the second is told that there is one.
    """
    members.lock(uow, spa_id, membership_id)
    fresh = _again(uow, spa_id, membership_id, quote, hardship)
    if isinstance(fresh, Refusal):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    pause_rows.write(uow, spa_id, membership_id, quote, actor=actor, reason=hardship.value if hardship else reason)
    facts = {"starts_on": quote.starts_on.isoformat(), "resumes_on": quote.resumes_on.isoformat()}
    _audit(uow, spa_id, membership_id, actor, "pause_agreed", facts)
    return Paused(quote)


def _again(
    uow: UnitOfWork, spa_id: int, membership_id: int, quote: PauseQuote, hardship: Hardship | None
) -> PauseQuote | Refusal:
    """The same pause as of now: of so many months, where it ends on a billing date, and else until its day."""
    if quote.resumes_on == quote.next_charge_on:
        return quote_pause(uow, spa_id, membership_id, months=quote.billing_skips, hardship=hardship)
    return quote_pause(uow, spa_id, membership_id, until=quote.resumes_on, hardship=hardship)


DUE = """
    SELECT p.membership_id FROM pause p JOIN membership m ON (m.spa_id, m.id) = (p.spa_id, p.membership_id)
    WHERE p.spa_id = %s AND p.ended_at IS NULL AND p.began_at IS NULL AND p.starts_on <= %s
      AND (m.standing IN ('active', 'ended') OR p.resumes_on <= %s) ORDER BY m.client_id, m.id"""


def begin_due(uow: UnitOfWork, spa_id: int, today: date) -> int:
    """Whose pause begins today is at rest before the day is billed. Returns how many; safe to run twice.

    Who owes an older cycle is asked for it first: their pause begins on the day it is settled, and not at all once its
    days are over. No cycle is charged meanwhile (`members.stands_against`).
    """
    found = [row[0] for row in uow.sql(DUE, (spa_id, today, today)).fetchall()]
    return sum(_begin(uow, spa_id, membership_id, today) for membership_id in found)


def _begin(uow: UnitOfWork, spa_id: int, membership_id: int, today: date) -> bool:
    members.lock(uow, spa_id, membership_id)
    agreed = members.open_pause(uow, spa_id, membership_id)
    held = members.held(uow, spa_id, membership_id, uow.now)
    if agreed is None or held is None or agreed.begun:
        return False
    if held.standing is not Standing.ACTIVE or agreed.resumes_on <= today:
        pause_rows.close(uow, spa_id, membership_id, ended_on=None)
        return False
    back = agreed.resumes_on
    standings.move(uow, spa_id, membership_id, Standing.PAUSED, actor="clock", today=today, resumes_on=back)
    fee = orders.place(uow, spa_id, held.client_id, agreed.fee_cents, zone=held.zone) if agreed.fee_cents else None
    uow.sql(
        "UPDATE pause SET began_at = %s, invoice_id = %s WHERE spa_id = %s AND id = %s",
        (uow.now, fee, spa_id, agreed.id),
    )
    if fee is not None:
        uow.sql("UPDATE invoice SET next_attempt_at = %s WHERE spa_id = %s AND id = %s", (uow.now, spa_id, fee))
        uow.later(Doorbell.CHARGE)
    if agreed.clock_stops:
        pause_rows.stop_the_clock(uow, held, agreed)
    return True


# ── and back ──


def quote_resume(uow: UnitOfWork, spa_id: int, membership_id: int) -> ResumeQuote | ResumeRefusal:
    """What coming back today would cost, or calling off a pause that has not begun. Changes nothing."""
    return _way_back(uow, members.held(uow, spa_id, membership_id, uow.now))


def _way_back(uow: UnitOfWork, held: Held | None) -> ResumeQuote | ResumeRefusal:
    if held is None:
        return ResumeRefusal.ENDED
    agreed = members.open_pause(uow, held.spa_id, held.membership_id)
    current = members.asked(uow, held, held.this_cycle)
    this_cycle = current.state
    if held.this_cycle < held.first_cycle or (held.paid_until or held.today) > held.today:
        this_cycle = Cycle.PAID
    judged = Resumable(
        standing=held.standing,
        anchor_on=held.anchor_on,
        cycle_months=held.cycle_months,
        this_cycle=this_cycle,
        dues_cents=current.cents,
        resumes_on=held.resumes_on,
        agreed=Pause(agreed.starts_on, agreed.resumes_on) if agreed and not agreed.begun else None,
    )
    return plan_resume(judged, today=held.today)


def resume(
    uow: UnitOfWork, spa_id: int, membership_id: int, quote: ResumeQuote, *, actor: str
) -> Resumed | StaleResume | ResumeRefusal:
    """Come back as it was quoted. A card that declines then is chased like any other: the membership is on."""
    members.lock(uow, spa_id, membership_id)
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is None:
        return ResumeRefusal.ENDED
    fresh = _way_back(uow, held)
    if isinstance(fresh, ResumeRefusal):
        return fresh
    if fresh != quote:
        return StaleResume(fresh)
    if quote.calls_off:
        pause_rows.close(uow, spa_id, membership_id, ended_on=None)
    elif quote.resumes_on > held.today:
        pause_rows.sooner(uow, held, quote.resumes_on)
    else:
        _back(uow, spa_id, membership_id, held.today, actor)
        if quote.charge_cents:
            _take_up(uow, held, actor)
    facts = {"resumes_on": quote.resumes_on.isoformat(), "charge_cents": quote.charge_cents}
    _audit(uow, spa_id, membership_id, actor, "pause_called_off" if quote.calls_off else "resumed", facts)
    return Resumed(quote)


def call_off(uow: UnitOfWork, spa_id: int, membership_id: int, *, actor: str) -> bool:
    """A pause that has not begun does not. False where there is none."""
    match quote_resume(uow, spa_id, membership_id):
        case ResumeQuote(calls_off=True) as quote:
            return isinstance(resume(uow, spa_id, membership_id, quote, actor=actor), Resumed)
    return False


def resume_due(uow: UnitOfWork, spa_id: int, today: date) -> None:
    """Who paused until today is a member again today, before today is billed (`rules.md` 6.11)."""
    rows = uow.sql(
        "SELECT id FROM membership WHERE spa_id = %s AND standing = 'paused' AND resumes_on <= %s"
        " ORDER BY client_id, id",
        (spa_id, today),
    ).fetchall()
    for (membership_id,) in rows:
        members.lock(uow, spa_id, membership_id)
        _back(uow, spa_id, membership_id, today, "clock")


def _back(uow: UnitOfWork, spa_id: int, membership_id: int, today: date, actor: str) -> None:
    standings.move(uow, spa_id, membership_id, Standing.ACTIVE, actor=actor, today=today)
    pause_rows.close(uow, spa_id, membership_id, ended_on=today)


def _take_up(uow: UnitOfWork, held: Held, actor: str) -> None:
    """The cycle that the pause skipped is charged after all; one that nobody has opened the billing day opens."""
    current = members.asked(uow, held, held.this_cycle)
    if current.state is not Cycle.RESTED:
        uow.later(Doorbell.BILL)
        return
    uow.sql(
        "UPDATE invoice SET status = 'open', reason = NULL, settled_at = NULL, next_attempt_at = %s, next_cause = %s"
        " WHERE spa_id = %s AND id = %s",
        (uow.now, "staff" if actor.startswith("staff") else "member", held.spa_id, current.invoice_id),
    )
    uow.later(Doorbell.CHARGE)


def _audit(uow: UnitOfWork, spa_id: int, membership_id: int, actor: str, act: str, facts: Mapping[str, object]) -> None:
    evidence = "E3" if actor.startswith("staff") else "E1"
    subject = f"membership:{membership_id}"
    audit.write(uow, spa_id, actor=actor, evidence=evidence, act=act, subject=subject, after={**facts})
