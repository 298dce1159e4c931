"""The schema comes up, goes down and comes up again with a year of a spa in it, and is what the tables say it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, inspect, text

from assistant import seeds
from assistant.clock import StoppedClock
from assistant.db import migrate
from assistant.db.connections import Database
from assistant.db.tables import METADATA
from assistant.gateways.nowhere import NoTexts
from assistant.local.postgres import LocalPostgres
from assistant.runtime import Runtime
from assistant.services import verification
from tests.world import Bells

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
OURS = """
    SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public'
    UNION ALL
    SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass || ': ' || pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'relation ' || relkind::text || ' ' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND relname NOT LIKE 'alembic_version%'
    UNION ALL
    SELECT 'type ' || typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname = 'public' AND typname NOT LIKE '%alembic_version'
    ORDER BY 1"""


CONSTRAINTS = """
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    ORDER BY 1"""


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = create_engine(database.url)
    yield engine
    engine.dispose()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """What a new migration would have to do."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        return compare_metadata(context, metadata)


def told(engine: Engine, query: str) -> list[str]:
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(text(query))]


def ours(engine: Engine) -> list[str]:
    """All that we have made in the database."""
    return told(engine, OURS)


def seeded(database: Database) -> Runtime:
    rt = Runtime(StoppedClock(NOW), database, Bells(), NoTexts())
    assert seeds.seed(rt) > 0
    return rt


def test_the_migrations_make_what_the_tables_say(engine: Engine) -> None:
    assert differences(engine, METADATA) == []


def test_the_migrations_make_every_check_and_key_too(engine: Engine, postgres: LocalPostgres) -> None:
    """Which Alembic does not compare: so here beside a database that is made of the tables alone."""
    plain = create_engine(postgres.create_database("made_of_the_tables"))
    METADATA.create_all(plain)
    try:
        assert told(engine, CONSTRAINTS) == told(plain, CONSTRAINTS)
        with plain.begin() as connection:
            connection.execute(text("ALTER TABLE allocation DROP CONSTRAINT ck_allocation_amount"))
        assert told(engine, CONSTRAINTS) != told(plain, CONSTRAINTS)
    finally:
        plain.dispose()
        postgres.drop_database("made_of_the_tables")


def test_a_table_without_a_migration_is_seen(engine: Engine) -> None:
    metadata = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata)
    Table("tip", metadata, Column("spa_id", Integer, primary_key=True))
    metadata.tables["client"].append_column(Column("nickname", Integer))
    [(first, table), (second, _, name, column)] = differences(engine, metadata)
    assert (first, table.name) == ("add_table", "tip")
    assert (second, name, column.name) == ("add_column", "client", "nickname")


def test_down_and_up_again_with_a_spa_in_it(database: Database, engine: Engine) -> None:
    """Down leaves nothing behind, and what comes up after it is the same, takes the same, and is as right."""
    before = ours(engine)
    seeded(database)
    database.close()

    migrate.downgrade(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert ours(engine) == []

    migrate.upgrade(database.url)
    assert ours(engine) == before
    assert differences(engine, METADATA) == []
    rt = seeded(database)
    with rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []
        [[members]] = uow.sql("SELECT count(DISTINCT client_id) FROM membership").fetchall()
    assert members == seeds.MEMBERS


def test_up_twice_is_up_once(database: Database, engine: Engine) -> None:
    before = ours(engine)
    migrate.upgrade(database.url)
    assert ours(engine) == before


def test_seeding_twice_is_seeding_once(database: Database) -> None:
    rt = seeded(database)
    count = "SELECT (SELECT count(*) FROM spa), (SELECT count(*) FROM client), (SELECT count(*) FROM ledger_entry)"
    with rt.unit_of_work() as uow:
        once = uow.sql(count).fetchall()
    seeded(database)
    with rt.unit_of_work() as uow:
        assert uow.sql(count).fetchall() == once
