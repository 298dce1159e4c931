"""The runtime of a worker process."""

from functools import cache

from assistant import wiring
from assistant.runtime import Runtime


@cache
def runtime() -> Runtime:
    """Made once, on first use, in the process that works."""
    return wiring.runtime(wiring.settings())
