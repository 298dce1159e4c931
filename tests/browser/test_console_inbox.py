"""The inbox in a real browser: the price while one types, a canned reply, and what comes by itself."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.domain.permissions import Role
from assistant.services import canned
from tests.browser.pages import opened, serving
from tests.console import PASSWORD, console_app, employ
from tests.world import ANA, World


@pytest.fixture
def console(world: World) -> Iterator[str]:
    """The console's address; Ana has written, and one reply is kept ready."""
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 12, 20))
    world.say("balance")
    employ(world, Role.DESK)
    with world.rt.unit_of_work() as uow:
        canned.keep(uow, 1, None, locale="en", name="Parking", words="Hi ((first name)), park behind us.", by="staff:1")
    with serving(console_app(world)) as address:
        yield address.replace("127.0.0.1", "localhost") + "/console"


def signed_in(page: Page, console: str) -> None:
    page.goto(f"{console}/sign-in")
    page.get_by_label("Email").fill("desk@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button").first.click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_with_a_script_the_price_is_there_while_one_types(
    browser: Browser, console: str, world: World, width: int
) -> None:
    with opened(browser, scripted=True, width=width) as page:
        signed_in(page, console)
        page.goto(f"{console}/1/inbox")
        page.get_by_role("link", name="Ana Example").click()
        page.get_by_label("Canned reply").select_option("1")
        expect(page.get_by_label("Reply", exact=True)).to_have_value("Hi Ana, park behind us.")
        expect(page.locator("#price")).to_contain_text("A text of 1 segment, 1.2¢, to (505) 555-0110")
        page.get_by_label("Reply", exact=True).fill("Your botox is at nine")
        expect(page.locator("#price")).to_contain_text("names a medicine")
        page.get_by_label("Reply", exact=True).fill("We open at nine.")
        expect(page.locator("#price")).to_contain_text("1.2¢")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("It is on its way.")).to_be_visible()
        world.settle()
        assert world.received()[-1] == "We open at nine."
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide


def test_what_they_write_comes_by_itself_and_what_is_typed_stays(browser: Browser, console: str, world: World) -> None:
    with opened(browser, scripted=True, width=1280) as page:
        signed_in(page, console)
        page.goto(f"{console}/1/inbox/m1")
        page.get_by_label("Reply", exact=True).fill("I am just typing")
        page.wait_for_timeout(4_500)  # one look has gone by
        world.text("Is there parking?", ANA)
        world.settle()
        expect(page.locator("#log").get_by_text("Is there parking?")).to_be_visible()
        expect(page.get_by_label("Reply", exact=True)).to_have_value("I am just typing")


def test_without_a_script_it_is_shown_first_and_sent_then(browser: Browser, console: str, world: World) -> None:
    with opened(browser, scripted=False, width=390) as page:
        signed_in(page, console)
        page.goto(f"{console}/1/inbox/m1")
        page.get_by_label("Canned reply").select_option("1")
        page.get_by_role("button", name="Insert").click()
        expect(page.get_by_label("Reply", exact=True)).to_have_value("Hi Ana, park behind us.")
        page.get_by_role("button", name="Check, take over and send").click()
        expect(page.locator("#price")).to_contain_text("1.2¢")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("It is on its way.")).to_be_visible()
    world.settle()
    assert world.received()[-1] == "Hi Ana, park behind us."
