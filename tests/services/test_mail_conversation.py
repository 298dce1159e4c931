"""A mail is thought about as a text is, and answered in its own thread; what is not proven waits for a person."""

from datetime import date

import pytest

from assistant.domain.mail import from_mime
from assistant.services import mail_in, messaging
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


def test_who_has_not_our_address_is_told_nothing_and_a_person_is(world: World, ana: int) -> None:
    del ana
    [answer] = writes(world, "BALANCE", SPA)
    assert "credit" not in answer
    assert world.rows("SELECT channel, address FROM handover") == [("email", AT)]


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
