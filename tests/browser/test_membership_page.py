"""A member opens the link to their own membership in a real browser, by keyboard too; no page breaks a rule of axe."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.app import create_app
from assistant.services import branding, links
from assistant.services.links import Purpose
from tests.browser.pages import free_port, opened, serving
from tests.web.test_twilio import SETTINGS
from tests.world import ANA, PUBLIC, World

RIGHT = ANA[-4:]
SHOTS = os.environ.get("SHOTS")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class Desk:
    """The web, served."""

    world: World
    web: str
    client_id: int
    membership_id: int

    def link(self) -> str:
        with self.world.rt.unit_of_work() as uow:
            made = links.make(uow, 1, self.client_id, Purpose.MEMBERSHIP, sent_to=ANA, asked=True)
            return made.replace(PUBLIC, self.web)

    def open(self, page: Page, query: str = "") -> None:
        page.goto(self.link() + query)
        page.get_by_role("textbox").fill(RIGHT)
        page.get_by_role("button").click()
        expect(page).to_have_url(f"{self.web}/my{query}")


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    """Ana pays, and has credits that stay and one that does not."""
    ana = world.client("Ana")
    world.rows("UPDATE client SET region = 'NM' WHERE id = %s RETURNING 1", (ana,))
    world.card(ana)
    world.grant(ana, 2)
    world.grant(ana, 1, unit="extra", expires_on=date(2026, 12, 5))
    world.mailbox(ana, "ana@example.com", marketing=True)
    glow = world.enrol(ana, anchor_on=date(2026, 3, 15), first_cycle=8)
    world.bill()
    port = free_port()
    web = f"http://127.0.0.1:{port}"
    settings = replace(SETTINGS, public_base_url=web, port=port)
    with serving(create_app(replace(world.rt, public_base_url=web), settings), port=port):
        yield Desk(world, web, ana, glow)


def looked_at(page: Page, name: str) -> None:
    """It fits, and breaks no rule; a picture where somebody wants one: SHOTS=/tmp/shots."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"my-{width}-{name}.png", full_page=True)


def test_paused_and_called_off_and_left_and_kept_without_a_script(browser: Browser, desk: Desk) -> None:
    with opened(browser, scripted=False, width=390) as page:
        desk.open(page)
        expect(page.get_by_role("main")).to_contain_text("$149.00")
        page.get_by_role("link", name="Pause").click()
        page.get_by_label("2 months").check()
        page.get_by_role("button", name="See what it means").click()
        expect(page.get_by_role("main")).to_contain_text("Feb 15, 2027")
        page.get_by_role("button", name="Pause my membership").click()
        expect(page.get_by_role("status")).to_contain_text("your pause is set")
        page.get_by_role("link", name="Do not pause after all").click()
        page.get_by_role("button", name="Do not pause").click()
        expect(page.get_by_role("status")).to_contain_text("your membership is on")
        page.get_by_role("link", name="Cancel my membership").click()
        page.get_by_role("button", name="Cancel my membership").click()
        expect(page.get_by_role("status")).to_contain_text("is cancelled")
        page.get_by_role("link", name="Keep my membership after all").click()
        page.get_by_role("button", name="Keep my membership").click()
        expect(page.get_by_role("status")).to_contain_text("stays")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert desk.world.rows("SELECT channel, withdrawn_at IS NOT NULL FROM cancellation") == [("page", True)]


def test_preferences_by_the_keyboard_and_in_spanish(browser: Browser, desk: Desk) -> None:
    with opened(browser, scripted=False, width=390) as page:
        desk.open(page, "?lang=es")
        page.get_by_role("link", name="Preferencias").press("Enter")
        page.get_by_label("¿Cómo quieres que te llamemos?").press("Control+a")
        page.keyboard.type("Anita")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")  # from English to Español
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Guardado")
        expect(page.get_by_role("main")).to_contain_text("Hola, Anita")
    assert desk.world.rows("SELECT called, locale FROM client") == [("Anita", "es")]


@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "accent"), [("en", ""), ("es", "#7a1f5c")])
def test_every_page_fits_and_breaks_no_rule(
    browser: Browser, desk: Desk, width: int, scheme: Literal["light", "dark"], locale: str, accent: str
) -> None:
    with desk.world.rt.unit_of_work() as uow:
        assert branding.choose(uow, 1, accent, actor="test") == branding.Branded(accent or None)
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page.goto(f"{desk.link()}?lang={locale}")
        looked_at(page, f"{scheme}-{locale}-door")
        page.get_by_role("textbox").fill(RIGHT)
        page.get_by_role("button").click()
        looked_at(page, f"{scheme}-{locale}-home")
        of = desk.membership_id
        for path in ("receipts", "preferences", f"{of}/pause", f"{of}/pause?months=2", f"{of}/cancel", f"{of}/undo"):
            page.goto(f"{desk.web}/my/{path}{'&' if '?' in path else '?'}lang={locale}")
            expect(page.locator("html")).to_have_attribute("lang", locale)
            looked_at(page, f"{scheme}-{locale}-{path.replace('/', '-').replace('?', '-')}")
        page.goto(f"{desk.web}/my/receipts?lang={locale}")
        page.locator(".receipts a").first.click()
        looked_at(page, f"{scheme}-{locale}-receipt")
    finally:
        page.context.close()
