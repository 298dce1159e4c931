"""Keeps a handful of programs running: starts them, starts the dead ones again, and stops them all, databases last."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGKILL, SIGTERM, Signals
from types import FrameType, TracebackType
from typing import Self

from assistant.local.census import identity, session_members
from assistant.local.children import Account, spawn
from assistant.local.errors import LocalServerError

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before a dead program is started again: doubled each time it dies young."""
YOUNG = 10.0
PATIENCE = 10.0
"""Seconds a program may take to end before it is ended."""
HOPELESS = 5
"""Deaths in a row after which a program that we wait for is given up."""
BIGGEST_LOG = 5_000_000


class StopAsked(Exception):  # noqa: N818  # no error: Ctrl-C, or the terminal was closed
    """The person who started us has had enough."""


@dataclass(frozen=True, slots=True)
class Child:
    """A program to keep running."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    account: Account | None = None
    stop_with: Signals = SIGTERM
    is_base: bool = False
    """Others stand on it, so it is stopped after them."""
    cwd: Path = Path("/")


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    began: float
    deaths: int = 0
    due: float | None = None
    """When it is to be started again, if it is dead."""


@dataclass(slots=True)
class Supervisor:
    """Use it as a context: leaving the block stops everything. Signals are for it alone meanwhile."""

    logs: Path
    record: Path
    """A file of who is running, for whoever comes after a supervisor that was killed."""
    say: Callable[[str], None] = lambda _: None
    on_change: Callable[[], None] = lambda: None
    """Called whenever a program has been started again, under a new process id."""
    patience: float = PATIENCE
    _running: dict[str, _Running] = field(default_factory=dict)
    _asked: bool = False
    _handlers: dict[Signals, object] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in (SIGINT, SIGTERM, SIGHUP):
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal itself gave us

    def start(self, child: Child) -> None:
        """Run a program and keep it running."""
        self._running[child.name] = _Running(child, self._spawn(child), time.monotonic())
        self._write_record()

    def pids(self) -> dict[str, int]:
        return {name: running.process.pid for name, running in self._running.items() if running.due is None}

    def run_once(self, child: Child, seconds: float = 120) -> None:
        """Run a program to its end. Raises LocalServerError, with the last words of its log, when it fails."""
        process = self._spawn(child)
        try:
            self.wait_until(lambda: process.poll() is not None, seconds, child.name)
        finally:
            if process.poll() is None:
                process.kill()
            code = process.wait()
        if code != 0:
            raise LocalServerError(self._last_words(child.name, "did not work"))

    def wait_until(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Keep everything running until something is ready. Raises StopAsked, or LocalServerError if it won't be."""
        until = time.monotonic() + seconds
        while not ready():
            self._tick()
            hopeless = [name for name, running in self._running.items() if running.deaths >= HOPELESS]
            if hopeless:
                raise LocalServerError(self._last_words(hopeless[0], "does not stay up"))
            if time.monotonic() > until:
                raise LocalServerError(self._last_words(what, f"was not ready after {seconds:.0f} seconds"))

    def run(self) -> None:
        """Keep everything running until somebody asks us to stop."""
        with contextlib.suppress(StopAsked):
            while True:
                self._tick()

    def stop(self) -> None:
        """End every program and whatever it left in its session: first all that stand on others, then the rest."""
        for is_base in (False, True):
            part = [running for running in self._running.values() if running.child.is_base == is_base]
            _stop_all(
                [(running.process.pid, running.child.stop_with) for running in part if running.due is None],
                self.patience,
            )
            for running in part:
                running.process.wait()
        self._running.clear()
        self.record.unlink(missing_ok=True)

    def _tick(self) -> None:
        time.sleep(0.05)
        if self._asked:
            raise StopAsked
        for running in self._running.values():
            if running.due is None and running.process.poll() is not None:
                self._bury(running)
            elif running.due is not None and time.monotonic() >= running.due:
                self._revive(running)

    def _bury(self, running: _Running) -> None:
        """Note a death. What the dead program led is ended too: it may hold the port that the next one needs."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.process.pid, SIGKILL)
        lived = time.monotonic() - running.began
        running.deaths = 1 if lived >= YOUNG else running.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (running.deaths - 1), LONGEST_PAUSE)
        running.due = time.monotonic() + pause
        self.say(f"{running.child.name} {_how(running.process.returncode)}; starting it again in {pause:.1f} s.")

    def _revive(self, running: _Running) -> None:
        running.process, running.began, running.due = self._spawn(running.child), time.monotonic(), None
        self._write_record()
        self.on_change()

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        log = self._log(child.name)
        if log.exists() and log.stat().st_size > BIGGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        return spawn(child.command, environ=child.environ, log=log, account=child.account, cwd=child.cwd)

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _last_words(self, name: str, trouble: str) -> str:
        log = self._log(name)
        lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        return "\n".join([f"{name} {trouble}. The end of {log}:", *(f"    {line}" for line in lines)])

    def _write_record(self) -> None:
        entries = [
            {
                "name": name,
                "pid": running.process.pid,
                "identity": identity(running.process.pid),
                "stop_with": int(running.child.stop_with),
                "is_base": running.child.is_base,
            }
            for name, running in self._running.items()
            if running.due is None
        ]
        write_atomically(self.record, json.dumps(entries, indent=1))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked = True


def stop_leftovers(record: Path) -> list[str]:
    """End what a killed supervisor left running, by its record, and say what that was. Nobody else is touched."""
    if not record.exists():
        return []
    left = [entry for entry in json.loads(record.read_text()) if identity(entry["pid"]) == entry["identity"]]
    for is_base in (False, True):
        _stop_all([(entry["pid"], Signals(entry["stop_with"])) for entry in left if entry["is_base"] == is_base])
    record.unlink()
    return [entry["name"] for entry in left]


def write_atomically(path: Path, text: str) -> None:
    """Whoever reads the file finds the old text or the new one. It is for its owner's eyes."""
    new = path.with_name(path.name + ".new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


def _stop_all(programs: list[tuple[int, Signals]], patience: float = PATIENCE) -> None:
    for pid, stop_with in programs:
        _signal(pid, stop_with)
    until = time.monotonic() + patience
    while any(identity(pid) for pid, _ in programs) and time.monotonic() < until:
        time.sleep(0.02)
    for pid, _ in programs:
        for member in session_members(pid):
            _signal(member, SIGKILL)


def _signal(pid: int, number: Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _how(code: int) -> str:
    return f"ended with code {code}" if code >= 0 else f"was killed by {Signals(-code).name}"
