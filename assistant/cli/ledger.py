"""`assistant ledger verify`: are the books what their postings say?"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.gateways.nowhere import NoQueue, NoTexts
from assistant.local.machine import PROJECT
from assistant.runtime import Runtime
from assistant.services.verification import CHECKS, differences

DEMO = PROJECT / ".local" / "demo.json"


def verify() -> int:
    """0 and a sentence when they are; 1 and the first difference of each check when not; 2 with no database to ask."""
    url = _database_url(os.environ, DEMO)
    if url is None:
        print("Set DATABASE_URL, or start the demo: there are no books to verify.", file=sys.stderr)
        return 2
    rt = Runtime(WallClock(), Database(url), NoQueue(), NoTexts())
    with rt.unit_of_work() as uow:
        found = list(differences(uow))
        [[entries, postings]] = uow.sql(
            "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_posting)"
        ).fetchall()
    for difference in found:
        print(difference)
    if not found:
        print(f"The books are right: {entries} entries, {postings} postings, {len(CHECKS)} checks, no difference.")
    return 1 if found else 0


def _database_url(environ: Mapping[str, str], demo: Path) -> str | None:
    """The environment's, or the running demo's."""
    if url := environ.get("DATABASE_URL"):
        return url
    if demo.exists():
        return str(json.loads(demo.read_text())["database_url"])
    return None
