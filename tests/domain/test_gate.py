"""The gate of every text and every mail as a table: each class, each consent, each STOP, each state of a phone."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from assistant.domain.consent import Allowed, Blocked, ContactState, MailState, MessageClass, may_mail, may_send
from assistant.domain.quiet_hours import Closed, Open, window
from tests.domain.test_quiet_days import CT, ET, MT, PT, openings

CONFIRM, REPLY, RECEIPT, OFFER = MessageClass
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
STOPPED = (None, NOW, NOW - timedelta(minutes=5), NOW - timedelta(minutes=5, microseconds=1))

# What stands in the rules, one sentence a row: class, what must hold, else the reason; the first that fails counts.
RULES: dict[MessageClass, list[tuple[str, str]]] = {
    CONFIRM: [("stopped lately", "too_late"), ("reachable", "unreachable")],
    REPLY: [("free or asked back", "suppressed"), ("reachable", "unreachable")],
    RECEIPT: [
        ("free or asked back for money", "suppressed"),
        ("reachable", "unreachable"),
        ("agreed or asked back for money", "no_consent"),
    ],
    OFFER: [("free", "suppressed"), ("reachable", "unreachable"), ("signed", "no_pewc")],
}


def facts(state: ContactState, *, money: bool) -> dict[str, bool]:
    back = state.suppressed and state.billing
    return {
        "stopped lately": state.stopped_at in STOPPED[1:3],
        "reachable": state.reachable,
        "free": not state.suppressed,
        "free or asked back": not state.suppressed or back,
        "free or asked back for money": not state.suppressed or (back and money),
        "agreed or asked back for money": state.sms_transactional or (back and money),
        "signed": state.sms_marketing,
    }


def every_phone() -> list[ContactState]:
    return [
        ContactState(
            suppressed=suppressed,
            sms_transactional=agreed,
            sms_marketing=signed,
            reachable=reachable,
            stopped_at=stopped_at,
            billing=billing,
        )
        for suppressed, agreed, signed, reachable, billing, stopped_at in product(*[(False, True)] * 5, STOPPED)
    ]


@pytest.mark.parametrize("message_class", MessageClass)
def test_every_text_to_every_phone(message_class: MessageClass) -> None:
    """1,024 rows: four classes, 128 states of a phone, about money or not."""
    rows = 0
    for state, money in product(every_phone(), (False, True)):
        holds = facts(state, money=money)
        why = next((reason for fact, reason in RULES[message_class] if not holds[fact]), None)
        answer = may_send(message_class, state, NOW, about_money=money)
        assert (answer.reason.value if isinstance(answer, Blocked) else None) == why, (state, money)
        rows += 1
    assert rows == 256


def test_nothing_but_an_answer_after_a_stop() -> None:
    """Whoever said STOP, and asked for nothing back: only the one confirmation, and only for five minutes."""
    for message_class, state, money in product(MessageClass, every_phone(), (False, True)):
        if (
            state.suppressed
            and not state.billing
            and may_send(message_class, state, NOW, about_money=money) == Allowed()
        ):
            assert message_class is CONFIRM
            assert state.stopped_at is not None
            assert NOW - state.stopped_at <= timedelta(minutes=5)


@pytest.mark.parametrize("message_class", MessageClass)
def test_every_mail_to_every_address(message_class: MessageClass) -> None:
    """Spam said once ends notices and offers by mail, never the answer to their own mail (`rules.md` 4.1, 4.11)."""
    for suppressed, marketing, deliverable in product((False, True), repeat=3):
        answer = may_mail(message_class, MailState(suppressed=suppressed, marketing=marketing, deliverable=deliverable))
        first = message_class in {RECEIPT, OFFER}
        why = (
            "unreachable"
            if not deliverable
            else "suppressed"
            if suppressed and first
            else "no_consent"
            if message_class is OFFER and not marketing
            else None
        )
        assert (answer.reason.value if isinstance(answer, Blocked) else None) == why


@pytest.mark.parametrize("where", [(ET,), (MT,), (ET, PT), (ET, CT, MT, PT)], ids="+".join)
def test_every_text_at_every_hour(where: tuple[str, ...]) -> None:
    """Allowed and open together, every half an hour of the fortnight in which the clocks go back, and Thanksgiving's.

    What answers them goes at any hour; what does not waits for an hour that is fit on every wall.
    """
    there, rows = frozenset(where), 0
    opened = {each: openings(each, there) for each in (RECEIPT, OFFER)}
    phones = every_phone()
    for begin in (datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)):
        for step, message_class in product(range(14 * 48), MessageClass):
            now = begin + step * timedelta(minutes=30)
            fit = message_class in {CONFIRM, REPLY} or any(a <= now < b for a, b in opened[message_class])
            answer = window(message_class, there, now)
            assert isinstance(answer, Open if fit else Closed), (message_class, now)
            phone = phones[(step * 7) % len(phones)]
            goes = may_send(message_class, phone, NOW) == Allowed() and isinstance(answer, Open)
            holds = facts(phone, money=False)
            assert goes is (fit and all(holds[fact] for fact, _ in RULES[message_class]))
            rows += 1
    assert rows == 2 * 14 * 48 * 4
