"""Latency: from the signed POST of a text to the sandbox holding the answer, at 20 texts/s for 30 s: p95 < 1 s."""

import threading
import time
from itertools import islice

from benchmarks.counting import redis_commands, statements
from benchmarks.harness import Report
from benchmarks.ours.spa import WholeSpa, whole_spa
from benchmarks.servers import Postgres, redis_server
from benchmarks.texts import Text, post_all, texts

PER_SECOND, SECONDS = 20, 30
AIM_SECONDS = 1.0
PATIENCE_SECONDS = 15
WARMING, COUNTED = 20, 50
QUIET_SECONDS = 2.0
"""For what follows an answer, such as the sandbox's callbacks, to come to its end."""


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    """One run of fixed length: `rounds` and `seconds` change nothing but a quick look, which is shorter."""
    report = Report(__doc__, "texts")
    count = PER_SECOND * (SECONDS if rounds * seconds > 2 else 3)
    with redis_server() as redis_url, whole_spa(server, redis_url) as spa:
        wanted = list(islice(texts("latency", spa.base_url), count + WARMING + COUNTED))
        _answers(spa, set(_post_evenly(spa.port, wanted[:WARMING])))
        _count(spa, wanted[-COUNTED:], report, redis_url)
        posted = _post_evenly(spa.port, wanted[WARMING:-COUNTED])
        answers = _answers(spa, set(posted))
    waits = sorted(answers[sender] - at for sender, at in posted.items() if sender in answers)
    _tell(report, waits, lost=len(posted) - len(waits))
    return report


def _count(spa: WholeSpa, wanted: list[Text], report: Report, redis_url: str) -> None:
    """What a text costs all told, from its keeping to what the sandbox says of the answer."""
    time.sleep(QUIET_SECONDS)
    redis_before, http_before = redis_commands(redis_url), spa.http_calls()
    with statements(spa.database) as counts:
        _answers(spa, set(_post_evenly(spa.port, wanted)))
        time.sleep(QUIET_SECONDS)
    commands = (redis_commands(redis_url) - redis_before) / len(wanted)
    sent, back = (after - before for after, before in zip(spa.http_calls(), http_before, strict=True))
    report.notes.append(
        f"all told: {counts.per(len(wanted), 'text')}, {commands:.3g} Redis commands,"
        f" {sent / len(wanted):.3g} HTTP calls out and {back / len(wanted):.3g} callbacks in"
    )


def _post_evenly(port: int, wanted: list[Text]) -> dict[str, float]:
    """Post each at its own moment, whatever became of the one before; when each was begun, by who sent it."""
    posted, threads, start = {}, [], time.monotonic()
    for number, text in enumerate(wanted):
        time.sleep(max(0.0, start + number / PER_SECOND - time.monotonic()))
        assert text.sender not in posted, "each answer is known by whom it is for"
        posted[text.sender] = time.time()  # noqa: TID251  # compared with the sandbox's own clock
        threads.append(threading.Thread(target=post_all, args=(port, [text])))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return posted


def _answers(spa: WholeSpa, wanted: set[str]) -> dict[str, float]:
    """When the sandbox took the first text to each, once it has one for all or patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while wanted - (answers := spa.answers()).keys() and time.monotonic() < until:
        time.sleep(0.2)
    return answers


def _tell(report: Report, waits: list[float], *, lost: int) -> None:
    print("\n".join(["", report.claim, *(f"  {note}" for note in report.notes)]))
    if not waits or lost:
        print(f"  {lost} of {lost + len(waits)} texts were not answered within {PATIENCE_SECONDS} s: MISSED")
        report.missed += 1
        return
    p50, p95, p99 = (waits[len(waits) * share // 100] for share in (50, 95, 99))
    met = p95 < AIM_SECONDS
    report.missed += not met
    print(f"  {len(waits)} texts: p50 {p50:.3f} s, p95 {p95:.3f} s, p99 {p99:.3f} s, longest {waits[-1]:.3f} s")
    print(f"  goal: p95 < {AIM_SECONDS:g} s: {'met' if met else 'MISSED'}")
