"""A spa in one process on a stopped clock: a real database, Twilio's book beside it, and every job run by hand."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from werkzeug.http import parse_options_header

from assistant.clock import StoppedClock
from assistant.conversation import router
from assistant.db.clients import Client, ClientEmail, ClientPhone, Email, Phone
from assistant.db.connections import Database
from assistant.db.plans import Membership, Plan, PlanVersion
from assistant.db.spas import CreditKind, House, Spa, house
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.delivery import TWILIO
from assistant.domain.membership import Standing
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Answer, Card, Text
from assistant.runtime import Runtime
from assistant.sandbox.book import Pace, TwilioBook
from assistant.sandbox.emails import SandboxEmails
from assistant.sandbox.posts import Post
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_shapes import Hook, Letter
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxRefunds, SandboxVault, Webhook
from assistant.sandbox.texts import SandboxTexts
from assistant.services import (
    billing,
    cards,
    charges,
    chasing,
    credits,
    inbound,
    mail_events,
    mail_in,
    messaging,
    sending,
    stripe_events,
    sweep,
)
from assistant.services.credits import Grant
from assistant.services.inbound import Incoming
from assistant.services.mail_events import Told
from assistant.web.webhooks.sendgrid import posted

SPA_NUMBER = "+15055550100"
ANA = "+15055550110"
PUBLIC = "https://spa.example.com"
MAIL_DOMAIN = "mail.example.com"


@dataclass
class Bells:
    """A queue that remembers what was rung, and lets a test decide what runs."""

    rung: list[Doorbell] = field(default_factory=list)

    def ring(self, bell: Doorbell) -> None:
        self.rung.append(bell)


@dataclass(frozen=True)
class NotInATransaction:
    """Texts that refuse to leave while a transaction is open: asking inside one is a bug."""

    inner: SandboxTexts
    database: Database

    def send(self, text: Text) -> Answer:
        assert self.database.lent == 0, "a provider was asked inside a transaction"
        return self.inner.send(text)

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Answer | None:
        assert self.database.lent == 0, "a provider was asked inside a transaction"
        return self.inner.find(text, since=since, known=known)

    def redact(self, provider_id: str) -> bool:
        assert self.database.lent == 0, "a provider was asked inside a transaction"
        return self.inner.redact(provider_id)


class Outside:
    """A port that refuses to be asked while a transaction is open: asking inside one is a bug."""

    def __init__(self, inner: object, database: Database) -> None:
        self._inner, self._database = inner, database

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def asked(*args: object, **kwargs: object) -> object:
            assert self._database.lent == 0, "a provider was asked inside a transaction"
            return getattr(self._inner, name)(*args, **kwargs)

        return asked


@dataclass
class World:
    """The spa, its clock, and the hands that turn it."""

    rt: Runtime
    clock: StoppedClock
    book: TwilioBook
    bells: Bells
    spa: House
    stripe: StripeBook
    mail: SendGridBook

    @classmethod
    @contextmanager
    def begun(
        cls, database: Database, at: datetime, *, new_id: Callable[[], str] = lambda: token_hex(16)
    ) -> Iterator[Self]:
        clock, bells = StoppedClock(at), Bells()
        book = TwilioBook(":memory:", clock, pace=Pace(timedelta(0), timedelta(0)), new_id=new_id)
        book.own(SPA_NUMBER, f"{PUBLIC}/webhooks/twilio/inbound")
        texts = NotInATransaction(SandboxTexts(book, PUBLIC), database)
        stripe = StripeBook(":memory:", clock, new_id=new_id)
        mail = SendGridBook(
            ":memory:",
            clock,
            events_url=f"{PUBLIC}/webhooks/sendgrid/events",
            inbound_url=f"{PUBLIC}/webhooks/sendgrid/inbound",
            pace=Pace(timedelta(0), timedelta(0)),
            new_id=new_id,
        )
        rt = Runtime(
            clock,
            database,
            bells,
            texts,
            payments=Outside(SandboxPayments(stripe), database),  # type: ignore[arg-type]
            card_pages=Outside(SandboxCardPages(stripe), database),  # type: ignore[arg-type]
            vault=Outside(SandboxVault(stripe), database),  # type: ignore[arg-type]
            refunds=Outside(SandboxRefunds(stripe), database),  # type: ignore[arg-type]
            emails=Outside(SandboxEmails(mail), database),  # type: ignore[arg-type]
            public_base_url=PUBLIC,
            mail_domain=MAIL_DOMAIN,
        )
        with rt.unit_of_work() as uow:
            spa = Spa(
                name="Fern & Lumen",
                zone="America/Denver",
                locale="en",
                number=SPA_NUMBER,
                help_phone="(505) 555-0101",
                help_email="hello@example.com",
                carrier_confirms_stop=False,
            )
            uow.session.add(spa)
            uow.session.flush()
            words = {"en": ["visit credit", "visit credits"], "es": ["crédito de visita", "créditos de visita"]}
            extra = {"en": ["extra", "extras"], "es": ["extra", "extras"]}
            uow.session.add(CreditKind(spa_id=spa.spa_id, unit="visit", words=words, reference_cents=16_500))
            uow.session.add(CreditKind(spa_id=spa.spa_id, unit="extra", words=extra, reference_cents=4_500))
            uow.session.flush()
            found = house(uow, spa.spa_id)
        yield cls(rt, clock, book, bells, found, stripe, mail)
        book.close()
        stripe.close()
        mail.close()

    # --- people ----------------------------------------------------------------------------------------------------

    def client(self, first_name: str, number: str = ANA, *, locale: str = "en") -> int:
        """A client with a phone; the same number again is a shared phone."""
        with self.rt.unit_of_work() as uow:
            session, spa_id = uow.session, self.spa.spa_id
            client = Client(
                spa_id=spa_id,
                first_name=first_name,
                last_name="Example",
                locale=locale,
                zone=self.spa.zone,
                created_at=uow.now,
            )
            session.add(client)
            phone = session.query(Phone).filter_by(spa_id=spa_id, number=number).one_or_none()
            if phone is None:
                phone = Phone(spa_id=spa_id, number=number, sms_transactional=True, created_at=uow.now)
                session.add(phone)
            session.flush()
            session.add(ClientPhone(spa_id=spa_id, client_id=client.id, phone_id=phone.id))
            session.flush()
            return client.id

    def phone(self, client_id: int, number: str) -> None:
        """A client's other phone; notices go to the first."""
        with self.rt.unit_of_work() as uow:
            phone = Phone(spa_id=self.spa.spa_id, number=number, sms_transactional=True, created_at=uow.now)
            uow.session.add(phone)
            uow.session.flush()
            other = ClientPhone(spa_id=self.spa.spa_id, client_id=client_id, phone_id=phone.id, preferred=False)
            uow.session.add(other)

    def mailbox(self, client_id: int, address: str, *, marketing: bool = False) -> None:
        """A client's mail address."""
        with self.rt.unit_of_work() as uow:
            email = Email(
                spa_id=self.spa.spa_id, address=address.lower(), email_marketing=marketing, created_at=uow.now
            )
            uow.session.add(email)
            uow.session.flush()
            uow.session.add(ClientEmail(spa_id=self.spa.spa_id, client_id=client_id, email_id=email.id))

    def enrol(
        self,
        client_id: int,
        *,
        anchor_on: date,
        standing: Standing = Standing.ACTIVE,
        dues_cents: int = 14_900,
        resumes_on: date | None = None,
        ended_on: date | None = None,
        **terms: Any,  # noqa: ANN401 - columns of a membership or of its plan's version
    ) -> int:
        """A membership under a plan of its own."""
        of_membership = {name: terms.pop(name) for name in ("collection", "first_cycle") if name in terms}
        with self.rt.unit_of_work() as uow:
            session, spa_id = uow.session, self.spa.spa_id
            [[many]] = uow.sql("SELECT count(*) FROM plan").fetchall()
            session.add(plan := Plan(spa_id=spa_id, code=f"glow-{client_id}-{many}", name="Glow"))
            session.flush()
            version = PlanVersion(
                spa_id=spa_id,
                plan_id=plan.id,
                number=1,
                dues_cents=dues_cents,
                grants=terms.pop("grants", [{"unit": "visit", "amount": MILLI}]),
                sold_from=uow.now,
                **terms,
            )
            session.add(version)
            session.flush()
            membership = Membership(
                spa_id=spa_id,
                client_id=client_id,
                plan_version_id=version.id,
                standing=standing,
                anchor_on=anchor_on,
                resumes_on=resumes_on,
                ended_on=ended_on,
                created_at=uow.now,
                **of_membership,
            )
            session.add(membership)
            session.flush()
            return membership.id

    def grant(
        self,
        client_id: int,
        visits: int = 1,
        *,
        unit: str = "visit",
        at: datetime | None = None,
        expires_on: date | None = None,
    ) -> None:
        """Credit, once for each call."""
        with self.rt.unit_of_work() as uow:
            [[many]] = uow.sql("SELECT count(*) FROM ledger_entry").fetchall()
            lot_class = LotClass.PROMO if expires_on else LotClass.PAID
            key, amount = f"grant:{many}", visits * MILLI
            grant = Grant(key, client_id, unit, amount, lot_class, at or uow.now, expires_on)
            credits.grant(uow, self.spa.spa_id, self.spa.zone, [grant])

    def spend(self, client_id: int, visits: int = 1, *, unit: str = "visit", key: str | None = None) -> object:
        with self.rt.unit_of_work() as uow:
            [[many]] = uow.sql("SELECT count(*) FROM ledger_entry").fetchall()
            return credits.spend(
                uow,
                self.spa.spa_id,
                client_id=client_id,
                unit=unit,
                amount=visits * MILLI,
                key=key or f"use:{many}",
                zone=self.spa.zone,
            )

    # --- cards and dues ----------------------------------------------------------------------------------------------

    def card(self, client_id: int, number: str = "pm_card_visa", *, role: str = "current") -> str:
        """A card on file; the id it has at the processor."""
        spa_id = self.spa.spa_id
        customer = cards.ensure_customer(self.rt, spa_id, client_id, None)
        assert customer
        method = self.stripe.add_card(customer, number)
        card = self.rt.vault.card(None, method)
        assert isinstance(card, Card)
        self.rt.transact(lambda uow: cards.arrived(uow, spa_id, client_id, card, source="import", role=role))
        return method

    def bill(self) -> None:
        """The day's dues are opened and charged, and what follows is done."""
        billing.bill(self.rt)
        self.settle()

    def invoices(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT cycle, status, reason FROM invoice ORDER BY membership_id, cycle")

    def attempts(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT number, status, cause FROM charge_attempt ORDER BY invoice_id, number")

    def standing(self, membership_id: int) -> str:
        [(standing,)] = self.rows("SELECT standing FROM membership WHERE id = %s", (membership_id,))
        return str(standing)

    def hear(self, webhook: Webhook) -> str | None:
        """Carry one of the card processor's webhooks to our services, as the web's door does."""
        told = stripe_events.read(webhook.event)
        assert told is not None
        stripe_events.keep(self.rt, told)
        return None

    # --- time and jobs -----------------------------------------------------------------------------------------------

    def text(self, body: str, phone: str = ANA, *, media: int = 0) -> None:
        """A member texts the spa."""
        self.book.receive(phone, SPA_NUMBER, body, media=media)

    def settle(self) -> None:
        """Everything that is due now is done: deliveries, thinking, sending, callbacks."""
        for _ in range(50):
            moved = self.book.pump(self.deliver) + self.stripe.pump(self.hear) + self.mail.pump(self.carry)
            moved += _until_done(lambda: charges.charge_next(self.rt))
            moved += _until_done(lambda: stripe_events.apply_next(self.rt))
            moved += _until_done(lambda: chasing.step_next(self.rt))
            moved += _until_done(lambda: router.answer_next(self.rt))
            moved += _until_done(lambda: messaging.deliver_next(self.rt))
            moved += _until_done(lambda: sending.send_slice(self.rt))
            if not moved:
                return
        raise AssertionError("it never settles")

    def pass_time(self, by: timedelta) -> None:
        """Time passes, the sweep comes round, and what is due is done."""
        self.clock.advance(by)
        sweep.sweep(self.rt)
        self.settle()

    def deliver(self, post: Post) -> str | None:
        """Carry one of the provider's posts to our services, as the web's door does."""
        form = dict(post.pairs)
        address = urlsplit(post.url)
        if address.path.endswith("/inbound"):
            text = Incoming(form.pop("MessageSid"), form.pop("From"), form.pop("To"), form.pop("Body", ""), form)
            inbound.keep(self.rt, text)
            return None
        asked = parse_qs(address.query)
        self.rt.transact(
            lambda uow: messaging.heard(
                uow,
                int(asked["s"][0]),
                int(asked["m"][0]),
                provider_id=form["MessageSid"],
                status=TWILIO[form["MessageStatus"]],
                code=int(form["ErrorCode"]) if form.get("ErrorCode") else None,
            )
        )
        return None

    def carry(self, hook: Hook) -> str | None:
        """Carry one of the mail provider's posts to our services, as the web's doors do."""
        if hook.url.endswith("/events"):
            mail_events.keep(self.rt, [each for event in json.loads(hook.raw) if (each := Told.read(event))])
            return None
        mail_in.keep(self.rt, posted(hook.raw, parse_options_header(hook.content_type)[1]["boundary"]))
        return None

    def mailed(self, address: str) -> list[Letter]:
        """What an address was sent, oldest first."""
        return [each for each in self.mail.box(address) if not each.inbound]

    def received(self, phone: str = ANA) -> list[str]:
        """What a phone was sent, oldest first."""
        return [each.body for each in self.book.thread(phone) if each.direction.startswith("outbound")]

    def say(self, body: str, phone: str = ANA) -> list[str]:
        """Text, and what comes back."""
        before = len(self.received(phone))
        self.text(body, phone)
        self.settle()
        return self.received(phone)[before:]

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self.rt.unit_of_work() as uow:
            return uow.sql(query, parameters).fetchall()

    def at(self, moment: datetime) -> Runtime:
        """The same spa at another time."""
        return replace(self.rt, clock=StoppedClock(moment))


def _until_done(step: object) -> int:
    moved = 0
    while step():  # type: ignore[operator]
        moved += 1
        assert moved < 10_000, "it never ends"
    return moved
