"""Cases: one for each invoice that was declined, from its first decline until it is settled one way or another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg.types.json import Jsonb

from assistant.db.billing import Owed
from assistant.domain import dunning as policy_of
from assistant.domain.billing import Cause
from assistant.domain.calendar import local_day
from assistant.domain.declines import HARD, OURS, SOFT, Rule, Script, Verdict
from assistant.domain.dunning import Policy, Step, StepKind
from assistant.domain.membership import Standing
from assistant.doorbells import Doorbell
from assistant.runtime import UnitOfWork
from assistant.services import audit, standings, tasks


@dataclass(frozen=True, slots=True)
class Case:
    """An open case, and the policy it began under."""

    id: int
    policy: Policy
    opened_at: datetime
    rule: Rule
    script: Script
    soft: int
    promise_on: date | None
    """The one day that was named this cycle; `promised` while it stands."""
    promised: bool


def set_policy(uow: UnitOfWork, spa_id: int, policy: Policy, *, actor: str) -> int:
    """A new version of a spa's ladder, for cases that begin from now on. Returns its number."""
    uow.sql("SELECT 1 FROM spa WHERE spa_id = %s FOR NO KEY UPDATE", (spa_id,))  # two at once are two versions
    [[number]] = uow.sql(
        "INSERT INTO dunning_policy (spa_id, number, terms, since)"
        " SELECT %s, coalesce(max(number), 0) + 1, %s, %s FROM dunning_policy WHERE spa_id = %s RETURNING number",
        (spa_id, Jsonb(policy.to_json()), uow.now, spa_id),
    ).fetchall()
    subject = f"dunning_policy:{number}"
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="ladder_changed", subject=subject, after=policy.to_json())
    return int(number)


def case_of(uow: UnitOfWork, spa_id: int, invoice_id: int) -> Case | None:
    """The open case of an invoice."""
    row = uow.sql(
        """SELECT c.id, p.terms, c.opened_at, c.rule, c.script, c.soft, c.promise_on,
                  c.promised_at IS NOT NULL FROM dunning_case c
           LEFT JOIN dunning_policy p ON (p.spa_id, p.id) = (c.spa_id, c.policy_id)
           WHERE c.spa_id = %s AND c.invoice_id = %s AND c.closed_at IS NULL""",
        (spa_id, invoice_id),
    ).fetchone()
    if row is None:
        return None
    case_id, terms, opened_at, rule, script, soft, promise_on, promised = row
    policy = Policy.from_json(terms) if terms else Policy()
    return Case(case_id, policy, opened_at, Rule(rule), Script(script), soft, promise_on, promised)


def soft_declines(uow: UnitOfWork, owed: Owed) -> int:
    """How many declines of this case allowed only so many more tries."""
    case = case_of(uow, owed.spa_id, owed.invoice_id)
    return case.soft if case else 0


def declined(uow: UnitOfWork, owed: Owed, verdict: Verdict, *, cause: Cause) -> None:
    """A decline: the case is opened with its ladder, or its ladder is made to fit what the bank says now."""
    case = case_of(uow, owed.spa_id, owed.invoice_id)
    if case is None:
        _open(uow, owed, verdict)
    else:
        _adapt(uow, owed, case, verdict)
    if verdict.rule in OURS:
        _task(uow, owed, "review", verdict)
    if verdict.opens_cancel_case:
        _task(uow, owed, "cancel_asked_of_bank", verdict)
    if cause.by_person and case is not None and case.rule not in OURS and not verdict.opens_cancel_case:
        _say_it_did_not_work(uow, owed)
    uow.later(Doorbell.CHASE)


def _open(uow: UnitOfWork, owed: Owed, verdict: Verdict) -> None:
    row = uow.sql(
        "SELECT id, terms FROM dunning_policy WHERE spa_id = %s ORDER BY number DESC LIMIT 1", (owed.spa_id,)
    ).fetchone()
    policy_id, policy = (row[0], Policy.from_json(row[1])) if row else (None, Policy())
    [[case_id]] = uow.sql(
        """INSERT INTO dunning_case (spa_id, invoice_id, membership_id, client_id, policy_id, opened_at, rule, script,
                                     soft)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            owed.spa_id,
            owed.invoice_id,
            owed.membership_id,
            owed.client_id,
            policy_id,
            uow.now,
            verdict.rule.value,
            verdict.script.value,
            int(verdict.most_retries is not None),
        ),
    ).fetchall()
    _begin(uow, owed, case_id, policy, verdict)


def _begin(uow: UnitOfWork, owed: Owed, case_id: int, policy: Policy, verdict: Verdict) -> None:
    """The ladder from its first step, and the standing that goes with it; nothing of it while the fault is ours.

    Who told their bank to stop is not chased: a person asks them whether they mean to leave (`rules.md` 5.5).
    """
    if not verdict.opens_cancel_case:
        plan(uow, owed, case_id, policy_of.ladder(policy, failed_at=uow.now, zone=owed.zone, verdict=verdict))
    if verdict.rule not in OURS:
        today = local_day(uow.now, owed.zone)
        standings.move(uow, owed.spa_id, owed.membership_id, Standing.PAST_DUE, actor="clock", today=today)


def _adapt(uow: UnitOfWork, owed: Owed, case: Case, verdict: Verdict) -> None:
    uow.sql(
        "UPDATE dunning_case SET rule = %s, script = %s, soft = soft + %s WHERE spa_id = %s AND id = %s",
        (
            verdict.rule.value,
            verdict.script.value,
            int(verdict.most_retries is not None),
            owed.spa_id,
            case.id,
        ),
    )
    left = steps_left(uow, owed.spa_id, case.id)
    if verdict.opens_cancel_case:
        replan(uow, owed, case.id, ())
    elif case.rule in OURS and not any(each.kind is StepKind.FINAL for each in left):
        # Nothing was asked for yet, whatever day its member may have named: the ladder begins here.
        replan(uow, owed, case.id, ())
        _begin(uow, owed, case.id, case.policy, verdict)
    elif case.rule in HARD and verdict.rule in SOFT:
        # Another card was given, and it may be asked again: the retries that are still ahead come back.
        whole = ladder_of(uow, owed, case, verdict)
        replan(uow, owed, case.id, [step for step in whole if step.due_at > uow.now + verdict.wait])
    else:
        after = policy_of.after_decline(case.policy, left, verdict=verdict, now=uow.now, zone=owed.zone)
        replan(uow, owed, case.id, after)


def ladder_of(uow: UnitOfWork, owed: Owed, case: Case, verdict: Verdict) -> tuple[Step, ...]:
    """A case's ladder from its first step: as much later as its end is now, where we were away or it began anew."""

    def end(steps: Sequence[Step]) -> date | None:
        return next((local_day(each.due_at, owed.zone) for each in steps if each.kind is StepKind.FINAL), None)

    whole = policy_of.ladder(case.policy, failed_at=case.opened_at, zone=owed.zone, verdict=verdict)
    planned, now = end(whole), end(steps_left(uow, owed.spa_id, case.id))
    if planned is None or now is None or planned == now:
        return whole
    return policy_of.ladder(case.policy, failed_at=case.opened_at + (now - planned), zone=owed.zone, verdict=verdict)


def steps_left(uow: UnitOfWork, spa_id: int, case_id: int) -> tuple[Step, ...]:
    """What of a ladder is still to be walked, in order."""
    rows = uow.sql(
        "SELECT number, kind, what, due_at FROM dunning_step WHERE spa_id = %s AND case_id = %s AND done_at IS NULL"
        " ORDER BY due_at, number",
        (spa_id, case_id),
    )
    return tuple(Step(number, StepKind(kind), what, due_at) for number, kind, what, due_at in rows.fetchall())


def plan(uow: UnitOfWork, owed: Owed, case_id: int, steps: Sequence[Step]) -> None:
    """Write a ladder's steps, numbered on from those that are there."""
    uow.sql(
        """INSERT INTO dunning_step (spa_id, case_id, number, kind, what, due_at)
           SELECT %s, %s, x.n + coalesce((SELECT max(number) FROM dunning_step WHERE spa_id = %s AND case_id = %s), 0),
                  x.kind, x.what, x.due_at
           FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) WITH ORDINALITY x(kind, what, due_at, n)""",
        (
            owed.spa_id,
            case_id,
            owed.spa_id,
            case_id,
            [each.kind.value for each in steps],
            [each.what for each in steps],
            [each.due_at for each in steps],
        ),
    )


def replan(uow: UnitOfWork, owed: Owed, case_id: int, steps: Sequence[Step]) -> None:
    """What is left of a ladder gives way to these steps: what is in both stays, the rest is dropped or written."""
    left = steps_left(uow, owed.spa_id, case_id)
    wanted = {(each.kind, each.what, each.due_at) for each in steps}
    known = {(each.kind, each.what, each.due_at) for each in left}
    dropped = [each.number for each in left if (each.kind, each.what, each.due_at) not in wanted]
    drop(uow, owed.spa_id, case_id, dropped, "replanned")
    plan(uow, owed, case_id, [each for each in steps if (each.kind, each.what, each.due_at) not in known])


def drop(uow: UnitOfWork, spa_id: int, case_id: int, numbers: Sequence[int], why: str) -> None:
    """Steps that are not to be taken, and why."""
    if numbers:
        uow.sql(
            "UPDATE dunning_step SET done_at = %s, outcome = %s"
            " WHERE spa_id = %s AND case_id = %s AND number = ANY(%s) AND done_at IS NULL",
            (uow.now, why, spa_id, case_id, list(numbers)),
        )


def close(uow: UnitOfWork, owed: Owed, outcome: str) -> None:
    """It is settled: no step of it is taken any more, its pages are shut, and its tasks are done.

    Most of what is paid never had a case, and only a case has steps and tasks: so that is asked first.
    """
    [[has_case, has_page]] = uow.sql(
        """SELECT EXISTS (SELECT 1 FROM dunning_case WHERE spa_id = %s AND invoice_id = %s),
                  EXISTS (SELECT 1 FROM card_page
                          WHERE spa_id = %s AND client_id = %s AND status IN ('asked', 'open'))""",
        (owed.spa_id, owed.invoice_id, owed.spa_id, owed.client_id),
    ).fetchall()
    if has_case:
        _close_case(uow, owed, outcome)
    if has_page:
        uow.sql(
            """UPDATE card_page SET close = true WHERE spa_id = %s AND client_id = %s AND status IN ('asked', 'open')
               AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.spa_id = card_page.spa_id
                               AND i.client_id = card_page.client_id AND i.status = 'open')""",
            (owed.spa_id, owed.client_id),
        )


def _close_case(uow: UnitOfWork, owed: Owed, outcome: str) -> None:
    uow.sql(
        "UPDATE dunning_step s SET done_at = %s, outcome = 'settled' FROM dunning_case c"
        " WHERE c.spa_id = %s AND c.invoice_id = %s AND (s.spa_id, s.case_id) = (c.spa_id, c.id) AND s.done_at IS NULL",
        (uow.now, owed.spa_id, owed.invoice_id),
    )
    uow.sql(
        "UPDATE dunning_case SET closed_at = %s, outcome = %s"
        " WHERE spa_id = %s AND invoice_id = %s AND closed_at IS NULL",
        (uow.now, outcome, owed.spa_id, owed.invoice_id),
    )
    for kind in ("not_told", "review", "unpaid_untold", "cancel_asked_of_bank"):
        tasks.close_task(uow, owed.spa_id, f"{kind}:{owed.invoice_id}", by="clock", resolution=outcome)


def told(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    """The member has spoken to us about what they owe: they know."""
    uow.sql(
        "UPDATE dunning_case SET told_at = coalesce(told_at, %s)"
        " WHERE spa_id = %s AND client_id = %s AND closed_at IS NULL",
        (uow.now, spa_id, client_id),
    )


def _task(uow: UnitOfWork, owed: Owed, kind: str, verdict: Verdict) -> None:
    tasks.open_task(
        uow,
        owed.spa_id,
        key=f"{kind}:{owed.invoice_id}",
        kind=kind,
        client_id=owed.client_id,
        facts={"invoice": owed.invoice_id, "rule": verdict.rule.value},
    )


def _say_it_did_not_work(uow: UnitOfWork, owed: Owed) -> None:
    """Who asked for this try is told at once how it went, by the step that is due now."""
    case = case_of(uow, owed.spa_id, owed.invoice_id)
    if case is not None and case.rule not in OURS:
        plan(uow, owed, case.id, [Step(0, StepKind.TELL, "declined", uow.now)])
