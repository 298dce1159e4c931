"""The inbox in a real browser: a member writes, the spa answers from the ledger, and one click ends its offers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from assistant.sandbox.courier import Courier
from tests.browser.pages import opened, serving
from tests.browser.test_whole_house import OneWorker
from tests.web.mailhouse import HELP, OFFER, MailHouse, mailhouse
from tests.world import MAIL_DOMAIN, World

BALANCE = "You have 3 visit credits."
ALL, MAIL_ENDED = (True, True, True), (False, True, True)
SHOTS = os.environ.get("SHOTS")


@dataclass(frozen=True, slots=True)
class Served:
    """The sandbox's address, and the house that works behind it by itself."""

    address: str
    house: MailHouse


@pytest.fixture
def inbox(world: World) -> Iterator[Served]:
    """Everything is real but SendGrid: its posts are signed, brought by the courier, and worked on by a worker."""
    worker = OneWorker()
    with mailhouse(world, worker) as house, worker.working(house.world.rt):
        courier = Courier(house.outside)
        courier.start()
        with serving(house.app) as address:
            yield Served(address, house)
        courier.stop()


def newest(page: Page) -> FrameLocator:
    """The HTML of the mail that came last."""
    return page.locator("#letters > li.theirs").last.frame_locator("iframe")


def shot(page: Page, name: str) -> None:
    """It is as wide as its window; and a picture to look at, where somebody wants one: SHOTS=/tmp/shots."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"inbox-{width}-{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_member_writes_and_reads_the_answer(browser: Browser, inbox: Served, width: int) -> None:
    with opened(browser, scripted=True, width=width) as page:
        page.goto(f"{inbox.address}/inbox")
        page.get_by_role("link", name="Ana Example").click()
        expect(page.get_by_role("main")).to_contain_text("No mail yet")
        inbox.house.tell(HELP)
        row = page.get_by_role("link", name="How we can help")
        expect(row).to_contain_text("unread")
        shot(page, "1-list")
        row.click()
        expect(newest(page).get_by_text("Here is what you can ask Fern & Lumen")).to_be_visible()
        page.evaluate("document.body.dataset.kept = 'yes'")
        page.get_by_text("How it is sent").click()
        page.get_by_label("Written on").select_option("Gmail")
        page.get_by_label("Posted as").select_option("Raw MIME")
        page.get_by_label("Reply").fill("what's my balance")
        shot(page, "2-reply")
        page.get_by_role("button", name="Reply").click()
        expect(page.locator("#letters > li")).to_have_count(3)
        expect(newest(page).get_by_text(BALANCE)).to_be_visible()
        expect(page.locator("#insight")).to_contain_text("balance")
        page.locator("#letters > li").last.get_by_text("Plain text").click()
        expect(page.locator("#letters > li").last.locator("pre")).to_contain_text(BALANCE)
        shot(page, "3-answer")
        page.get_by_role("link", name="Inbox").last.click()
        expect(page.locator("#rows a")).to_have_count(1)
        expect(page.locator("#rows .unread")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_one_click_ends_offers(browser: Browser, inbox: Served, width: int) -> None:
    inbox.house.tell(OFFER)
    with opened(browser, scripted=True, width=width) as page:
        page.goto(f"{inbox.address}/inbox")
        page.get_by_role("link", name="Ana Example").click()
        page.get_by_role("link", name="A note for you").click()
        assert inbox.house.consent() == ALL
        page.get_by_role("button", name="Unsubscribe").click()
        expect(page.locator("#letters .meta")).to_contain_text("Unsubscribed")
        expect(page.get_by_role("button", name="Unsubscribe")).to_have_count(0)
        assert inbox.house.consent() == MAIL_ENDED
        shot(page, "4-unsubscribed")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_unsubscribe_page_is_walked(browser: Browser, inbox: Served, width: int) -> None:
    inbox.house.tell(OFFER)
    with opened(browser, scripted=True, width=width) as page:
        page.goto(f"{inbox.address}/inbox")
        page.get_by_role("link", name="Ana Example").click()
        page.get_by_role("link", name="A note for you").click()
        with page.expect_popup() as opening:
            newest(page).get_by_role("link", name="Stop offers by email").click()
        unsubscribing = opening.value
        expect(unsubscribing.get_by_role("heading", level=1)).to_have_text("Stop offers by email?")
        expect(unsubscribing.get_by_role("main")).to_contain_text("ana@example.com")
        shot(unsubscribing, "5-unsubscribe")
        assert inbox.house.consent() == ALL, "looking does nothing"
        unsubscribing.get_by_role("link", name="Español").click()
        unsubscribing.get_by_role("button", name="No recibir ofertas").click()
        expect(unsubscribing.get_by_role("status")).to_contain_text("ana@example.com")
        shot(unsubscribing, "6-ended")
        assert inbox.house.consent() == MAIL_ENDED


def test_the_page_works_without_its_script(browser: Browser, inbox: Served) -> None:
    with opened(browser, scripted=False, width=390) as page:
        page.goto(f"{inbox.address}/inbox")
        page.get_by_label("Any other address").fill("ana@example.com")
        page.get_by_role("button", name="Use").click()
        page.get_by_role("link", name="New mail").click()
        page.get_by_label("To", exact=True).fill(f"hello@{MAIL_DOMAIN}")
        page.get_by_label("Subject").fill("A question")
        page.get_by_label("Your mail").fill("hello")
        shot(page, "7-new")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".mine .said")).to_have_text("hello")
        for _ in range(50):
            page.reload()
            if page.locator(".theirs").count():
                break
        expect(newest(page).get_by_text("Questions? Reply to this email")).to_be_visible()
        page.get_by_label("Reply").fill("balance")
        page.get_by_role("button", name="Reply").click()
        expect(page.locator(".mine .said").last).to_have_text("balance")
        shot(page, "8-without-script")
