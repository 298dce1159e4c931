"""The page behind a card link: looking changes nothing, guessing gets nowhere, and nothing on it says whose it is."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.db.connections import Database
from assistant.domain.membership import Standing
from assistant.gateways.ports import PageOrder
from assistant.messages import pages
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxVault
from assistant.services import consent, links
from assistant.services.consent import Source
from assistant.services.links import Purpose
from tests.web.test_twilio import SETTINGS
from tests.world import ANA, PUBLIC, World

TODAY = date(2026, 11, 20)
RIGHT, WRONG = ANA[-4:], "9999"
TEMPLATES = Path(pages.TEMPLATES)
STATIC = Path(__file__).parents[2] / "assistant/web/static"


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.rt, SETTINGS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ana(world: World) -> int:
    """Her card was declined: she owes $149.00."""
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=TODAY)
    world.card(ana, "4000000000000341")
    world.bill()
    return ana


def made(world: World, client_id: int, purpose: Purpose = Purpose.CARD) -> str:
    """The path of a new link."""
    with world.rt.unit_of_work() as uow:
        return links.make(uow, 1, client_id, purpose, sent_to=ANA).removeprefix(PUBLIC)


@pytest.fixture
def path(world: World, ana: int) -> str:
    return made(world, ana)


def go_on(client: FlaskClient, path: str, digits: str = RIGHT) -> TestResponse:
    return client.post(path, data={"digits": digits})


def typed(world: World, answer: TestResponse, number: str = "4242424242424242") -> None:
    """What the member does on the processor's own page."""
    assert answer.status_code == 303
    world.stripe.type_card(answer.headers["Location"].rpartition("/")[2], number)


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    """The whole database."""
    tables = world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = {str(name): world.rows(f'SELECT to_jsonb(t)::text FROM "{name}" t ORDER BY 1') for (name,) in tables}
    assert len(found) > 30
    sequences = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
    return found | {"sequences": world.rows(sequences)}


# --- looking ---------------------------------------------------------------------------------------------------------


def test_the_page_says_who_asks_and_what_will_be_charged(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    for words in ("Fern &amp; Lumen", "(505) 555-0101", "Glow", "November 2026", "$149.00", "last four digits"):
        assert words.lower() in page.text.lower()


def test_every_open_invoice_is_on_it_and_their_sum(world: World, client: FlaskClient, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY, dues_cents=9_900)
    world.bill()
    page = client.get(made(world, ana))
    assert re.findall(r"\$[\d.]+", page.text) == ["$149.00", "$99.00", "$248.00"]


def test_where_nothing_is_owed_it_says_so(world: World, client: FlaskClient) -> None:
    bo = world.client("Bo")
    page = client.get(made(world, bo))
    assert "Nothing is charged now." in page.text
    assert "$" not in page.text


def test_one_that_pays_says_why_and_how_much(world: World, client: FlaskClient, ana: int) -> None:
    page = client.get(made(world, ana, Purpose.AUTHENTICATE))
    assert "Your bank wants to see that it is you" in page.text
    assert "$149.00" in page.text
    opened = go_on(client, made(world, ana, Purpose.AUTHENTICATE))
    session = world.stripe.page(opened.headers["Location"].rpartition("/")[2])
    assert session is not None
    assert (session["mode"], session["amount_total"]) == ("payment", 14_900)


@pytest.mark.parametrize("state", ["good", "wrong", "used", "expired", "locked", "done"])
def test_nothing_on_any_page_says_whose_it_is(world: World, client: FlaskClient, path: str, state: str) -> None:
    page = arrange(world, client, path, state)
    for word in (
        "Ana",
        "Example",
        "0341",
        "4242",
        "visa",
        ANA[-7:],
        RIGHT,
        "declined",
        "treatment",
        "<script",
        "style=",
    ):
        assert word not in page.text
    assert re.findall(r'(?:src|href|action)="(?!/|tel:|\?)', page.text) == []
    preview = re.findall(r'<meta property="og:[a-z]+" content="([^"]*)">', page.text)
    assert preview == ["A secure page", "website"]


def arrange(world: World, client: FlaskClient, path: str, state: str) -> TestResponse:
    match state:
        case "wrong":
            return go_on(client, path, WRONG)
        case "used":
            typed(world, go_on(client, path))
            world.settle()
        case "expired":
            world.clock.advance(timedelta(hours=72))
        case "locked":
            for _ in range(5):
                go_on(client, path, WRONG)
        case "done":
            go_on(client, path)
            return client.get(f"{path}/done")
    return client.get(path)


STATES = {"good": 200, "wrong": 422, "used": 200, "expired": 410, "locked": 403, "done": 200, "unknown": 404}


@pytest.mark.parametrize("state", STATES)
def test_every_page_is_kept_by_no_one_and_told_to_no_one(
    world: World, client: FlaskClient, path: str, state: str
) -> None:
    page = client.get("/card/" + "A" * 43) if state == "unknown" else arrange(world, client, path, state)
    assert page.status_code == STATES[state]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in page.headers
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https://checkout.stripe.com; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def test_a_form_may_lead_to_the_stand_in_where_there_is_one(world: World, path: str) -> None:
    local = replace(SETTINGS, stripe_api_base="http://127.0.0.1:8025")
    page = create_app(world.rt, local).test_client().get(path)
    assert "form-action 'self' http://127.0.0.1:8025;" in page.headers["Content-Security-Policy"]


def test_a_page_and_its_style_are_small_and_the_style_is_kept(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    [style] = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
    with client.get(style) as sheet:
        assert len(page.data) + len(sheet.data) < 15_000
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert "immutable" in sheet.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["nothing.css", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "../../settings.py"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


# --- scanners --------------------------------------------------------------------------------------------------------


def test_a_scanner_changes_nothing_and_the_human_goes_on(world: World, client: FlaskClient, path: str) -> None:
    before = everything(world)
    assert client.head(path).status_code == 200
    for _ in range(5):
        assert client.get(path).status_code == 200
        assert client.get(f"{path}/done").status_code == 200
        assert client.head(f"{path}/done").status_code == 200
        assert client.get(f"{path}?lang=es").status_code == 200
    for data in ({}, {"digits": ""}, {"digits": "   "}, {"digits": "12345"}, {"digits": "abcd"}, {"other": "0110"}):
        for _ in range(3):
            assert client.post(path, data=data).status_code == 422
    assert everything(world) == before
    assert go_on(client, path).status_code == 303


@pytest.mark.parametrize("state", ["used", "expired", "locked"])
def test_looking_at_any_state_changes_nothing(world: World, client: FlaskClient, path: str, state: str) -> None:
    arrange(world, client, path, state)
    before = everything(world)
    for address in (path, f"{path}/done", f"{path}?lang=es"):
        client.get(address)
        client.head(address)
    assert everything(world) == before


# --- guessing --------------------------------------------------------------------------------------------------------


def test_a_wrong_guess_is_told_beside_its_field(client: FlaskClient, path: str) -> None:
    page = go_on(client, path, WRONG)
    assert page.status_code == 422
    assert re.search(r'<p class="wrong" id="wrong" role="alert">Those are not', page.text)
    assert re.search(r'<input id="digits"[^>]*aria-describedby="wrong hint" aria-invalid="true"', page.text)
    assert WRONG not in page.text
    assert go_on(client, path).status_code == 303


@pytest.mark.parametrize("digits", [RIGHT, f" {RIGHT} ", f"{RIGHT[:2]} {RIGHT[2:]}", "-".join(RIGHT)])
def test_right_digits_are_right_however_they_are_spaced(client: FlaskClient, path: str, digits: str) -> None:
    assert go_on(client, path, digits).status_code == 303


def test_ten_thousand_guesses_stop_at_five(world: World, client: FlaskClient, path: str) -> None:
    guesses = [f"{n:04}" for n in range(10_000) if f"{n:04}" != RIGHT]
    answers = [go_on(client, path, guess).status_code for guess in [*guesses[:300], RIGHT]]
    assert answers[:4] == [422] * 4
    assert set(answers[4:]) == {403}
    assert world.rows("SELECT tries FROM secure_link") == [(5,)]
    assert world.rows("SELECT count(*) FROM card_page") == [(0,)]


def test_ten_thousand_guesses_over_many_links_stop_at_twenty_a_day(world: World, client: FlaskClient, ana: int) -> None:
    tried = 0
    for _ in range(20):
        path = made(world, ana)
        while go_on(client, path, WRONG).status_code == 422:
            tried += 1
    assert world.rows("SELECT sum(tries) FROM secure_link") == [(20,)]
    assert go_on(client, made(world, ana)).status_code == 403
    world.clock.advance(timedelta(days=1, minutes=1))
    assert go_on(client, made(world, ana)).status_code == 303


def test_guesses_at_once_are_counted_each(world: World, app: Flask, path: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: go_on(app.test_client(), path, WRONG).status_code, range(40)))
    assert world.rows("SELECT tries FROM secure_link") == [(5,)]
    assert answers.count(303) == 0


@pytest.mark.parametrize(
    "token", ["", "1", "A" * 42, "A" * 44, "A" * 42 + "!", "A" * 42 + "%00", "..", "é" * 43, "A" * 9999]
)
def test_what_could_be_no_token_is_asked_of_nobody(world: World, token: str) -> None:
    database = Database("postgresql+psycopg://127.0.0.1:1/nowhere")
    away = create_app(replace(world.rt, database=database), SETTINGS).test_client()
    assert away.get(f"/card/{token}").status_code == 404
    assert away.post(f"/card/{token}", data={"digits": RIGHT}).status_code == (403 if token else 404)


@pytest.mark.parametrize("end", ["", "/again"])
def test_a_strangers_token_opens_nothing(world: World, client: FlaskClient, ana: int, end: str) -> None:
    assert ana
    before = everything(world)
    answer = client.post(f"/card/{'A' * 43}{end}", data={"digits": RIGHT})
    assert (answer.status_code, answer.data) == (403, b"Forbidden\n")
    assert everything(world) == before


@pytest.mark.parametrize(
    "body",
    [
        b"digits=0110&digits=9999",
        b"digits=0110&digits=0110",
        b"digits=0110&" + b"x" * 4096,
        b"&".join(b"k%d=" % n for n in range(13)),
        b"digits=\xff\xfe",
        b"digits=%ff%fe",
    ],
)
def test_a_form_that_is_odd_is_refused_and_counted_as_nothing(
    world: World, client: FlaskClient, path: str, body: bytes
) -> None:
    answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert world.rows("SELECT tries FROM secure_link") == [(0,)]


# --- going on --------------------------------------------------------------------------------------------------------


def test_a_card_by_the_link_pays_what_is_owed(world: World, client: FlaskClient, path: str) -> None:
    answer = go_on(client, path)
    assert answer.headers["Location"].startswith("http://127.0.0.1/checkout/pay/cs_test_")
    assert "We are saving your card" in client.get(f"{path}/done").text
    typed(world, answer)
    world.settle()
    done = client.get(f"{path}/done").text
    assert "Your card is on file" in done
    assert re.search(r"\$149.00\s*<small class=\"paid\">Paid", done)
    assert "http-equiv" not in done
    assert world.invoices() == [(0, "paid", None)]


def test_where_the_new_card_is_declined_too_it_says_so(world: World, client: FlaskClient, path: str) -> None:
    typed(world, go_on(client, path), "4000000000000341")
    world.settle()
    done = client.get(f"{path}/done").text
    assert "Your card is on file" in done
    assert "Not paid" in done
    assert "Text CARD to us" in done


def test_the_browsers_return_proves_nothing(world: World, client: FlaskClient, path: str) -> None:
    go_on(client, path)
    before = everything(world)
    assert "We are saving your card" in client.get(f"{path}/done?status=complete&session_id=cs_1").text
    assert everything(world) == before


def test_it_looks_again_by_itself_a_few_times_only(client: FlaskClient, path: str) -> None:
    go_on(client, path)
    looks, address = 0, f"{path}/done?lang=es"
    while found := re.search(r'http-equiv="refresh" content="4;url=([^"]+)"', client.get(address).text):
        address = found[1].replace("&amp;", "&")
        looks += 1
        assert address.endswith(f"?looks={looks}&lang=es")
    assert looks == 5


@pytest.mark.parametrize("looks", ["-1", "6", "x", "99999999999999999999999", "\u0661", "1.0", ""])
def test_odd_looks_are_none(client: FlaskClient, path: str, looks: str) -> None:
    go_on(client, path)
    assert "looks=1" in client.get(f"{path}/done?looks={quote(looks)}").text


def test_before_anything_was_opened_the_last_page_is_the_first(client: FlaskClient, path: str) -> None:
    assert "Go on to add your card" in client.get(f"{path}/done").text


def test_a_used_link_is_done_and_posting_to_it_does_nothing(world: World, client: FlaskClient, path: str) -> None:
    arrange(world, client, path, "used")
    before = everything(world)
    for digits in (RIGHT, WRONG):
        answer = go_on(client, path, digits)
        assert (answer.status_code, "Your card is on file" in answer.text) == (200, True)
    assert everything(world) == before


def test_a_used_link_tells_no_amount_of_a_later_month(world: World, client: FlaskClient, path: str) -> None:
    arrange(world, client, path, "used")
    world.clock.advance(timedelta(days=31))
    world.bill()
    page = client.get(path).text
    assert "Your card is on file" in page
    assert "$" not in page


def test_pressing_twice_opens_one_page(world: World, client: FlaskClient, path: str) -> None:
    first, second = go_on(client, path), go_on(client, path)
    assert first.headers["Location"] == second.headers["Location"]
    assert world.rows("SELECT count(*) FROM card_page") == [(1,)]


def test_pressing_at_once_opens_one_page(world: World, path: str) -> None:
    pages_, vault = SandboxCardPages(world.stripe), SandboxVault(world.stripe)
    app = create_app(replace(world.rt, card_pages=pages_, vault=vault), SETTINGS)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: go_on(app.test_client(), path), range(4)))
    assert {answer.headers["Location"] for answer in answers if answer.status_code == 303}
    assert {answer.status_code for answer in answers} <= {303, 503}
    assert len({answer.headers.get("Location") for answer in answers} - {None}) == 1
    assert world.rows("SELECT count(*) FROM card_page") == [(1,)]
    assert len(world.stripe.all("checkout.session")) == 1


def test_pressing_again_near_its_end_opens_the_same_page_and_after_it_another(
    world: World, client: FlaskClient, path: str
) -> None:
    first = go_on(client, path).headers["Location"]
    world.clock.advance(timedelta(minutes=100))
    assert go_on(client, path).headers["Location"] == first
    world.clock.advance(timedelta(minutes=30))
    assert go_on(client, path).headers["Location"] not in {first, None}


def test_going_on_twice_where_the_card_is_typed_already_waits_for_it(
    world: World, client: FlaskClient, path: str
) -> None:
    typed(world, go_on(client, path))
    answer = go_on(client, path)
    assert (answer.status_code, "We are saving your card" in answer.text) == (200, True)
    assert len(world.stripe.all("checkout.session")) == 1


def test_a_page_the_processor_has_closed_early_is_replaced(world: World, client: FlaskClient, path: str) -> None:
    first = go_on(client, path).headers["Location"]
    assert world.rt.card_pages.expire(None, first.rpartition("/")[2])
    assert go_on(client, path).headers["Location"] not in {first, None}
    assert world.rows("SELECT status FROM card_page ORDER BY id") == [("expired",), ("open",)]


@pytest.mark.parametrize("fault", [StripeFault.RESET_BEFORE, StripeFault.RESET_AFTER])
def test_with_the_processor_away_nothing_is_lost(
    world: World, client: FlaskClient, path: str, fault: StripeFault
) -> None:
    world.stripe.faults.add(Trouble(fault, on="checkout.sessions.create", times=None))
    page = go_on(client, path)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "Nothing is lost and nothing was charged" in page.text
    world.stripe.faults.lift()
    assert go_on(client, path).status_code == 303
    assert len(world.stripe.all("checkout.session")) == 1


def test_an_asked_page_is_asked_for_anew_in_other_words_once_it_is_old(
    world: World, client: FlaskClient, path: str
) -> None:
    world.stripe.faults.add(Trouble(StripeFault.RESET_AFTER, on="checkout.sessions.create"))
    assert go_on(client, path).status_code == 503
    world.clock.advance(timedelta(minutes=95))
    assert go_on(client, path).status_code == 303


@pytest.fixture
def away(world: World, tmp_path: Path) -> Iterator[FlaskClient]:
    database = Database(f"postgresql+psycopg://postgres@/spa?host={quote(str(tmp_path), safe='')}")
    yield create_app(replace(world.rt, database=database), SETTINGS).test_client()
    database.close()


def test_with_the_database_away_a_person_reads_a_page(away: FlaskClient, path: str) -> None:
    for answer in (away.get(path), go_on(away, path), away.get(f"{path}/done"), away.post(f"{path}/again")):
        assert answer.status_code == 503
        assert "Nothing is lost" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert f'href="{path}' in answer.text


# --- another link ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["expired", "locked"])
def test_a_new_link_goes_to_the_number_on_file(world: World, client: FlaskClient, path: str, state: str) -> None:
    arrange(world, client, path, state)
    before = world.received()
    answer = client.post(f"{path}/again")
    assert answer.status_code == 200
    assert "A new link is on its way" in answer.text
    world.settle()
    [text] = world.received()[len(before) :]
    assert f"{PUBLIC}/card/" in text
    assert path not in text
    new = text.split(PUBLIC)[1].split()[0]
    assert go_on(client, new).status_code == 303
    assert client.get(path).status_code == 410


def test_at_most_three_a_day_however_often_it_is_pressed(world: World, client: FlaskClient, path: str) -> None:
    arrange(world, client, path, "expired")
    seen = []
    for _ in range(8):
        seen.append(client.post(f"{path}/again").status_code)
        seen.append(client.post(f"{path}/again").status_code)  # pressed twice: one text
        world.clock.advance(timedelta(minutes=5))
    assert seen == [200] * 6 + [403] * 10
    assert world.rows("SELECT count(*) FROM outbound_message WHERE message = 'card-link'") == [(3,)]
    assert "Please call us" in client.post(f"{path}/again").text


def test_two_at_once_send_one(world: World, app: Flask, client: FlaskClient, path: str) -> None:
    arrange(world, client, path, "expired")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(f"{path}/again").status_code, range(6)))
    assert answers == [200] * 6
    assert world.rows("SELECT count(*) FROM outbound_message WHERE message = 'card-link'") == [(1,)]


def test_who_has_opted_out_is_sent_nothing(world: World, client: FlaskClient, path: str) -> None:
    arrange(world, client, path, "expired")
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, 1, ANA, Source("member", {}))
    before = everything(world)
    assert "Please call us" in client.post(f"{path}/again").text
    assert everything(world) == before


@pytest.mark.parametrize("state", ["good", "used"])
def test_a_link_that_needs_no_other_sends_none(world: World, client: FlaskClient, path: str, state: str) -> None:
    arrange(world, client, path, state)
    before = everything(world)
    answer = client.post(f"{path}/again?lang=es")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?lang=es")
    assert everything(world) == before


def test_who_is_locked_out_for_the_day_is_sent_to_the_desk(world: World, client: FlaskClient, ana: int) -> None:
    for _ in range(4):
        path = made(world, ana)
        for _ in range(5):
            go_on(client, path, WRONG)
    assert "Please call us" in client.post(f"{path}/again").text
    assert world.rows("SELECT count(*) FROM outbound_message WHERE message = 'card-link'") == [(0,)]


def test_a_newer_link_ends_the_one_before(world: World, client: FlaskClient, ana: int, path: str) -> None:
    newer = made(world, ana)
    assert client.get(path).status_code == 410
    assert go_on(client, path).status_code == 410
    assert go_on(client, newer).status_code == 303


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_no_token_is_logged_whatever_happens(
    world: World, client: FlaskClient, away: FlaskClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = path.rpartition("/")[2]

    class Broken:
        def open(self, order: PageOrder) -> None:
            raise ValueError(order.key)

    broken = create_app(replace(world.rt, card_pages=Broken()), SETTINGS).test_client()  # type: ignore[arg-type]
    assert go_on(broken, path).status_code == 500
    assert "POST member.go_on failed" in caplog.text
    go_on(away, path)
    go_on(client, path, WRONG)
    typed(world, go_on(client, path))
    world.settle()
    client.get(f"{path}/done")
    client.post(f"{path}/again")
    assert token not in caplog.text


def test_no_row_of_links_holds_a_token(world: World, path: str) -> None:
    token = path.rpartition("/")[2]
    told = {name for name, rows in everything(world).items() if token in str(rows)}
    assert told == set()


# --- words -----------------------------------------------------------------------------------------------------------


def test_in_the_members_language_and_in_the_other_when_asked(world: World, client: FlaskClient) -> None:
    bo = world.client("Bo", locale="es")
    path = made(world, bo)
    assert '<html lang="es">' in client.get(path).text
    assert "Agrega tu tarjeta" in client.get(path).text
    assert '<html lang="en">' in client.get(f"{path}?lang=en").text
    assert f'action="{path}?lang=en"' in client.get(f"{path}?lang=en").text
    assert '<html lang="es">' in client.get(f"{path}?lang=fr").text
    assert '<html lang="es">' in client.get("/card/x", headers={"Accept-Language": "es-MX,en;q=0.5"}).text


def test_the_month_is_in_the_pages_language(client: FlaskClient, path: str) -> None:
    assert "noviembre de 2026" in client.get(f"{path}?lang=es").text


def test_both_languages_have_the_same_words_and_each_is_used() -> None:
    english, spanish = (pages.words(locale) for locale in pages.LOCALES)
    assert {name: set(table) for name, table in english.items()} == {
        name: set(table) for name, table in spanish.items()
    }
    used = "".join(path.read_text() for folder in ("pages", "layouts") for path in (TEMPLATES / folder).rglob("*.html"))
    doors = (Path(__file__).parents[2] / "assistant/web/member").glob("*.py")
    code = "".join(path.read_text() for path in doors) + "expired locked busy"
    by_state = {
        "states": {"trying", "paid", "unpaid"},
        "notices": set(english["notices"]),
        "about": set(english["about"]),
        **{name: set(english[name]) for name in ("said", "standing", "why", "paid_by")},
        "receipts": {"dues", "visit", "change", "pause"},
    }
    for name, table in english.items():
        named = set(re.findall(rf"words\.{name}\.(\w+)", used)) | by_state.get(name, set())
        assert named == set(table), name
    assert set(english["notices"]) == set(english["about"])
    assert all(word in code for word in english["notices"])
    for table, other in zip(english.values(), spanish.values(), strict=True):
        for key, words in table.items():
            assert re.findall(r"\{\w*\}", words) == re.findall(r"\{\w*\}", other[key])


def test_no_page_has_a_script() -> None:
    for path in (*(TEMPLATES / "pages").rglob("*.html"), *(TEMPLATES / "layouts").glob("*.html")):
        assert not re.search(r"<script|\bon[a-z]+=|style=|javascript:", path.read_text())


# --- contrast --------------------------------------------------------------------------------------------------------

PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("on-green", "green"),
    ("on-green", "green-deep"), ("tint-ink", "tint"), ("tint-ink", "card"), ("bad", "bad-tint"), ("bad", "card"),
]  # fmt: skip
EDGES = [("edge", "card"), ("green", "card"), ("green", "paper"), ("bad", "card")]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_everything_can_be_read(dark: bool) -> None:
    """WCAG AA: 4.5 to 1 for words, 3 to 1 for edges of what can be used."""
    light_part, dark_part = (STATIC / "member.css").read_text().split("@media (prefers-color-scheme: dark)")
    part = dark_part if dark else light_part
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(colours[one]), luminance(colours[other])))
        return (high + 0.05) / (low + 0.05)

    assert [(pair, round(contrast(*pair), 2)) for pair in PAIRS if contrast(*pair) < 4.5] == []
    assert [(pair, round(contrast(*pair), 2)) for pair in EDGES if contrast(*pair) < 3] == []


def test_a_paused_member_may_give_a_card_too(world: World, client: FlaskClient) -> None:
    bo = world.client("Bo")
    world.enrol(bo, anchor_on=date(2026, 8, 15), standing=Standing.PAUSED, resumes_on=date(2027, 1, 15))
    path = made(world, bo)
    typed(world, go_on(client, path))
    world.settle()
    assert "Your card is on file" in client.get(path).text
