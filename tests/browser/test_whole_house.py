"""The phone page on the real house: the real web door, ledger, router and SDK, with only the queue in this process."""

import queue
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from assistant.app import create_app
from assistant.conversation import router
from assistant.doorbells import Doorbell
from assistant.gateways.twilio_texts import TwilioTexts
from assistant.runtime import Runtime
from assistant.sandbox.book import Pace, TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.insight_db import DatabaseInsight
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World as Outside
from assistant.services import messaging
from assistant.settings import Settings
from tests.browser.pages import free_port, opened, serving
from tests.world import ANA, SPA_NUMBER, World

ACCOUNT = Account(f"AC{'0' * 32}", "an-invented-token")
WORK = {Doorbell.ANSWER: router.answer_next, Doorbell.DELIVER: messaging.deliver_next}


class OneWorker:
    """Does in a thread of its own what a worker would."""

    def __init__(self) -> None:
        self.rung: queue.Queue[Doorbell | None] = queue.Queue()

    def ring(self, bell: Doorbell) -> None:
        self.rung.put(bell)

    @contextmanager
    def working(self, rt: Runtime) -> Iterator[None]:
        thread = Thread(target=self._work, args=(rt,), daemon=True)
        thread.start()
        yield
        self.rung.put(None)
        thread.join()

    def _work(self, rt: Runtime) -> None:
        while (bell := self.rung.get()) is not None:
            while WORK[bell](rt):
                pass


@pytest.fixture
def phone_page(world: World) -> Iterator[str]:
    """The page's address; behind it everything is real but Twilio."""
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 8, 15), first_cycle=4)
    world.grant(ana, 3)
    worker = OneWorker()
    with closing(TwilioBook(":memory:", world.clock, ACCOUNT.sid, pace=Pace(timedelta(0), timedelta(0)))) as book:
        outside = Outside(ACCOUNT, book, world.clock, DatabaseInsight(world.rt), "")
        courier = Courier(outside)
        with serving(create_sandbox(outside, courier)) as sandbox:
            port = free_port()
            settings = Settings.read(_environ(sandbox, port))
            texts = TwilioTexts(ACCOUNT.sid, ACCOUNT.token, settings.public_base_url, sandbox)
            rt = Runtime(world.clock, world.rt.database, worker, texts)
            with serving(create_app(rt, settings), port=port) as web, worker.working(rt):
                book.own(SPA_NUMBER, f"{web}/webhooks/twilio/inbound")
                courier.start()
                yield sandbox
                courier.stop()


def _environ(sandbox: str, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql://127.0.0.1/unused",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "invented " * 5,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT.sid,
        "TWILIO_AUTH_TOKEN": ACCOUNT.token,
        "TWILIO_API_BASE": sandbox,
        "STRIPE_SECRET_KEY": "sk_test_invented",
        "STRIPE_WEBHOOK_SECRET": "whsec_0",
        "SENDGRID_API_KEY": "SG.invented",
    }


def test_balance_typed_on_the_phone_is_answered_from_the_ledger(browser: Browser, phone_page: str) -> None:
    with opened(browser, scripted=True, width=1440) as page:
        page.goto(f"{phone_page}/?phone=%2B{ANA[1:]}")
        box = page.get_by_label("Text to Fern & Lumen")
        box.fill("balance")
        box.press("Enter")

        thread = page.get_by_role("log")
        expect(thread.locator(".theirs .said")).to_have_text(
            "Ana, you have 3 visit credits. Your membership is active: next charge $149.00 on Dec 15."
        )
        expect(thread.locator(".theirs .meta")).to_contain_text("Delivered · 1 segment")
        expect(page.locator("#insight")).to_contain_text("balance")
        expect(page.locator("#insight")).to_contain_text("$149.00 on Dec 15, 2026")
