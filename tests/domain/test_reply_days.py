"""By when a person answers: never on a Sunday, never before it was asked, never more than two days later."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.reply_days import hears_by


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - the spa's own time
def test_it_is_a_working_day_soon(local: datetime) -> None:
    by = hears_by(local)
    assert by.weekday() != 6
    assert timedelta(0) <= by - local.date() <= timedelta(days=2)


@pytest.mark.parametrize(
    ("local", "by"),
    [
        (datetime(2026, 11, 20, 14, 59), date(2026, 11, 20)),  # noqa: DTZ001
        (datetime(2026, 11, 20, 15, 0), date(2026, 11, 21)),  # noqa: DTZ001
        (datetime(2026, 11, 21, 15, 0), date(2026, 11, 23)),  # noqa: DTZ001
        (datetime(2026, 11, 22, 9, 0), date(2026, 11, 23)),  # noqa: DTZ001
    ],
)
def test_the_day(local: datetime, by: date) -> None:
    assert hears_by(local) == by
