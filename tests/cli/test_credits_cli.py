"""`assistant credits`, as a clerk types it: on a whole spa."""

import json
import re
from datetime import date

import pytest

from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.card(client_id)
    world.enrol(client_id, anchor_on=date(2026, 11, 20))
    world.bill()
    return client_id


def test_what_a_member_holds_and_why(world: World, run: Commands, ana: int) -> None:
    assert run("credits", "give", "--member", ana, "--unit", "visit", "--amount", "0.5", "--until", "2026-12-31",
               "--reason", "a long wait") == 0  # fmt: skip
    assert run.told == "0.5 visit credits given.\n"
    world.spend(ana, 1, key="ticket:1:1")
    assert run("credits", "show", "--member", ana) == 0
    lines = run.told.splitlines()
    assert lines[0] == "0.5 visit credits, of which 0.5 visit credits free to use"
    assert re.fullmatch(
        r"  lot \d+ +paid +0.5 visit credits of 1 visit credit +no end +2026-11-20, cycle paid, invoice \d+,"
        r" \$74.50 of \$149.00 of dues behind it", lines[1]
    )  # fmt: skip
    assert [re.split(r"  +", line.strip())[1:3] for line in lines[2:]] == [
        ["+ 1 visit credit", "granted"],
        ["+ 0.5 visit credits", "granted"],
        ["- 1 visit credit", "used"],
    ]
    assert run("credits", "show", "--member", ana, "--all", "--json") == 0
    told = [json.loads(line) for line in run.told.splitlines()]
    assert [(each["what"], each.get("remaining", each.get("amount"))) for each in told] == [
        ("lot", 500),
        ("lot", 0),
        ("move", 1000),
        ("move", 500),
        ("move", -1000),
    ]
    assert run("credits", "show", "--member", 99_999) == 2
    assert run.complained == "There is no client 99999.\n"


def test_a_gift_and_back(world: World, run: Commands, ana: int) -> None:
    bo = world.client("Bo", "+15055550111")
    gift = ("credits", "transfer", "--from", ana, "--to", bo, "--unit", "visit", "--reason", "a friend")
    assert run(*gift, "--amount", "2") == 1
    assert run.complained == "Only 1 visit credit can be taken.\n"
    assert run(*gift, "--amount", "1", "--key", "xmas") == 0
    assert run.told == f"1 visit credit handed on to client {bo}, as gift xmas.\n"
    assert run("credits", "show", "--member", bo) == 0
    assert "a gift of Ana Example (a friend)" in run.told
    back = ("credits", "take-back", "--from", ana, "--reason", "a mistake", "--gift")
    assert run(*back, "never") == 1
    assert run(*back, "xmas") == 0
    world.spend(ana, 1)
    assert run(*back, "xmas") == 0
    assert run("credits", "show", "--member", ana) == 0
    assert run.told.startswith("Nothing is left.\n")


def test_more_than_one_hand_may_do(world: World, run: Commands, ana: int) -> None:
    give = ("credits", "give", "--member", ana, "--unit", "visit", "--amount", "1", "--reason", "a fire")
    assert run(*give) == 1
    assert "It is worth $165.00, and one hand may do $150.00" in run.complained
    assert run(*give, "--approved-by", "staff:lee") == 0
    assert run("credits", "take", "--member", ana, "--unit", "USD", "--amount", "1", "--reason", "x") == 1
    assert run("credits", "give", "--member", ana, "--unit", "peel", "--amount", "1", "--reason", "x") == 2
    assert "no credit called 'peel'" in run.complained
    [(lot,)] = world.rows("SELECT min(id) FROM credit_lot")
    assert run("credits", "extend", "--lot", lot, "--to", "2027-01-31", "--reason", "x") == 1
    assert run.complained == "It has no end: there is nothing to prolong.\n"
