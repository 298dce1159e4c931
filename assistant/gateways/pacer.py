"""A budget of requests a second, shared by every process through Redis: each request is told its own moment."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, local
from time import monotonic, sleep
from typing import Any

import redis

log = logging.getLogger(__name__)

PER_SECOND = 25
"""What Stripe takes of one account, in all and of one endpoint, before it answers 429."""
HEADROOM = 0.03
"""How far below the limit we stay: at any rate, a request may come 30 ms late and still crowd nobody."""
WINDOW_SECONDS = 1 + HEADROOM
"""The second that a limit is counted over, and how much closer together two requests may arrive than they left."""
FIRST_WINDOW_SECONDS = 1.1
"""After a thread's first request, which has yet to make its connection, and arrives so much the later."""
AWAY_SECONDS = 5.0
"""How long Redis is left alone once it has failed."""
KEPT_MILLISECONDS = 60_000
RESERVE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local at = now
for lane = 1, #KEYS do
  at = math.max(at, tonumber(redis.call('GET', KEYS[lane])) or 0)
end
for lane = 1, #KEYS do
  redis.call('SET', KEYS[lane], string.format('%.0f', at + tonumber(ARGV[lane])), 'PX', ARGV[#KEYS + 1])
end
return at - now
"""
"""Takes the first moment that is free in every lane, and answers how far off it is, in microseconds."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Most requests a second of one account: in all, and of any one endpoint."""

    overall: float = PER_SECOND
    endpoint: float = PER_SECOND
    headroom: float = HEADROOM

    def steps(self) -> tuple[float, float]:
        """Seconds between one request and the next, in each of the two lanes."""
        share = 1 - self.headroom
        return 1 / (self.overall * share), 1 / (self.endpoint * share)


class RedisPacer:
    """One request after another, evenly: never a burst, so no second holds more than its share.

    A machine that was busy for a moment wakes many at once: they leave by a door that lets no more through in a second
    than the limit, whatever moment each was told.

    While Redis is away each process paces itself alone: then several together may go over the limit, and are
    answered 429, which is asked again later.
    """

    def __init__(
        self,
        server: redis.Redis,
        rate: Rate = Rate(),
        *,
        sleep: Callable[[float], object] = sleep,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._server, self._steps = server, rate.steps()
        self._sleep, self._monotonic = sleep, monotonic
        self._door = _Door(rate, monotonic)
        self._reserve = server.register_script(RESERVE)
        self._alone = _Lanes(self._steps, monotonic)
        self._away_until = float("-inf")

    def wait(self, account: str | None, endpoint: str) -> None:
        for reserve in (self._turn, self._door.reserve):
            seconds = reserve(account or "platform", endpoint)
            if seconds > 0:
                self._sleep(seconds)

    def _turn(self, account: str, endpoint: str) -> float:
        if self._monotonic() < self._away_until:
            return self._alone.reserve(account, endpoint)
        microseconds = [round(step * 1_000_000) for step in self._steps]
        keys = [f"pace:{{{account}}}:all", f"pace:{{{account}}}:{endpoint}"]
        try:
            told: Any = self._reserve(keys=keys, args=[*microseconds, KEPT_MILLISECONDS])
        except redis.RedisError as error:
            log.warning("Redis is away, so this process paces itself alone: %s", type(error).__name__)
            self._away_until = self._monotonic() + AWAY_SECONDS
            return self._alone.reserve(account, endpoint)
        return int(told) / 1_000_000


class LocalPacer:
    """The same pace, for one process only."""

    def __init__(
        self,
        rate: Rate = Rate(),
        *,
        sleep: Callable[[float], object] = sleep,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._lanes, self._sleep = _Lanes(rate.steps(), monotonic), sleep

    def wait(self, account: str | None, endpoint: str) -> None:
        seconds = self._lanes.reserve(account or "platform", endpoint)
        if seconds > 0:
            self._sleep(seconds)


class _Lanes:
    """When each lane is free again."""

    def __init__(self, steps: tuple[float, float], monotonic: Callable[[], float]) -> None:
        self._steps, self._monotonic = steps, monotonic
        self._lock = Lock()
        self._free_at: dict[tuple[str, str], float] = {}

    def reserve(self, account: str, endpoint: str) -> float:
        """Take the first moment that is free in both lanes; the seconds until then."""
        lanes = ((account, ""), (account, endpoint))
        with self._lock:
            now = self._monotonic()
            at = max(now, *(self._free_at.get(lane, now) for lane in lanes))
            for lane, step in zip(lanes, self._steps, strict=True):
                self._free_at[lane] = at + step
        return at - now


class _Door:
    """When each request of this process may leave: never more of them arrive within a second than the limit."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._most = max(1, int(rate.overall)), max(1, int(rate.endpoint))
        self._monotonic = monotonic
        self._lock, self._thread = Lock(), local()
        self._free_at: dict[tuple[str, str], deque[float]] = {}
        """When each of the last requests is no longer counted, by lane."""

    def reserve(self, account: str, endpoint: str) -> float:
        """Take the first moment at which it may leave; the seconds until then."""
        counted = WINDOW_SECONDS if hasattr(self._thread, "connected") else FIRST_WINDOW_SECONDS
        self._thread.connected = True
        with self._lock:
            lanes = [
                self._free_at.setdefault(lane, deque(maxlen=most))
                for lane, most in zip(((account, ""), (account, endpoint)), self._most, strict=True)
            ]
            now = self._monotonic()
            at = max([now, *(lane[0] for lane in lanes if len(lane) == lane.maxlen)])
            for lane in lanes:
                lane.append(at + counted)
        return at - now
