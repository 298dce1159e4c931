from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.credits import LotClass
from assistant.domain.jurisdiction import (
    CARD_ACT,
    FIVE_YEARS_DAYS,
    HOUSE,
    LAWS,
    STATES,
    GuardReason,
    Keeping,
    cash_out_below_cents,
    may_cash_out,
    protection,
    reports_unclaimed,
)

PAID, PROMO, MIGRATED = LotClass
ANY_STATE = st.sampled_from(sorted(STATES)) | st.none() | st.text(max_size=3)
BEFORE, SINCE = date(2026, 3, 31), date(2026, 4, 1)


def test_there_are_fifty_states_and_the_district() -> None:
    assert len(STATES) == 51
    assert set(LAWS) < STATES


@given(ANY_STATE, st.integers(0, 100_000), st.sampled_from([PAID, MIGRATED]))
def test_paid_value_is_kept_everywhere(state: str | None, days: int, lot_class: LotClass) -> None:
    assert protection(lot_class, state, days) is not None
    assert protection(PROMO, state, days) is None


@pytest.mark.parametrize(
    ("state", "days", "reason", "rule"),
    [
        ("CA", 10_000, GuardReason.STATE_FORBIDS, "CA Civ. 1749.5"),
        ("AZ", 10_000, GuardReason.STATE_FORBIDS, "AZ"),
        ("RI", 10_000, GuardReason.STATE_FORBIDS, "RI"),
        ("TX", 90, GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT),
        ("NY", FIVE_YEARS_DAYS - 1, GuardReason.FEDERAL_FIVE_YEARS, CARD_ACT),
        ("TX", FIVE_YEARS_DAYS, GuardReason.HOUSE_KEEPS, HOUSE),
        (None, 10_000, GuardReason.UNKNOWN_STATE, HOUSE),
        ("", 90, GuardReason.UNKNOWN_STATE, HOUSE),
        ("ca", 90, GuardReason.UNKNOWN_STATE, HOUSE),
        ("ZZ", 90, GuardReason.UNKNOWN_STATE, HOUSE),
    ],
)
def test_why_it_is_kept(state: str | None, days: int, reason: GuardReason, rule: str) -> None:
    assert protection(PAID, state, days) == protection(MIGRATED, state, days) == Keeping(reason, rule)


def test_five_years_are_never_cut_short() -> None:
    starts = (date(2023, 3, 1), date(2024, 2, 28), date(2024, 3, 1), date(2027, 12, 31))
    assert max((start.replace(year=start.year + 5) - start).days for start in starts) == FIVE_YEARS_DAYS


@pytest.mark.parametrize(
    ("state", "today", "cents"),
    [("CA", BEFORE, 1000), ("CA", SINCE, 1500), (None, SINCE, 1500), ("ZZ", BEFORE, 1000), ("TX", SINCE, 0)],
)
def test_when_a_small_balance_is_paid_out(state: str | None, today: date, cents: int) -> None:
    """`rules.md` 6.13: under $15 from 2026-04-01, $10 before."""
    assert cash_out_below_cents(state, today) == cents
    assert may_cash_out(state, cents - 1, today) is (cents > 0)
    assert may_cash_out(state, cents, today) is False
    assert may_cash_out(state, 1, today) is (cents > 0)
    assert may_cash_out(state, 0, today) is False


def test_california_pays_out_14_99() -> None:
    assert may_cash_out("CA", 1499, date(2026, 11, 20))


def test_who_is_on_the_report_of_dormant_balances() -> None:
    assert {state for state in STATES if reports_unclaimed(state)} == {"AK", "AL", "DE", "NY"}
    assert reports_unclaimed(None)
    assert reports_unclaimed("ZZ")
