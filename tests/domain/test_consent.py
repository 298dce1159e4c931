from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.consent import Allowed, Blocked, BlockReason, ContactState, MessageClass, may_send

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
FREE = ContactState(suppressed=False, sms_transactional=True, sms_marketing=True, reachable=True, stopped_at=None)
STOPPED = replace(FREE, suppressed=True, stopped_at=NOW)
CONFIRM, REPLY, RECEIPT, OFFER = MessageClass
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("message_class", "state", "now", "reason"),
    [
        (REPLY, FREE, NOW, None),
        (RECEIPT, FREE, NOW, None),
        (OFFER, FREE, NOW, None),
        (OFFER, replace(FREE, sms_marketing=False), NOW, "no_pewc"),
        (RECEIPT, replace(FREE, sms_marketing=False), NOW, None),
        (RECEIPT, replace(FREE, sms_transactional=False), NOW, "no_consent"),
        (OFFER, replace(FREE, sms_transactional=False), NOW, None),
        (REPLY, replace(FREE, sms_transactional=False, sms_marketing=False), NOW, None),
        (REPLY, STOPPED, NOW, "suppressed"),
        (RECEIPT, STOPPED, NOW, "suppressed"),
        (OFFER, replace(STOPPED, reachable=False, sms_marketing=False), NOW, "suppressed"),
        (OFFER, replace(FREE, reachable=False, sms_marketing=False), NOW, "unreachable"),
        (REPLY, replace(FREE, reachable=False), NOW, "unreachable"),
        (CONFIRM, STOPPED, NOW, None),
        (CONFIRM, STOPPED, NOW + 5 * MINUTES, None),
        (CONFIRM, STOPPED, NOW + 5 * MINUTES + timedelta(microseconds=1), "too_late"),
        (CONFIRM, STOPPED, NOW + 6 * MINUTES, "too_late"),
        (CONFIRM, replace(STOPPED, reachable=False), NOW, "unreachable"),
        (CONFIRM, FREE, NOW, "too_late"),
    ],
)
def test_may_send(message_class: MessageClass, state: ContactState, now: datetime, reason: str | None) -> None:
    assert may_send(message_class, state, now) == (Blocked(BlockReason(reason)) if reason else Allowed())


BILLING = replace(STOPPED, billing=True, sms_transactional=False, sms_marketing=False)


@pytest.mark.parametrize(
    ("message_class", "about_money", "state", "reason"),
    [
        (RECEIPT, True, BILLING, None),
        (RECEIPT, False, BILLING, "suppressed"),
        (REPLY, False, BILLING, None),
        (OFFER, True, replace(BILLING, sms_marketing=True), "suppressed"),
        (RECEIPT, True, STOPPED, "suppressed"),
        (RECEIPT, True, replace(BILLING, reachable=False), "unreachable"),
        (RECEIPT, True, replace(FREE, sms_transactional=False), "no_consent"),
    ],
)
def test_after_a_stop_only_what_was_asked_back(
    message_class: MessageClass,
    about_money: bool,
    state: ContactState,
    reason: str | None,
) -> None:
    told = may_send(message_class, state, NOW, about_money=about_money)
    assert told == (Blocked(BlockReason(reason)) if reason else Allowed())


STATES = st.builds(
    ContactState,
    suppressed=st.booleans(),
    sms_transactional=st.booleans(),
    sms_marketing=st.booleans(),
    reachable=st.booleans(),
    stopped_at=st.none() | st.just(NOW),
)


@given(st.sampled_from([REPLY, RECEIPT, OFFER]), STATES)
def test_suppression_beats_everything(message_class: MessageClass, state: ContactState) -> None:
    blocked = may_send(message_class, replace(state, suppressed=True), NOW)
    assert blocked == Blocked(BlockReason.SUPPRESSED)


@given(STATES)
def test_marketing_never_goes_without_written_consent(state: ContactState) -> None:
    assert may_send(OFFER, replace(state, sms_marketing=False), NOW) != Allowed()
