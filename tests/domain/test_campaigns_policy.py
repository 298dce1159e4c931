"""A campaign's life as a table, and when it stops itself."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.campaigns import FEWEST_SENT, CampaignStatus, Limits, Progress, Repeats, may_become, must_hold

DRAFT, SCHEDULED, SENDING, HELD, STOPPED, DONE = CampaignStatus
ALLOWED = {
    (DRAFT, SCHEDULED),
    (DRAFT, STOPPED),
    (SCHEDULED, DRAFT),
    (SCHEDULED, SENDING),
    (SCHEDULED, HELD),
    (SCHEDULED, STOPPED),
    (SENDING, HELD),
    (SENDING, STOPPED),
    (SENDING, DONE),
    (HELD, SENDING),
    (HELD, STOPPED),
}


@pytest.mark.parametrize(("now", "then"), [*product(CampaignStatus, repeat=2)])
def test_every_step_of_a_campaigns_life(now: CampaignStatus, then: CampaignStatus) -> None:
    assert may_become(now, then) is ((now, then) in ALLOWED)


def test_what_is_over_stays_over() -> None:
    """Nothing that was sent can be a draft again, and nothing that ended goes on."""
    reached = {each: {each} for each in CampaignStatus}
    for _ in CampaignStatus:
        for now, then in ALLOWED:
            reached[now] |= reached[then]
    assert reached[STOPPED] == {STOPPED}
    assert reached[DONE] == {DONE}
    assert DRAFT not in reached[SENDING]
    assert all(STOPPED in reached[each] for each in (DRAFT, SCHEDULED, SENDING, HELD))


@pytest.mark.parametrize(
    ("sent", "failed", "opted_out", "why"),
    [
        (0, 0, 0, None),
        (49, 49, 49, None),
        (50, 5, 0, None),
        (50, 6, 0, "failures"),
        (50, 0, 1, None),
        (50, 0, 2, "opt_outs"),
        (100, 10, 3, None),
        (100, 11, 4, "failures"),
        (100, 10, 4, "opt_outs"),
        (1_000_000, 100_000, 30_000, None),
        (1_000_000, 100_001, 0, "failures"),
        (1_000_000, 0, 30_001, "opt_outs"),
    ],
)
def test_it_stops_itself_at_more_than_a_tenth_or_three_in_a_hundred(
    sent: int, failed: int, opted_out: int, why: str | None
) -> None:
    assert must_hold(Progress(sent=sent, failed=failed, opted_out=opted_out), Limits()) == why


COUNTS = st.integers(0, 100_000)


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_one_failure_more_never_lets_it_go_on(sent: int, failed: int, opted_out: int, most: int, out: int) -> None:
    limits = Limits(failed_basis_points=most, opted_out_basis_points=out)
    now = must_hold(Progress(sent=sent, failed=failed, opted_out=opted_out), limits)
    then = must_hold(Progress(sent=sent, failed=failed + 1, opted_out=opted_out + 1), limits)
    assert (now is None) is (
        sent < FEWEST_SENT or (failed * 10_000 <= sent * most and opted_out * 10_000 <= sent * out)
    )
    assert now is None or then is not None


@pytest.mark.parametrize(("visits", "days"), [(0, 1), (51, 1), (1, -1), (1, 366)])
def test_a_repetition_that_cannot_be(visits: int, days: int) -> None:
    with pytest.raises(ValueError, match="within a year"):
        Repeats(after_visits=visits, days=days)
    assert Repeats(after_visits=50, days=0)
