"""When a spa is open: its spans, its days off, and the next time that it opens."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.opening_hours import Closed, Hours, Opening, Span
from assistant.domain.reply_days import hears_by

DAY = (Span(540, 780), Span(840, 1_080))
WEEK = Hours((*(DAY,) * 5, (Span(600, 840),), ()), (Closed(date(2026, 11, 26), "Thanksgiving"),))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, whose 22nd is a Sunday."""
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 - the spa's own time


@pytest.mark.parametrize(
    ("local", "until", "opening"),
    [
        (at(23, 8, 59), None, Opening(date(2026, 11, 23), 540, 0)),
        (at(23, 9), 780, Opening(date(2026, 11, 23), 840, 0)),
        (at(23, 13), None, Opening(date(2026, 11, 23), 840, 0)),
        (at(23, 17, 59), 1_080, Opening(date(2026, 11, 24), 540, 1)),
        (at(25, 18), None, Opening(date(2026, 11, 27), 540, 2)),
        (at(26, 10), None, Opening(date(2026, 11, 27), 540, 1)),
        (at(21, 15), None, Opening(date(2026, 11, 23), 540, 2)),
    ],
)
def test_now_and_next(local: datetime, until: int | None, opening: Opening) -> None:
    assert (WEEK.until(local), WEEK.next_opening(local)) == (until, opening)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
def test_the_next_opening_is_the_first(local: datetime) -> None:
    """Nothing between now and then is the beginning of a span."""
    found = WEEK.next_opening(local)
    assert found is not None
    then = datetime.combine(found.on, time()) + timedelta(minutes=found.minute)
    assert then > local
    assert found.days == (found.on - local.date()).days
    for ahead in range(found.days + 1):
        on = local.date() + timedelta(days=ahead)
        for each in WEEK.of(on):
            opens = datetime.combine(on, time()) + timedelta(minutes=each.opens)
            assert not local < opens < then


def test_a_spa_that_is_never_open_told_us_nothing() -> None:
    never = Hours(((),) * 7)
    assert never.next_opening(at(23, 9)) is None
    assert Hours.from_json(never.to_json()) is None
    assert Hours.from_json({}) is None
    assert Hours.from_json(WEEK.to_json()) == WEEK


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Span(600, 600), "before it closes"),
        (lambda: Span(-1, 600), "before it closes"),
        (lambda: Span(600, 1_441), "before it closes"),
        (lambda: Hours((DAY,) * 6), "seven days"),
        (lambda: Hours(((*DAY, Span(1_100, 1_200)), *((),) * 6)), "at most 2"),
        (lambda: Hours(((DAY[1], DAY[0]), *((),) * 6)), "begins after"),
        (lambda: Hours(((Span(540, 780), Span(780, 900)), *((),) * 6)), "begins after"),
        (lambda: Hours((DAY,) * 7, (Closed(date(2026, 12, 25)), Closed(date(2026, 12, 25), "again"))), "each once"),
    ],
)
def test_what_cannot_be_is_refused(wrong: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        wrong()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("local", "by"),
    [
        (at(23, 8), 23),
        (at(23, 16), 23),
        (at(23, 16, 1), 24),
        (at(21, 13), 23),
        (at(22, 9), 23),
        (at(25, 17), 27),
        (at(26, 9), 27),
    ],
)
def test_a_person_answers_while_it_is_open(local: datetime, by: int) -> None:
    assert hears_by(local, WEEK) == date(2026, 11, by)


def test_without_its_hours_as_ever() -> None:
    assert hears_by(at(26, 9), None) == date(2026, 11, 26)
    assert hears_by(at(26, 9), Hours(((),) * 7)) == date(2026, 11, 26)
