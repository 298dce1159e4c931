"""A spa that begins with nothing: opened, staffed, its shelves filled, a plan offered and its first sale quoted."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.services import openings
from assistant.services.spa_settings import Place
from tests.cli.test_billing_cli import Commands, run
from tests.console import ONCE, Visitor, console_app, employ
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PLACE = Place(
    name="Moss & Light",
    zone="America/New_York",
    locale="en",
    help_phone="(212) 555-0101",
    help_email="hello@moss.example.com",
    emergency_phone=None,
    postal_address=None,
)
NEW = ("spa", "open", "Moss & Light", "--zone", "America/New_York", "--help-phone", "(212) 555-0101")


def once(visitor: Visitor, path: str) -> dict[str, str]:
    found = ONCE.search(visitor.get(path).text)
    assert found, path
    return {"once": found[1]}


@pytest.fixture
def spa_id(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        return openings.open_spa(uow, PLACE, number="(212) 555-0100", carrier_confirms_stop=False, actor="test")


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


def hand(app: Flask, world: World, spa_id: int, role: Role) -> Visitor:
    employ(world, role, f"{role}@moss.example.com", spa_id=spa_id)
    visitor = Visitor(app.test_client())
    assert visitor.sign_in(f"{role}@moss.example.com").status_code == 302
    return visitor


def test_from_nothing_to_a_first_sale(app: Flask, world: World, spa_id: int) -> None:
    owner, home = hand(app, world, spa_id, Role.OWNER), f"/console/{spa_id}"
    for page in ("today", "members", "checkout", "inbox", "campaigns", "plans", "reports", "settings", "settings/sold"):
        assert owner.get(f"{home}/{page}").status_code == 200, page
    words = {"en_one": "visit", "en_many": "visits", "es_one": "visita", "es_many": "visitas", "price": "120"}
    assert owner.post(f"{home}/settings/credits/new", words).status_code == 303
    service = {"name": "Signature", "category": "facials", "price": "120", "unit": "visit", "many": "1", "dollars": "1"}
    assert owner.post(f"{home}/settings/sold/new", service).status_code == 303
    plan = {"name": "Glow", "dues": "99", "cadence": "monthly", "unit0": "visit", "amount0": "1", "most_months": "3"}
    form = plan | once(owner, f"{home}/plans/new")
    assert owner.post(f"{home}/plans/new", form | {"look": "1"}).status_code == 200
    assert owner.post(f"{home}/plans/new", form | {"save": "1"}).status_code == 303
    desk = hand(app, world, spa_id, Role.DESK)
    new = {"first_name": "Ana", "last_name": "Example", "phone": "(212) 555-0110", "email": ""}
    made = desk.post(f"{home}/checkout/new", new | once(desk, f"{home}/checkout/new"))
    assert made.status_code == 303, made.text
    sale = urlsplit(made.location).path
    page = desk.get(f"{sale}?code-1=signature&many-1=1").text
    assert "Join, and have it in this sale" in page
    assert "$120.00" in page


def test_the_house_is_opened_by_one_command(world: World, run: Commands) -> None:
    assert run(*NEW, "--help-email", "hello@moss.example.com", "--number", "212 555 0100") == 0
    assert "assistant staff invite --spa 2 --role owner" in run.told
    assert run("spa", "list") == 0
    assert "America/New_York         +12125550100" in run.told
    assert world.rows("SELECT actor, spa_id FROM audit WHERE act = 'spa_opened'") == [("staff:admin", 2)]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--help-email", "nobody"), "help_email (no_email)"),
        (("--help-email", "hello@moss.example.com", "--number", "12"), "number (no_phone)"),
        (("--help-email", "hello@moss.example.com", "--zone", "Mars/North"), "zone (unknown)"),
        (("--help-email", "hello@moss.example.com", "--number", "+15055550100"), "another spa texts from +15055550100"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(world: World, run: Commands, more: tuple[str, ...], why: str) -> None:
    assert run(*NEW, *more) == 1
    assert why in run.complained
    assert world.rows("SELECT count(*) FROM spa WHERE spa_id > 1") == [(0,)]
