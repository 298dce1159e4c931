"""What the ladder says, when it is said: with the real amount at stake, the next try and a fresh link."""

from datetime import date
from typing import Any

from assistant.db.billing import Owed
from assistant.db.reach import Reach, reach
from assistant.db.spas import credit_words
from assistant.domain.billing import Collection
from assistant.domain.calendar import cycle_date, local_day
from assistant.domain.credits import LotClass, holdings
from assistant.domain.declines import Rule
from assistant.domain.dunning import Final, Step, StepKind
from assistant.domain.membership import Standing
from assistant.messages.catalog import (
    BenefitsPaused,
    BenefitsPauseSoon,
    Credits,
    LastNotice,
    MembershipEndedUnpaid,
    Message,
    PaymentDeclined,
    PaymentReminder,
    StillOwed,
)
from assistant.runtime import UnitOfWork
from assistant.services import credits, dunning, links, messaging
from assistant.services.dunning import Case
from assistant.services.links import Purpose
from assistant.services.messaging import Addressee


def say(uow: UnitOfWork, owed: Owed, case: Case, step: Step) -> str:
    """A text of the ladder. `unreachable` when the client has no number that may be texted: a person will tell them."""
    to = reach(uow, owed.spa_id, owed.client_id, about_money=True)
    if to.number is None:
        return "unreachable"
    _tell(uow, owed, to, _message(uow, owed, case, step, to), key=f"dunning:{case.id}:{step.number}")
    return "done"


def _message(uow: UnitOfWork, owed: Owed, case: Case, step: Step, to: Reach) -> Message:
    left = dunning.steps_left(uow, owed.spa_id, case.id)
    facts: dict[str, Any] = {
        "first_name": to.first_name,
        "plan": owed.plan,
        "owed_cents": owed.total_cents,
        "script": case.script,
        "retry_on": _day_of(left, StepKind.RETRY, owed.zone),
        "link": _link(uow, owed, case, to),
        "manual": owed.collection == Collection.MANUAL,
        "help_phone": owed.help_phone,
    }
    suspends_on = _day_of(left, StepKind.MOVE, owed.zone)
    match step.what:
        case "reminder":
            return PaymentReminder(**facts)
        case "before_suspension" if suspends_on:
            return BenefitsPauseSoon(**facts, suspends_on=suspends_on, at_stake=_waiting(uow, owed, to))
        case "still_owed" | "before_suspension":
            return StillOwed(**facts, suspends_on=suspends_on, at_stake=_waiting(uow, owed, to))
        case "last_notice":
            ends = _final(left)
            ends_on = local_day(ends.due_at, owed.zone) if ends else local_day(uow.now, owed.zone)
            final = Final(ends.what) if ends else case.policy.final
            return LastNotice(**facts, ends_on=ends_on, final=final, at_stake=_kept(uow, owed, to))
        case _:
            return PaymentDeclined(**facts)


def say_suspended(uow: UnitOfWork, owed: Owed, case: Case) -> None:
    """The benefits rest from today."""
    to = reach(uow, owed.spa_id, owed.client_id, about_money=True)
    if to.number is not None:
        message = BenefitsPaused(
            first_name=to.first_name,
            plan=owed.plan,
            owed_cents=owed.total_cents,
            at_stake=_waiting(uow, owed, to),
            link=_link(uow, owed, case, to),
            manual=owed.collection == Collection.MANUAL,
            help_phone=owed.help_phone,
        )
        _tell(uow, owed, to, message, key=f"dunning:{case.id}:suspended")


def say_the_end(uow: UnitOfWork, owed: Owed, case: Case, final: Final, *, resumes_on: date | None) -> None:
    """What the end of the ladder did. It asks for nothing, so it is sent although all is settled."""
    to = reach(uow, owed.spa_id, owed.client_id, about_money=True)
    if to.number is None:
        return
    message = MembershipEndedUnpaid(
        first_name=to.first_name,
        plan=owed.plan,
        owed_cents=owed.total_cents,
        final=final,
        next_on=max(owed.next_charge_on, local_day(uow.now, owed.zone)) if final is Final.SKIP else resumes_on,
        at_stake=_kept(uow, owed, to),
        help_phone=owed.help_phone,
    )
    addressee = Addressee(owed.spa_id, to.number, to.locale, owed.client_id)
    messaging.tell(uow, addressee, message, key=f"dunning:{case.id}:end")


def _tell(uow: UnitOfWork, owed: Owed, to: Reach, message: Message, *, key: str) -> None:
    addressee = Addressee(owed.spa_id, to.number or "", to.locale, owed.client_id)
    messaging.tell(uow, addressee, message, key=key, owed_invoice=owed.invoice_id)


def _link(uow: UnitOfWork, owed: Owed, case: Case, to: Reach) -> str | None:
    """A fresh link where the words give one: the last one ends with it."""
    if owed.collection == Collection.MANUAL or to.number is None or not case.script.sends_link:
        return None
    purpose = Purpose.AUTHENTICATE if case.rule is Rule.AUTH else Purpose.CARD
    return links.make(uow, owed.spa_id, owed.client_id, purpose, sent_to=to.number)


def _waiting(uow: UnitOfWork, owed: Owed, to: Reach) -> tuple[Credits, ...]:
    """What this cycle banks once it is paid, and the promotional credit that rests until then, as the books have it."""
    words = credit_words(uow, owed.spa_id, to.locale)
    amounts: dict[str, int] = {}
    for grant in owed.grants:
        amounts[str(grant["unit"])] = amounts.get(str(grant["unit"]), 0) + int(grant["amount"])
    if owed.standing != Standing.SUSPENDED:
        for lot in credits.lots(uow, owed.spa_id, owed.client_id):
            if lot.lot_class is LotClass.PROMO and lot.usable_on(local_day(uow.now, owed.zone)):
                amounts[lot.unit] = amounts.get(lot.unit, 0) + lot.remaining
    return tuple(Credits.of(words, unit, amount) for unit, amount in sorted(amounts.items()))


def _kept(uow: UnitOfWork, owed: Owed, to: Reach) -> tuple[Credits, ...]:
    """What was paid for stays the member's whatever happens (`rules.md` 6.12)."""
    words = credit_words(uow, owed.spa_id, to.locale)
    paid = (lot for lot in credits.lots(uow, owed.spa_id, owed.client_id) if lot.lot_class is not LotClass.PROMO)
    return tuple(Credits.of(words, each.unit, each.amount) for each in holdings(paid, local_day(uow.now, owed.zone)))


def _day_of(left: tuple[Step, ...], kind: StepKind, zone: str) -> date | None:
    """The day of the next step of a kind."""
    return next((local_day(step.due_at, zone) for step in left if step.kind is kind), None)


def _final(left: tuple[Step, ...]) -> Step | None:
    return next((step for step in left if step.kind is StepKind.FINAL), None)


def resumes_on(owed: Owed, today: date) -> date:
    """When a membership that the ladder pauses is back: the third charge from now."""
    cycle = owed.cycle + 1
    while cycle_date(owed.anchor_on, cycle * owed.cycle_months) <= today:
        cycle += 1
    return cycle_date(owed.anchor_on, (cycle + 2) * owed.cycle_months)
