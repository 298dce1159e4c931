"""`assistant report`, as an owner types it: aligned, defined, checked, and the same figures for a machine."""

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest

from assistant.cli.report import REPORTS
from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def spa(world: World, run: Commands) -> World:
    """Ana paid today and used nothing; Leo's card is declined."""
    for name, phone, card in (("Ana", "+15055550190", "visa"), ("Leo", "+15055550191", "chargeCustomerFail")):
        client = world.client(name, phone)
        world.card(client, f"pm_card_{card}")
        world.enrol(client, anchor_on=date(2026, 11, 20), dues_cents=14_900)
    world.bill()
    world.clock.advance(timedelta(days=1))
    run.at(world.clock.now())
    return world


@pytest.mark.usefixtures("spa")
def test_figures_stand_in_columns_with_their_definitions_and_the_sum(run: Commands) -> None:
    assert run("report", "mrr") == 0
    lines = run.told.splitlines()
    assert lines[0] == "Fern & Lumen: mrr, 2026-11-01 to 2026-11-21"
    assert lines[1].split() == ["what", "cents", "a", "month", "how", "many"]
    assert lines[2].split() == ["opening", "$0.00", "0"]
    assert lines[3].split() == ["new", "$298.00", "2"]
    assert len({len(line) for line in lines[1:4]}) == 1
    assert ["of", "it", "past", "due", "$149.00", "-"] in [line.split() for line in lines]
    assert lines[-1] == "  opening $0.00 + moved $298.00 = closing $298.00 = recount $298.00: holds"


@pytest.mark.usefixtures("spa")
def test_what_is_owed_in_credit_is_told_in_three_ways(run: Commands) -> None:
    """How much is held, what was paid for it, and what it is worth (`features.md` H1); the opening is always there."""
    assert run("report", "liability", "--json") == 0
    told = json.loads(run.told)
    assert (told["from"], told["as_of"], told["holds"]) == ("2026-11-01", "2026-11-21", True)
    visit = {"unit": "visit", "opening": 0, "granted": 1000, "closing": 1000, "list_cents": 16_500}
    deferred = {"unit": "deferred", "opening": 0, "granted": 14_900, "closing": 14_900, "list_cents": None}
    rows = {row["unit"]: row for row in told["rows"]}
    assert {name: rows["visit"][name] for name in visit} == visit
    assert {name: rows["deferred"][name] for name in deferred} == deferred
    assert run("report", "liability") == 0
    assert "visit 0 + 1 = 1 = 1" in run.told.splitlines()[-1]


@pytest.mark.usefixtures("spa")
@pytest.mark.parametrize("name", [each for each in REPORTS if each != "lift"])  # of no campaign there is no row
def test_every_report_is_read_in_three_forms(run: Commands, name: str) -> None:
    assert run("report", name) == 0
    assert "DOES NOT HOLD" not in run.told
    assert max(len(line) for line in run.told.splitlines()) <= 180
    assert run("report", name, "--json") == 0
    told = json.loads(run.told)
    assert run("report", name, "--csv", "--from", "2026-11-01") == 0
    heads, *rows = csv.reader(StringIO(run.told))
    assert len({*heads}) == len(heads)
    assert heads[3:] == [*told["rows"][0]]
    assert [row[3:] for row in rows] == [
        ["" if each is None else str(each) for each in row.values()] for row in told["rows"]
    ]
    assert told["rows"]
    assert run("report", name, "--as-of", "2025-01-01") == 0


def test_a_sum_that_does_not_come_out_ends_with_1(spa: World, run: Commands) -> None:
    with spa.rt.unit_of_work() as uow:
        uow.sql("UPDATE mrr_day SET delta_cents = delta_cents + 1")
    for name in ("mrr", "churn"):
        assert run("report", name) == 1
        assert run.told.endswith(": DOES NOT HOLD\n")
    assert run("report", "mrr", "--json") == 1
    assert json.loads(run.told)["holds"] is False


@pytest.mark.usefixtures("spa")
def test_days_the_wrong_way_round_are_refused(run: Commands) -> None:
    assert run("report", "churn", "--from", "2026-12-01", "--as-of", "2026-11-21") == 2
    assert run.complained == "A report from 2026-12-01 to 2026-11-21 ends before it begins.\n"
