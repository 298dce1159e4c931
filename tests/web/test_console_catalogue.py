"""What is sold: an owner puts it in, and the till offers it and no longer does."""

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from tests.console import Visitor, console_app, signed_in
from tests.world import World

AT = "/console/1/settings"
PEEL = {"name": "Gentle Peel", "category": "facials", "price": "140", "unit": "", "many": "1", "dollars": "1"}
CREDIT = {"en_one": "glow", "en_many": "glows", "es_one": "brillo", "es_many": "brillos", "price": "50.00"}


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def owner(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.OWNER)


def keep(visitor: Visitor, path: str, form: dict[str, str]) -> tuple[int, str]:
    answer = visitor.post(f"{AT}/{path}", form)
    return answer.status_code, answer.text


def sold(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT code, list_price_cents, credit_unit, credit_amount, dollars_cover, taxable, retired_at IS NULL"
        " FROM service ORDER BY id"
    )


def test_from_an_empty_house_to_a_sale_paid_by_credit(app: Flask, world: World, owner: Visitor) -> None:
    """As a new owner would: a kind of credit, a service that it pays for, and the till offers it."""
    assert "Nothing is sold yet." in owner.get(f"{AT}/sold").text
    assert keep(owner, "credits/new", CREDIT)[0] == 303
    assert keep(owner, "sold/new", PEEL | {"unit": "glow", "many": "0.5"})[0] == 303
    assert sold(world) == [("gentle-peel", 14_000, "glow", 500, True, False, True)]
    assert "0.5 glows" in owner.get(f"{AT}/sold").text
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=world.clock.now().date())
    world.grant(ana, unit="glow")
    sale = signed_in(app, world, Role.DESK).get(f"/console/1/checkout/{ana}?code-1=gentle-peel&many-1=2").text
    assert "Nothing to pay: finish" in sale


def test_a_price_is_changed_and_what_it_was_is_kept(world: World, owner: Visitor) -> None:
    keep(owner, "sold/new", PEEL)
    page = owner.get(f"{AT}/sold/gentle-peel").text
    assert 'value="140.00"' in page
    assert keep(owner, "sold/gentle-peel", PEEL | {"price": "$1,155.50", "dollars": "", "taxable": "1"})[0] == 303
    assert sold(world) == [("gentle-peel", 115_550, None, 1000, False, True, True)]
    [(before, after)] = world.rows(
        "SELECT before ->> 'list_price_cents', after ->> 'list_price_cents' FROM audit"
        " WHERE act = 'service_kept' AND before IS NOT NULL"
    )
    assert (before, after) == ("14000", "115550")


def test_off_the_list_the_till_offers_it_no_more(world: World, owner: Visitor) -> None:
    keep(owner, "sold/new", PEEL)
    ana = world.client("Ana")
    sale = f"/console/1/checkout/{ana}"
    assert "Gentle Peel" in owner.get(sale).text
    keep(owner, "sold/gentle-peel", {"list": "off"})
    assert "Gentle Peel" not in owner.get(sale).text
    assert "Off the list" in owner.get(f"{AT}/sold").text
    for _ in range(2):
        keep(owner, "sold/gentle-peel", {"list": "on"})
    assert "Gentle Peel" in owner.get(sale).text
    assert world.rows("SELECT after ->> 'listed' FROM audit WHERE act = 'service_listed' ORDER BY id") == [
        ("false",),
        ("true",),
    ]


def test_two_of_one_name_are_two(world: World, owner: Visitor) -> None:
    for _ in range(3):
        keep(owner, "sold/new", PEEL)
    keep(owner, "sold/new", PEEL | {"name": "Ñandú"})
    keep(owner, "sold/new", PEEL | {"name": "光"})
    assert [row[0] for row in sold(world)] == ["gentle-peel", "gentle-peel-2", "gentle-peel-3", "nandu", "item"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "It wants a word."),
        ("category", "", "It wants a word."),
        ("price", "a lot", "Dollars and cents, such as 165.00."),
        ("price", "-5", "Dollars and cents, such as 165.00."),
        ("price", "100000.01", "Dollars and cents, such as 165.00."),
        ("unit", "gold", "There is no such credit."),
        ("many", "0", "A number, such as 1 or 0.5."),
        ("many", "1e3", "A number, such as 1 or 0.5."),
        ("many", "101", "A number, such as 1 or 0.5."),
    ],
)
def test_what_cannot_be_sold_is_said_beside_its_field(
    world: World, owner: Visitor, field: str, typed: str, said: str
) -> None:
    status, page = keep(owner, "sold/new", PEEL | {field: typed})
    assert status == 422
    assert said in page
    assert field == "category" or 'value="facials"' in page, "nothing typed is lost"
    assert sold(world) == []


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("en_one", "filler credit", "never the name of a treatment"),
        ("es_many", "créditos de relleno", "never the name of a treatment"),
        ("en_many", "", "It wants a word."),
        ("es_one", "{{ x }}", "It wants a word."),
        ("price", "0", "Dollars and cents"),
    ],
)
def test_credit_is_not_called_by_a_treatment(world: World, owner: Visitor, field: str, typed: str, said: str) -> None:
    status, page = keep(owner, "credits/new", CREDIT | {field: typed})
    assert status == 422
    assert said in page
    assert world.rows("SELECT count(*) FROM credit_kind WHERE unit = 'glow'") == [(0,)]


def test_the_words_of_a_credit_are_changed_in_its_place(world: World, owner: Visitor) -> None:
    assert 'value="visit credit"' in owner.get(f"{AT}/credits/visit").text
    assert keep(owner, "credits/visit", CREDIT)[0] == 303
    assert world.rows("SELECT words -> 'en' ->> 1, reference_cents FROM credit_kind WHERE unit = 'visit'") == [
        ("glows", 5_000)
    ]
    assert owner.get(f"{AT}/credits/none").status_code == 404
    assert owner.get(f"{AT}/sold/none").status_code == 404


def test_a_manager_reads_it_and_the_desk_does_not(app: Flask, world: World, owner: Visitor) -> None:
    keep(owner, "sold/new", PEEL | {"name": '<script>alert("x")</script>'})
    manager, desk = signed_in(app, world, Role.MANAGER), signed_in(app, world, Role.DESK)
    page = manager.get(f"{AT}/sold").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "New service" not in page
    assert manager.get(f"{AT}/sold/new").status_code == 403
    assert desk.get(f"{AT}/sold").status_code == 403
