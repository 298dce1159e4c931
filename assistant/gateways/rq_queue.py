"""The doorbell, by RQ: any number of rings before a job starts are one job."""

import logging
from collections.abc import Callable
from itertools import count
from threading import Lock

from redis import Redis
from redis.connection import ConnectionInterface
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue as RqQueueOf
from rq import Retry
from rq.serializers import JSONSerializer

from assistant.doorbells import Doorbell

log = logging.getLogger(__name__)

RUNG_MS = 5_000
"""How long a ring stands for those that follow, if the job it asked for was lost."""
RETRY = Retry(max=2)
"""At once: no scheduler to keep alive, and the sweep comes round anyway."""
TIMEOUT = 120


def connect(redis_url: str, *, patient: bool = False) -> Redis:
    """A connection that gives up soon, for a webhook must not wait for a doorbell; a `patient` one waits for jobs."""
    return Redis.from_url(redis_url, socket_connect_timeout=0.5, socket_timeout=None if patient else 1.0)


class RqQueue:
    """Rings by a key that the worker takes down before it starts the job.

    So a burst of a thousand texts costs a thousand `SET NX` and a handful of jobs, and a ring that comes while the job
    is running is a new job: nothing written before a ring can be missed by it.
    """

    def __init__(self, redis: Redis) -> None:
        self._rounds = {bell: Round() for bell in Doorbell}
        self._queues = {
            bell.queue: RqQueueOf(bell.queue, connection=redis, serializer=JSONSerializer) for bell in Doorbell
        }
        # Rings of one bell go one at a time, so each has a connection of its own, without the client's ceremony.
        self._lines = {bell: redis.connection_pool.make_connection() for bell in Doorbell}

    def ring(self, bell: Doorbell) -> None:
        """Ask for the job. With Redis away the row stays, and the sweep asks again.

        Threads that ask while one is asking are asked for together, by the next.
        """
        self._rounds[bell].join(lambda: self._ring(bell))

    def _ring(self, bell: Doorbell) -> None:
        try:
            if self._is_first(bell):
                self._queues[bell.queue].enqueue(
                    bell.job, retry=RETRY, job_timeout=TIMEOUT, result_ttl=0, failure_ttl=3600
                )
        except RedisError as error:
            log.warning("could not ring %s: %s", bell.name, type(error).__name__)

    def _is_first(self, bell: Doorbell) -> bool:
        """Put up the ring, if none stands. A connection that Redis has dropped is made anew, once."""
        line = self._lines[bell]
        try:
            return _put_up(line, bell)
        except (RedisConnectionError, RedisTimeoutError):
            line.disconnect()  # type: ignore[no-untyped-call]
            return _put_up(line, bell)


def _put_up(line: ConnectionInterface, bell: Doorbell) -> bool:
    line.send_command("SET", rung(bell.job), b"1", "NX", "PX", RUNG_MS)  # type: ignore[no-untyped-call]
    return line.read_response() is not None


class Round:
    """Lets one act stand for all who asked before it began."""

    def __init__(self) -> None:
        self._acting = Lock()
        self._asked = count(1)
        self._latest = 0
        self._served = 0

    def join(self, act: Callable[[], None]) -> None:
        """Return once `act` has been done by somebody who began after this call."""
        mine = self._latest = next(self._asked)
        with self._acting:
            if self._served < mine:
                serving = self._latest
                act()
                self._served = serving


def rung(job: str) -> str:
    """The key that stands while a job has been asked for and has not started."""
    return f"rung:{job}"
