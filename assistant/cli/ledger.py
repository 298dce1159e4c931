"""`assistant ledger verify [--replay]`: are the books what their postings say, now and at every entry?"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.gateways.nowhere import NoQueue, NoTexts
from assistant.local.machine import PROJECT
from assistant.runtime import Runtime
from assistant.services import replay
from assistant.services.replay import Replayed
from assistant.services.verification import CHECKS, differences

DEMO = PROJECT / ".local" / "demo.json"


def verify(*, replayed: bool = False) -> int:
    """0 and a sentence when they are; 1 and the first difference of each check when not; 2 with no database to ask.

    `replayed`: the journal too, added up from its first entry.
    """
    url = _database_url(os.environ, DEMO)
    if url is None:
        print("Set DATABASE_URL, or start the demo: there are no books to verify.", file=sys.stderr)
        return 2
    with closing(Database(url)) as database, Runtime(WallClock(), database, NoQueue(), NoTexts()).unit_of_work() as uow:
        found = list(differences(uow))
        journals = replay.replay(uow) if replayed else []
        [[entries, postings]] = uow.sql(
            "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_posting)"
        ).fetchall()
    for journal in journals:
        _show(journal)
        found += journal.differences
    for difference in found:
        print(difference)
    if not found:
        print(f"The books are right: {entries} entries, {postings} postings, {len(CHECKS)} checks, no difference.")
    return 1 if found else 0


def _show(journal: Replayed) -> None:
    """What the journal of one spa comes to: every account, and what became of the credit."""
    print(
        f"spa {journal.spa_id}: {journal.entries} entries and {journal.postings} postings replayed, "
        f"{journal.judged} uses judged by the order of use"
    )
    for (account, unit), amount in sorted(journal.balances.items()):
        print(f"  {account:<12} {unit:<12} {amount:>14,}")
    for unit in sorted({unit for unit, _ in journal.became}):
        words = {word: amount for (of, word), amount in journal.became.items() if of == unit}
        left = words.pop("available")
        told = ", ".join(f"{word} {amount:+,}" for word, amount in words.items())
        print(f"  {unit}: {told} = {left:,} available")


def _database_url(environ: Mapping[str, str], demo: Path) -> str | None:
    """The environment's, or the running demo's."""
    if url := environ.get("DATABASE_URL"):
        return url
    if demo.exists():
        return str(json.loads(demo.read_text())["database_url"])
    return None
