"""Somebody joins by the link in a text, in a real browser: the terms, the processor's page, and the welcome."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.domain.credits import MILLI
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import joins, plans
from assistant.services.joins import Begun
from tests.browser.pages import opened
from tests.browser.test_card_page import RIGHT, Desk, desk
from tests.world import PUBLIC

__all__ = ["desk"]

SHOTS = os.environ.get("SHOTS")


def shot(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants one: SHOTS=/tmp/shots."""
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]  # type: ignore[index]
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"join-{page.viewport_size['width']}-{name}.png", full_page=True)  # type: ignore[index]


def link(desk: Desk) -> str:
    """The address that somebody who owes nothing is texted."""
    terms = Terms(
        dues_cents=14_900,
        setup_fee_cents=5_000,
        intro_cents=9_900,
        intro_cycles=3,
        grants=(GrantTerms("visit", MILLI), GrantTerms("USD", 2_500)),
    )
    bo = desk.world.client("Bo", "+15055550111")
    with desk.world.rt.unit_of_work() as uow:
        plans.offer(uow, 1, "glow", "Glow", terms, actor="staff:1")
        quote = joins.quote_join(uow, 1, bo, "glow")
        assert isinstance(joins.begin(uow, 1, bo, quote, actor="staff:1"), Begun)  # type: ignore[arg-type]
    desk.world.settle()
    said = desk.world.received("+15055550111")[-1].split()
    return next(word for word in said if "/join/" in word).replace(PUBLIC, desk.world.rt.public_base_url)


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_terms_to_the_welcome(browser: Browser, desk: Desk, width: int) -> None:
    with opened(browser, scripted=False, width=width) as page:
        address = link(desk)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Join Glow")
        expect(page.get_by_role("main")).to_contain_text("$149.00")
        shot(page, "1-terms")
        page.get_by_label("Last four digits of your phone number").fill("0111")
        page.get_by_role("checkbox").check()
        shot(page, "2-ticked")
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Save a card")
        page.get_by_label("Card number").fill("4242 4242 4242 4242")
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We are saving your card")
        desk.settle()
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
        expect(page.get_by_role("listitem")).to_contain_text("Paid")
        shot(page, "3-welcome")
    assert RIGHT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_yes_it_says_so_beside_the_box(browser: Browser, desk: Desk, scheme: str) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{link(desk)}?lang=es")
    shot(page, f"{scheme}-spanish")
    page.get_by_role("textbox").fill("0111")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("Marca la casilla")
    shot(page, f"{scheme}-unticked")
    page.close()
