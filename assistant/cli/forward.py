"""`assistant forward --days 90`: the demo's time machine, six hours at a time, while the machine does its work."""

import sys
import time
from datetime import timedelta

import requests

from assistant.cli import house
from assistant.runtime import Runtime

STEP = timedelta(hours=6)
"""Short enough that every step of a day has one in the hours in which people are told things."""
STEPS_A_DAY = 4
TICKED_SECONDS = 1.5
"""The clock rings what is due once a second: no step is over before it has."""
PATIENCE = 120
"""Seconds that a step's work may take before we say so."""
WAITING = """
    SELECT (SELECT count(*) FROM invoice WHERE status = 'open' AND next_attempt_at <= %(now)s)
         + (SELECT count(*) FROM dunning_step WHERE done_at IS NULL AND due_at <= %(now)s)
         + (SELECT count(*) FROM provider_event WHERE status = 'kept' AND try_at <= %(now)s)
         + (SELECT count(*) FROM outbound_message WHERE status = 'waiting' AND due_at <= %(now)s)
         + (SELECT count(*) FROM charge_attempt WHERE status = 'asked')"""
BILLED = (
    "SELECT count(*) FROM spa s WHERE spa_id <> 0 AND NOT EXISTS ("
    "SELECT 1 FROM billing_run r WHERE r.spa_id = s.spa_id AND r.as_of = (%(now)s AT TIME ZONE s.zone)::date"
    ") AND (%(now)s AT TIME ZONE s.zone)::time >= time '09:00'"
)


def run(*, days: int) -> int:
    """0 when so many days have gone by; 2 with no demo running; 1 when its work did not end."""
    if not house.DEMO.exists():
        print("Start the demo first: make demo.", file=sys.stderr)
        return 2
    sandbox, rt = house.facts()["sandbox"], house.runtime()
    for step in range(STEPS_A_DAY * days):
        answer = requests.post(
            f"{sandbox}/sandbox/clock", json={"advance_seconds": int(STEP.total_seconds())}, timeout=10
        )
        answer.raise_for_status()
        time.sleep(TICKED_SECONDS)
        if not _settled(rt):
            print(f"The machine is still at work at {rt.clock.now():%b %d %H:%M}: try again later.", file=sys.stderr)
            return 1
        if step % STEPS_A_DAY == STEPS_A_DAY - 1:
            print(_told(rt), flush=True)
    return 0


def _settled(rt: Runtime) -> bool:
    """Wait until nothing is due."""
    quiet = 0
    for _ in range(PATIENCE * 5):
        with rt.unit_of_work() as uow:
            [[waiting]] = uow.sql(WAITING, {"now": uow.now}).fetchall()
            [[unbilled]] = uow.sql(BILLED, {"now": uow.now}).fetchall()
        quiet = quiet + 1 if waiting + unbilled == 0 else 0
        if quiet >= 2:
            return True
        time.sleep(0.2)
    return False


def _told(rt: Runtime) -> str:
    with rt.unit_of_work() as uow:
        [[paid, declined, owing, tasks]] = uow.sql(
            """SELECT (SELECT count(*) FROM invoice WHERE status = 'paid'),
                      (SELECT count(*) FROM charge_attempt WHERE status = 'declined'),
                      (SELECT count(*) FROM dunning_case WHERE closed_at IS NULL),
                      (SELECT count(*) FROM staff_task WHERE closed_at IS NULL)"""
        ).fetchall()
        return f"{uow.now:%a %b %d %Y}: {paid} dues paid, {declined} declines, {owing} being asked, {tasks} tasks"
