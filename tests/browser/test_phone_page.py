"""The phone page in a real browser: a text goes out, its answer arrives, and nothing breaks the page's own rules."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page, expect

from assistant.clock import StoppedClock
from assistant.sandbox.book import Order, Pace, TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.insight import CreditLine, MemberCard, MemberView, NextCharge, PhoneInsight, SpaNumber, Turn
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World
from tests.browser.pages import opened, serving

SPA, ANA, JO = "+15555550100", "+15555550111", "+15555550113"
START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


class Seen:
    """What the assistant's side would show."""

    def numbers(self) -> list[SpaNumber]:
        return [SpaNumber(SPA, "Glow MedSpa", "America/New_York")]

    def members(self) -> list[MemberCard]:
        return [
            MemberCard("Ana Reyes", ANA, "en", "Glow Monthly", "active", SPA),
            MemberCard("Jo Kim", JO, "es", "Radiance", "past_due", SPA),
        ]

    def about(self, phone: str) -> PhoneInsight:
        if phone != ANA:
            return PhoneInsight()
        charge = NextCharge("$149.00", date(2026, 3, 15), "Visa 4242")
        member = MemberView("Ana Reyes", "Glow Monthly", "active", [CreditLine("Facial credits", 2)], charge)
        return PhoneInsight([member], [Turn("BALANCE", START, "balance", answered=True)])

    def about_mail(self, address: str) -> PhoneInsight:
        return self.about(address)


@pytest.fixture
def phone() -> Iterator[str]:
    """The sandbox's address, with an assistant behind it that answers every text."""
    clock = StoppedClock(START)
    web = Flask("web")
    with closing(TwilioBook(":memory:", clock, pace=Pace(timedelta(0), timedelta(0)))) as book:

        @web.post("/inbound")
        def inbound() -> str:
            book.send(Order(SPA, request.form["From"], f"You said {request.form['Body']}. You have 2 facial credits."))
            return ""

        with serving(web) as home:
            book.own(SPA, f"{home}/inbound")
            world = World(Account(f"AC{'0' * 32}", "a-token"), book, clock, Seen(), f"{home}/inbound")
            courier = Courier(world)
            courier.start()
            with serving(create_sandbox(world, courier)) as base:
                yield base
            courier.stop()


def write(page: Page, words: str) -> None:
    box = page.get_by_label("Text to Glow MedSpa")
    box.fill(words)
    box.press("Enter")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_text_is_answered_without_leaving_the_page(browser: Browser, phone: str, width: int) -> None:
    with opened(browser, scripted=True, width=width) as page:
        page.goto(phone)
        page.get_by_role("link", name="Ana Reyes").click()
        page.evaluate("document.body.dataset.kept = 'yes'")
        write(page, "BALANCE <b>pls</b>")
        thread = page.get_by_role("log")
        expect(thread.locator(".mine .said")).to_have_text("BALANCE <b>pls</b>")
        expect(thread.locator(".theirs .said")).to_have_text("You said BALANCE <b>pls</b>. You have 2 facial credits.")
        expect(thread.locator(".theirs .meta")).to_contain_text("Delivered · 1 segment")
        expect(page.get_by_label("Text to Glow MedSpa")).to_have_value("")
        expect(page.locator("#insight")).to_contain_text("$149.00 on Mar 15, 2026")
        page.get_by_role("button", name="+ 1 month").click()
        expect(page.locator("#clock")).to_contain_text("Thursday, April 2, 2026")
        assert page.evaluate("document.body.dataset.kept") == "yes"
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_works_without_its_script(browser: Browser, phone: str) -> None:
    with opened(browser, scripted=False, width=390) as page:
        page.goto(phone)
        page.get_by_label("Any other number").fill("+15555550999")
        page.get_by_role("button", name="Use").click()
        page.get_by_label("Text to Glow MedSpa").fill("hello")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".mine .said")).to_have_text("hello")
        expect(page.locator("#insight")).to_contain_text("knows no member with +15555550999")
        page.get_by_role("button", name="+ 1 day").click()
        expect(page.locator("#clock")).to_contain_text("Tuesday, March 3, 2026")
        expect(page.locator(".theirs .said")).to_have_text("You said hello. You have 2 facial credits.")
