"""Changes of plan: priced by the code that posts them, and agreed to as they were priced (`features.md` N14).

A dearer plan is an order: it holds once its difference is paid, and the membership is what it was until then.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.db import billing as table
from assistant.db import billing_day
from assistant.domain.billing import Cause, InvoiceStatus
from assistant.domain.calendar import local_day
from assistant.domain.changing import ChangeKind, ChangeQuote, ChangeRefusal, Refusal, plan_change
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import change_answers, change_news, change_rows, charges, orders
from assistant.services.change_answers import declined, paid
from assistant.services.change_rows import Held

__all__ = ["declined", "paid"]

ABANDONED = timedelta(minutes=15)
"""An order that nobody has charged for so long is let go: whoever asked for it has gone."""


@dataclass(frozen=True, slots=True)
class Changed:
    """They are on the new plan."""

    quote: ChangeQuote


@dataclass(frozen=True, slots=True)
class Scheduled:
    """They will be, from the next billing date."""

    quote: ChangeQuote


@dataclass(frozen=True, slots=True)
class Stale:
    """It is not as it was quoted any more: this is how it is now."""

    quote: ChangeQuote


@dataclass(frozen=True, slots=True)
class NotPaid:
    """The card did not pay, and nothing has changed: the bank's code, or why it was not asked."""

    code: str | None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Whether the card paid is being looked up: until it is known, nothing changes."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """The difference is to be charged now."""

    invoice_id: int


Outcome = Changed | Scheduled | Stale | NotPaid | InDoubt | Refusal


def quote_change(uow: UnitOfWork, spa_id: int, membership_id: int, plan_code: str) -> ChangeQuote | Refusal:
    """What going over to a plan, as it is on offer now, would cost and do today. Changes nothing."""
    held = change_rows.held(uow, spa_id, membership_id)
    return Refusal(ChangeRefusal.UNKNOWN) if held is None else _quoted(uow, held, plan_code)


def _quoted(uow: UnitOfWork, held: Held, plan_code: str) -> ChangeQuote | Refusal:
    wanted = change_rows.wanted(uow, held.spa_id, plan_code)
    if wanted is None:
        return Refusal(ChangeRefusal.NOT_OFFERED)
    judged = change_rows.changeable(uow, held, wanted)
    return plan_change(judged, held.terms, wanted, today=local_day(uow.now, held.zone))


def change(rt: Runtime, spa_id: int, membership_id: int, quote: ChangeQuote, *, actor: str) -> Outcome:
    """Do what was quoted: now for what is due, or at the next billing date. The same quote twice is one change."""
    begun = rt.transact(lambda uow: begin(uow, spa_id, membership_id, quote, actor=actor))
    return charge(rt, spa_id, begun, quote, actor=actor) if isinstance(begun, Ordered) else begun


def charge(
    rt: Runtime, spa_id: int, ordered: Ordered, quote: ChangeQuote, *, actor: str
) -> Changed | NotPaid | InDoubt:
    """Ask the card for the difference that was ordered, now."""
    cause = Cause.MEMBER if actor.startswith("member") else Cause.STAFF
    charges.attempt(rt, spa_id, ordered.invoice_id, cause)
    return rt.transact(lambda uow: _outcome(uow, spa_id, ordered.invoice_id, quote))


def begin(
    uow: UnitOfWork, spa_id: int, membership_id: int, quote: ChangeQuote, *, actor: str
) -> Ordered | Changed | Scheduled | Stale | Refusal:
    """Under the membership's lock: priced again, and written down if it is as it was quoted."""
    billing_day.while_no_day_opens(uow, spa_id)
    held = change_rows.held(uow, spa_id, membership_id, lock=True)
    if held is None:
        return Refusal(ChangeRefusal.UNKNOWN)
    if (known := _asked_before(held, quote)) is not None:
        return known
    fresh = _quoted(uow, held, quote.plan_code)
    if isinstance(fresh, Refusal):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    return _act(uow, held, quote, actor)


def _act(uow: UnitOfWork, held: Held, quote: ChangeQuote, actor: str) -> Ordered | Changed | Scheduled:
    """One net change a cycle: the last that was asked for (`features.md` B12)."""
    change_rows.drop_scheduled(uow, held)
    if quote.kind is ChangeKind.DOWNGRADE:
        change_rows.write(uow, held, quote, "scheduled", actor)
        change_news.tell_set(uow, held, quote)
        return Scheduled(quote)
    if quote.due_cents == 0:
        change_rows.write(uow, held, quote, "done", actor)
        change_rows.move(uow, held, quote.to_version_id)
        change_news.tell_changed(uow, held, quote)
        return Changed(quote)
    invoice_id = orders.place(uow, held.spa_id, held.client_id, quote.due_cents, zone=held.zone)
    change_rows.write(uow, held, quote, "unpaid", actor, invoice_id=invoice_id)
    return Ordered(invoice_id)


def _asked_before(held: Held, quote: ChangeQuote) -> Ordered | Changed | Scheduled | None:
    """The very same change was the last that was asked for: it goes on where it stands."""
    last = held.last_change
    if last is None or last.quote != quote.facts():
        return None
    match last.status:
        case "unpaid" if last.invoice_id is not None:
            return Ordered(last.invoice_id)
        case "scheduled":
            return Scheduled(quote)
        case "done":
            return Changed(quote)
    return None


def call_off(uow: UnitOfWork, spa_id: int, membership_id: int, *, actor: str) -> bool:
    """They stay on the plan they have. False where no change is to come."""
    held = change_rows.held(uow, spa_id, membership_id, lock=True)
    if held is None or held.last_change is None or not change_rows.drop_scheduled(uow, held):
        return False
    change_rows.note(uow, spa_id, held.last_change.id, actor, "plan_change_called_off", {})
    return True


# ── an order for one ──


def _outcome(uow: UnitOfWork, spa_id: int, invoice_id: int, quote: ChangeQuote) -> Changed | NotPaid | InDoubt:
    """What the charge came to; one that may not be asked now is let go, for nobody waits for it till another day."""
    owed = table.owed(uow, spa_id, invoice_id)
    found = change_rows.by_invoice(uow, spa_id, invoice_id)
    if owed is None or found is None:
        raise LookupError(f"spa {spa_id} has no order {invoice_id}")
    match found.status:
        case "done":
            return Changed(quote)
        case "unpaid" if table.open_attempt(uow, spa_id, invoice_id) is not None:
            return InDoubt()
        case "unpaid":
            change_answers.let_go(uow, owed, found, "not_asked")
            return NotPaid("not_asked")
    return NotPaid(change_rows.decline_code(uow, spa_id, invoice_id))


def drop_abandoned(rt: Runtime) -> int:
    """Let go of every order that was placed and never charged, for its worker died between. Returns how many."""
    with rt.unit_of_work() as uow:
        rows = uow.sql(
            """SELECT c.spa_id, c.invoice_id FROM plan_change c
               WHERE c.status = 'unpaid' AND c.asked_at <= %s AND NOT EXISTS (
                   SELECT 1 FROM charge_attempt a WHERE a.spa_id = c.spa_id AND a.invoice_id = c.invoice_id
                   AND a.status IN ('asked', 'unanswered')) ORDER BY c.spa_id, c.invoice_id""",
            (uow.now - ABANDONED,),
        ).fetchall()
    return sum(rt.transact(lambda uow, at=row: _drop_abandoned(uow, *at)) for row in rows)  # type: ignore[misc]


def _drop_abandoned(uow: UnitOfWork, spa_id: int, invoice_id: int) -> bool:
    """Read again under the invoice's lock: it may have been charged meanwhile."""
    owed = table.owed(uow, spa_id, invoice_id)
    found = change_rows.by_invoice(uow, spa_id, invoice_id)
    if owed is None or found is None or found.status != "unpaid" or owed.status is not InvoiceStatus.OPEN:
        return False
    if table.open_attempt(uow, spa_id, invoice_id) is not None:
        return False
    change_answers.let_go(uow, owed, found, "abandoned")
    return True


# ── at the billing date ──


def take_effect(uow: UnitOfWork, spa_id: int, today: date) -> int:
    """Changes whose day has come hold, before the day is billed. Returns how many moved."""
    rows = uow.sql(
        "SELECT id, membership_id FROM plan_change WHERE spa_id = %s AND status = 'scheduled' AND effective_on <= %s"
        " ORDER BY membership_id",
        (spa_id, today),
    ).fetchall()
    return sum(_take_effect(uow, spa_id, change_id, membership_id) for change_id, membership_id in rows)


def _take_effect(uow: UnitOfWork, spa_id: int, change_id: int, membership_id: int) -> bool:
    held = change_rows.held(uow, spa_id, membership_id, lock=True)
    found = held.last_change if held else None
    if held is None or found is None or found.id != change_id or found.status != "scheduled":
        return False
    moved = change_rows.may_move(uow, held, found.to_version_id)
    change_rows.settle(uow, found, "done" if moved else "dropped")
    if moved:
        change_rows.move(uow, held, found.to_version_id)
    change_rows.note(uow, spa_id, change_id, "clock", "plan_changed" if moved else "plan_change_dropped", found.quote)
    return moved


def moving(uow: UnitOfWork, spa_id: int, today: date) -> dict[int, int]:
    """Who would go over to which version on a day, as it stands now: by membership. Changes nothing."""
    rows = uow.sql(
        "SELECT c.membership_id, c.to_version_id FROM plan_change c JOIN membership m"
        " ON (m.spa_id, m.id) = (c.spa_id, c.membership_id) AND m.standing <> 'ended'"
        " WHERE c.spa_id = %s AND c.status = 'scheduled' AND c.effective_on <= %s",
        (spa_id, today),
    )
    return {membership_id: version_id for membership_id, version_id in rows.fetchall()}  # noqa: C416 - rows are not pairs
