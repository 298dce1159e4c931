"""The spa's opening hours: told by the owner, kept with what was before, and said to whoever asks."""

from typing import Any

import pytest
from flask import Flask

from assistant.domain.opening_hours import Closed, Hours, Span
from assistant.domain.permissions import Role
from assistant.services import opening_hours
from tests.console import Visitor, console_app, signed_in
from tests.web.test_console_policy import other_spa
from tests.world import World

FORM = {
    "opens-0-0": "09:00",
    "closes-0-0": "13:00",
    "opens-0-1": "14:00",
    "closes-0-1": "18:30",
    "opens-4-0": "10:00",
    "closes-4-0": "00:00",
    "off-0": "2026-12-25",
    "note-0": "Christmas <b>",
}


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def owner(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.OWNER)


def at(world: World, spa_id: int | None = None) -> str:
    return f"/console/{spa_id or world.spa.spa_id}/settings/hours"


def kept(world: World) -> Hours | None:
    with world.rt.unit_of_work() as uow:
        return opening_hours.known(uow, world.spa.spa_id)


def audited(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT before, after FROM audit WHERE subject = 'settings:opening_hours' ORDER BY id")


def test_they_are_told_shown_again_and_said_to_a_member(world: World, owner: Visitor) -> None:
    assert owner.post(at(world), FORM).status_code == 303
    found = kept(world)
    assert found is not None
    assert found.week[0] == (Span(540, 780), Span(840, 1_110))
    assert found.week[4] == (Span(600, 1_440),)
    assert [len(spans) for spans in found.week] == [2, 0, 0, 0, 1, 0, 0]
    page = owner.get(at(world)).text
    assert all(f'name="{name}" value="{value}"' in page for name, value in FORM.items() if name != "note-0")
    assert 'value="Christmas &lt;b&gt;"' in page
    world.client("Ana")
    world.text("HOURS")
    world.settle()
    [(said,)] = world.rows("SELECT body FROM outbound_message")
    assert "open now, until 12 AM. Hours today: 10 AM to 12 AM. We open next on Nov 23 at 9 AM" in said


def test_what_was_before_is_kept_and_the_same_again_is_no_change(world: World, owner: Visitor) -> None:
    owner.post(at(world), FORM)
    owner.post(at(world), FORM)
    assert len(audited(world)) == 1
    owner.post(at(world), FORM | {"opens-0-0": "08:30"})
    [(none, first), (before, after)] = audited(world)
    assert (none, before["week"][0][0]["opens"], after["week"][0][0]["opens"]) == (None, 540, 510)
    assert first == before


def test_days_off_that_have_gone_by_leave(world: World, owner: Visitor) -> None:
    owner.post(at(world), FORM | {"off-1": "2026-11-19", "off-2": "2026-11-20", "note-2": "Paint"})
    found = kept(world)
    assert found is not None
    assert [str(each.on) for each in found.closed] == ["2026-11-20", "2026-12-25"]
    assert found.closed[0] == Closed(found.closed[0].on, "Paint")
    owner.post(at(world), FORM | {"off-0": "", "note-0": ""})
    assert kept(world) == Hours(found.week)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closes-0-0": ""}, "when it opens and when it closes"),
        ({"opens-0-0": "nine"}, "when it opens and when it closes"),
        ({"opens-4-0": "", "closes-4-0": "99:99"}, "when it opens and when it closes"),
        ({"opens-0-0": "13:00"}, "closes before it opens"),
        ({"opens-0-1": "13:00"}, "begins after the first has ended"),
        ({"off-1": "tomorrow"}, "Which day?"),
        ({"note-1": "Fair"}, "Which day?"),
        ({"off-1": "2026-12-25"}, "there twice"),
    ],
)
def test_what_cannot_be_so_is_told_beside_it_and_nothing_typed_is_lost(
    world: World, owner: Visitor, typed: dict[str, str], said: str
) -> None:
    answer = owner.post(at(world), FORM | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(
        f'name="{name}" value="{value}"' in answer.text for name, value in (FORM | typed).items() if "note" not in name
    )
    assert "aria-invalid" in answer.text
    assert kept(world) is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DESK])
def test_the_owner_alone(app: Flask, world: World, role: Role) -> None:
    visitor = signed_in(app, world, role)
    assert visitor.get(at(world)).status_code == 403
    assert visitor.post(at(world), FORM, page="/console/account").status_code == 403
    assert kept(world) is None


def test_another_spas_are_not_there(world: World, owner: Visitor) -> None:
    other = other_spa(world)
    assert owner.post(at(world, other), FORM, page=at(world)).status_code == 404
    assert world.rows("SELECT opening_hours FROM spa WHERE spa_id = %s", (other,)) == [({},)]


def test_by_when_a_person_answers_goes_by_them(world: World, owner: Visitor) -> None:
    owner.post(at(world), FORM | {"closes-4-0": "12:30"})
    world.client("Ana")
    world.text("where are you?")
    world.settle()
    [(said,)] = world.rows("SELECT body FROM outbound_message")
    assert "by Nov 23" in said
