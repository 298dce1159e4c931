"""Open questions: tokens, guesses at them, two channels, threads that a person has, numbers that were silent."""

import re
from datetime import date, timedelta

from assistant.db import questions
from assistant.db.handovers import waiting
from assistant.services import handovers
from tests.world import ANA, World

TOKEN = re.compile(r"\b[A-Z]\d\d\b")
LEO = "+15055550111"
PRIVATE = ("Ana", "Example", "visit credit", "149", "Dec", "Glow", "paused", "active")


def ana(world: World, phone: str = ANA) -> int:
    client_id = world.client("Ana", phone)
    world.enrol(client_id, anchor_on=date(2026, 8, 20))
    world.card(client_id)
    world.grant(client_id, 2)
    return client_id


def token(answers: list[str]) -> str:
    return TOKEN.findall(answers[-1])[-1]


def open_kinds(world: World) -> list[object]:
    return [row[0] for row in world.rows("SELECT kind FROM question WHERE closed_at IS NULL ORDER BY kind")]


def test_a_bare_yes_is_answered_with_the_question_again(world: World) -> None:
    ana(world)
    first = token(world.say("PAUSE 2"))
    second = world.say("yes")
    assert "can rest from" in second[0]
    assert open_kinds(world) == ["pause"]
    assert token(second) != first
    again = world.say(first)
    assert "can rest from" in again[0], "a token that was asked anew is old: it is quoted, not executed"
    assert open_kinds(world) == ["pause"]


def test_a_late_token_is_quoted_again_and_keeps_what_was_asked_for(world: World) -> None:
    ana(world)
    offered = world.say("PAUSE 2")
    world.pass_time(timedelta(minutes=16))
    again = world.say(token(offered))
    assert [TOKEN.sub("X", each) for each in again] == [TOKEN.sub("X", each) for each in offered]
    assert "Done" in world.say(token(again))[0]


def test_the_same_question_at_two_phones_has_one_effect(world: World) -> None:
    client_id = ana(world)
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)"
            " VALUES (%s, %s, true, false, %s)",
            (world.spa.spa_id, LEO, uow.now),
        )
        uow.sql(
            "INSERT INTO client_phone (spa_id, client_id, phone_id, preferred)"
            " SELECT spa_id, %s, id, false FROM phone WHERE number = %s",
            (client_id, LEO),
        )
    one, other = token(world.say("PAUSE 1")), token(world.say("PAUSE 1", LEO))
    assert "Done" in world.say(one)[0]
    assert open_kinds(world) == []
    assert "Done" not in world.say(other, LEO)[0]


def test_a_question_is_closed_by_one_answer_only(world: World) -> None:
    client_id = ana(world)
    world.say("PAUSE 1")
    [(question_id,)] = world.rows("SELECT id FROM question WHERE closed_at IS NULL")
    closed = [
        world.rt.transact(
            lambda uow: questions.close_everywhere(
                uow, world.spa.spa_id, int(str(question_id)), client_id, "pause", {}, uow.now
            )
        )
        for _ in range(2)
    ]
    assert closed == [True, False]


def test_five_wrong_tokens_lock_the_questions_and_tell_a_person(world: World) -> None:
    ana(world)
    right = token(world.say("PAUSE 1"))
    wrong = [f"P{number}" for number in range(10, 99) if f"P{number}" != right][:5]
    for guess in wrong:
        last = world.say(guess)
    assert "was not the code" in last[0]
    assert "was not the code" in world.say(right)[0], "even the right one does nothing now"
    with world.rt.unit_of_work() as uow:
        assert "wrong_tokens" in {each.topic for each in waiting(uow, world.spa.spa_id)} | {
            str(row[0]) for row in uow.sql("SELECT facts ->> 'topic' FROM staff_task").fetchall()
        }
    assert "have 2 visit credits" in world.say("BALANCE")[0]


def test_the_assistant_is_silent_while_a_person_has_the_thread(world: World) -> None:
    client_id, spa_id = ana(world), world.spa.spa_id
    opened = world.rt.transact(
        lambda uow: handovers.open_(
            uow, spa_id, channel="sms", address=ANA, client_id=client_id, topic="asked", summary="a word", event_id=0
        )
    )
    assert world.say("BALANCE") != [], "until somebody takes it, it is answered"
    assert world.rt.transact(lambda uow: handovers.take(uow, spa_id, opened.id, by="sam"))
    assert world.rt.transact(lambda uow: handovers.take(uow, spa_id, opened.id, by="kim")) is None
    assert world.say("BALANCE") == []
    assert len(world.say("HELP")) == 1
    assert "call" in world.say("my lips are swelling and it hurts to breathe")[0]
    assert not world.rt.transact(lambda uow: handovers.say(uow, spa_id, opened.id, "Hi", by="kim"))
    for words in ("Sam here: Friday at 3?", "Or Monday? 4242 4242 4242 4242"):
        assert world.rt.transact(lambda uow, words=words: handovers.say(uow, spa_id, opened.id, words, by="sam"))
    world.settle()
    assert world.received()[-2] == "Sam here: Friday at 3?"
    assert "4242 4242" not in world.received()[-1]
    assert world.rt.transact(lambda uow: handovers.hand_back(uow, spa_id, opened.id, by="sam"))
    assert not world.rt.transact(lambda uow: handovers.hand_back(uow, spa_id, opened.id, by="sam"))
    assert "visit credits" in world.say("BALANCE")[0]
    world.rt.transact(
        lambda uow: handovers.open_(
            uow, spa_id, channel="sms", address=ANA, client_id=client_id, topic="asked", summary="b", event_id=0
        )
    )
    assert len(world.say("STOP")) == 1


def test_a_number_that_was_silent_for_long_hears_nothing_of_anyone(world: World) -> None:
    ana(world)
    world.clock.advance(timedelta(days=91))
    for words in ("hi", "BALANCE", "PAUSE 2", "LEAVE", "YES", "what do I owe", "CARD", "gibberish zork"):
        for answer in world.say(words):
            assert not [each for each in PRIVATE if each in answer], (words, answer)
    assert world.rows("SELECT count(*) FROM phone WHERE unsure_at IS NOT NULL") == [(1,)]


def test_their_own_name_makes_a_silent_number_theirs_again(world: World) -> None:
    ana(world)
    world.clock.advance(timedelta(days=91))
    assert "first and last name" in world.say("BALANCE")[0]
    assert "first and last name" in world.say("Bob Smith")[0]
    assert "2 visit credits" in world.say("it's Ana Example")[0]
    assert "2 visit credits" in world.say("BALANCE")[0]


def test_a_second_misunderstanding_in_a_row_is_a_persons(world: World) -> None:
    ana(world)
    world.say("zork blib")
    assert "a person" in world.say("blib zork zork")[0]
    with world.rt.unit_of_work() as uow:
        assert [each.topic for each in waiting(uow, world.spa.spa_id)] == ["question"]


def test_what_may_have_been_a_stop_ends_the_offers_and_is_asked_once(world: World) -> None:
    ana(world)
    world.rows("UPDATE phone SET sms_marketing = true RETURNING id")
    assert "Reply STOP" in world.say("ugh these texts")[0]
    assert world.rows("SELECT sms_marketing, suppressed_at FROM phone") == [(False, None)]
    assert world.rows("SELECT change, scope FROM consent_change") == [("withdrawn", "marketing")]
