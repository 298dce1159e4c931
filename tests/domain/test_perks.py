from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.perks import Perk, PerkKind, PromoGrant, birthday_grant

TREAT = Perk(kind=PerkKind.BIRTHDAY, unit="facial", amount=1000, valid_days=60)
PRIORITY = Perk(kind=PerkKind.PRIORITY_BOOKING)
ROBE = Perk(kind=PerkKind.EXTRA, name="A robe of your own")
LEAP = date(1996, 2, 29)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "today", "already", "granted"),
    [
        (date(1990, 6, 30), date(2027, 6, 1), (), True),
        (date(1990, 6, 30), date(2027, 6, 30), (2026,), True),
        (date(1990, 6, 30), date(2027, 6, 30), (2026, 2027), False),
        (date(1990, 6, 30), date(2027, 5, 31), (), False),
        (date(1990, 6, 30), date(2027, 7, 1), (), False),
        (LEAP, date(2027, 2, 1), (), True),
        (LEAP, date(2027, 2, 28), (), True),
        (LEAP, date(2027, 3, 1), (), False),
        (LEAP, date(2028, 2, 29), (), True),
        (date(2027, 6, 15), date(2027, 6, 14), (), False),  # not born yet
    ],
)
def test_a_birthday_treat(born_on: date, today: date, already: tuple[int, ...], granted: bool) -> None:
    treat = PromoGrant("facial", 1000, today.year, today + timedelta(days=60))
    assert birthday_grant((PRIORITY, TREAT, ROBE), born_on, today, already) == (treat if granted else None)
    assert birthday_grant((PRIORITY, ROBE), born_on, today, already) is None


@given(DAYS, st.integers(1901, 2099))
def test_every_year_has_one_treat_whoever_was_born_when(born_on: date, year: int) -> None:
    """A clock that asks every day of a year grants once, in the birth month."""
    already: set[int] = set()
    granted = []
    for number in range(366):
        today = date(year, 1, 1) + timedelta(days=number)
        if treat := birthday_grant((TREAT,), born_on, today, already):
            granted.append(today)
            already.add(treat.key_year)
    wanted = year > born_on.year or (year == born_on.year and bool(granted))
    assert [day.month for day in granted if day.year == year] == [born_on.month] * wanted


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": PerkKind.BIRTHDAY}, "a unit, an amount"),
        ({"kind": PerkKind.BIRTHDAY, "unit": "", "amount": 1, "valid_days": 1}, "a unit, an amount"),
        ({"kind": PerkKind.BIRTHDAY, "unit": "facial", "amount": 0, "valid_days": 1}, "a unit, an amount"),
        ({"kind": PerkKind.BIRTHDAY, "unit": "facial", "amount": 1, "valid_days": 0}, "a unit, an amount"),
        ({"kind": PerkKind.BIRTHDAY, "unit": "facial", "amount": 1, "valid_days": 1, "name": "x"}, "has a name"),
        ({"kind": PerkKind.BIRTHDAY, "unit": "facial", "amount": 1, "valid_days": 367}, "until the next one"),
        ({"kind": PerkKind.PRIORITY_BOOKING, "amount": 1}, "only a birthday treat"),
        ({"kind": PerkKind.PRIORITY_BOOKING, "amount": -1}, "only a birthday treat"),
        ({"kind": PerkKind.PRIORITY_BOOKING, "valid_days": -1}, "only a birthday treat"),
        ({"kind": PerkKind.PRIORITY_BOOKING, "name": "x"}, "has a name"),
        ({"kind": PerkKind.EXTRA}, "has a name"),
        ({"kind": PerkKind.EXTRA, "name": ""}, "has a name"),
        ({"kind": PerkKind.EXTRA, "name": "x", "unit": "facial"}, "only a birthday treat"),
    ],
)
def test_a_perk_that_is_none_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Perk(**fields)
