"""Settings: changed with what was before kept, stopped with a reason, staff invited, changed and taken away."""

from typing import Any

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.messages.catalog import CATALOG
from tests.console import PASSWORD, Visitor, console_app, employ, signed_in
from tests.web.test_console_policy import other_spa
from tests.world import World

SPA = {
    "name": "Fern & Lumen",
    "zone": "America/New_York",
    "locale": "es",
    "help_phone": "(505) 555-0101",
    "help_email": "hello@example.com",
}


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def owner(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.OWNER)


def at(world: World, rest: str = "") -> str:
    return f"/console/{world.spa.spa_id}/settings{rest}"


def audited(world: World, act: str) -> list[tuple[Any, ...]]:
    return world.rows("SELECT before, after FROM audit WHERE act = %s ORDER BY id", (act,))


def test_the_spa_is_changed_and_what_was_before_is_kept(world: World, owner: Visitor) -> None:
    assert owner.post(at(world, "/spa"), SPA).status_code == 303
    assert "America/New_York" in owner.get(at(world)).text
    [(before, after)] = audited(world, "settings_changed")
    assert (before["zone"], after["zone"]) == ("America/Denver", "America/New_York")
    assert owner.post(at(world, "/spa"), SPA).status_code == 303
    assert len(audited(world, "settings_changed")) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "It wants a name"),
        ("zone", "Denver", "That is none we know"),
        ("help_phone", "call us", "no phone number"),
        ("emergency_phone", "911911", "no phone number"),
        ("help_email", "hello", "no mail address"),
    ],
)
def test_what_cannot_be_so_is_told_beside_its_field(
    world: World, owner: Visitor, field: str, typed: str, said: str
) -> None:
    answer = owner.post(at(world, "/spa"), SPA | {"postal_address": "1 Kept Street", field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert "1 Kept Street" in answer.text
    assert audited(world, "settings_changed") == []


REMINDERS = {
    "which": "reminders",
    "reminders.hour": "11",
    "reminders.renewal_days": "3",
    "reminders.long_renewal_days": "28",
    "reminders.expiring_days": "21",
    "reminders.win_back_days": "30",
}


def test_a_policy_keeps_only_what_is_not_the_default(world: World, owner: Visitor) -> None:
    assert owner.post(at(world, "/policies"), REMINDERS).status_code == 303
    assert world.rows("SELECT reminders FROM spa WHERE spa_id = %s", (world.spa.spa_id,)) == [
        ({"hour": 11, "birthdays": False},)
    ]
    for typed, said in (("23", "People are told things between 8 and 18"), ("soon", "A whole number.")):
        answer = owner.post(at(world, "/policies"), REMINDERS | {"reminders.hour": typed})
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{typed}"' in answer.text


def test_where_the_words_come_from_is_told(world: World, owner: Visitor) -> None:
    page = owner.get(at(world, "")).text
    assert "<dd>(505) 555-0100</dd>" in page
    world.rows("UPDATE spa SET number = NULL, sending_stopped = 'a strike' RETURNING 1")
    page = owner.get(at(world, "")).text
    assert "no number: nothing is texted" in page
    assert "Nothing may be sent from the number: a strike" in page


DESK = {
    "which": "policy",
    "policy.tax_basis_points": "7.25 %",
    "policy.ticket_minutes": "45",
    "policy.undo_grace_days": "14",
    "policy.staff_credit_cents": "$1,150.50",
    "policy.staff_refund_cents": "300",
    "policy.leave_credit_days": "60",
    "policy.leave_waives_debt": "yes",
}


def test_money_and_percent_are_typed_and_read_as_people_say_them(world: World, owner: Visitor) -> None:
    assert owner.post(at(world, "/policies"), DESK).status_code == 303
    [(kept,)] = world.rows("SELECT policy FROM spa WHERE spa_id = %s", (world.spa.spa_id,))
    assert kept == {"tax_basis_points": 725, "ticket_minutes": 45, "staff_credit_cents": 115_050}
    page = owner.get(at(world, "/policies")).text
    shown = {"tax_basis_points": "7.25", "staff_credit_cents": "1150.50", "staff_refund_cents": "300.00"}
    assert all(f'name="policy.{name}" value="{value}"' in page for name, value in shown.items())
    assert 'name="sending.segment_millicents" value="0.012"' in page
    assert '<option value="10" selected>10 AM</option>' in page
    assert not any(word in page for word in ("in cents", "millicents,", "thousandths", "hundredths", "basis points"))


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("tax_basis_points", "7.255", "A percentage"),
        ("tax_basis_points", "-1", "A percentage"),
        ("tax_basis_points", "31", "a slip of the pen"),
        ("staff_credit_cents", "0.005", "An amount in dollars"),
        ("staff_credit_cents", "99999999999", "An amount in dollars"),
        ("staff_refund_cents", "12,5", "An amount in dollars"),
        ("ticket_minutes", "1.5", "A whole number"),
        ("ticket_minutes", "\u0663", "A whole number"),
        ("leave_credit_days", "", "A whole number"),
    ],
)
def test_what_is_no_number_of_its_unit_is_refused(
    world: World, owner: Visitor, name: str, typed: str, said: str
) -> None:
    answer = owner.post(at(world, "/policies"), DESK | {f"policy.{name}": typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="policy.{name}" value="{typed}"' in answer.text
    assert world.rows("SELECT policy FROM spa WHERE spa_id = %s", (world.spa.spa_id,)) == [({},)]


def test_sending_is_stopped_with_a_reason_that_every_page_tells(world: World, app: Flask) -> None:
    manager = signed_in(app, world, Role.MANAGER)
    switch = at(world, "/switch/offers")
    manager.post(switch, {"stop": "1"}, page=at(world))
    assert "Say why" in manager.get(at(world)).text
    manager.post(switch, {"stop": "1", "why": "A wrong price went out"}, page=at(world))
    assert "A wrong price went out" in manager.get(at(world)).text
    assert "Stopped:" in manager.get(f"/console/{world.spa.spa_id}/today").text
    manager.post(switch, {}, page=at(world))
    assert "Stopped:" not in manager.get(f"/console/{world.spa.spa_id}/today").text
    assert [act for (act,) in world.rows("SELECT act FROM audit ORDER BY id") if "switch" in str(act)] == [
        "switch_thrown",
        "switch_lifted",
    ]


def test_every_message_can_be_read_and_found(world: World, owner: Visitor) -> None:
    page = owner.get(at(world, "/messages"))
    assert f"{len(CATALOG)} of them" in page.text
    assert "Hi! More than one of you shares this phone." in page.text
    assert "1 of them" in owner.get(at(world, "/messages?q=who-is-this")).text
    assert "No message says that." in owner.get(at(world, "/messages?q=xyzzy")).text


def test_the_audit_is_read_by_person_and_act(world: World, owner: Visitor) -> None:
    owner.post(at(world, "/spa"), SPA)
    page = owner.get(at(world, "/audit")).text
    assert "settings changed" in page
    assert "Owner Example" in page
    assert "settings changed" not in owner.get(at(world, "/audit?act=staff_invited")).text
    assert "Nothing of the kind" in owner.get(at(world, "/audit?subject=client:9")).text


# --- staff ------------------------------------------------------------------------------------------------------------


def test_somebody_is_invited_and_signs_in_by_the_link(world: World, app: Flask, owner: Visitor) -> None:
    assert '<option value="manager">Manager</option>' in owner.get(at(world, "/staff")).text
    form = {"name": "Dana Desk", "email": "Dana@Example.com", "role": "desk"}
    assert owner.post(at(world, "/staff"), form).status_code == 303
    world.settle()
    [letter] = world.mailed("dana@example.com")
    link = next(word for word in letter.text.split() if "/console/password/" in word)
    dana = Visitor(app.test_client())
    path = link[link.index("/console") :]
    assert dana.post(path, {"password": PASSWORD, "password_confirm": PASSWORD}).status_code == 302
    assert Visitor(app.test_client()).sign_in("dana@example.com").status_code == 302
    assert "Dana Desk" in owner.get(at(world, "/staff")).text


@pytest.mark.parametrize("form", [{"name": ""}, {"email": "dana"}, {"role": "king"}])
def test_an_invitation_wants_a_name_a_mail_and_a_role(world: World, owner: Visitor, form: dict[str, str]) -> None:
    asked = {"name": "Dana", "email": "dana@example.com", "role": "desk"} | form
    assert owner.post(at(world, "/staff"), asked).status_code == 422
    assert world.rows("SELECT count(*) FROM staff_user") == [(1,)]


def test_another_role_and_other_limits(world: World, app: Flask, owner: Visitor) -> None:
    user = employ(world, Role.DESK)
    change = at(world, f"/staff/{user}")
    owner.post(change, {"role": "manager", "grant_cents": "75"}, page=at(world, "/staff"))
    [(role, limits)] = world.rows("SELECT role, limits FROM staff_post WHERE user_id = %s", (user,))
    assert (role, limits["grant_cents"]) == ("manager", 7_500)
    owner.post(change, {"role": "manager", "grant_cents": "lots"}, page=at(world, "/staff"))
    assert "A limit is a whole number" in owner.get(at(world, "/staff")).text
    desk = Visitor(app.test_client())
    desk.sign_in("desk@example.com")
    assert desk.get(at(world)).status_code == 200
    owner.post(change, {"revoke": "1"}, page=at(world, "/staff"))
    assert desk.get(at(world)).status_code == 303


def test_the_last_owner_stays(world: World, owner: Visitor) -> None:
    [[user]] = world.rows("SELECT user_id FROM staff_post")
    for form in ({"revoke": "1"}, {"role": "desk"}):
        owner.post(at(world, f"/staff/{user}"), form, page=at(world, "/staff"))
        assert "Somebody must own it" in owner.get(at(world, "/staff")).text
    assert world.rows("SELECT role, revoked_at FROM staff_post") == [("owner", None)]


def test_roles_and_other_spas_are_refused(world: World, app: Flask) -> None:
    manager = signed_in(app, world, Role.MANAGER)
    assert manager.get(at(world, "/staff")).status_code == 403
    assert manager.post(at(world, "/spa"), SPA, page="/console/account").status_code == 403
    assert "Change</a>" not in manager.get(at(world)).text
    user = employ(world, Role.DESK)
    elsewhere = other_spa(world)
    employ(world, Role.OWNER, "else@example.com", spa_id=elsewhere)
    stranger = Visitor(app.test_client())
    stranger.sign_in("else@example.com")
    theirs = f"/console/{elsewhere}/settings/staff/{user}"
    assert stranger.post(theirs, {"revoke": "1"}, page="/console/account").status_code == 404
    assert stranger.get(at(world)).status_code == 404


def test_names_are_never_markup(world: World, owner: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    owner.post(at(world, "/staff"), {"name": evil, "email": "dana@example.com", "role": "desk"})
    owner.post(at(world, "/spa"), SPA | {"postal_address": evil})
    for path in ("", "/staff", "/audit", "/spa"):
        assert evil not in owner.get(at(world, path)).text
