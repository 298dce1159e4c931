"""A card page that was opened and left: told of once, at a fit hour, while it matters."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.db.connections import Database
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import cards, handovers, links, unfinished
from assistant.services.cards import Redirect
from assistant.services.links import Purpose
from tests.world import ANA, PUBLIC, World

HOUR = timedelta(hours=1)
LINK = re.compile(r"/card/([\w-]+)")


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 15))
    world.card(client_id)
    return client_id


@pytest.fixture
def evening(database: Database) -> Iterator[World]:
    with World.begun(database, datetime(2026, 11, 21, 3, tzinfo=UTC)) as world:  # eight in the evening at the spa
        yield world


def opens(world: World, phone: str = ANA) -> None:
    """By the last link that the phone was sent."""
    token = [found for body in world.received(phone) for found in LINK.findall(body)][-1]
    assert isinstance(cards.open_page(world.rt, token, phone[-4:], return_url=PUBLIC), Redirect)


def reminded(world: World, phone: str = ANA) -> list[str]:
    """What the job has the phone told now."""
    before = len(world.received(phone))
    many = unfinished.remind(world.rt)
    world.settle()
    told = world.received(phone)[before:]
    assert len(told) == many
    return told


def test_it_is_followed_up_once_after_an_hour(world: World, ana: int) -> None:
    del ana
    world.say("CARD")
    opens(world)
    world.clock.advance(HOUR - timedelta(seconds=1))
    assert reminded(world) == []
    world.clock.advance(timedelta(seconds=1))
    [told] = reminded(world)
    assert "opened and not finished" in told
    assert reminded(world) == []
    opens(world)
    world.clock.advance(2 * HOUR)
    assert reminded(world) == [], "the reminder's own link gets no other"


def test_a_link_that_was_only_looked_at_says_nothing(world: World, ana: int) -> None:
    del ana
    world.say("CARD")
    world.clock.advance(2 * HOUR)
    assert reminded(world) == []


def test_whoever_comes_back_to_it_has_another_hour(world: World, ana: int) -> None:
    del ana
    world.say("CARD")
    opens(world)
    world.clock.advance(timedelta(hours=2))
    opens(world)
    world.clock.advance(timedelta(minutes=30))
    assert reminded(world) == []


def test_a_card_that_came_ends_it(world: World, ana: int) -> None:
    del ana
    world.say("CARD")
    opens(world)
    [(page,)] = world.rows("SELECT page_id FROM card_page")
    world.stripe.type_card(str(page), "4242424242424242")
    world.settle()
    world.clock.advance(2 * HOUR)
    assert reminded(world) == []


def test_not_at_night_and_not_when_it_is_long_past(evening: World) -> None:
    world = evening
    for phone in (ANA, "+15055550111"):
        world.enrol(world.client("Ana", phone), anchor_on=date(2026, 8, 15))
        world.say("CARD", phone)
        opens(world, phone)
    world.clock.advance(2 * HOUR)
    assert reminded(world) == []
    world.clock.advance(10 * HOUR)
    assert unfinished.remind(world.rt) == 2
    world.say("CARD")
    opens(world)
    world.clock.advance(25 * HOUR)
    assert reminded(world) == []


@pytest.mark.parametrize(("standing", "told"), [(Verdict("expired_card"), 1), (None, 0)])
def test_what_was_sent_of_itself_is_followed_up_while_a_card_is_needed(
    world: World, standing: Verdict | None, told: int
) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 11, 20))
    world.stripe.behave(world.card(client_id), standing=standing or Verdict("expired_card"))
    world.bill()
    opens(world)
    if standing is None:
        world.rows("UPDATE dunning_case SET closed_at = opened_at, outcome = 'paid' RETURNING id")
    world.clock.advance(HOUR)
    assert len(reminded(world)) == told


def test_without_a_good_card_it_is_needed(world: World, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        links.make(uow, world.spa.spa_id, ana, Purpose.CARD, sent_to=ANA)
        uow.sql(
            "INSERT INTO card_page (spa_id, client_id, link_id, created_at, expires_at)"
            " SELECT spa_id, client_id, id, %s, %s FROM secure_link",
            (uow.now, uow.now),
        )
    world.clock.advance(HOUR)
    assert reminded(world) == []
    world.rows("UPDATE card SET exp_year = 2026, exp_month = 11 RETURNING id")
    assert len(reminded(world)) == 1


def test_a_number_that_is_theirs_no_more_and_a_thread_that_a_person_has_are_left_alone(world: World, ana: int) -> None:
    world.say("CARD")
    opens(world)
    world.clock.advance(HOUR)
    spa_id = world.spa.spa_id
    with world.rt.unit_of_work() as uow:
        opened = handovers.open_(
            uow, spa_id, channel="sms", address=ANA, client_id=ana, topic="asked", summary="", event_id=0
        )
        handovers.take(uow, spa_id, opened.id, by="sam")
    assert reminded(world) == []
    with world.rt.unit_of_work() as uow:
        handovers.hand_back(uow, spa_id, opened.id, by="sam")
        [[phone_id]] = uow.sql("DELETE FROM client_phone RETURNING phone_id").fetchall()
    assert reminded(world) == []
    with world.rt.unit_of_work() as uow:
        uow.sql("INSERT INTO client_phone VALUES (%s, %s, %s, true)", (spa_id, ana, phone_id))
    assert len(reminded(world)) == 1


def test_two_jobs_at_once_tell_once(world: World, ana: int) -> None:
    del ana
    world.say("CARD")
    opens(world)
    world.clock.advance(HOUR)
    with world.rt.unit_of_work() as uow:
        times = {"now": uow.now, "since": uow.now - unfinished.WITHIN, "until": uow.now - unfinished.AFTER}
        [row] = uow.sql(unfinished.UNFINISHED, times).fetchall()
    each = unfinished.Unfinished(*row)
    done = [world.rt.transact(lambda uow: unfinished.remind_one(uow, each)) for _ in range(2)]
    assert done == [True, False]


def test_a_link_that_was_asked_for_by_mail_asks_for_the_digits_of_their_phone(world: World, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        assert links.number_for(uow, spa_id, ana, asked_at="ana@example.com") == ANA
        assert links.number_for(uow, spa_id, ana, asked_at="+15055550111") == "+15055550111"
        uow.sql("DELETE FROM client_phone")
        assert links.number_for(uow, spa_id, ana, asked_at="ana@example.com") is None
