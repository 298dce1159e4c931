"""What each kind of Stripe's events brings about: the object is fetched anew, and only what it is now counts.

So any order and any number of deliveries end in one state, and nothing depends on the version of the API that an event
was written in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.db import refunds as table
from assistant.gateways.ports import Page, Unanswered
from assistant.runtime import Runtime
from assistant.services import card_care, cards, disputes, doubts, refunds_outside, tasks
from assistant.services.cards import ProviderAway

NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Event:
    """A kept event that is to be acted on."""

    spa_id: int
    id: int
    external_id: str
    type: str
    account: str | None
    object_id: str


Handler = Callable[[Runtime, Event], str | None]
"""None: acted on. A word: why there was nothing to act on. Raises ProviderAway when Stripe cannot be asked now."""


def payment(rt: Runtime, event: Event) -> str | None:
    """A payment may have moved."""
    return _payment(rt, event, event.object_id)


def _payment(rt: Runtime, event: Event, payment_id: str) -> str | None:
    """One spa's account can settle no other spa's attempt, whatever its owner writes on a payment there."""
    found = rt.payments.fetch(event.account, payment_id)
    if isinstance(found, Unanswered):
        raise ProviderAway(payment_id)
    if found is None or not (found.key or "").startswith(f"inv:{event.spa_id}."):
        return NOT_OURS
    return None if doubts.heard(rt, found) else NOT_OURS


def page(rt: Runtime, event: Event) -> str | None:
    """A hosted page was completed or has expired: what was paid there first, so that it is not asked for again."""
    found = rt.card_pages.fetch(event.account, event.object_id)
    if isinstance(found, Unanswered):
        raise ProviderAway(event.object_id)
    if not isinstance(found, Page) or found.metadata.get("spa") != str(event.spa_id):
        return NOT_OURS
    if found.payment_id is not None:
        _payment(rt, event, found.payment_id)
    return None if cards.page_settled(rt, found, event.account) else NOT_OURS


def said_elsewhere(_rt: Runtime, _event: Event) -> str | None:
    """Another event of the same doing says it, and more."""
    return None


def card_renewed(rt: Runtime, event: Event) -> str | None:
    return _told(card_care.refreshed(rt, event.spa_id, event.account, event.object_id))


def card_detached(rt: Runtime, event: Event) -> str | None:
    return _told(card_care.detached(rt, event.spa_id, event.account, event.object_id))


def customer_deleted(rt: Runtime, event: Event) -> str | None:
    return _told(card_care.customer_gone(rt, event.spa_id, event.account, event.object_id))


def _told(ours: bool) -> str | None:  # noqa: FBT001 - the answer of a call, passed on
    return None if ours else NOT_OURS


def disputed(rt: Runtime, event: Event) -> str | None:
    """A bank asks for a payment back, or has decided: what stands at Stripe now is what counts."""
    found = rt.refunds.dispute(event.account, event.object_id)
    if isinstance(found, Unanswered):
        raise ProviderAway(event.object_id)
    if found is not None:
        _settle_first(rt, event, found.payment_id)
    if found is None or not disputes.heard(rt, event.spa_id, found):
        _have_looked_at(rt, event, "dispute")
    return None


def refunded(rt: Runtime, event: Event) -> str | None:
    """Money goes back, or has come back to us: by our hand, or by somebody's at Stripe's dashboard."""
    found = rt.refunds.find(event.account, refund_id=event.object_id)
    if isinstance(found, Unanswered):
        raise ProviderAway(event.object_id)
    for each in found:
        _settle_first(rt, event, each.payment_id)
    if not found or not refunds_outside.heard(rt, event.spa_id, found[0]):
        _have_looked_at(rt, event, "refund_outside")
    return None


def charge_refunded(rt: Runtime, event: Event) -> str | None:
    """The same, told of the charge: its sum says nothing of one refund, so all are looked at (`rules.md` 5.11)."""
    with rt.unit_of_work() as uow:
        payment_id = table.payment_of_charge(uow, event.spa_id, event.object_id)
    if payment_id is None:
        return NOT_OURS  # each refund is told of by itself as well
    found = rt.refunds.find(event.account, payment_id=payment_id)
    if isinstance(found, Unanswered):
        raise ProviderAway(payment_id)
    for each in found:
        refunds_outside.heard(rt, event.spa_id, each)
    return None


def _settle_first(rt: Runtime, event: Event, payment_id: str) -> None:
    """A charge whose own answer is still on its way is settled before what came after it."""
    with rt.unit_of_work() as uow:
        known = table.taken(uow, event.spa_id, payment_id)
    if known is None and payment_id:
        _payment(rt, event, payment_id)


def _have_looked_at(rt: Runtime, event: Event, kind: str) -> None:
    """Once for each object, however much is told of it."""
    facts = {"object": event.object_id, "event": event.type}
    rt.transact(lambda uow: tasks.open_task(uow, event.spa_id, key=f"{kind}:{event.object_id}", kind=kind, facts=facts))


HANDLERS: Mapping[str, Handler] = {
    "payment_intent.succeeded": payment,
    "payment_intent.payment_failed": payment,
    "payment_intent.processing": payment,
    "payment_intent.canceled": payment,
    "checkout.session.completed": page,
    "checkout.session.expired": page,
    "checkout.session.async_payment_succeeded": page,
    "checkout.session.async_payment_failed": page,
    "setup_intent.succeeded": said_elsewhere,
    "payment_method.automatically_updated": card_renewed,
    "payment_method.updated": card_renewed,
    "payment_method.detached": card_detached,
    "customer.deleted": customer_deleted,
    "charge.dispute.created": disputed,
    "charge.dispute.updated": disputed,
    "charge.dispute.funds_withdrawn": disputed,
    "charge.dispute.funds_reinstated": disputed,
    "charge.dispute.closed": disputed,
    "charge.refunded": charge_refunded,
    "refund.created": refunded,
    "refund.updated": refunded,
    "refund.failed": refunded,
}
"""Every type of event that is acted on; all others are kept and thanked for."""
