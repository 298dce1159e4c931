"""A first look at whole turns: the words are in `tests/transcripts/`."""

from datetime import date

from tests.world import World


def test_balance_is_answered_from_the_ledger(world: World) -> None:
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 8, 15), first_cycle=4)  # imported: November is paid elsewhere
    world.grant(ana, 3)
    world.spend(ana, 1)

    assert world.say("balance") == [
        "Ana, you have 2 visit credits. Your membership is active: next charge $149.00 on Dec 15."
    ]
