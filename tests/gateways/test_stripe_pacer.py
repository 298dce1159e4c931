"""The pacer: as fast as the limit lets us, never faster, and shared."""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
import redis

from assistant.gateways.pacer import LocalPacer, Rate, RedisPacer
from assistant.local.redis import running_redis

THREADS = 24
EXACT = Rate(25, 25, headroom=0)


@dataclass
class Hands:
    """A clock that moves when somebody sleeps."""

    at: float = 100.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.at += seconds


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def server(address: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(address, max_connections=64) as client:
        client.flushall()
        yield client


def most_in_a_second(times: list[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for at in sorted(times):
        window.append(at)
        while window[0] <= at - 1:
            window.popleft()
        most = max(most, len(window))
    return most


# --- one process ------------------------------------------------------------------------------------------------------


def test_the_first_goes_at_once_and_the_rest_in_step() -> None:
    hands = Hands()
    pacer = LocalPacer(EXACT, sleep=hands.sleep, monotonic=hands.now)
    for _ in range(4):
        pacer.wait(None, "payment_intents.create")
    assert hands.slept == [0.04] * 3
    hands.at += 10  # what was not used is not saved up
    for _ in range(2):
        pacer.wait(None, "payment_intents.create")
    assert hands.slept == [0.04] * 4


def test_each_account_and_each_endpoint_has_its_own_step() -> None:
    hands = Hands()
    pacer = LocalPacer(Rate(100, 25, headroom=0), sleep=hands.sleep, monotonic=hands.now)
    pacer.wait("acct_1", "payment_intents.create")
    pacer.wait("acct_2", "payment_intents.create")
    assert hands.slept == []
    pacer.wait("acct_1", "payment_intents.list")
    assert hands.slept == [0.01]
    pacer.wait("acct_1", "payment_intents.create")
    assert hands.slept == [0.01, 0.03]


def test_a_whole_account_never_goes_over_its_share() -> None:
    hands, times = Hands(), list[float]()
    pacer = LocalPacer(sleep=hands.sleep, monotonic=hands.now)
    for n in range(200):
        pacer.wait(None, f"endpoint.{n % 3}")
        times.append(hands.at)
    assert most_in_a_second(times) == 25
    assert 200 / (times[-1] - times[0]) >= 0.97 * 25


# --- through Redis ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "seconds"), [(25, 2.0), (100, 1.5)])
def test_many_threads_and_two_processes_worth_of_pacers_reach_the_limit_and_no_more(
    server: redis.Redis, limit: int, seconds: float
) -> None:
    turns: list[float] = []
    done: list[float] = []

    def sleep(seconds: float) -> None:
        turns.append(time.monotonic() + seconds)  # as told: how late a busy machine wakes us is not the pacer's
        time.sleep(seconds)

    pacers = [RedisPacer(server, Rate(limit, limit), sleep=sleep) for _ in range(2)]
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        while time.monotonic() < until:
            pacers[number % 2].wait(None, "payment_intents.create")
            done.append(time.monotonic())

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    assert len([at for at in done if at <= until]) / seconds >= 0.95 * limit
    assert most_in_a_second(turns) <= limit


def test_who_woke_late_together_does_not_crowd_those_that_follow(server: redis.Redis) -> None:
    """The machine stood still for half a second, and those whose moment had come then leave at once."""
    hands, left = Hands(), list[float]()
    pacer = RedisPacer(server, Rate(25, 25), sleep=lambda _: None, monotonic=hands.now)
    pacer._door._monotonic = hands.now  # noqa: SLF001

    def leave(times: int) -> None:
        for _ in range(times):
            hands.at += pacer._door.reserve("platform", "payment_intents.create")  # noqa: SLF001
            left.append(hands.at)

    leave(13)  # at once, all of them late
    for _ in range(60):
        hands.at += 0.0408
        leave(1)
    assert left[12] == left[0]
    assert most_in_a_second(left) == 25
    assert left[24] == pytest.approx(left[0] + 12 * 0.0408)
    assert left[25] >= left[0] + 1.02


def test_the_budget_is_one_for_all_and_its_traces_go_away(server: redis.Redis) -> None:
    slept: list[float] = []
    for _ in range(5):
        RedisPacer(server, EXACT, sleep=slept.append).wait(None, "payment_intents.create")
    assert len(slept) == 4
    assert all(0.02 < later - earlier <= 0.04 for earlier, later in pairwise(slept))
    traces = list(server.scan_iter())
    assert len(traces) == 2
    assert all(server.pttl(key) > 0 for key in traces)


def test_with_redis_away_a_process_paces_itself_and_comes_back(address: str, tmp_path: Path) -> None:
    hands = Hands()
    nowhere = redis.Redis.from_url(f"unix://{tmp_path}/none.sock", retry=None)
    pacer = RedisPacer(nowhere, EXACT, sleep=hands.sleep, monotonic=hands.now)
    for _ in range(3):
        pacer.wait("acct_1", "payment_intents.create")
    assert hands.slept == [0.04] * 2
    with redis.Redis.from_url(address) as back:
        back.flushall()
        pacer._reserve.registered_client = back  # noqa: SLF001 - the same address, with somebody there again
        pacer.wait("acct_1", "payment_intents.create")
        assert back.dbsize() == 0  # left alone for a while
        hands.at += 6
        pacer.wait("acct_1", "payment_intents.create")
        assert back.dbsize() == 2
