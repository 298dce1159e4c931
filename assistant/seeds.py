"""An invented spa to try things on: two plans, 300 clients, 120 members, more than a year of history.

The same every time but for its dates, which end now. Everything in it is made up: 555-01xx numbers, `@example.com`.
"""

import random
from datetime import date, datetime, timedelta

from assistant import invented, invented_past
from assistant.db.changes import Pause
from assistant.db.clients import Client
from assistant.db.plans import Membership
from assistant.db.spas import CreditKind, Service, Spa
from assistant.domain.calendar import cycle_date, local_day, next_cycle
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.plans import GrantTerms, Terms, worths
from assistant.domain.pricing import PriceRule
from assistant.gateways.ports import Card
from assistant.gateways.stripe_test_cards import StripeTestCards
from assistant.invented_past import BILLED_AT, EXTRA, PRICES, VISIT, Enrolled
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import billing, cards, charges, plans

SPA_NUMBER = "+15055550100"
CLIENTS, MEMBERS, MONTHS = 300, 120, 14
CARDS = ("pm_card_visa", "pm_card_mastercard", "pm_card_amex")
CAME_BACK, AWAY = (66, 106), timedelta(days=40)  # two of those who left
FAILING_CARD = "pm_card_chargeCustomerFail"  # it can be put on file, and every charge to it is declined


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
        people = invented.people(uow, spa, CLIENTS, chance)
        members = _members(uow, spa, people[:MEMBERS], chance)
    invented_past.live_through(rt, spa, members, chance)
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
        postal_address="12 Sample Street, Santa Fe, NM 87501",
        carrier_confirms_stop=False,
        policy={"tax_basis_points": 775},
    )
    uow.session.add(spa)
    uow.session.flush()
    visit = {"en": ["visit credit", "visit credits"], "es": ["crédito de visita", "créditos de visita"]}
    extra = {"en": ["extra", "extras"], "es": ["extra", "extras"]}
    uow.session.add_all(
        [
            CreditKind(spa_id=spa.spa_id, unit=VISIT, words=visit, reference_cents=PRICES[VISIT]),
            CreditKind(spa_id=spa.spa_id, unit=EXTRA, words=extra, reference_cents=PRICES[EXTRA]),
        ]
    )
    uow.session.flush()
    uow.session.add_all(_services(spa.spa_id))
    return spa


def _services(spa_id: int) -> list[Service]:
    """What it does and sells: a thing to take home is taxed, and no dollar credit pays for it."""
    done = (
        ("signature", "Signature Facial", "facials", 16_500, VISIT),
        ("peel", "Gentle Peel", "facials", 14_000, None),
        ("light", "Light Session", "devices", 9_500, None),
        ("mask", "Mask Add-on", "add-ons", 4_500, EXTRA),
    )
    services = [
        Service(spa_id=spa_id, code=code, name=name, category=category, list_price_cents=cents, credit_unit=unit)
        for code, name, category, cents, unit in done
    ]
    serum = Service(spa_id=spa_id, code="serum", name="Take-home Serum", category="products", list_price_cents=6_800)
    serum.dollars_cover, serum.taxable = False, True
    return [*services, serum]


def _members(uow: UnitOfWork, spa: Spa, people: list[Client], chance: random.Random) -> list[Enrolled]:
    """Each begins as a member and becomes what they are, on its day: so the reports have a history to tell."""
    glow, radiance = _plans(uow, spa)
    today = local_day(uow.now, spa.zone)
    members = []
    for place, client in enumerate(people):
        version_id, terms = radiance if place % 3 == 1 else glow
        joined_on = today - timedelta(days=15 + chance.randrange(MONTHS * 30 - 15))
        fails = place % 20 == 4
        membership = _begun(uow, client, version_id, joined_on, next_cycle(joined_on, today) - fails)
        until = _until(place, joined_on, today)
        if until is not None:
            _became(uow, membership, _standing(place), until, today + timedelta(days=30))
        elif fails:
            until = cycle_date(joined_on, membership.first_cycle)
        members.append(_enrolled(membership, terms, until, uses=chance.uniform(0.5, 1.1)))
        if place in CAME_BACK and until is not None and (back_on := until + AWAY) < today:
            again = _begun(uow, client, version_id, back_on, next_cycle(back_on, today))
            members.append(_enrolled(again, terms, None, uses=0.8))
    return members


def _begun(uow: UnitOfWork, client: Client, version_id: int, joined_on: date, first_cycle: int) -> Membership:
    membership = Membership(
        spa_id=client.spa_id,
        client_id=client.id,
        plan_version_id=version_id,
        standing=Standing.ACTIVE,
        anchor_on=joined_on,
        first_cycle=first_cycle,
        created_at=datetime.combine(joined_on, BILLED_AT),
    )
    uow.session.add(membership)
    uow.session.flush()
    return membership


def _enrolled(membership: Membership, terms: Terms, paid_until: date | None, *, uses: float) -> Enrolled:
    return Enrolled(
        membership.client_id,
        membership.id,
        membership.plan_version_id,
        membership.anchor_on,
        terms.dues_cents,
        tuple((grant.unit, grant.amount) for grant in terms.grants),
        paid_until,
        worths(terms.grants, terms.dues_cents - terms.access_cents, PRICES),
        uses,
    )


def _until(place: int, joined_on: date, today: date) -> date | None:
    """Not all on one day: they left over most of a year, and began to rest over some weeks."""
    turn = place // 20
    days = {Standing.ENDED: 10 + 50 * turn, Standing.PAUSED: 12 + 5 * turn}.get(_standing(place))
    return None if days is None else max(joined_on + timedelta(days=5), today - timedelta(days=days))


def _became(uow: UnitOfWork, membership: Membership, standing: Standing, on: date, back_on: date) -> None:
    membership.standing, membership.changed_at = standing, datetime.combine(on, BILLED_AT)
    if standing is Standing.ENDED:
        membership.ended_on = on
    else:
        membership.resumes_on = back_on
        rest = Pause(spa_id=membership.spa_id, membership_id=membership.id, starts_on=on, resumes_on=back_on)
        rest.actor, rest.asked_at, rest.began_at = "staff:0", membership.changed_at, membership.changed_at
        uow.session.add(rest)
    uow.session.flush()


def _plans(uow: UnitOfWork, spa: Spa) -> tuple[tuple[int, Terms], tuple[int, Terms]]:
    """Two, as is advised: a tenth off everything, or 15 % off and a fixed price for one thing."""
    glow = Terms(dues_cents=14_900, grants=(GrantTerms(VISIT, MILLI),), pricing=(PriceRule(percent=10),))
    radiance = Terms(
        dues_cents=24_900,
        grants=(GrantTerms(VISIT, MILLI), GrantTerms(EXTRA, 2 * MILLI)),
        pricing=(PriceRule(percent=15), PriceRule(service="light", fixed_cents=7_500)),
    )
    offered = [
        (plans.offer(uow, spa.spa_id, code, code.capitalize(), terms, actor="staff:0").version_id, terms)
        for code, terms in (("glow", glow), ("radiance", radiance))
    ]
    return offered[0], offered[1]


def _standing(place: int) -> Standing:
    """Most are active; a few are paused or gone. Who is past due, the machine will find."""
    special = {5: Standing.PAUSED, 6: Standing.ENDED}
    return special.get(place % 20, Standing.ACTIVE)


def facts() -> dict[str, str | list[dict[str, str]]]:
    """What a script needs to talk to the seeded spa: its number, and a few people with theirs."""
    numbers = list(invented.numbers(CLIENTS))
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
