"""One client for two, households, and a card off file, from a member's page."""

from datetime import date
from html import unescape

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from tests.console import MARK, Visitor, console_app, signed_in
from tests.web.test_console_members import EVIL, confirm, found, other_client, page
from tests.world import World

BEA = "+15055550133"


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def desk(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.DESK)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    return client_id


def test_a_manager_makes_one_of_two_and_the_old_page_leads_to_the_new(app: Flask, world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    world.grant(anna)
    manager = signed_in(app, world, Role.MANAGER)
    listed = manager.get(page(ana, "merge") + "?find=anna").text
    assert f'<option value="{anna}">Anna Example, (505) 555-0133</option>' in listed
    shown = manager.get(page(ana, "merge") + f"?other={anna}").text
    for words in ("Ana Example, client", "1 phone", "1 visit credit", "It cannot be undone"):
        assert words in shown, words
    assert confirm(manager, page(ana, "merge"), {"find": "anna", "other": str(anna)}).status_code == 303
    assert "Anna Example and Ana Example are one client now." in manager.get(page(ana)).text
    old = manager.get(page(anna))
    assert (old.status_code, old.location) == (303, page(ana))
    assert manager.get(page(anna, "pause")).status_code == 404
    assert manager.get(f"/console/1/checkout/{anna}").status_code == 404
    assert found(world, "ann") == []
    assert found(world, BEA) == ["Ana"]


def test_the_desk_asks_a_manager_to_merge(desk: Visitor, app: Flask, world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    assert confirm(desk, page(ana, "merge"), {"other": str(anna)}).status_code == 303
    assert world.rows("SELECT count(*) FROM client WHERE merged_into IS NOT NULL") == [(0,)]
    manager = signed_in(app, world, Role.MANAGER)
    path = "/console/1/approvals/1"
    assert manager.post(f"{path}/approve", {}, page=path).status_code == 303
    assert world.rows("SELECT merged_into FROM client WHERE id = %s", (anna,)) == [(ana,)]
    assert world.rows("SELECT DISTINCT actor, after ->> 'approved_by' FROM audit WHERE act = 'clients_merged'") == [
        ("staff:1", "staff:2")
    ]


def test_nobody_is_merged_across_spas_nor_two_members(app: Flask, world: World, ana: int) -> None:
    elsewhere, bea = other_client(world), world.client("Bea", BEA)
    world.enrol(bea, anchor_on=date(2026, 12, 20))
    owner = signed_in(app, world, Role.OWNER)
    for other, why in ((elsewhere, "There is no such client."), (bea, "Both are members"), (ana, "the same client")):
        answer = owner.get(page(ana, "merge") + f"?other={other}")
        assert answer.status_code == 422
        assert why in answer.text
        assert not MARK.search(answer.text)


def test_who_shares_a_phone_is_shown_and_added_to_the_household(desk: Visitor, world: World, ana: int) -> None:
    child = world.client(EVIL)
    shown = desk.get(page(ana)).text
    assert "The same phone or address" in shown
    assert EVIL not in shown
    asked = desk.get(page(ana, "household")).text
    assert f'<option value="{child}">' in asked
    assert EVIL not in asked
    assert confirm(desk, page(ana, "household"), {"other": str(child)}).status_code == 303
    for one, other in ((ana, child), (child, ana)):
        shown = desk.get(page(one)).text
        assert f'With <a href="{page(other)}">' in shown
        assert "The same phone or address" not in shown
    again = desk.get(page(ana, "household") + f"?other={child}")
    assert (again.status_code, "They belong together already." in again.text) == (422, True)


def test_a_household_that_one_leaves_alone_is_none(desk: Visitor, world: World, ana: int) -> None:
    bea, cai = world.client("Bea", BEA), world.client("Cai", "+15055550134")
    for each in (bea, cai):
        confirm(desk, page(ana, "household"), {"other": str(each)})
    assert confirm(desk, page(bea, "household-out"), {}).status_code == 303
    assert world.rows("SELECT client_id FROM household_member ORDER BY 1") == [(ana,), (cai,)]
    assert confirm(desk, page(ana, "household-out"), {}).status_code == 303
    assert world.rows("SELECT client_id FROM household_member") == []
    assert "They belong to no household." in desk.get(page(cai, "household-out")).text
    acts = world.rows("SELECT act, actor FROM audit WHERE act LIKE 'household%%' ORDER BY id")
    assert acts == [("household_joined", "staff:1")] * 2 + [("household_left", "staff:1")] * 2


def test_who_belongs_elsewhere_is_taken_out_there_first(desk: Visitor, world: World, ana: int) -> None:
    bea, cai = world.client("Bea", BEA), world.client("Cai", "+15055550134")
    confirm(desk, page(bea, "household"), {"other": str(cai)})
    answer = desk.get(page(ana, "household") + f"?other={cai}")
    assert "They belong to another household" in answer.text
    assert not MARK.search(answer.text)
    stranger = desk.get(page(ana, "household") + f"?other={other_client(world)}")
    assert "There is no such client." in stranger.text


def test_a_card_is_taken_off_file(desk: Visitor, world: World, ana: int) -> None:
    world.card(ana)
    assert "Take the card off file" in desk.get(page(ana)).text
    assert confirm(desk, page(ana, "card-off"), {}).status_code == 303
    shown = unescape(desk.get(page(ana)).text)
    assert "The card is off file." in shown
    assert "No card on file" in shown
    assert world.rows("SELECT actor FROM audit WHERE act = 'card_removed'") == [("staff:1",)]
    assert "There is no card on file." in desk.get(page(ana, "card-off")).text
