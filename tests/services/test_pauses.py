"""Pauses: agreed as quoted, begun and over by the billing day, with no charge between."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.db import billing_day
from assistant.domain.pausing import Hardship, PauseQuote, PauseRefusal, Refusal, ResumeQuote, ResumeRefusal
from assistant.runtime import UnitOfWork
from assistant.services import choices, membership_days, pauses
from assistant.services.pauses import Paused, Resumed, Stale, StaleResume
from tests.world import World

JOINED = date(2026, 8, 20)
"""Ana is billed on the 20th; the world begins on Nov 20 at 11:00 at the spa."""


def member(world: World, **terms: object) -> tuple[int, int]:
    ana = world.client("Ana")
    world.card(ana)
    pause = terms.pop("pause", None)
    sold = {"dues_cents": 14_900, "grants": [{"unit": "visit", "amount": 1000}]} | ({"pause": pause} if pause else {})
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3, terms=sold | terms)
    world.bill()
    return ana, made


def quoted(world: World, made: int, **asked: object) -> PauseQuote:
    with world.rt.unit_of_work() as uow:
        quote = pauses.quote_pause(uow, world.spa.spa_id, made, **asked)  # type: ignore[arg-type]
    assert isinstance(quote, PauseQuote), quote
    return quote


def rest(world: World, made: int, quote: PauseQuote, **more: object) -> object:
    return world.rt.transact(
        lambda uow: pauses.pause(uow, world.spa.spa_id, made, quote, actor="staff:1", **more)  # type: ignore[arg-type]
    )


def back(world: World, made: int) -> object:
    def act(uow: UnitOfWork) -> object:
        quote = pauses.quote_resume(uow, world.spa.spa_id, made)
        if not isinstance(quote, ResumeQuote):
            return quote
        return pauses.resume(uow, world.spa.spa_id, made, quote, actor="member")

    return world.rt.transact(act)


def to(world: World, month: int, day: int, hour: int = 18, year: int = 2026) -> None:
    world.clock.advance(datetime(year, month, day, hour, tzinfo=UTC) - world.clock.now())


def test_two_months_and_back_by_itself(world: World) -> None:
    _, made = member(world)
    quote = quoted(world, made, months=2)
    assert (quote.starts_on, quote.resumes_on, quote.billing_skips) == (date(2026, 12, 20), date(2027, 2, 20), 2)
    assert rest(world, made, quote) == Paused(quote)
    assert world.standing(made) == "active"
    for month, day, year, standing in ((12, 19, 2026, "active"), (12, 20, 2026, "paused"), (1, 20, 2027, "paused")):
        to(world, month, day, year=year)
        world.bill()
        assert world.standing(made) == standing
    to(world, 2, 20, year=2027)
    world.bill()
    world.bill()
    assert world.standing(made) == "active"
    assert world.invoices() == [
        (3, "paid", None),
        (4, "skipped", "paused"),
        (5, "skipped", "paused"),
        (6, "paid", None),
    ]
    assert world.rows("SELECT began_at IS NOT NULL, ended_on FROM pause") == [(True, date(2027, 2, 20))]


def test_a_quote_binds(world: World) -> None:
    _, made = member(world)
    quote = quoted(world, made, months=1)
    assert rest(world, made, replace(quote, fee_cents=500)) == Stale(quote)
    assert world.rows("SELECT 1 FROM pause") == []
    assert rest(world, made, quote) == Paused(quote)
    assert rest(world, made, quote) == Refusal(PauseRefusal.ALREADY_PAUSED, date(2027, 1, 20))
    to(world, 12, 20)
    world.bill()
    assert rest(world, made, quote) == Refusal(PauseRefusal.ALREADY_PAUSED, date(2027, 1, 20))


def test_a_quote_of_last_month_is_stale(world: World) -> None:
    _, made = member(world)
    quote = quoted(world, made, months=2)
    to(world, 12, 20)
    world.bill()
    assert rest(world, made, quote) == Stale(quoted(world, made, months=2))


def test_who_owes_is_told_so(world: World) -> None:
    ana = world.client("Ana")
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3)
    world.bill()
    with world.rt.unit_of_work() as uow:
        refused = pauses.quote_pause(uow, world.spa.spa_id, made, months=1)
    assert refused == Refusal(PauseRefusal.PAST_DUE, date(2026, 12, 20))


def test_called_off_before_it_begins(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=1))
    assert back(world, made) == Resumed(ResumeQuote(date(2026, 11, 20), 0, date(2026, 12, 20), calls_off=True))
    assert world.rt.transact(lambda uow: pauses.call_off(uow, world.spa.spa_id, made, actor="member")) is False
    to(world, 12, 20)
    world.bill()
    assert world.invoices()[-1] == (4, "paid", None)
    assert quoted(world, made, months=1).starts_on == date(2027, 1, 20)
    assert back(world, made) is ResumeRefusal.NOT_PAUSED


@pytest.mark.parametrize(
    ("day", "charged", "invoice"),
    [((1, 3, 2027), 14_900, (4, "paid", None)), ((1, 10, 2027), 0, (4, "skipped", "paused"))],
)
def test_back_early(world: World, day: tuple[int, int, int], charged: int, invoice: tuple[object, ...]) -> None:
    """With 14 days and more of a cycle left it is charged now; with fewer there is no charge until the old day."""
    _, made = member(world)
    rest(world, made, quoted(world, made, months=3))
    to(world, 12, 20)
    world.bill()
    to(world, day[0], day[1], year=day[2])
    assert back(world, made) == Resumed(ResumeQuote(date(2027, *day[:2]), charged, date(2027, 1, 20)))
    world.settle()
    assert world.standing(made) == "active"
    assert world.invoices()[-1] == invoice
    world.bill()
    to(world, 1, 20, year=2027)
    world.bill()
    assert world.invoices()[-1] == (5, "paid", None)
    with world.rt.unit_of_work() as uow:
        assert pauses.quote_resume(uow, world.spa.spa_id, made) is ResumeRefusal.NOT_PAUSED


def test_a_stale_way_back(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=3))
    to(world, 12, 20)
    world.bill()
    with world.rt.unit_of_work() as uow:
        quote = pauses.quote_resume(uow, world.spa.spa_id, made)
    assert isinstance(quote, ResumeQuote)
    to(world, 1, 10, year=2027)
    answer = world.rt.transact(lambda uow: pauses.resume(uow, world.spa.spa_id, made, quote, actor="member"))
    assert answer == StaleResume(ResumeQuote(date(2027, 1, 10), 0, date(2027, 1, 20)))
    assert world.standing(made) == "paused"


def test_a_card_that_declines_on_the_way_back_is_chased(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=3))
    to(world, 12, 20)
    world.bill()
    world.rows("UPDATE card SET role = 'old', removed_at = added_at RETURNING 1")
    to(world, 12, 25)
    back(world, made)
    world.settle()
    assert world.standing(made) == "past_due"
    assert world.rows("SELECT cycle FROM invoice WHERE status = 'open'") == [(4,)]


def test_who_rests_because_they_owed_is_back_on_the_next_billing_date(world: World) -> None:
    """What was let go is never charged, and nobody is a member for nothing."""
    ana = world.client("Ana")
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3)
    world.bill()

    world.rt.transact(lambda uow: choices.rest(uow, world.spa.spa_id, ana, date(2026, 11, 20), actor="member"))
    to(world, 11, 25)
    assert back(world, made) == Resumed(ResumeQuote(date(2026, 12, 20), 0, date(2026, 12, 20)))
    assert world.standing(made) == "paused"
    world.card(ana)
    to(world, 12, 20)
    world.bill()
    assert world.invoices() == [(3, "skipped", "paused"), (4, "paid", None)]
    assert world.rows("SELECT reason, ended_on FROM pause") == [("owed", date(2026, 12, 20))]


def test_the_fee_is_asked_when_it_begins(world: World) -> None:
    _, made = member(world, pause={"fee_cents": 1_500})
    rest(world, made, quoted(world, made, months=1))
    assert world.rows("SELECT 1 FROM invoice WHERE kind = 'order'") == []
    to(world, 12, 20)
    world.bill()
    assert world.rows("SELECT status, dues_cents FROM invoice WHERE kind = 'order'") == [("paid", 1_500)]
    assert world.rows("SELECT kind FROM ledger_entry WHERE key LIKE 'order:%%'") == [("sold",)]


def test_a_fee_that_is_not_paid_is_let_go(world: World) -> None:
    _, made = member(world, pause={"fee_cents": 1_500})
    rest(world, made, quoted(world, made, months=1))
    world.rows("UPDATE card SET role = 'old', removed_at = added_at RETURNING 1")
    to(world, 12, 20)
    world.bill()
    assert world.rows("SELECT status, reason FROM invoice WHERE kind = 'order'") == [("waived", "pause_fee")]
    assert world.rows("SELECT kind FROM staff_task WHERE kind = 'pause_fee_unpaid'") == [("pause_fee_unpaid",)]
    assert world.standing(made) == "paused"


def test_hardship_pays_no_fee_and_waits_for_nothing(world: World) -> None:
    _, made = member(world, pause={"fee_cents": 1_500, "minimum_tenure_days": 400})
    with world.rt.unit_of_work() as uow:
        refused = pauses.quote_pause(uow, world.spa.spa_id, made, months=1)
    assert isinstance(refused, Refusal)
    assert refused.reason is PauseRefusal.TOO_SOON
    quote = quoted(world, made, months=1, hardship=Hardship.PREGNANCY)
    assert quote.fee_cents == 0
    assert rest(world, made, quote, hardship=Hardship.PREGNANCY) == Paused(quote)
    assert world.rows("SELECT reason, fee_cents FROM pause") == [("pregnancy", 0)]


def test_promotions_run_out_later_by_the_length_of_the_pause(world: World) -> None:
    ana, made = member(world, pause={"expiry_clock_stops": True})
    world.grant(ana, unit="extra", expires_on=date(2026, 12, 31))
    rest(world, made, quoted(world, made, months=1))
    to(world, 12, 20)
    world.bill()
    world.bill()
    assert world.rows("SELECT expires_on FROM credit_lot WHERE lot_class = 'promo'") == [(date(2027, 1, 31),)]


def test_a_pause_agreed_while_the_day_is_billed_is_not_charged(world: World) -> None:
    """The day opened its invoice beside the request: the charge reads anew (B8)."""
    ana = world.client("Ana")
    world.card(ana)
    made = world.enrol(ana, anchor_on=JOINED, first_cycle=3)
    quote = quoted(world, made, months=1)
    assert quote.starts_on == date(2026, 11, 20)

    world.rt.transact(lambda uow: billing_day.open_day(uow, world.spa.spa_id, date(2026, 11, 20), uow.now))
    world.rt.transact(
        lambda uow: uow.sql(
            "INSERT INTO pause (spa_id, membership_id, starts_on, resumes_on, actor, asked_at)"
            " VALUES (%s, %s, %s, %s, 'member', %s)",
            (world.spa.spa_id, made, quote.starts_on, quote.resumes_on, uow.now),
        )
    )
    world.settle()
    assert world.invoices() == [(3, "skipped", "paused")]
    assert world.attempts() == []
    world.bill()
    assert world.standing(made) == "paused"


def test_who_owes_on_the_day_begins_once_it_is_settled(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=2))
    world.rows("UPDATE membership SET standing = 'past_due' RETURNING 1")
    to(world, 12, 20)
    world.bill()
    assert world.standing(made) == "past_due"
    assert world.invoices()[-1] == (4, "skipped", "paused")
    world.rows("UPDATE membership SET standing = 'active' RETURNING 1")
    world.bill()
    assert world.standing(made) == "paused"


def test_a_pause_whose_days_are_over_never_begins(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=1))
    to(world, 1, 25, year=2027)
    world.bill()
    world.bill()
    assert world.standing(made) == "active"
    assert world.rows("SELECT began_at, ended_on FROM pause") == [(None, None)]
    world.clock.advance(timedelta(days=1))
    assert quoted(world, made, months=1).starts_on == date(2027, 2, 20)


def test_told_a_week_before_it_is_on_again_and_once(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=2))
    to(world, 12, 20)
    world.bill()
    for month, day, told in ((2, 12, 0), (2, 13, 1), (2, 14, 0), (2, 19, 0)):
        to(world, month, day, year=2027)
        assert membership_days.turn(world.rt) == told
        assert membership_days.turn(world.rt) == 0
        world.settle()
    assert world.received()[-1] == (
        "Ana, your Glow membership is on again on Feb 20: $149.00 is charged on Feb 20. To leave instead, reply LEAVE."
        " Anything else? Call (505) 555-0101."
    )
    assert len(world.received()) == 2
    assert world.rows("SELECT reminded_at IS NOT NULL FROM pause") == [(True,)]


def test_who_cannot_be_texted_is_told_by_a_person(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=1))
    to(world, 12, 20)
    world.bill()
    world.rows("UPDATE phone SET suppressed_at = %s RETURNING 1", [world.clock.now()])
    to(world, 1, 15, year=2027)
    assert [membership_days.turn(world.rt), membership_days.turn(world.rt)] == [1, 0]
    assert world.rows("SELECT kind FROM staff_task") == [("tell_of_resuming",)]


def test_the_day_turns_at_midnight_of_the_spa(world: World) -> None:
    _, made = member(world)
    rest(world, made, quoted(world, made, months=1))
    to(world, 12, 20, hour=6)
    membership_days.turn(world.rt)
    assert world.standing(made) == "active"
    to(world, 12, 20, hour=7)
    membership_days.turn(world.rt)
    assert world.standing(made) == "paused"
