"""What an answer from the bank, or a hand at the desk, makes of an invoice: all of it in one transaction."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assistant.db import members
from assistant.db.billing import Attempt, Owed
from assistant.db.spas import credit_words
from assistant.domain import ledger as books
from assistant.domain.billing import GAP_DAYS, Cause, InvoiceKind, InvoiceStatus, PaidBy, is_late
from assistant.domain.calendar import local_day
from assistant.domain.declines import Decline, Verdict, judge
from assistant.domain.membership import Standing
from assistant.gateways.ports import Approved, Declined
from assistant.messages.catalog import Credits, PaymentReceived
from assistant.runtime import UnitOfWork
from assistant.services import banking, dunning, ledger, messaging, orders, standings, tasks
from assistant.services.addressing import way_to
from assistant.services.credits import Grant


def collected(uow: UnitOfWork, owed: Owed, known: Attempt, answer: Approved) -> None:
    """The bank paid: books, credits, standing, receipt, and the case closed. Money nobody owes any more goes back."""
    if owed.status is not InvoiceStatus.OPEN or answer.amount_cents != owed.total_cents:
        _taken_by_mistake(uow, owed, known, answer)
    elif owed.kind is InvoiceKind.ORDER:
        _settle(uow, owed, PaidBy.CARD)
        orders.paid(uow, owed, fee_cents=answer.fee_cents or 0)
    elif why := _not_to_be_charged(uow, owed):
        _taken_by_mistake(uow, owed, known, answer)
        let_go(uow, owed, InvoiceStatus.SKIPPED, why)
    else:
        _paid(uow, owed, PaidBy.CARD, fee_cents=answer.fee_cents or 0)


def _not_to_be_charged(uow: UnitOfWork, owed: Owed) -> str | None:
    """Why it should not have been asked for: its member left or rests since the card was asked (`features.md` B17)."""
    return "ended" if owed.standing == Standing.ENDED else members.stands_against(uow, owed)


def received(uow: UnitOfWork, owed: Owed, paid_by: PaidBy) -> None:
    """Cash, cheque or terminal at the desk: the same as a card's, with no fee of ours."""
    _paid(uow, owed, paid_by, fee_cents=0)


def nothing_to_pay(uow: UnitOfWork, owed: Owed) -> None:
    """A cycle that costs nothing completes, and banks what it banks (`features.md` A11)."""
    _paid(uow, owed, PaidBy.NOTHING, fee_cents=0)


def _settle(uow: UnitOfWork, owed: Owed, paid_by: PaidBy) -> None:
    uow.sql(
        "UPDATE invoice SET status = 'paid', reason = NULL, paid_at = %s, paid_by = %s, settled_at = %s,"
        " next_attempt_at = NULL WHERE spa_id = %s AND id = %s",
        (uow.now, paid_by.value, uow.now, owed.spa_id, owed.invoice_id),
    )


def _paid(uow: UnitOfWork, owed: Owed, paid_by: PaidBy, *, fee_cents: int) -> None:
    _settle(uow, owed, paid_by)
    banked = banking.of(uow, owed)
    if owed.total_cents:
        access = owed.total_cents - banked.paid_cents
        key = f"dues:{owed.invoice_id}"
        entry = books.dues_collected(key, uow.now, owed.total_cents, access_cents=access, fee_cents=fee_cents)
        ledger.post(uow, owed.spa_id, [entry])
    banking.bank(uow, owed, banked)
    standings.good(uow, owed)
    dunning.close(uow, owed, "paid")
    if owed.total_cents:
        _receipt(uow, owed, banked.grants)


def _receipt(uow: UnitOfWork, owed: Owed, banked: Sequence[Grant]) -> None:
    """After every charge: what was paid, what it banked, what comes next, and how to leave (`rules.md` 5.13)."""
    way = way_to(uow, owed.spa_id, owed.client_id, about_money=True)
    if way is None:
        return
    words = credit_words(uow, owed.spa_id, way.locale)
    message = PaymentReceived(
        first_name=way.first_name,
        plan=owed.plan,
        dues_cents=owed.total_cents,
        credits=tuple(Credits.of(words, each.unit, each.amount) for each in banked),
        next_charge_on=_next_charge_on(uow, owed),
        help_phone=owed.help_phone,
    )
    messaging.tell(uow, way.to, message, key=f"receipt:{owed.invoice_id}")


def _next_charge_on(uow: UnitOfWork, owed: Owed) -> date:
    """The next cycle's day; after a payment that came late not before the gap is over."""
    today = local_day(uow.now, owed.zone)
    return (
        max(owed.next_charge_on, today + timedelta(days=GAP_DAYS))
        if is_late(today, owed.due_on)
        else owed.next_charge_on
    )


def _taken_by_mistake(uow: UnitOfWork, owed: Owed, known: Attempt, answer: Approved) -> None:
    """It came in after the invoice was settled another way, or is not what was asked: booked as its owner's."""
    fee = answer.fee_cents or 0
    entry = books.taken_by_mistake(f"mistake:{known.id}", uow.now, answer.amount_cents, fee_cents=fee)
    ledger.post(uow, owed.spa_id, [entry])
    facts = {"invoice": owed.invoice_id, "payment": answer.payment_id, "cents": answer.amount_cents}
    _task(uow, owed, f"refund:{known.id}", "refund_due", facts)


def _task(uow: UnitOfWork, owed: Owed, key: str, kind: str, facts: dict[str, Any]) -> None:
    tasks.open_task(uow, owed.spa_id, key=key, kind=kind, client_id=owed.client_id, facts=facts)


def declined(uow: UnitOfWork, owed: Owed, answer: Declined, known: Attempt | None) -> None:
    """The bank said no, or there is no card to ask: judged once, told, and tried again as the rule says."""
    verdict = judge(
        Decline(
            decline_code=answer.decline_code,
            advice_code=answer.advice_code,
            network_decline_code=answer.network_decline_code,
            network_advice_code=answer.network_advice_code,
            brand=_brand(uow, owed, known),
            blocked=answer.blocked,
        ),
        earlier=dunning.soft_declines(uow, owed),
    )
    if known is not None:
        _write_down(uow, owed, known, answer, verdict)
    if owed.status is not InvoiceStatus.OPEN:
        return
    if owed.kind is InvoiceKind.ORDER:
        orders.declined(uow, owed, answer)
    elif why := _not_to_be_charged(uow, owed):
        let_go(uow, owed, InvoiceStatus.SKIPPED, why)
    elif known is not None and (cause := _another_card(uow, owed, known)) is not None:
        uow.sql(
            "UPDATE invoice SET next_attempt_at = %s, next_cause = %s WHERE spa_id = %s AND id = %s",
            (uow.now, cause.value, owed.spa_id, owed.invoice_id),
        )
    else:
        dunning.declined(uow, owed, verdict, cause=known.cause if known else Cause.CYCLE)


def barred(uow: UnitOfWork, owed: Owed) -> None:
    """The networks let nobody ask this card again: only a new one will do."""
    if owed.kind is InvoiceKind.ORDER:
        orders.declined(uow, owed, Declined(None, "do_not_try_again"))
        return
    never = judge(Decline(decline_code="do_not_try_again"), earlier=0)
    dunning.declined(uow, owed, never, cause=Cause.RETRY)


def due_at_the_desk(uow: UnitOfWork, owed: Owed) -> None:
    """A member who pays at the desk is asked to, by the same ladder with no card in it."""
    dunning.declined(uow, owed, judge(Decline(decline_code="no_card"), earlier=0), cause=Cause.CYCLE)


def let_go(uow: UnitOfWork, owed: Owed, status: InvoiceStatus, reason: str) -> None:
    """Nobody is asked for it any more: no charge and no credit. Refused by the database while a charge is in doubt."""
    uow.sql(
        "UPDATE invoice SET status = %s, reason = %s, settled_at = %s, next_attempt_at = NULL"
        " WHERE spa_id = %s AND id = %s AND status = 'open'",
        (status.value, reason, uow.now, owed.spa_id, owed.invoice_id),
    )
    dunning.close(uow, owed, "ended" if reason == "ended" else status.value)


def _write_down(uow: UnitOfWork, owed: Owed, known: Attempt, answer: Declined, verdict: Verdict) -> None:
    uow.sql(
        """UPDATE charge_attempt SET status = 'declined', answered_at = %s, payment_id = coalesce(%s, payment_id),
               decline_code = %s, advice_code = %s, network_decline_code = %s, network_advice_code = %s,
               rule = %s, bars_card = %s
           WHERE spa_id = %s AND id = %s""",
        (
            uow.now,
            answer.payment_id,
            answer.decline_code,
            answer.advice_code,
            answer.network_decline_code,
            answer.network_advice_code,
            verdict.rule.value,
            verdict.bars_card,
            owed.spa_id,
            known.id,
        ),
    )


def _brand(uow: UnitOfWork, owed: Owed, known: Attempt | None) -> str | None:
    """Network codes mean what the card's brand says they mean (`rules.md` 5.4)."""
    if known is None or known.card_id is None:
        return None
    row = uow.sql("SELECT brand FROM card WHERE spa_id = %s AND id = %s", (owed.spa_id, known.card_id)).fetchone()
    return row[0] if row else None


def _another_card(uow: UnitOfWork, owed: Owed, known: Attempt) -> Cause | None:
    """Why another card is asked now: one that came while this was asked, or the backup; None where there is none."""
    if has_new_card(uow, owed, known):
        return Cause.CARD
    if not _has_backup(uow, owed, known):
        return None
    return known.cause if known.cause.by_person else Cause.RETRY


def has_new_card(uow: UnitOfWork, owed: Owed, known: Attempt) -> bool:
    """Whether the card on file came while another was asked: its owner was told that it is charged at once."""
    row = uow.sql(
        """SELECT 1 FROM card c WHERE c.spa_id = %s AND c.client_id = %s AND c.role = 'current' AND c.added_at >= %s
           AND NOT EXISTS (SELECT 1 FROM charge_attempt a
                           WHERE a.spa_id = c.spa_id AND a.invoice_id = %s AND a.card_id = c.id)""",
        (owed.spa_id, owed.client_id, known.created_at, owed.invoice_id),
    ).fetchone()
    return row is not None


def _has_backup(uow: UnitOfWork, owed: Owed, known: Attempt) -> bool:
    """A second card whose owner agreed to its use, not itself declined for this invoice within the day."""
    row = uow.sql(
        """SELECT 1 FROM card c WHERE c.spa_id = %s AND c.client_id = %s AND c.role = 'backup' AND c.id <> %s
           AND NOT EXISTS (SELECT 1 FROM charge_attempt a WHERE a.spa_id = c.spa_id AND a.invoice_id = %s
                           AND a.card_id = c.id AND a.asked_at > %s - interval '20 hours')""",
        (owed.spa_id, owed.client_id, known.card_id or 0, owed.invoice_id, uow.now),
    ).fetchone()
    return row is not None
