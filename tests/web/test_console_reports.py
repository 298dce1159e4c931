"""Reports: the page, the chart and the file say what the service says; days that make no sense are refused."""

import csv
from datetime import date
from io import StringIO

import pytest

from assistant.domain.permissions import Role
from assistant.services.reports import tables
from assistant.services.reports.tables import REPORTS
from tests.console import Visitor, console_app, signed_in
from tests.world import World

TODAY = date(2026, 11, 20)


@pytest.fixture
def owner(world: World) -> Visitor:
    for name, card in (("Ana", "4242424242424242"), ("Bea", "4000000000000341")):
        client = world.client(name, f"+1505555011{len(name) + ord(name[0]) % 3}")
        world.enrol(client, anchor_on=TODAY)
        world.card(client, card)
    world.bill()
    return signed_in(console_app(world), world, Role.OWNER)


def at(world: World, rest: str = "") -> str:
    return f"/console/{world.spa.spa_id}/reports{rest}"


@pytest.mark.parametrize("name", REPORTS)
def test_every_figure_of_the_table_is_on_the_page(world: World, owner: Visitor, name: str) -> None:
    page = owner.get(at(world, f"/{name}"))
    assert page.status_code == 200
    with world.rt.unit_of_work() as uow:
        table = REPORTS[name][1](uow, world.spa.spa_id, date(2026, 11, 1), TODAY)
    for row in table.shown:
        for cell in row[table.words :]:
            assert f">{cell}<" in page.text, cell
    assert "This does not add up" not in page.text
    assert ("Checked:" in page.text) is bool(table.identity)


def test_a_sum_that_does_not_come_out_is_shouted(world: World, owner: Visitor) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE mrr_day SET delta_cents = delta_cents + 1 WHERE spa_id = %s", (world.spa.spa_id,))
    assert "This does not add up" in owner.get(at(world, "/mrr")).text


def test_the_six_figures_lead_to_their_reports(world: World, owner: Visitor) -> None:
    page = owner.get(at(world)).text
    assert "$298.00" in page  # what recurs
    assert "$149.00" in page  # what is owed
    for name in REPORTS:
        assert f'href="{at(world, f"/{name}")}"' in page


def test_the_file_has_the_rows_of_the_table(world: World, owner: Visitor) -> None:
    answer = owner.get(at(world, "/mrr.csv?from=2026-11-01&as_of=2026-11-20"))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "mrr-2026-11-01-to-2026-11-20.csv" in answer.headers["Content-Disposition"]
    with world.rt.unit_of_work() as uow:
        table = tables.mrr(uow, world.spa.spa_id, date(2026, 11, 1), TODAY)
    heads, *rows = csv.reader(StringIO(answer.text))
    assert tuple(heads) == table.columns
    assert rows == [["" if cell is None else str(cell) for cell in row] for row in table.raw]


def test_a_name_that_a_spreadsheet_would_run_is_plain_words(world: World, owner: Visitor) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE plan SET name = '=HYPERLINK(1)' WHERE spa_id = %s", (world.spa.spa_id,))
    assert "\n'=HYPERLINK(1)," in owner.get(at(world, "/members.csv")).text.replace("\r", "")
    assert "=HYPERLINK(1)" in owner.get(at(world, "/members")).text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?as_of=2026-02-31", "no day"),
        ("?as_of=soon", "no day"),
        ("?as_of=2026-12-24", "still to come"),
        ("?from=2026-11-19&as_of=2026-11-02", "ends before"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(world: World, owner: Visitor, asked: str, said: str) -> None:
    page = owner.get(at(world, f"/mrr{asked}"))
    assert page.status_code == 422
    assert said.replace("ends", "end") in page.text
    assert "$298.00" in page.text  # the usual report is there all the same
    assert owner.get(at(world, f"/mrr.csv{asked}")).status_code == 400


def test_a_day_that_is_past_shows_what_was_then(world: World, owner: Visitor) -> None:
    assert "$298.00" not in owner.get(at(world, "/mrr?as_of=2026-11-18")).text


def test_no_such_report(world: World, owner: Visitor) -> None:
    assert owner.get(at(world, "/profits")).status_code == 404
    assert owner.get(at(world, "/profits.csv")).status_code == 404


def test_the_desk_sees_none(world: World) -> None:
    desk = signed_in(console_app(world), world, Role.DESK)
    assert desk.get(at(world)).status_code == 403
    assert desk.get(at(world, "/mrr.csv")).status_code == 403
    assert "Reports" not in desk.get(f"/console/{world.spa.spa_id}/today").text
