"""A member's page: what happened to their credit and why, its sums, and the brief for when they come in."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from assistant.db import tills
from assistant.db.spas import Service
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI
from assistant.domain.permissions import Role
from assistant.domain.tickets import Quote, Tender
from assistant.services import checkout, credit_changes, credits, profile, tasks
from assistant.services.checkout import Sold
from assistant.services.credits import Spent
from assistant.services.limits import By
from tests.console import Visitor, console_app, signed_in
from tests.world import World

BY = By(actor="staff:1", reason="for her patience")


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    return client_id


def page(visitor: Visitor, client_id: int) -> str:
    """In words alone, a line each."""
    text = unescape(re.sub(r"<[^>]+>", " ", visitor.get(f"/console/1/members/{client_id}").text))
    return re.sub(r"\s+([,:])?", r"\1 ", text).replace("  ", " ")


def sold(world: World, client_id: int) -> int:
    with world.rt.unit_of_work() as uow:
        uow.session.add(
            Service(
                spa_id=1, code="facial", name="Facial", category="facials", list_price_cents=16_500, credit_unit="visit"
            )
        )
    cart = Cart(lines=(CartLine(code="facial"),))
    with world.rt.unit_of_work() as uow:
        quote = checkout.quote(uow, 1, client_id, cart)
    assert isinstance(quote, Quote)
    done = checkout.commit(world.rt, 1, client_id, cart, quote, key="a", tender=Tender.CASH, actor="staff:1")
    assert isinstance(done, Sold)
    return done.ticket_id


def test_what_became_of_credit_is_told_with_why(app: Flask, world: World, ana: int) -> None:
    owner = signed_in(app, world, Role.OWNER)
    with world.rt.unit_of_work() as uow:
        credit_changes.adjust(uow, 1, client_id=ana, unit="visit", amount=2 * MILLI, key="k", by=BY)
    ticket_id = sold(world, ana)
    with world.rt.unit_of_work() as uow:
        credit_changes.adjust(uow, 1, client_id=ana, unit="visit", amount=-MILLI, key="b", by=BY)
    world.grant(ana, unit="extra", expires_on=date(2026, 11, 25))
    world.clock.advance(timedelta(days=10))
    with world.rt.unit_of_work() as uow:
        credits.expire(uow, 1, world.spa.zone)
    shown = page(owner, ana)
    for words in (
        "+2 visit credits banked, given by staff",
        "for her patience",
        f"\N{MINUS SIGN}1 visit credit used, ticket {ticket_id}",
        "\N{MINUS SIGN}1 visit credit taken back",
        "\N{MINUS SIGN}1 extra ran out",
    ):
        assert words in shown, words
    assert f'href="/console/1/tickets/{ticket_id}"' in owner.get(f"/console/1/members/{ana}").text
    assert "credit adjusted" not in shown.lower()


def test_lots_of_a_kind_are_summed_with_the_lots_below(app: Flask, world: World, ana: int) -> None:
    world.grant(ana, 2)
    world.grant(ana, 1, expires_on=date(2026, 12, 24))
    shown = page(signed_in(app, world, Role.DESK), ana)
    assert "Credits 3 visit credits" in shown
    assert "2 visit credits" in shown
    assert "until Dec 24, 2026" in shown


def brief_of(world: World, client_id: int) -> Any:  # noqa: ANN401
    with world.rt.unit_of_work() as uow:
        found = profile.look(uow, 1, client_id)
        till = tills.till(uow, 1, client_id, Cart(lines=()), now=uow.now)
    assert found is not None
    assert till is not None
    assert found.brief.arrival == till.client.arrival
    return found.brief


def test_the_brief_says_what_the_desk_needs_at_one_glance(app: Flask, world: World) -> None:
    bea = world.client("Bea")
    world.enrol(bea, anchor_on=date(2026, 11, 20))
    world.card(bea, "4000000000000341")
    world.bill()
    world.grant(bea, 1, expires_on=date(2026, 11, 28))
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE client SET born_on = '1990-11-24' WHERE id = %s", (bea,))
        uow.sql("UPDATE card SET exp_year = 2026, exp_month = 12")
        tasks.open_task(uow, 1, key="k", kind="wrong_amount", client_id=bea, facts={})
    shown = page(signed_in(app, world, Role.DESK), bea)
    for words in ("Owes $149.00", "until Nov 28, 2026", "Birthday Nov 24, 2026", "The card ends Dec 31, 2026"):
        assert words in shown, words
    assert "Waits for a person: wrong amount" in shown
    assert "First visit" in shown
    brief = brief_of(world, bea)
    assert brief.arrival.owed_cents == 14_900
    assert "wrong_amount" in brief.waits


def test_a_last_visit_is_told_and_nothing_owed(app: Flask, world: World, ana: int) -> None:
    world.grant(ana)
    sold(world, ana)
    shown = page(signed_in(app, world, Role.DESK), ana)
    assert "Owes nothing" in shown
    assert "Last visit Nov 20, 2026" in shown
    assert brief_of(world, ana).usable == ()


def test_credit_used_at_another_till_was_a_visit_unless_it_was_undone(world: World, ana: int) -> None:
    world.grant(ana, 2)
    used = world.spend(ana)
    assert isinstance(used, Spent)
    assert brief_of(world, ana).last_visit_on == date(2026, 11, 20)
    with world.rt.unit_of_work() as uow:
        credits.undo(uow, 1, used.entry_id, zone=world.spa.zone)
    assert brief_of(world, ana).last_visit_on is None


def test_what_happened_in_another_year_says_so(app: Flask, world: World, ana: int) -> None:
    world.grant(ana, at=world.clock.now() - timedelta(days=400))
    world.grant(ana)
    shown = page(signed_in(app, world, Role.DESK), ana)
    assert "Oct 16, 2025, 12:00 PM" in shown
    assert "Fri, Nov 20, 11:00 AM" in shown


def test_a_page_asks_no_more_questions_for_more_memberships(world: World, ana: int) -> None:
    """The number of statements is one number, whoever it is."""

    def asked() -> int:
        with world.rt.unit_of_work() as uow:
            plain, many = uow.sql, 0

            def counting(*args: Any) -> Any:  # noqa: ANN401
                nonlocal many
                many += 1
                return plain(*args)

            uow.sql = counting  # type: ignore[method-assign]
            profile.look(uow, 1, ana)
            return many

    one = asked()
    for _ in range(3):
        world.enrol(ana, anchor_on=date(2026, 12, 20))
        world.grant(ana)
    assert asked() == one
