"""The page behind an offer's link: looking starts nothing, its button texts the phone on file."""

import pytest
from flask.testing import FlaskClient

from assistant.app import create_app
from assistant.db import campaigns as table
from assistant.domain.campaigns import Purpose
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import campaigns, plans, short_links
from assistant.services.campaigns import Draft
from tests.web.test_card_pages import SETTINGS
from tests.world import ANA, World

PERSON = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"}
ROBOT = {"User-Agent": "facebookexternalhit/1.1"}


@pytest.fixture
def web(world: World) -> FlaskClient:
    return create_app(world.rt, SETTINGS).test_client(use_cookies=False)


@pytest.fixture
def path(world: World) -> str:
    client = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
        plans.offer(uow, world.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        words = {"en": "Fern & Lumen: see ((link)). Reply STOP to opt out."}
        draft = Draft(name="July", purpose=Purpose.JOIN, plan_code="glow", texts=(words,))
        campaign_id = campaigns.draft(uow, world.spa.spa_id, draft, actor="staff:owner")
        campaign = table.live(uow, world.spa.spa_id, campaign_id)
        assert campaign is not None
        url = short_links.make(uow, campaign, [client])[client]
        assert short_links.make(uow, campaign, [client])[client] == url, "one link each"
    return url.removeprefix("https://spa.example.com")


def clicks(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT act, robot FROM link_click ORDER BY id")


def test_looking_starts_nothing_and_tells_nobody_who_it_was_for(world: World, web: FlaskClient, path: str) -> None:
    shown = web.get(path, headers=PERSON)
    assert shown.status_code == 200
    assert "$149.00" in shown.text
    assert "Ana" not in shown.text
    web.get(path, headers=ROBOT)
    web.head(path)
    world.settle()
    assert clicks(world) == [("looked", False), ("looked", True), ("looked", True)]
    assert world.received() == []


def test_the_button_texts_the_phone_on_file(world: World, web: FlaskClient, path: str) -> None:
    answer = web.post(path, headers=PERSON, data={})
    assert answer.status_code == 200
    world.settle()
    [text] = world.received(ANA)
    assert "/join/" in text
    assert clicks(world) == [("pressed", False)]


def test_what_is_revoked_or_old_leads_nowhere(world: World, web: FlaskClient, path: str) -> None:
    with world.rt.unit_of_work() as uow:
        assert short_links.revoke(uow, world.spa.spa_id, 1, actor="staff:owner") == 1
    assert "This offer is over" in web.get(path, headers=PERSON).text
    web.post(path, headers=PERSON, data={})
    world.settle()
    assert world.received() == []
    assert web.get("/o/aaaaaaaaaaaaaaaa").status_code == 404
    assert web.get("/o/x").status_code == 404
    assert web.post("/o/aaaaaaaaaaaaaaaa", data={}).status_code == 403
