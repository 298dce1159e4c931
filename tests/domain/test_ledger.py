from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.ledger import (
    SPA,
    USD,
    Account,
    Entry,
    Leg,
    UnbalancedError,
    dues_collected,
    expired,
    granted,
    reversed_legs,
    spent,
)

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
AMOUNTS = st.integers(-(10**9), 10**9).filter(bool)
LEGS = st.lists(
    st.builds(Leg, st.sampled_from(Account), st.sampled_from([USD, "visit", "extra"]), AMOUNTS, st.integers(0, 3)),
    max_size=6,
)


def entry(legs: tuple[Leg, ...]) -> Entry:
    return Entry("key", "kind", AT, legs)


def sums(legs: tuple[Leg, ...]) -> dict[object, int]:
    total: Counter[object] = Counter()
    for leg in legs:
        total[leg.account, leg.unit, leg.client_id] += leg.amount
    return {name: amount for name, amount in total.items() if amount}


def balanced(legs: list[Leg]) -> tuple[Leg, ...]:
    """The legs, and what they lack in each unit."""
    lacking: Counter[str] = Counter()
    for leg in legs:
        lacking[leg.unit] -= leg.amount
    return (*legs, *(Leg(Account.CLEARING, unit, amount) for unit, amount in lacking.items() if amount))


@given(LEGS)
def test_what_balances_can_be_made(legs: list[Leg]) -> None:
    assume(legs)
    assert entry(balanced(legs)).legs == balanced(legs)


@given(LEGS, st.data())
def test_what_does_not_balance_cannot_be_made(legs: list[Leg], data: st.DataObject) -> None:
    assume(legs)
    good = balanced(legs)
    place = data.draw(st.integers(0, len(good) - 1))
    more = data.draw(AMOUNTS)
    assume(good[place].amount + more)
    wrong = Leg(good[place].account, good[place].unit, good[place].amount + more, good[place].client_id)
    with pytest.raises(UnbalancedError):
        entry((*good[:place], wrong, *good[place + 1 :]))
    with pytest.raises(UnbalancedError):
        entry((*good[:place], *good[place + 1 :]))


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Leg(Account.CLEARING, USD, 0), Leg(Account.DEFERRED, USD, 0)),
        (Leg(Account.CLEARING, USD, 100), Leg(Account.DEFERRED, USD, -100), Leg(Account.REVENUE, USD, 0)),
        (Leg(Account.CLEARING, USD, 100),),
        (Leg(Account.CLEARING, USD, 100), Leg(Account.DEFERRED, USD, 100)),
        (Leg(Account.ISSUED, "visit", 1000), Leg(Account.CREDITS, "extra", -1000, 7)),
        (
            Leg(Account.ISSUED, "visit", 1000),
            Leg(Account.CREDITS, "visit", -999, 7),
            Leg(Account.ISSUED, "extra", 999),
            Leg(Account.CREDITS, "extra", -1000, 7),
        ),
    ],
)
def test_these_are_no_entries(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(UnbalancedError):
        entry(legs)


@given(LEGS)
def test_a_reversal_cancels_its_entry_in_every_account(legs: list[Leg]) -> None:
    assume(legs)
    good = balanced(legs)
    mirror = reversed_legs(good)
    assert sums(good + mirror) == {}
    assert entry(mirror).legs == mirror
    assert reversed_legs(mirror) == good


MEMBER = 7


@pytest.mark.parametrize(
    ("make", "kind", "debited", "credited"),
    [
        (granted, "credits_granted", (Account.ISSUED, SPA), (Account.CREDITS, MEMBER)),
        (spent, "credits_spent", (Account.CREDITS, MEMBER), (Account.REDEEMED, SPA)),
        (expired, "credits_expired", (Account.CREDITS, MEMBER), (Account.EXPIRED, SPA)),
    ],
)
def test_credits_move_between_the_member_and_the_spa(
    make: Callable[..., Entry], kind: str, debited: tuple[Account, int], credited: tuple[Account, int]
) -> None:
    made = make("key", AT, MEMBER, "visit", 1500)
    [debit, credit] = made.legs
    assert (made.kind, made.occurred_at, made.reverses) == (kind, AT, None)
    assert (debit.account, debit.client_id, debit.unit, debit.amount) == (*debited, "visit", 1500)
    assert (credit.account, credit.client_id, credit.unit, credit.amount) == (*credited, "visit", -1500)


def test_dues_are_owed_in_services() -> None:
    assert dues_collected("key", AT, 14_900).legs == (
        Leg(Account.CLEARING, USD, 14_900),
        Leg(Account.DEFERRED, USD, -14_900),
    )
