"""A copy of the database opens no link."""

import pytest
from cryptography.exceptions import InvalidTag

from assistant.sealing import Seal
from assistant.services import links
from assistant.services.links import Purpose
from tests.world import ANA, World

TOKEN = "Ab_-" * 10 + "xyz"
WORDS = f"Ana, your link: https://spa.example.com/card/{TOKEN} It works until Mar 6."


def test_what_is_sealed_opens_under_its_own_key_alone() -> None:
    seal = Seal("one secret")
    closed = seal.close(WORDS)
    assert TOKEN not in closed
    assert closed == seal.close(WORDS)
    assert seal.open(closed) == WORDS
    with pytest.raises(InvalidTag):
        Seal("another").open(closed)


def test_words_without_a_link_are_as_they_were() -> None:
    for words in ("BALANCE", "see /card/ for more", f"/card/{TOKEN}more"):
        assert Seal("x").open(Seal("x").close(words)) == Seal("x").close(words) == words


def test_no_table_holds_a_token_that_was_texted(world: World) -> None:
    world.client("Ana")
    [answer] = world.say("CARD")
    token = answer.partition("/card/")[2].split()[0]
    with world.rt.unit_of_work() as uow:
        assert links.find(uow, token) is not None
        tables = uow.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        assert not [row for row in world.rows(f'SELECT t::text FROM "{table}" t') if token in str(row)], table


def test_the_next_link_ends_the_one_before(world: World) -> None:
    client = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        first, second = (links.make(uow, world.spa.spa_id, client, Purpose.CARD, sent_to=ANA) for _ in range(2))
        states = [links.find(uow, each.rpartition("/")[2]) for each in (first, second)]
    assert [each.state for each in states if each] == [links.State.EXPIRED, links.State.GOOD]
