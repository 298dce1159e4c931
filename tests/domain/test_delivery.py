from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.delivery import FINAL, REMEDIES, TWILIO, Act, Remedy, Status, backoff, remedy

HOUR, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=5)

TWILIOS_STATUSES = """
    accepted scheduled queued sending sent delivered undelivered failed canceled partially_delivered read
""".split()
"""Of an outbound message (`rules.md` 3.3)."""

RULES = {
    21610: Remedy(Act.SUPPRESS),
    21211: Remedy(Act.UNREACHABLE),
    21408: Remedy(Act.UNREACHABLE),
    21614: Remedy(Act.UNREACHABLE),
    21635: Remedy(Act.UNREACHABLE),
    30006: Remedy(Act.UNREACHABLE),
    30005: Remedy(Act.UNREACHABLE),
    30003: Remedy(Act.TRY_AGAIN, (HOUR, 12 * HOUR)),
    30008: Remedy(Act.TRY_AGAIN, (FIVE_MINUTES,)),
    30047: Remedy(Act.TRY_AGAIN, (FIVE_MINUTES,)),
    30007: Remedy(Act.ALERT),
    30034: Remedy(Act.STOP_SENDER),
    30032: Remedy(Act.STOP_SENDER),
    30022: Remedy(Act.SLOW_DOWN),
    30023: Remedy(Act.SLOW_DOWN),
    30001: Remedy(Act.SLOW_DOWN),
    20429: Remedy(Act.SLOW_DOWN),
    30941: Remedy(Act.ALERT),
    30545: Remedy(Act.ALERT),
}
"""`rules.md` 3.6, line by line."""


@pytest.mark.parametrize("code", RULES)
def test_each_error_has_the_remedy_of_the_rules(code: int) -> None:
    assert remedy(code) == RULES[code]


def test_what_never_left_waits_its_turn() -> None:
    assert remedy(0) == Remedy(Act.SLOW_DOWN)


def test_no_remedy_is_of_our_own_making() -> None:
    assert REMEDIES.keys() <= {*RULES, 0, 21611}


@given(st.integers(0, 99_999).filter(lambda code: code not in REMEDIES))
def test_an_error_never_seen_is_for_a_person(code: int) -> None:
    assert remedy(code) == Remedy(Act.ALERT)


@given(st.sampled_from(sorted(REMEDIES)))
def test_only_what_is_tried_again_has_waits(code: int) -> None:
    found = remedy(code)
    assert bool(found.waits) == (found.act is Act.TRY_AGAIN)
    assert list(found.waits) == sorted(found.waits)


def test_every_status_of_twilio_is_one_of_ours() -> None:
    assert TWILIO.keys() == set(TWILIOS_STATUSES)


@pytest.mark.parametrize("word", ["sent", "delivered", "undelivered", "failed", "accepted"])
def test_the_same_word_means_the_same(word: str) -> None:
    assert TWILIO[word] == Status(word)


def test_statuses_go_forward() -> None:
    ranks = [status.rank for status in Status]
    assert ranks == sorted(set(ranks)) == list(range(len(Status)))
    assert Status.WAITING.rank < Status.ACCEPTED.rank < Status.SENT.rank < min(status.rank for status in FINAL)
    assert max(Status, key=lambda status: status.rank) is Status.DELIVERED


@pytest.mark.parametrize(
    ("heard", "stands"),
    [
        (["sent", "delivered"], Status.DELIVERED),
        (["delivered", "sent"], Status.DELIVERED),
        (["delivered", "undelivered"], Status.DELIVERED),
        (["undelivered", "delivered"], Status.DELIVERED),
        (["sent", "queued", "sending"], Status.SENT),
        (["failed", "sent"], Status.FAILED),
        (["read", "delivered", "sent"], Status.DELIVERED),
    ],
)
def test_what_is_heard_in_any_order(heard: list[str], stands: Status) -> None:
    """The highest stands, however late the others come (`rules.md` 3.3)."""
    assert max((TWILIO[word] for word in heard), key=lambda status: status.rank) is stands


def test_the_wait_for_a_turn_doubles_from_two_seconds_to_an_hour() -> None:
    waits = [backoff(attempts) for attempts in range(1, 30)]
    assert [wait.total_seconds() for wait in waits[:5]] == [2, 4, 8, 16, 32]
    assert all(later == min(2 * wait, HOUR) for wait, later in pairwise(waits))
    assert waits[-1] == HOUR
