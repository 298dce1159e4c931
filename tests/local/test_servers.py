"""Real servers out of their wheels: they start anywhere, survive a kill, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from assistant.local import postgres
from assistant.local.census import identity
from assistant.local.leash import leashed
from assistant.local.places import can_use
from assistant.local.postgres import LocalPostgres, running_postgres
from assistant.local.redis import NO_ENVIRON, LocalRedis, running_redis

ODD = "a long directory, with spaces 'n things " + "x" * 90


@contextmanager
def _durable(home: Path, shelter: Path) -> Iterator[tuple[LocalPostgres, int]]:
    server = LocalPostgres.at(home, shelter=shelter)
    with leashed(
        server.command(),
        environ=postgres.ENVIRON,
        log=shelter / "postgres.log",
        litter=shelter / "run",
        account=server.account,
    ) as process:
        server.wait_ready(alive=lambda: process.poll() is None)
        yield server, process.pid


def _connect(server: LocalPostgres, database: str) -> psycopg.Connection:
    return psycopg.connect(server.url(database).replace("+psycopg", ""), autocommit=True)


def test_a_database_starts_in_an_odd_place_and_is_empty(tmp_path: Path) -> None:
    with running_postgres(tmp_path / ODD) as server:
        server.create_database("one")
        with _connect(server, "one") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'é' AS word")
        server.create_database("two", template="one")
        with _connect(server, "two") as connection:
            assert connection.execute("SELECT word, lower('É'), current_setting('TimeZone') FROM kept").fetchone() == (
                "é",
                "é",
                "UTC",
            )
        server.ensure_database("two")
        server.drop_database("two")
        sockets = server.sockets
    assert not sockets.exists()


def test_a_killed_database_comes_back_with_its_data(short: Path) -> None:
    with _durable(short / "home", short) as (server, pid):
        server.create_database("kept")
        with _connect(server, "kept") as connection:
            connection.execute("CREATE TABLE answers AS SELECT 42 AS answer")
            os.kill(pid, signal.SIGKILL)
    with _durable(short / "home", short) as (server, _), _connect(server, "kept") as connection:
        assert connection.execute("SELECT answer FROM answers").fetchone() == (42,)


def test_a_first_start_cut_short_is_begun_again(short: Path) -> None:
    (short / "home" / "data.new" / "base").mkdir(parents=True)

    with _durable(short / "home", short) as (server, _):
        assert server.is_ready()
    assert not (server.data.parent / "data.new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_keeps_data_where_the_other_account_can_reach_them(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)

    with running_postgres(locked / "home") as server:
        assert server.account is not None
        assert not can_use(server.account, locked)
        assert locked not in server.data.parents
        assert [path.readlink() for path in locked.iterdir()] == [server.data.parent]
        assert locked.stat().st_mode & 0o777 == 0o700


def test_a_queue_starts_in_an_odd_place(tmp_path: Path) -> None:
    with running_redis(tmp_path / ODD) as url, redis.Redis.from_url(url) as client:
        client.set("word", "kept")
        assert client.client_info()["db"] == 0
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_killed_queue_comes_back_with_its_data(short: Path) -> None:
    server = LocalRedis.at(short / "home", shelter=short)
    for _ in range(2):
        with leashed(server.command(), environ=NO_ENVIRON, log=short / "log", litter=short / "run") as process:
            server.wait_ready(alive=lambda running=process: running.poll() is None)
            with redis.Redis.from_url(server.url) as client:
                client.incr("starts")
                starts = client.get("starts")
            process.kill()
    assert starts == b"2"


def test_nothing_outlives_a_killed_test_run(short: Path) -> None:
    program = f"""
import os, pathlib, signal
from assistant.local.postgres import running_postgres
from assistant.local.redis import running_redis
with running_postgres(pathlib.Path({str(short)!r}) / "p") as server, running_redis(pathlib.Path({str(short)!r}) / "r"):
    print((server.data / "postmaster.pid").read_text().splitlines()[0], server.sockets, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    told = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False).stdout
    pid, sockets = told.split()

    until = time.monotonic() + 20
    while identity(int(pid)) or Path(sockets).exists():
        assert time.monotonic() < until
        time.sleep(0.05)
