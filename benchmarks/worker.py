"""One process that posts as told, in JSON lines on stdin: the same loop for the floor, for us and for the peer.

Only the standard library is imported here: the peer runs this file with an interpreter of its own.
"""

import importlib
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

ACCOUNTS = 20_000
"""Members' accounts in every ledger, numbered from 1."""
SPAS = range(0, -9, -1)
"""The accounts of the spas themselves: the first is everybody's when it is hot, and the others each one worker's."""
READY, READY_IN_BATCHES = 4_000, 40_000
"""Transfers made up before the clock starts, per second of a run: more than one worker posts."""
SYSTEMS = {
    "floor": "benchmarks.floors.posting",
    "ours": "benchmarks.ours.posting",
    "hordak": "benchmarks.peers.hordak_peer",
    "redeem_floor": "benchmarks.floors.redeeming",
    "redeem_ours": "benchmarks.ours.redeeming",
}


class Transfer(NamedTuple):
    """`key` names it for ever; the debit account goes up, the credit account goes down."""

    key: str
    debit: int
    credit: int
    cents: int


class Poster(Protocol):
    """A ledger as the benchmark sees it. `balances` leaves out what is zero; debits are positive."""

    once: bool
    """Whether a key posted again changes nothing."""

    def post(self, transfer: Transfer) -> None: ...
    def post_many(self, transfers: list[Transfer]) -> None: ...
    def balances(self) -> dict[int, int]: ...
    def entries(self) -> int: ...


def transfers(tag: str, spa: int) -> Iterator[Transfer]:
    """The same ones for the same tag: from a spa to one of its members, as nearly every entry of a spa is."""
    chance = random.Random(tag)
    for number in count():
        member = int(chance.random() * ACCOUNTS) + 1
        yield Transfer(f"{tag}:{number}", member, spa, 100 + number % 900)


def answer(poster: Poster, order: dict[str, Any]) -> Any:  # noqa: ANN401
    """Do one thing asked on stdin."""
    match order["do"]:
        case "balances":
            return poster.balances()
        case "entries":
            return poster.entries()
        case "exactly":
            wanted = list(islice(transfers(order["tag"], order["spa"]), order["posts"]))
            return post_exactly(poster, wanted, order["size"])
        case "run":
            return run(poster, order)
    raise ValueError(order["do"])


def post_exactly(poster: Poster, wanted: list[Transfer], size: int) -> int:
    """So many, and no others; in batches when `size` is more than one."""
    if size > 1:
        for first in range(0, len(wanted), size):
            poster.post_many(wanted[first : first + size])
    else:
        for transfer in wanted:
            poster.post(transfer)
    return len(wanted)


def run(poster: Poster, order: dict[str, Any]) -> dict[str, float]:
    """Post until the time is up; every worker of a crew starts at the same moment of the machine's own clock."""
    endless, size, done = transfers(order["tag"], order["spa"]), order["size"], 0
    ready = list(islice(endless, int(order["seconds"] * (READY if size == 1 else READY_IN_BATCHES))))
    wanted = chain(ready, endless)
    time.sleep(max(0.0, order["at"] - time.monotonic()))
    began, processor = time.monotonic(), time.process_time()
    ends = began + order["seconds"]
    while (now := time.monotonic()) < ends:
        if size > 1:
            poster.post_many(list(islice(wanted, size)))
        else:
            poster.post(next(wanted))
        done += size
    now = time.monotonic()
    return {"done": done, "seconds": now - began, "cpu": time.process_time() - processor}


def main() -> None:
    """`worker.py SYSTEM DATABASE_URL`: one order a line, one answer a line."""
    system, database = sys.argv[1:3]
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    poster: Poster = importlib.import_module(SYSTEMS[system]).open_poster(database)
    print(json.dumps({"ready": poster.once}), flush=True)
    for line in sys.stdin:
        try:
            said = answer(poster, json.loads(line))
        except Exception as error:  # noqa: BLE001 - told to whoever asked, once for all workers
            said = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
