"""What is never answered: robots, bounces, lists, and anyone too often (`rules.md` 4.4, 4.5)."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.auto_replies import Unanswered, never_answered, too_often
from assistant.domain.mail_trust import Trust

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
ANA = "ana@example.com"
AUTO, BOUNCE, LIST = Unanswered.AUTO_REPLY, Unanswered.BOUNCE, Unanswered.LIST


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("subject", "Hi", None),
        ("auto-submitted", "no", None),
        ("auto-submitted", "auto-replied", AUTO),
        ("auto-submitted", "auto-generated; owner=x", AUTO),
        ("x-auto-response-suppress", "All", AUTO),
        ("x-autoreply", "yes", AUTO),
        ("x-autorespond", "", AUTO),
        ("list-id", "<news.example.com>", LIST),
        ("precedence", "Bulk", LIST),
        ("precedence", "first-class", None),
        ("return-path", "<>", BOUNCE),
        ("return-path", "<ana@example.com>", None),
        ("content-type", 'multipart/report; report-type="delivery-status"', BOUNCE),
        ("content-type", "multipart/report; report-type=disposition-notification", AUTO),
        ("content-type", "text/plain", None),
        ("list-unsubscribe", "<mailto:x@example.com>", None),
    ],
)
def test_by_header(name: str, value: str, why: Unanswered | None) -> None:
    assert never_answered({name: (value,)}, author=ANA, envelope_from=ANA, subject="Hi") is why


@pytest.mark.parametrize(
    ("author", "envelope", "subject", "why"),
    [
        (ANA, ANA, "Re: Your membership", None),
        (ANA, "<>", "Re: x", BOUNCE),
        (ANA, "", "Re: x", BOUNCE),
        (ANA, ANA, "Automatic reply: x", AUTO),
        (ANA, ANA, "Out of Office", AUTO),
        (ANA, ANA, "Respuesta automática: x", AUTO),
        (ANA, ANA, "I was out of office", None),
        ("mailer-daemon@example.com", ANA, "x", Unanswered.ROBOT),
        ("no-reply@example.com", ANA, "x", Unanswered.ROBOT),
        ("noreply+12@example.com", ANA, "x", Unanswered.ROBOT),
        ("noreen@example.com", ANA, "x", None),
        ("m+x@reply.example.org", ANA, "x", Unanswered.OWN),
        ("m@sub.reply.example.org", ANA, "x", Unanswered.OWN),
        (None, ANA, "x", None),
    ],
)
def test_by_who_sent_it(author: str | None, envelope: str, subject: str, why: Unanswered | None) -> None:
    assert never_answered({}, author=author, envelope_from=envelope, subject=subject, own=["reply.example.org"]) is why


@pytest.mark.parametrize(
    ("trust", "minutes", "same", "words", "why"),
    [
        (Trust.KNOWN, [], False, 1, None),
        (Trust.KNOWN, [4], False, 1, Unanswered.TOO_MANY),
        (Trust.KNOWN, [5], False, 1, None),
        (Trust.KNOWN, [10, 20, 30, 40], False, 1, None),
        (Trust.KNOWN, [10, 20, 30, 40, 50], False, 1, Unanswered.TOO_MANY),
        (Trust.KNOWN, [10], True, 1, Unanswered.LOOP),
        (Trust.REPLY, [1], False, 1, None),
        (Trust.REPLY, [1], True, 1, None),
        (Trust.REPLY, [1], True, 4, Unanswered.LOOP),
        (Trust.REPLY, [0, 0, 1, 1], False, 9, None),
        (Trust.REPLY, [0, 0, 1, 1, 1], False, 9, Unanswered.TOO_MANY),
        (Trust.REPLY, list(range(10, 29)), False, 9, None),
        (Trust.REPLY, list(range(10, 30)), False, 9, Unanswered.TOO_MANY),
    ],
)
def test_how_often(trust: Trust, minutes: list[int], same: bool, words: int, why: Unanswered | None) -> None:
    answered = [NOW - timedelta(minutes=each) for each in minutes]
    assert too_often(trust, answered, said_before=same, words=words, now=NOW) is why
