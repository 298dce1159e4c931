"""A real PostgreSQL for the session, a fresh copy of the schema for each test, and a spa on a stopped clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from assistant.db import migrate
from assistant.db.connections import Database
from assistant.local.postgres import LocalPostgres, running_postgres
from tests.world import World

NUMBERS = count(1)

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")  # how long an example takes is the machine's business


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    memory = Path("/dev/shm")  # noqa: S108 - in memory, where there is some
    near = memory if memory.is_dir() else tmp_path_factory.getbasetemp()
    with TemporaryDirectory(dir=near, prefix="assistant-") as home, running_postgres(Path(home)) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: LocalPostgres) -> str:
    migrate.upgrade(postgres.create_database("template_of_all"))
    return "template_of_all"


@pytest.fixture
def database(postgres: LocalPostgres, template: str) -> Iterator[Database]:
    name = f"test_{next(NUMBERS)}"
    database = Database(postgres.create_database(name, template))
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World.begun(database, datetime(2026, 11, 20, 18, 0, tzinfo=UTC)) as world:
        yield world
