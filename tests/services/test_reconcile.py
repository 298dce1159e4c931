"""Our books and the card processor's say the same; where they do not it is found, named, and one person's task."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.clock import StoppedClock
from assistant.domain.billing import PaidBy
from assistant.gateways.ports import Approved, ChargeAnswer, ChargeOrder, Payment, Payments, Unanswered
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import billing, charges
from assistant.services.reconcile import Compared, ProcessorAway, reconcile
from tests.world import World

TODAY = date(2026, 11, 20)
BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FUNDS = Verdict("insufficient_funds")
VISA, MASTERCARD, DISCOVER = "4242424242424242", "5555555555554444", "6011111111111117"
KEPT = ("invoice", "charge_attempt", "ledger_entry", "ledger_posting", "credit_lot", "membership", "outbound_message")


@dataclass(frozen=True)
class Lying:
    """Says that it took all that was asked, and took `cents`, or nothing."""

    inner: Payments
    cents: int

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        if self.cents:
            self.inner.charge(replace(order, amount_cents=self.cents))
        return Approved("pi_invented", "ch_invented", order.amount_cents, 462)

    def fetch(self, account: str | None, payment_id: str) -> Payment | Unanswered | None:
        return self.inner.fetch(account, payment_id)

    def listed(
        self, account: str | None, *, since: datetime, until: datetime | None = None, customer_id: str | None = None
    ) -> Sequence[Payment] | Unanswered:
        return self.inner.listed(account, since=since, until=until, customer_id=customer_id)


def member(world: World, name: str, *says: Verdict, number: str = VISA, phone: str = "+15055550110") -> tuple[int, str]:
    client_id = world.client(name, phone)
    world.enrol(client_id, anchor_on=TODAY)
    card = world.card(client_id, number)
    world.stripe.behave(card, *says)
    return client_id, card


def compare(world: World, *, later: timedelta = 20 * MINUTE) -> Compared:
    """Once everything had time to get from one book to the other. Twice finds the same, and opens nothing more."""
    world.clock.advance(later)
    kept = books(world)
    once = reconcile(world.rt, since=BEGAN - DAY)
    many = tasks(world)
    assert reconcile(world.rt, since=BEGAN - DAY) == once
    assert tasks(world) == many
    assert books(world) == kept, "nothing is mended in silence"
    assert {kind for kind, _ in many} == {each.kind for each in once.differences}
    return once


def tasks(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, spa_id FROM staff_task ORDER BY key")


def books(world: World) -> list[object]:
    return [world.rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in KEPT]


def found(compared: Compared) -> list[tuple[str, int | None, int | None]]:
    return [(each.kind, each.ours, each.theirs) for each in compared.differences]


def test_both_books_agree_after_a_busy_month(world: World) -> None:
    member(world, "Ana")
    member(world, "Bea", FUNDS, number=MASTERCARD, phone="+15055550111")
    member(world, "Cleo", *[FUNDS] * 9, number=DISCOVER, phone="+15055550112")
    third = world.client("Dora", "+15055550113")
    world.enrol(third, anchor_on=TODAY + DAY, dues_cents=0)
    for step in range(8):  # the ladders of two, and a lost answer
        world.bill()
        if step == 2:
            world.stripe.faults.add(Trouble(StripeFault.FAIL_AFTER, on="payment_intents.create", times=1))
        world.pass_time(4 * DAY)
    [(cleo,)] = world.rows("SELECT i.id FROM invoice i WHERE status = 'open' ORDER BY id LIMIT 1")
    with world.rt.unit_of_work() as uow:
        billing.record_payment(uow, world.spa.spa_id, int(str(cleo)), PaidBy.CASH, actor="staff:1")
    world.bill()
    compared = compare(world)
    assert compared.differences == ()
    assert compared.payments == compared.attempts == 4
    assert tasks(world) == []


def test_a_payment_that_none_of_our_attempts_made(world: World) -> None:
    _, card = member(world, "Ana")
    world.bill()
    [(customer,)] = world.rows("SELECT customer_id FROM payer")
    for key, spa in (("stray", str(world.spa.spa_id)), ("lost", "999"), ("odd", "x")):
        world.rt.payments.charge(ChargeOrder(None, key, str(customer), card, 5_000, {"spa": spa}))
    assert found(compare(world)) == [("payment_without_attempt", None, 5_000)] * 3
    assert sorted(spa_id for _, spa_id in tasks(world)) == [0, 0, world.spa.spa_id]  # type: ignore[type-var]


def test_a_decline_that_none_of_our_attempts_made_moved_no_money(world: World) -> None:
    _, card = member(world, "Ana")
    world.bill()
    [(customer,)] = world.rows("SELECT customer_id FROM payer")
    world.stripe.behave(card, FUNDS)
    world.rt.payments.charge(ChargeOrder(None, "stray", str(customer), card, 5_000, {}))
    assert found(compare(world)) == []


@pytest.mark.parametrize("others", [0, 1])
def test_an_attempt_that_the_processor_knows_nothing_of(world: World, others: int) -> None:
    if others:
        member(world, "Bea", number=MASTERCARD, phone="+15055550111")
        world.bill()
        world.clock.advance(MINUTE)
    member(world, "Ana")
    billing.bill(world.rt)
    assert charges.charge_next(replace(world.rt, payments=Lying(world.rt.payments, 0)))
    compared = compare(world)
    assert found(compared) == [("attempt_without_payment", 14_900, None)]
    assert str(compared.differences[0]).endswith("ours 14900 cents, the processor's nothing")


def test_another_amount_than_we_think(world: World) -> None:
    member(world, "Ana")
    billing.bill(world.rt)
    charges.charge_next(replace(world.rt, payments=Lying(world.rt.payments, 9_900)))
    assert found(compare(world)) == [("taken_differs", 14_900, 9_900)]


def test_what_the_processor_was_paid_for_and_we_have_not_heard_of(world: World) -> None:
    member(world, "Ana", Verdict(processing=True))
    world.bill()
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    [payment] = world.stripe.all("payment_intent")
    world.stripe.settle_payment(payment["id"])
    assert found(compare(world)) == [("taken_differs", 0, 14_900)]


def test_what_is_paid_and_is_not_in_the_ledger(world: World) -> None:
    member(world, "Ana")
    world.bill()
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")  # as only whoever owns the server can
        entry = "SELECT id FROM ledger_entry WHERE key LIKE 'dues:%%'"
        uow.sql(f"DELETE FROM ledger_posting WHERE entry_id IN ({entry})")
        uow.sql(f"DELETE FROM ledger_entry WHERE id IN ({entry})")
    assert found(compare(world)) == [("ledger_differs", None, 14_900), ("paid_without_entry", None, 14_900)]


def test_an_entry_whose_invoice_is_not_paid(world: World) -> None:
    member(world, "Ana")
    world.bill()
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")
        uow.sql("UPDATE invoice SET status = 'waived', reason = 'staff', paid_at = NULL, paid_by = NULL")
    kinds = [kind for kind, _, _ in found(compare(world))]
    assert "entry_without_paid" in kinds


def test_a_refund_made_at_the_processor(world: World) -> None:
    member(world, "Ana")
    world.bill()
    [(payment,)] = world.rows("SELECT payment_id FROM charge_attempt")
    world.stripe.refund(str(payment), 4_900)
    assert found(compare(world)) == [("refunded_outside", 0, 4_900)]


def test_what_is_still_on_its_way_is_no_difference(world: World) -> None:
    member(world, "Ana")
    world.bill()
    world.clock.advance(MINUTE)
    world.stripe.faults.add(Trouble(StripeFault.RATE_LIMIT, on="payment_intents.create", times=4))
    member(world, "Bea", number=MASTERCARD, phone="+15055550111")
    world.bill()  # not taken, and asked again a little later
    assert sorted(str(status) for _, status, _ in world.attempts()) == ["asked", "succeeded"]
    world.clock.advance(12 * MINUTE)
    world.settle()
    assert {status for _, status, _ in world.attempts()} == {"succeeded"}
    assert found(compare(world, later=MINUTE)) == []
    assert found(compare(world, later=20 * MINUTE)) == []


def test_a_book_that_cannot_be_read_is_not_a_book_without_differences(world: World) -> None:
    member(world, "Ana")
    world.bill()
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_intents.list", times=None))
    with pytest.raises(ProcessorAway):
        reconcile(world.rt, since=BEGAN - DAY)
    assert tasks(world) == []
    world.stripe.faults.lift()
    assert compare(world).differences == ()


def test_what_is_older_than_was_asked_is_left_alone(world: World) -> None:
    member(world, "Ana")
    world.bill()
    world.clock.advance(10 * DAY)
    later = reconcile(world.rt, since=world.clock.now() - DAY)
    assert later == Compared(0, 0, ())
    assert reconcile(replace(world.rt, clock=StoppedClock(BEGAN)), since=BEGAN - DAY).differences == ()
