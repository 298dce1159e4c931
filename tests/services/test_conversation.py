"""A first look at whole turns: the words are in `tests/transcripts/`."""

from datetime import date, timedelta

from assistant.services import links
from assistant.services.links import Purpose, State
from tests.world import World


def test_balance_is_answered_from_the_ledger(world: World) -> None:
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 8, 15), first_cycle=4)  # imported: November is paid elsewhere
    world.grant(ana, 3)
    world.spend(ana, 1)

    assert world.say("balance") == [
        "Ana, you have 2 visit credits. Your membership is active: next charge $149.00 on Dec 15."
    ]


def test_no_link_is_sent_on_a_day_when_it_would_not_open(world: World) -> None:
    ana = world.client("Ana")
    for _ in range(links.MOST_TRIES_A_DAY // links.MOST_TRIES):
        [answer] = world.say("CARD")
        assert "here is your secure link" in answer
        with world.rt.unit_of_work() as uow:
            [[link_id]] = uow.sql("SELECT max(id) FROM secure_link WHERE client_id = %s", (ana,)).fetchall()
            link = links.Link(world.spa.spa_id, link_id, ana, Purpose.CARD, State.GOOD, "+15055550110")
            for _ in range(links.MOST_TRIES):
                assert not links.check(uow, link, "0000")

    [refusal] = world.say("CARD")
    assert refusal.startswith("Ana, links to your card are resting until tomorrow, after too many wrong tries today.")
    world.clock.advance(timedelta(days=1, minutes=1))
    [answer] = world.say("CARD")
    assert "here is your secure link" in answer
