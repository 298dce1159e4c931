"""One installation on one machine: its databases, then its programs, under one supervisor and one claim."""

import fcntl
import http.client
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.local import postgres
from assistant.local.errors import LocalServerError
from assistant.local.places import discard_sockets
from assistant.local.postgres import LocalPostgres
from assistant.local.processes import PROCESSES, words
from assistant.local.redis import NO_ENVIRON, LocalRedis
from assistant.local.supervisor import Child, Supervisor, stop_leftovers

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "assistant"


@dataclass(frozen=True, slots=True)
class Servers:
    """The database and the queue: ours to run, or None where the environment names others."""

    database: LocalPostgres | None
    queue: LocalRedis | None
    urls: Mapping[str, str]
    """DATABASE_URL and REDIS_URL."""

    @classmethod
    def at(cls, home: Path, environ: Mapping[str, str]) -> "Servers":
        """What the environment names, and of our own what it does not, made ready in `home`."""
        database = None if environ.get("DATABASE_URL") else LocalPostgres.at(home / "postgres")
        queue = None if environ.get("REDIS_URL") else LocalRedis.at(home / "redis")
        urls = {
            "DATABASE_URL": database.url(DATABASE) if database else environ["DATABASE_URL"],
            "REDIS_URL": queue.url if queue else environ["REDIS_URL"],
        }
        return cls(database, queue, urls)

    def start(self, supervisor: Supervisor) -> None:
        """Start ours, both at once, and wait until they answer."""
        if self.database:
            supervisor.start(_postgres(self.database))
        if self.queue:
            supervisor.start(Child("redis", tuple(self.queue.command()), NO_ENVIRON, is_base=True))
        if self.database:
            supervisor.wait_until(self.database.is_ready, 60, "postgres")
            self.database.ensure_database(DATABASE)
        if self.queue:
            supervisor.wait_until(self.queue.is_ready, 60, "redis")

    def discard_sockets(self) -> None:
        for server in (self.database, self.queue):
            if server:
                discard_sockets(server.data.parent)


def _postgres(server: LocalPostgres) -> Child:
    command, stop_with = tuple(server.command()), postgres.STOP_WITH
    return Child("postgres", command, postgres.ENVIRON, server.account, stop_with=stop_with, is_base=True)


def start_processes(supervisor: Supervisor, environ: Mapping[str, str], *, host: str, port: int) -> None:
    """Start every program of the table, and wait until the web server says that it is well."""
    for name, command in PROCESSES.items():
        supervisor.start(Child(name, words(command, host=host, port=port), environ, cwd=PROJECT))
    supervisor.wait_until(lambda: is_well(port), 60, "web")


def prepare(supervisor: Supervisor, environ: Mapping[str, str], cast: Path | None = None) -> None:
    """Bring the database to this version of the code; given a file for the cast, seed it too."""
    command = words("python -m assistant.local.prepare")
    supervisor.run_once(Child("prepare", (*command, *([str(cast)] if cast else [])), environ, cwd=PROJECT))


def is_well(port: int) -> bool:
    """Whether a web server of ours answers 200 to /healthz. No proxy of the environment is asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def claimed(home: Path, what: str) -> Iterator[list[str]]:
    """Be the only supervisor of `home` during the block; gives the names of what a killed one had left running.

    The claim is a lock that the kernel drops with us, however we end.
    """
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with (home / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalServerError(f"{what} already runs here. Stop it with Ctrl-C where it was started.") from None
            yield stop_leftovers(home / "processes.json")
    except PermissionError as error:
        place = error.filename or home
        raise LocalServerError(f"{place} belongs to somebody else: run as its owner, or remove it.") from None


def wait_for_port(port: int, variable: str, *, host: str = "127.0.0.1", seconds: float = 0) -> None:
    """Raise LocalServerError, in a sentence that says what to do, unless the port is free or becomes free in time."""
    if not 1 <= port <= 65535:
        raise LocalServerError(f"{variable}={port} is no port: choose a number from 1 to 65535.")
    until = time.monotonic() + seconds
    while trouble := _trouble_with(host, port):
        if time.monotonic() > until:
            raise LocalServerError(f"Port {port} {trouble}. Choose another, such as {variable}={port % 65000 + 100}.")
        time.sleep(0.1)


def _trouble_with(host: str, port: int) -> str | None:
    """Both ways of asking are needed: macOS lets a second server listen where another one does on every address."""
    with socket.socket() as caller:
        caller.settimeout(2)
        if caller.connect_ex((("127.0.0.1" if host == "0.0.0.0" else host), port)) == 0:  # noqa: S104  # compared only
            return "is taken by another program"
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except PermissionError:
            return "may be used by root only"
        except OSError:
            return "is taken by another program"
    return None
