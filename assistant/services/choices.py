"""What a member may choose about what they owe: pay it, skip it, rest or try again (`features.md` N1, N4).

The same calls for text, page, till and staff; each reads under the invoice's lock whether anything is owed still.
"""

from dataclasses import dataclass
from datetime import date

from assistant.db import billing as table
from assistant.db.billing import Owed
from assistant.domain.billing import Cause, Collection, InvoiceStatus
from assistant.domain.calendar import cycle_date, local_day, next_charge
from assistant.domain.declines import NotBefore, Rule
from assistant.domain.membership import Standing
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import attempts, audit, charges, collecting, dunning, pause_rows, standings

PAUSE_CYCLES = 1
"""How many charges a rest without a period lets go by, beside the one that is owed."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is owed."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """An earlier charge is being looked up: nothing else may be done about it meanwhile."""


@dataclass(frozen=True, slots=True)
class NeedsCard:
    """The card on file cannot be asked: another, or the bank's own page."""

    owed_cents: int
    authenticate: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """It has been asked too often for now."""

    owed_cents: int
    at: date


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """They pay at the desk."""

    owed_cents: int


@dataclass(frozen=True, slots=True)
class Trying:
    """The card is being asked."""

    owed_cents: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """No charge and no credit; the membership goes on."""

    cycle_on: date
    next_charge_on: date


@dataclass(frozen=True, slots=True)
class Rests:
    """What is owed is let go, and the membership rests."""

    starts_on: date
    resumes_on: date
    cycle_on: date
    """The charge that is let go."""


def owes(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    """Whether something is being asked for."""
    row = uow.sql(
        "SELECT 1 FROM dunning_case WHERE spa_id = %s AND client_id = %s AND closed_at IS NULL LIMIT 1",
        (spa_id, client_id),
    ).fetchone()
    return row is not None


def needs_authentication(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    """Whether it is their bank that waits to see them."""
    row = uow.sql(
        "SELECT 1 FROM dunning_case"
        " WHERE spa_id = %s AND client_id = %s AND closed_at IS NULL AND rule = 'auth' LIMIT 1",
        (spa_id, client_id),
    ).fetchone()
    return row is not None


def what_is_owed(uow: UnitOfWork, spa_id: int, client_id: int) -> list[Owed]:
    """Every open invoice of a client, locked, the oldest first."""
    found = (table.owed(uow, spa_id, each) for each in table.open_invoices(uow, spa_id, client_id))
    return [each for each in found if each is not None and each.status is InvoiceStatus.OPEN]


def pay(
    uow: UnitOfWork, spa_id: int, client_id: int, *, cause: Cause = Cause.MEMBER
) -> Nothing | InDoubt | NeedsCard | NotYet | AtTheDesk | Trying:
    """Ask the card for all that is owed, now: the same guards as for the machine's own tries."""
    owed = what_is_owed(uow, spa_id, client_id)
    if not owed:
        return Nothing()
    cents = sum(each.total_cents for each in owed)
    dunning.told(uow, spa_id, client_id)
    if all(each.collection == Collection.MANUAL for each in owed):
        return AtTheDesk(cents)
    if any(table.open_attempt(uow, spa_id, each.invoice_id) for each in owed):
        return InDoubt()
    for each in owed:
        if (why := _cannot_ask(uow, each, cents)) is not None:
            return why
    for each in owed:
        attempts.ask_for(uow, each, cause)
    uow.later(Doorbell.CHARGE)
    return Trying(cents)


def _cannot_ask(uow: UnitOfWork, owed: Owed, cents: int) -> NeedsCard | NotYet | None:
    case = dunning.case_of(uow, owed.spa_id, owed.invoice_id)
    if case is not None and case.rule is Rule.AUTH:
        return NeedsCard(cents, authenticate=True)
    match charges.may_ask(uow, owed, by_person=True):
        case None:
            return None
        case NotBefore(at):
            return NotYet(cents, local_day(at, owed.zone))
        case _:
            return NeedsCard(cents)


def skip_quote(uow: UnitOfWork, spa_id: int, client_id: int) -> Skipped | Nothing | InDoubt:
    """What a skip would do, for the oldest that is owed."""
    owed = what_is_owed(uow, spa_id, client_id)
    if not owed:
        return Nothing()
    if table.open_attempt(uow, spa_id, owed[0].invoice_id) is not None:
        return InDoubt()
    dunning.told(uow, spa_id, client_id)
    return Skipped(owed[0].due_on, _next_charge(uow, owed[0]))


def skip(uow: UnitOfWork, spa_id: int, client_id: int, cycle_on: date, *, actor: str) -> Skipped | Nothing | InDoubt:
    """Skip the cycle that was quoted: no charge, no credit, the same day next time. Never charged later."""
    match _quoted(uow, spa_id, client_id, cycle_on):
        case Owed() as owed:
            collecting.let_go(uow, owed, InvoiceStatus.SKIPPED, "member")
            standings.good(uow, owed)
            write_down(uow, owed, actor, "cycle_skipped")
            return Skipped(owed.due_on, _next_charge(uow, owed))
        case other:
            return other


def rest_quote(uow: UnitOfWork, spa_id: int, client_id: int) -> Rests | Nothing | InDoubt:
    """What resting now would do for who owes something."""
    owed = what_is_owed(uow, spa_id, client_id)
    if not owed:
        return Nothing()
    if table.open_attempt(uow, spa_id, owed[0].invoice_id) is not None:
        return InDoubt()
    dunning.told(uow, spa_id, client_id)
    return Rests(local_day(uow.now, owed[0].zone), _back_on(uow, owed[0]), owed[0].due_on)


def rest(uow: UnitOfWork, spa_id: int, client_id: int, cycle_on: date, *, actor: str) -> Rests | Nothing | InDoubt:
    """Let the quoted cycle go and rest until the charge after the next: no debt is hidden (`features.md` B4)."""
    match _quoted(uow, spa_id, client_id, cycle_on):
        case Owed() as owed:
            today, back = local_day(uow.now, owed.zone), _back_on(uow, owed)
            collecting.let_go(uow, owed, InvoiceStatus.SKIPPED, "paused")
            standings.move(uow, spa_id, owed.membership_id, Standing.PAUSED, actor=actor, today=today, resumes_on=back)
            pause_rows.note_rest(
                uow, spa_id, owed.membership_id, starts_on=today, resumes_on=back, actor=actor, reason="owed"
            )
            write_down(uow, owed, actor, "rests")
            return Rests(today, back, owed.due_on)
        case other:
            return other


def _quoted(uow: UnitOfWork, spa_id: int, client_id: int, cycle_on: date) -> Owed | Nothing | InDoubt:
    """The invoice that a quote was for, if it is owed still."""
    owed = next((each for each in what_is_owed(uow, spa_id, client_id) if each.due_on == cycle_on), None)
    if owed is None:
        return Nothing()
    return InDoubt() if table.open_attempt(uow, spa_id, owed.invoice_id) is not None else owed


def _next_charge(uow: UnitOfWork, owed: Owed) -> date:
    """When the cycle after the last that was asked for is charged: on its day, or today where that has come."""
    [[last]] = uow.sql(
        "SELECT max(cycle) FROM invoice WHERE spa_id = %s AND membership_id = %s", (owed.spa_id, owed.membership_id)
    ).fetchall()
    return max(cycle_date(owed.anchor_on, (last + 1) * owed.cycle_months), local_day(uow.now, owed.zone))


def _back_on(uow: UnitOfWork, owed: Owed) -> date:
    """The charge after the next: at least one whole cycle of rest."""
    cycle, _ = next_charge(owed.anchor_on, owed.cycle_months, _next_charge(uow, owed))
    return cycle_date(owed.anchor_on, (cycle + PAUSE_CYCLES - 1) * owed.cycle_months)


def write_down(uow: UnitOfWork, owed: Owed, actor: str, act: str) -> None:
    """Who chose what about an invoice."""
    subject = f"invoice:{owed.invoice_id}"
    evidence = "E3" if actor.startswith("staff") else "E1"
    audit.write(uow, owed.spa_id, actor=actor, evidence=evidence, act=act, subject=subject)
