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
from assistant.services import approvals, campaigns, canned, checkout, plans, tasks
from assistant.services.approvals import Wanted
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


Ids = dict[str, int | str]
"""What is put in the place of each name in an address."""


def path_of(rule: Rule, ids: Ids) -> str:
    """The address of something that is there, or of another spa's. `KeyError`: make one of it in `ids`."""
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(ids[found[1]]), rule.rule)


@pytest.fixture
def ids(world: World) -> Ids:
    """One of everything that an address can name, so that no page is refused for want of it."""
    ana = world.client("Ana")
    drafted = Draft(name="July", purpose=Purpose.OFFER, texts=({"en": "Fern"},))
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        facial = Service(spa_id=spa_id, code="facial", name="Facial", category="facials", list_price_cents=10_000)
        uow.session.add(facial)
        uow.session.flush()
        cart = Cart(lines=(CartLine(code="facial"),))
        quote = checkout.quote(uow, spa_id, ana, cart)
        assert isinstance(quote, Quote)
        campaign = campaigns.draft(uow, spa_id, drafted, actor="test")
        reply = canned.keep(uow, spa_id, None, locale="en", name="Soon", words="See you soon.", by="test")
        plan = plans.offer(uow, spa_id, "glow", "Glow", Terms(dues_cents=14_900), actor="test")
        tasks.open_task(uow, spa_id, key="look", kind="wrong_amount", client_id=ana, facts={})
        [[task_id]] = uow.sql("SELECT id FROM staff_task").fetchall()
        asked = Wanted(kind="grant", client_id=ana, payload={"client": ana, "answers": {}}, mark="", lines=(), why="")
        approvals.ask(uow, spa_id, asked, token="a-form-token", actor="staff:999")
        [[approval_id]] = uow.sql("SELECT id FROM approval").fetchall()
    sold = checkout.commit(world.rt, spa_id, ana, cart, quote, key="k", tender=Tender.CASH, actor="staff:1")
    assert isinstance(sold, Sold)
    assert isinstance(reply, Canned)
    return {
        "spa_id": spa_id,
        "client_id": ana,
        "ticket_id": sold.ticket_id,
        "task_id": task_id,
        "approval_id": approval_id,
        "name": "mrr",
        "campaign_id": campaign,
        "act": "stop",
        "plan_id": plan.plan_id,
        "user_id": employ(world, Role.DESK, "dana@example.com"),
        "what": "offers",
        "of": f"m{ana}",
        "canned_id": reply.id,
        "code": "facial",
        "unit": "visit",
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


def test_each_role_meets_each_policy(app: Flask, world: World, ids: Ids, walked: dict[Role, Visitor]) -> None:
    """Signed in at one spa: their own pages by their role; every page of another spa is not there."""
    elsewhere = ids | {"spa_id": other_spa(world)}
    wrong: list[Any] = []
    for rule in routes(app):
        if rule.endpoint in OF_NO_SPA or "GET" not in (rule.methods or set()):
            continue
        permission = getattr(app.view_functions[rule.endpoint], POLICY)
        mine, theirs = path_of(rule, ids), path_of(rule, elsewhere)
        for role, visitor in walked.items():
            expected = {200, 303, 422} if may(role, permission) else {403}
            if (got := visitor.get(mine).status_code) not in expected:
                wrong.append((role, mine, got))
            if (got := visitor.get(theirs).status_code) != 404:
                wrong.append((role, theirs, got))
    assert wrong == []


def test_a_form_meets_it_too(app: Flask, world: World, ids: Ids, walked: dict[Role, Visitor]) -> None:
    elsewhere = ids | {"spa_id": other_spa(world)}
    wrong: list[Any] = []
    for rule in routes(app):
        if rule.endpoint in OF_NO_SPA or "POST" not in (rule.methods or set()):
            continue
        permission = getattr(app.view_functions[rule.endpoint], POLICY)
        mine, theirs = path_of(rule, ids), path_of(rule, elsewhere)
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


def test_a_stranger_is_shown_to_the_door(app: Flask, ids: Ids) -> None:
    stranger = Visitor(app.test_client())
    for rule in routes(app):
        if "GET" in (rule.methods or set()):
            answer = stranger.get(path_of(rule, ids))
            assert answer.status_code in {303, 308}, rule.rule
            assert answer.location.startswith("/console/"), rule.rule


def test_the_desk_may_do_less_than_a_manager_and_the_owner_everything() -> None:
    assert MAY[Role.DESK] < MAY[Role.MANAGER] < MAY[Role.OWNER] == frozenset(Permission)
