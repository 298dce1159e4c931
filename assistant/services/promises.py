"""A day on which there will be money: the retry moves there, benefits hold until the day after (`features.md` N1)."""

from dataclasses import dataclass
from datetime import date

from assistant.db import billing as table
from assistant.db.billing import Owed
from assistant.domain import dunning as policy_of
from assistant.domain.calendar import local_day
from assistant.domain.declines import HARD, Rule, Verdict
from assistant.domain.dunning import CounterOffer
from assistant.domain.membership import Standing
from assistant.runtime import UnitOfWork
from assistant.services import attempts, dunning
from assistant.services.choices import InDoubt, NeedsCard, Nothing, what_is_owed, write_down


@dataclass(frozen=True, slots=True)
class Promised:
    """The card is asked on that day."""

    owed_cents: int
    on: date
    benefits_on: bool


@dataclass(frozen=True, slots=True)
class PromiseUsed:
    """One a cycle, and it has been made."""

    retry_on: date | None
    """When the card is asked next by itself."""


@dataclass(frozen=True, slots=True)
class Retries:
    """The card is asked again on the ladder's own next day."""

    owed_cents: int
    on: date


def promise(
    uow: UnitOfWork, spa_id: int, client_id: int, on: date, *, actor: str
) -> Promised | CounterOffer | PromiseUsed | Nothing | InDoubt | NeedsCard:
    """The day on which there will be money: the retry moves there, and benefits hold until the day after."""
    owed = what_is_owed(uow, spa_id, client_id)
    if not owed:
        return Nothing()
    if any(table.open_attempt(uow, spa_id, each.invoice_id) for each in owed):
        return InDoubt()
    dunning.told(uow, spa_id, client_id)
    cents = sum(each.total_cents for each in owed)
    plans = [_promise_plan(uow, each, on, cents) for each in owed]
    if (why := next((plan for plan in plans if not isinstance(plan, _Plan)), None)) is not None:
        return why
    for each, plan in zip(owed, plans, strict=True):
        if isinstance(plan, _Plan):
            _keep_promise(uow, each, plan, on, actor)
    return Promised(cents, on, benefits_on=all(each.standing != Standing.SUSPENDED for each in owed))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A case, and its ladder once the day has been named."""

    case: dunning.Case
    steps: tuple[policy_of.Step, ...]


def _promise_plan(
    uow: UnitOfWork, owed: Owed, on: date, cents: int
) -> _Plan | CounterOffer | PromiseUsed | Nothing | NeedsCard:
    case = dunning.case_of(uow, owed.spa_id, owed.invoice_id)
    if case is None:
        return Nothing()
    if case.rule in HARD:
        return NeedsCard(cents, authenticate=case.rule is Rule.AUTH)
    if case.promise_on is not None:
        return PromiseUsed(_next_retry(uow, owed, case))
    steps = _promised_steps(uow, owed, case, on)
    return steps if isinstance(steps, CounterOffer) else _Plan(case, steps)


def _keep_promise(uow: UnitOfWork, owed: Owed, plan: _Plan, on: date, actor: str) -> None:
    dunning.replan(uow, owed, plan.case.id, plan.steps)
    uow.sql(
        "UPDATE dunning_case SET promise_on = %s, promised_at = %s WHERE spa_id = %s AND id = %s",
        (on, uow.now, owed.spa_id, plan.case.id),
    )
    attempts.next_at(uow, owed, None)
    write_down(uow, owed, actor, "promised")


def unpromise(uow: UnitOfWork, spa_id: int, client_id: int, *, actor: str) -> Retries | Nothing | InDoubt:
    """A promise is taken back: the ladder's own days hold again. It was the one promise of its cycle all the same."""
    for each in what_is_owed(uow, spa_id, client_id):
        case = dunning.case_of(uow, spa_id, each.invoice_id)
        if case is None or not case.promised:
            continue
        if table.open_attempt(uow, spa_id, each.invoice_id) is not None:
            return InDoubt()
        verdict = Verdict(case.rule, case.script)
        whole = dunning.ladder_of(uow, each, case, verdict)
        ahead = tuple(step for step in whole if step.due_at > uow.now)
        if not any(step.kind is policy_of.StepKind.FINAL for step in ahead):  # its own days went by while we were away
            ahead = dunning.steps_left(uow, spa_id, case.id)
        if not ahead:
            continue
        dunning.replan(uow, each, case.id, ahead)
        uow.sql("UPDATE dunning_case SET promised_at = NULL WHERE spa_id = %s AND id = %s", (spa_id, case.id))
        write_down(uow, each, actor, "promise_undone")
        retry = next((step for step in ahead if step.kind is policy_of.StepKind.RETRY), ahead[-1])
        return Retries(each.total_cents, local_day(retry.due_at, each.zone))
    return Nothing()


def latest_promise(uow: UnitOfWork, owed: Owed) -> date | None:
    """The latest day that may be named for an invoice; None where there is no case."""
    case = dunning.case_of(uow, owed.spa_id, owed.invoice_id)
    if case is None:
        return None
    match _promised_steps(uow, owed, case, date.max):
        case CounterOffer(latest_on):
            return latest_on
    return None


def _next_retry(uow: UnitOfWork, owed: Owed, case: dunning.Case) -> date | None:
    steps = dunning.steps_left(uow, owed.spa_id, case.id)
    return next((local_day(each.due_at, owed.zone) for each in steps if each.kind is policy_of.StepKind.RETRY), None)


def _promised_steps(
    uow: UnitOfWork, owed: Owed, case: dunning.Case, on: date
) -> tuple[policy_of.Step, ...] | CounterOffer:
    return policy_of.promised(
        case.policy,
        dunning.steps_left(uow, owed.spa_id, case.id),
        on=on,
        today=local_day(uow.now, owed.zone),
        opened_on=local_day(case.opened_at, owed.zone),
        zone=owed.zone,
    )
