"""`assistant campaign`, `switch` and `told` on a real database: what they print, and what they refuse."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from assistant.cli import campaign, campaign_told
from assistant.db.connections import Database
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import campaign_run, plans, told
from tests.world import World

NOON = datetime(2026, 7, 7, 18, tzinfo=UTC)
WORDS = "Fern & Lumen: ((first name)), join ((plan)) for ((price)) a month. Reply JOIN. Reply STOP to opt out."


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World.begun(database, NOON) as each:
        with each.rt.unit_of_work() as uow:
            terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
            plans.offer(uow, each.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        for place in range(20):
            each.client(f"Ana{place}", f"+1505555{place:04d}")
        each.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
        yield each


def run(world: World, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    campaign.add(parser.add_subparsers())
    chosen = parser.parse_args(["campaign", *arguments])
    act = next(cell.cell_contents for cell in chosen.run.__closure__ if callable(cell.cell_contents))
    return campaign._done(world.rt, act, chosen)  # noqa: SLF001 - as the command does it, on this spa


def test_from_draft_to_status(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(world, "draft", "July", "--plan", "glow", "--text", WORDS, "--hold-out", "0") == 0
    assert run(world, "preview", "1") == 0
    told_first = capsys.readouterr().out
    assert "20 people" in told_first
    assert "to send it: --people 20" in told_first
    assert run(world, "send", "1", "--people", "19") == 1
    assert "not to 19" in capsys.readouterr().err
    assert run(world, "send", "1", "--people", "20") == 0
    assert run(world, "undo", "1") == 0
    assert run(world, "send", "1", "--people", "20") == 0
    for _ in range(4):
        world.clock.advance(timedelta(minutes=2))
        while campaign_run.next_step(world.rt):
            pass
        world.settle()
    capsys.readouterr()
    assert run(world, "status", "1") == 0
    assert "delivered 20 of 20" in capsys.readouterr().out
    assert run(world, "list") == 0
    assert "July" in capsys.readouterr().out
    assert run(world, "stop", "1") == 1, "it is done"


def test_a_test_text_goes_to_ones_own_number_only(world: World) -> None:
    run(world, "draft", "July", "--plan", "glow", "--text", WORDS)
    assert run(world, "test", "1", "+15055550199") == 0
    world.settle()
    [words] = world.received("+15055550199")
    assert words.endswith("join Glow for $149.00 a month. Reply JOIN. Reply STOP to opt out.")
    assert world.rows("SELECT count(*) FROM campaign_recipient") == [(0,)]


def test_what_is_wrong_is_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    run(world, "draft", "Bad", "--text", "20% off Botox")
    assert run(world, "preview", "1") == 0
    shown = capsys.readouterr().out
    assert "cannot be sent: drug botox" in shown
    assert "--people" not in shown
    assert run(world, "preview", "7") == 1
    assert "no campaign 7" in capsys.readouterr().err


def test_every_reason_has_words() -> None:
    from assistant.domain.audience import Excluded  # noqa: PLC0415

    assert {*campaign_told.WHY} == {each.value for each in Excluded}


def test_what_somebody_was_told(world: World) -> None:
    run(world, "draft", "July", "--plan", "glow", "--text", WORDS, "--hold-out", "0")
    run(world, "send", "1", "--people", "20")
    world.clock.advance(timedelta(minutes=2))
    while campaign_run.next_step(world.rt):
        pass
    world.settle()
    [(client,)] = world.rows("SELECT client_id FROM outbound_message WHERE status = 'delivered' ORDER BY id LIMIT 1")
    with world.rt.unit_of_work() as uow:
        [one] = told.told(uow, world.spa.spa_id, int(str(client)))
    assert (one.message, one.status, one.cost_millicents) == ("offer", "delivered", 1_200)
    assert "join Glow" in one.words
