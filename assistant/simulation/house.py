"""A spa to live in: a real database, the card processor's own book beside it, phones that take what they are sent."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from assistant.clock import StoppedClock
from assistant.db.clients import Client, ClientPhone, Phone
from assistant.db.connections import Database
from assistant.db.plans import Plan, PlanVersion
from assistant.db.spas import CreditKind, Spa
from assistant.domain.credits import MILLI
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Accepted, Answer, Text, Unanswered
from assistant.runtime import Runtime
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxVault

ZONE = "America/Denver"
PLANS = (("glow", "Glow", 14_900, 1), ("radiance", "Radiance", 24_900, 1), ("year", "Glow by the year", 150_000, 12))


class NoBells:
    """Nobody need be rung: every step is taken by hand."""

    def ring(self, bell: Doorbell) -> None:
        """Heard by no one."""


@dataclass
class Phones:
    """Texts that arrive at once, or not at all; each is told of by hand afterwards."""

    clock: StoppedClock
    dead: set[str] = field(default_factory=set)
    taken: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Spa, message, id, recipient: yet to be told of."""
    asked: int = 0

    def send(self, text: Text) -> Answer:
        """Taken."""
        self.asked += 1
        sid = f"SM{self.asked:032d}"
        self.taken.append((text.spa_id, text.message_id, sid, text.recipient))
        return Accepted(sid)

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """What was taken for this very row."""
        del since, known
        found = (sid for _, message, sid, _ in self.taken if message == text.message_id)
        return next((Accepted(sid) for sid in found), None)

    def redact(self, provider_id: str) -> bool:
        """Nothing of theirs is kept."""
        return bool(provider_id)


@dataclass
class House:
    """The spa and all around it."""

    rt: Runtime
    clock: StoppedClock
    stripe: StripeBook
    phones: Phones
    chance: random.Random
    spa_id: int
    versions: tuple[int, ...]

    @classmethod
    @contextmanager
    def begun(cls, database: Database, at: datetime, seed: int) -> Iterator["House"]:
        chance = random.Random(seed)  # noqa: S311 - a story need not be secret
        ids = random.Random(seed + 1)  # noqa: S311
        clock = StoppedClock(at)
        stripe = StripeBook(":memory:", clock, new_id=lambda: f"{ids.getrandbits(96):024x}")
        phones = Phones(clock)
        rt = Runtime(
            clock,
            database,
            NoBells(),
            phones,
            payments=SandboxPayments(stripe),
            card_pages=SandboxCardPages(stripe),
            vault=SandboxVault(stripe),
            public_base_url="https://spa.example.com",
            random_bytes=ids.randbytes,
        )
        spa_id, versions = _found(rt)
        try:
            yield cls(rt, clock, stripe, phones, chance, spa_id, versions)
        finally:
            stripe.close()

    def person(self, place: int, *, reachable: bool) -> int:
        """A client, with a phone that may be texted or without."""
        with self.rt.unit_of_work() as uow:
            client = Client(
                spa_id=self.spa_id,
                first_name=f"Member{place}",
                last_name="Example",
                locale="es" if place % 10 == 9 else "en",
                zone=ZONE,
                created_at=uow.now,
            )
            uow.session.add(client)
            uow.session.flush()
            if reachable:
                number = f"+1{200 + place // 100 % 700}55501{place % 100:02d}"
                phone = Phone(spa_id=self.spa_id, number=number, sms_transactional=True, created_at=uow.now)
                uow.session.add(phone)
                uow.session.flush()
                uow.session.add(ClientPhone(spa_id=self.spa_id, client_id=client.id, phone_id=phone.id))
            return client.id

    def rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """What the database says."""
        with self.rt.unit_of_work() as uow:
            return uow.sql(query, parameters).fetchall()


def _found(rt: Runtime) -> tuple[int, tuple[int, ...]]:
    """The spa, what it grants, and its plans."""
    with rt.unit_of_work() as uow:
        spa = Spa(
            name="Simulated",
            zone=ZONE,
            locale="en",
            number="+15055550100",
            help_phone="(505) 555-0101",
            help_email="hello@example.com",
            carrier_confirms_stop=False,
        )
        uow.session.add(spa)
        uow.session.flush()
        words = {"en": ["visit credit", "visit credits"], "es": ["crédito de visita", "créditos de visita"]}
        uow.session.add(CreditKind(spa_id=spa.spa_id, unit="visit", words=words, reference_cents=16_500))
        versions = []
        for code, name, cents, months in PLANS:
            plan = Plan(spa_id=spa.spa_id, code=code, name=name)
            uow.session.add(plan)
            uow.session.flush()
            version = PlanVersion(
                spa_id=spa.spa_id,
                plan_id=plan.id,
                number=1,
                dues_cents=cents,
                cycle_months=months,
                grants=[{"unit": "visit", "amount": MILLI * months}],
                sold_from=uow.now,
            )
            uow.session.add(version)
            uow.session.flush()
            versions.append(version.id)
        return spa.spa_id, tuple(versions)


Act = Callable[[], object]
