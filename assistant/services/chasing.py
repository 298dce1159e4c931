"""Walks the ladders: each step when its time has come, and only if something is still owed then."""

from datetime import datetime, timedelta

from assistant.db import billing as table
from assistant.db.billing import Owed
from assistant.db.reach import reach
from assistant.domain import dunning as policy_of
from assistant.domain.billing import Cause, Collection, InvoiceStatus
from assistant.domain.calendar import local_day
from assistant.domain.dunning import Final, Step, StepKind
from assistant.domain.dunning_policy import LEAST_AHEAD
from assistant.domain.membership import Standing
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import asking, attempts, collecting, dunning, standings, tasks
from assistant.services.dunning import Case

LATE = timedelta(hours=24)
"""Later than this, we were away: the ladder is walked from where it was, never jumped."""
TOLD_WITHIN = timedelta(hours=20)
"""After this an untold member is somebody's task, well before the day is over (`features.md` N25)."""
ASK_AGAIN = timedelta(hours=1)
HEARD_WITHIN = timedelta(minutes=10)
"""How long a text waits for the answer to a charge that is on its way."""
ENDS = {
    Final.SKIP: (InvoiceStatus.SKIPPED, Standing.ACTIVE),
    Final.PAUSE: (InvoiceStatus.WRITTEN_OFF, Standing.PAUSED),
    Final.CANCEL: (InvoiceStatus.WRITTEN_OFF, Standing.ENDED),
}
"""What the end of the ladder makes of the invoice and of the membership."""


def step_next(rt: Runtime) -> bool:
    """Take the step that has been due longest; False when none is. One transaction, and nothing asked of a provider."""
    with rt.unit_of_work() as uow:
        row = uow.sql(
            """SELECT s.spa_id, c.invoice_id, s.number FROM dunning_step s
               JOIN dunning_case c ON (c.spa_id, c.id) = (s.spa_id, s.case_id)
               WHERE s.done_at IS NULL AND s.due_at <= %s ORDER BY s.due_at, s.spa_id, s.case_id, s.number LIMIT 1""",
            (uow.now,),
        ).fetchone()
        if row is None:
            return False
        spa_id, invoice_id, number = row
        owed = table.owed(uow, spa_id, invoice_id)
        case = dunning.case_of(uow, spa_id, invoice_id)
        if owed is not None and case is not None:
            _step(uow, owed, case, number)
    return True


def _step(uow: UnitOfWork, owed: Owed, case: Case, number: int) -> None:
    """Under the invoice's lock: read it all again, for it may have been settled or walked meanwhile."""
    left = dunning.steps_left(uow, owed.spa_id, case.id)
    step = next((each for each in left if each.number == number), None)
    if step is None or step.due_at > uow.now:
        return
    if owed.status is not InvoiceStatus.OPEN:
        dunning.close(uow, owed, owed.status.value)
    elif owed.dunning_exempt:
        dunning.drop(uow, owed.spa_id, case.id, [each.number for each in left], "exempt")
    elif uow.now - step.due_at > LATE:
        dunning.replan(uow, owed, case.id, policy_of.slid(left, now=uow.now, zone=owed.zone))
    elif (why := _take(uow, owed, case, step)) is not None:
        dunning.drop(uow, owed.spa_id, case.id, [number], why)


def _take(uow: UnitOfWork, owed: Owed, case: Case, step: Step) -> str | None:
    """Do it: what became of it, or None when it is to be taken later."""
    match step.kind:
        case StepKind.TELL:
            return None if _the_bank_is_asked(uow, owed, case, step) else asking.say(uow, owed, case, step)
        case StepKind.RETRY:
            return _retry(uow, owed, case, step)
        case StepKind.MOVE:
            return None if _the_bank_is_asked(uow, owed, case, step) else _suspend(uow, owed, case)
        case StepKind.FINAL:
            return _final(uow, owed, case, step)


def _the_bank_is_asked(uow: UnitOfWork, owed: Owed, case: Case, step: Step) -> bool:
    """Nothing is said or taken away while the card is being asked: what comes of it may make it needless
    (`features.md` D12).
    """
    due = owed.next_attempt_at is not None and owed.next_attempt_at <= uow.now
    if not due and table.open_attempt(uow, owed.spa_id, owed.invoice_id) is None:
        return False
    _later(uow, owed, case, step, uow.now + HEARD_WITHIN)
    return True


def _later(uow: UnitOfWork, owed: Owed, case: Case, step: Step, at: datetime) -> None:
    uow.sql(
        "UPDATE dunning_step SET due_at = %s WHERE spa_id = %s AND case_id = %s AND number = %s",
        (at, owed.spa_id, case.id, step.number),
    )


def _retry(uow: UnitOfWork, owed: Owed, case: Case, step: Step) -> str | None:
    """Ask the card again; but where a text has only just gone, later: it is for the member to act upon (N3)."""
    row = uow.sql(
        "SELECT max(done_at) FROM dunning_step"
        " WHERE spa_id = %s AND case_id = %s AND kind = 'tell' AND outcome = 'done'",
        (owed.spa_id, case.id),
    ).fetchone()
    if row and row[0] and row[0] + LEAST_AHEAD > uow.now:
        _later(uow, owed, case, step, row[0] + LEAST_AHEAD)
        return None
    if owed.collection == Collection.CARD:
        attempts.ask_for(uow, owed, Cause.RETRY)
        uow.later(Doorbell.CHARGE)
    return "done"


def _suspend(uow: UnitOfWork, owed: Owed, case: Case) -> str:
    moved = standings.move(
        uow, owed.spa_id, owed.membership_id, Standing.SUSPENDED, actor="clock", today=local_day(uow.now, owed.zone)
    )
    if moved:
        asking.say_suspended(uow, owed, case)
    return "done" if moved else "not_past_due"


def _final(uow: UnitOfWork, owed: Owed, case: Case, step: Step) -> str | None:
    """The end of the ladder; not while a charge is in doubt, and never for one whom nobody has told."""
    final = Final(step.what)
    if table.open_attempt(uow, owed.spa_id, owed.invoice_id) is not None:
        left = dunning.steps_left(uow, owed.spa_id, case.id)
        later = [Step(each.number, each.kind, each.what, uow.now + ASK_AGAIN) for each in left]
        dunning.replan(uow, owed, case.id, later)
        return None
    if _the_bank_is_asked(uow, owed, case, step):
        return None
    if not _is_told(uow, owed, case):
        _task(uow, owed, "unpaid_untold")
        return "untold"
    today = local_day(uow.now, owed.zone)
    back = asking.resumes_on(owed, today) if final is Final.PAUSE else None
    asking.say_the_end(uow, owed, case, final, resumes_on=back)
    status, to = ENDS[final]
    collecting.let_go(uow, owed, status, "ladder")
    standings.move(uow, owed.spa_id, owed.membership_id, to, actor="clock", today=today, resumes_on=back)
    return "done"


def _is_told(uow: UnitOfWork, owed: Owed, case: Case) -> bool:
    row = uow.sql(
        """SELECT 1 FROM dunning_case c WHERE c.spa_id = %s AND c.id = %s AND (c.told_at IS NOT NULL OR EXISTS (
               SELECT 1 FROM outbound_message m WHERE m.spa_id = c.spa_id AND m.owed_invoice_id = c.invoice_id
               AND m.status = 'delivered'))""",
        (owed.spa_id, case.id),
    ).fetchone()
    return row is not None


UNTOLD = """
    SELECT u.* FROM (
        SELECT c.spa_id, c.id, c.invoice_id, c.client_id,
               EXISTS (SELECT 1 FROM outbound_message m WHERE m.spa_id = c.spa_id AND m.owed_invoice_id = c.invoice_id
                       AND m.status = 'delivered') AS delivered
        FROM dunning_case c
        JOIN membership m ON (m.spa_id, m.id) = (c.spa_id, c.membership_id) AND m.dunning_exempt IS NULL
        WHERE c.closed_at IS NULL AND c.told_at IS NULL AND c.opened_at <= %s AND c.rule NOT IN ('review', 'check')) u
    WHERE u.delivered OR NOT EXISTS (
        SELECT 1 FROM staff_task t WHERE t.spa_id = u.spa_id AND t.key = 'not_told:' || u.invoice_id)
    ORDER BY u.spa_id, u.id"""


def assure_told(rt: Runtime) -> int:
    """Every past-due member is told within a day by a channel that delivered, or is somebody's task. Returns how many
    tasks were opened.
    """
    with rt.unit_of_work() as uow:
        opened = 0
        for spa_id, case_id, invoice_id, client_id, delivered in uow.sql(UNTOLD, (uow.now - TOLD_WITHIN,)).fetchall():
            if delivered:
                uow.sql(
                    "UPDATE dunning_case SET told_at = %s WHERE spa_id = %s AND id = %s AND told_at IS NULL",
                    (uow.now, spa_id, case_id),
                )
                tasks.close_task(uow, spa_id, f"not_told:{invoice_id}", by="clock", resolution="delivered")
            else:
                key, facts = f"not_told:{invoice_id}", {"invoice": invoice_id}
                opened += tasks.open_task(uow, spa_id, key=key, kind="not_told", client_id=client_id, facts=facts)
        return opened


def _task(uow: UnitOfWork, owed: Owed, kind: str) -> None:
    to = reach(uow, owed.spa_id, owed.client_id, about_money=True)
    facts = {"invoice": owed.invoice_id, "reachable": to.number is not None}
    key = f"{kind}:{owed.invoice_id}"
    tasks.open_task(uow, owed.spa_id, key=key, kind=kind, client_id=owed.client_id, facts=facts)
