"""Several things in one message, each in turn; a STOP among them; and questions that HELP and BALANCE leave open."""

import re
from datetime import date, timedelta

import pytest

from assistant.domain.plans import Terms
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import plans
from tests.world import ANA, World

AT = "ana@example.com"
TOKEN = re.compile(r"\b[A-Z]\d\d\b")


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 15), first_cycle=4)
    world.card(client_id)
    world.grant(client_id, 2)
    return client_id


def tasks(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, facts ->> 'topic' FROM staff_task WHERE closed_at IS NULL ORDER BY kind, id")


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("what's my balance and can I pause for 2 months", ("2 visit credits", "rest from Dec 15 to Feb 15")),
        ("book me friday and tell me my balance", ("front desk", "2 visit credits")),
        (
            "what's my balance, can I pause for 2 months and I need to update my card",
            ("2 visit credits", "rest from Dec 15 to Feb 15", "secure link"),
        ),
        (
            "quiero saber mi saldo, pausar 2 meses y cambiar mi tarjeta",
            ("2 créditos", "descansar del", "enlace seguro"),
        ),
    ],
)
def test_each_is_answered_once_and_in_turn(world: World, ana: int, words: str, answers: tuple[str, ...]) -> None:
    del ana
    said = world.say(words)
    assert len(said) == len(answers)
    for told, wanted in zip(said, answers, strict=True):
        assert wanted in told


def test_a_stop_beside_another_wish_ends_the_texts_and_loses_nothing(world: World, ana: int) -> None:
    world.mailbox(ana, AT)
    [confirmed] = world.say("stop the texts, cancel my membership, and refund me")
    assert "opted out" in confirmed
    assert world.say("BALANCE") == []
    assert tasks(world) == [("cancel_asked", None), ("handover", "beside_stop")]
    [letter] = world.mailed(AT)
    assert "asked to end your Glow" in letter.text
    [(expires, now)] = world.rows("SELECT expires_at, opened_at FROM question WHERE channel = 'email'")
    assert expires - now == timedelta(hours=24)  # type: ignore[operator]
    assert world.rows("SELECT count(*) FROM cancellation") == [(0,)], "nothing ends without its token"


def test_one_word_may_have_meant_the_texts_alone(world: World, ana: int) -> None:
    world.mailbox(ana, AT)
    world.say("CANCEL")
    assert tasks(world) == [("cancel_asked", None)]
    assert "Did you mean your Glow" in " ".join(world.mailed(AT)[0].text.split())


def test_without_mail_a_person_asks(world: World, ana: int) -> None:
    del ana
    world.say("stop texting me and cancel my membership")
    assert tasks(world) == [("cancel_asked", None)]


def test_of_two_on_a_phone_nobody_knows_whose_is_meant(world: World, ana: int) -> None:
    world.mailbox(ana, AT)
    world.client("Leo", ANA)
    world.say("stop texting me and cancel my membership")
    assert world.mailed(AT) == []
    assert tasks(world) == [("cancel_asked", None)]


def test_medical_words_are_answered_alone(world: World, ana: int) -> None:
    del ana
    [care] = world.say("my face is swelling badly, and what's my balance")
    assert "credit" not in care


def test_texts_again_and_something_else(world: World, ana: int) -> None:
    del ana
    world.say("opt out")
    again, balance = world.say("text me again please. how many credits do i have")
    assert "welcome back" in again
    assert "2 visit credits" in balance


@pytest.mark.parametrize(
    "asked", ["PAUSE 2", "LEAVE", "UPGRADE", "RESUME", "SKIP", "JOIN", "BALANCE", "pause", "change plan"]
)
@pytest.mark.parametrize("between", ["HELP", "BALANCE", "how many credits do i have", "ayuda", "WHY"])
def test_help_and_balance_leave_every_question_as_it_was(world: World, asked: str, between: str) -> None:
    client_id = _whose_question_is(world, asked)
    world.say(asked)
    rows = "SELECT kind, facts ->> 'token', expires_at FROM question WHERE closed_at IS NULL ORDER BY id"
    before = world.rows(rows)
    assert before, "it asked something"
    world.say(between)
    after = world.rows(rows)
    asks_itself = [each for each in before if each[0] == "book_offer"]
    assert [each for each in after if each[0] != "book_offer"] == [each for each in before if each not in asks_itself]
    assert client_id


def _whose_question_is(world: World, asked: str) -> int:
    """Somebody of whom this word asks something back."""
    client_id = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        for name, cents in (("Radiance", 24_900), ("Lux", 39_900)):
            plans.offer(uow, world.spa.spa_id, name.lower(), name, Terms(dues_cents=cents, grants=()), actor="staff:1")
    if asked == "JOIN":
        return client_id
    world.enrol(client_id, anchor_on=date(2026, 8, 20), first_cycle=3 if asked == "SKIP" else 4)
    card = world.card(client_id)
    if asked == "SKIP":
        world.stripe.behave(card, standing=Verdict("insufficient_funds"))
        world.bill()
    if asked == "RESUME":
        world.say(TOKEN.findall(world.say("PAUSE 2")[0])[-1])
    if asked == "BALANCE":
        world.grant(client_id, 1, unit="extra", expires_on=date(2026, 12, 5))
    return client_id
