from itertools import product

import pytest

from assistant.domain.membership import ALLOWED, Standing

MOVES = """
    scheduled → active ended
    active    → past_due paused ended
    past_due  → active suspended paused ended
    suspended → active paused ended
    paused    → active ended
    ended     →
"""


def moves() -> set[tuple[Standing, Standing]]:
    lines = [line.split("→") for line in MOVES.strip().splitlines()]
    return {(Standing(here.strip()), Standing(there)) for here, theres in lines for there in theres.split()}


@pytest.mark.parametrize(("here", "there"), list(product(Standing, Standing)))
def test_every_move_is_allowed_or_not(here: Standing, there: Standing) -> None:
    assert ((here, there) in ALLOWED) == ((here, there) in moves())


def test_ended_is_for_ever_and_within_reach_of_all() -> None:
    assert not [move for move in ALLOWED if move[0] is Standing.ENDED]
    assert {here for here, there in ALLOWED if there is Standing.ENDED} == set(Standing) - {Standing.ENDED}


def test_no_move_stays_and_none_goes_back_to_the_start() -> None:
    assert all(here is not there and there is not Standing.SCHEDULED for here, there in ALLOWED)
