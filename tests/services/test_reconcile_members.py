"""What was paid, given, said and promised agree; each way in which they might not is found, once, and is a task."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from assistant.db.spas import Service
from assistant.domain import ledger as books
from assistant.domain.billing import PaidBy
from assistant.domain.changing import ChangeQuote
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.leaving import LeaveQuote
from assistant.domain.ledger import Parts
from assistant.domain.pausing import PauseQuote
from assistant.domain.tickets import Quote, Tender
from assistant.runtime import UnitOfWork
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import (
    billing,
    cancellations,
    cards,
    checkout,
    choices,
    credit_changes,
    ledger,
    links,
    pauses,
    plan_changes,
    plans,
    promises,
)
from assistant.services.cards import Redirect
from assistant.services.checkout import CardDeclined, Sold
from assistant.services.links import Purpose
from assistant.services.plan_changes import Changed
from assistant.services.reconcile import CHECKS, Compared, reconcile
from assistant.services.refunds import Refunded
from tests.services.test_plan_changes import offer
from tests.services.test_refunds import TODAY, Month, paid_month
from tests.stories.test_crash_dues import _visa
from tests.world import PUBLIC, World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
T = TypeVar("T")
Found = dict[str, tuple[int | None, int | None]]


def compare(world: World) -> Compared:
    """Twice: the same is found, each thing has one task, and nothing is mended."""
    world.clock.advance(20 * timedelta(minutes=1))
    once = reconcile(world.rt, since=world.clock.now() - 60 * DAY)
    tasks = keys(world)
    assert reconcile(world.rt, since=world.clock.now() - 60 * DAY) == once
    assert keys(world) == tasks
    assert len(tasks) == len(once.all)
    assert sum(once.counts().values()) == len(once.all)
    return once


def keys(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT key FROM staff_task WHERE key LIKE 'reconcile:%%' ORDER BY 1")


def found(compared: Compared) -> Found:
    made = {each.kind: (each.ours, each.theirs) for each in compared.all}
    assert len(made) == len(compared.all), compared.all
    return made


def break_(world: World, *statements: str) -> None:
    """As only whoever owns the server can."""
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")
        for each in statements:
            assert uow.sql(each).rowcount > 0, each


def act(world: World, do: Callable[[UnitOfWork], T]) -> T:
    with world.rt.unit_of_work() as uow:
        return do(uow)


def declined(world: World, name: str = "Bea", *says: Verdict) -> tuple[int, int]:
    """One who owes since a moment ago, and was told so."""
    place = 2000 + len(world.rows("SELECT 1 FROM client"))
    client_id = world.client(name, f"+1505555{place}")
    membership_id = world.enrol(client_id, anchor_on=TODAY)
    world.stripe.behave(world.card(client_id, _visa(place)), *(says or (FUNDS,) * 9))
    world.bill()
    return client_id, membership_id


def phone_of(world: World, client_id: int) -> str:
    [(number,)] = world.rows(
        "SELECT p.number FROM phone p JOIN client_phone c ON c.phone_id = p.id WHERE c.client_id = %s", (client_id,)
    )
    return str(number)


def upgraded(world: World) -> int:
    """From Glow to Luxe, for a difference that bought dollars."""
    glow = offer(world, "glow", 14_900, access_cents=2_000)
    offer(world, "luxe", 24_900, access_cents=4_000)
    ana = world.client("Ana")
    world.card(ana)
    joined = act(world, lambda uow: plans.join(uow, 1, ana, glow, today=TODAY)).membership_id
    world.bill()
    world.clock.advance(15 * DAY)
    quote = act(world, lambda uow: plan_changes.quote_change(uow, 1, joined, "luxe"))
    assert isinstance(quote, ChangeQuote)
    assert isinstance(plan_changes.change(world.rt, 1, joined, quote, actor="staff:1"), Changed)
    return joined


def sold(world: World, client_id: int, *, key: str = "till-1", tender: Tender = Tender.CARD) -> object:
    """A peel, for which nobody has credit."""
    act(world, _on_the_menu)
    cart = Cart(lines=(CartLine(code="peel"),))
    quote = act(world, lambda uow: checkout.quote(uow, world.spa.spa_id, client_id, cart))
    assert isinstance(quote, Quote)
    return checkout.commit(world.rt, world.spa.spa_id, client_id, cart, quote, key=key, tender=tender, actor="staff:1")


def _on_the_menu(uow: UnitOfWork) -> None:
    if not uow.sql("SELECT 1 FROM service").fetchall():
        uow.session.add(
            Service(
                spa_id=1,
                code="peel",
                name="Gentle Peel",
                category="facials",
                list_price_cents=14_000,
                credit_unit=None,
                taxable=False,
                dollars_cover=True,
            )
        )


# --- what is not so --------------------------------------------------------------------------------------------------


def lot_gone(world: World) -> Found:
    paid_month(world)
    break_(world, "DELETE FROM allocation", "DELETE FROM credit_lot")
    return {"paid_without_credits": (0, 1_000)}


def dollars_gone(world: World) -> Found:
    upgraded(world)
    lot = "SELECT id FROM credit_lot WHERE unit = 'USD'"
    break_(world, f"DELETE FROM allocation WHERE lot_id IN ({lot})", "DELETE FROM credit_lot WHERE unit = 'USD'")
    return {"paid_without_credits": (0, 4_000)}


def not_paid_after_all(world: World) -> Found:
    paid_month(world)
    break_(world, "UPDATE invoice SET status = 'waived', reason = 'staff', paid_at = NULL, paid_by = NULL")
    return {
        "credits_without_payment": (1_000, None),
        "entry_without_paid": (0, None),
        "ledger_differs": (None, 14_900),
    }


def out_of_nothing(world: World) -> Found:
    world.grant(paid_month(world).client_id, 2)
    return {"credits_without_payment": (2_000, None)}


def stands_as_owing(world: World) -> Found:
    paid_month(world)
    break_(world, "UPDATE membership SET standing = 'past_due'")
    return {"standing_without_debt": (None, None)}


def stands_as_paid(world: World) -> Found:
    declined(world)
    break_(world, "UPDATE membership SET standing = 'active'")
    return {"debt_without_standing": (None, 14_900)}


def billed_after_leaving(world: World) -> Found:
    month = paid_month(world)
    leave(world, month.membership_id)
    world.clock.advance(HOUR)
    now = world.clock.now().isoformat()
    break_(
        world,
        f"""INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents,
                                 opened_at)
            SELECT i.spa_id, i.membership_id, i.client_id, i.plan_version_id, 1, x.effective_on, 14900, '{now}'
            FROM invoice i, cancellation x""",
    )
    return {"left_and_billed": (0, 14_900)}


def nobody_told(world: World) -> Found:
    declined(world)
    break_(world, "UPDATE outbound_message SET status = 'undelivered'")
    world.clock.advance(25 * HOUR)
    return {"nobody_told": (None, 14_900)}


def left_the_page(world: World) -> Found:
    client_id, _ = declined(world)
    open_page(world, client_id)
    world.clock.advance(5 * HOUR)
    return {"link_unfinished": (None, 14_900)}


def open_page(world: World, client_id: int) -> str:
    phone, spa_id = phone_of(world, client_id), world.spa.spa_id
    link = act(world, lambda uow: links.make(uow, spa_id, client_id, Purpose.CARD, sent_to=phone))
    opened = cards.open_page(world.rt, link.rsplit("/", 1)[-1], phone[-4:], return_url=f"{PUBLIC}/card/done")
    assert isinstance(opened, Redirect), opened
    return opened.url.rsplit("/", 1)[-1]


def broke_a_promise(world: World) -> Found:
    client_id, _ = declined(world)
    promise(world, client_id)
    world.clock.advance(4 * DAY)
    return {"promise_not_kept": (None, 14_900)}


def declined_on_the_day_of_a_promise(world: World) -> Found:
    client_id, _ = declined(world)
    promise(world, client_id)
    world.pass_time(3 * DAY)
    world.settle()
    return {"promise_not_kept": (None, 14_900)}


def promise(world: World, client_id: int) -> None:
    on = TODAY + 3 * DAY
    made = act(world, lambda uow: promises.promise(uow, world.spa.spa_id, client_id, on, actor="member"))
    assert isinstance(made, promises.Promised), made


def ticket_left_open(world: World) -> Found:
    client_id, _ = declined(world)
    assert isinstance(sold(world, client_id), CardDeclined)
    world.clock.advance(25 * HOUR)
    return {"ticket_left_open": (None, 14_000)}


def sold_and_not_given(world: World) -> Found:
    assert isinstance(sold(world, paid_month(world).client_id), Sold)
    break_(world, "UPDATE ticket SET status = 'abandoned'")
    return {"order_without_result": (None, 14_000)}


def order_not_booked(world: World) -> Found:
    assert isinstance(sold(world, paid_month(world).client_id), Sold)
    entry = "SELECT id FROM ledger_entry WHERE key LIKE 'order:%%'"
    break_(
        world,
        f"DELETE FROM ledger_posting WHERE entry_id IN ({entry})",
        "DELETE FROM ledger_entry WHERE key LIKE 'order:%%'",
    )
    return {"ledger_differs": (None, 14_000), "paid_without_entry": (None, 14_000)}


def refund_not_booked(world: World) -> Found:
    assert isinstance(paid_month(world).refund(), Refunded)
    break_(world, "UPDATE refund SET entry_id = NULL")
    return {"refund_without_entry": (None, 14_900), "entry_without_refund": (14_900, None)}


def refund_never_made(world: World) -> Found:
    month = paid_month(world)
    entry = books.refunded("by hand", world.clock.now(), Parts(goodwill=500))
    [posted] = act(world, lambda uow: ledger.post(uow, month.spa_id, [entry]))
    break_(
        world,
        f"""INSERT INTO refund (spa_id, key, invoice_id, attempt_id, cents, status, tender, plan, reason, actor,
                                asked_at, look_at, entry_id)
            SELECT spa_id, 'by hand', invoice_id, id, 500, 'done', 'card', '{{}}', 'x', 'staff:1', created_at,
                   created_at, {posted.entry_id} FROM charge_attempt""",
    )
    return {"refund_not_there": (500, 0)}


def refunded_beyond_ours(world: World) -> Found:
    month = paid_month(world)
    assert isinstance(month.refund(4_900), Refunded)
    world.settle()
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    world.stripe.refund(month.attempt["payment"], 1_000)
    world.settle()
    return {"refunded_outside": (4_900, 5_900)}


def disputed(world: World) -> tuple[Month, str]:
    month = paid_month(world)
    dispute = str(world.stripe.open_dispute(month.attempt["charge"])["id"])
    world.settle()
    return month, dispute


def decided_and_not_heard(world: World) -> Found:
    _, dispute = disputed(world)
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    world.stripe.close_dispute(dispute, "lost")
    world.settle()
    return {"dispute_differs": (14_900, 14_900)}


def decided_and_not_booked(world: World) -> Found:
    disputed(world)
    break_(world, "UPDATE dispute SET status = 'won', closed_at = opened_at")
    return {"dispute_differs": (14_900, 14_900), "dispute_not_settled": (14_900, 0)}


def dispute_of_nobody(world: World) -> Found:
    paid_month(world)
    entry = books.disputed("dispute:du_none", world.clock.now(), 100)
    act(world, lambda uow: ledger.post(uow, world.spa.spa_id, [entry]))
    return {"entry_without_dispute": (None, None)}


def dispute_not_there(world: World) -> Found:
    _, dispute = disputed(world)
    break_(
        world,
        "UPDATE dispute SET dispute_id = 'du_gone'",
        f"UPDATE ledger_entry SET key = 'dispute:du_gone' WHERE key = 'dispute:{dispute}'",
    )
    return {"dispute_not_there": (14_900, None)}


FAULTS = (
    lot_gone,
    dollars_gone,
    not_paid_after_all,
    out_of_nothing,
    stands_as_owing,
    stands_as_paid,
    billed_after_leaving,
    nobody_told,
    left_the_page,
    broke_a_promise,
    declined_on_the_day_of_a_promise,
    ticket_left_open,
    sold_and_not_given,
    order_not_booked,
    refund_not_booked,
    refund_never_made,
    refunded_beyond_ours,
    decided_and_not_heard,
    decided_and_not_booked,
    dispute_of_nobody,
    dispute_not_there,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_is_not_so_is_found_once(world: World, fault: Callable[[World], Found]) -> None:
    expected = fault(world)
    assert found(compare(world)) == expected


def test_each_check_has_been_seen_to_find_something() -> None:
    """By name: whoever adds a check adds a fault."""
    told = "".join(inspect.getsource(fault) for fault in FAULTS)
    assert [check.kind for check in CHECKS if f'"{check.kind}"' not in told] == []
    assert len({check.kind for check in CHECKS}) == len(CHECKS)


def test_a_difference_says_in_a_line_what_is_wrong(world: World) -> None:
    lot_gone(world)
    [each] = compare(world).differences
    assert str(each).endswith(": its dues are paid, and the credit they buy was not given")
    [(facts,)] = world.rows("SELECT facts FROM staff_task WHERE kind = 'paid_without_credits'")
    assert facts["what"] == each.words  # type: ignore[call-overload, index]


# --- what is so ------------------------------------------------------------------------------------------------------


def leave(world: World, membership_id: int) -> None:
    quote = act(world, lambda uow: cancellations.quote_cancel(uow, world.spa.spa_id, membership_id))
    assert isinstance(quote, LeaveQuote), quote
    act(
        world,
        lambda uow: cancellations.cancel(uow, world.spa.spa_id, membership_id, quote, channel="desk", actor="staff:1"),
    )


def rest(world: World, membership_id: int) -> None:
    quote = act(world, lambda uow: pauses.quote_pause(uow, world.spa.spa_id, membership_id, months=1))
    assert isinstance(quote, PauseQuote), quote
    act(world, lambda uow: pauses.pause(uow, world.spa.spa_id, membership_id, quote, actor="staff:1"))


def days(world: World, many: int) -> None:
    """So many days go by, and each is billed."""
    for _ in range(many):
        world.pass_time(DAY)
        world.bill()


def changed_in_every_way(world: World) -> None:
    spa_id = world.spa.spa_id
    upgraded(world)
    paused, left, refunded, partly, gives = (paid_month(world, name) for name in ("Pia", "Lea", "Ria", "Mia", "Gia"))
    rest(world, paused.membership_id)
    leave(world, left.membership_id)
    assert isinstance(refunded.refund(), Refunded)
    assert isinstance(partly.refund(4_900), Refunded)
    world.spend(gives.client_id)
    assert isinstance(gives.refund(forced=True, approved_by="manager"), Refunded)
    ticket = sold(world, paused.client_id)
    assert isinstance(ticket, Sold)
    assert isinstance(
        checkout.void(world.rt, spa_id, ticket.ticket_id, actor="staff:1", reason="x", approved_by="manager"),
        checkout.Voided,
    )
    sold(world, partly.client_id, key="till-2", tender=Tender.CASH)
    days(world, 45)


def paid_in_every_way(world: World) -> None:
    declined(world, "Bea", FUNDS)  # paid at the second try
    skips, _ = declined(world, "Sue")
    act(world, lambda uow: choices.skip(uow, world.spa.spa_id, skips, TODAY, actor="member"))
    pays = world.client("Max", "+15055551999")
    world.enrol(pays, anchor_on=TODAY, collection="manual")
    free = world.client("Fay", "+15055551998")
    world.enrol(free, anchor_on=TODAY, dues_cents=0)
    world.bill()
    [(invoice,)] = world.rows("SELECT id FROM invoice WHERE client_id = %s", (pays,))
    act(world, lambda uow: billing.record_payment(uow, 1, int(str(invoice)), PaidBy.CASH, actor="staff:1"))
    gave, finishes = declined(world, "Ida")[0], declined(world, "Ina")[0]
    assert promise(world, gave) is None
    page = open_page(world, finishes)
    world.stripe.type_card(page, "4242424242424242")
    world.settle()
    world.pass_time(5 * HOUR)


def decided_in_every_way(world: World) -> None:
    for outcome in ("won", "lost"):
        _, dispute = disputed(world)
        world.stripe.close_dispute(dispute, outcome)
        world.settle()
    disputed(world)


@pytest.mark.parametrize(
    "life", [changed_in_every_way, paid_in_every_way, decided_in_every_way], ids=lambda x: x.__name__
)
def test_in_an_honest_life_there_is_nothing_to_find(world: World, life: Callable[[World], None]) -> None:
    life(world)
    compared = compare(world)
    assert compared.all == ()
    assert compared.payments > 1


def test_what_was_given_by_hand_is_nobodys_payment(world: World) -> None:
    month = paid_month(world)
    by = credit_changes.By(actor="staff:1", reason="sorry", approved_by="staff:2")
    given = act(
        world,
        lambda uow: credit_changes.adjust(
            uow, month.spa_id, client_id=month.client_id, unit="visit", amount=1_000, key="a", by=by
        ),
    )
    assert isinstance(given, credit_changes.Done)
    assert compare(world).all == ()


def test_who_was_told_in_any_way_is_told(world: World) -> None:
    for said in (
        "UPDATE dunning_case SET told_at = opened_at",
        """INSERT INTO staff_task (spa_id, key, kind, facts, opened_at)
           SELECT 1, 'not_told:' || invoice_id, 'not_told', '{}', opened_at FROM dunning_case""",
    ):
        world.rows("DELETE FROM staff_task RETURNING 1")
        if not world.rows("SELECT 1 FROM dunning_case"):
            nobody_told(world)
        break_(world, "UPDATE dunning_case SET told_at = NULL", said)
        assert "nobody_told" not in compare(world).counts()


def test_refunds_of_ours_are_not_the_processors(world: World) -> None:
    month = paid_month(world)
    assert isinstance(month.refund(4_900), Refunded)
    world.stripe.faults.add(Trouble(StripeFault.HANG_AFTER, on="refunds.create", milliseconds=60_000, times=1))
    assert not isinstance(month.refund(1_000), Refunded)  # it went, and nobody knows
    assert compare(world).all == ()
