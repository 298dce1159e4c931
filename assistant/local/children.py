"""Starting and ending the programs that one machine runs, each in a session of its own and as the right account."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as when we are root, which it refuses to be."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def run(
    command: Sequence[str], *, environ: Mapping[str, str] | None = None, account: Account | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, from a directory that every account can reach."""
    return subprocess.run(  # noqa: S603  # programs of ours, named by us
        command,
        **_who(account),
        cwd="/",
        env=environ or {},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def spawn(
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    log: Path,
    account: Account | None = None,
    cwd: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that a terminal's Ctrl-C reaches it through us only, and once."""
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603  # programs of ours, named by us
            command,
            **_who(account),
            cwd=cwd,
            env=environ,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def stop(server: subprocess.Popen[bytes], stop_with: Signals = SIGTERM) -> None:
    """Ask a program to end, and end it after ten seconds."""
    server.send_signal(stop_with)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.send_signal(SIGKILL)
        server.wait()


class _Who(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _who(account: Account | None) -> _Who:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
