"""Does one kind of work until there is no more of it, or its turn is over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from assistant.doorbells import Doorbell
from assistant.runtime import Runtime

TURN = timedelta(seconds=20)
"""Well below a job's time-out; what is left is asked for again, so that a worker is never away for long."""


def drain(rt: Runtime, next_one: Callable[[Runtime], bool], *, again: Doorbell, threads: int = 1) -> None:
    """Call `next_one` until it says there is none, by as many threads as wait on a provider side by side."""
    until = rt.clock.now() + TURN

    def work(_thread: int) -> bool:
        while next_one(rt):
            if rt.clock.now() >= until:
                return True
        return False

    if threads == 1:
        left = work(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            left = any(list(pool.map(work, range(threads))))
    if left:
        rt.queue.ring(again)
