"""At the till, on a real database and the processor's own book: what was quoted is what is taken, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from assistant.db.spas import Service
from assistant.domain.checkout import Cart, CartLine, Why
from assistant.domain.membership import Standing
from assistant.domain.tickets import CannotSell, Changed, InsteadOf, Left, Quote, Refusal, Tender
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_ports import SandboxPayments, SandboxRefunds
from assistant.services import checkout, credits, doubts, open_tickets, refund_answers, tasks, verification, voids
from assistant.services.checkout import CardDeclined, GoingBack, InDoubt, Outcome, Sold, Stale, Voided
from tests.world import World

VISIT = Cart(lines=(CartLine(code="signature"),))
WHOLE = Cart(lines=(CartLine(code="signature"), CartLine(code="peel")), tip_cents=2_000)
MEMBER_PRICES = {"dues_cents": 14_900, "pricing": [{"category": "facials", "percent": 20}]}
STAFF = "staff:kim"
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
NO_REASON = Verdict("generic_decline", "try_again_later", "05")


@pytest.fixture(autouse=True)
def services(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        uow.session.add_all(
            Service(
                spa_id=world.spa.spa_id,
                code=code,
                name=name,
                category=category,
                list_price_cents=cents,
                credit_unit=unit,
                taxable=taxable,
                dollars_cover=category != "products",
            )
            for code, name, category, cents, unit, taxable in (
                ("signature", "Signature Facial", "facials", 16_500, "visit", False),
                ("peel", "Gentle Peel", "facials", 14_000, None, True),
                ("cream", "Night Cream", "products", 6_000, None, True),
            )
        )


@pytest.fixture(autouse=True)
def _books_are_right(world: World) -> Iterator[None]:
    yield
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 11, 1), terms=MEMBER_PRICES)
    return client_id


def policy(world: World, **chosen: int | bool) -> None:
    world.rows("UPDATE spa SET policy = %s WHERE spa_id = %s RETURNING 1", (Jsonb(chosen), world.spa.spa_id))


def quoted(world: World, client_id: int, cart: Cart = VISIT, on: date | None = None) -> Quote:
    with world.rt.unit_of_work() as uow:
        found = checkout.quote(uow, world.spa.spa_id, client_id, cart, on=on)
    assert isinstance(found, Quote)
    return found


def refused(world: World, client_id: int, cart: Cart = VISIT, on: date | None = None) -> CannotSell:
    with world.rt.unit_of_work() as uow:
        found = checkout.quote(uow, world.spa.spa_id, client_id, cart, on=on)
    assert isinstance(found, Refusal)
    return found.why


def sell(world: World, quote: Quote, tender: Tender = Tender.CASH, *, key: str = "till-1") -> Outcome:
    return checkout.commit(
        world.rt, world.spa.spa_id, quote.client_id, quote.cart, quote, key=key, tender=tender, actor=STAFF
    )


def pay(world: World, ticket_id: int, tender: Tender) -> Outcome:
    return open_tickets.pay_otherwise(world.rt, world.spa.spa_id, ticket_id, tender, actor=STAFF)


def left(world: World, client_id: int) -> dict[str, int]:
    rows: list[Any] = world.rows(
        "SELECT unit, sum(remaining - held)::bigint FROM credit_lot WHERE client_id = %s GROUP BY 1", (client_id,)
    )
    return dict(rows)


def postings(world: World, kind: str = "sold") -> dict[str, int]:
    rows: list[Any] = world.rows(
        "SELECT p.account, sum(p.amount)::bigint FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id"
        " WHERE e.kind = %s GROUP BY 1 HAVING sum(p.amount) <> 0",
        (kind,),
    )
    return dict(rows)


def declining(world: World, client_id: int, *says: Verdict) -> str:
    method = world.card(client_id)
    world.stripe.behave(method, *(says or (NO_REASON,)))
    return method


def fault(world: World, kind: StripeFault, on: str = "payment_intents.create", times: int | None = 1) -> None:
    milliseconds = 60_000 if kind is StripeFault.HANG_AFTER else 0
    world.stripe.faults.add(Trouble(kind, on=on, milliseconds=milliseconds, times=times))


def status(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT status, tender FROM ticket ORDER BY id")


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_a_quote_writes_nothing_and_is_one_question(world: World, ana: int) -> None:
    world.grant(ana)
    with world.rt.single_statement() as uow:
        found = checkout.quote(uow, world.spa.spa_id, ana, WHOLE)
    assert isinstance(found, Quote)
    assert [line.due_cents for line in found.bill.lines] == [0, 11_200]
    assert (found.bill.total_cents, found.plan, found.standing) == (13_200, "Glow", Standing.ACTIVE)
    assert (found.left, found.resting, found.instead) == ((), (), ())


@pytest.mark.usefixtures("ana")
def test_a_stranger_hears_what_membership_would_have_saved(world: World) -> None:
    bo = world.client("Bo", "+15055550111")
    found = quoted(world, bo, WHOLE)
    assert found.standing is None
    [instead] = found.instead
    assert (instead.why, instead.plan, instead.first_cents) == (InsteadOf.JOINED, "Glow", 14_900)
    assert (found.bill.total_cents, instead.total_cents, instead.saved_cents) == (32_500, 26_400, 6_100)
    world.rows("UPDATE plan SET retired_at = %s RETURNING 1", (world.clock.now(),))
    assert quoted(world, bo, WHOLE).instead == ()


def test_who_owes_sees_both_prices(world: World) -> None:
    leo = world.client("Leo", "+15055550112")
    world.enrol(leo, anchor_on=date(2026, 10, 20), standing=Standing.SUSPENDED, terms=MEMBER_PRICES)
    world.grant(leo)
    world.grant(leo, 2, expires_on=date(2026, 12, 1))
    world.bill()
    found = quoted(world, leo, replace(WHOLE, tip_cents=0))
    assert [line.due_cents for line in found.bill.lines] == [0, 14_000]
    assert found.resting == (Left("visit", 2000),)
    assert not found.promo
    [instead] = found.instead
    assert (instead.why, instead.total_cents, instead.saved_cents) == (InsteadOf.PAID_UP, 11_200, 2_800)
    assert found.arrival.owed_cents == instead.first_cents == 14_900
    assert (found.arrival.expiring, found.arrival.expires_on) == (Left("visit", 2000), date(2026, 12, 1))


def test_what_a_bank_disputes_is_not_offered(world: World, ana: int) -> None:
    world.grant(ana, 2)
    world.rows("UPDATE credit_lot SET frozen_at = %s RETURNING 1", (world.clock.now(),))
    assert quoted(world, ana).bill.uses() == {}


def test_who_comes_in_is_told_in_one_line(world: World) -> None:
    leo = world.client("Leo", "+15055550112")
    world.enrol(leo, anchor_on=date(2026, 11, 20))
    declining(world, leo, FUNDS)
    world.bill()
    world.rows("UPDATE dunning_case SET promise_on = '2026-11-27' RETURNING 1")
    world.grant(leo, expires_on=date(2026, 12, 5))
    world.rt.transact(
        lambda uow: tasks.open_task(uow, world.spa.spa_id, key="t", kind="trouble", client_id=leo, facts={})
    )
    found = quoted(world, leo).arrival
    assert (found.owed_cents, found.promised_on) == (14_900, date(2026, 11, 27))
    assert (found.expiring, found.expires_on, found.tasks) == (None, None, 1)  # fifteen days are not soon
    world.clock.advance(timedelta(days=1))
    found = quoted(world, leo).arrival
    assert (found.expiring, found.expires_on) == (Left("visit", 1000), date(2026, 12, 5))


def test_what_rests_is_not_used_though_it_would_run_out_first(world: World) -> None:
    leo = world.client("Leo", "+15055550112")
    world.enrol(leo, anchor_on=date(2026, 11, 1), standing=Standing.SUSPENDED, terms=MEMBER_PRICES)
    world.grant(leo)
    world.grant(leo, 2, expires_on=date(2026, 12, 1))
    assert isinstance(sell(world, quoted(world, leo)), Sold)
    assert world.rows("SELECT lot_class, remaining FROM credit_lot ORDER BY id") == [("paid", 0), ("promo", 2000)]


@pytest.mark.parametrize(("days", "promo"), [(60, 1000), (61, 0)], ids=["within the window", "after it"])
def test_promotions_are_usable_for_a_while_after_leaving(world: World, days: int, promo: int) -> None:
    leo = world.client("Leo", "+15055550112")
    ended_on = date(2026, 11, 20) - timedelta(days=days)
    world.enrol(leo, anchor_on=date(2026, 1, 1), standing=Standing.ENDED, ended_on=ended_on, terms=MEMBER_PRICES)
    world.grant(leo, expires_on=date(2026, 12, 31))
    assert quoted(world, leo).bill.lines[0].credit_amount == promo


def test_a_price_is_honoured_that_was_booked_before_the_membership_lapsed(world: World) -> None:
    leo = world.client("Leo", "+15055550112")
    ended_on = date(2026, 11, 1)
    world.enrol(leo, anchor_on=date(2026, 1, 1), standing=Standing.ENDED, ended_on=ended_on, terms=MEMBER_PRICES)
    for booked_on, due in ((None, 16_500), (date(2026, 11, 2), 16_500), (date(2026, 10, 30), 13_200)):
        assert quoted(world, leo, replace(VISIT, booked_on=booked_on)).bill.due_cents == due
    world.clock.advance(timedelta(days=12))
    assert quoted(world, leo, replace(VISIT, booked_on=date(2026, 10, 30))).bill.due_cents == 16_500


def test_what_cannot_be_quoted(world: World, ana: int) -> None:
    assert refused(world, 999) is CannotSell.NO_SUCH_CLIENT
    assert refused(world, ana, Cart(lines=(CartLine(code="botany"),))) is CannotSell.NO_SUCH_SERVICE
    assert refused(world, ana, Cart(lines=())) is CannotSell.BAD_CART
    assert refused(world, ana, on=date(2026, 11, 21)) is CannotSell.IN_THE_FUTURE
    assert refused(world, ana, on=date(2026, 10, 1)) is CannotSell.TOO_LONG_AGO
    world.rows("UPDATE service SET retired_at = %s RETURNING 1", (world.clock.now(),))
    assert refused(world, ana) is CannotSell.NO_SUCH_SERVICE


# --- sold at once ----------------------------------------------------------------------------------------------------


def test_credit_member_price_and_cash(world: World, ana: int) -> None:
    policy(world, tax_basis_points=1_000)
    world.grant(ana, 2)
    world.grant(ana, 5, unit="USD", expires_on=date(2026, 12, 31))  # five thousand cents
    found = quoted(world, ana, WHOLE)
    assert [(line.covered_cents, line.saved_cents, line.dollar_cents) for line in found.bill.lines] == [
        (16_500, 0, 0),
        (0, 2_800, 5_000),
    ]
    assert (found.bill.due_cents, found.bill.tax_cents, found.bill.total_cents) == (6_200, 620, 8_820)
    done = sell(world, found)
    assert isinstance(done, Sold)
    assert left(world, ana) == {"visit": 1000, "USD": 0}
    assert postings(world) == {"clearing": 8_820, "revenue": -6_200, "tax": -620, "tips": -2_000}
    assert world.rows("SELECT key FROM ledger_entry WHERE key LIKE 'ticket:%%' ORDER BY id") == [
        (f"ticket:{done.ticket_id}:1:1",),
        (f"ticket:{done.ticket_id}:2:2",),
        (f"ticket:{done.ticket_id}",),
    ]
    assert world.rows("SELECT entry_id IS NULL, dollar_entry_id IS NULL FROM ticket_line ORDER BY place") == [
        (False, True),
        (True, False),
    ]
    world.settle()
    [told] = world.received()
    assert told == (
        "Ana, thank you for your visit. You paid $88.20. Used: 1 visit credit and $50.00. Left: 1 visit credit and"
        " $0.00. Is anything not right? Call (505) 555-0101."
    )


def test_nothing_to_pay_needs_no_tender_and_books_no_sale(world: World, ana: int) -> None:
    world.grant(ana)
    assert isinstance(sell(world, quoted(world, ana), Tender.NOTHING), Sold)
    assert postings(world) == {}
    assert status(world) == [("paid", "nothing")]


def test_something_to_pay_needs_one(world: World, ana: int) -> None:
    assert sell(world, quoted(world, ana), Tender.NOTHING) == Refusal(CannotSell.NO_TENDER)
    assert status(world) == []


def test_the_same_key_is_the_same_sale(world: World, ana: int) -> None:
    world.grant(ana, 2)
    found = quoted(world, ana)
    assert sell(world, found) == sell(world, found)
    assert left(world, ana) == {"visit": 1000}
    other = sell(world, quoted(world, ana, WHOLE))
    assert isinstance(other, Refusal)
    assert other.why is CannotSell.KEY_TAKEN


def test_a_price_that_changed_meanwhile_is_quoted_anew(world: World, ana: int) -> None:
    found = quoted(world, ana)
    world.rows("UPDATE service SET list_price_cents = 20000 WHERE code = 'signature' RETURNING 1")
    stale = sell(world, found)
    assert isinstance(stale, Stale)
    assert [(each.what, each.before, each.now) for each in stale.changes] == [(Changed.PRICE, 13_200, 16_000)]
    assert isinstance(sell(world, stale.quote), Sold)


def test_a_discount_that_staff_took_off_is_written_down_with_its_reason(world: World, ana: int) -> None:
    cart = Cart(lines=(CartLine(code="peel", take_off="not on sale days"),))
    assert isinstance(sell(world, quoted(world, ana, cart)), Sold)
    [(why, facts)] = world.rows(
        "SELECT l.why, a.after FROM ticket_line l JOIN audit a ON a.subject = 'ticket:' || l.ticket_id"
    )
    assert why[0]["words"] == "not on sale days"  # type: ignore[index]
    assert why[0]["why"] == Why.DISCOUNT_TAKEN_OFF  # type: ignore[index]
    assert facts["taken_off"] == {"1": "not on sale days"}  # type: ignore[index]


# --- late ------------------------------------------------------------------------------------------------------------


def test_a_visit_written_down_late_uses_what_was_there_then(world: World, ana: int) -> None:
    world.grant(ana, expires_on=date(2026, 11, 20))
    world.clock.advance(timedelta(days=2))
    world.grant(ana)
    late = Cart(lines=VISIT.lines * 2, late_because="the line was down")
    found = quoted(world, ana, late, on=date(2026, 11, 20))
    assert found.told_late
    assert [line.credit_amount for line in found.bill.lines] == [1000, 0]
    silent = replace(found, cart=replace(late, late_because=None))
    assert sell(world, silent) == Refusal(CannotSell.NO_REASON)
    assert isinstance(sell(world, found), Sold)
    assert left(world, ana) == {"visit": 1000} or world.rows("SELECT expires_on, remaining FROM credit_lot")
    assert world.rows("SELECT remaining FROM credit_lot ORDER BY id") == [(0,), (1000,)]
    assert world.rows(
        "SELECT DISTINCT occurred_at::date, recorded_at::date FROM ledger_entry WHERE key LIKE 'ticket:%%'"
    ) == [(date(2026, 11, 20), date(2026, 11, 22))]
    [(facts,)] = world.rows("SELECT after FROM audit WHERE act = 'sold'")
    assert facts["late_because"] == "the line was down"  # type: ignore[index]


# --- the card on file ------------------------------------------------------------------------------------------------


def test_the_card_pays_the_rest_and_credit_is_used_in_the_same_breath(world: World, ana: int) -> None:
    world.card(ana)
    world.grant(ana, 2)
    done = sell(world, quoted(world, ana, WHOLE), Tender.CARD)
    assert isinstance(done, Sold)
    assert left(world, ana) == {"visit": 1000}
    assert status(world) == [("paid", "card")]
    sold = postings(world)
    assert sold.pop("clearing") + sold.pop("fees") == 13_200
    assert sold == {"revenue": -11_200, "tips": -2_000}
    [(kind, invoice)] = world.rows(
        "SELECT i.kind, i.status FROM ledger_entry e JOIN invoice i ON e.key = 'order:' || i.id"
    )
    assert (kind, invoice) == ("order", "paid")
    assert sell(world, done.quote, Tender.CARD) == done
    assert world.rows("SELECT count(*) FROM charge_attempt") == [(1,)]


def test_declined_then_cash(world: World, ana: int) -> None:
    declining(world, ana, FUNDS)
    world.grant(ana)
    found = quoted(world, ana, WHOLE)
    done = sell(world, found, Tender.CARD)
    assert done == CardDeclined(done.ticket_id, "insufficient_funds")  # type: ignore[union-attr]
    assert left(world, ana) == {"visit": 0}
    assert sell(world, found, Tender.CARD) == done  # the same sale again does not ask the card again
    assert world.rows("SELECT count(*) FROM charge_attempt") == [(1,)]
    paid = pay(world, done.ticket_id, Tender.CASH)
    assert isinstance(paid, Sold)
    assert pay(world, paid.ticket_id, Tender.CASH) == paid
    assert status(world) == [("paid", "cash")]
    assert postings(world) == {"clearing": 13_200, "revenue": -11_200, "tips": -2_000}
    assert world.rows("SELECT status, reason FROM invoice WHERE kind = 'order'") == [("skipped", "paid_otherwise")]
    assert left(world, ana) == {"visit": 0}


def test_declined_then_another_card(world: World, ana: int) -> None:
    declining(world, ana)
    done = sell(world, quoted(world, ana), Tender.CARD)
    assert isinstance(done, CardDeclined)
    world.card(ana)
    assert isinstance(pay(world, done.ticket_id, Tender.CARD), Sold)
    assert status(world) == [("paid", "card")]


def test_no_card_at_all(world: World, ana: int) -> None:
    done = sell(world, quoted(world, ana), Tender.CARD)
    assert done == CardDeclined(done.ticket_id, "no_card")  # type: ignore[union-attr]


def test_declined_and_walked_away(world: World, ana: int) -> None:
    declining(world, ana)
    world.grant(ana)
    done = sell(world, quoted(world, ana, WHOLE), Tender.CARD)
    assert open_tickets.abandon_stale(world.rt) == 0
    world.clock.advance(timedelta(minutes=31))
    assert open_tickets.abandon_stale(world.rt) == 1
    assert open_tickets.abandon_stale(world.rt) == 0
    assert status(world) == [("abandoned", "card")]
    assert left(world, ana) == {"visit": 1000}
    assert world.rows("SELECT status, reason FROM invoice WHERE kind = 'order'") == [("skipped", "abandoned")]
    late = pay(world, done.ticket_id, Tender.CASH)  # type: ignore[union-attr]
    assert late == Refusal(CannotSell.NOT_OPEN, "abandoned")


def test_the_card_that_was_asked_too_often_is_never_asked_by_itself(world: World, ana: int) -> None:
    declining(world, ana, *[NO_REASON] * 9)
    done = sell(world, quoted(world, ana), Tender.CARD)
    for _ in range(4):
        done = pay(world, done.ticket_id, Tender.CARD)  # type: ignore[union-attr]
    assert isinstance(done, CardDeclined)
    asked = world.rows("SELECT count(*) FROM charge_attempt")
    assert world.rows("SELECT next_attempt_at FROM invoice WHERE kind = 'order'") == [(None,)]
    world.pass_time(timedelta(days=2))
    assert world.rows("SELECT count(*) FROM charge_attempt") == asked


# --- two tills -------------------------------------------------------------------------------------------------------


def test_two_tills_race_for_the_last_credit(world: World, ana: int) -> None:
    for number in range(8):
        world.grant(ana)
        found, barrier = quoted(world, ana), Barrier(2)
        assert found.bill.total_cents == 0

        def at_once(till: str, found: Quote = found, barrier: Barrier = barrier) -> Outcome:
            barrier.wait()
            return sell(world, found, key=till)

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(at_once, (f"one-{number}", f"two-{number}")))
        [won] = [each for each in done if isinstance(each, Sold)]
        [lost] = [each for each in done if isinstance(each, Stale)]
        [went] = lost.went
        assert (went.unit, went.amount, went.held) == ("visit", 1000, False)
        assert went.by == f"ticket:{won.ticket_id}:1:1"
        assert went.at == world.clock.now()
        assert [each.what for each in lost.changes] == [Changed.CREDIT, Changed.PRICE]
        assert lost.quote.bill.total_cents == 13_200
        assert left(world, ana) == {"visit": 0}


def test_the_second_till_hears_of_a_hold(world: World, ana: int) -> None:
    declining(world, ana)
    world.grant(ana)
    whole, visit = quoted(world, ana, WHOLE), quoted(world, ana)
    held = sell(world, whole, Tender.CARD)
    lost = sell(world, visit, key="till-2")
    assert isinstance(held, CardDeclined)
    assert isinstance(lost, Stale)
    assert [(each.by, each.held) for each in lost.went] == [(f"ticket:{held.ticket_id}:1", True)]


def test_one_sale_sent_twice_at_once_is_one(world: World, ana: int) -> None:
    world.card(ana)
    world.grant(ana, 2)
    found, barrier = quoted(world, ana, WHOLE), Barrier(2)
    world.rt = replace(world.rt, payments=SandboxPayments(world.stripe))  # one till may ask while the other writes

    def at_once(_: int) -> Outcome:
        barrier.wait()
        return sell(world, found, Tender.CARD)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(at_once, range(2)))
    assert {type(each) for each in done} <= {Sold, InDoubt}
    assert isinstance(sell(world, found, Tender.CARD), Sold)
    assert world.rows("SELECT count(*) FROM ticket") == world.rows("SELECT count(*) FROM charge_attempt") == [(1,)]
    assert left(world, ana) == {"visit": 1000}


# --- held for the booking --------------------------------------------------------------------------------------------


def booked(world: World, client_id: int, amount: int, until: timedelta = timedelta(days=3)) -> None:
    held = world.rt.transact(
        lambda uow: credits.hold(
            uow,
            world.spa.spa_id,
            client_id=client_id,
            unit="visit",
            amount=amount,
            ref="booking:7F3K",
            until=uow.now + until,
            zone=world.spa.zone,
        )
    )
    assert held is None


BOOKED = replace(VISIT, booking="booking:7F3K")


@pytest.mark.parametrize("tender", [Tender.CASH, Tender.CARD])
def test_what_is_held_for_the_booking_is_used_by_it_and_by_nobody_else(world: World, ana: int, tender: Tender) -> None:
    world.card(ana)
    world.grant(ana, expires_on=date(2026, 11, 21))
    booked(world, ana, 1000)
    world.clock.advance(timedelta(days=2))  # its own day is over
    assert quoted(world, ana).bill.uses() == {}
    found = quoted(world, ana, replace(WHOLE, booking="booking:7F3K"))
    assert found.bill.uses() == {"visit": 1000}
    assert isinstance(sell(world, found, tender), Sold)
    assert world.rows("SELECT remaining, held FROM credit_lot") == [(0, 0)]
    assert world.rows("SELECT outcome FROM credit_hold") == [("used",)]


@pytest.mark.parametrize(("amount", "tender"), [(500, Tender.CARD), (500, Tender.CASH), (2000, Tender.CARD)])
def test_a_booking_may_hold_less_than_it_takes_or_more(world: World, ana: int, amount: int, tender: Tender) -> None:
    world.card(ana)
    world.grant(ana, 3)
    booked(world, ana, amount)
    found = quoted(world, ana, replace(BOOKED, lines=VISIT.lines * 2, tip_cents=500))
    assert found.bill.uses() == {"visit": 2000}
    assert isinstance(sell(world, found, tender), Sold)
    assert world.rows("SELECT remaining, held FROM credit_lot") == [(1000, 0)]


def test_a_booked_ticket_that_is_let_go_lets_all_go(world: World, ana: int) -> None:
    declining(world, ana)
    world.grant(ana, 3)
    booked(world, ana, 500)
    assert isinstance(
        sell(world, quoted(world, ana, replace(WHOLE, booking="booking:7F3K")), Tender.CARD), CardDeclined
    )
    assert left(world, ana) == {"visit": 2000}
    world.clock.advance(timedelta(hours=1))
    assert open_tickets.abandon_stale(world.rt) == 1
    assert left(world, ana) == {"visit": 3000}


# --- in doubt --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [StripeFault.HANG_AFTER, StripeFault.RESET_BEFORE], ids=["paid", "never arrived"])
def test_an_unanswered_charge_keeps_its_ticket_until_it_is_known(world: World, ana: int, lost: StripeFault) -> None:
    world.card(ana)
    world.grant(ana)
    fault(world, lost)
    fault(world, StripeFault.FAIL_BEFORE, "payment_intents.list", None)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    found = quoted(world, ana, WHOLE)
    done = sell(world, found, Tender.CARD)
    assert isinstance(done, InDoubt)
    assert sell(world, found, Tender.CARD) == done
    assert pay(world, done.ticket_id, Tender.CASH) == done
    world.clock.advance(timedelta(hours=2))
    world.rt.transact(lambda uow: credits.time_out(uow, world.spa.spa_id))
    assert open_tickets.abandon_stale(world.rt) == 0
    assert left(world, ana) == {"visit": 0}
    with world.rt.unit_of_work() as uow:
        assert open_tickets.abandon(uow, world.spa.spa_id, done.ticket_id, actor=STAFF) == done
    world.stripe.faults.lift()
    world.pass_time(timedelta(hours=5))
    assert isinstance(sell(world, found, Tender.CARD), Sold)
    assert left(world, ana) == {"visit": 0}
    assert [each["status"] for each in world.stripe.all("payment_intent")] == ["succeeded"]
    assert len(world.received()) == 1


def test_an_unanswered_charge_that_was_declined_leaves_the_choice_to_the_desk(world: World, ana: int) -> None:
    declining(world, ana, FUNDS)
    world.grant(ana)
    fault(world, StripeFault.HANG_AFTER)
    fault(world, StripeFault.FAIL_BEFORE, "payment_intents.list", None)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    done = sell(world, quoted(world, ana, WHOLE), Tender.CARD)
    assert isinstance(done, InDoubt)
    world.stripe.faults.lift()
    world.pass_time(timedelta(minutes=10))
    assert world.rows("SELECT status, declined FROM ticket") == [("open", "insufficient_funds")]
    assert open_tickets.abandon_stale(world.rt) == 0
    assert isinstance(pay(world, done.ticket_id, Tender.TERMINAL), Sold)


def test_what_never_reached_the_bank_is_never_charged_behind_anybodys_back(world: World, ana: int) -> None:
    world.card(ana)
    fault(world, StripeFault.RESET_BEFORE)
    fault(world, StripeFault.FAIL_BEFORE, "payment_intents.list", None)
    assert isinstance(sell(world, quoted(world, ana), Tender.CARD), InDoubt)
    world.clock.advance(timedelta(hours=23, minutes=30))
    world.stripe.faults.lift()
    while doubts.resolve_next(world.rt):
        pass
    world.pass_time(timedelta(hours=1))
    assert world.rows("SELECT declined FROM ticket") == [("never_happened",)]
    assert open_tickets.abandon_stale(world.rt) == 1
    world.pass_time(timedelta(days=1))
    assert world.stripe.all("payment_intent") == []


# --- taking it back --------------------------------------------------------------------------------------------------


def void(world: World, ticket_id: int, approved_by: str | None = None) -> Voided | GoingBack | Refusal:
    return checkout.void(
        world.rt, world.spa.spa_id, ticket_id, actor=STAFF, reason="wrong client", approved_by=approved_by
    )


def sold(world: World, quote: Quote, tender: Tender = Tender.CASH) -> int:
    done = sell(world, quote, tender)
    assert isinstance(done, Sold)
    return done.ticket_id


@pytest.mark.parametrize("tender", [Tender.CARD, Tender.CASH])
def test_a_void_gives_back_money_and_credit_once(world: World, ana: int, tender: Tender) -> None:
    policy(world, tax_basis_points=1_000)
    world.card(ana)
    world.grant(ana, 2)
    world.grant(ana, 5, unit="USD", expires_on=date(2026, 12, 31))
    ticket_id = sold(world, quoted(world, ana, WHOLE), tender)
    world.clock.advance(timedelta(days=1))
    done = void(world, ticket_id)
    assert done == Voided(ticket_id, 8_820, (Left("visit", 1000), Left("USD", 5000)))
    assert void(world, ticket_id) == done
    assert left(world, ana) == {"visit": 2000, "USD": 5000}
    assert status(world) == [("void", tender.value)]
    assert world.rows("SELECT count(*), sum(cents)::bigint FROM refund") == [(1, 8_820)]
    totals: list[Any] = world.rows(
        "SELECT account, sum(amount)::bigint FROM ledger_posting WHERE client_id = 0 AND unit = 'USD' GROUP BY 1"
    )
    found = {account: cents for account, cents in totals if cents}
    assert found.pop("fees", 0) == -found.pop("clearing", 0)  # the processor keeps its fee
    assert found == {"promotions": 5_000}
    [(facts,)] = world.rows("SELECT after FROM audit WHERE act = 'ticket_voided'")
    assert facts["reason"] == "wrong client"  # type: ignore[index]


def test_a_void_of_nothing_but_credit(world: World, ana: int) -> None:
    world.grant(ana)
    ticket_id = sold(world, quoted(world, ana))
    assert isinstance(void(world, ticket_id), Voided)
    assert left(world, ana) == {"visit": 1000}
    assert world.rows("SELECT count(*) FROM refund") == [(0,)]


def test_a_void_after_its_last_day_gives_grace(world: World, ana: int) -> None:
    policy(world, undo_grace_days=20)
    world.grant(ana, expires_on=date(2026, 11, 21))
    ticket_id = sold(world, quoted(world, ana))
    world.clock.advance(timedelta(days=3))
    assert isinstance(void(world, ticket_id), Voided)
    assert world.rows("SELECT remaining, expires_on FROM credit_lot") == [(1000, date(2026, 12, 13))]


def test_a_void_above_one_hand_needs_a_manager(world: World, ana: int) -> None:
    policy(world, staff_refund_cents=10_000)
    ticket_id = sold(world, quoted(world, ana))
    assert void(world, ticket_id) == Refusal(CannotSell.NEEDS_APPROVAL, "13200")
    assert isinstance(void(world, ticket_id, "staff:lee"), Voided)


def test_only_what_is_paid_can_be_voided(world: World, ana: int) -> None:
    declining(world, ana)
    done = sell(world, quoted(world, ana), Tender.CARD)
    assert isinstance(done, CardDeclined)
    assert void(world, done.ticket_id) == Refusal(CannotSell.NOT_PAID, "open")
    assert void(world, 999) == Refusal(CannotSell.NO_SUCH_TICKET)


def test_a_void_whose_refund_is_not_answered_ends_when_it_is_known(world: World, ana: int) -> None:
    world.card(ana)
    world.grant(ana)
    ticket_id = sold(world, quoted(world, ana, WHOLE), Tender.CARD)
    world.settle()
    fault(world, StripeFault.HANG_AFTER, "refunds.create")
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    assert void(world, ticket_id) == GoingBack(ticket_id)
    assert void(world, ticket_id) == GoingBack(ticket_id)
    assert left(world, ana) == {"visit": 0}
    assert voids.finish_voids(world.rt) == 0
    world.stripe.faults.lift()
    world.pass_time(timedelta(hours=3))
    while refund_answers.resolve_next(world.rt):
        pass
    assert world.rows("SELECT status FROM refund") == [("done",)]
    assert voids.finish_voids(world.rt) == 1
    assert status(world) == [("void", "card")]
    assert left(world, ana) == {"visit": 1000}
    assert isinstance(void(world, ticket_id), Voided)


def test_two_voids_at_once_are_one(world: World, ana: int) -> None:
    world.card(ana)
    world.grant(ana)
    ticket_id, barrier = sold(world, quoted(world, ana, WHOLE), Tender.CARD), Barrier(2)
    world.rt = replace(world.rt, refunds=SandboxRefunds(world.stripe))

    def at_once(_: int) -> object:
        barrier.wait()
        return void(world, ticket_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, range(2)))
    assert isinstance(void(world, ticket_id), Voided)
    assert world.rows("SELECT count(*) FROM refund") == [(1,)]
    assert left(world, ana) == {"visit": 1000}
