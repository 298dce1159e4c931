"""Exact counts, which no noise can touch: statements and commits as the server logged them, and Redis commands."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from benchmarks.harness import NotReady

LINE = re.compile(r"^#(?P<pid>\d+)#(?P<database>[^#]*)#(?P<who>[^#]*)#LOG:  (?:statement|execute [^:]*): (?P<sql>.*)$")
WATCHER = "benchmark"
"""The application name of connections that only look on, and are not counted."""
QUIET_COMMANDS = {"info", "hello", "client|setinfo"}
"""What a connection says of itself, and what asks for the count."""


@dataclass(slots=True)
class Counts:
    """What a block of work sent to the server; an autocommitted statement is a commit too."""

    statements: int = 0
    commits: int = 0

    def per(self, units: int, unit: str) -> str:
        return f"{self.statements / units:.3g} statements and {self.commits / units:.3g} commits per {unit}"


@contextmanager
def statements(database: str) -> Iterator[Counts]:
    """Count what every client of one database sends during the block; BEGIN and COMMIT are sent too."""
    counts = Counts()
    with psycopg.connect(database, autocommit=True, application_name=WATCHER) as connection:
        log = _log_of(connection)
        _set(connection, "log_line_prefix = '#%p#%d#%a#'", "log_statement = 'all'")
        start = log.stat().st_size
        try:
            yield counts
        finally:
            _set(connection, "log_statement = 'none'")
        with log.open(encoding="utf-8", errors="replace") as lines:
            lines.seek(start)
            _read(counts, lines, connection.info.dbname)


def _read(counts: Counts, lines: Iterator[str], database: str) -> None:
    inside: set[str] = set()
    for line in lines:
        found = LINE.match(line)
        if found is None or found["database"] != database or found["who"] == WATCHER:
            continue
        counts.statements += 1
        match found["sql"].strip().rstrip(";").upper().split(" ")[0]:
            case "BEGIN" | "START":
                inside.add(found["pid"])
            case "COMMIT":
                inside.discard(found["pid"])
                counts.commits += 1
            case "ROLLBACK":
                inside.discard(found["pid"])
            case _:
                counts.commits += found["pid"] not in inside


def _log_of(connection: psycopg.Connection) -> Path:
    """Where the server writes its log: the file that is its standard error."""
    row = connection.execute("SHOW data_directory").fetchone()
    assert row
    try:
        pid = Path(row[0], "postmaster.pid").read_text().split("\n")[0]
        log = Path(f"/proc/{pid}/fd/2").readlink()
    except OSError as error:
        raise NotReady(f"statements are counted from the server's log, which is out of reach here: {error}") from error
    if not log.is_file():
        raise NotReady(f"statements are counted from the server's log, which goes to {log}")
    return log


def _set(connection: psycopg.Connection, *settings: str) -> None:
    for setting in settings:
        connection.execute(f"ALTER SYSTEM SET {setting}")
    connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)  # each backend reads it before its next statement


def redis_commands(url: str) -> int:
    """How many commands a Redis has been sent, but for those that ask this."""
    stats: dict[str, dict[str, int]] = redis.Redis.from_url(url).info("commandstats")  # type: ignore[assignment]
    return sum(each["calls"] for name, each in stats.items() if name.removeprefix("cmdstat_") not in QUIET_COMMANDS)
