"""The doorbell, by RQ: any number of rings before a job starts are one job."""

import logging

from redis import Redis
from redis.exceptions import RedisError
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
        self._redis = redis
        self._queues = {
            bell.queue: RqQueueOf(bell.queue, connection=redis, serializer=JSONSerializer) for bell in Doorbell
        }

    def ring(self, bell: Doorbell) -> None:
        """Ask for the job. With Redis away the row stays, and the sweep asks again."""
        try:
            if self._redis.set(rung(bell.job), b"1", nx=True, px=RUNG_MS):
                self._queues[bell.queue].enqueue(
                    bell.job, retry=RETRY, job_timeout=TIMEOUT, result_ttl=0, failure_ttl=3600
                )
        except RedisError as error:
            log.warning("could not ring %s: %s", bell.name, type(error).__name__)


def rung(job: str) -> str:
    """The key that stands while a job has been asked for and has not started."""
    return f"rung:{job}"
