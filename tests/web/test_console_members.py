"""Members: found by what the desk is told, their page, and the acts, each quoted first and done once."""

from datetime import date
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assistant.db.spas import Spa
from assistant.domain.permissions import Role
from assistant.services import finding
from assistant.web.console.members import ACTS
from tests.console import MARK, ONCE, Visitor, console_app, signed_in
from tests.world import ANA, World

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    return client_id


def page(client_id: int, act: str = "") -> str:
    return f"/console/1/members/{client_id}" + (f"/{act}" if act else "")


def confirm(visitor: Visitor, path: str, answers: dict[str, str], token: str | None = None) -> TestResponse:
    """The quote's own page sends its form: with its mark, its token, and the answers."""
    query = "&".join(f"{name}={value}" for name, value in answers.items())
    shown = visitor.get(f"{path}?{query}").text
    hidden = {"mark": MARK.search(shown)[1], "once": token or ONCE.search(shown)[1]}  # type: ignore[index]
    return visitor.post(path, answers | hidden, page=f"{path}?{query}")


def found(world: World, typed: str) -> list[str]:
    with world.rt.unit_of_work() as uow:
        return [each.name.split()[0] for each in finding.find(uow, 1, typed)]


# --- search -----------------------------------------------------------------------------------------------------------


def test_whatever_the_desk_is_told_finds_her(world: World, ana: int) -> None:
    world.mailbox(ana, "ana@example.com")
    world.card(ana)
    for typed in ("ana", "AN", " ána ", ANA, f"({ANA[2:5]}) {ANA[5:8]}-{ANA[8:]}", ANA[-4:], "4242", "ana@exa"):
        assert found(world, typed) == ["Ana"], typed
    for typed in ("", " ", "%", "_", "a%", "zz", "99", "0000", "' OR 1=1 --", "\\", "@"):
        assert found(world, typed) == [], typed


def test_a_search_says_what_to_do_when_it_finds_nobody(app: Flask, world: World) -> None:
    desk = signed_in(app, world, Role.DESK)
    shown = desk.get("/console/1/members?q=" + EVIL).text
    assert "Nobody is known by" in unescape(shown)
    assert EVIL not in shown
    assert EVIL in unescape(shown)


def test_nobody_of_another_spa_is_found(app: Flask, world: World, ana: int) -> None:
    elsewhere = other_client(world)
    owner = signed_in(app, world, Role.OWNER)
    assert found(world, "strange") == []
    for act in ("", *(each.name for each in ACTS)):
        assert owner.get(page(elsewhere, act)).status_code == 404, act
    assert owner.get(page(ana)).status_code == 200


def other_client(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        spa = Spa(
            name="Other",
            zone="UTC",
            locale="en",
            number="+15055550199",
            help_phone="(505) 555-0102",
            help_email="other@example.com",
            carrier_confirms_stop=False,
        )
        uow.session.add(spa)
        uow.session.flush()
        [[client_id]] = uow.sql(
            "INSERT INTO client (spa_id, first_name, last_name, locale, created_at)"
            " VALUES (%s, 'Strange', 'Example', 'en', %s) RETURNING id",
            (spa.spa_id, uow.now),
        ).fetchall()
    return int(client_id)


# --- acts -------------------------------------------------------------------------------------------------------------


def test_she_is_paused_as_it_was_shown_and_once(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    path = page(ana, "pause")
    first = confirm(desk, path, {"months": "2", "hardship": ""}, token="the-very-same-form")
    assert (first.status_code, first.location) == (303, page(ana))
    assert "Pauses from" in desk.get(page(ana)).text
    again = desk.post(
        path, {"months": "2", "hardship": "", "mark": "any", "once": "the-very-same-form"}, page="/console/1/members"
    )
    assert again.status_code == 303
    assert world.rows("SELECT count(*) FROM pause") == [(1,)]
    assert world.rows("SELECT DISTINCT actor FROM audit WHERE act LIKE '%%pause%%'") == [("staff:1",)]


def test_what_was_not_shown_is_not_done(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    asked = {"months": "3", "hardship": "", "mark": "of-another-quote", "once": "a-new-form-token"}
    answer = desk.post(page(ana, "pause"), asked, page=page(ana, "pause"))
    assert answer.status_code == 409
    assert "It has changed meanwhile" in answer.text
    assert MARK.search(answer.text)
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
    assert world.rows("SELECT count(*) FROM staff_act") == [(0,)]


def test_another_members_membership_is_no_ones_to_name(app: Flask, world: World, ana: int) -> None:
    bea = world.client("Bea", "+15055550133")
    hers = world.enrol(bea, anchor_on=date(2026, 12, 20))
    desk = signed_in(app, world, Role.DESK)
    answer = desk.get(page(ana, "pause") + f"?membership={hers}&months=1")
    assert answer.status_code == 422
    assert "no membership that could" in answer.text
    assert not MARK.search(answer.text)


def test_what_was_typed_stays_when_it_was_wrong(app: Flask, world: World, ana: int) -> None:
    owner = signed_in(app, world, Role.OWNER)
    answer = owner.get(page(ana, "grant") + "?unit=visit&many=-1&reason=for+her+patience")
    assert answer.status_code == 422
    assert "Say how many" in answer.text
    assert 'value="for her patience"' in answer.text


def test_cancelled_and_undone(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    left = confirm(desk, page(ana, "cancel"), {"channel": "phone", "hardship": "", "reason": EVIL})
    assert left.status_code == 303
    shown = desk.get(page(ana)).text
    assert "Cancelled: confirmation" in shown
    assert EVIL not in shown
    back = confirm(desk, page(ana, "undo"), {})
    assert back.status_code == 303
    assert world.rows("SELECT count(*) FROM cancellation WHERE withdrawn_at IS NULL") == [(0,)]


def test_no_more_texts_for_the_asking(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    assert confirm(desk, page(ana, "opt-out"), {}).status_code == 303
    assert world.rows("SELECT suppressed_at IS NOT NULL FROM phone") == [(True,)]
    assert "No phone of theirs is texted" in desk.get(page(ana, "opt-out")).text


def test_credit_is_given_within_ones_limit(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    over = desk.get(page(ana, "grant") + "?unit=USD&many=50.01&reason=x")
    assert "you may give $50.00" in over.text
    assert "Ask another person" in over.text
    made = confirm(desk, page(ana, "grant"), {"unit": "USD", "many": "5", "reason": EVIL})
    assert made.status_code == 303
    shown = desk.get(page(ana)).text
    assert EVIL not in shown
    assert "given by staff" in shown


def test_a_link_for_a_card_goes_to_her_phone_once(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    assert confirm(desk, page(ana, "card-link"), {}, token="the-same-link-form").status_code == 303
    assert confirm(desk, page(ana, "card-link"), {}, token="the-same-link-form").status_code == 303
    assert world.rows("SELECT actor FROM audit WHERE act = 'card_link_sent'") == [("staff:1",)]
    world.settle()
    assert len(world.received()) == 1


def test_the_link_to_their_own_membership_is_sent_once(app: Flask, world: World, ana: int) -> None:
    desk = signed_in(app, world, Role.DESK)
    assert "Texted to" in desk.get(page(ana, "membership-link")).text
    for _ in range(2):
        assert confirm(desk, page(ana, "membership-link"), {}, token="the-same-own-form").status_code == 303
    assert world.rows("SELECT actor, evidence FROM audit WHERE act = 'membership_link_sent'") == [("staff:1", "E3")]
    world.settle()
    assert len([each for each in world.received() if "/membership/" in each]) == 1


def test_a_manager_lets_go_of_what_is_owed(app: Flask, world: World) -> None:
    bea = world.client("Bea")
    world.enrol(bea, anchor_on=date(2026, 11, 20))
    world.card(bea, "4000000000000341")
    world.bill()
    path = page(bea, "waive")
    assert signed_in(app, world, Role.DESK).get(path).status_code == 403
    manager = signed_in(app, world, Role.MANAGER)
    assert confirm(manager, path, {"reason": "goodwill"}).status_code == 303
    assert world.rows("SELECT status FROM invoice") == [("waived",)]
    assert "Nothing is owed." in manager.get(path + "?reason=again").text


# --- names ------------------------------------------------------------------------------------------------------------


def test_names_and_texts_are_only_ever_words(app: Flask, world: World) -> None:
    ana = world.client(EVIL)
    world.enrol(ana, anchor_on=date(2026, 12, 20))
    world.text(EVIL)
    world.settle()
    owner = signed_in(app, world, Role.OWNER)
    for path in ("/console/1/today", "/console/1/members?q=%3Cscr", "/console/1/tasks", page(ana), page(ana, "pause")):
        shown = owner.get(path)
        assert shown.status_code == 200, path
        assert EVIL not in shown.text, path
    assert EVIL in unescape(owner.get(page(ana)).text)
