"""A mail is thought about as a text is, and answered in its own thread; what is not proven waits for a person."""

from datetime import date

import pytest

from assistant.domain.mail import from_mime
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import mail_in, messaging, plans
from assistant.services.addressing import Addressee
from assistant.services.mail_in import Posted
from tests.services.test_mail_out import WORDS
from tests.world import ANA, World

AT = "ana@example.com"
SPA = "hello@mail.example.com"


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.mailbox(client_id, AT)
    world.enrol(client_id, anchor_on=date(2026, 8, 15))
    world.grant(client_id)
    return client_id


def writes(world: World, words: str, to: str, number: int = 1) -> list[str]:
    """Ana writes a mail; what she is sent then."""
    before = len(world.mailed(AT))
    raw = (
        f"From: Ana <{AT}>\r\nTo: {to}\r\nSubject: my membership\r\nMessage-ID: <{number}@example.com>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )
    posted = Posted(from_mime(raw.encode()), AT, (to,), "pass", "{@example.com : pass}")
    assert mail_in.keep(world.rt, posted) is not None
    world.settle()
    return [letter.text for letter in world.mailed(AT)[before:]]


def reply_address(world: World, client_id: int) -> str:
    """The address that answers to a mail of ours come back to."""
    with world.rt.unit_of_work() as uow:
        messaging.tell(uow, Addressee(world.spa.spa_id, AT, "en", client_id, "email"), WORDS, key="first")
    world.settle()
    return world.mailed(AT)[-1].reply_to


def test_a_reply_in_our_thread_is_answered_in_it(world: World, ana: int) -> None:
    [answer] = writes(
        world, "What's my balance?\n\nOn Mon, Fern wrote:\n> Reply STOP to opt out", reply_address(world, ana)
    )
    assert "1 visit credit" in answer
    letter = world.mailed(AT)[-1]
    assert (letter.subject, letter.headers["In-Reply-To"]) == ("Re: my membership", "<1@example.com>")
    assert world.received(ANA) == []


def test_a_change_by_mail_needs_its_token(world: World, ana: int) -> None:
    to = reply_address(world, ana)
    [offer] = writes(world, "Please pause my membership for 2 months", to)
    [[token]] = world.rows("SELECT facts ->> 'token' FROM question")
    assert str(token) in offer
    [again] = writes(world, "yes", to, 2)
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
    [[token]] = world.rows("SELECT facts ->> 'token' FROM question")
    assert str(token) in again
    writes(world, str(token), to, 3)
    assert world.rows("SELECT count(*) FROM pause") == [(1,)]


def test_who_does_not_answer_us_is_told_nothing_of_theirs_and_how(world: World, ana: int) -> None:
    """And in answer to that mail the very same words are no loop."""
    del ana
    said = "What is my balance these days?"
    [answer] = writes(world, said, SPA)
    assert "credit" not in answer
    assert "reply to it with BALANCE" in answer
    [told] = writes(world, said, world.mailed(AT)[-1].reply_to, 2)
    assert "1 visit credit" in told
    assert world.rows("SELECT count(*) FROM handover") == [(0,)]


def test_what_is_anyones_is_told_to_anyone_known(world: World, ana: int) -> None:
    del ana
    [told] = writes(world, "I want to talk to a manager", SPA)
    assert "Ana" not in told
    assert world.rows("SELECT channel, address FROM handover") == [("email", AT)]


def test_what_nobody_can_tell_is_a_persons(world: World, ana: int) -> None:
    del ana
    [told] = writes(world, "my cousin paints boats in winter", SPA)
    assert "credit" not in told
    assert world.rows("SELECT channel, address FROM handover") == [("email", AT)]


@pytest.mark.parametrize(
    ("words", "scopes"),
    [
        ("STOP", ["email", "sms"]),
        ("Please stop emailing me but keep my membership", ["email"]),
        ("unsubscribe", ["email"]),
        ("Por favor ya no me manden correos", ["email"]),
    ],
)
def test_a_stop_by_mail_is_confirmed_once(world: World, ana: int, words: str, scopes: list[str]) -> None:
    to = reply_address(world, ana)
    [told] = writes(world, words, to)
    assert ("opted out" in told) or ("ya no" in told)
    assert ("text" in told.partition("What the law")[0]) == ("sms" in scopes)
    assert world.rows("SELECT channel FROM consent_change ORDER BY channel") == [(each,) for each in scopes]
    assert writes(world, words + " !", to, 2) == []


def test_a_subject_alone_is_how_programs_unsubscribe(world: World, ana: int) -> None:
    del ana
    raw = (
        f"From: Ana <{AT}>\r\nTo: {SPA}\r\nSubject: unsubscribe\r\nMessage-ID: <9@example.com>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nSent from my iPhone\r\n"
    )
    mail_in.keep(world.rt, Posted(from_mime(raw.encode()), AT, (SPA,), "pass", "{@example.com : pass}"))
    assert world.rows("SELECT channel, scope FROM consent_change") == [("email", "marketing")]


def test_the_subject_of_what_is_handed_on_is_not_theirs(world: World, ana: int) -> None:
    del ana
    raw = (
        f"From: Ana <{AT}>\r\nTo: {SPA}\r\nSubject: Fwd: Reply STOP to end\r\nMessage-ID: <9@example.com>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nSent from my iPhone\r\n"
    )
    mail_in.keep(world.rt, Posted(from_mime(raw.encode()), AT, (SPA,), "pass", "{@example.com : pass}"))
    assert world.rows("SELECT count(*) FROM consent_change") == [(0,)]


def test_a_link_asked_for_by_mail_is_told_of_there(world: World) -> None:
    client_id = world.client("Ana")
    world.mailbox(client_id, AT)
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
        plans.offer(uow, world.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
    to = reply_address(world, client_id)
    writes(world, "JOIN", to)
    [[token]] = world.rows("SELECT facts ->> 'token' FROM question")
    [told] = writes(world, str(token), to, 2)
    assert "on its way to your phone" in told
    assert len(world.received(ANA)) == 1


def test_start_by_mail_is_for_a_person_and_makes_no_number_of_an_address(world: World, ana: int) -> None:
    to = reply_address(world, ana)
    writes(world, "START", to)
    writes(world, "never message me again ok", to, 2)
    assert world.rows("SELECT number FROM phone") == [(ANA,)]
    stopped = world.rows("SELECT channel, scope FROM consent_change ORDER BY channel")
    assert stopped == [("email", "marketing"), ("sms", "all")]


def test_who_wants_no_texts_has_their_receipt_by_mail(world: World) -> None:
    client_id = world.client("Ana")
    world.mailbox(client_id, AT)
    world.enrol(client_id, anchor_on=date(2026, 11, 20))
    world.card(client_id)
    assert len(world.say("STOP")) == 1
    world.bill()
    world.settle()
    [receipt] = world.mailed(AT)
    assert "$149.00" in receipt.text
    assert len(world.received(ANA)) == 1
