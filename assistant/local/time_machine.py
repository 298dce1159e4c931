"""The demo's time machine: moves its clock six hours at a time, while the machine does its work.

A program of the demo alone. It takes up the one move that the console's bar asked for; killed on the way, it goes on
from where the clock is.
"""

import logging
import math
import time
from datetime import datetime, timedelta

import requests

from assistant import wiring
from assistant.clock import Moves
from assistant.runtime import Runtime

log = logging.getLogger(__name__)

STEP = timedelta(hours=6)
"""Short enough that every step of a day has one in the hours in which people are told things."""
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


def go(rt: Runtime, sandbox: str, until: datetime) -> bool:
    """Live through the time until then; False when the work of some step did not end."""
    while (left := until - rt.clock.now()) > timedelta(0):
        if not step(rt, sandbox, min(left, STEP)):
            return False
    return True


def step(rt: Runtime, sandbox: str, by: timedelta) -> bool:
    """One step, and all that is due by then; False when its work did not end."""
    seconds = math.ceil(by.total_seconds())
    requests.post(f"{sandbox}/sandbox/clock", json={"advance_seconds": seconds}, timeout=10).raise_for_status()
    time.sleep(TICKED_SECONDS)
    return _settled(rt)


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


def serve(rt: Runtime, moves: Moves, sandbox: str) -> None:
    """The move that was asked for, if one was."""
    if (move := moves.under_way()) is None:
        return
    arrived = go(rt, sandbox, move.until)
    if not arrived:
        log.warning("the machine is still at work at %s: it goes no further", rt.clock.now())
    moves.over(stopped=not arrived)


def main() -> None:
    """Take up each move that is asked for, for ever."""
    settings = wiring.settings()
    if settings.demo_clock is None:
        raise SystemExit("Only the demo has a clock that can be moved: CLOCK_FILE is not set.")
    rt, moves = wiring.runtime(settings), Moves(settings.demo_clock)
    while True:
        serve(rt, moves, settings.twilio_api_base)
        time.sleep(0.3)


if __name__ == "__main__":
    main()
