"""The arrival brief: what is soon, and what may be used today."""

from datetime import date

import pytest

from assistant.domain.arrivals import Known, birthday_soon, brief, card_ends_on
from assistant.domain.entitlements import Held, Membership
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms
from assistant.domain.tickets import Arrival, Client, Left

TODAY = date(2026, 11, 20)


def client(standing: Standing | None = Standing.ACTIVE, **more: object) -> Client:
    memberships = (Membership("Glow", standing, Terms(dues_cents=14_900)),) if standing else ()
    held = (Held("visit", paid=2000, promo=1000), Held("extra", paid=0, promo=0))
    of = {"today": TODAY, "on": TODAY, "items": {}, "held": held, "memberships": memberships}
    return Client(client_id=1, **of | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born_on", "today", "on"),
    [
        (date(1990, 11, 20), TODAY, TODAY),
        (date(1990, 12, 4), TODAY, date(2026, 12, 4)),
        (date(1990, 12, 5), TODAY, None),
        (date(1990, 11, 19), TODAY, None),
        (date(1990, 1, 2), date(2026, 12, 30), date(2027, 1, 2)),
        (date(1992, 2, 29), date(2026, 2, 20), date(2026, 2, 28)),
        (date(1992, 2, 29), date(2028, 2, 20), date(2028, 2, 29)),
    ],
)
def test_a_birthday_is_told_two_weeks_ahead_and_on_the_day(born_on: date, today: date, on: date | None) -> None:
    assert birthday_soon(born_on, today) == on


@pytest.mark.parametrize(
    ("ends", "told", "over"),
    [
        ((2026, 10), date(2026, 10, 31), True),
        ((2026, 11), date(2026, 11, 30), False),
        ((2027, 1), None, False),
        ((2030, 2), None, False),
    ],
)
def test_a_card_is_told_of_before_it_ends(ends: tuple[int, int], told: date | None, *, over: bool) -> None:
    found = brief(client(), Known(card_ends=ends))
    assert (found.card_ends_on, found.card_is_over) == (told, over)
    assert card_ends_on((2028, 2)) == date(2028, 2, 29)


def test_credit_is_what_the_till_would_use() -> None:
    found = brief(client(), Known())
    assert (found.usable, found.resting) == ((Left("visit", 3000),), ())


def test_credit_that_rests_is_told_as_resting() -> None:
    found = brief(client(Standing.SUSPENDED), Known())
    assert (found.usable, found.resting) == ((Left("visit", 2000),), (Left("visit", 1000),))


def test_who_never_was_a_member_uses_what_they_were_given_and_nothing_is_made_up() -> None:
    found = brief(client(None, arrival=Arrival(owed_cents=5, tasks=1)), Known(waits=("in_doubt",)))
    assert found.usable == (Left("visit", 3000),)
    assert (found.arrival.owed_cents, found.waits) == (5, ("in_doubt",))
    assert (found.birthday_on, found.card_ends_on, found.last_visit_on) == (None, None, None)
