"""What if, on its page: asked in the address, answered to the cent, and nothing is changed by asking."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from assistant.domain.credits import MILLI, LotClass
from assistant.domain.permissions import Role
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.rollover import Expire
from assistant.services import plans
from tests.console import Visitor, console_app, signed_in
from tests.world import World

HOLD = "keeps0=cap&most0=2&then0=hold&keeps1=days&days1=40"


@pytest.fixture
def plan_id(world: World) -> int:
    """Two members under a plan with a promotion, three months paid."""
    grants = (
        GrantTerms("visit", MILLI),
        GrantTerms("extra", MILLI, LotClass.PROMO, Expire(40)),
    )
    people = [world.client("Ana"), world.client("Bea", "+15055550111")]
    with world.rt.unit_of_work() as uow:
        glow = plans.offer(uow, 1, "glow", "Glow", Terms(dues_cents=14_900, grants=grants), actor="test")
        for each in people:
            plans.join(uow, 1, each, glow.version_id, today=world.clock.now().date())
    for each in people:
        world.card(each)
    for _ in range(3):
        world.bill()
        world.clock.advance(timedelta(days=31))
    world.spend(people[0], 3)
    return glow.plan_id


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def owner(app: Flask, world: World, plan_id: int) -> Visitor:
    assert plan_id
    return signed_in(app, world, Role.OWNER)


def asked(visitor: Visitor, plan_id: int, query: str = "") -> tuple[int, str]:
    answer = visitor.get(f"/console/1/plans/{plan_id}/what-if?{query}")
    return answer.status_code, re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_it_begins_with_what_is_sold_and_asks_nothing(owner: Visitor, plan_id: int) -> None:
    status, page = asked(owner, plan_id)
    assert status == 200
    assert "Side by side" not in page
    html = owner.get(f"/console/1/plans/{plan_id}/what-if").text
    assert '<option value="stays" selected>' in html
    assert '<option value="days" selected>' in html
    assert 'value="40"' in html
    assert "What if" in owner.get(f"/console/1/plans/{plan_id}").text


def test_both_stand_side_by_side_with_who_it_matters_to(world: World, owner: Visitor, plan_id: int) -> None:
    before = world.rows("SELECT count(*) FROM ledger_entry")
    status, page = asked(owner, plan_id, HOLD)
    assert status == 200
    assert "the history of 2 members comes to what the books owe them, $447.00, to the cent." in page
    assert "Owed in credit today Dues that were paid for credit which is still there. $447.00 $298.00" in page
    assert "$0.00 $298.00 +$298.00" in page, "not charged"
    assert "0 would be better off, 2 worse, and 0 as they are." in page
    assert "Bea Example" in page
    assert world.rows("SELECT count(*) FROM ledger_entry") == before


def test_as_it_is_sold_makes_no_difference(owner: Visitor, plan_id: int) -> None:
    _, page = asked(owner, plan_id, "keeps0=stays&keeps1=days&days1=40")
    assert "It would make no difference to anybody." in page


def test_what_the_law_keeps_is_said_and_not_simulated(owner: Visitor, plan_id: int) -> None:
    status, page = asked(owner, plan_id, "keeps0=days&days0=60&keeps1=days&days1=40")
    assert status == 200
    assert "That would take what members paid for" in page
    assert "It would make no difference to anybody." in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("keeps0=cap&most0=0.5", "A cap holds at least what one cycle has ever banked."),
        ("keeps0=cap&most0=lots", "A cap holds at least what one cycle has ever banked."),
        ("keeps1=days&days1=0", "A number of days, 1 to 3,653."),
        ("keeps1=days&days1=-4", "A number of days, 1 to 3,653."),
        ("keeps1=days&days1=99999", "A number of days, 1 to 3,653."),
        ("keeps1=days&days1=10&grace1=x", "A whole number of days"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(owner: Visitor, plan_id: int, query: str, said: str) -> None:
    status, page = asked(owner, plan_id, query)
    assert status == 422
    assert said in page
    assert "Side by side" not in page


def test_the_desk_does_not_see_it_and_no_other_spas_plan_is_there(app: Flask, world: World, plan_id: int) -> None:
    assert asked(signed_in(app, world, Role.DESK), plan_id)[0] == 403
    assert asked(signed_in(app, world, Role.MANAGER), plan_id)[0] == 200
    assert asked(signed_in(app, world, Role.MANAGER), 99)[0] == 404
