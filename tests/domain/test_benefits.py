import pytest

from assistant.domain.benefits import KEEP_CREDITS, Benefit, Usable
from assistant.domain.membership import Standing

CREDITS, PROMO, PRICES, PERKS = Benefit
TABLE = {
    Standing.SCHEDULED: {PRICES},
    Standing.ACTIVE: {CREDITS, PROMO, PRICES, PERKS},
    Standing.PAST_DUE: {CREDITS, PROMO, PRICES, PERKS},
    Standing.SUSPENDED: {CREDITS},
    Standing.PAUSED: {CREDITS, PROMO},
    Standing.ENDED: {CREDITS},
}


def test_what_is_usable_in_each_standing() -> None:
    assert {standing: set(Usable().of(standing)) for standing in Standing} == TABLE


@pytest.mark.parametrize("standing", KEEP_CREDITS)
def test_what_was_paid_for_survives(standing: Standing) -> None:
    """`rules.md` 6.12: no plan can take paid credit for past due, for debt or at the end."""
    with pytest.raises(ValueError, match=f"when a membership is {standing}"):
        Usable(**{standing.value: frozenset(Benefit) - {CREDITS}})
    assert CREDITS in Usable(**{standing.value: frozenset({CREDITS})}).of(standing)


def test_a_plan_may_choose_the_rest() -> None:
    assert set(KEEP_CREDITS) == {Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED, Standing.ENDED}
    mine = Usable(scheduled=frozenset(), paused=frozenset({PERKS}), ended=frozenset({CREDITS, PROMO}))
    assert mine.of(Standing.SCHEDULED) == frozenset()
    assert mine.of(Standing.PAUSED) == {PERKS}
    assert mine.of(Standing.ENDED) == {CREDITS, PROMO}
