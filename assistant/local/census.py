"""Which processes are alive: enough to find, after a crash, the very ones that we started and no others."""

import os
import subprocess
from pathlib import Path

PROC = Path("/proc")


def identity(pid: int) -> str | None:
    """When a process began, as its kernel tells it: with the pid, one process and no later one. None: not alive.

    A command line would be weaker: servers rewrite theirs, and a pid may come back with the same one.
    """
    return _identity_by_proc(pid) if (PROC / "self" / "stat").exists() else _identity_by_ps(pid)


def session_members(session: int) -> list[int]:
    """The processes of a session: what a process started, its work horses with groups of their own among them."""
    return [pid for pid in _all_pids() if _session_of(pid) == session]


def _identity_by_proc(pid: int) -> str | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = fields[0], fields[19]
    boot = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot}/{started}"


def _identity_by_ps(pid: int) -> str | None:
    state, _, started = _ps("-o", "state=,lstart=", "-p", str(pid)).strip().partition(" ")
    return None if state in {"", "Z"} else started.strip()


def _all_pids() -> list[int]:
    if PROC.joinpath("self").exists():
        return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return [int(line) for line in _ps("-A", "-o", "pid=").split()]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _ps(*arguments: str) -> str:
    return subprocess.run(["/bin/ps", *arguments], capture_output=True, text=True, check=False).stdout  # noqa: S603  # its own options
