"""An invented spa to try things on: two plans, 300 clients, 120 members, more than a year of history.

The same every time but for its dates, which end now. Everything in it is made up: 555-01xx numbers, `@example.com`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product

from sqlalchemy.orm import Session

from assistant.clock import StoppedClock
from assistant.db.clients import Client, ClientEmail, ClientPhone, Email, Phone
from assistant.db.plans import Membership, Plan, PlanVersion
from assistant.db.spas import CreditKind, Service, Spa
from assistant.domain import ledger as books
from assistant.domain.calendar import cycle_date, local_day, next_cycle
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.membership import Standing
from assistant.gateways.ports import Card
from assistant.gateways.stripe_test_cards import StripeTestCards
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import billing, cards, charges, credits, ledger
from assistant.services.credits import Grant

SPA_NUMBER = "+15055550100"
CLIENTS, MEMBERS, MONTHS = 300, 120, 14
VISIT, EXTRA = "visit", "extra"
CARDS = ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
FAILING_CARD = "pm_card_chargeCustomerFail"  # it can be put on file, and every charge to it is declined
BILLED_AT = time(15, 0, tzinfo=UTC)
"""Nine in the morning at the spa, or eight: a day is all that the books look at."""

FIRST = "Ana Leo Maya Iris Noor Ruth Tessa Wren José Raúl Beth Cleo Dana Elsa Faye Gwen Hana Ines June Kara".split()
LAST = "Example Sample Placeholder Invented Imaginary Fictive Notional Pretend Supposed Mock".split()
AREA_CODES = ("505", "575", "720", "480")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A seeded member, and how they came to where they are."""

    client_id: int
    joined_on: date
    dues_cents: int
    grants: tuple[tuple[str, int], ...]
    ended_on: date | None
    uses: float
    """How much of what they get they use."""


def seed(rt: Runtime, test_cards: StripeTestCards | None = None) -> int:
    """Seed the spa, unless it is there. Returns its id. Members get cards on file where `test_cards` are to be had.

    The last step is today's billing, by the machine itself: whoever is past due has been declined by it.
    """
    with rt.unit_of_work() as uow:
        known = uow.sql("SELECT spa_id FROM spa WHERE number = %s", (SPA_NUMBER,)).fetchone()
    if known:
        return int(known[0])
    chance = random.Random(7)  # noqa: S311 - invented people need no secrets
    with rt.unit_of_work() as uow:
        spa = _spa(uow)
        people = _people(uow, spa, chance)
        members = _members(uow, spa, people[:MEMBERS], chance)
    _history(rt, spa, members, chance)
    if test_cards is not None:
        for place, client in enumerate(people[:MEMBERS]):
            _card(rt, spa, client.id, test_cards, FAILING_CARD if place % 20 == 4 else CARDS[place % len(CARDS)])
    rt.transact(lambda uow: billing.open_day(uow, spa.spa_id, local_day(uow.now, spa.zone)))
    charges.charge_all(rt, threads=4)
    return spa.spa_id


def _card(rt: Runtime, spa: Spa, client_id: int, test_cards: StripeTestCards, token: str) -> None:
    customer_id = cards.ensure_customer(rt, spa.spa_id, client_id, None)
    card = rt.vault.card(None, test_cards.add(customer_id, token)) if customer_id else None
    if not isinstance(card, Card):
        raise TypeError("the card processor does not answer: is the sandbox running?")
    rt.transact(lambda uow: cards.arrived(uow, spa.spa_id, client_id, card, source="import"))


def _spa(uow: UnitOfWork) -> Spa:
    spa = Spa(
        name="Fern & Lumen",
        zone="America/Denver",
        locale="en",
        number=SPA_NUMBER,
        help_phone="(505) 555-0101",
        help_email="hello@fernandlumen.example.com",
        carrier_confirms_stop=False,
    )
    uow.session.add(spa)
    uow.session.flush()
    visit = {"en": ["visit credit", "visit credits"], "es": ["crédito de visita", "créditos de visita"]}
    extra = {"en": ["extra", "extras"], "es": ["extra", "extras"]}
    uow.session.add_all(
        [
            CreditKind(spa_id=spa.spa_id, unit=VISIT, words=visit, reference_cents=16_500),
            CreditKind(spa_id=spa.spa_id, unit=EXTRA, words=extra, reference_cents=4_500),
        ]
    )
    uow.session.flush()
    uow.session.add_all(
        Service(spa_id=spa.spa_id, code=code, name=name, category=category, list_price_cents=cents, credit_unit=unit)
        for code, name, category, cents, unit in (
            ("signature", "Signature Facial", "facials", 16_500, VISIT),
            ("peel", "Gentle Peel", "facials", 14_000, None),
            ("light", "Light Session", "devices", 9_500, None),
            ("mask", "Mask Add-on", "add-ons", 4_500, EXTRA),
        )
    )
    return spa


def _people(uow: UnitOfWork, spa: Spa, chance: random.Random) -> list[Client]:
    """Clients with a phone and an email each; every tenth speaks Spanish, and two of the first share a phone."""
    names = [f"{first} {last}" for last, first in product(LAST, FIRST)]
    names += [f"{first} {one}-{other}" for (one, other), first in product(pairwise(LAST), FIRST)]
    people = [_client(spa, name, place, uow.now, chance) for place, name in enumerate(names[:CLIENTS])]
    uow.session.add_all(people)
    uow.session.flush()
    phones = [
        Phone(
            spa_id=spa.spa_id, number=number, sms_transactional=True, sms_marketing=place % 3 == 0, created_at=uow.now
        )
        for place, number in enumerate(_numbers(CLIENTS))
    ]
    emails = [
        Email(spa_id=spa.spa_id, address=f"client{place:03d}@example.com", created_at=uow.now)
        for place in range(CLIENTS)
    ]
    uow.session.add_all([*phones, *emails])
    uow.session.flush()
    _reach(uow.session, spa, people, phones, emails)
    return people


def _client(spa: Spa, name: str, place: int, now: datetime, chance: random.Random) -> Client:
    first, last = name.split()
    return Client(
        spa_id=spa.spa_id,
        first_name=first,
        last_name=last,
        locale="es" if place % 10 == 9 else "en",
        zone=spa.zone,
        region="NM",
        born_on=date(1960 + chance.randrange(45), 1 + chance.randrange(12), 1 + chance.randrange(28)),
        created_at=now,
    )


def _numbers(many: int) -> Iterator[str]:
    """555-01xx numbers, by area code, but for the spa's own two."""
    numbers = (f"+1{area}55501{line:02d}" for area in AREA_CODES for line in range(100))
    return (
        number for number, _ in zip((n for n in numbers if n[-4:] not in {"0100", "0101"}), range(many), strict=False)
    )


def _reach(session: Session, spa: Spa, people: list[Client], phones: list[Phone], emails: list[Email]) -> None:
    """The third client shares the second one's phone: who is texting must be asked."""
    for place, client in enumerate(people):
        phone = phones[1 if place == 2 else place]
        session.add(ClientPhone(spa_id=spa.spa_id, client_id=client.id, phone_id=phone.id))
        session.add(ClientEmail(spa_id=spa.spa_id, client_id=client.id, email_id=emails[place].id))


def _members(uow: UnitOfWork, spa: Spa, people: list[Client], chance: random.Random) -> list[Enrolled]:
    glow = _plan(uow, spa, "glow", "Glow", 14_900, [(VISIT, MILLI)])
    radiance = _plan(uow, spa, "radiance", "Radiance", 24_900, [(VISIT, MILLI), (EXTRA, 2 * MILLI)])
    today = local_day(uow.now, spa.zone)
    members = []
    for place, client in enumerate(people):
        plan = radiance if place % 3 == 1 else glow
        joined_on = today - timedelta(days=15 + chance.randrange(MONTHS * 30 - 15))
        standing = _standing(place)
        cycle = next_cycle(joined_on, today)
        ended_on = today - timedelta(days=10) if standing is Standing.ENDED else None
        uow.session.add(
            Membership(
                spa_id=spa.spa_id,
                client_id=client.id,
                plan_version_id=plan.id,
                standing=standing,
                anchor_on=joined_on,
                first_cycle=cycle - 1 if place % 20 == 4 else cycle,
                resumes_on=today + timedelta(days=30) if standing is Standing.PAUSED else None,
                ended_on=ended_on,
                created_at=datetime.combine(joined_on, BILLED_AT),
            )
        )
        grants = tuple((str(grant["unit"]), int(grant["amount"])) for grant in plan.grants)
        members.append(Enrolled(client.id, joined_on, plan.dues_cents, grants, ended_on, chance.uniform(0.5, 1.1)))
    return members


def _plan(
    uow: UnitOfWork, spa: Spa, code: str, name: str, dues_cents: int, grants: list[tuple[str, int]]
) -> PlanVersion:
    plan = Plan(spa_id=spa.spa_id, code=code, name=name)
    uow.session.add(plan)
    uow.session.flush()
    version = PlanVersion(
        spa_id=spa.spa_id,
        plan_id=plan.id,
        number=1,
        dues_cents=dues_cents,
        grants=[{"unit": unit, "amount": amount} for unit, amount in grants],
        sold_from=uow.now - timedelta(days=MONTHS * 31),
    )
    uow.session.add(version)
    uow.session.flush()
    return version


def _standing(place: int) -> Standing:
    """Most are active; a few are paused or gone. Who is past due, the machine will find."""
    special = {5: Standing.PAUSED, 6: Standing.ENDED}
    return special.get(place % 20, Standing.ACTIVE)


def _history(rt: Runtime, spa: Spa, members: list[Enrolled], chance: random.Random) -> None:
    """Live through the days since the first joined: dues, grants, visits, a birthday treat, and what ran out."""
    now = rt.clock.now()
    first = min(member.joined_on for member in members)
    for days in range((local_day(now, spa.zone) - first).days + 1):
        day = first + timedelta(days=days)
        at = min(datetime.combine(day, BILLED_AT), now)
        past = replace(rt, clock=StoppedClock(at))
        paid = [(member, cycle) for member in members if (cycle := _cycle_paid(member, day)) is not None]
        if paid:
            with past.unit_of_work() as uow:
                _collect(uow, spa, paid, at)
        visiting = [member for member in members if member.joined_on < day and chance.random() < member.uses / 30]
        for member in visiting:
            with past.unit_of_work() as uow:
                _visit(uow, spa, member, day)
        if day.day == 1:
            with past.unit_of_work() as uow:
                credits.expire(uow, spa.spa_id, spa.zone)


def _cycle_paid(member: Enrolled, day: date) -> int | None:
    months = (day.year - member.joined_on.year) * 12 + day.month - member.joined_on.month
    if member.ended_on and day >= member.ended_on:
        return None
    return months if day == cycle_date(member.joined_on, months) else None


def _collect(uow: UnitOfWork, spa: Spa, paid: list[tuple[Enrolled, int]], at: datetime) -> None:
    """A paid cycle banks its credits; every fifth also brings an extra as a gift, which runs out in 60 days."""
    ledger.post(
        uow,
        spa.spa_id,
        [
            books.dues_collected(
                f"dues:{each.client_id}:{cycle}", at, each.dues_cents, access_cents=each.dues_cents % len(each.grants)
            )
            for each, cycle in paid
        ],
    )
    banked = [
        Grant(
            f"grant:{each.client_id}:{cycle}:{unit}",
            each.client_id,
            unit,
            amount,
            LotClass.PAID,
            at,
            paid_cents=each.dues_cents // len(each.grants),
        )
        for each, cycle in paid
        for unit, amount in each.grants
    ]
    runs_out = local_day(at, spa.zone) + timedelta(days=60)
    gifts = [
        Grant(f"gift:{each.client_id}:{cycle}", each.client_id, EXTRA, MILLI, LotClass.PROMO, at, runs_out)
        for each, cycle in paid
        if cycle % 5 == 0
    ]
    credits.grant(uow, spa.spa_id, spa.zone, banked + gifts)


def _visit(uow: UnitOfWork, spa: Spa, member: Enrolled, day: date) -> None:
    """A visit takes a credit, where there is one."""
    for unit, amount in member.grants:
        credits.spend(
            uow,
            spa.spa_id,
            client_id=member.client_id,
            unit=unit,
            amount=amount,
            key=f"visit:{member.client_id}:{day}:{unit}",
            zone=spa.zone,
        )


def facts() -> dict[str, str | list[dict[str, str]]]:
    """What a script needs to talk to the seeded spa: its number, and a few people with theirs."""
    numbers = list(_numbers(CLIENTS))
    about = {
        0: "a member",
        1: "two members share this phone",
        4: "a member whose last payment failed",
        5: "a member who is paused",
        9: "a member who speaks Spanish",
        MEMBERS: "a client who is no member",
    }
    phones = [{"phone": numbers[place], "who": who} for place, who in about.items()]
    return {"spa_number": SPA_NUMBER, "members": phones}
