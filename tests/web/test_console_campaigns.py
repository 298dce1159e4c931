"""Campaigns in the console: written, counted, tried, sent with its number typed, paused and read."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assistant.db.connections import Database
from assistant.domain.permissions import Role
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import plans
from tests.console import MARK, ONCE, Visitor, console_app, employ, signed_in
from tests.services.test_campaigns import NOON, WORDS, drafted, people, run
from tests.web.test_console_policy import other_spa
from tests.world import World

FORM = {"name": "July", "plan": "glow", "channel": "sms", "text_a": WORDS, "holdout_percent": "0", "within_days": "365"}


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, NOON) as each:
        with each.rt.unit_of_work() as uow:
            terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
            plans.offer(uow, each.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        yield each


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def manager(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.MANAGER)


def at(world: World, rest: str = "") -> str:
    return f"/console/{world.spa.spa_id}/campaigns{rest}"


def send(visitor: Visitor, page: str, form: dict[str, str]) -> TestResponse:
    """As the page's own form does, with the mark of what it showed."""
    shown = visitor.get(page).text
    mark, once = MARK.search(shown), ONCE.search(shown.partition("Type how many")[0].rpartition("<form")[2])
    hidden = {"mark": mark[1], "once": once[1]} if mark and once else {}
    return visitor.post(f"{page}/send", hidden | form, page=page)


def campaigns(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT name, status FROM campaign ORDER BY id")


def test_from_an_empty_form_to_what_it_brought(world: World, manager: Visitor) -> None:
    people(world, 6)
    assert '<option value="glow">Glow</option>' in manager.get(at(world, "/new")).text
    looked = manager.post(at(world, "/new"), FORM | {"look": "1"})
    assert looked.status_code == 200
    assert '<strong class="big">6</strong>' in looked.text
    assert "Ana0, join Glow for $149.00 a month" in looked.text
    assert campaigns(world) == []

    kept = manager.post(at(world, "/new"), FORM | {"save": "1"})
    assert kept.status_code == 303
    page = kept.location
    assert campaigns(world) == [("July", "draft")]

    sent = send(manager, page, {"people": "6"})
    assert sent.status_code == 303
    assert "Take it back" in manager.get(page).text
    world.clock.advance(timedelta(seconds=61))
    run(world)
    assert campaigns(world) == [("July", "done")]
    shown = manager.get(page).text
    assert "<b>6</b><span>delivered</span>" in shown
    assert "What it brought" not in shown, "nobody was held out, so nothing can be said of it"


@pytest.mark.parametrize("typed", ["", "5", "07", "six", "-6", "6.0", "99999999999999999999"])
def test_a_wrong_number_sends_nothing(world: World, manager: Visitor, typed: str) -> None:
    people(world, 6)
    campaign = drafted(world)
    answer = send(manager, at(world, f"/{campaign}"), {"people": typed})
    assert answer.status_code == 422
    assert "It would go to 6 people. Type that number to send it." in answer.text
    assert campaigns(world) == [("July", "draft")]


def test_two_clicks_confirm_once(world: World, manager: Visitor) -> None:
    people(world, 2)
    page = at(world, f"/{drafted(world)}")
    form = {"people": "2"}
    assert [send(manager, page, form).status_code for _ in range(2)] == [303, 303]
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'campaign_confirmed'") == [(1,)]


def test_more_than_one_hand_may_send_to_is_refused_with_who_can(world: World, app: Flask) -> None:
    people(world, 6)
    campaign = drafted(world)
    employ(world, Role.MANAGER)
    world.rows("""UPDATE staff_post SET limits = '{"recipients": 5}' RETURNING 1""")
    manager = Visitor(app.test_client())
    manager.sign_in("manager@example.com")
    page = at(world, f"/{campaign}")
    assert send(manager, page, {"people": "6"}).status_code == 303
    assert "Another person has been asked for their yes." in manager.get(page).text
    assert campaigns(world) == [("July", "draft")]
    owner = signed_in(app, world, Role.OWNER)
    assert "Send a campaign" in owner.get(f"/console/{world.spa.spa_id}/today").text
    asked = f"/console/{world.spa.spa_id}/approvals/1"
    for words in ("6 people", "You may send to 5 people at once by yourself.", "a minute after the yes", "Reply STOP"):
        assert words in owner.get(asked).text, words
    assert manager.post(f"{asked}/approve", {}, page=asked).status_code == 409, "nobody says yes to their own"
    assert owner.post(f"{asked}/approve", {}, page=asked).status_code == 303
    assert campaigns(world) == [("July", "scheduled")]
    assert world.rows("SELECT actor FROM audit WHERE act = 'campaign_confirmed'") == [("staff:1",)]


def test_a_yes_to_words_that_were_changed_sends_nothing(world: World, app: Flask) -> None:
    people(world, 6)
    page = at(world, f"/{drafted(world)}")
    manager = signed_in(app, world, Role.MANAGER)
    world.rows("""UPDATE staff_post SET limits = '{"recipients": 5}' RETURNING 1""")
    send(manager, page, {"people": "6"})
    manager.post(f"{page}/edit", FORM | {"text_a": f"{WORDS} Soon.", "save": "1"})
    owner = signed_in(app, world, Role.OWNER)
    asked = f"/console/{world.spa.spa_id}/approvals/1"
    owner.post(f"{asked}/approve", {}, page=asked)
    assert campaigns(world) == [("July", "draft")]
    assert world.rows("SELECT status FROM approval") == [("lapsed",)]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World, manager: Visitor) -> None:
    form = FORM | {"name": "", "visits_at_least": "many", "plan": "gold", "text_a": "kept words", "save": "1"}
    answer = manager.post(at(world, "/new"), form)
    assert answer.status_code == 422
    for words in (
        "Give it a name",
        "A whole number from 0 to 1,000",
        "That plan is not on offer",
        "kept words",
        "many",
    ):
        assert words in answer.text
    crossed = manager.post(at(world, "/new"), FORM | {"visits_at_least": "5", "visits_at_most": "2", "save": "1"})
    assert "Nobody can be both" in crossed.text
    assert campaigns(world) == []


def test_words_with_a_fault_are_told_of_and_not_sent(world: World, manager: Visitor) -> None:
    people(world, 2)
    answer = manager.post(at(world, "/new"), FORM | {"text_a": "20% off Botox", "look": "1"})
    for words in ("names a prescription drug", "does not say who writes", "does not say how to have no more"):
        assert words in answer.text, words
    manager.post(at(world, "/new"), FORM | {"text_a": "20% off Botox", "save": "1"})
    page = manager.get(at(world, "/1")).text
    assert "Its words cannot be sent yet" in page
    assert manager.post(at(world, "/1/send"), {"people": "2"}, page=at(world, "/1")).status_code == 409, (
        "a page with a fault has no form, so no mark"
    )


def test_a_draft_is_written_anew_and_a_taken_name_is_refused(world: World, manager: Visitor) -> None:
    first = drafted(world)
    manager.post(at(world, "/new"), FORM | {"name": "August", "save": "1"})
    edit = at(world, f"/{first}/edit")
    assert 'value="July"' in manager.get(edit).text
    assert manager.post(edit, FORM | {"name": "August", "save": "1"}).status_code == 409
    assert manager.post(edit, FORM | {"name": "June", "visits_at_least": "2", "save": "1"}).status_code == 303
    assert [name for name, _ in campaigns(world)] == ["June", "August"]
    assert 'name="visits_at_least" type="text" value="2"' in manager.get(edit).text


def test_paused_it_waits_resumed_it_goes_on_and_stopped_it_ends(world: World, manager: Visitor) -> None:
    people(world, 3)
    page = at(world, f"/{drafted(world)}")
    send(manager, page, {"people": "3"})
    for act, status in (("undo", "draft"), ("stop", "stopped")):
        assert manager.post(f"{page}/{act}", {}, page="/console/account").status_code == 303
        assert campaigns(world) == [("July", status)]
    manager.post(f"{page}/resume", {}, page="/console/account")
    assert campaigns(world) == [("July", "stopped")]
    assert "cannot become sending" in manager.get(page).text


def test_a_test_goes_to_ones_own_phone_once(world: World, manager: Visitor) -> None:
    people(world, 2)
    page = at(world, f"/{drafted(world)}")
    token = ONCE.search(manager.get(page).text)
    assert token
    form = {"number": "(505) 555-0142", "once": token[1]}
    for _ in range(2):
        assert manager.post(f"{page}/test", form, page=page).status_code == 303
    world.settle()
    assert len(world.received("+15055550142")) == 1
    assert not world.received("+15055550001")
    assert manager.post(f"{page}/test", form | {"number": "me"}, page=page).status_code == 422


def test_an_hour_of_the_spas_own_clock(world: World, manager: Visitor) -> None:
    people(world, 2)
    page = at(world, f"/{drafted(world)}")
    assert send(manager, page, {"people": "2", "at": "soon"}).status_code == 422
    past = send(manager, page, {"people": "2", "at": "2026-07-06T10:00"})
    assert past.status_code == 422
    assert "That hour has gone by." in past.text
    assert send(manager, page, {"people": "2", "at": "2026-07-09T10:00"}).status_code == 303
    assert world.rows("SELECT starts_at AT TIME ZONE 'America/Denver' = '2026-07-09 10:00' FROM campaign") == [(True,)]


@pytest.mark.parametrize("hour", ["2026-11-01T01:30", "2027-03-14T02:30"])
def test_an_hour_that_comes_twice_or_never_is_no_hour(world: World, manager: Visitor, hour: str) -> None:
    people(world, 2)
    answer = send(manager, at(world, f"/{drafted(world)}"), {"people": "2", "at": hour})
    assert answer.status_code == 422
    assert "or the clocks change in it" in answer.text


def test_what_came_of_it_is_a_file_too(world: World, manager: Visitor) -> None:
    people(world, 3)
    page = at(world, f"/{drafted(world)}")
    send(manager, page, {"people": "3"})
    world.clock.advance(timedelta(seconds=61))
    run(world)
    assert "results.csv" in manager.get(page).text
    answer = manager.get(f"{page}/results.csv")
    head, told, held_out = answer.text.strip().splitlines()
    assert head.startswith("who,chosen,waiting,dropped,sent,delivered,failed,clicked,replied,opted_out,joined")
    assert told.startswith("all,2,0,0,2,2,0,")
    assert held_out.startswith("held out,1,")
    assert manager.get(at(world, "/99/results.csv")).status_code == 404


def test_stopping_for_good_says_first_what_it_stops(world: World, manager: Visitor) -> None:
    people(world, 3)
    page = at(world, f"/{drafted(world)}")
    send(manager, page, {"people": "3"})
    shown = manager.get(page).text
    assert "Nobody has been told yet, and nobody will be." in shown
    assert shown.index("<summary>Stop for good</summary>") < shown.index('class="button danger"')


def test_words_that_nobody_has_read_are_not_sent(world: World, manager: Visitor) -> None:
    """A colleague writes it anew between the reading and the sending; the number of people stays."""
    people(world, 2)
    campaign = drafted(world)
    page = at(world, f"/{campaign}")
    mark = MARK.search(manager.get(page).text)
    assert mark
    manager.post(f"{page}/edit", FORM | {"text_a": f"{WORDS} Soon.", "save": "1"})
    answer = manager.post(f"{page}/send", {"people": "2", "mark": mark[1]}, page=page)
    assert answer.status_code == 409
    assert "Somebody has written it anew since you read it" in answer.text
    assert campaigns(world) == [("July", "draft")]
    assert send(manager, page, {"people": "2"}).status_code == 303


def test_a_test_is_no_way_to_somebody_who_has_not_agreed(world: World, manager: Visitor) -> None:
    people(world, 2)
    world.rows("UPDATE phone SET sms_marketing = false WHERE number = '+15055550001' RETURNING 1")
    page = at(world, f"/{drafted(world)}")
    form = {"number": "(505) 555-0001", "once": "n" * 20}
    manager.post(f"{page}/test", form, page=page)
    assert "has not agreed to offers" in manager.get(page).text
    manager.post(at(world, "/new"), FORM | {"name": "Bad", "text_a": "20% off Botox", "save": "1"})
    manager.post(at(world, "/2/test"), form | {"number": "(505) 555-0142", "once": "m" * 20}, page=at(world, "/2"))
    assert "cannot be sent to anyone yet" in manager.get(at(world, "/2")).text
    world.settle()
    assert world.rows("SELECT count(*) FROM outbound_message") == [(0,)]
    manager.post(f"{page}/test", form | {"number": "(505) 555-0142"}, page=page)
    [(after,)] = world.rows("SELECT after FROM audit WHERE act = 'campaign_tried'")
    assert after == {"number": "+1 *** *** 0142"}
    assert manager.post(at(world, "/99/test"), form | {"once": "o" * 20}, page=page).status_code == 404


def test_one_that_goes_on_begins_with_nobody_yet(world: World, manager: Visitor) -> None:
    form = FORM | {"after_visits": "2", "days": "1", "save": "1"}
    manager.post(at(world, "/new"), form)
    page = at(world, "/1")
    assert "It goes on by itself" in manager.get(page).text
    assert send(manager, page, {"people": "0"}).status_code == 303
    assert campaigns(world) == [("July", "scheduled")]


def test_who_was_left_out_stays_to_be_read(world: World, manager: Visitor) -> None:
    clients = people(world, 3)
    world.enrol(clients[0], anchor_on=NOON.date())
    page = at(world, f"/{drafted(world)}")
    send(manager, page, {"people": "2"})
    world.clock.advance(timedelta(seconds=61))
    run(world)
    shown = manager.get(page).text
    assert "Are members already" in shown
    assert send(manager, page, {"people": "2"}).status_code == 409


def test_names_and_words_are_never_markup(world: World, manager: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    people(world, 1)
    world.rows("UPDATE client SET first_name = %s RETURNING 1", (evil,))
    manager.post(at(world, "/new"), FORM | {"name": evil, "save": "1"})
    for path in (at(world), at(world, "/1"), at(world, "/1/edit")):
        shown = manager.get(path).text
        assert evil not in shown
        assert "&lt;script&gt;" in shown


def test_the_desk_may_not_and_another_spas_is_not_there(world: World, app: Flask) -> None:
    page = at(world, f"/{drafted(world)}")
    desk = signed_in(app, world, Role.DESK)
    assert desk.get(at(world)).status_code == 403
    assert desk.post(f"{page}/send", {"people": "0"}, page="/console/account").status_code == 403
    stranger = Visitor(app.test_client())
    elsewhere = other_spa(world)
    employ(world, Role.OWNER, "else@example.com", spa_id=elsewhere)
    stranger.sign_in("else@example.com")
    assert stranger.get(page.replace("/1/", f"/{elsewhere}/", 1)).status_code == 404
    for act in ("stop", "send", "test"):
        form = {"people": "0", "number": "(505) 555-0142", "once": "x" * 12}
        stranger.post(page.replace("/1/", f"/{elsewhere}/", 1) + f"/{act}", form, page="/console/account")
    assert campaigns(world) == [("July", "draft")]
