"""The examples of `docs/ledger.md`, by name: each does with the real services what the document says was done."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from psycopg.types.json import Jsonb

from assistant.db.spas import Service
from assistant.domain.changing import ChangeQuote
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.domain.membership import Standing
from assistant.domain.pausing import PauseQuote
from assistant.domain.tickets import Quote, Tender
from assistant.runtime import UnitOfWork
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import (
    billing,
    caps,
    charges,
    checkout,
    credit_changes,
    credits,
    earning,
    pauses,
    plan_changes,
    plans,
    refunds,
    standings,
    sweep,
)
from assistant.services.checkout import Sold, Voided
from assistant.services.credits import Grant, Spent
from assistant.services.refunds import Refunded
from tests.services.test_plan_changes import offer
from tests.services.test_refunds import TODAY, Month
from tests.world import World

DAY = timedelta(days=1)
BY = credit_changes.By(actor="staff:mia", reason="as the example says", approved_by="staff:kim")
T = TypeVar("T")
Example = Callable[[World], None]
EXAMPLES: dict[str, Example] = {}
_BEGUN = [0]


def example(done: Example) -> Example:
    """By its name, as the document calls it."""
    EXAMPLES[done.__name__.replace("_", "-")] = done
    return done


def act(world: World, do: Callable[[UnitOfWork], T]) -> T:
    with world.rt.unit_of_work() as uow:
        return do(uow)


def begun(world: World) -> None:
    """What was before is not of the example: its entries are those that come from here on."""
    [(last,)] = world.rows("SELECT coalesce(max(id), 0) FROM ledger_entry")
    _BEGUN[:] = [int(str(last))]


def run(name: str, world: World) -> int:
    """Do it. Returns the last entry that was before it."""
    _BEGUN[:] = [0]
    EXAMPLES[name](world)
    return _BEGUN[0]


def month(world: World, name: str = "Ana", **terms: Any) -> Month:  # noqa: ANN401 - columns of a plan's version
    """A month at $149.00 that is paid by card."""
    client_id = world.client(name, f"+1505555{1000 + len(world.rows('SELECT 1 FROM client'))}")
    membership_id = world.enrol(client_id, anchor_on=TODAY, **terms)
    world.card(client_id)
    world.bill()
    [(invoice_id,)] = world.rows("SELECT id FROM invoice WHERE client_id = %s", (client_id,))
    return Month(world, client_id, membership_id, int(str(invoice_id)))


def given(world: World, client_id: int, unit: str, amount: int, *, last: date | None = None) -> None:
    """A promotion."""
    grant = Grant("promo", client_id, unit, amount, LotClass.PROMO, world.clock.now(), last)
    act(world, lambda uow: credits.grant(uow, world.spa.spa_id, world.spa.zone, [grant]))


def used(world: World, client_id: int, unit: str, amount: int) -> Spent:
    spent = act(
        world,
        lambda uow: credits.spend(
            uow, world.spa.spa_id, client_id=client_id, unit=unit, amount=amount, key="use", zone=world.spa.zone
        ),
    )
    assert isinstance(spent, Spent)
    return spent


# --- dues, and what they buy -----------------------------------------------------------------------------------------


@example
def dues(world: World) -> None:
    month(world, access_cents=2_000)


@example
def dues_for_dollars(world: World) -> None:
    month(world, grants=[{"unit": USD, "amount": 10_000}])


@example
def access_earned(world: World) -> None:
    month(world, access_cents=3_000)
    world.clock.advance(10 * DAY)
    begun(world)
    earning.earn(world.rt)


@example
def taken_by_mistake(world: World) -> None:
    _mistaken(world)


@example
def given_back_what_nobody_owed(world: World) -> None:
    attempt_id = _mistaken(world)
    begun(world)
    done = refunds.mistaken(world.rt, world.spa.spa_id, attempt_id, actor="staff:mia", reason="paid twice")
    assert isinstance(done, Refunded)


def _mistaken(world: World) -> int:
    """The answer to a charge is lost, and before it is looked up the membership has ended."""
    client_id = world.client("Ana")
    membership_id = world.enrol(client_id, anchor_on=TODAY)
    world.card(client_id)
    world.stripe.faults.add(Trouble(StripeFault.RESET_AFTER, on="payment_intents.create"))
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=1))
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    act(world, lambda uow: standings.move(uow, 1, membership_id, Standing.ENDED, actor="staff:mia", today=TODAY))
    world.pass_time(timedelta(minutes=3))
    [(attempt_id,)] = world.rows("SELECT id FROM charge_attempt")
    return int(str(attempt_id))


# --- credit ----------------------------------------------------------------------------------------------------------


@example
def promotion(world: World) -> None:
    given(world, world.client("Ana"), "extra", MILLI, last=TODAY + 30 * DAY)


@example
def promotion_in_dollars(world: World) -> None:
    given(world, world.client("Ana"), USD, 2_500, last=TODAY + 30 * DAY)


@example
def a_visit_used(world: World) -> None:
    ana = month(world, access_cents=2_000).client_id
    begun(world)
    used(world, ana, "visit", MILLI)


@example
def half_a_visit_used(world: World) -> None:
    ana = month(world, access_cents=2_000).client_id
    begun(world)
    used(world, ana, "visit", MILLI // 2)


@example
def dollars_used(world: World) -> None:
    ana = month(world, grants=[{"unit": USD, "amount": 10_000}]).client_id
    begun(world)
    used(world, ana, USD, 4_000)


@example
def a_use_undone(world: World) -> None:
    ana = month(world, access_cents=2_000).client_id
    spent = used(world, ana, "visit", MILLI)
    begun(world)
    act(world, lambda uow: credits.undo(uow, world.spa.spa_id, spent.entry_id, zone=world.spa.zone))


@example
def kept_for_a_booking(world: World) -> None:
    ana = month(world).client_id
    begun(world)
    until, spa = world.clock.now() + DAY, world.spa
    hold = {"client_id": ana, "unit": "visit", "amount": MILLI, "ref": "booking:7F3K", "until": until}
    assert act(world, lambda uow: credits.hold(uow, spa.spa_id, **hold, zone=spa.zone)) is None  # type: ignore[arg-type]


@example
def run_out(world: World) -> None:
    given(world, world.client("Ana"), "extra", MILLI, last=TODAY)
    world.clock.advance(2 * DAY)
    begun(world)
    assert sweep.expire_credits(world.rt) == 1


@example
def dollars_run_out(world: World) -> None:
    given(world, world.client("Ana"), USD, 2_500, last=TODAY)
    world.clock.advance(2 * DAY)
    begun(world)
    assert sweep.expire_credits(world.rt) == 1


@example
def rolled_off(world: World) -> None:
    ana = world.client("Ana")
    given(world, ana, "extra", 2 * MILLI)
    world.clock.advance(DAY)
    rolls = {"kind": "cap", "most": 2 * MILLI, "at_cap": "roll_off_oldest"}
    world.enrol(
        ana, anchor_on=TODAY + DAY, grants=[{"unit": "extra", "amount": MILLI, "lot_class": "promo", "rollover": rolls}]
    )
    world.card(ana)
    world.bill()
    world.clock.advance(20 * DAY)
    begun(world)
    assert caps.roll_off(world.rt) == 1


@example
def handed_on(world: World) -> None:
    _handed_on(world)


@example
def taken_back_from_a_friend(world: World) -> None:
    _handed_on(world)
    begun(world)
    assert isinstance(act(world, lambda uow: credit_changes.take_back(uow, 1, "gift", by=BY)), credit_changes.Done)


def _handed_on(world: World) -> None:
    ana, bo = month(world).client_id, world.client("Bo", "+15055550111")
    begun(world)
    gift = {"giver_id": ana, "taker_id": bo, "unit": "visit", "amount": MILLI}
    done = act(world, lambda uow: credit_changes.transfer(uow, 1, **gift, key="gift", by=BY))  # type: ignore[arg-type]
    assert isinstance(done, credit_changes.Done)


@example
def given_by_staff(world: World) -> None:
    _adjusted(world, world.client("Ana"), MILLI)


@example
def taken_by_staff(world: World) -> None:
    ana = world.client("Ana")
    given(world, ana, "extra", 2 * MILLI)
    begun(world)
    _adjusted(world, ana, -MILLI)


def _adjusted(world: World, client_id: int, amount: int) -> None:
    by = {"client_id": client_id, "unit": "extra", "amount": amount, "key": "sorry", "by": BY}
    assert isinstance(act(world, lambda uow: credit_changes.adjust(uow, 1, **by)), credit_changes.Done)  # type: ignore[arg-type]


# --- at the till -----------------------------------------------------------------------------------------------------


@example
def sale(world: World) -> None:
    _sold(world, month(world).client_id, Tender.CARD)


@example
def sale_for_cash(world: World) -> None:
    _sold(world, world.client("Ana"), Tender.CASH, "peel")


@example
def void(world: World) -> None:
    ticket = _sold(world, month(world).client_id, Tender.CARD)
    begun(world)
    voided = checkout.void(world.rt, 1, ticket, actor="staff:mia", reason="wrong client", approved_by="staff:kim")
    assert isinstance(voided, Voided)


def _sold(world: World, client_id: int, tender: Tender, *codes: str) -> int:
    """A facial on a credit, a peel at $140.00 with 10 % tax, and a tip."""
    act(world, _menu)
    cart = Cart(lines=tuple(CartLine(code=code) for code in codes or ("signature", "peel")), tip_cents=2_000)
    begun(world)
    quote = act(world, lambda uow: checkout.quote(uow, 1, client_id, cart))
    assert isinstance(quote, Quote)
    sold = checkout.commit(world.rt, 1, client_id, cart, quote, key="till-1", tender=tender, actor="staff:mia")
    assert isinstance(sold, Sold), sold
    return sold.ticket_id


def _menu(uow: UnitOfWork) -> None:
    uow.sql("UPDATE spa SET policy = %s", (Jsonb({"tax_basis_points": 1_000}),))
    for code, cents, unit, taxable in (("signature", 16_500, "visit", False), ("peel", 14_000, None, True)):
        uow.session.add(
            Service(
                spa_id=1,
                code=code,
                name=code,
                category="facials",
                list_price_cents=cents,
                credit_unit=unit,
                taxable=taxable,
                dollars_cover=True,
            )
        )


# --- money that goes back --------------------------------------------------------------------------------------------


@example
def refund(world: World) -> None:
    paid = month(world, access_cents=2_000)
    world.clock.advance(10 * DAY)
    begun(world)
    assert isinstance(paid.refund(), Refunded)


@example
def refund_in_part(world: World) -> None:
    paid = month(world)
    begun(world)
    assert isinstance(paid.refund(5_000), Refunded)


@example
def refund_of_dollars(world: World) -> None:
    paid = month(world, grants=[{"unit": USD, "amount": 10_000}])
    used(world, paid.client_id, USD, 4_000)
    begun(world)
    assert isinstance(paid.refund(6_000), Refunded)


@example
def refund_of_a_used_visit(world: World) -> None:
    _forced(world)


@example
def claim_met(world: World) -> None:
    _forced(world)
    world.clock.at += 30 * DAY
    begun(world)
    world.bill()


def _forced(world: World) -> None:
    paid = month(world)
    used(world, paid.client_id, "visit", MILLI)
    begun(world)
    assert isinstance(paid.refund(forced=True, approved_by="staff:kim"), Refunded)


@example
def refund_sent_back_by_the_bank(world: World) -> None:
    paid = month(world)
    assert isinstance(paid.refund(), Refunded)
    world.settle()
    begun(world)
    world.stripe.fail_refund(world.stripe.all("refund")[0]["id"])
    world.settle()


@example
def dispute(world: World) -> None:
    _disputed(world)


@example
def dispute_won(world: World) -> None:
    opened = _disputed(world)
    begun(world)
    world.stripe.close_dispute(opened, "won")
    world.settle()


@example
def dispute_lost(world: World) -> None:
    opened = _disputed(world, spent=True)
    begun(world)
    world.stripe.close_dispute(opened, "lost")
    world.settle()


def _disputed(world: World, *, spent: bool = False) -> str:
    paid = month(world, grants=[{"unit": "visit", "amount": 2 * MILLI}])
    if spent:
        used(world, paid.client_id, "visit", MILLI)
    begun(world)
    opened = world.stripe.open_dispute(paid.attempt["charge"])
    world.settle()
    return str(opened["id"])


# --- changes ---------------------------------------------------------------------------------------------------------


@example
def upgrade(world: World) -> None:
    glow = offer(world, "glow", 14_900, access_cents=2_000)
    offer(world, "luxe", 24_900, access_cents=4_000)
    ana = world.client("Ana")
    world.card(ana)
    joined = act(world, lambda uow: plans.join(uow, 1, ana, glow, today=TODAY)).membership_id
    world.bill()
    world.clock.advance(15 * DAY)
    begun(world)
    quote = act(world, lambda uow: plan_changes.quote_change(uow, 1, joined, "luxe"))
    assert isinstance(quote, ChangeQuote)
    assert isinstance(plan_changes.change(world.rt, 1, joined, quote, actor="staff:mia"), plan_changes.Changed)


@example
def fee_of_a_pause(world: World) -> None:
    sold = {"dues_cents": 14_900, "grants": [{"unit": "visit", "amount": MILLI}], "pause": {"fee_cents": 1_500}}
    ana = month(world, terms=sold)
    quote = act(world, lambda uow: pauses.quote_pause(uow, 1, ana.membership_id, months=1))
    assert isinstance(quote, PauseQuote)
    act(world, lambda uow: pauses.pause(uow, 1, ana.membership_id, quote, actor="staff:mia"))
    begun(world)
    world.clock.at += 30 * DAY
    world.bill()
