"""Leaving: in force from the request, undone until its day, and no charge after it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from assistant.db import billing as table
from assistant.db import billing_day
from assistant.domain.billing import Cause
from assistant.domain.credits import LotClass
from assistant.domain.leaving import LeaveQuote, LeaveRefusal, SaveOffer
from assistant.domain.pausing import Hardship, PauseRefusal, Refusal
from assistant.gateways.ports import Approved
from assistant.runtime import UnitOfWork
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.services import attempts, billing, cancellations, charges, credits, pauses, verification
from assistant.services.cancellations import Left, Stale, Stays
from assistant.services.credits import Grant
from tests.world import World

JOINED = date(2026, 8, 20)
"""Ana is billed on the 20th; the world begins on Nov 20 at 11:00 at the spa."""
NEXT = date(2026, 12, 20)


def member(world: World, *, bill: bool = True, card: bool = True, **terms: object) -> tuple[int, int]:
    ana = world.client("Ana")
    if card:
        world.card(ana)
    minimum = terms.pop("minimum_cycles", 0)
    sold = {"dues_cents": 14_900, "grants": [{"unit": "visit", "amount": 1000}], "minimum_cycles": minimum}
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3, terms=sold, **terms)
    if bill:
        world.bill()
    return ana, made


def quoted(world: World, made: int, **asked: object) -> LeaveQuote:
    with world.rt.unit_of_work() as uow:
        quote = cancellations.quote_cancel(uow, world.spa.spa_id, made, **asked)  # type: ignore[arg-type]
    assert isinstance(quote, LeaveQuote), quote
    return quote


def leave(world: World, made: int, quote: LeaveQuote | None = None, *, channel: str = "desk", **more: object) -> object:
    asked = {name: value for name, value in more.items() if name in {"hardship", "asked_at"}}
    quote = quote or quoted(world, made, **asked)
    return world.rt.transact(
        lambda uow: cancellations.cancel(
            uow,
            world.spa.spa_id,
            made,
            quote,
            channel=channel,
            actor="staff:1",
            **more,  # type: ignore[arg-type]
        )
    )


def left(world: World, made: int, **more: object) -> Left:
    answer = leave(world, made, **more)  # type: ignore[arg-type]
    assert isinstance(answer, Left), answer
    return answer


def stay(world: World, made: int) -> object:
    return world.rt.transact(lambda uow: cancellations.undo_cancel(uow, world.spa.spa_id, made, actor="member"))


def to(world: World, month: int, day: int, hour: int = 18, year: int = 2026) -> None:
    world.clock.advance(datetime(year, month, day, hour, tzinfo=UTC) - world.clock.now())


def balanced(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


def test_what_is_paid_for_is_used_up_and_nothing_more_is_charged(world: World) -> None:
    _, made = member(world)
    done = left(world, made, channel="email")
    assert done.quote.effective_on == NEXT
    assert done.quote.keeps_credits
    assert len(done.code) == 6
    assert world.standing(made) == "active"
    world.settle()
    [_, told] = world.received()
    assert told.startswith(
        f"Done, Ana: your Glow membership ends on Dec 20, confirmation {done.code}. No more charges."
    )
    for day in (19, 20, 21):
        to(world, 12, day)
        world.bill()
        world.bill()
    assert world.standing(made) == "ended"
    assert world.rows("SELECT ended_on FROM membership") == [(NEXT,)]
    assert world.invoices() == [(3, "paid", None)]
    assert world.rows("SELECT sum(remaining) FROM credit_lot") == [(1000,)]
    assert world.rows("SELECT kind, on_day FROM membership_move WHERE kind = 'churn'") == [("churn", NEXT)]
    balanced(world)


def test_a_clock_that_comes_late_ends_it_on_its_day(world: World) -> None:
    _, made = member(world)
    left(world, made)
    to(world, 12, 25)
    world.bill()
    assert world.rows("SELECT standing, ended_on FROM membership") == [("ended", NEXT)]


def test_asked_twice_it_stands_once(world: World) -> None:
    _, made = member(world)
    quote = quoted(world, made)
    assert leave(world, made, replace(quote, effective_on=date(2026, 11, 21))) == Stale(quote)
    assert isinstance(leave(world, made, quote), Left)
    assert leave(world, made, quote) is LeaveRefusal.LEAVING
    assert world.rows("SELECT count(*) FROM cancellation") == [(1,)]


def test_undone_everything_is_as_it_was(world: World) -> None:
    _, made = member(world)
    before = world.rows("SELECT m::text FROM membership m")
    left(world, made)
    assert stay(world, made) == Stays(NEXT)
    assert world.rows("SELECT m::text FROM membership m") == before
    assert stay(world, made) is LeaveRefusal.ENDED
    to(world, 12, 20)
    world.bill()
    assert world.invoices() == [(3, "paid", None), (4, "paid", None)]
    left(world, made)
    to(world, 1, 20, year=2027)
    assert stay(world, made) is LeaveRefusal.ENDED
    world.bill()
    assert world.standing(made) == "ended"


def test_an_agreed_pause_survives_the_undoing(world: World) -> None:
    _, made = member(world)
    with world.rt.unit_of_work() as uow:
        pause = pauses.quote_pause(uow, world.spa.spa_id, made, months=1)
        assert not isinstance(pause, Refusal)
        pauses.pause(uow, world.spa.spa_id, made, pause, actor="member")
    left(world, made)
    stay(world, made)
    to(world, 12, 20)
    world.bill()
    assert world.standing(made) == "paused"
    assert left(world, made).quote.effective_on == NEXT
    assert world.rows("SELECT standing, ended_on FROM membership") == [("ended", NEXT)]
    assert world.rows("SELECT ended_on FROM pause") == [(NEXT,)]


def test_who_leaves_does_not_pause(world: World) -> None:
    _, made = member(world)
    left(world, made)
    with world.rt.unit_of_work() as uow:
        assert pauses.quote_pause(uow, world.spa.spa_id, made, months=1) == Refusal(PauseRefusal.LEAVING)


@pytest.mark.parametrize(("waived", "status"), [(True, "waived"), (False, "written_off")])
def test_past_due_it_ends_today_and_nobody_is_chased(world: World, waived: bool, status: str) -> None:
    _, made = member(world, card=False)
    if not waived:
        world.rows(
            "UPDATE spa SET policy = '{\"leave_waives_debt\": false}' WHERE spa_id = %s RETURNING 1", [world.spa.spa_id]
        )
    assert world.standing(made) == "past_due"
    done = left(world, made)
    assert done.quote.effective_on == date(2026, 11, 20)
    assert done.quote.owed_cents == 14_900
    assert world.standing(made) == "ended"
    assert world.invoices() == [(3, status, "left")]
    assert world.rows("SELECT 1 FROM dunning_case WHERE closed_at IS NULL") == []
    assert world.rows("SELECT 1 FROM dunning_step WHERE done_at IS NULL") == []
    assert len(world.rows("SELECT 1 FROM staff_task WHERE kind = 'debt_kept'")) == (not waived)
    assert stay(world, made) is LeaveRefusal.ENDED
    world.pass_time(timedelta(days=40))
    assert world.attempts() == []


def test_a_charge_that_waits_is_let_go(world: World) -> None:
    _, made = member(world, bill=False)
    world.rt.transact(lambda uow: billing_day.open_day(uow, world.spa.spa_id, date(2026, 11, 20), uow.now))
    left(world, made)
    world.settle()
    assert world.attempts() == []
    assert world.invoices() == [(3, "waived", "left")]


def test_a_charge_on_its_way_goes_back(world: World) -> None:
    """The bank said yes after the member said they leave: the money is theirs (`features.md` B17)."""
    _, made = member(world, bill=False)
    world.rt.transact(lambda uow: billing_day.open_day(uow, world.spa.spa_id, date(2026, 11, 20), uow.now))
    asked = world.rt.transact(charge_begins)
    left(world, made)
    assert world.standing(made) == "ended"
    assert world.invoices() == [(3, "open", None)]
    paid = Approved("pi_late", "ch_late", 14_900, 462)
    world.rt.transact(lambda uow: attempts.settle(uow, world.spa.spa_id, asked, paid))
    world.rt.transact(lambda uow: attempts.settle(uow, world.spa.spa_id, asked, paid))
    assert world.invoices() == [(3, "skipped", "ended")]
    assert world.rows("SELECT kind FROM ledger_entry") == [("taken_by_mistake",)]
    assert world.rows("SELECT kind FROM staff_task") == [("refund_due",)]
    balanced(world)


def charge_begins(uow: UnitOfWork) -> int:
    owed = table.next_owed(uow, uow.now)
    assert owed is not None
    [row] = uow.sql(
        "SELECT c.id, p.customer_id, c.payment_method_id, c.fingerprint FROM card c"
        " JOIN payer p ON (p.spa_id, p.client_id) = (c.spa_id, c.client_id)"
    ).fetchall()
    return attempts.begin(uow, owed, Cause.CYCLE, attempts.Chargeable(*row), owed.total_cents)[0]


def test_a_charge_that_was_opened_beside_the_request_is_not_made(world: World) -> None:
    """The billing day ran on what it saw: the charge reads anew, and so does its answer."""
    _, made = member(world)
    left(world, made)
    to(world, 12, 20)
    world.rows(
        "INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, opened_at,"
        " next_attempt_at) SELECT spa_id, membership_id, client_id, plan_version_id, 4, '2026-12-20', dues_cents, %s,"
        " %s FROM invoice RETURNING 1",
        [world.clock.now(), world.clock.now()],
    )
    world.settle()
    assert world.invoices() == [(3, "paid", None), (4, "skipped", "left")]
    assert world.standing(made) == "active"
    world.bill()
    assert world.standing(made) == "ended"


def test_a_minimum_term_is_kept_and_hardship_ends_it(world: World) -> None:
    _, made = member(world, minimum_cycles=3)
    quote = quoted(world, made)
    assert (quote.effective_on, quote.charges_left) == (date(2027, 2, 20), 2)
    hard = quoted(world, made, hardship=Hardship.RELOCATION)
    assert (hard.effective_on, hard.charges_left, hard.offer) == (NEXT, 0, None)
    left(world, made)
    for month, year in ((12, 2026), (1, 2027), (2, 2027), (3, 2027)):
        to(world, month, 20, year=year)
        world.bill()
    assert world.invoices() == [(3, "paid", None), (4, "paid", None), (5, "paid", None)]
    assert world.rows("SELECT standing, ended_on FROM membership") == [("ended", date(2027, 2, 20))]


def test_heard_later_it_holds_from_when_it_was_said(world: World) -> None:
    _, made = member(world)
    said = world.clock.now() + timedelta(days=20)
    to(world, 12, 22)
    world.bill()
    done = left(world, made, channel="voicemail", asked_at=said)
    assert done.quote.effective_on == date(2026, 12, 22)
    assert world.standing(made) == "ended"
    [(facts,)] = world.rows("SELECT facts FROM staff_task WHERE kind = 'refund_due'")
    assert isinstance(facts, dict)
    assert facts["cents"] == 14_900


def test_nothing_is_ever_sent_to_the_dead(world: World) -> None:
    _, made = member(world)
    leo = world.client("Leo")
    done = left(world, made, hardship=Hardship.DECEASED)
    world.settle()
    assert done.quote.offer is None
    assert world.standing(made) == "ended"
    assert len(world.received()) == 1  # the receipt of before
    assert world.rows("SELECT client_id FROM client_phone") == [(leo,)]
    assert world.rows("SELECT suppressed_at FROM phone") == [(None,)]  # the family's
    assert world.rows("SELECT kind FROM staff_task ORDER BY kind") == [("unused_credit_refund",)]
    assert world.say("BALANCE")[0].startswith("Leo, you have no credits")


def test_the_phone_of_the_dead_alone_is_opted_out(world: World) -> None:
    _, made = member(world)
    left(world, made, hardship=Hardship.DECEASED)
    assert world.rows("SELECT suppressed_at IS NOT NULL FROM phone") == [(True,)]
    assert world.say("BALANCE") == []


@pytest.mark.parametrize(
    ("region", "visits", "offer"),
    [("NM", 1, SaveOffer.REST), ("NM", 0, None), ("MN", 1, None), (None, 1, None)],
)
def test_one_offer_by_what_is_banked_and_none_where_it_may_not_be(
    world: World, region: str | None, visits: int, offer: SaveOffer | None
) -> None:
    ana, made = member(world)
    world.rows("UPDATE client SET region = %s RETURNING 1", [region])
    if not visits:
        world.spend(ana)
    assert quoted(world, made).offer is offer


def test_a_small_balance_in_california_is_cash(world: World) -> None:
    ana, made = member(world)
    world.rows("UPDATE client SET region = 'CA' RETURNING 1")
    dollars(world, ana, 1_499)
    done = left(world, made)
    assert done.quote.cash_out_cents == 1_499
    assert world.rows("SELECT facts ->> 'cents' FROM staff_task WHERE kind = 'cash_out_offer'") == [("1499",)]


def dollars(world: World, ana: int, cents: int) -> None:
    grant = Grant("d", ana, "USD", cents, LotClass.PAID, world.clock.now(), paid_cents=0)
    world.rt.transact(lambda uow: credits.grant(uow, world.spa.spa_id, world.spa.zone, [grant]))


def test_gifts_can_be_used_for_a_while(world: World) -> None:
    ana, made = member(world)
    world.grant(ana, unit="extra", expires_on=date(2027, 12, 31))
    assert quoted(world, made).credits_until == NEXT + timedelta(days=60)
    world.grant(ana, unit="extra", expires_on=date(2027, 1, 31))
    world.spend(ana, unit="extra")
    assert quoted(world, made).credits_until == NEXT + timedelta(days=60)


def test_a_bare_cancel_ends_the_texts_and_a_person_asks_about_the_rest(world: World) -> None:
    """Nothing is charged before they know (`features.md` N19, `rules.md` 1.11, 6.4)."""
    _, made = member(world)
    assert len(world.say("CANCEL")) == 1
    assert world.say("CANCEL") == []
    [(kind, facts), *_] = world.rows("SELECT kind, facts FROM staff_task ORDER BY id")
    assert (kind, facts["membership"]) == ("cancel_asked", made)  # type: ignore[index]
    to(world, 12, 20)
    world.bill()
    assert world.invoices() == [(3, "paid", None)]
    said = datetime.fromisoformat(facts["asked_at"])  # type: ignore[index]
    done = left(world, made, channel="sms", asked_at=said)
    assert done.quote.effective_on == NEXT
    assert world.rows("SELECT 1 FROM staff_task WHERE closed_at IS NULL") == []
    world.bill()
    assert world.invoices() == [(3, "paid", None)]


def test_who_meant_only_the_texts_is_charged_once_that_is_known(world: World) -> None:
    _, made = member(world)
    world.say("CANCEL")
    to(world, 12, 20)
    world.bill()
    world.rows("UPDATE staff_task SET closed_at = %s, closed_by = 'staff:1' RETURNING 1", [world.clock.now()])
    world.bill()
    assert world.invoices() == [(3, "paid", None), (4, "paid", None)]
    assert world.standing(made) == "active"


# --- beside each other ------------------------------------------------------------------------------------------------


def test_leaving_races_the_charge_and_never_both_keep_the_money(world: World) -> None:
    """Whoever is first: it is paid and then left at the end of the month; or left, and nothing is kept."""
    alone = replace(world.rt, payments=SandboxPayments(world.stripe))
    for _ in range(6):
        client_id = world.client("Leo", f"+1505555{200 + len(world.rows('SELECT 1 FROM client')):04d}")
        world.card(client_id)
        made = world.enrol(client_id, anchor_on=JOINED, first_cycle=3)
        world.rt.transact(lambda uow: billing_day.open_day(uow, world.spa.spa_id, date(2026, 11, 20), uow.now))
        together(lambda: charges.charge_next(alone), lambda made=made: settled(world, made))
        world.settle()
        [(status, effective_on)] = world.rows(
            "SELECT i.status, x.effective_on FROM invoice i JOIN cancellation x USING (spa_id, membership_id)"
            " WHERE membership_id = %s",
            [made],
        )
        assert (status, effective_on) in {
            ("paid", NEXT),
            ("waived", date(2026, 11, 20)),
            ("skipped", date(2026, 11, 20)),
        }
    balanced(world)
    [(kept,)] = world.rows("SELECT count(*) FROM invoice WHERE status = 'paid'")
    [(taken,)] = world.rows("SELECT count(*) FROM charge_attempt WHERE status = 'succeeded'")
    [(back,)] = world.rows("SELECT count(*) FROM staff_task WHERE kind = 'refund_due'")
    assert taken == kept + back  # type: ignore[operator]


def settled(world: World, made: int) -> None:
    """Ask until it is agreed: what was quoted may be stale by then."""
    while not isinstance(leave(world, made), Left):
        pass


def test_two_who_ask_at_once_are_one_request(world: World) -> None:
    _, made = member(world)
    quote = quoted(world, made)
    answers = together(lambda: leave(world, made, quote), lambda: leave(world, made, quote))
    assert {type(each) for each in answers} == {Left, LeaveRefusal}
    assert world.rows("SELECT count(*) FROM cancellation") == [(1,)]


def test_the_pause_and_the_billing_day_beside_each_other(world: World) -> None:
    """Agreed while the day is opened: either the day had charged already, or nothing of it is kept (B8)."""
    ana = world.client("Ana")
    world.card(ana)
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3)
    with world.rt.unit_of_work() as uow:
        quote = pauses.quote_pause(uow, world.spa.spa_id, made, months=1)
    assert not isinstance(quote, Refusal)

    def agree() -> object:
        return world.rt.transact(lambda uow: pauses.pause(uow, world.spa.spa_id, made, quote, actor="member"))

    [answer, _] = together(agree, lambda: billing.bill(world.rt))
    world.settle()
    world.bill()
    [(_, status, _)] = world.invoices()
    assert (isinstance(answer, pauses.Paused), status) in {(True, "skipped"), (False, "paid")}
    assert world.standing(made) == ("paused" if status == "skipped" else "active")
    balanced(world)


def together(*acts: Callable[[], object]) -> list[object]:
    """All at once, each with a connection of its own."""
    barrier = Barrier(len(acts))

    def go(act: Callable[[], object]) -> object:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))
