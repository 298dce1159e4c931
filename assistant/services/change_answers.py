"""The bank's answer to a change of plan: the money, the credit and the plan in one transaction, or nothing of it."""

from assistant.db.billing import Owed
from assistant.domain import ledger as books
from assistant.domain.changing import ChangeQuote
from assistant.domain.credits import LotClass
from assistant.domain.ledger import USD
from assistant.gateways.ports import Declined
from assistant.runtime import UnitOfWork
from assistant.services import change_news, change_rows, credits, ledger, tasks
from assistant.services.change_rows import Change
from assistant.services.credits import Grant


def paid(uow: UnitOfWork, owed: Owed, *, fee_cents: int) -> bool:
    """The difference is paid: money, credit and plan, all in the transaction of the answer. False: no change's order.

    Where the membership cannot go over any more, the money is its owner's.
    """
    found = change_rows.by_invoice(uow, owed.spa_id, owed.invoice_id)
    if found is None:
        return False
    held = change_rows.held(uow, owed.spa_id, found.membership_id, lock=True)
    if held is None or not change_rows.may_move(uow, held, found.to_version_id):
        _give_back(uow, owed, found, fee_cents)
        return True
    quote = found.quoted()
    _book(uow, owed, quote, fee_cents)
    change_rows.settle(uow, found, "done")
    change_rows.move(uow, held, found.to_version_id)
    change_rows.note(uow, owed.spa_id, found.id, found.actor, "plan_changed", found.quote)
    change_news.tell_changed(uow, held, quote)
    return True


def _book(uow: UnitOfWork, owed: Owed, quote: ChangeQuote, fee_cents: int) -> None:
    """What is paid buys access for the days that are left, and dollars for the credit they would have brought."""
    key, access = f"order:{owed.invoice_id}", owed.total_cents - quote.credit_cents
    entry = books.dues_collected(key, uow.now, owed.total_cents, access_cents=access, fee_cents=fee_cents)
    ledger.post(uow, owed.spa_id, [entry])
    if quote.credit_cents:
        grant = Grant(
            f"{key}:credit",
            owed.client_id,
            USD,
            quote.credit_cents,
            LotClass.PAID,
            uow.now,
            paid_cents=quote.credit_cents,
            reference_cents=quote.credit_cents,
            invoice_id=owed.invoice_id,
        )
        credits.grant(uow, owed.spa_id, owed.zone, [grant])


def _give_back(uow: UnitOfWork, owed: Owed, found: Change, fee_cents: int) -> None:
    key = f"order:{owed.invoice_id}"
    ledger.post(uow, owed.spa_id, [books.taken_by_mistake(key, uow.now, owed.total_cents, fee_cents=fee_cents)])
    change_rows.settle(uow, found, "dropped")
    facts = {"invoice": owed.invoice_id, "cents": owed.total_cents, "change": found.id}
    tasks.open_task(uow, owed.spa_id, key=f"refund:{key}", kind="refund_due", client_id=owed.client_id, facts=facts)


def declined(uow: UnitOfWork, owed: Owed, answer: Declined) -> bool:
    """The card did not pay: the order is let go, and the plan stays. Nothing is tried again by itself."""
    found = change_rows.by_invoice(uow, owed.spa_id, owed.invoice_id)
    if found is None:
        return False
    let_go(uow, owed, found, answer.decline_code or "declined")
    return True


def let_go(uow: UnitOfWork, owed: Owed, found: Change, why: str) -> None:
    """A change to a cheaper plan that it had taken the place of is to come again."""
    held = change_rows.held(uow, owed.spa_id, found.membership_id, lock=True)
    change_rows.let_order_go(uow, owed.spa_id, owed.invoice_id)
    change_rows.settle(uow, found, "dropped")
    change_rows.restore_replaced(uow, found)
    change_rows.note(uow, owed.spa_id, found.id, found.actor, "plan_change_unpaid", {"why": why})
    if held is not None:
        change_news.tell_unpaid(uow, held, found)
