"""A member's inbox on the real house: what is written is signed, posted over HTTP, and answered from the ledger."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import requests
from flask import Flask

from assistant.app import create_app
from assistant.gateways.ports import Queue
from assistant.messages.catalog import Help
from assistant.messages.message import Message
from assistant.messages.offers import Offer
from assistant.sandbox import mail_desk, sendgrid_keys
from assistant.sandbox.book import Pace
from assistant.sandbox.emails import SandboxEmails
from assistant.sandbox.insight_db import DatabaseInsight
from assistant.sandbox.mail_desk import Draft
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_shapes import Letter
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World as Outside
from assistant.services import messaging
from assistant.services.addressing import Addressee
from tests.browser.pages import free_port, serving
from tests.web.test_twilio import SETTINGS
from tests.world import World

KEY = sendgrid_keys.new_private()
AT = "ana@example.com"
HELP = Help(spa="Fern & Lumen", help_phone="(505) 555-0101", help_email="hello@example.com")
OFFER = Offer(first_name="Ana", words="Ana, two hours are free on Thursday at Fern & Lumen. Would you like one?")


@dataclass(frozen=True, slots=True)
class MailHouse:
    """Ana's inbox, and the spa's own side behind a real web server; the workers are the test's own hands."""

    world: World
    client_id: int
    side: SendGridSide
    outside: Outside
    app: Flask
    """The sandbox."""

    def settle(self) -> None:
        """SendGrid posts what it has to our doors, signed, and the workers do what is due."""
        with requests.Session() as session:
            for _ in range(3):
                self.side.book.pump(lambda hook: self.side.post(session, hook))
                self.world.settle()

    def tell(self, message: Message = HELP, *, key: str = "k") -> None:
        """The spa is about to write to Ana."""
        with self.world.rt.unit_of_work() as uow:
            to = Addressee(self.world.spa.spa_id, AT, "en", self.client_id, "email")
            messaging.tell(uow, to, message, key=key)

    def told(self, message: Message = HELP, *, key: str = "k") -> Letter:
        """The spa writes to Ana first."""
        self.tell(message, key=key)
        self.settle()
        return self.box()[-1]

    def write(self, words: str, **more: Any) -> list[Letter]:  # noqa: ANN401 - the fields of a draft
        """Ana writes; what comes back."""
        before = len(self.box())
        mail_desk.send(self.side, Draft(AT, words, **more))
        self.settle()
        return [each for each in self.box()[before:] if not each.inbound]

    def box(self) -> list[Letter]:
        return self.side.book.box(AT)

    def kept(self) -> list[tuple[object, ...]]:
        return self.world.rows("SELECT body, status, understood FROM inbound_event ORDER BY id")

    def consent(self) -> tuple[object, ...]:
        """Whether offers go to her address and texts to her phone."""
        [found] = self.world.rows(
            "SELECT e.email_marketing, e.suppressed_at IS NULL, p.suppressed_at IS NULL FROM email e, phone p"
        )
        return found


@contextmanager
def mailhouse(world: World, queue: Queue | None = None) -> Iterator[MailHouse]:
    """Ana is a member with three credits, by phone and by mail, and agreed to offers. `queue`: who works instead."""
    ana = world.client("Ana")
    world.mailbox(ana, AT, marketing=True)
    world.enrol(ana, anchor_on=date(2026, 8, 15), first_cycle=4)
    world.grant(ana, 3)
    world.rows("UPDATE spa SET postal_address = '1 Example Way, Santa Fe, NM 87501' WHERE spa_id <> 0 RETURNING 1")
    port = free_port()
    web = f"http://127.0.0.1:{port}"
    public = sendgrid_keys.public(KEY)
    settings = replace(
        SETTINGS,
        public_base_url=web,
        port=port,
        sendgrid_inbound_public_key=public,
        sendgrid_events_public_key=public,
    )
    hooks, at_once = f"{web}/webhooks/sendgrid", Pace(timedelta(0), timedelta(0))
    with closing(
        SendGridBook(
            ":memory:", world.clock, events_url=f"{hooks}/events", inbound_url=f"{hooks}/inbound", pace=at_once
        )
    ) as book:
        rt = replace(world.rt, emails=SandboxEmails(book), public_base_url=web, queue=queue or world.rt.queue)
        side = SendGridSide(book, sendgrid_keys.private(KEY), public_base_url=web)
        outside = Outside(Account("AC0", "x"), world.book, world.clock, DatabaseInsight(rt), "", mail=side)
        seen = replace(world, rt=rt)
        with serving(create_app(rt, settings), port=port):
            yield MailHouse(seen, ana, side, outside, create_sandbox(outside))
