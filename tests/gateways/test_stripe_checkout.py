"""The page that stands in for Stripe's: what a person sees there, and where the browser goes."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.clock import StoppedClock
from assistant.gateways.ports import Page, PageOrder
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_pages import Turn
from assistant.sandbox.stripe_ports import SandboxCardPages
from tests.gateways.stripe_doors import START, new_book, sandbox_app

BACK = "https://assistant.example/m/9?done={CHECKOUT_SESSION_ID}"
GOOD, BAD, ASKS = "4242 4242 4242 4242", "4000000000009995", "4000002760003184"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START)


@pytest.fixture
def book(clock: StoppedClock) -> Iterator[StripeBook]:
    with closing(new_book(clock)) as opened:
        yield opened


@pytest.fixture
def client(book: StripeBook, clock: StoppedClock) -> FlaskClient:
    return sandbox_app(book, clock).test_client()


def opened(book: StripeBook, *, locale: str = "en", pay_cents: int | None = None, account: str | None = None) -> Page:
    customer = book.add_customer(account=account)
    order = PageOrder(account, "k", customer, BACK, locale, {}, START + timedelta(hours=2), pay_cents)
    page = SandboxCardPages(book).open(order)
    assert isinstance(page, Page)
    return page


def typed(client: FlaskClient, page: Page, number: str, **also: str) -> TestResponse:
    return client.post(path(page), data={"number": number, "expiry": "12 / 34", "cvc": "123", **also})


def path(page: Page) -> str:
    return f"/checkout/pay/{page.page_id}"


@pytest.mark.parametrize(("locale", "words"), [("en", "TEST PAGE"), ("es", "PÁGINA DE PRUEBA"), ("fr", "TEST PAGE")])
def test_the_page_says_what_it_is_in_the_readers_language(
    client: FlaskClient, book: StripeBook, locale: str, words: str
) -> None:
    page = opened(book, locale=locale)
    shown = client.get(path(page))
    assert shown.status_code == 200
    assert words in shown.text
    assert f'lang="{"es" if locale == "es" else "en"}"' in shown.text
    assert "4242424242424242" in shown.text
    assert "<script" not in shown.text
    assert not re.search(r'\bstyle="|\bon\w+="', shown.text)
    assert "https://assistant.example" in shown.headers["Content-Security-Policy"]
    assert "default-src 'self'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("account", [None, "acct_1"])
def test_a_saved_card_sends_the_browser_back(client: FlaskClient, book: StripeBook, account: str | None) -> None:
    page = opened(book, account=account)
    answer = typed(client, page, GOOD)
    assert (answer.status_code, answer.location) == (303, BACK.replace("{CHECKOUT_SESSION_ID}", page.page_id))
    assert "https://assistant.example" in answer.headers["Content-Security-Policy"]
    [card] = book.all("payment_method", account=account)
    assert card["card"]["last4"] == "4242"
    assert card["customer"] == book.all("customer", account=account)[0]["id"]
    done = client.get(path(page))
    assert done.status_code == 200
    assert "This page is complete" in done.text
    assert "<form" not in done.text
    assert typed(client, page, GOOD).status_code == 200  # and nothing more comes of it
    assert len(book.all("payment_method", account=account)) == 1


def test_a_payment_shows_its_total_and_stays_after_a_decline(client: FlaskClient, book: StripeBook) -> None:
    page = opened(book, pay_cents=14_905)
    assert "$149.05" in client.get(path(page)).text
    declined = typed(client, page, BAD)
    assert declined.status_code == 402
    assert "Your card has insufficient funds." in declined.text
    assert f'value="{BAD}"' in declined.text
    assert typed(client, page, GOOD).status_code == 303
    assert [each["status"] for each in book.all("payment_intent")] == ["succeeded"]
    assert [each["status"] for each in book.all("charge")] == ["failed", "succeeded"]


def test_the_words_of_a_decline_are_spanish_too(client: FlaskClient, book: StripeBook) -> None:
    assert "Su tarjeta no tiene fondos suficientes." in typed(client, opened(book, locale="es"), BAD).text


@pytest.mark.parametrize("pay_cents", [None, 5_000])
def test_the_bank_asks_and_is_answered(client: FlaskClient, book: StripeBook, pay_cents: int | None) -> None:
    page = opened(book, pay_cents=pay_cents)
    asked = typed(client, page, ASKS)
    assert asked.status_code == 200
    assert "Complete authentication" in asked.text
    assert f'name="number" value="{ASKS}"' in asked.text
    assert book.all("payment_method") == []
    failed = typed(client, page, ASKS, authenticate="no")
    assert failed.status_code == 402
    assert "unable to authenticate" in failed.text
    assert typed(client, page, ASKS, authenticate="yes").status_code == 303
    page_now = book.page(page.page_id)
    assert page_now is not None
    assert page_now["status"] == "complete"


@pytest.mark.parametrize(
    ("number", "expiry", "words"),
    [
        ("4242424242424241", "12/34", "Your card number is invalid."),
        ("", "12/34", "Your card number is invalid."),
        ('"><script>alert(1)</script>', "12/34", "Your card number is invalid."),
        (GOOD, "01 / 26", "expiration date is in the past"),
        (GOOD, "02/2026", "expiration date is in the past"),
    ],
)
def test_what_is_no_card_is_said_so_and_shown_harmlessly(
    client: FlaskClient, book: StripeBook, number: str, expiry: str, words: str
) -> None:
    shown = typed(client, opened(book), number, expiry=expiry)
    assert shown.status_code == 402
    assert words in shown.text.replace("&#39;", "'")
    assert "<script" not in shown.text
    assert book.all("setup_intent")[0]["status"] == "requires_payment_method"


@pytest.mark.parametrize(
    ("expiry", "kept"),
    [("03/26", (3, 2026)), ("3 / 2031", (3, 2031)), ("0431", (4, 2031)), ("soon", (12, 2034)), ("", (12, 2034))],
)
def test_the_expiry_is_read_loosely(client: FlaskClient, book: StripeBook, expiry: str, kept: tuple[int, int]) -> None:
    assert typed(client, opened(book), GOOD, expiry=expiry).status_code == 303
    card = book.all("payment_method")[0]["card"]
    assert (card["exp_month"], card["exp_year"]) == kept


def test_an_expired_page_says_so_and_a_strange_one_is_not_there(
    client: FlaskClient, book: StripeBook, clock: StoppedClock
) -> None:
    page = opened(book)
    clock.advance(timedelta(hours=2))
    for shown in (client.get(path(page)), typed(client, page, GOOD)):
        assert shown.status_code == 410
        assert "This page has expired" in shown.text
    assert book.all("payment_method") == []
    for strange in ("cs_test_none", "cus_000000000000000000000001", "%22%3E"):
        assert client.get(f"/checkout/pay/{strange}").status_code == 404
        assert client.post(f"/checkout/pay/{strange}", data={"number": GOOD}).status_code == 404


def test_a_page_that_nobody_looks_at_expires_and_says_so(book: StripeBook, clock: StoppedClock) -> None:
    opened(book)
    clock.advance(timedelta(hours=2))
    heard: list[str] = []
    book.pump(lambda webhook: heard.append(webhook.type))
    assert heard[-1] == "checkout.session.expired"


def test_another_site_cannot_type_a_card_here(client: FlaskClient, book: StripeBook) -> None:
    page = opened(book)
    answer = client.post(path(page), data={"number": GOOD}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert book.all("payment_method") == []


def test_many_who_pay_at_once_pay_once(book: StripeBook) -> None:
    page = opened(book, pay_cents=5_000)
    with ThreadPoolExecutor(8) as pool:
        turns = [each.turn for each in pool.map(lambda _: book.type_card(page.page_id, GOOD), range(16))]
    assert sorted(turns) == [*[Turn.CLOSED] * 15, Turn.DONE]
    assert len(book.all("charge")) == 1
