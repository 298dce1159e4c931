"""`assistant forward --days 90`: the demo's time machine, six hours at a time, while the machine does its work."""

import sys
from datetime import timedelta

from assistant.cli import house
from assistant.local import time_machine
from assistant.runtime import Runtime


def run(*, days: int) -> int:
    """0 when so many days have gone by; 2 with no demo running; 1 when its work did not end."""
    if not house.DEMO.exists():
        print("Start the demo first: make demo.", file=sys.stderr)
        return 2
    sandbox, rt = house.facts()["sandbox"], house.runtime()
    for _ in range(days):
        if not time_machine.go(rt, sandbox, rt.clock.now() + timedelta(days=1)):
            print(f"The machine is still at work at {rt.clock.now():%b %d %H:%M}: try again later.", file=sys.stderr)
            return 1
        print(_told(rt), flush=True)
    return 0


def _told(rt: Runtime) -> str:
    with rt.unit_of_work() as uow:
        [[paid, declined, owing, tasks]] = uow.sql(
            """SELECT (SELECT count(*) FROM invoice WHERE status = 'paid'),
                      (SELECT count(*) FROM charge_attempt WHERE status = 'declined'),
                      (SELECT count(*) FROM dunning_case WHERE closed_at IS NULL),
                      (SELECT count(*) FROM staff_task WHERE closed_at IS NULL)"""
        ).fetchall()
        return f"{uow.now:%a %b %d %Y}: {paid} dues paid, {declined} declines, {owing} being asked, {tasks} tasks"
