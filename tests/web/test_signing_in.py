"""How staff sign in: what works, and what is tried and refused."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.services import sign_ins, staff
from tests.console import PASSWORD, TOKEN, Visitor, console_app, employ, signed_in
from tests.world import World


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def cookie(answer: object) -> str:
    return next((each for each in answer.headers.getlist("Set-Cookie") if "staff=" in each), "")  # type: ignore[attr-defined]


def test_a_password_opens_the_day(visitor: Visitor, world: World) -> None:
    employ(world, Role.DESK)
    answer = visitor.sign_in("desk@example.com")
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert visitor.get("/console/").location == f"/console/{world.spa.spa_id}/today"
    assert "<h1>Today</h1>" in visitor.get(f"/console/{world.spa.spa_id}/today").text
    assert world.rows("SELECT act, actor FROM audit WHERE act = 'staff_signed_in'") == [("staff_signed_in", "staff:1")]


def test_the_cookie_is_for_https_and_no_script(visitor: Visitor, world: World) -> None:
    employ(world, Role.DESK)
    set_by = cookie(visitor.sign_in("desk@example.com"))
    assert set_by.startswith("__Host-staff=")
    assert all(word in set_by for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_what_was_before_signing_in_is_no_good_after(visitor: Visitor, world: World) -> None:
    employ(world, Role.DESK)
    page = visitor.get("/console/sign-in")
    before, planted = cookie(page), TOKEN.search(page.text)
    assert planted
    form = {"email": "desk@example.com", "password": PASSWORD, "csrf_token": planted[1]}
    answer = visitor.http.post("/console/sign-in", data=form, base_url=visitor.base, headers={"Referer": visitor.base})
    assert answer.status_code == 302
    assert cookie(answer).split(";")[0] != before.split(";")[0]
    refused = visitor.http.post(
        "/console/account/sign-out",
        data={"csrf_token": planted[1]},
        base_url=visitor.base,
        headers={"Referer": visitor.base},
    )
    assert refused.status_code == 403


@pytest.mark.parametrize("email", ["desk@example.com", "nobody@example.com"])
def test_a_wrong_password_and_no_account_are_told_alike(visitor: Visitor, world: World, email: str) -> None:
    employ(world, Role.DESK)
    answer = visitor.sign_in(email, "wrong wrong wrong")
    words = re.findall(r'class="wrong".*?</p>', answer.text, re.DOTALL)
    assert answer.status_code == 200
    assert len(words) == 1
    assert "not match" in words[0] or "failed" in words[0].lower()


def test_a_new_password_is_told_of_alike_too(visitor: Visitor, world: World) -> None:
    employ(world, Role.DESK)
    told = [
        visitor.post("/console/password", {"email": email}).text.replace(email, "")
        for email in ("desk@example.com", "nobody@example.com")
    ]
    strip = re.compile(r'name="csrf_token" value="[^"]+"')
    assert strip.sub("", told[0]) == strip.sub("", told[1])
    assert len(world.rows("SELECT 1 FROM outbound_message WHERE message = 'staff-reset'")) == 1


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "///evil.example.com"]
)
def test_nobody_is_led_elsewhere(visitor: Visitor, world: World, elsewhere: str) -> None:
    employ(world, Role.DESK)
    form = {"email": "desk@example.com", "password": PASSWORD}
    assert visitor.get(f"/console/sign-in?next={elsewhere}").status_code == 400
    assert visitor.post(f"/console/sign-in?next={elsewhere}", form, page="/console/sign-in").status_code == 400
    assert visitor.post("/console/sign-in", form | {"next": elsewhere}).status_code == 400
    assert visitor.post("/console/sign-in?next=/console/account", form).location == "/console/account"


def test_trying_ends(visitor: Visitor, world: World) -> None:
    employ(world, Role.DESK)
    codes = [visitor.sign_in("desk@example.com", f"guess number {n}").status_code for n in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert visitor.sign_in("desk@example.com").status_code == 429
    world.clock.advance(sign_ins.WINDOW + timedelta(seconds=1))
    assert visitor.sign_in("desk@example.com").status_code == 302
    assert len(world.rows("SELECT 1 FROM staff_try")) == 1  # of the address; the account is known now


def test_a_post_that_is_taken_away_ends_every_session(visitor: Visitor, world: World) -> None:
    user_id = employ(world, Role.DESK)
    visitor.sign_in("desk@example.com")
    home = f"/console/{world.spa.spa_id}/today"
    assert visitor.get(home).status_code == 200
    with world.rt.unit_of_work() as uow:
        assert staff.revoke(uow, world.spa.spa_id, user_id, actor="test")
    assert visitor.get(home).status_code == 303
    visitor.sign_in("desk@example.com")
    assert visitor.get(home).status_code == 404


def test_signing_out_everywhere_ends_the_other_browser_too(app: Flask, world: World) -> None:
    here = signed_in(app, world, Role.DESK)
    there = Visitor(app.test_client())
    there.sign_in("desk@example.com")
    home = f"/console/{world.spa.spa_id}/today"
    assert here.post("/console/account/sign-out", {}, page="/console/account").status_code == 303
    assert (here.get(home).status_code, there.get(home).status_code) == (303, 303)


def test_a_copied_cookie_is_a_strangers_once_it_was_signed_out_of(app: Flask, world: World) -> None:
    """And another browser of the same person goes on."""
    here, home = signed_in(app, world, Role.DESK), f"/console/{world.spa.spa_id}/today"
    there, thief = Visitor(app.test_client()), Visitor(app.test_client())
    there.sign_in("desk@example.com")
    cookie = here.http.get_cookie("__Host-staff", domain="spa.example.com")
    assert cookie
    thief.http.set_cookie("__Host-staff", cookie.value, domain="spa.example.com")
    assert thief.get(home).status_code == 200, "the copy works while the session does"
    assert here.post("/console/sign-out", {}, page="/console/account").status_code == 302
    assert (here.get(home).status_code, thief.get(home).status_code) == (303, 303)
    assert thief.get("/console/account").status_code == 303
    assert there.get(home).status_code == 200
    assert world.rows("SELECT count(*) FROM staff_signed_out") == [(1,)]
    world.clock.advance(timedelta(hours=13))
    again = Visitor(app.test_client())
    again.sign_in("desk@example.com")
    again.post("/console/sign-out", {}, page="/console/account")
    assert world.rows("SELECT count(*) FROM staff_signed_out") == [(1,)], "what is past is not kept"


def test_an_invitation_leads_to_a_password(visitor: Visitor, world: World, app: Flask) -> None:
    with app.test_request_context(base_url=visitor.base), world.rt.unit_of_work() as uow:
        made = staff.invite(
            uow, world.spa.spa_id, email="New@Example.com", name="Noa New", role=Role.MANAGER, actor="test"
        )
    assert made.new
    assert visitor.sign_in("new@example.com").status_code == 200


def test_every_page_has_its_policy_of_content(app: Flask, world: World) -> None:
    visitor = signed_in(app, world, Role.OWNER)
    for path in ("/console/sign-in", "/console/account", f"/console/{world.spa.spa_id}/today", "/console/none"):
        policy = Visitor(app.test_client()).get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert visitor.get(path).headers["Cache-Control"] == "no-store"
