"""What an audience may be: everything that can be stored is read back, and nothing that makes no sense can be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import stored
from assistant.domain.audience import Audience, Excluded, Known

MAYBE = st.none() | st.integers(-2, 400)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "known": st.none() | st.sampled_from(Known),
    "visits_at_least": MAYBE,
    "visits_at_most": MAYBE,
    "spent_at_least_cents": MAYBE,
    "within_days": st.integers(-1, 3_700),
    "categories": st.lists(st.text(max_size=5), max_size=3).map(tuple),
    "seen_within_days": MAYBE,
    "not_seen_for_days": MAYBE,
    "birthday_month": st.none() | st.integers(-1, 14),
    "tags": st.lists(st.text(max_size=5), max_size=3).map(tuple),
    "location": st.none() | st.text(max_size=5),
    "locale": st.none() | st.sampled_from(("en", "es")),
}


def makes_sense(said: dict[str, Any]) -> bool:
    def crossed(least: int | None, most: int | None) -> bool:
        return None not in {least, most} and least > most  # type: ignore[operator]

    numbers = [said[name] for name in FIELDS if name.startswith(("visits", "spent", "seen", "not_seen"))]
    return (
        all(each is None or each >= 0 for each in numbers)
        and 1 <= said["within_days"] <= 3_660
        and said["birthday_month"] in {None, *range(1, 13)}
        and not crossed(said["visits_at_least"], said["visits_at_most"])
        and not crossed(said["not_seen_for_days"], said["seen_within_days"])
    )


@given(st.fixed_dictionaries(FIELDS))
def test_any_that_makes_sense_is_read_as_it_was_written(said: dict[str, Any]) -> None:
    if not makes_sense(said):
        with pytest.raises(ValueError, match=r".+"):
            Audience(**said)
        return
    audience = Audience(**said)
    assert Audience.from_json(stored.written(audience)) == audience


def test_what_is_not_said_chooses_everyone() -> None:
    assert Audience.from_json({}) == Audience()
    assert (Audience().known, Audience().tags, Audience().categories) == (None, (), ())


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (3_660, True), (3_661, False)])
def test_visits_are_counted_over_ten_years_at_most(days: int, fits: bool) -> None:
    if fits:
        assert Audience(within_days=days).within_days == days
    else:
        with pytest.raises(ValueError, match="ten years"):
            Audience(within_days=days)


@pytest.mark.parametrize(
    "wrong",
    [{"known": "once"}, {"age": 4}, {"tags": "vip"}, {"within_days": "30"}, {"visits_at_least": True}, {"tags": [1]}],
)
def test_what_is_no_audience_is_not_read(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="audience"):
        Audience.from_json(wrong)


def test_every_reason_that_the_rules_ask_for_is_there() -> None:
    """`features.md` G4: members, the opted-out, the unconsented, past-due, recently contacted, in dispute."""
    assert [each.value for each in Excluded] == [
        *("member", "past_due", "in_dispute", "minor", "no_address", "opted_out", "unreachable", "no_consent"),
        *("with_a_person", "lately", "same_address"),
    ]
