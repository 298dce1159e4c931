"""`assistant member change` and `join`, as a clerk types them: on a whole spa, with Stripe on loopback."""

import json
from datetime import date, timedelta

import pytest

from assistant.cli.joining_acts import WHY_NO_JOIN, WHY_NOT
from assistant.domain.changing import ChangeRefusal
from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinRefusal
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import plans
from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
DAY = timedelta(days=1)


@pytest.fixture
def ana(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        for code, cents in (("glow", 14_900), ("luxe", 24_900), ("lite", 9_900)):
            terms = Terms(dues_cents=cents, grants=(GrantTerms("visit", MILLI),))
            plans.offer(uow, 1, code, code.title(), terms, actor="staff:1")
    return world.client("Ana")


@pytest.fixture
def member(world: World, run: Commands, ana: int) -> int:
    """Half of her first period is over."""
    world.card(ana)
    assert run("member", "join", "--member", ana, "glow", "--yes") == 0
    world.clock.advance(15 * DAY)
    run.at(world.clock.now() + timedelta(minutes=1))
    return ana


def plan_of(world: World) -> object:
    [(code,)] = world.rows(
        "SELECT p.code FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
        " JOIN plan p ON p.id = v.plan_id"
    )
    return code


def test_joining_is_said_in_full_and_then_done(world: World, run: Commands, ana: int) -> None:
    world.card(ana)
    assert run("member", "join", "--member", ana, "glow") == 0
    assert run.told.splitlines()[:5] == [
        "plan              Glow, monthly",
        "today             $149.00",
        "next charge       $149.00 on 2026-12-20",
        "banks             1 visit credit",
        "leave by          2026-12-19, not to be charged again",
    ]
    assert "It is a membership that renews by itself, every month, until you end it." in run.told
    assert run.told.endswith("Nothing has changed: with --yes it is done.\n")
    assert world.rows("SELECT count(*) FROM membership") == [(0,)]
    assert run("member", "join", "--member", ana, "glow", "--yes") == 0
    assert run.told.endswith("Welcome: membership 1 is active.\n")
    assert run("member", "join", "--member", ana, "glow", "--yes") == 1
    assert run.complained == "cannot join: they are a member on that plan\n"


def test_joining_with_cash_by_link_and_not_at_all(world: World, run: Commands, ana: int) -> None:
    assert run("member", "join", "--member", ana, "glow", "--yes") == 1
    assert "text them the link with --link" in run.complained
    assert run("member", "join", "--member", ana, "glow", "--link", "--yes") == 0
    assert world.rows("SELECT message FROM outbound_message") == [("join-link",)]
    assert run("member", "join", "--member", ana, "glow", "--paid-by", "cash", "--es", "--yes") == 0
    assert "pagas en el mostrador" in run.told
    assert world.rows("SELECT standing, collection FROM membership") == [("active", "manual")]
    assert run("member", "join", "--member", 99, "glow") == 1
    assert run.complained == "cannot join: there is no such client\n"


def test_a_dearer_plan_is_said_in_full_and_then_paid(world: World, run: Commands, member: int) -> None:
    assert run("member", "change", "--member", member, "--to", "luxe") == 0
    assert run.told.splitlines() == [
        "plan              Luxe",
        "holds             now, 15 of 30 days are left",
        "due now           $50.00",
        "banked of it      $50.00; $0.00 is access",
        "credits           all stay, with the terms they were granted under",
        "next charge       $249.00 on 2026-12-20",
        "Nothing has changed: with --yes it is done.",
    ]
    assert plan_of(world) == "glow"
    assert run("member", "change", "--member", member, "--to", "luxe", "--yes") == 0
    assert run.told.endswith("Changed: they are on Luxe.\n")
    assert plan_of(world) == "luxe"
    assert run("member", "change", "--member", member, "--to", "luxe", "--yes") == 1
    assert "they are on that plan" in run.complained


def test_a_card_that_does_not_pay_changes_nothing_and_is_explained(world: World, run: Commands, member: int) -> None:
    [(card,)] = world.rows("SELECT payment_method_id FROM card")
    world.stripe.behave(str(card), Verdict("insufficient_funds", "try_again_later", "51"))
    assert run("member", "change", "--member", member, "--to", "luxe", "--yes") == 1
    assert "nothing has changed. There was not enough money on the card." in run.complained
    assert plan_of(world) == "glow"


def test_a_cheaper_plan_is_agreed_and_called_off(world: World, run: Commands, member: int) -> None:
    assert run("member", "change", "--member", member, "--to", "lite", "--yes", "--json") == 0
    quote, done = map(json.loads, run.told.splitlines())
    assert (quote["kind"], quote["due_cents"], quote["effective_on"]) == ("downgrade", 0, "2026-12-20")
    assert done == {"done": "Agreed: Lite from 2026-12-20."}
    assert run("member", "change", "--member", member, "--stay", "--yes") == 0
    assert run("member", "change", "--member", member, "--stay", "--yes") == 1
    assert run.complained == "cannot stay: no change of plan is to come\n"
    assert date(2026, 12, 20) > world.clock.now().date()


def test_there_are_words_for_every_reason() -> None:
    assert set(WHY_NOT) == set(ChangeRefusal)
    assert set(WHY_NO_JOIN) == set(JoinRefusal)
