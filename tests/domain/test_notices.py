from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.jurisdiction import STATES
from assistant.domain.notices import (
    KeepOld,
    KeepReason,
    Notice,
    NoticeProof,
    NoticeRefusal,
    Raise,
    Refused,
    annual_notice_on,
    may_raise,
    needs_consent,
    price_notice,
)

MARCH = date(2027, 3, 1)
DECIDED = date(2026, 12, 1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SOON = st.integers(-60, 120)


def ahead(days: int) -> date:
    return MARCH - timedelta(days=days)


def test_a_new_price_is_told_three_weeks_before() -> None:
    """The vector of `rules.md` 6.9."""
    assert price_notice(MARCH, DECIDED) == Notice(date(2027, 2, 8))


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (31, Refused(NoticeRefusal.TOO_EARLY, ahead(24))),
        (30, Notice(ahead(30))),
        (21, Notice(ahead(21))),
        (7, Notice(ahead(7))),
        (6, Refused(NoticeRefusal.TOO_LATE, MARCH + timedelta(days=1))),
        (0, Refused(NoticeRefusal.TOO_LATE, MARCH + timedelta(days=7))),
    ],
)
def test_the_window_of_a_notice(days: int, answer: Notice | Refused) -> None:
    assert price_notice(MARCH, DECIDED, send_on=ahead(days)) == answer


@pytest.mark.parametrize(
    ("decided", "answer"),
    [
        (22, Notice(ahead(21))),
        (21, Notice(ahead(21))),
        (20, Notice(ahead(20))),
        (7, Notice(ahead(7))),
        (6, Refused(NoticeRefusal.TOO_LATE, MARCH + timedelta(days=1))),
        (-9, Refused(NoticeRefusal.TOO_LATE, MARCH + timedelta(days=16))),
    ],
)
def test_a_late_decision_is_told_at_once(decided: int, answer: Notice | Refused) -> None:
    assert price_notice(MARCH, ahead(decided)) == answer


def test_nothing_is_told_before_it_is_decided() -> None:
    refused = price_notice(MARCH, ahead(10), send_on=ahead(20))
    assert refused == Refused(NoticeRefusal.TOO_LATE, ahead(3))


@given(DAYS, SOON, st.none() | SOON)
def test_a_notice_is_in_the_window_and_a_refusal_says_from_when(decided_on: date, wait: int, send: int | None) -> None:
    effective_on = decided_on + timedelta(days=wait)
    send_on = None if send is None else decided_on + timedelta(days=send)
    match price_notice(effective_on, decided_on, send_on=send_on):
        case Notice(told_on):
            assert told_on >= decided_on
            assert 7 <= (effective_on - told_on).days <= 30
        case Refused(_, earliest_on):
            told_on = max(decided_on, send_on or decided_on)
            assert price_notice(earliest_on, decided_on, send_on=told_on) == Notice(told_on)
            before = price_notice(earliest_on - timedelta(days=1), decided_on, send_on=told_on)
            assert isinstance(before, Refused)


PROVEN = NoticeProof(
    effective_on=MARCH, from_cents=14900, to_cents=15900, sent_on=ahead(21), delivered_on=ahead(21), agreed_on=None
)


@pytest.mark.parametrize(
    ("proof", "state", "answer"),
    [
        (PROVEN, "TX", Raise()),
        (PROVEN, "CA", Raise()),
        (replace(PROVEN, sent_on=None, delivered_on=None), "TX", KeepOld(KeepReason.NOT_SENT)),
        (replace(PROVEN, delivered_on=None), "TX", KeepOld(KeepReason.NOT_DELIVERED)),
        (replace(PROVEN, delivered_on=ahead(6)), "TX", KeepOld(KeepReason.TOO_LATE)),
        (replace(PROVEN, delivered_on=ahead(7)), "TX", Raise()),
        (replace(PROVEN, delivered_on=ahead(30)), "TX", Raise()),
        (replace(PROVEN, delivered_on=ahead(31)), "TX", KeepOld(KeepReason.TOO_EARLY)),
        (PROVEN, "NY", KeepOld(KeepReason.NO_CONSENT)),
        (PROVEN, None, KeepOld(KeepReason.NO_CONSENT)),
        (replace(PROVEN, agreed_on=ahead(3)), "NY", Raise()),
        (replace(PROVEN, agreed_on=MARCH), "NY", Raise()),
        (replace(PROVEN, agreed_on=ahead(-1)), "NY", KeepOld(KeepReason.NO_CONSENT)),
        (replace(PROVEN, agreed_on=ahead(3), delivered_on=None), "NY", KeepOld(KeepReason.NOT_DELIVERED)),
        (replace(PROVEN, to_cents=14900, sent_on=None, delivered_on=None), "NY", Raise()),
        (replace(PROVEN, to_cents=9900, sent_on=None, delivered_on=None), None, Raise()),
    ],
)
def test_no_proof_no_new_price(proof: NoticeProof, state: str | None, answer: Raise | KeepOld) -> None:
    assert may_raise(proof, state) == answer


@given(
    st.builds(
        NoticeProof,
        effective_on=st.just(MARCH),
        from_cents=st.integers(0, 300),
        to_cents=st.integers(0, 300),
        sent_on=st.none() | SOON.map(ahead),
        delivered_on=st.none() | SOON.map(ahead),
        agreed_on=st.none() | SOON.map(ahead),
    ),
    st.sampled_from(sorted(STATES)) | st.none(),
)
def test_a_higher_price_always_has_its_proof(proof: NoticeProof, state: str | None) -> None:
    if may_raise(proof, state) != Raise() or proof.to_cents <= proof.from_cents:
        return
    assert proof.sent_on
    assert proof.delivered_on
    assert 7 <= (proof.effective_on - proof.delivered_on).days <= 30
    assert not needs_consent(state) or proof.agreed_on


def test_where_a_yes_is_wanted() -> None:
    assert {state for state in STATES if needs_consent(state)} == {"NY"}
    assert needs_consent(None)


@pytest.mark.parametrize(
    ("joined_on", "year", "notice_on"),
    [
        (date(2026, 1, 15), 2027, date(2026, 12, 18)),  # the vector of `rules.md` 6.9
        (date(2024, 2, 29), 2025, date(2025, 1, 31)),
        (date(2024, 2, 29), 2028, date(2028, 2, 1)),
        (date(2026, 12, 31), 2028, date(2028, 12, 3)),
    ],
)
def test_the_annual_notice(joined_on: date, year: int, notice_on: date) -> None:
    assert annual_notice_on(joined_on, year) == notice_on


@given(DAYS)
def test_each_calendar_year_has_its_notice(joined_on: date) -> None:
    """Minnesota wants one in every calendar year, Colorado 25 to 40 days before (`rules.md` 6.8)."""
    told = [annual_notice_on(joined_on, year).year for year in range(joined_on.year + 1, joined_on.year + 10)]
    assert told == list(range(told[0], told[0] + 9))
    assert told[0] in {joined_on.year, joined_on.year + 1}


def test_there_is_no_anniversary_before_the_first() -> None:
    with pytest.raises(ValueError, match="anniversary in 2026"):
        annual_notice_on(date(2026, 1, 15), 2026)
