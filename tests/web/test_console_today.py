"""Today: who did not pay and what was done, and that every line leads to its fix."""

from datetime import date
from html import unescape

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.services import tasks, today
from tests.console import console_app, signed_in
from tests.web.test_console_members import EVIL
from tests.world import World

PAGE = "/console/1/today"


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


def owing(world: World, name: str, number: str, cents: int = 14_900) -> int:
    client_id = world.client(name, number)
    world.enrol(client_id, anchor_on=date(2026, 11, 20), dues_cents=cents)
    world.card(client_id, "4000000000000341")
    with world.rt.unit_of_work() as uow:  # a card of their own: one number is not asked for everybody
        uow.sql("UPDATE card SET fingerprint = 'of-' || client_id WHERE client_id = %s", (client_id,))
    return client_id


def task(world: World, key: str, kind: str, client_id: int | None = None) -> int:
    with world.rt.unit_of_work() as uow:
        tasks.open_task(uow, 1, key=key, kind=kind, client_id=client_id, facts={})
        [[id_]] = uow.sql("SELECT id FROM staff_task WHERE key = %s", (key,)).fetchall()
    return int(id_)


def test_a_quiet_day_says_so(app: Flask, world: World) -> None:
    shown = signed_in(app, world, Role.DESK).get(PAGE).text
    for words in ("Nobody waits for an answer.", "Nobody has asked to leave.", "Nothing to do.", "Everybody has paid."):
        assert words in shown, words
    assert "For your yes" not in shown


def test_who_did_not_pay_is_one_click_from_the_card_tried_again(app: Flask, world: World) -> None:
    bea = owing(world, "Bea", "+15055550133")
    world.bill()
    desk = signed_in(app, world, Role.DESK)
    shown = desk.get(PAGE).text
    assert "$149.00" in shown
    assert f'href="/console/1/members/{bea}/retry"' in shown
    assert "Try the card again" in desk.get(f"/console/1/members/{bea}").text


def test_a_promise_is_told_however_small_it_is(app: Flask, world: World) -> None:
    small = owing(world, "Smalla", "+15055550139", 1_000)
    for n in range(today.MOST_UNPAID):
        owing(world, f"Big{n}", f"+1505555{1000 + n}", 20_000)
    world.bill()
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE dunning_case SET promise_on = '2026-11-21' WHERE client_id = %s", (small,))
        found = today.look(uow, 1)
    assert [each.client_id for each in found.promises] == [small]
    assert len(found.unpaid) == today.MOST_UNPAID
    assert (found.sums.at_risk, found.sums.at_risk_cents) == (11, 201_000)
    assert found.sums.promised_cents == 1_000
    shown = signed_in(app, world, Role.DESK).get(PAGE).text
    assert "by Nov 21" in shown
    assert "10 of 11" in shown


def test_tasks_are_counted_where_they_are_many(app: Flask, world: World) -> None:
    ana = world.client(EVIL)
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO staff_task (spa_id, key, kind, facts, opened_at)"
            " SELECT 1, 'k' || n, CASE WHEN n %% 2 = 0 THEN 'wrong_amount' ELSE 'in_doubt' END, '{}', %s"
            " FROM generate_series(1, 1200) n",
            (uow.now,),
        )
    task(world, "leaves", "cancel_asked", ana)
    desk = signed_in(app, world, Role.DESK)
    with world.rt.unit_of_work() as uow:
        found = today.look(uow, 1)
    assert (found.counts.tasks, found.counts.unmatched, found.counts.cancels) == (600, 600, 1)
    assert (len(found.tasks), len(found.unmatched)) == (1, today.MOST)
    shown = desk.get(PAGE).text
    assert f'href="/console/1/members/{ana}/cancel"' in shown
    assert EVIL not in shown
    assert 'href="/console/1/tasks?kind=payments"' in shown
    listed = desk.get("/console/1/tasks?kind=payments")
    assert listed.text.count("In doubt") == 100
    assert "page=2" in listed.text
    assert "Wrong amount" not in listed.text


def test_a_task_is_settled_once_with_what_was_done(app: Flask, world: World) -> None:
    id_ = task(world, "look", "wrong_amount", world.client("Ana"))
    desk = signed_in(app, world, Role.DESK)
    path = f"/console/1/tasks/{id_}/settle"
    for _ in range(2):
        assert desk.post(path, {"said": EVIL}, page="/console/account").status_code == 303
    assert world.rows("SELECT closed_by, resolution FROM staff_task") == [("staff:1", EVIL)]
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'task_closed'") == [(1,)]
    assert "was settled already" in unescape(desk.get(PAGE).text)
    assert desk.post("/console/1/tasks/999/settle", {}, page="/console/account").status_code == 404


def test_a_task_of_another_spa_is_not_there(app: Flask, world: World) -> None:
    id_ = task(world, "look", "wrong_amount")
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO staff_task (spa_id, key, kind, facts, opened_at) VALUES (0, 'x', 'y', '{}', %s)", (uow.now,)
        )
        [[theirs]] = uow.sql("SELECT id FROM staff_task WHERE spa_id = 0").fetchall()
    desk = signed_in(app, world, Role.DESK)
    assert desk.post(f"/console/1/tasks/{theirs}/settle", {}, page="/console/account").status_code == 404
    assert world.rows("SELECT id FROM staff_task WHERE closed_at IS NULL ORDER BY spa_id") == [(theirs,), (id_,)]
