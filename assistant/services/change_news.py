"""Tells a member what has become of a change of plan."""

from dataclasses import replace

from assistant.db import spas
from assistant.domain.changing import ChangeQuote
from assistant.messages.joining import PlanChanged, PlanChangeSet, PlanChangeUnpaid
from assistant.messages.message import Credits, Message
from assistant.runtime import UnitOfWork
from assistant.services import messaging
from assistant.services.addressing import way_to
from assistant.services.change_rows import Change, Held


def tell_changed(uow: UnitOfWork, held: Held, quote: ChangeQuote) -> None:
    """The receipt of a change that holds, paid or free (`rules.md` 5.13)."""
    message = PlanChanged(
        plan=quote.plan,
        paid_cents=quote.due_cents,
        banked=Credits(quote.credit_cents) if quote.credit_cents else None,
        next_charge_on=quote.next_charge_on,
        next_charge_cents=quote.next_charge_cents,
        help_phone=_help_phone(uow, held),
    )
    _tell(uow, held, message, f"plan-changed:{_last_id(uow, held)}")


def tell_set(uow: UnitOfWork, held: Held, quote: ChangeQuote) -> None:
    """A change that is to come."""
    message = PlanChangeSet(
        plan=quote.plan,
        effective_on=quote.effective_on,
        next_charge_cents=quote.next_charge_cents,
        help_phone=_help_phone(uow, held),
    )
    _tell(uow, held, message, f"plan-change-set:{_last_id(uow, held)}")


def tell_unpaid(uow: UnitOfWork, held: Held, change: Change) -> None:
    """A change that came to nothing."""
    quote, phone = change.quoted(), _help_phone(uow, held)
    message = PlanChangeUnpaid(plan=quote.plan, due_cents=quote.due_cents, help_phone=phone)
    _tell(uow, held, message, f"plan-change-unpaid:{change.id}")


def _tell(uow: UnitOfWork, held: Held, message: Message, key: str) -> None:
    way = way_to(uow, held.spa_id, held.client_id, about_money=True)
    if way is not None:
        named = replace(message, first_name=way.first_name)
        messaging.tell(uow, way.to, named, key=key)


def _help_phone(uow: UnitOfWork, held: Held) -> str:
    return spas.house(uow, held.spa_id).help_phone


def _last_id(uow: UnitOfWork, held: Held) -> int:
    """The change that is told of is the membership's last."""
    [[change_id]] = uow.sql(
        "SELECT max(id) FROM plan_change WHERE spa_id = %s AND membership_id = %s", (held.spa_id, held.membership_id)
    ).fetchall()
    return int(change_id)
