"""The servers every side shares: one PostgreSQL in memory, one Redis, and gunicorn for whatever is served."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from assistant.local.postgres import LocalPostgres, running_postgres
from assistant.local.redis import running_redis
from benchmarks.harness import NotReady

ROOT = Path(__file__).resolve().parents[1]
IN_MEMORY = Path("/dev/shm")  # noqa: S108
GUNICORN = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning")
LONG_RUNS = ("max_wal_size = '8GB'", "checkpoint_timeout = '30min'", "autovacuum = off")
"""So that no checkpoint or vacuum falls into one side's round and not another's.

Each side vacuums the tables it has filled and no others: a table vacuumed while empty is planned for as empty, and a
connection that prepared its statements then would scan it from end to end for ever after.
"""
STATED = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "data_directory")


@dataclass(frozen=True, slots=True)
class Postgres:
    """The benchmark's own server."""

    server: LocalPostgres

    def database(self, name: str) -> str:
        """Make an empty database; its address as libpq has it."""
        return libpq(self.server.create_database(name))

    def database_named(self, name: str) -> str:
        return libpq(self.server.url(name))

    def stated(self) -> str:
        """Version and what was asked of the disk, for the head of the report."""
        with psycopg.connect(libpq(self.server.url())) as connection:
            values = [(name, connection.execute(f"SHOW {name}").fetchone()) for name in STATED]
        return "PostgreSQL " + ", ".join(f"{name} {value[0]}" for name, value in values if value)


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A durable PostgreSQL whose disk is memory where there is /dev/shm: what is compared is work, not a disk."""
    within = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="assistant-bench-", dir=within) as folder:
        Path(folder).chmod(0o711)
        with running_postgres(Path(folder) / "home", durable=True) as server:
            with psycopg.connect(libpq(server.url()), autocommit=True) as connection:
                for setting in LONG_RUNS:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
            yield Postgres(server)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def gunicorn(app: str, environ: Mapping[str, str], port: int | None = None) -> Iterator[int]:
    """Serve `module:app` from two processes of four threads, as the Procfile does; its port."""
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}", app]
    with running(command, environ) as process:
        wait_for_port(port, process)
        yield port


@contextmanager
def running(command: list[str], environ: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of ours for as long as the block runs."""
    with subprocess.Popen(command, env={**os.environ, **environ}, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise NotReady(f"{' '.join(map(str, process.args[-2:]))} did not start")  # type: ignore[union-attr]


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis for the length of a claim; its address."""
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder, running_redis(Path(folder)) as url:
        yield url
