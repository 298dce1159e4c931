"""Plans in the console: designed with the math in sight, offered once, retired, given a new price with care."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from assistant.db.spas import Service
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.domain.pausing import PausePolicy
from assistant.domain.perks import Perk, PerkKind
from assistant.domain.permissions import Role
from assistant.domain.plans import Cadence, GrantTerms, Terms
from assistant.domain.pricing import PriceRule
from assistant.domain.rollover import AtCap, Cap, Expire, RollOver
from assistant.services import plans
from assistant.web.console.plan_form import Typed, typed_of
from tests.console import ONCE, Visitor, console_app, employ, signed_in
from tests.web.test_console_policy import other_spa
from tests.world import World

FORM = {"name": "Glow Plus", "dues": "199", "cadence": "monthly", "unit0": "visit", "amount0": "1", "most_months": "3"}


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def owner(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.OWNER)


def at(world: World, rest: str = "") -> str:
    return f"/console/{world.spa.spa_id}/plans{rest}"


def send(visitor: Visitor, path: str, form: dict[str, str]) -> Any:  # noqa: ANN401
    token = ONCE.search(visitor.get(path).text)
    assert token
    return visitor.post(path, {"once": token[1]} | form)


def offered(world: World, dues_cents: int = 14_900) -> plans.Offered:
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=dues_cents, grants=(GrantTerms("visit", MILLI),))
        return plans.offer(uow, world.spa.spa_id, "glow", "Glow", terms, actor="test")


def sold(world: World) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT p.code, v.number, v.dues_cents FROM plan p JOIN plan_version v ON v.plan_id = p.id ORDER BY v.id"
    )


def test_a_plan_is_looked_at_and_then_offered_once(world: World, owner: Visitor) -> None:
    with world.rt.unit_of_work() as uow:
        uow.session.add(
            Service(spa_id=world.spa.spa_id, code="peel", name="Peel", category="facials", list_price_cents=1)
        )
    empty = owner.get(at(world, "/new")).text
    for option in ("category:facials", "service:peel"):
        assert f'<option value="{option}"' in empty
    looked = send(owner, at(world, "/new"), FORM | {"look": "1"})
    assert looked.status_code == 200
    assert "$199.00 a month, renewing by itself." in looked.text
    assert "A member pays beyond it" in looked.text
    assert sold(world) == []
    form = FORM | {"save": "1", "once": "y" * 20}
    assert [send(owner, at(world, "/new"), form).status_code for _ in range(2)] == [303, 422]
    assert sold(world) == [("glow-plus", 1, 19_900)]
    assert "Glow Plus" in owner.get(at(world)).text


def test_a_new_version_keeps_what_members_have(world: World, owner: Visitor) -> None:
    first = offered(world)
    design = at(world, f"/{first.plan_id}/design")
    assert 'value="149.00"' in owner.get(design).text
    ana = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        plans.join(uow, world.spa.spa_id, ana, first.version_id, today=date(2026, 11, 20))
    assert send(owner, design, FORM | {"name": "Glow", "dues": "159", "save": "1"}).status_code == 303
    assert sold(world) == [("glow", 1, 14_900), ("glow", 2, 15_900)]
    assert world.rows("SELECT plan_version_id FROM membership") == [(first.version_id,)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Give it a name"),
        ({"dues": ""}, "Say what it costs"),
        ({"dues": "lots"}, "Dollars and cents"),
        ({"dues": "99999"}, "Dollars and cents"),
        ({"amount0": "some"}, "A number, as 1 or 1.5."),
        ({"cap0": "0.5"}, "A cap holds at least"),
        ({"off0": "half"}, "Type 20% for so much off"),
        ({"off0": "101%"}, "Type 20% for so much off"),
        ({"intro": "250", "intro_cycles": "2"}, "An introductory price is not above the dues"),
        ({"minimum_cycles": "40"}, "A whole number up to 36"),
        ({"unit1": "visit", "amount1": "2"}, "granted twice"),
    ],
)
def test_what_cannot_be_sold_is_told_beside_its_field(
    world: World, owner: Visitor, changed: dict[str, str], said: str
) -> None:
    answer = send(owner, at(world, "/new"), FORM | changed | {"save": "1", "extras": "kept words"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "kept words" in answer.text
    assert sold(world) == []


CAPS = st.builds(Cap, st.integers(5_000, 90_000), st.sampled_from(AtCap))
KEEPS = st.just(RollOver()) | CAPS | st.builds(Expire, st.integers(1, 400))
GRANT = st.builds(
    GrantTerms,
    st.sampled_from(["visit", "extra", "scan", "mist"]),
    st.integers(1, 5_000),
    st.sampled_from([LotClass.PAID, LotClass.PROMO]),
    KEEPS,
) | st.builds(GrantTerms, st.just(USD), st.integers(1, 90_000))
PRICE = st.builds(
    PriceRule, percent=st.integers(0, 100), category=st.none() | st.just("facials"), stacks=st.booleans()
) | st.builds(PriceRule, fixed_cents=st.integers(0, 50_000), service=st.just("peel"))
AMOUNTS = {"amount": st.integers(1, 5_000), "valid_days": st.integers(1, 366)}
PERK = st.builds(Perk, kind=st.just(PerkKind.BIRTHDAY), unit=st.just("visit"), **AMOUNTS)
TERMS = st.builds(
    Terms,
    dues_cents=st.integers(0, 500_000),
    cadence=st.sampled_from(Cadence),
    setup_fee_cents=st.integers(0, 50_000),
    minimum_cycles=st.integers(0, 3),
    grants=st.lists(GRANT, max_size=5, unique_by=lambda each: each.unit).map(tuple),
    pricing=st.lists(PRICE, max_size=6, unique=True).map(tuple),
    perks=st.just(()) | PERK.map(lambda each: (each,)),
    pause=st.builds(PausePolicy, most_months=st.integers(0, 12), most_in_12_months=st.integers(0, 12)),
)
UNITS = dict.fromkeys(("visit", "extra", "scan", "mist"), 10_000)


@given(TERMS)
def test_terms_that_are_shown_and_sent_back_are_the_same_terms(terms: Terms) -> None:
    """What the form has no fields for among them: nothing is lost by looking at it."""
    typed = typed_of("Glow", terms)
    again = Typed(dict(typed.fields)).terms(terms, UNITS)
    assert typed.wrong == {}
    assert again is not None
    assert Counter(again.grants) == Counter(terms.grants)
    assert Counter(again.pricing) == Counter(terms.pricing)
    assert replace(again, grants=(), pricing=()) == replace(terms, grants=(), pricing=())


def test_a_new_price_is_decided_with_the_number_typed(world: World, owner: Visitor) -> None:
    first = offered(world)
    for name in ("Ana", "Bea"):
        client = world.client(name, f"+1505555014{len(name) + ord(name[0]) % 2}")
        with world.rt.unit_of_work() as uow:
            plans.join(uow, world.spa.spa_id, client, first.version_id, today=date(2026, 11, 20))
    page = at(world, f"/{first.plan_id}/price")
    assert "Everybody has the newest terms" in owner.get(page).text
    offered(world, 15_900)
    shown = owner.get(page).text
    assert "2 members of version 1" in shown
    assert "Ana, your Glow dues go from $149.00 to $159.00" in shown
    assert "Ana, tu plan Glow pasa de $149.00 a $159.00" in shown
    assert "$149.00 now, $159.00 from" in shown
    soon, later = str(date(2026, 11, 22)), str(date(2026, 11, 20) + timedelta(days=25))
    assert owner.get(f"{page}?effective_on={soon}").status_code == 422
    wrong = owner.post(page, {"members": "3", "effective_on": later}, page=page)
    assert wrong.status_code == 422
    assert "It changes the price of 2 members." in wrong.text
    assert world.rows("SELECT count(*) FROM plan_migration") == [(0,)]
    for _ in range(2):
        assert owner.post(page, {"members": "2", "effective_on": later}, page=page).status_code == 303
    assert world.rows("SELECT effective_on::text FROM plan_migration") == [(later,)]
    assert "$149.00 to $159.00" in owner.get(at(world, f"/{first.plan_id}")).text


def test_a_plan_is_retired(world: World, owner: Visitor) -> None:
    page = at(world, f"/{offered(world).plan_id}")
    for _ in range(2):
        assert owner.post(f"{page}/retire", {}, page=page).status_code == 303
    assert "Nobody new" in owner.get(page).text
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'plan_retired'") == [(1,)]


def test_who_does_not_own_it_looks_and_changes_nothing(world: World, app: Flask) -> None:
    plan = offered(world)
    manager = signed_in(app, world, Role.MANAGER)
    page = at(world, f"/{plan.plan_id}")
    assert "New plan" not in manager.get(at(world)).text
    assert "No longer offer it" not in manager.get(page).text
    assert manager.post(f"{page}/retire", {}, page="/console/account").status_code == 403
    elsewhere = other_spa(world)
    employ(world, Role.OWNER, "else@example.com", spa_id=elsewhere)
    stranger = Visitor(app.test_client())
    stranger.sign_in("else@example.com")
    theirs = f"/console/{elsewhere}/plans/{plan.plan_id}"
    assert stranger.get(theirs).status_code == 404
    for act in ("retire", "price", "design"):
        assert stranger.post(f"{theirs}/{act}", FORM, page="/console/account").status_code == 404
    assert world.rows("SELECT retired_at FROM plan") == [(None,)]


def test_names_are_never_markup(world: World, owner: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    send(owner, at(world, "/new"), FORM | {"name": evil, "extras": evil, "save": "1"})
    for path in ("", "/1", "/1/design"):
        shown = owner.get(at(world, path)).text
        assert evil not in shown
        assert "&lt;script&gt;" in shown
