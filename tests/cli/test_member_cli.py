"""`assistant member pause`, `resume`, `cancel` and `undo`, as a clerk types them."""

import json
from datetime import date, timedelta

import pytest

from assistant.cli.member_acts import WHY
from assistant.domain.leaving import LeaveRefusal
from assistant.domain.pausing import PauseRefusal, ResumeRefusal
from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def ana(world: World, run: Commands) -> int:
    client_id = world.client("Ana")
    world.card(client_id)
    world.enrol(client_id, anchor_on=date(2026, 8, 20), first_cycle=3)
    world.bill()
    world.clock.advance(timedelta(days=5))
    run.at(world.clock.now())
    return client_id


def test_every_refusal_has_a_sentence() -> None:
    assert WHY.keys() == {*PauseRefusal, *ResumeRefusal, *LeaveRefusal}


def test_a_pause_is_said_then_agreed_then_called_off(run: Commands, ana: int) -> None:
    asked = ("member", "pause", "--member", ana, "--months", 2)
    assert run(*asked) == 0
    assert run.told.splitlines() == [
        "rests from        2026-12-20, the next billing date",
        "on again          2027-02-20, told again on 2027-02-13",
        "charges skipped   2",
        "next charge       2027-02-20",
        "fee               $0.00",
        "credits           usable meanwhile",
        "Nothing has changed: with --yes it is done.",
    ]
    assert run(*asked, "--yes") == 0
    assert run.told.endswith("Agreed.\n")
    assert run(*asked, "--yes") == 1
    assert run.complained == "Cannot pause: it rests already, or is to; possible from 2027-02-20.\n"
    assert run("member", "resume", "--member", ana, "--yes") == 0
    assert run.told.endswith("Called off.\n")
    assert run("member", "resume", "--member", ana) == 1
    assert run.complained == "Cannot resume: nothing rests, and no pause is to come.\n"


def test_an_end_is_said_then_made_then_undone(world: World, run: Commands, ana: int) -> None:
    asked = ("member", "cancel", "--member", ana, "--channel", "phone")
    assert run(*asked, "--json") == 0
    assert json.loads(run.told)["effective_on"] == "2026-12-20"
    assert world.rows("SELECT 1 FROM cancellation") == []
    assert run(*asked, "--yes") == 0
    [(code,)] = world.rows("SELECT code FROM cancellation")
    assert run.told.splitlines()[0] == "ends              2026-12-20"
    assert run.told.endswith(f"Cancelled: confirmation {code}.\n")
    assert run(*asked) == 1
    assert run.complained == "Cannot cancel: a cancellation stands: undo it first.\n"
    assert run("member", "undo", "--member", ana, "--yes") == 0
    assert run.told == "Stays: the next charge is on 2026-12-20.\n"
    assert run("member", "undo", "--member", ana, "--yes") == 1
    assert run("member", "cancel", "--member", 999) == 1
    assert run.complained == "Cannot leave: there is no client 999.\n"
