"""At the till of the console: found, quoted with its reasons, paid once, and taken back."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assistant.db.spas import Service
from assistant.domain.permissions import Role
from assistant.services import verification
from tests.console import Visitor, console_app, signed_in
from tests.world import World

MEMBER_PRICES = {"dues_cents": 14_900, "pricing": [{"category": "facials", "percent": 20}]}
HIDDEN = re.compile(r'<input type="hidden"[^>]* name="([^"]+)" value="([^"]*)"')
TYPED = re.compile(r'<input id="[^"]+" name="([^"]+)"(?: type="\w+")? value="([^"]*)"')
XSS = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def services(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        uow.session.add_all(
            Service(
                spa_id=world.spa.spa_id,
                code=code,
                name=name,
                category=category,
                list_price_cents=cents,
                credit_unit=unit,
            )
            for code, name, category, cents, unit in (
                ("signature", "Signature Facial", "facials", 16_500, "visit"),
                ("peel", "Gentle Peel", "facials", 14_000, None),
                ("cream", f"Cream {XSS}", "products", 6_000, None),
            )
        )


@pytest.fixture(autouse=True)
def _books_are_right(world: World) -> Iterator[None]:
    yield
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def desk(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.DESK)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 11, 1), terms=MEMBER_PRICES)
    return client_id


def at(world: World, rest: str) -> str:
    return f"/console/{world.spa.spa_id}/{rest}"


def form_of(page: str) -> dict[str, str]:
    """The cart's form, as a browser would send it."""
    return {name: unescape(value) for found in (HIDDEN, TYPED) for name, value in found.findall(page)}


def press(visitor: Visitor, path: str, page: str, **button: str) -> TestResponse:
    sent = form_of(page) | button
    return visitor.http.post(path, data=sent, base_url=visitor.base, headers={"Referer": visitor.base + path})


def filled_cart(visitor: Visitor, world: World, client_id: int, *codes: str) -> tuple[str, str]:
    """A cart with these in it: its address, and its page."""
    path = at(world, f"checkout/{client_id}")
    page = visitor.get(path).text
    for code in codes:
        answer = press(visitor, path, page, add=code)
        assert answer.status_code == 303
        page = visitor.get(answer.location).text
    return path, page


def sold(visitor: Visitor, world: World, client_id: int, *codes: str, tender: str = "cash") -> str:
    """The address of a ticket that was paid for."""
    path, page = filled_cart(visitor, world, client_id, *codes)
    answer = press(visitor, path, page, tender=tender)
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.location).path


def tickets(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT status, tender, total_cents FROM ticket ORDER BY id")


def test_a_sale_waits_while_somebody_else_is_served_and_goes_on(world: World, desk: Visitor, ana: int) -> None:
    sale = at(world, f"checkout/{ana}")
    page = desk.get(f"{sale}?code-1=peel&many-1=2&off-1=a+friend&tip=10.00").text
    held = press(desk, sale, page, hold="1")
    assert held.status_code == 303
    waiting = desk.get(at(world, "checkout")).text
    assert "The sale of Ana Example waits here." in waiting
    [address] = re.findall(rf'href="({sale}[?][^"]+)"', waiting)
    assert "held by Desk Example" in desk.get(sale).text
    went_on = desk.get(unescape(address)).text
    for typed in ('value="2"', 'value="a friend"', 'value="10.00"'):
        assert typed in went_on, typed
    assert press(desk, sale, went_on, tender="cash").status_code == 303
    assert world.rows("SELECT count(*) FROM ticket WHERE status = 'paid'") == [(1,)]
    assert world.rows("SELECT count(*) FROM held_sale") == [(0,)]


def test_a_sale_that_waits_is_let_go_and_an_empty_one_does_not_wait(world: World, desk: Visitor, ana: int) -> None:
    sale = at(world, f"checkout/{ana}")
    press(desk, sale, desk.get(f"{sale}?code-1=peel&many-1=some").text, hold="1")
    assert world.rows("SELECT fields ->> 'many-1' FROM held_sale") == [("some",)], "it waits as it was typed"
    assert desk.post(f"{sale}/let-go", {}, page=at(world, "checkout")).status_code == 303
    assert world.rows("SELECT count(*) FROM held_sale") == [(0,)]
    press(desk, sale, desk.get(sale).text, hold="1")
    assert world.rows("SELECT count(*) FROM held_sale") == [(0,)]


def test_from_the_search_to_paid_in_four_clicks(desk: Visitor, world: World, ana: int) -> None:
    """Find; their name; what they had; the card: four, and each is one request and what it leads to."""
    world.card(ana)
    clicks = 1
    found = desk.get(at(world, "checkout?q=ana")).text
    assert f'href="{at(world, f"checkout/{ana}")}"' in found
    clicks += 1
    path = at(world, f"checkout/{ana}")
    page = desk.get(path).text
    clicks += 1
    answer = press(desk, path, page, add="signature")
    page = desk.get(answer.location).text
    assert "Member price, $33.00 less" in page
    clicks += 1
    answer = press(desk, path, page, tender="card")
    assert clicks == 4
    assert tickets(world) == [("paid", "card", 13_200)]
    receipt = desk.get(answer.location).text
    assert "Paid: $132.00, card on file." in receipt
    assert "Signature Facial" in receipt


def test_credit_applies_itself_and_says_why(desk: Visitor, world: World, ana: int) -> None:
    world.grant(ana, 1)
    path, page = filled_cart(desk, world, ana, "signature")
    assert "1 visit credit covers $165.00" in page
    assert "Nothing to pay: finish" in page
    assert press(desk, path, page, tender="nothing").status_code == 303
    assert tickets(world) == [("paid", "nothing", 0)]


def test_the_same_form_twice_is_one_sale(desk: Visitor, world: World, ana: int) -> None:
    path, page = filled_cart(desk, world, ana, "peel")
    first, second = (press(desk, path, page, tender="cash") for _ in range(2))
    assert first.location == second.location
    assert tickets(world) == [("paid", "cash", 11_200)]


def test_what_was_typed_since_is_worked_out_and_not_taken(desk: Visitor, world: World, ana: int) -> None:
    path, page = filled_cart(desk, world, ana, "peel")
    answer = press(desk, path, page, tender="cash", **{"many-1": "2"})
    assert answer.status_code == 409
    assert "nothing was taken" in answer.text
    assert "$224.00" in answer.text
    assert tickets(world) == []


def test_credit_that_went_elsewhere_is_told_with_where_it_went(desk: Visitor, world: World, ana: int) -> None:
    world.grant(ana, 1)
    path, page = filled_cart(desk, world, ana, "signature")
    sold(desk, world, ana, "signature", tender="nothing")
    answer = press(desk, path, page, tender="cash")
    assert answer.status_code == 409
    text = unescape(answer.text)
    assert "It was quoted with 1 visit credit, and there is 0 visit credits to use." in text or "0" in text
    assert "by Desk Example" in text
    assert "for ticket" in text
    assert "$132.00" in text
    assert len(tickets(world)) == 1
    assert press(desk, path, answer.text, tender="cash").status_code == 303
    assert tickets(world)[1] == ("paid", "cash", 13_200)


def test_what_cannot_be_read_is_kept_beside_its_field(desk: Visitor, world: World, ana: int) -> None:
    path, page = filled_cart(desk, world, ana, "peel")
    answer = press(desk, path, page, tip="lots", **{"many-1": "two"})
    page = desk.get(answer.location).text
    assert 'value="two"' in page
    assert 'value="lots"' in page
    assert "A whole number, 1 to 1000." in page
    assert "Dollars and cents" in page
    assert "tender" not in page
    assert press(desk, path, page, tender="cash").status_code == 422


def test_a_tip_by_percent_and_a_line_taken_out(desk: Visitor, world: World, ana: int) -> None:
    path, page = filled_cart(desk, world, ana, "peel", "signature")
    page = desk.get(press(desk, path, page, **{"tip-is": "28.00"}).location).text
    assert form_of(page)["tip"] == "28.00"
    page = desk.get(press(desk, path, page, drop="2").location).text
    assert press(desk, path, page, tender="terminal").status_code == 303
    assert tickets(world) == [("paid", "terminal", 14_000)]


def test_a_forged_quote_takes_no_other_price(desk: Visitor, world: World, ana: int) -> None:
    path, page = filled_cart(desk, world, ana, "peel")
    forged = form_of(page)["accepted"].replace("11200", "1")
    answer = press(desk, path, page, tender="cash", accepted=forged)
    assert answer.status_code == 409
    assert press(desk, path, page, tender="cash", accepted="{").status_code == 422
    assert tickets(world) == []


def test_names_are_never_markup(desk: Visitor, world: World) -> None:
    evil = world.client(XSS, "+15055550123")
    _, page = filled_cart(desk, world, evil, "cream")
    receipt = desk.get(sold(desk, world, evil, "cream")).text
    listed = desk.get(at(world, "tickets")).text + desk.get(at(world, "checkout")).text
    for each in (page, receipt, listed):
        assert XSS not in each
        assert "&lt;script&gt;" in each
