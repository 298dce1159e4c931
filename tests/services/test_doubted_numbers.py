"""Numbers in doubt: nothing is told to them, nothing is done by them, and how the doubt ends."""

import re
from datetime import date, timedelta

import pytest

from assistant.services import message_errors, numbers, wrong_numbers
from assistant.services.wrong_numbers import Doubt
from tests.world import ANA, World

NEW = "+15055550155"
TOKEN = re.compile(r"\b[A-Z]\d\d\b")
PRIVATE = ("Ana", "Example", "visit credit", "149", "Dec", "Glow", "paused", "Done")
HOURS = timedelta(hours=1)
SAYS = (
    "hi",
    "BALANCE",
    "WHY",
    "PAUSE 2",
    "LEAVE",
    "CARD",
    "what do I owe",
    "UPGRADE",
    "book me friday",
    "gibberish zork",
)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 15))
    world.card(client_id)
    world.grant(client_id, 2)
    return client_id


def shake(world: World, why: Doubt) -> None:
    assert world.rt.transact(lambda uow: wrong_numbers.shake(uow, world.spa.spa_id, ANA, why))


def hears_nothing(world: World, phone: str = ANA) -> None:
    for words in SAYS:
        for answer in world.say(words, phone):
            assert not [each for each in PRIVATE if each in answer], (words, answer)


@pytest.mark.parametrize("why", Doubt)
def test_a_number_in_doubt_is_told_nothing_and_a_person_is(world: World, ana: int, why: Doubt) -> None:
    del ana
    shake(world, why)
    hears_nothing(world)
    assert world.rows("SELECT count(*) FROM handover WHERE address = %s", [ANA]) == [(1,)]


def test_a_token_that_was_asked_before_the_doubt_does_nothing_after_it(world: World, ana: int) -> None:
    del ana
    [token] = TOKEN.findall(world.say("PAUSE 2")[0])
    shake(world, Doubt.SIM_SWAP)
    assert "Done" not in world.say(token)[0]
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]


def test_to_leave_a_token_is_enough_even_so(world: World, ana: int) -> None:
    """Cancelling must be as easy as joining (`reliability.md` §3): whoever has the number can do no more harm by it."""
    del ana
    [token] = TOKEN.findall(world.say("LEAVE")[0])
    shake(world, Doubt.SIM_SWAP)
    assert "confirmation" in world.say(token)[0]


def test_a_swapped_sim_is_trusted_again_after_three_days(world: World, ana: int) -> None:
    del ana
    shake(world, Doubt.SIM_SWAP)
    world.clock.advance(71 * HOURS)
    assert "credit" not in world.say("BALANCE")[0]
    world.clock.advance(HOURS)
    assert "2 visit credits" in world.say("BALANCE")[0]


def test_a_number_that_was_dead_or_anothers_is_asked_for_its_name_after_that(world: World, ana: int) -> None:
    del ana
    with world.rt.unit_of_work() as uow:
        [[message_id]] = uow.sql(
            "INSERT INTO outbound_message (spa_id, key, channel, recipient, message, message_class, locale, body,"
            " segments, created_at, due_at, expires_at, status) VALUES (%s, 'x', 'sms', %s, 'balance',"
            " 'transactional', 'en', '', 1, %s, %s, %s, 'failed') RETURNING id",
            (world.spa.spa_id, ANA, uow.now, uow.now, uow.now),
        ).fetchall()
        message_errors.act_on(uow, world.spa.spa_id, message_id, 30005)
    hears_nothing(world)
    world.clock.advance(73 * HOURS)
    assert "first and last name" in world.say("BALANCE")[0]
    assert "2 visit credits" in world.say("Ana Example")[0]


def test_a_phone_that_was_off_or_a_landline_is_not_doubted(world: World, ana: int) -> None:
    del ana
    with world.rt.unit_of_work() as uow:
        for code in (30003, 30006):
            message_errors.act_on(uow, world.spa.spa_id, 0, code)
    assert "2 visit credits" in world.say("BALANCE")[0]


def test_the_last_of_two_doubts_counts(world: World, ana: int) -> None:
    world.rt.transact(lambda uow: numbers.add(uow, world.spa.spa_id, ana, NEW, by="staff:1"))
    world.clock.advance(71 * HOURS)
    world.rt.transact(lambda uow: wrong_numbers.shake(uow, world.spa.spa_id, NEW, Doubt.PORTED))
    world.clock.advance(2 * HOURS)
    assert "credit" not in world.say("BALANCE", NEW)[0]


def test_a_person_who_has_made_sure_ends_the_doubt(world: World, ana: int) -> None:
    del ana
    shake(world, Doubt.REASSIGNED)
    assert world.rt.transact(lambda uow: wrong_numbers.verified(uow, world.spa.spa_id, ANA, by="staff:1"))
    assert "2 visit credits" in world.say("BALANCE")[0]
    assert not world.rt.transact(lambda uow: wrong_numbers.verified(uow, world.spa.spa_id, NEW, by="staff:1"))


def test_a_recycled_number_given_to_another_client_proves_nothing_at_first(world: World, ana: int) -> None:
    world.say("wrong number")
    leo = world.client("Leo", ANA)
    world.enrol(leo, anchor_on=date(2026, 8, 15))
    assert len(world.say("START")) == 1
    hears_nothing(world)
    world.clock.advance(73 * HOURS)
    assert "first and last name" in world.say("BALANCE")[0]
    assert "Ana" not in (told := world.say("Leo Example")[0])
    assert told.startswith("Leo")
    assert world.rows("SELECT client_id FROM client_phone") == [(leo,)]
    assert leo != ana


def test_a_new_number_is_told_to_the_old_ways_and_waits_three_days(world: World, ana: int) -> None:
    world.mailbox(ana, "ana@example.com")
    spa_id = world.spa.spa_id
    added = [world.rt.transact(lambda uow: numbers.add(uow, spa_id, ana, NEW, by="staff:1")) for _ in range(2)]
    assert added == [True, False]
    world.settle()
    assert "new phone number" in world.received(ANA)[-1]
    assert "new phone number" in world.mailed("ana@example.com")[-1].text
    assert world.received(NEW) == []
    hears_nothing(world, NEW)
    assert "2 visit credits" in world.say("BALANCE", ANA)[0]
    world.clock.advance(73 * HOURS)
    assert "2 visit credits" in world.say("BALANCE", NEW)[0]
