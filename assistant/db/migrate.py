"""Brings a database to the schema of this code, or back."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from assistant.settings import read_or_exit

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 7_204_113
"""Advisory lock: two releases that start together migrate one after the other."""


def upgrade(database_url: str, revision: str = "head") -> None:
    """Migrate up to a revision. Safe to run twice, and from two processes at once."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        command.upgrade(_config(connection), revision)
    engine.dispose()


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate down to a revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def make_revision(engine: Engine, message: str) -> None:
    """Write a new migration from what the tables have that the database lacks."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    upgrade(read_or_exit(os.environ).database_url)
