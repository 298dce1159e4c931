"""Alembic's door: migrates the connection it is given (`assistant.db.migrate`)."""

from alembic import context

from assistant.db.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, compare_server_default=True)
with context.begin_transaction():
    context.run_migrations()
