"""Every page of the console has a policy, and every role meets it: walked, all routes by all roles by all spas."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from assistant.db.spas import Service, Spa
from assistant.domain.campaigns import Purpose
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.permissions import MAY, Permission, Role, may
from assistant.domain.plans import Terms
from assistant.domain.tickets import Quote, Tender
from assistant.services import campaigns, canned, checkout, plans
from assistant.services.campaigns import Draft
from assistant.services.canned import Canned
from assistant.services.checkout import Sold
from assistant.web.console.policy import POLICY, allowed
from tests.console import Visitor, console_app, employ
from tests.world import World

OF_NO_SPA = {"console.home", "console.account", "console.sign_out_everywhere"}


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


def without_a_policy(app: Flask) -> list[str]:
    """The pages that anybody could open; of no spa, only those that are meant to be."""
    found = []
    for rule in routes(app):
        policy = getattr(app.view_functions[rule.endpoint], POLICY, "none at all")
        right = policy is None if rule.endpoint in OF_NO_SPA else isinstance(policy, Permission)
        if not right or (rule.endpoint not in OF_NO_SPA and not rule.rule.startswith("/console/<int:spa_id>/")):
            found.append(rule.rule)
    return found


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


def test_every_page_has_a_policy(app: Flask) -> None:
    assert without_a_policy(app) == []
    assert len(routes(app)) > 15


def test_a_page_without_a_policy_is_seen(app: Flask) -> None:
    app.add_url_rule("/console/<int:spa_id>/till", "console.till", lambda **_: "open")
    app.add_url_rule("/console/till", "console.till2", allowed(Permission.CHECKOUT)(lambda: "open"))
    assert without_a_policy(app) == ["/console/<int:spa_id>/till", "/console/till"]


def path_of(rule: Rule, spa_id: int, ids: dict[str, str]) -> str:
    """The address with what is there in it; a name that is not among them is a mistake of this test."""
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: {"spa_id": str(spa_id), **ids}[found[1]], rule.rule)


@pytest.fixture
def ids(world: World) -> dict[str, str]:
    """Something of each kind that an address may name, all of one spa."""
    ana = world.client("Ana")
    spa_id, cart = world.spa.spa_id, Cart(lines=(CartLine(code="cream"),))
    with world.rt.unit_of_work() as uow:
        uow.session.add(Service(spa_id=spa_id, code="cream", name="Cream", category="x", list_price_cents=6_000))
        uow.session.flush()
        quote = checkout.quote(uow, spa_id, ana, cart)
    assert isinstance(quote, Quote)
    sold = checkout.commit(world.rt, spa_id, ana, cart, quote, key="till-1", tender=Tender.CASH, actor="staff:1")
    assert isinstance(sold, Sold)
    drafted = Draft(name="July", purpose=Purpose.OFFER, texts=({"en": "Fern"},))
    with world.rt.unit_of_work() as uow:
        campaign = campaigns.draft(uow, spa_id, drafted, actor="test")
        reply = canned.keep(uow, spa_id, None, locale="en", name="Soon", words="See you soon.", by="test")
        plan = plans.offer(uow, spa_id, "glow", "Glow", Terms(dues_cents=14_900), actor="test")
    assert isinstance(reply, Canned)
    return {
        "client_id": str(ana),
        "ticket_id": str(sold.ticket_id),
        "name": "mrr",
        "campaign_id": str(campaign),
        "act": "stop",
        "plan_id": str(plan.plan_id),
        "user_id": str(employ(world, Role.DESK, "dana@example.com")),
        "what": "offers",
        "of": f"m{ana}",
        "canned_id": str(reply.id),
    }


def other_spa(world: World) -> int:
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
        return spa.spa_id


@pytest.fixture
def walked(app: Flask, world: World) -> dict[Role, Visitor]:
    found = {}
    for role in Role:
        employ(world, role)
        found[role] = Visitor(app.test_client())
        assert found[role].sign_in(f"{role}@example.com").status_code == 302
    return found


def test_each_role_meets_each_policy(
    app: Flask, world: World, walked: dict[Role, Visitor], ids: dict[str, str]
) -> None:
    """Signed in at one spa: their own pages by their role; every page of another spa is not there."""
    elsewhere = other_spa(world)
    wrong: list[Any] = []
    for rule in routes(app):
        if rule.endpoint in OF_NO_SPA or "GET" not in (rule.methods or set()):
            continue
        permission = getattr(app.view_functions[rule.endpoint], POLICY)
        mine, theirs = path_of(rule, world.spa.spa_id, ids), path_of(rule, elsewhere, ids)
        for role, visitor in walked.items():
            expected = {200, 303, 422} if may(role, permission) else {403}
            if (got := visitor.get(mine).status_code) not in expected:
                wrong.append((role, mine, got))
            if (got := visitor.get(theirs).status_code) != 404:
                wrong.append((role, theirs, got))
    assert wrong == []


def test_a_form_meets_it_too(app: Flask, world: World, walked: dict[Role, Visitor], ids: dict[str, str]) -> None:
    elsewhere = other_spa(world)
    wrong: list[Any] = []
    for rule in routes(app):
        if rule.endpoint in OF_NO_SPA or "POST" not in (rule.methods or set()):
            continue
        permission = getattr(app.view_functions[rule.endpoint], POLICY)
        mine, theirs = path_of(rule, world.spa.spa_id, ids), path_of(rule, elsewhere, ids)
        for role, visitor in walked.items():
            if (
                not may(role, permission)
                and (got := visitor.post(mine, {}, page="/console/account").status_code) != 403
            ):
                wrong.append((role, mine, got))
            if (got := visitor.post(theirs, {}, page="/console/account").status_code) != 404:
                wrong.append((role, theirs, got))
            if (got := visitor.http.post(mine, data={}, base_url=visitor.base).status_code) != 403:
                wrong.append((role, mine, "without its token", got))
    assert wrong == []


def test_a_stranger_is_shown_to_the_door(app: Flask, world: World, ids: dict[str, str]) -> None:
    stranger = Visitor(app.test_client())
    for rule in routes(app):
        if "GET" in (rule.methods or set()):
            answer = stranger.get(path_of(rule, world.spa.spa_id, ids))
            assert answer.status_code in {303, 308}, rule.rule
            assert answer.location.startswith("/console/"), rule.rule


def test_the_desk_may_do_less_than_a_manager_and_the_owner_everything() -> None:
    assert MAY[Role.DESK] < MAY[Role.MANAGER] < MAY[Role.OWNER] == frozenset(Permission)
