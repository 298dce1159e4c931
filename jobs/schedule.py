"""The clock: rings what is due. Any number of clocks may run, for each slot of each row is rung once."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError

from assistant import wiring
from assistant.clock import Clock
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Queue
from assistant.gateways.rq_queue import RqQueue, connect

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A job, and how often."""

    bell: Doorbell
    every: timedelta

    def slot(self, now: datetime) -> int:
        """The number of the period that an instant falls in."""
        return int(now.timestamp() // self.every.total_seconds())


SCHEDULE = (
    Row(Doorbell.SWEEP, timedelta(seconds=5)),
    Row(Doorbell.OFFER, timedelta(seconds=30)),
    Row(Doorbell.LOOK_UP_REFUNDS, timedelta(minutes=1)),
    Row(Doorbell.CHASE, timedelta(minutes=1)),
    Row(Doorbell.BILL, timedelta(minutes=5)),
    Row(Doorbell.TEND_CARDS, timedelta(minutes=5)),
    Row(Doorbell.TEND_TICKETS, timedelta(minutes=1)),
    Row(Doorbell.TEND_CHANGES, timedelta(minutes=5)),
    Row(Doorbell.REMIND, timedelta(minutes=15)),
    Row(Doorbell.TURN_DAY, timedelta(minutes=15)),
    Row(Doorbell.GIVE_PERKS, timedelta(hours=1)),
    Row(Doorbell.EXPIRE_CREDITS, timedelta(hours=1)),
    Row(Doorbell.TIME_OUT_HOLDS, timedelta(minutes=1)),
    Row(Doorbell.TEND_CAPS, timedelta(hours=1)),
    Row(Doorbell.TEND_BOOKS, timedelta(minutes=10)),
    Row(Doorbell.RECONCILE, timedelta(days=1)),
)


def tick(redis: Redis, queue: Queue, now: datetime) -> list[Doorbell]:
    """Ring each row whose present slot nobody has taken. A missed slot needs no other: each job does all there is."""
    due = [row for row in SCHEDULE if redis.set(_key(row, now), b"1", nx=True, ex=_kept_for(row))]
    for row in due:
        queue.ring(row.bell)
    return [row.bell for row in due]


def _key(row: Row, now: datetime) -> str:
    return f"slot:{row.bell.job}:{row.slot(now)}"


def _kept_for(row: Row) -> int:
    return int(row.every.total_seconds()) * 2 + 60


def run(redis: Redis, clock: Clock) -> None:
    """Tick every second, for ever."""
    queue = RqQueue(redis)
    while True:
        try:
            tick(redis, queue, clock.now())
        except RedisError as error:
            log.warning("the clock cannot reach Redis: %s", type(error).__name__)
        time.sleep(1)


if __name__ == "__main__":
    settings = wiring.settings()
    run(connect(settings.redis_url), wiring.clock(settings))
