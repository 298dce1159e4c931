"""A spa to live in: a real database, the card processor's own book beside it, phones that take what they are sent."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.domain.calendar import local_day
from assistant.doorbells import Doorbell
from assistant.gateways.ports import CardPages, Payments, Refunds, Texts, Vault
from assistant.runtime import Runtime, UnitOfWork
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxRefunds, SandboxVault
from assistant.services.stripe_events import Told
from assistant.simulation import catalogue
from assistant.simulation.peril import Peril, Wire
from assistant.simulation.phones import Phones

ZONE = "America/Denver"
GROWING = (
    "membership, invoice, charge_attempt, price_notice, dunning_case, dunning_step, card, ledger_entry, ledger_posting,"
    " credit_lot, allocation, ticket, ticket_line"
)
PORT = Callable[[StripeBook], Payments]
BACK = Callable[[StripeBook], Refunds]


class NoBells:
    """Nobody need be rung: every step is taken by hand."""

    def ring(self, bell: Doorbell) -> None:
        """Heard by no one."""


@dataclass
class Person:
    """A client, as the story knows them."""

    place: int
    client_id: int
    number: str | None
    """Where they may be texted; None: the desk must reach them."""
    customer_id: str | None = None

    @property
    def name(self) -> str:
        return f"Member{self.place}"


@dataclass
class House:
    """The spa and all around it. `rt` is what workers have: they may die of it. `bare` is our own: nobody does."""

    rt: Runtime
    bare: Runtime
    clock: StoppedClock
    stripe: StripeBook
    phones: Phones
    chance: random.Random
    happened: Counter[str]
    peril: Peril
    spa_id: int
    versions: dict[str, int]
    """The newest version of each plan."""
    people: list[Person] = field(default_factory=list)
    of_client: dict[int, Person] = field(default_factory=dict)
    cards: int = 0
    tickets: int = 0
    """How many sales the tills have rung up: each has its number."""
    uses: int = 0
    """How many uses, bookings and gifts of credit there were."""
    handed_on: list[str] = field(default_factory=list)
    """The keys of what members handed on to one another."""
    unsaid: list[Told] = field(default_factory=list)
    """What the processor never told of money that went back."""
    at_till: Person | None = None
    """Who is being served: another till may serve them too."""
    offers: dict[tuple[int, str], object] = field(default_factory=dict)
    """Quotes that somebody sleeps on: by membership, and what they are of."""
    posting: bool = False
    """The processor is at it: it posts one thing at a time."""
    given_back: set[str] = field(default_factory=set)
    """Payments that somebody refunded at the processor, behind our back."""

    @classmethod
    @contextmanager
    def begun(
        cls,
        database: Database,
        at: datetime,
        seed: int,
        *,
        payments: PORT = SandboxPayments,
        refunds: BACK = SandboxRefunds,
    ) -> Iterator["House"]:
        chance = random.Random(seed)  # noqa: S311 - a story need not be secret
        ids = random.Random(seed + 1_000_003)  # noqa: S311
        happened: Counter[str] = Counter()
        clock, peril, phones = StoppedClock(at), Peril(chance, happened), Phones(chance, happened)
        stripe = StripeBook(":memory:", clock, new_id=lambda: f"{ids.getrandbits(96):024x}")
        bare = Runtime(
            clock,
            database,
            NoBells(),
            phones,
            payments=payments(stripe),
            card_pages=SandboxCardPages(stripe),
            vault=SandboxVault(stripe),
            refunds=refunds(stripe),
            public_base_url="https://spa.example.com",
            random_bytes=ids.randbytes,
        )
        spa_id, versions = bare.transact(_found)
        try:
            yield cls(_wired(bare, peril), bare, clock, stripe, phones, chance, happened, peril, spa_id, versions)
        finally:
            stripe.close()

    @property
    def today(self) -> date:
        return local_day(self.clock.now(), ZONE)

    def move_in(self, place: int, *, reachable: bool) -> Person:
        """A client, with a phone that may be texted or without."""
        number = f"+1{200 + place // 100 % 700}55501{place % 100:02d}" if reachable else None
        person = Person(place, self.bare.transact(lambda uow: self._client(uow, place, number)), number)
        self.people.append(person)
        self.of_client[person.client_id] = person
        return person

    def _client(self, uow: UnitOfWork, place: int, number: str | None) -> int:
        locale = "es" if place % 10 == 9 else "en"
        named = {"first_name": f"Member{place}", "last_name": "Example", "locale": locale}
        client = {**named, "zone": ZONE, "region": "CO"}
        client_id = _insert(uow, "client", spa_id=self.spa_id, created_at=uow.now, **client)
        if number:
            phone = {
                "spa_id": self.spa_id,
                "number": number,
                "sms_transactional": True,
                "sms_marketing": False,
                "created_at": uow.now,
            }
            phone_id = _insert(uow, "phone", **phone)
            uow.sql(
                "INSERT INTO client_phone (spa_id, client_id, phone_id, preferred) VALUES (%s, %s, %s, false)",
                (self.spa_id, client_id, phone_id),
            )
        return client_id

    def enrol(self, person: Person, plan: str, *, anchor_on: date, **terms: object) -> None:
        """A membership in the newest version of a plan."""
        row = {"spa_id": self.spa_id, "client_id": person.client_id, "plan_version_id": self.versions[plan]}
        facts: dict[str, object] = {"standing": "active", **terms}
        self.bare.transact(
            lambda uow: _insert(uow, "membership", **row, anchor_on=anchor_on, created_at=uow.now, **facts)
        )

    def new_version(self, uow: UnitOfWork, plan: str, *, dues_cents: int) -> int:
        """The next version of a plan, at another price."""
        return catalogue.offer(uow, self.spa_id, plan, replace(catalogue.PLANS[plan], dues_cents=dues_cents))

    def new_number(self) -> str:
        """A card number that nobody else has. All begin alike, so that none can hide in our tables."""
        self.cards += 1
        return _checked(f"{'4242' if self.cards % 3 else '5555'}0055{self.cards:07d}")

    def rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """What the database says."""
        with self.bare.unit_of_work() as uow:
            return uow.sql(query, parameters).fetchall()

    def analyze(self) -> None:
        """What PostgreSQL would do by itself at a moment of its own choosing, of what has grown."""
        with self.bare.unit_of_work() as uow:
            uow.sql(f"ANALYZE {GROWING}")

    def soon(self, most: int = 900) -> None:
        """A moment goes by."""
        self.clock.advance(timedelta(milliseconds=self.chance.randint(1, most)))


def _checked(digits: str) -> str:
    """With its check digit."""
    odd = sum(sum(divmod(2 * int(each), 10)) for each in digits[::-2])
    even = sum(int(each) for each in digits[-2::-2])
    return f"{digits}{-(odd + even) % 10}"


SHARED = _checked("424200559999999")
"""A card that several people pay with."""


def _wired(bare: Runtime, peril: Peril) -> Runtime:
    """The same house, every port at the end of a wire, and every commit with an edge."""

    def wire(port: object) -> Wire:
        return Wire(port, peril, bare.database)

    return replace(
        bare,
        edge=peril.edge,
        texts=cast("Texts", wire(bare.texts)),
        payments=cast("Payments", wire(bare.payments)),
        card_pages=cast("CardPages", wire(bare.card_pages)),
        vault=cast("Vault", wire(bare.vault)),
        refunds=cast("Refunds", wire(bare.refunds)),
    )


# ── founding it ──


def _insert(uow: UnitOfWork, table: str, **row: object) -> int:
    names, places = ", ".join(row), ", ".join(["%s"] * len(row))
    found = uow.sql(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", list(row.values())).fetchone()
    return int(found[0]) if found else 0


def _found(uow: UnitOfWork) -> tuple[int, dict[str, int]]:
    """The spa, what it grants, and its plans."""
    found = uow.sql(
        """INSERT INTO spa (name, zone, locale, number, help_phone, help_email, carrier_confirms_stop)
           VALUES ('Simulated', %s, 'en', '+15055550100', '(505) 555-0101', 'hello@example.com', false)
           RETURNING spa_id""",
        (ZONE,),
    ).fetchone()
    spa_id = int(found[0]) if found else 0
    return spa_id, catalogue.found(uow, spa_id)
