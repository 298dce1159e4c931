"""The seeded demo as tests use it: its people, its staff, something on every page, and a crowd around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Flask

from assistant import invented_crowd, seeds, seeds_staff
from assistant.app import create_app
from assistant.db.connections import Database
from assistant.domain.campaigns import Purpose
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.tickets import Quote, Tender
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxRefunds, SandboxVault
from assistant.services import approvals, campaigns, checkout, handovers, tasks, voids
from assistant.services.approvals import Wanted
from assistant.services.campaigns import Draft
from assistant.services.checkout import Sold
from assistant.settings import Settings
from tests.console import Visitor
from tests.house.test_doors import SETTINGS
from tests.world import World

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PASSWORD = seeds_staff.PASSWORD
STANDINGS = ("active", "past_due", "paused", "ended")


class Cards:
    """Test cards, put on file without a page."""

    def __init__(self, book: StripeBook) -> None:
        self.book = book

    def add(self, customer_id: str, token: str) -> str:
        return self.book.add_card(customer_id, token)


@dataclass(frozen=True)
class Demo:
    """The spa of the demo, and who of it is worth a look."""

    world: World
    spa_id: int
    people: tuple[int, ...]
    """One in every standing, then a client who is no member."""

    def app(self, settings: Settings = SETTINGS) -> Flask:
        return create_app(self.world.rt, settings)

    def starts(self) -> dict[str, str]:
        """Where a walk begins, so that every act has somebody it applies to."""
        home = f"/console/{self.spa_id}"
        cart = "code-1=signature&many-1=2&code-2=serum&many-2=1&tip=20.00"
        found = {
            "": f"{home}/today",
            "found": f"{home}/members?q=ana",
            "nobody": f"{home}/members?q=zzz",
            "cart": f"{home}/checkout/{self.people[0]}?{cart}",
            "guest": f"{home}/checkout/{self.people[-1]}?{cart}",
            "wrong": f"{home}/checkout/{self.people[0]}?code-1=signature&many-1=none",
        }
        return found | dict(
            zip((*STANDINGS, "no-member"), (f"{home}/members/{each}" for each in self.people), strict=True)
        )

    def visitor(self, app: Flask, role: str = "owner") -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(f"{role}@example.com", PASSWORD).status_code == 302
        return visitor


@contextmanager
def demo(database: Database, *, clients: int = 20_000, members: int = 3_000, months: int = 1) -> Iterator[Demo]:
    """The demo with so many around it. The world's own spa becomes another one, where nobody works."""
    with World.begun(database, AT) as begun:
        with begun.rt.unit_of_work() as uow:
            uow.sql("UPDATE spa SET number = NULL, name = 'Elsewhere'")
        rt = replace(
            begun.rt,
            payments=SandboxPayments(begun.stripe),
            vault=SandboxVault(begun.stripe),
            refunds=SandboxRefunds(begun.stripe),
            card_pages=SandboxCardPages(begun.stripe),
        )
        world = replace(begun, rt=rt)
        spa_id = seeds.seed(rt, Cards(world.stripe))  # type: ignore[arg-type]  # the one method that is asked
        seeds_staff.seed(rt, spa_id)
        invented_crowd.gather(rt, spa_id, clients=clients, members=members, months=months)
        people = _people(world, spa_id)
        _a_day(world, spa_id, people)
        world.settle()
        yield Demo(world, spa_id, people)


def _people(world: World, spa_id: int) -> tuple[int, ...]:
    rows = dict(
        world.rows(
            "SELECT standing, min(client_id) FROM membership m WHERE spa_id = %s AND EXISTS ("
            " SELECT 1 FROM credit_lot l WHERE l.spa_id = m.spa_id AND l.client_id = m.client_id) GROUP BY 1",
            (spa_id,),
        )
    )
    [(never,)] = world.rows(
        "SELECT min(id) FROM client c WHERE spa_id = %s"
        " AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.spa_id = c.spa_id AND m.client_id = c.id)",
        (spa_id,),
    )
    return (*(int(str(rows[each])) for each in STANDINGS), int(str(never)))


def _a_day(world: World, spa_id: int, people: tuple[int, ...]) -> None:
    """What happens at a desk: sales, one of them taken back, somebody who waits for a person, a task, a campaign."""
    active, *_, never = people
    sold = sell(world, spa_id, active, "signature", "serum")
    sell(world, spa_id, never, "light", tender=Tender.TERMINAL)
    voids.void(world.rt, spa_id, sold, actor="staff:1", reason="wrong client", approved_by="staff:1")
    sell(world, spa_id, never, "peel")
    [(number,)] = world.rows(
        "SELECT p.number FROM phone p JOIN client_phone c ON (c.spa_id, c.phone_id) = (p.spa_id, p.id)"
        " WHERE c.spa_id = %s AND c.client_id = %s",
        (spa_id, active),
    )
    world.text("Could somebody call me about my visit on Friday?", str(number))
    world.settle()
    with world.rt.unit_of_work() as uow:
        [[event]] = uow.sql("SELECT max(id) FROM inbound_event WHERE spa_id = %s", (spa_id,)).fetchall()
        said = "Could somebody call me about my visit on Friday?"
        handovers.open_(
            uow,
            spa_id,
            channel="sms",
            address=str(number),
            client_id=active,
            topic="question",
            summary=said,
            event_id=event,
        )
        facts = {"ticket": sold, "reason": "wrong client", "by": "staff:3"}
        tasks.open_task(uow, spa_id, key=f"void_asked:{sold}", kind="void_asked", client_id=active, facts=facts)
        wanted = Wanted(
            kind="grant",
            client_id=active,
            payload={"client": active, "answers": {"unit": "USD", "amount": "200", "reason": "a long wait"}},
            mark="of-a-quote",
            lines=(("Given", "$200.00"), ("Why", "a long wait")),
            why="That is worth $200.00, and you may give $25.00 by yourself.",
        )
        approvals.ask(uow, spa_id, wanted, token="a-form-token", actor="staff:3")
        words = {"en": "Hello ((first name)), Fern & Lumen has two free hours on Thursday."}
        campaigns.draft(uow, spa_id, Draft(name="Thursday", purpose=Purpose.OFFER, texts=(words,)), actor="staff:1")


def sell(world: World, spa_id: int, client_id: int, *codes: str, tender: Tender = Tender.CASH) -> int:
    """A sale at the desk; its ticket."""
    cart = Cart(lines=tuple(CartLine(code=code) for code in codes))
    quote = world.rt.transact(lambda uow: checkout.quote(uow, spa_id, client_id, cart))
    assert isinstance(quote, Quote), quote
    paid = tender if quote.bill.total_cents else Tender.NOTHING
    key = f"demo-{client_id}-{'-'.join(codes)}"
    sold = checkout.commit(world.rt, spa_id, client_id, cart, quote, key=key, tender=paid, actor="staff:1")
    assert isinstance(sold, Sold), sold
    return sold.ticket_id
