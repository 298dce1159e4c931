"""What a plan would have saved on a client's own visits: to the cent, and said only where it is so."""

from datetime import timedelta

import pytest

from assistant.db.spas import Service
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinQuote
from assistant.domain.plans import Cadence, GrantTerms, Terms
from assistant.domain.tickets import Quote, Tender
from assistant.services import checkout, joins, plans, savings, voids
from assistant.services.checkout import Sold
from tests.world import World

STAFF = "staff:kim"
DAY = timedelta(days=1)


@pytest.fixture
def ana(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        for code, unit in (("facial", "visit"), ("touch", "extra"), ("cream", None)):
            service = Service(
                spa_id=world.spa.spa_id,
                code=code,
                name=code.title(),
                category="care",
                list_price_cents=18_000,
                credit_unit=unit,
                taxable=False,
                dollars_cover=True,
            )
            uow.session.add(service)
    return world.client("Ana")


def visits(world: World, client_id: int, many: int = 1, *, code: str = "facial", days_ago: int = 10) -> list[int]:
    """Paid in cash, each at $180.00, so many days ago."""
    made = []
    now = world.clock.now()
    for _ in range(many):
        world.clock.at = now - days_ago * DAY
        with world.rt.unit_of_work() as uow:
            quote = checkout.quote(uow, world.spa.spa_id, client_id, Cart(lines=(CartLine(code=code),)))
            [[known]] = uow.sql("SELECT count(*) FROM ticket").fetchall()
        assert isinstance(quote, Quote)
        sold = checkout.commit(
            world.rt, 1, client_id, quote.cart, quote, key=f"till:{known}", tender=Tender.CASH, actor=STAFF
        )
        assert isinstance(sold, Sold)
        made.append(sold.ticket_id)
    world.clock.at = now
    return made


def offered(world: World, **terms: object) -> None:
    of = {"dues_cents": 14_900, "grants": (GrantTerms("visit", MILLI),)}
    with world.rt.unit_of_work() as uow:
        plans.offer(uow, 1, "glow", "Glow", Terms(**of | terms), actor="staff:1")  # type: ignore[arg-type]


def saved(world: World, client_id: int) -> int:
    with world.rt.unit_of_work() as uow:
        quote = joins.quote_join(uow, 1, client_id, "glow")
        assert isinstance(quote, JoinQuote)
        return savings.would_have_saved(uow, 1, client_id, quote)


def test_three_visits_cost_more_than_three_months(world: World, ana: int) -> None:
    offered(world)
    visits(world, ana, 3)
    assert saved(world, ana) == 3 * 18_000 - 3 * 14_900 == 9_300
    [told] = world.say("I'd like to join")
    assert "It would have saved you $93.00 on your visits of the last 3 months." in told


@pytest.mark.parametrize(
    ("many", "terms", "cents"),
    [
        (2, {}, 0),
        (3, {"dues_cents": 18_000}, 0),
        (3, {"dues_cents": 17_999}, 3),
        (3, {"setup_fee_cents": 9_299}, 1),
        (3, {"setup_fee_cents": 9_300}, 0),
        (6, {}, 9_300),
        (6, {"grants": (GrantTerms("visit", 2 * MILLI),), "dues_cents": 24_900}, 33_300),
        (4, {"grants": (GrantTerms("visit", MILLI), GrantTerms("extra", MILLI))}, 9_300),
        (3, {"cadence": Cadence.YEARLY, "dues_cents": 100}, 0),
        (3, {"intro_cents": 100, "intro_cycles": 2}, 9_300),
    ],
)
def test_it_is_told_to_the_cent_and_never_more(
    world: World, ana: int, many: int, terms: dict[str, object], cents: int
) -> None:
    offered(world, **terms)
    visits(world, ana, many)
    assert saved(world, ana) == cents


def test_nothing_is_said_of_what_saves_nothing(world: World, ana: int) -> None:
    offered(world)
    visits(world, ana, 2)
    assert "saved" not in world.say("JOIN")[0]


def test_only_their_own_visits_of_that_kind_and_of_three_months_count(world: World, ana: int) -> None:
    offered(world)
    visits(world, ana, 2)
    visits(world, ana, 1, days_ago=91)
    visits(world, ana, 3, code="cream")
    visits(world, ana, 3, code="touch")
    visits(world, world.client("Leo", "+15055550111"), 3)
    assert saved(world, ana) == 0
    visits(world, ana, 1, days_ago=89)
    assert saved(world, ana) == 9_300


def test_what_was_paid_with_credit_or_taken_back_does_not_count(world: World, ana: int) -> None:
    offered(world)
    *_, last = visits(world, ana, 3, days_ago=0)
    world.grant(ana)
    visits(world, ana, 1, days_ago=0)
    assert saved(world, ana) == 9_300
    voids.void(world.rt, world.spa.spa_id, last, reason="a mistake", actor=STAFF)
    assert saved(world, ana) == 0
