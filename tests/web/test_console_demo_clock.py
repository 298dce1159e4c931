"""The demo's clock on the console: moved by whoever works there, one move at a time, and in the demo alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from assistant.clock import Move, Moves
from assistant.domain.permissions import Role
from assistant.local import time_machine
from assistant.services import billing
from assistant.settings import Settings
from tests.console import Visitor, console_app, employ, signed_in
from tests.house.test_doors import SETTINGS
from tests.test_settings import PRODUCTION
from tests.world import World

BUTTONS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@pytest.fixture
def moves(tmp_path: Path) -> Moves:
    return Moves(tmp_path / "clock")


@pytest.fixture
def app(world: World, moves: Moves) -> Flask:
    return console_app(world, replace(SETTINGS, clock_file=moves.clock_file))


@pytest.fixture
def desk(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.DESK)


def at(world: World, rest: str) -> str:
    return f"/console/{world.spa.spa_id}/{rest}"


def move(world: World, visitor: Visitor, by: str) -> int:
    today = at(world, "today")
    return visitor.post(at(world, "demo-clock"), {"by": by, "next": today}, page=today).status_code


@pytest.mark.parametrize("by", BUTTONS)
def test_the_clock_is_asked_to_move(world: World, desk: Visitor, moves: Moves, by: str) -> None:
    assert "Fri, Nov 20, 11:00 AM" in desk.get(at(world, "today")).text
    assert move(world, desk, by) == 303
    assert moves.under_way() == Move(world.clock.now(), world.clock.now() + BUTTONS[by])


def test_the_bar_shows_how_far_it_is(world: World, desk: Visitor, moves: Moves) -> None:
    move(world, desk, "week")
    world.clock.advance(timedelta(days=3, hours=12))
    page = desk.get(at(world, "members?q=ana")).text
    assert "Moving: Nov 23 of Nov 27" in page
    assert 'value="50"' in page
    assert 'data-again="1500"' in page
    assert f'href="{at(world, "members?q=ana")}">Look again' in page
    assert "+1 week" not in page
    moves.over()
    assert "+1 week" in desk.get(at(world, "today")).text


def test_two_clicks_are_one_move(world: World, desk: Visitor, moves: Moves) -> None:
    move(world, desk, "hour")
    first = moves.under_way()
    world.clock.advance(timedelta(seconds=1))
    assert move(world, desk, "week") == 303
    assert "moving already" in desk.get(at(world, "today")).text
    assert moves.under_way() == first


def test_the_next_billing_day_is_the_next_one_and_at_most_a_month_away(
    world: World, desk: Visitor, moves: Moves
) -> None:
    ana, ben = world.client("Ana"), world.client("Ben", "+15055550111")
    world.enrol(ana, anchor_on=date(2026, 10, 25))
    world.enrol(ben, anchor_on=date(2026, 11, 20))
    move(world, desk, "billing")
    asked = moves.under_way()
    assert asked is not None
    assert asked.until == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    moves.over()
    with world.rt.unit_of_work() as uow:
        assert billing.next_day(uow, world.spa.spa_id, date(2026, 11, 19)) == date(2026, 11, 20)
        uow.sql("UPDATE membership SET anchor_on = '2027-03-01', first_cycle = 0")
    move(world, desk, "billing")
    asked = moves.under_way()
    assert asked is not None
    assert asked.until == world.clock.now() + timedelta(days=30)


@pytest.mark.parametrize("by", ["", "year", "hours"])
def test_it_moves_by_no_other_span(world: World, desk: Visitor, moves: Moves, by: str) -> None:
    assert move(world, desk, by) == 400
    assert moves.under_way() is None


def test_only_by_a_form_of_ours_and_by_who_works_there(world: World, app: Flask, desk: Visitor, moves: Moves) -> None:
    path = at(world, "demo-clock")
    assert desk.http.post(path, data={"by": "day"}, base_url=desk.base).status_code == 403
    assert desk.get(path).status_code == 405
    assert desk.post("/console/999/demo-clock", {"by": "day"}, page=at(world, "today")).status_code == 404
    stranger = Visitor(app.test_client())
    answer = stranger.post(path, {"by": "day"}, page="/console/sign-in")
    assert "/console/sign-in" in answer.headers["Location"]
    assert (
        desk.post(path, {"by": "day", "next": "https://evil.example.com/"}, page=at(world, "today")).status_code == 400
    )
    assert moves.under_way() is None


def without_the_bar(world: World, settings: Settings) -> bool:
    """Whether an installation knows nothing of the demo's clock."""
    app = console_app(world, settings)
    visitor = Visitor(app.test_client(), settings.public_base_url)
    assert visitor.sign_in("owner@example.com").status_code == 302
    page = visitor.get(at(world, "today"))
    assert page.status_code == 200
    asked = visitor.post(at(world, "demo-clock"), {"by": "day"}, page=at(world, "today"))
    rules = [rule for rule in app.url_map.iter_rules() if "demo" in rule.endpoint]
    return "demo" not in page.text.lower() and asked.status_code == 404 and rules == []


def test_only_the_demo_has_it(world: World, moves: Moves) -> None:
    employ(world, Role.OWNER)
    production = Settings.read(PRODUCTION)
    assert without_the_bar(world, production)
    assert without_the_bar(world, SETTINGS)
    assert without_the_bar(world, replace(production, clock_file=moves.clock_file))  # which no environment can say
    assert not without_the_bar(world, replace(SETTINGS, clock_file=moves.clock_file))


# --- the time machine -------------------------------------------------------------------------------------------------


class Answered:
    def raise_for_status(self) -> None: ...


@pytest.fixture
def steps(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seconds of each step, made by a clock that does what the sandbox's does, with the day's billing."""
    made: list[int] = []

    def post(address: str, json: dict[str, int], timeout: int) -> Answered:
        assert (address, timeout) == ("http://sandbox/sandbox/clock", 10)
        made.append(json["advance_seconds"])
        world.clock.advance(timedelta(seconds=made[-1]))
        billing.bill(world.rt)
        return Answered()

    monkeypatch.setattr(time_machine.requests, "post", post)
    monkeypatch.setattr(time_machine, "TICKED_SECONDS", 0)
    return made


def test_it_goes_where_it_was_asked_to_and_no_further(world: World, moves: Moves, steps: list[int]) -> None:
    until = world.clock.now() + timedelta(hours=13)
    assert moves.ask(Move(world.clock.now(), until))
    time_machine.serve(world.rt, moves, "http://sandbox")
    assert steps == [6 * 3600, 6 * 3600, 3600]
    assert (world.clock.now(), moves.under_way(), moves.stopped()) == (until, None, False)
    time_machine.serve(world.rt, moves, "http://sandbox")
    assert len(steps) == 3


def test_killed_on_the_way_it_goes_on_from_where_the_clock_is(world: World, moves: Moves, steps: list[int]) -> None:
    began = world.clock.now()
    moves.ask(Move(began, began + timedelta(days=1)))
    world.clock.advance(timedelta(hours=20))
    time_machine.serve(world.rt, moves, "http://sandbox")
    assert steps == [4 * 3600]


def test_work_that_does_not_end_stops_it_and_the_bar_says_so(
    world: World, desk: Visitor, moves: Moves, steps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_machine, "PATIENCE", 0)
    moves.ask(Move(world.clock.now(), world.clock.now() + timedelta(days=1)))
    time_machine.serve(world.rt, moves, "http://sandbox")
    assert (len(steps), moves.under_way(), moves.stopped()) == (1, None, True)
    assert "the clock stopped here" in desk.get(at(world, "today")).text
    move(world, desk, "hour")
    assert not moves.stopped()
