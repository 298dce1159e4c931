"""Eight processes that post at once, each with its own connection: the load behind P3, P4 and P5."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness import Failed, NotReady, Sample
from benchmarks.worker import SPAS

WORKER = Path(__file__).with_name("worker.py")
LEAD_SECONDS = 0.5
"""For all workers to make up their work before the common start."""


class Crew:
    """Workers of one system, started once and used in every round."""

    def __init__(self, system: str, database: str, workers: list[subprocess.Popen[str]]) -> None:
        self.system = system
        self.database = database
        self.workers = workers
        ready = [self._hear(worker)["ready"] for worker in workers]
        self.once = all(ready)

    def ask(self, orders: list[dict[str, Any]]) -> list[Any]:
        """One order to each of the first workers, all at once; their answers in the same order."""
        chosen = self.workers[: len(orders)]
        for worker, order in zip(chosen, orders, strict=True):
            assert worker.stdin
            worker.stdin.write(json.dumps(order) + "\n")
            worker.stdin.flush()
        return [self._hear(worker) for worker in chosen]

    def run(self, seconds: float, tag: str, *, alone: bool = False, size: int = 1) -> Sample:
        """Entries posted per second by all together."""
        at = time.monotonic() + LEAD_SECONDS
        order = {"do": "run", "seconds": seconds, "size": size, "at": at}
        answers = self.ask(self._each(order, tag, alone=alone))
        done = sum(answer["done"] for answer in answers)
        return Sample(
            rate=sum(answer["done"] / answer["seconds"] for answer in answers),
            done=done,
            client_cpu_us=sum(answer["cpu"] for answer in answers) / done * 1e6,
        )

    def exactly(self, posts: int, tag: str, *, alone: bool = False, size: int = 1) -> int:
        """Post so many per worker, the same for every system; how many that made."""
        order = {"do": "exactly", "posts": posts, "size": size}
        return sum(self.ask(self._each(order, tag, alone=alone)))

    def balances(self) -> dict[str, int]:
        return dict(self.ask([{"do": "balances"}])[0])

    def entries(self) -> int:
        return int(self.ask([{"do": "entries"}])[0])

    def _each(self, order: dict[str, Any], tag: str, *, alone: bool) -> list[dict[str, Any]]:
        """The order for every worker: all for one spa, or each alone with its own."""
        numbers = range(len(self.workers))
        return [order | {"tag": f"{tag}:{number}", "spa": SPAS[number + 1 if alone else 0]} for number in numbers]

    def _hear(self, worker: subprocess.Popen[str]) -> Any:  # noqa: ANN401
        assert worker.stdout
        line = worker.stdout.readline()
        if not line:
            raise NotReady(f"a worker of {self.system} ended: its last words are above")
        said = json.loads(line)
        if isinstance(said, dict) and "failed" in said:
            raise Failed(f"{self.system}: {said['failed']}")
        return said


@contextmanager
def crew(system: str, database: str, *, size: int = 8, python: str = sys.executable) -> Iterator[Crew]:
    """Start the workers; end them, by closing what they read from, when done."""
    with ExitStack() as stack:
        workers = []
        for _ in range(size):
            worker = stack.enter_context(
                subprocess.Popen(
                    [python, str(WORKER), system, database],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=WORKER.parents[1],
                )
            )
            workers.append(worker)
        yield Crew(system, database, workers)
