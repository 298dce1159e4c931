"""`assistant simulate`: months of dues with everything going wrong, on a PostgreSQL of their own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.db import migrate
from assistant.db.connections import Database
from assistant.local.postgres import running_postgres
from assistant.simulation import story as stories
from assistant.simulation.life import days_in
from assistant.simulation.script import Script


def run(*, members: int, months: int, seed: int, as_json: bool) -> int:
    """0 when all of it is so; 1 when something is not, with what there is to see of it."""
    with _house() as database:
        script = Script(members=members, days=days_in(months), close=False)
        story = stories.lived(database, script, seed)
    return told(story, f"assistant simulate --members {members} --months {months} --seed {seed}", as_json=as_json)


def told(story: stories.Story, command: str, *, as_json: bool) -> int:
    """Print it; the answer is the exit code. `command` is how to see it again."""
    for line in stories.as_json(story) if as_json else stories.told(story):
        print(line)
    if story.broken is None:
        return 0
    for line in stories.ended(story, command):
        print(line, file=sys.stderr)
    return 1


@contextmanager
def _house() -> Iterator[Database]:
    """A database with nothing but its schema, in memory where there is some."""
    memory = Path("/dev/shm")  # noqa: S108 - nobody else's file is touched
    near = memory if memory.is_dir() else None
    with TemporaryDirectory(dir=near, prefix="assistant-") as home, running_postgres(Path(home)) as server:
        url = server.create_database("simulation")
        migrate.upgrade(url)
        database = Database(url)
        try:
            yield database
        finally:
            database.close()
