"""The queue with a real Redis and a real worker: a burst is one job, no ring is missed, and Redis may go."""

import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from redis import Redis

from assistant.doorbells import Doorbell
from assistant.gateways.rq_queue import RUNG_MS, RqQueue, connect, rung
from assistant.local.redis import running_redis
from assistant.services import inbound
from assistant.services.inbound import Incoming
from jobs.schedule import SCHEDULE, tick
from jobs.worker import QUEUES
from tests.world import ANA, SPA_NUMBER, World

PROJECT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect(redis_url) as client:
        client.flushall()
        yield client


def waiting(redis: Redis, bell: Doorbell) -> int:
    return redis.llen(f"rq:queue:{bell.queue}")


def jobs(redis: Redis) -> list[dict[bytes, bytes]]:
    return [redis.hgetall(key) for key in redis.keys("rq:job:*")]


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


# --- ringing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bell", Doorbell)
def test_a_thousand_rings_are_one_job(redis: Redis, bell: Doorbell) -> None:
    queue = RqQueue(redis)
    for _ in range(1000):
        queue.ring(bell)
    [job] = jobs(redis)
    assert waiting(redis, bell) == 1
    assert 0 < redis.pttl(rung(bell.job)) <= RUNG_MS
    assert job[b"origin"].decode() == bell.queue


def test_rings_at_the_same_instant_are_one_job(redis: Redis, redis_url: str) -> None:
    barrier = Barrier(8)

    def ring(_thread: int) -> None:
        with connect(redis_url) as mine:
            queue = RqQueue(mine)
            barrier.wait()
            queue.ring(Doorbell.ANSWER)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ring, range(8)))
    assert waiting(redis, Doorbell.ANSWER) == 1


def test_each_bell_is_its_own(redis: Redis) -> None:
    queue = RqQueue(redis)
    for bell in Doorbell:
        queue.ring(bell)
    assert len(jobs(redis)) == len(Doorbell)


def test_a_job_is_data_and_not_a_pickle(redis: Redis) -> None:
    RqQueue(redis).ring(Doorbell.DELIVER)
    [job] = jobs(redis)
    assert json.loads(zlib.decompress(job[b"data"])) == ["jobs.messages.deliver", None, [], {}]


def test_a_ring_that_was_lost_holds_up_the_next_for_seconds_only(redis: Redis) -> None:
    queue = RqQueue(redis)
    queue.ring(Doorbell.ANSWER)
    redis.delete("rq:queue:talk")
    redis.pexpire(rung(Doorbell.ANSWER.job), 1)
    until(lambda: not redis.exists(rung(Doorbell.ANSWER.job)))
    queue.ring(Doorbell.ANSWER)
    assert waiting(redis, Doorbell.ANSWER) == 1


def test_without_redis_a_ring_is_only_unheard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()
    RqQueue(connect(f"unix://{tmp_path}/no.sock")).ring(Doorbell.ANSWER)
    assert "could not ring ANSWER" in caplog.text
    assert time.monotonic() - started < 5


def test_when_redis_dies_a_ring_is_only_unheard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_redis(tmp_path) as url:
        queue = RqQueue(connect(url))
        queue.ring(Doorbell.ANSWER)
        assert caplog.text == ""
    queue.ring(Doorbell.DELIVER)
    assert "could not ring DELIVER" in caplog.text


def test_a_full_redis_is_only_a_deaf_one(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    before = redis.config_get("maxmemory")["maxmemory"]
    redis.config_set("maxmemory", "1")
    try:
        RqQueue(redis).ring(Doorbell.ANSWER)
    finally:
        redis.config_set("maxmemory", before)
    assert "could not ring ANSWER" in caplog.text


# --- the clock ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redis")
def test_each_slot_is_rung_once_by_however_many_clocks(redis_url: str) -> None:
    def clock(_number: int) -> list[Doorbell]:
        with connect(redis_url) as mine:
            barrier.wait()
            return tick(mine, RqQueue(mine), NOON)

    barrier = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        rung_by_any = [bell for bells in pool.map(clock, range(8)) for bell in bells]
    assert sorted(bell.name for bell in rung_by_any) == sorted(row.bell.name for row in SCHEDULE)


def test_a_row_comes_round_as_often_as_it_says(redis: Redis) -> None:
    heard: list[Doorbell] = []

    class Ear:
        def ring(self, bell: Doorbell) -> None:
            heard.append(bell)

    for second in range(2 * 3600):
        tick(redis, Ear(), NOON + timedelta(seconds=second))
    for row in SCHEDULE:
        assert heard.count(row.bell) == -(-7200 // row.every.total_seconds())
    longest = int(max(row.every for row in SCHEDULE).total_seconds())
    assert all(0 < redis.ttl(key) <= 2 * longest + 60 for key in redis.keys("slot:*"))


def test_a_clock_that_missed_hours_rings_once(redis: Redis) -> None:
    queue = RqQueue(redis)
    tick(redis, queue, NOON)
    assert set(tick(redis, queue, NOON + timedelta(hours=30))) == {row.bell for row in SCHEDULE}
    assert tick(redis, queue, NOON + timedelta(hours=30)) == []


# --- a worker ----------------------------------------------------------------------------------------------------


@contextmanager
def working(queue: str, world: World, redis_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m jobs.worker` as the Procfile runs it."""
    environ = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": world.rt.database.url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "x" * 32,
        "PUBLIC_BASE_URL": "http://127.0.0.1:1",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_API_BASE": "http://127.0.0.1:1",
        "STRIPE_SECRET_KEY": "sk_test_0",
        "STRIPE_WEBHOOK_SECRET": "whsec_0",
        "SENDGRID_API_KEY": "SG.0",
    }
    process = subprocess.Popen([sys.executable, "-m", "jobs.worker", queue], cwd=PROJECT, env=environ)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def keep(world: World, sid: str, body: str = "HELP") -> None:
    inbound.keep(world.rt, Incoming(sid, ANA, SPA_NUMBER, body, {}))


def kept(world: World) -> int:
    return len(world.rows("SELECT 1 FROM inbound_event WHERE status = 'kept'"))


def started(redis: Redis) -> bool:
    return redis.scard("rq:workers") > 0


def test_a_worker_answers_what_is_kept_misses_no_ring_and_stops_when_told(
    world: World, redis: Redis, redis_url: str
) -> None:
    world.client("Ana")
    queue = RqQueue(redis)
    keep(world, "SM1")
    queue.ring(Doorbell.ANSWER)

    with working("talk", world, redis_url) as worker:
        until(lambda: kept(world) == 0)
        assert world.rows("SELECT status, understood FROM inbound_event") == [("answered", "help")]
        until(lambda: waiting(redis, Doorbell.DELIVER) == 1)  # the answer is rung for, and no one sends it here
        until(lambda: not jobs_on(redis, "talk"))

        # Busy with one member's text, which we hold up, while another ring comes: that is another job.
        with world.rt.unit_of_work() as uow:
            uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (ANA, world.spa.spa_id))
            keep(world, "SM2")
            queue.ring(Doorbell.ANSWER)
            until(lambda: not redis.exists(rung(Doorbell.ANSWER.job)))
            keep(world, "SM3")
            for _ in range(100):
                queue.ring(Doorbell.ANSWER)
            assert waiting(redis, Doorbell.ANSWER) == 1
        until(lambda: kept(world) == 0 and waiting(redis, Doorbell.ANSWER) == 0)

        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
    assert world.rows("SELECT count(*) FROM outbound_message") == [(3,)]


def jobs_on(redis: Redis, queue: str) -> list[bytes]:
    return redis.lrange(f"rq:queue:{queue}", 0, -1)


def test_what_a_killed_worker_held_is_answered_by_the_next(world: World, redis: Redis, redis_url: str) -> None:
    world.client("Ana")
    queue = RqQueue(redis)
    with working("talk", world, redis_url) as worker, world.rt.unit_of_work() as uow:
        uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (ANA, world.spa.spa_id))
        keep(world, "SM1")
        queue.ring(Doorbell.ANSWER)
        until(lambda: started(redis) and not redis.exists(rung(Doorbell.ANSWER.job)))
        worker.kill()
        worker.wait()
    assert kept(world) == 1
    redis.flushall()

    queue.ring(Doorbell.ANSWER)  # as the sweep does
    with working("talk", world, redis_url):
        until(lambda: kept(world) == 0)
    assert world.rows("SELECT count(*) FROM outbound_message") == [(1,)]


@pytest.mark.parametrize("arguments", [[], ["talk", "send"], ["nonsense"], ["talk,send"], ["--help"], [""]])
def test_one_worker_works_one_queue(arguments: list[str]) -> None:
    """One that listens on two loses what it has just taken when it is killed (`reliability.md` 2.1)."""
    run = subprocess.run(
        [sys.executable, "-m", "jobs.worker", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.strip() == f"usage: python -m jobs.worker {'|'.join(QUEUES)}"


def test_a_worker_without_settings_says_so_and_goes(world: World) -> None:
    assert world.spa.spa_id
    run = subprocess.run(
        [sys.executable, "-m", "jobs.worker", "talk"], cwd=PROJECT, capture_output=True, text=True, env={}, check=False
    )
    assert run.returncode == 78
    assert "DATABASE_URL is missing" in run.stderr
