"""A member opens the link in a text, in a real browser: our page, the processor's page, and back, without a script."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from assistant.app import create_app
from assistant.gateways.pace_port import NoPacer
from assistant.gateways.stripe_cards import StripeCardPages, StripeVault
from assistant.gateways.stripe_payments import StripeApi, StripePayments, stripe_client
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World as Outside
from assistant.services import links
from assistant.services.links import Purpose
from tests.browser.pages import free_port, opened, serving
from tests.web.test_twilio import SETTINGS
from tests.world import ANA, World

RIGHT = ANA[-4:]
SECRET = "whsec_browser"
SHOTS = os.environ.get("SHOTS")


@dataclass
class Desk:
    """The web and the processor's stand-in, both served; the workers are the test's own hands."""

    world: World
    client_id: int
    side: StripeSide

    def settle(self) -> None:
        """Stripe posts its events to our door, and the workers do what is due."""
        with requests.Session() as session:
            for _ in range(3):
                self.world.stripe.pump(lambda webhook: self.side.post(session, webhook))
                self.world.settle()

    def link(self, purpose: Purpose = Purpose.CARD) -> str:
        with self.world.rt.unit_of_work() as uow:
            return links.make(uow, 1, self.client_id, purpose, sent_to=ANA)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    """Ana owes $149.00; Stripe's API, its pages and our web are all spoken to over HTTP."""
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 11, 20))
    world.card(ana, "4000000000000341")
    world.bill()
    with closing(TwilioBook(":memory:", world.clock)) as book:
        port, sandbox_port = free_port(), free_port()
        web, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
        side = StripeSide(world.stripe, f"{web}/webhooks/stripe", SECRET, "", sandbox)
        outside = Outside(Account("AC0", "x"), book, world.clock, NoInsight("none"), "", stripe=side)
        settings = replace(
            SETTINGS, public_base_url=web, stripe_api_base=sandbox, stripe_webhook_secret=SECRET, port=port
        )
        api = StripeApi(stripe_client("sk_test_0", sandbox), NoPacer())
        rt = replace(
            world.rt,
            payments=StripePayments(api),
            card_pages=StripeCardPages(api, world.clock),
            vault=StripeVault(api),
            public_base_url=web,
        )
        seen = replace(world, rt=rt)
        with (
            serving(create_sandbox(outside, Courier(outside)), port=sandbox_port),
            serving(create_app(rt, settings), port=port),
        ):
            yield Desk(seen, ana, side)


def shot(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants one: SHOTS=/tmp/shots."""
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]  # type: ignore[index]
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"card-{page.viewport_size['width']}-{name}.png", full_page=True)  # type: ignore[index]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_new_card_by_the_link_pays_what_is_owed(browser: Browser, desk: Desk, width: int) -> None:
    with opened(browser, scripted=False, width=width) as page:
        link = desk.link()
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Add your card")
        expect(page.get_by_role("main")).to_contain_text("$149.00")
        shot(page, "1-card")
        digits = page.get_by_label("Last four digits of your phone number")
        digits.fill(RIGHT)
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Save a card")
        page.get_by_label("Card number").fill("4242 4242 4242 4242")
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We are saving your card")
        shot(page, "2-waiting")
        desk.settle()
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your card is on file")
        expect(page.get_by_role("listitem")).to_contain_text("Paid")
        shot(page, "3-done")
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your card is on file")
    assert desk.world.invoices() == [(0, "paid", None)]


def test_in_spanish_and_by_the_keyboard(browser: Browser, desk: Desk) -> None:
    with opened(browser, scripted=False, width=390) as page:
        page.goto(desk.link())
        page.get_by_role("link", name="Español").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Agrega tu tarjeta")
        shot(page, "4-spanish")
        for _ in range(2):  # the language, then the field
            page.keyboard.press("Tab")
        page.keyboard.type(RIGHT)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Save a card")
        page.get_by_role("link", name="Cancel and go back").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We are saving your card")
        page.get_by_role("link", name="Back to the card page").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Add your card")


def test_the_bank_is_satisfied_on_the_page(browser: Browser, desk: Desk) -> None:
    with opened(browser, scripted=False, width=390) as page:
        page.goto(desk.link(Purpose.AUTHENTICATE))
        expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your payment")
        shot(page, "5-pay")
        page.get_by_role("textbox").fill(RIGHT)
        page.get_by_role("button").click()
        page.get_by_label("Card number").fill("4000 0025 0000 3155")
        page.get_by_role("button").click()
        page.get_by_role("button", name="Complete authentication").click()
        desk.settle()
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("listitem")).to_contain_text("Paid")
    assert desk.world.attempts()[-1] == (2, "succeeded", "page")


@contextmanager
def refused(browser: Browser, *, width: int, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    """A page that may be answered with a 4xx, and on which nothing else is forgiven."""
    page = browser.new_page(java_script_enabled=False, viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    page.close()
    assert [each for each in complaints if "the server responded with a status of 4" not in each] == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_other_page_fits_and_breaks_no_rule(
    browser: Browser, desk: Desk, width: int, scheme: Literal["light", "dark"]
) -> None:
    with refused(browser, width=width, scheme=scheme) as page:
        link = desk.link()
        page.goto(link)
        shot(page, f"{scheme}-card")
        for _ in range(5):
            page.get_by_role("textbox").fill("9999")
            page.get_by_role("button").click()
            if page.get_by_role("textbox").count():
                expect(page.get_by_role("alert")).to_contain_text("not the last four digits")
                shot(page, f"{scheme}-wrong")
        expect(page.get_by_role("heading", level=1)).to_have_text("Too many tries")
        shot(page, f"{scheme}-locked")
        page.get_by_role("button", name="Text me a new link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A new link is on its way")
        shot(page, f"{scheme}-sent")
        page.get_by_role("link", name="Español").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Este enlace ya no sirve")
        shot(page, f"{scheme}-expired")
        page.goto(f"{link.rpartition('/')[0]}/nothing")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        shot(page, f"{scheme}-unknown")


def test_what_is_not_paid_is_told(browser: Browser, desk: Desk) -> None:
    desk.world.enrol(desk.client_id, anchor_on=date(2026, 11, 20), dues_cents=9_900)
    desk.world.bill()
    with opened(browser, scripted=False, width=390) as page:
        page.goto(desk.link())
        shot(page, "6-two")
        page.get_by_role("textbox").fill(RIGHT)
        page.get_by_role("button").click()
        page.get_by_label("Card number").fill("4000000000000341")
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We are saving your card")
        desk.settle()
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("main")).to_contain_text("A payment did not go through")
        shot(page, "7-unpaid")
        desk.world.clock.advance(timedelta(days=4))
        page.reload()
        expect(page.get_by_role("main")).not_to_contain_text("$")
