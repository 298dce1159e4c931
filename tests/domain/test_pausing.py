from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain.calendar import cycle_date, next_cycle
from assistant.domain.membership import Standing
from assistant.domain.pausing import (
    Cycle,
    Hardship,
    Pausable,
    Pause,
    PausePolicy,
    PauseQuote,
    PauseRefusal,
    Refusal,
    Resumable,
    ResumeQuote,
    ResumeRefusal,
    eased,
    plan_pause,
    plan_resume,
)

TODAY = date(2027, 3, 14)
CHARGE = date(2027, 3, 15)
POLICY = PausePolicy()
ANA = Pausable(
    standing=Standing.ACTIVE, joined_on=date(2026, 1, 15), anchor_on=date(2026, 1, 15), next_charge_on=CHARGE
)
FIRST = Pause(date(2026, 5, 15), date(2026, 6, 15))
SECOND = Pause(date(2026, 9, 15), date(2026, 11, 15))


def rests(
    membership: Pausable = ANA, policy: PausePolicy = POLICY, *, months: int | None = None, until: date | None = None
) -> PauseQuote | Refusal:
    return plan_pause(policy, membership, today=TODAY, months=months, until=until)


def quoted(
    membership: Pausable = ANA, policy: PausePolicy = POLICY, *, months: int | None = None, until: date | None = None
) -> PauseQuote:
    quote = rests(membership, policy, months=months, until=until)
    assert isinstance(quote, PauseQuote)
    return quote


def test_two_months_asked_the_day_before() -> None:
    """`rules.md` 6.11: no charge on the 15th, and a reminder before it resumes."""
    assert rests(months=2) == PauseQuote(
        starts_on=CHARGE,
        resumes_on=date(2027, 5, 15),
        next_charge_on=date(2027, 5, 15),
        billing_skips=2,
        remind_on=date(2027, 5, 8),
        fee_cents=0,
        benefits_usable=True,
        expiry_clock_stops=False,
        term_extends_cycles=0,
    )


def test_until_a_day_between_charges() -> None:
    quote = quoted(until=date(2027, 4, 20))
    assert quote.resumes_on == date(2027, 4, 20)
    assert quote.next_charge_on == date(2027, 5, 15)
    assert quote.billing_skips == 2
    assert quoted(until=date(2027, 4, 15)).billing_skips == 1
    assert quoted(until=date(2027, 3, 18)).remind_on == CHARGE  # never before it starts


def test_the_last_day_of_a_month_is_kept() -> None:
    january = replace(ANA, anchor_on=date(2026, 8, 31), joined_on=date(2026, 8, 31), next_charge_on=date(2027, 2, 28))
    quote = plan_pause(POLICY, january, today=date(2027, 2, 27), months=1)
    assert isinstance(quote, PauseQuote)
    assert (quote.starts_on, quote.resumes_on) == (date(2027, 2, 28), date(2027, 3, 31))


def test_the_quote_says_what_the_policy_says() -> None:
    policy = PausePolicy(fee_cents=1500, benefits_usable=False, expiry_clock_stops=True, notice_days=3)
    quote = quoted(replace(ANA, minimum_cycles_left=1), policy, months=3)
    assert (quote.fee_cents, quote.benefits_usable, quote.expiry_clock_stops) == (1500, False, True)
    assert quote.remind_on == date(2027, 6, 12)
    assert quote.term_extends_cycles == 3


@pytest.mark.parametrize(
    ("change", "asked", "refusal"),
    [
        ({"standing": Standing.PAST_DUE}, {"months": 1}, Refusal(PauseRefusal.PAST_DUE, CHARGE)),
        ({"standing": Standing.SUSPENDED}, {"months": 1}, Refusal(PauseRefusal.SUSPENDED)),
        ({"standing": Standing.ENDED}, {"months": 1}, Refusal(PauseRefusal.ENDED)),
        ({"standing": Standing.SCHEDULED}, {"months": 1}, Refusal(PauseRefusal.SCHEDULED, date(2027, 4, 15))),
        ({"cycle_months": 12}, {"months": 1}, Refusal(PauseRefusal.YEARLY)),
        ({}, {"months": 4}, Refusal(PauseRefusal.TOO_LONG)),
        ({}, {"until": date(2027, 6, 16)}, Refusal(PauseRefusal.TOO_LONG)),
        ({}, {"months": 10**9}, Refusal(PauseRefusal.TOO_LONG)),
        ({}, {"until": date.max}, Refusal(PauseRefusal.TOO_LONG)),
        ({}, {"months": -(10**9)}, Refusal(PauseRefusal.TOO_SHORT)),
        ({}, {"months": 0}, Refusal(PauseRefusal.TOO_SHORT)),
        ({}, {"months": -5}, Refusal(PauseRefusal.TOO_SHORT)),
        ({}, {"until": CHARGE}, Refusal(PauseRefusal.TOO_SHORT)),
        ({}, {"until": date(2020, 1, 1)}, Refusal(PauseRefusal.TOO_SHORT)),
        ({"history": (FIRST, SECOND)}, {"months": 1}, Refusal(PauseRefusal.TOO_OFTEN, date(2027, 5, 15))),
        ({"history": (SECOND, FIRST)}, {"months": 9}, Refusal(PauseRefusal.TOO_OFTEN, date(2027, 5, 15))),
        (
            {"history": (Pause(CHARGE, date(2027, 5, 20)),), "standing": Standing.PAUSED},
            {"months": 1},
            Refusal(PauseRefusal.ALREADY_PAUSED, date(2027, 6, 15)),
        ),
        (
            {"history": (Pause(date(2027, 4, 15), date(2027, 5, 15)),)},
            {"months": 1},
            Refusal(PauseRefusal.ALREADY_PAUSED, date(2027, 5, 15)),
        ),
        (
            {"history": (FIRST, Pause(date(2027, 4, 15), date(2027, 7, 15)))},
            {"months": 1},
            Refusal(PauseRefusal.ALREADY_PAUSED, date(2027, 7, 15)),
        ),
        (
            {"history": (FIRST, SECOND), "standing": Standing.PAST_DUE},
            {"months": 1},
            Refusal(PauseRefusal.PAST_DUE, date(2027, 5, 15)),
        ),
    ],
)
def test_why_not(change: dict[str, Any], asked: dict[str, Any], refusal: Refusal) -> None:
    assert rests(replace(ANA, **change), **asked) == refusal


@pytest.mark.parametrize(
    ("policy", "refusal"),
    [
        (PausePolicy(most_months=0), Refusal(PauseRefusal.NOT_OFFERED)),
        (PausePolicy(most_in_12_months=0), Refusal(PauseRefusal.NOT_OFFERED)),
        (PausePolicy(minimum_tenure_days=425), Refusal(PauseRefusal.TOO_SOON, date(2027, 4, 15))),
    ],
)
def test_the_policy_may_refuse(policy: PausePolicy, refusal: Refusal) -> None:
    assert rests(policy=policy, months=1) == refusal


def test_what_is_just_allowed() -> None:
    assert quoted(months=3).billing_skips == 3
    assert quoted(until=date(2027, 6, 15)).billing_skips == 3
    assert quoted(until=date(2027, 3, 16)).billing_skips == 1
    assert quoted(policy=PausePolicy(minimum_tenure_days=424), months=1)
    assert quoted(replace(ANA, history=(SECOND,)), months=1)
    assert quoted(replace(ANA, history=(Pause(date(2026, 3, 15), date(2026, 4, 15)), SECOND)), months=1)
    assert quoted(replace(ANA, history=(Pause(date(2027, 2, 15), CHARGE),)), months=1)  # one after the other


@pytest.mark.parametrize(
    ("asked", "next_charge_on"),
    [({}, CHARGE), ({"months": 1, "until": date(2027, 4, 15)}, CHARGE), ({"months": 1}, date(2027, 3, 13))],
)
def test_a_question_that_is_none_is_refused(asked: dict[str, Any], next_charge_on: date) -> None:
    with pytest.raises(ValueError, match="for months or until a day"):
        rests(replace(ANA, next_charge_on=next_charge_on), **asked)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"most_months": -1}, "nothing below zero"),
        ({"most_in_12_months": -1}, "nothing below zero"),
        ({"minimum_tenure_days": -1}, "nothing below zero"),
        ({"fee_cents": -1}, "nothing below zero"),
        ({"most_months": 13}, "a year at most"),
        ({"minimum_tenure_days": 3654}, "ten years at most"),
        ({"notice_days": 2}, "3 to 7"),
        ({"notice_days": 8}, "3 to 7"),
        ({"benefits_usable": False}, "does not run out"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PausePolicy(**fields)


def test_the_policy_of_a_plan_that_says_nothing() -> None:
    assert PausePolicy() == PausePolicy(
        most_months=3,
        most_in_12_months=2,
        minimum_tenure_days=0,
        benefits_usable=True,
        expiry_clock_stops=False,
        fee_cents=0,
        notice_days=7,
    )
    assert PausePolicy(most_months=12, minimum_tenure_days=3653)


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
POLICIES = st.builds(
    PausePolicy,
    most_months=st.integers(0, 6),
    most_in_12_months=st.integers(0, 3),
    minimum_tenure_days=st.integers(0, 400),
    notice_days=st.integers(3, 7),
)


@st.composite
def memberships(draw: st.DrawFn) -> Pausable:
    """Any membership on any day, and the pauses it has had."""
    anchor_on = draw(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
    history = []
    for _ in range(draw(st.integers(0, 4))):
        starts_on = cycle_date(anchor_on, draw(st.integers(1, 30)))
        history.append(Pause(starts_on, starts_on + timedelta(days=draw(st.integers(1, 95)))))
    return Pausable(
        standing=draw(st.sampled_from(Standing)),
        joined_on=anchor_on - timedelta(days=draw(st.integers(0, 60))),
        anchor_on=anchor_on,
        next_charge_on=cycle_date(anchor_on, draw(st.integers(1, 30))),
        history=tuple(history),
        minimum_cycles_left=draw(st.integers(0, 2)),
    )


@given(memberships(), POLICIES, st.integers(-1, 8) | DAYS)
def test_a_quote_keeps_the_policy(membership: Pausable, policy: PausePolicy, asked: int | date) -> None:
    until, months = (asked, None) if isinstance(asked, date) else (None, asked)
    quote = plan_pause(policy, membership, today=membership.next_charge_on, months=months, until=until)
    if isinstance(quote, Refusal):
        return
    anchor_on, first = membership.anchor_on, next_cycle(membership.anchor_on, quote.starts_on) - 1
    assert membership.standing is Standing.ACTIVE
    assert quote.starts_on == membership.next_charge_on < quote.resumes_on <= quote.next_charge_on
    assert quote.resumes_on <= cycle_date(anchor_on, first + policy.most_months)
    skipped = [number for number in range(40) if quote.starts_on <= cycle_date(anchor_on, number) < quote.resumes_on]
    assert quote.billing_skips == len(skipped) >= 1
    assert quote.next_charge_on == cycle_date(anchor_on, skipped[-1] + 1)
    assert quote.starts_on <= quote.remind_on < quote.resumes_on
    year_ago = [pause for pause in membership.history if cycle_date(pause.starts_on, 12) > quote.starts_on]
    assert len(year_ago) < policy.most_in_12_months
    assert all(pause.resumes_on <= quote.starts_on for pause in membership.history)
    assert (quote.starts_on - membership.joined_on).days >= policy.minimum_tenure_days
    assert months is None or quote.billing_skips == months
    assert until is None or quote.resumes_on == until
    assert quote.term_extends_cycles == (quote.billing_skips if membership.minimum_cycles_left else 0)


@given(memberships(), POLICIES)
def test_the_day_named_is_the_first_that_will_do(membership: Pausable, policy: PausePolicy) -> None:
    """Once what is owed is paid, a pause from that billing date is granted, and from the one before it was not."""
    today = date(2025, 1, 1)
    answer = plan_pause(policy, membership, today=today, months=1)
    assume(isinstance(answer, Refusal))
    assert isinstance(answer, Refusal)
    if answer.next_possible_on is None:
        assert answer.reason in {PauseRefusal.ENDED, PauseRefusal.SUSPENDED, PauseRefusal.NOT_OFFERED}
        return
    then = replace(membership, standing=Standing.ACTIVE, next_charge_on=answer.next_possible_on)
    assert isinstance(plan_pause(policy, then, today=today, months=1), PauseQuote)
    before_on = cycle_date(then.anchor_on, next_cycle(then.anchor_on, answer.next_possible_on) - 2)
    if before_on >= membership.next_charge_on and answer.reason is not PauseRefusal.SCHEDULED:
        before = plan_pause(policy, replace(then, next_charge_on=before_on), today=today, months=1)
        assert isinstance(before, Refusal)


# --- back before its time ---------------------------------------------------------------------------------------------

RESTS = Resumable(
    standing=Standing.PAUSED,
    anchor_on=date(2026, 1, 15),
    cycle_months=1,
    this_cycle=Cycle.RESTED,
    dues_cents=14_900,
    resumes_on=date(2027, 5, 15),
)


@pytest.mark.parametrize(
    ("today", "charge_cents"), [(date(2027, 3, 15), 14_900), (date(2027, 4, 1), 14_900), (date(2027, 4, 2), 0)]
)
def test_with_two_weeks_left_the_cycle_is_charged_and_with_less_it_is_not(today: date, charge_cents: int) -> None:
    assert plan_resume(RESTS, today=today) == ResumeQuote(today, charge_cents, date(2027, 4, 15))


def test_what_is_paid_for_is_not_charged_again() -> None:
    assert plan_resume(replace(RESTS, this_cycle=Cycle.PAID), today=TODAY) == ResumeQuote(TODAY, 0, CHARGE)


def test_what_was_let_go_is_waited_out() -> None:
    quote = plan_resume(replace(RESTS, this_cycle=Cycle.LET_GO), today=CHARGE)
    assert quote == ResumeQuote(date(2027, 4, 15), 0, date(2027, 4, 15))


def test_a_pause_that_has_not_begun_is_called_off() -> None:
    agreed = replace(RESTS, standing=Standing.ACTIVE, agreed=Pause(CHARGE, date(2027, 5, 15)))
    assert plan_resume(agreed, today=TODAY) == ResumeQuote(TODAY, 0, CHARGE, calls_off=True)
    assert plan_resume(replace(agreed, agreed=None), today=TODAY) is ResumeRefusal.NOT_PAUSED
    assert plan_resume(replace(RESTS, standing=Standing.ENDED), today=TODAY) is ResumeRefusal.ENDED


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 700),
    st.sampled_from(Cycle),
    st.sampled_from((1, 12)),
    st.integers(0, 100),
)
def test_coming_back_moves_no_billing_day_and_costs_one_cycle_at_most(
    anchor_on: date, later: int, this_cycle: Cycle, months: int, ahead: int
) -> None:
    today = anchor_on + timedelta(days=later)
    resting = replace(
        RESTS,
        anchor_on=anchor_on,
        cycle_months=months,
        this_cycle=this_cycle,
        resumes_on=today + timedelta(days=ahead + 1),
    )
    quote = plan_resume(resting, today=today)
    assert isinstance(quote, ResumeQuote)
    assert today <= quote.resumes_on <= resting.resumes_on  # type: ignore[operator]
    assert quote.next_charge_on > today
    dates = {cycle_date(anchor_on, cycle * months) for cycle in range(40)}
    assert quote.next_charge_on in dates
    assert quote.charge_cents in {0, resting.dues_cents}
    if quote.charge_cents:
        assert this_cycle in {Cycle.UNASKED, Cycle.RESTED}
        assert quote.resumes_on == today


def test_hardship_waits_for_nothing_and_pays_nothing() -> None:
    strict = PausePolicy(fee_cents=1_000, minimum_tenure_days=900, most_in_12_months=1, most_months=2)
    often = replace(ANA, history=(replace(SECOND, starts_on=date(2027, 1, 15), resumes_on=date(2027, 2, 15)),))
    assert isinstance(rests(often, strict, months=1), Refusal)
    for hardship in Hardship:
        assert quoted(often, eased(strict, hardship), months=2).fee_cents == 0
        assert rests(often, eased(strict, hardship), months=3) == Refusal(PauseRefusal.TOO_LONG)
    assert eased(strict, None) == strict
    never = replace(strict, most_in_12_months=0)
    assert rests(ANA, eased(never, Hardship.MEDICAL), months=1) == Refusal(PauseRefusal.NOT_OFFERED)


def test_who_leaves_does_not_pause() -> None:
    assert rests(replace(ANA, leaves=True), months=1) == Refusal(PauseRefusal.LEAVING)
