"""The page behind a link to join: the terms before the card, a yes before both, and looking changes nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.domain.credits import MILLI
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import joins, plans
from assistant.services.joins import Begun
from tests.web.test_card_pages import RIGHT, WRONG, everything, made, typed
from tests.web.test_twilio import SETTINGS
from tests.world import PUBLIC, World


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.rt, SETTINGS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


def offer(world: World, cents: int = 14_900) -> None:
    terms = Terms(dues_cents=cents, setup_fee_cents=5_000, minimum_cycles=3, grants=(GrantTerms("visit", MILLI),))
    with world.rt.unit_of_work() as uow:
        plans.offer(uow, 1, "glow", "Glow", terms, actor="staff:1")


@pytest.fixture
def path(world: World, ana: int) -> str:
    """The path of the link that Ana was texted."""
    offer(world)
    with world.rt.unit_of_work() as uow:
        quote = joins.quote_join(uow, 1, ana, "glow")
        assert isinstance(joins.begin(uow, 1, ana, quote, actor="staff:1"), Begun)  # type: ignore[arg-type]
    world.settle()
    [word] = [word for word in world.received()[-1].split() if word.startswith(PUBLIC)]
    return word.removeprefix(PUBLIC)


def form(client: FlaskClient, path: str, **typed_: str) -> dict[str, str]:
    """What the page's form holds, as it was shown, and what is typed into it."""
    shown = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(path).text))
    return shown | {"digits": RIGHT, "agree": "yes"} | typed_


def go_on(client: FlaskClient, path: str, **typed_: str) -> TestResponse:
    return client.post(path, data=form(client, path, **typed_))


# --- looking ----------------------------------------------------------------------------------------------------------


def test_all_of_the_terms_come_before_anything_is_asked(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    told = page.text.index("What you agree to")
    for words in (
        "$199.00",
        "$149.00",
        "$50.00 once for joining",
        "Dec 20, 2026",
        "renews by itself, every month, until you end it",
        "at least 3 payments, until Feb 20, 2027",
        "call (505) 555-0101",
        "hello@example.com",
        "If you leave by Dec 19, 2026, you are not charged on Dec 20, 2026",
        "1 visit credit is banked",
    ):
        assert words in page.text
    assert told < page.text.index("<form") < page.text.index('name="agree"') < page.text.index("<button")
    assert 'name="agree" value="yes" required' in page.text  # and it is not ticked for anyone
    assert "checked" not in page.text


def test_nothing_on_it_says_whose_it_is(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    for word in ("Ana", "Example", RIGHT, "treatment", "<script", "style="):
        assert word not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_scanner_changes_nothing_and_the_human_goes_on(world: World, client: FlaskClient, path: str) -> None:
    before = everything(world)
    for _ in range(3):
        for address in (path, f"{path}/done", f"{path}?lang=es"):
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200
        for data in ({}, {"digits": ""}, {"digits": "12345", "agree": "yes"}):
            assert client.post(path, data=data).status_code == 422
    assert everything(world) == before
    assert go_on(client, path).status_code == 303


def test_it_is_one_page_in_both_languages(client: FlaskClient, path: str) -> None:
    page = client.get(f"{path}?lang=es").text
    for words in ("Únete a Glow", "Lo que aceptas", "20 de diciembre de 2026", "Acepto unirme a Glow"):
        assert words in page


# --- saying yes -------------------------------------------------------------------------------------------------------


def test_from_the_terms_to_the_membership(world: World, client: FlaskClient, path: str) -> None:
    answer = go_on(client, path)
    assert "We are saving your card" in client.get(f"{path}/done").text
    typed(world, answer)
    world.settle()
    done = client.get(f"{path}/done").text
    assert "Welcome" in done
    assert re.search(r"\$199.00\s*<small class=\"paid\">Paid", done)
    assert client.get(path).status_code == 200  # the link afterwards says what became of it
    assert "Welcome" in go_on(client, path).text
    [(agreement,)] = world.rows("SELECT agreement FROM join_request")
    assert agreement["ip"] == "127.0.0.1"  # type: ignore[index]
    assert world.rows("SELECT standing FROM membership") == [("active",)]


def test_what_is_agreed_to_in_spanish_is_kept_in_spanish(world: World, client: FlaskClient, path: str) -> None:
    spanish = form(client, f"{path}?lang=es")
    assert client.post(path, data=spanish).status_code == 303
    [(agreement,)] = world.rows("SELECT agreement FROM join_request")
    assert (agreement["locale"], agreement["hash"]) == ("es", spanish["terms"])  # type: ignore[index]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"digits": WRONG}, "Those are not the last four digits"),
        ({"agree": ""}, "Please tick the box"),
        ({"agree": "no"}, "Please tick the box"),
        ({"terms": "0" * 64}, "has changed since you opened this page"),
        ({"terms": ""}, "has changed since you opened this page"),
        ({"locale": "es"}, "has changed since you opened this page"),
    ],
)
def test_what_is_missing_is_told_beside_the_form(
    world: World, client: FlaskClient, path: str, how: dict[str, str], words: str
) -> None:
    answer = go_on(client, path, **how)
    assert answer.status_code == 422
    assert words in answer.text
    assert world.rows("SELECT status FROM join_request") == [("offered",)]
    assert go_on(client, path).status_code == 303


def test_a_page_that_was_open_over_midnight_is_read_again(world: World, client: FlaskClient, path: str) -> None:
    seen = form(client, path)
    world.clock.advance(timedelta(days=1))
    assert "has changed since" in client.post(path, data=seen).text
    assert go_on(client, path).status_code == 303


def test_pressing_twice_opens_one_page(world: World, client: FlaskClient, path: str) -> None:
    data = form(client, path)
    for _ in range(2):
        assert client.post(path, data=data).status_code == 303
    assert world.rows("SELECT count(*) FROM card_page") == [(1,)]
    assert world.rows("SELECT count(*), max(status) FROM join_request") == [(1, "agreed")]


def test_guesses_stop_at_five(world: World, app: Flask, client: FlaskClient, path: str) -> None:
    data = form(client, path, digits=WRONG)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(path, data=data).status_code, range(12)))
    assert answers.count(303) == 0
    assert world.rows("SELECT tries FROM secure_link") == [(5,)]
    assert client.get(path).status_code == 403


def test_where_the_processor_is_away_the_yes_is_kept_and_nothing_lost(
    world: World, client: FlaskClient, path: str
) -> None:
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="checkout.sessions.create", times=None))
    assert go_on(client, path).status_code == 503
    world.stripe.faults.lift()
    typed(world, go_on(client, path))
    world.settle()
    assert world.rows("SELECT standing FROM membership") == [("active",)]


# --- other doors ------------------------------------------------------------------------------------------------------


def test_each_link_opens_its_own_page_only(world: World, client: FlaskClient, ana: int, path: str) -> None:
    token = path.rpartition("/")[2]
    assert client.get(f"/card/{token}").status_code == 404
    assert client.post(f"/card/{token}", data={"digits": RIGHT}).status_code == 403
    assert world.rows("SELECT count(*) FROM card_page") == [(0,)]
    other = made(world, ana).rpartition("/")[2]
    assert client.get(f"/join/{other}").status_code == 404
    assert client.post(f"/join/{other}", data={"digits": RIGHT, "agree": "yes"}).status_code == 403


@pytest.mark.parametrize("token", ["1", "A" * 43, "A" * 42 + "!", "é" * 43])
def test_a_strangers_token_opens_nothing(client: FlaskClient, token: str) -> None:
    assert client.get(f"/join/{token}").status_code == 404
    assert client.post(f"/join/{token}", data={"digits": RIGHT, "agree": "yes"}).status_code == 403
    assert client.post(f"/join/{token}/again").status_code == 403


def test_an_old_link_offers_a_new_one(world: World, client: FlaskClient, path: str) -> None:
    world.clock.advance(timedelta(hours=72))
    assert client.get(path).status_code == 410
    assert client.post(f"{path}/again").status_code == 200
    world.settle()
    [word] = [word for word in world.received()[-1].split() if word.startswith(f"{PUBLIC}/join/")]
    assert client.get(path).status_code == 410
    assert go_on(client, word.removeprefix(PUBLIC)).status_code == 303


def test_a_plan_that_is_offered_no_more_is_for_the_desk(world: World, client: FlaskClient, path: str) -> None:
    data = form(client, path)
    with world.rt.unit_of_work() as uow:
        plans.retire(uow, 1, 1, actor="staff:1")
    assert "Please call us" in client.get(path).text
    assert client.post(path, data=data).status_code == 409
    assert world.rows("SELECT count(*) FROM card_page") == [(0,)]
