"""`assistant billing plan|run`: who would be charged what on a day and why, and the day itself."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.cli import house
from assistant.db import spas
from assistant.db.spas import House
from assistant.domain.billing import Decision, Planned
from assistant.domain.calendar import local_day
from assistant.domain.money import Money
from assistant.messages.staff import decline_line
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import billing, charges

WHY = {
    Decision.CHARGE: "due, card on file",
    Decision.COLLECT: "due, paid at the desk",
    Decision.COMPLETE: "due, nothing to pay: credits are banked",
    Decision.ASK_CARD: "due, no card on file: a link is sent",
    Decision.RESTS: "paused: this cycle is skipped",
    Decision.EXEMPT: "exempt from charging: this cycle is skipped",
    Decision.HELD: "waits: an earlier cycle is owed or was paid late a moment ago, or a task says why",
    Decision.SETTLED: "this cycle is settled already",
    Decision.NOT_DUE: "nothing of ours is due yet",
}


def plan(*, as_of: date | None, member: int | None, as_json: bool) -> int:
    """Print a day's plan at every spa. 0 when there is one; 2 when there is no such member."""
    rt = house.runtime()
    found = False
    with rt.unit_of_work() as uow:
        for each in spas.open_houses(uow):
            day = as_of or local_day(uow.now, each.zone)
            lines = billing.plan(uow, each.spa_id, day, client_id=member)
            found = found or bool(lines)
            for line in _json(each, day, lines) if as_json else _words(each, day, lines, whole=member is not None):
                print(line)
            if member is not None and not as_json:
                for line in _story(uow, each, member):
                    print(line)
    if member is not None and not found:
        print(f"No client {member} has a membership that has not ended.", file=sys.stderr)
        return 2
    return 0


def run(*, as_of: date | None, dry_run: bool) -> int:
    """Open the day's invoices at every spa and charge them here, showing how far it has come.

    Safe to break off and to run again: it goes on where it stopped. A day in the future is refused.
    """
    if dry_run:
        return plan(as_of=as_of, member=None, as_json=False)
    rt = house.runtime()
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    days = {each.spa_id: as_of or local_day(rt.clock.now(), each.zone) for each in houses}
    if late := [each for each in houses if days[each.spa_id] > local_day(rt.clock.now(), each.zone)]:
        print(f"{days[late[0].spa_id]} is in the future at {late[0].name}: nobody is charged early.", file=sys.stderr)
        return 1
    for each in houses:
        spa_id, day = each.spa_id, days[each.spa_id]
        rt.transact(lambda uow, spa_id=spa_id, day=day: billing.open_day(uow, spa_id, day))  # type: ignore[misc]
    charges.charge_all(rt, tell=lambda: _show(rt, houses, days))
    _show(rt, houses, days)
    return 0


def _show(rt: Runtime, houses: list[House], days: dict[int, date]) -> None:
    with rt.unit_of_work() as uow:
        for each in houses:
            so_far = billing.progress(uow, each.spa_id, local_day(uow.now, each.zone))
            print(
                f"{each.name}, {days[each.spa_id]}: {so_far.opened} opened, {so_far.paid} paid"
                f" ({Money(so_far.cents)}), {so_far.waiting} waiting, {so_far.in_doubt} in doubt,"
                f" {so_far.owed} owed, {so_far.let_go} skipped.",
                flush=True,
            )


def _words(spa: House, day: date, lines: list[Planned], *, whole: bool) -> Iterator[str]:
    yield f"{spa.name}, {day}"
    shown = [line for line in lines if whole or line.decision not in (Decision.SETTLED, Decision.NOT_DUE)]
    for line in shown:
        missed = f"; {line.missed} missed, skipped" if line.missed else ""
        who = f"{line.first_name} {line.last_name} (client {line.client_id})"
        yield (
            f"  {line.decision:<9} {who:<34} {line.plan:<10} cycle {line.cycle} of {line.due_on}"
            f"  {Money(line.total_cents)!s:>9}  {WHY[line.decision]}{missed}"
        )
    if whole:
        return
    for decision, (many, cents) in billing.totals(lines).items():
        yield f"  {many:>6} {decision:<9} {Money(cents)!s:>12}  {WHY[decision]}"


STORY = """
    SELECT i.id, i.due_on, i.cycle, i.status, i.reason, i.paid_by, i.dues_cents + i.setup_fee_cents,
           i.next_attempt_at, c.rule, c.promise_on
    FROM invoice i LEFT JOIN dunning_case c ON (c.spa_id, c.invoice_id) = (i.spa_id, i.id) AND c.closed_at IS NULL
    WHERE i.spa_id = %s AND i.client_id = %s ORDER BY i.due_on DESC, i.id DESC LIMIT 6"""
TRIED = """
    SELECT created_at, cause, status, decline_code FROM charge_attempt WHERE spa_id = %s AND invoice_id = %s
    ORDER BY number"""
AHEAD = """
    SELECT s.due_at, s.kind, s.what FROM dunning_step s JOIN dunning_case c ON (c.spa_id, c.id) = (s.spa_id, s.case_id)
    WHERE c.spa_id = %s AND c.invoice_id = %s AND s.done_at IS NULL ORDER BY s.due_at, s.number LIMIT 3"""


def _story(uow: UnitOfWork, spa: House, client_id: int) -> Iterator[str]:
    """What has become of a client's last cycles: what was tried, and what is next for what is owed."""

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(ZoneInfo(spa.zone)):%b %d %H:%M}"

    for invoice_id, due_on, cycle, status, reason, paid_by, cents, next_at, rule, promise_on in uow.sql(
        STORY, (spa.spa_id, client_id)
    ).fetchall():
        how = f" by {paid_by}" if paid_by else f" ({reason})" if reason else ""
        yield f"  cycle {cycle} of {due_on}, {Money(cents)}: {status}{how}"
        for created_at, cause, answer, code in uow.sql(TRIED, (spa.spa_id, invoice_id)).fetchall():
            yield f"    {at(created_at)}  {cause}: {answer}{f', {code}: {decline_line(code)}' if code else ''}"
        if next_at:
            yield f"    {at(next_at)}  next: the card is asked"
        if promise_on:
            yield f"    the member named {promise_on}"
        for due_at, kind, what in uow.sql(AHEAD, (spa.spa_id, invoice_id)).fetchall():
            yield f"    {at(due_at)}  next: {kind} {what}".rstrip()
        if rule:
            yield f"    what the bank said asks of us: {rule}"


def _json(spa: House, day: date, lines: list[Planned]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(
            {
                "spa": spa.spa_id,
                "day": day.isoformat(),
                "membership": line.membership_id,
                "client": line.client_id,
                "plan": line.plan,
                "decision": line.decision.value,
                "why": WHY[line.decision],
                "cycle": line.cycle,
                "due_on": line.due_on and line.due_on.isoformat(),
                "dues_cents": line.dues_cents,
                "setup_fee_cents": line.setup_fee_cents,
                "missed": line.missed,
            }
        )
