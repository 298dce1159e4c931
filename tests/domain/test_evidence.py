"""Every cell of the table of acts by evidence, written out by hand (`reliability.md` §3)."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.evidence import (
    NEEDS,
    Act,
    Allowed,
    Freshness,
    Instead,
    Level,
    NextStep,
    charging,
    freshness,
    judge,
)

CELLS = """
                    fresh             stale             shaken
                    E0 E1 E2 E3       E0 E1 E2 E3       E0 E1 E2 E3
stop                +  +  +  +        +  +  +  +        +  +  +  +
help                +  +  +  +        +  +  +  +        +  +  +  +
wrong_number        +  +  +  +        +  +  +  +        +  +  +  +
start               +  +  +  +        +  +  +  +        +  +  +  +
public              +  +  +  +        +  +  +  +        +  +  +  +
talk_to_person      +  +  +  +        +  +  +  +        +  +  +  +
ask_visit           +  +  +  +        +  +  +  +        +  +  +  +
read_own            +  +  +  +        w  w  +  +        p  p  +  +
undo_cancel         +  +  +  +        w  w  +  +        p  p  +  +
spend_credit        t  +  +  +        w  w  +  +        p  p  +  +
charge_card         t  +  +  +        w  w  +  +        p  p  +  +
charge_card_above   l  l  +  +        w  w  l  +        p  p  +  +
card                l  l  +  +        w  w  l  +        p  p  +  +
pause               t  +  +  +        w  w  +  +        p  p  +  +
resume              t  +  +  +        w  w  +  +        p  p  +  +
join                t  +  +  +        w  w  +  +        p  p  +  +
cancel              t  +  +  +        t  +  +  +        t  +  +  +
refund              p  p  p  +        p  p  p  +        p  p  p  +
change_contact      l  l  +  +        w  w  l  +        p  p  +  +
transfer            p  p  p  +        p  p  p  +        p  p  p  +
change_plan_up      p  p  p  +        p  p  p  +        p  p  p  +
export              p  p  p  +        p  p  p  +        p  p  p  +
redeem              p  p  p  +        p  p  p  +        p  p  p  +
"""
MEANS = {
    "+": Allowed(),
    "t": Instead(NextStep.ECHO_TOKEN),
    "l": Instead(NextStep.SECURE_LINK),
    "w": Instead(NextStep.SAY_WHO),
    "p": Instead(NextStep.PERSON),
}
ROWS = {words[0]: words[1:] for line in CELLS.strip().splitlines()[2:] for words in [line.split()]}
COLUMNS = [(fresh, level) for fresh in Freshness for level in Level]


def test_the_table_has_every_act() -> None:
    assert list(ROWS) != []
    assert set(ROWS) == {act.value for act in Act} == {act.value for act in NEEDS}
    assert {len(cells) for cells in ROWS.values()} == {len(COLUMNS)}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize(("column", "fresh", "level"), [(n, *each) for n, each in enumerate(COLUMNS)])
def test_every_cell(act: Act, column: int, fresh: Freshness, level: Level) -> None:
    assert judge(act, level, fresh) == MEANS[ROWS[act.value][column]]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("fresh", Freshness)
def test_more_proof_never_allows_less(act: Act, fresh: Freshness) -> None:
    allowed = [judge(act, level, fresh) == Allowed() for level in Level]
    assert allowed == sorted(allowed)
    assert allowed[Level.E3]


def test_a_number_is_stale_after_ninety_days_and_until_it_is_verified() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    days = timedelta(days=1)
    assert freshness(now - 90 * days + timedelta(seconds=1), now, unsure=False) is Freshness.FRESH
    assert freshness(now - 90 * days, now, unsure=False) is Freshness.STALE
    assert freshness(now - days, now, unsure=True) is Freshness.STALE


def test_what_shakes_a_number_shakes_it_for_three_days() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    hours = timedelta(hours=1)
    assert freshness(now, now, unsure=False, shaken_at=now - 72 * hours + timedelta(seconds=1)) is Freshness.SHAKEN
    assert freshness(now, now, unsure=True, shaken_at=now) is Freshness.SHAKEN
    assert freshness(now, now, unsure=False, shaken_at=now - 72 * hours) is Freshness.FRESH
    assert freshness(now, now, unsure=True, shaken_at=now - 72 * hours) is Freshness.STALE


@pytest.mark.parametrize(
    ("cents", "charged_cents", "act"),
    [
        (25_000, 0, Act.CHARGE_CARD),
        (25_001, 0, Act.CHARGE_CARD_ABOVE),
        (25_000, 25_000, Act.CHARGE_CARD),
        (25_000, 25_001, Act.CHARGE_CARD_ABOVE),
        (1, 50_000, Act.CHARGE_CARD_ABOVE),
        (0, 50_000, Act.CHARGE_CARD),
    ],
)
def test_what_a_token_may_charge_at_once_and_in_a_month(cents: int, charged_cents: int, act: Act) -> None:
    assert charging(cents, charged_cents) is act
