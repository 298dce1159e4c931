"""A campaign of ours, planned from its first client to its last, as its own process: `python -m … DATABASE_URL`."""

import json
import sys
import time

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.runtime import Runtime
from assistant.services import campaign_planning
from benchmarks.ours.spa import Silence
from benchmarks.processes import peak_kilobytes


def plan(url: str) -> dict[str, float]:
    """Every slice; seconds of it, and the most memory that was held."""
    rt = Runtime(WallClock(), Database(url), Silence(), Silence())  # type: ignore[arg-type]
    started = time.perf_counter()
    while campaign_planning.plan_next(rt):
        pass
    return {"seconds": time.perf_counter() - started, "rss": peak_kilobytes()}


if __name__ == "__main__":
    print(json.dumps(plan(sys.argv[1])))
