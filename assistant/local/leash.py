"""A server for as long as a block runs, and not a moment longer: even a killed test run leaves nothing behind."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM, Signals

from assistant.local.children import Account, spawn, stop

WHEN_WE_DIE = """
read -r _
kill -s "$2" "$1"
tries=0
while kill -s 0 "$1" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL "$1"
rm -rf "$3"
"""
"""The pipe it reads is ours alone, so it ends with us, whatever ends us. No signal tells that on macOS."""


@contextmanager
def leashed(
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    log: Path,
    litter: Path,
    account: Account | None = None,
    stop_with: Signals = SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server during the block. `litter` is a directory to delete should we die inside it."""
    server = spawn(command, environ=environ, log=log, account=account)
    leash = ["/bin/sh", "-c", WHEN_WE_DIE, "leash", str(server.pid), stop_with.name.removeprefix("SIG"), str(litter)]
    with subprocess.Popen(  # noqa: S603  # our own words
        leash, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as watch:
        try:
            yield server
        finally:
            watch.kill()
            stop(server, stop_with)
