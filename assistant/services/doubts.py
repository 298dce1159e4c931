"""The janitor of charges: what was asked and never answered is looked up, and only then settled or asked again."""

from dataclasses import dataclass
from datetime import timedelta

from assistant.db import billing as table
from assistant.db.billing import Attempt
from assistant.domain.billing import OPEN_ATTEMPTS, Cause, InvoiceKind
from assistant.domain.membership import Standing
from assistant.gateways.ports import Approved, ChargeAnswer, Declined, Payment, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import attempts, collecting, orders, tasks
from assistant.services.attempts import KEY_LIFE

SKEW = timedelta(minutes=5)
"""Between our clock and the provider's."""
DOUBT_LIFE = timedelta(hours=24)
"""After this it is for a person to find out."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """An earlier question is still in doubt: that comes first."""

    spa_id: int
    attempt: Attempt
    account: str | None


def resolve_next(rt: Runtime) -> bool:
    """Look up the attempt that has been in doubt longest; False when none is due to be looked up."""
    with rt.unit_of_work() as uow:
        row = uow.sql(
            """SELECT a.spa_id, a.id, s.stripe_account FROM charge_attempt a JOIN spa s ON s.spa_id = a.spa_id
               WHERE a.status IN ('asked', 'unanswered') AND a.look_at <= %s
               ORDER BY a.look_at, a.id LIMIT 1 FOR NO KEY UPDATE OF a SKIP LOCKED""",
            (uow.now,),
        ).fetchone()
        doubt = table.attempt(uow, row[0], row[1]) if row else None
        if doubt is not None and row is not None:
            attempts.looked(uow, row[0], doubt)
            _is_somebodys(uow, row[0], doubt)
    if row is None or doubt is None:
        return False
    look_up(rt, LookUp(row[0], doubt, row[2]))
    return True


def _is_somebodys(uow: UnitOfWork, spa_id: int, doubt: Attempt) -> None:
    """What is in doubt for longer than a day a person must ask the processor about (`reliability.md` I13).

    Said before it is looked up once more, by a worker that may die of it; an answer closes the task.
    """
    if doubt.created_at <= uow.now - DOUBT_LIFE:
        facts = {"invoice": doubt.invoice_id, "key": doubt.key}
        tasks.open_task(uow, spa_id, key=f"in_doubt:{doubt.id}", kind="in_doubt", facts=facts)


def _settle(uow: UnitOfWork, spa_id: int, attempt_id: int, answer: ChargeAnswer) -> None:
    if attempts.settle(uow, spa_id, attempt_id, answer):
        tasks.close_task(uow, spa_id, f"in_doubt:{attempt_id}", by="clock", resolution="answered")


def look_up(rt: Runtime, doubted: LookUp) -> None:
    """By listing what the customer was charged, never by searching, which may be an hour behind."""
    doubt = doubted.attempt
    if doubt.cause is Cause.PAGE:
        _look_at_the_page(rt, doubted)
        return
    listed = rt.payments.listed(doubted.account, since=doubt.created_at - SKEW, customer_id=doubt.customer_id)
    if isinstance(listed, Unanswered):
        return
    found = next((each for each in listed if each.key == doubt.key), None)
    if found is not None:
        if found.answer is not None:
            _write(rt, doubted, found.answer)
    elif rt.clock.now() - doubt.created_at >= KEY_LIFE:
        rt.transact(lambda uow: _never_happened(uow, doubted))
    else:
        _send_again(rt, doubted)


def _write(rt: Runtime, doubted: LookUp, answer: ChargeAnswer) -> None:
    rt.transact(lambda uow: _settle(uow, doubted.spa_id, doubted.attempt.id, answer))


def _send_again(rt: Runtime, doubted: LookUp) -> None:
    """The provider has no such payment and still knows the key: asking again under it is asking once."""
    doubt = doubted.attempt
    with rt.unit_of_work() as uow:
        owed = table.owed(uow, doubted.spa_id, doubt.invoice_id)
        known = table.attempt(uow, doubted.spa_id, doubt.id)
        wanted = (
            owed is not None
            and known is not None
            and known.status in OPEN_ATTEMPTS
            and owed.standing not in (Standing.ENDED, Standing.PAUSED)
        )
    if not wanted or owed is None or doubt.payment_method_id is None:
        rt.transact(lambda uow: _never_happened(uow, doubted))
        return
    order = attempts.order_of(owed, doubt.key, doubt.customer_id, doubt.payment_method_id, doubt.amount_cents)
    _write(rt, doubted, rt.payments.charge(order))


def _never_happened(uow: UnitOfWork, doubted: LookUp) -> None:
    """Looked up, and there is nothing: the next attempt is a new one, with a key of its own."""
    owed = table.owed(uow, doubted.spa_id, doubted.attempt.invoice_id)
    known = table.attempt(uow, doubted.spa_id, doubted.attempt.id)
    if owed is None or known is None or known.status not in OPEN_ATTEMPTS:
        return
    uow.sql(
        "UPDATE charge_attempt SET status = 'lapsed', answered_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now, owed.spa_id, known.id),
    )
    tasks.close_task(uow, owed.spa_id, f"in_doubt:{known.id}", by="clock", resolution="never happened")
    if owed.kind is InvoiceKind.ORDER:  # whoever asked for it has left: it is theirs to ask again
        orders.declined(uow, owed, Declined(None, "never_happened"))
    elif known.cause is not Cause.PAGE:
        attempts.ask_for(uow, owed, known.cause)
    elif collecting.has_new_card(uow, owed, known):  # saved on another page while this one was open
        attempts.ask_for(uow, owed, Cause.CARD)


def heard(rt: Runtime, payment: Payment) -> bool:
    """A payment as the provider has it now, from a webhook that told of it. False when it is none of ours."""
    with rt.unit_of_work() as uow:
        found = table.attempt_by_key(uow, payment.key or "")
    if found is None:
        return False
    if (answer := payment.answer) is not None:
        rt.transact(lambda uow: _settle(uow, *found, answer))
    return True


def _look_at_the_page(rt: Runtime, doubted: LookUp) -> None:
    """What a member pays on the hosted page is settled by the page: paid there, or closed unpaid."""
    with rt.unit_of_work() as uow:
        row = uow.sql(
            "SELECT page_id, expires_at FROM card_page WHERE spa_id = %s AND attempt_id = %s",
            (doubted.spa_id, doubted.attempt.id),
        ).fetchone()
    page = rt.card_pages.fetch(doubted.account, row[0]) if row and row[0] else None
    if isinstance(page, Unanswered):
        return
    if page is not None and page.payment_id is not None:
        paid = rt.payments.fetch(doubted.account, page.payment_id)
        if isinstance(paid, Payment) and isinstance(paid.answer, Approved):
            _write(rt, doubted, paid.answer)
            return
    closed = page.status == "expired" if page else row is None or row[1] <= rt.clock.now()
    if closed:
        rt.transact(lambda uow: _never_happened(uow, doubted))
