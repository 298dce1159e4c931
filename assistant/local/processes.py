"""The programs one installation is made of: one table for the demo, for `assistant serve` and for the Procfile."""

import os
import shlex
import string
import sys
from collections.abc import Mapping

RELEASE = "python -m assistant.db.migrate"
"""Run before anything else, at every release."""

PROCESSES: Mapping[str, str] = {
    "web": "python -m gunicorn --bind $HOST:$PORT --worker-class gthread --workers 2 --threads 4"
    " --preload --graceful-timeout 8 --no-control-socket 'assistant.app:create_app()'",
    "worker_talk": "python -m jobs.worker talk",
    "worker_send": "python -m jobs.worker send",
    "worker_money": "python -m jobs.worker money",
    "worker_chores": "python -m jobs.worker chores",
    "worker_bulk": "python -m jobs.worker bulk",
    "clock": "python -m jobs.schedule",
}
"""Name → command, as a shell would read it. $HOST and $PORT are where the web server listens."""

SANDBOX = "python -m assistant.sandbox"
"""The stand-in for the providers: in the demo only."""

TIME_MACHINE = "python -m assistant.local.time_machine"
"""Moves the clock as the console's bar asks: in the demo only."""


def words(command: str, *, host: str = "127.0.0.1", port: int = 0) -> tuple[str, ...]:
    """A command of the table as it is run here: with this Python, and with the places filled in."""
    filled = string.Template(command).substitute(HOST=host, PORT=port)
    program, *arguments = shlex.split(filled)
    return (sys.executable if program == "python" else program, *arguments)


def inherited(forget: frozenset[str]) -> dict[str, str]:
    """Our own environment without the variables that the caller decides."""
    kept = {name: value for name, value in os.environ.items() if name not in forget}
    kept["PYTHONUNBUFFERED"] = "1"
    if sys.platform == "darwin":
        kept["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] = "YES"  # macOS kills a worker that forks otherwise
    return kept
