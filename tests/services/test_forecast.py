"""The dues that are forecast are the dues that the machine then asks for, day by day, when nothing more is agreed."""

from collections import defaultdict
from datetime import date, timedelta

from assistant.domain.changing import ChangeQuote
from assistant.domain.leaving import LeaveQuote
from assistant.domain.pausing import PauseQuote
from assistant.domain.plans import Cadence
from assistant.services import cancellations, pauses, plan_changes, tasks
from assistant.services.reports import forecast
from tests.services.test_plan_changes import offer
from tests.world import World

TODAY = date(2026, 11, 20)
WEEKS = 13


def enrol(world: World, place: int, anchor_on: date, **terms: object) -> int:
    """A member who has paid so far, with a card."""
    client = world.client(f"M{place}", f"+150555502{place:02d}")
    world.card(client)
    return world.enrol(client, anchor_on=anchor_on, dues_cents=10_000 + place, **terms)  # type: ignore[arg-type]


def pause(world: World, membership: int, months: int) -> None:
    with world.rt.unit_of_work() as uow:
        quote = pauses.quote_pause(uow, world.spa.spa_id, membership, months=months)
        assert isinstance(quote, PauseQuote), quote
        pauses.pause(uow, world.spa.spa_id, membership, quote, actor="staff:1")


def leave(world: World, membership: int) -> None:
    with world.rt.unit_of_work() as uow:
        quote = cancellations.quote_cancel(uow, world.spa.spa_id, membership)
        assert isinstance(quote, LeaveQuote), quote
        cancellations.cancel(uow, world.spa.spa_id, membership, quote, channel="desk", actor="staff:1")


def change(world: World, membership: int, code: str) -> None:
    with world.rt.unit_of_work() as uow:
        quote = plan_changes.quote_change(uow, world.spa.spa_id, membership, code)
    assert isinstance(quote, ChangeQuote), quote
    assert isinstance(plan_changes.change(world.rt, 1, membership, quote, actor="staff:1"), plan_changes.Scheduled)


def spa(world: World) -> None:
    """Every kind of agreement that moves a charge."""
    offer(world, "lite", 9_900)
    offer(world, "yearly", 19_900, cadence=Cadence.YEARLY)
    enrol(world, 1, date(2026, 8, 31), first_cycle=3)
    enrol(world, 2, date(2026, 8, 25), first_cycle=3, intro_cents=1_000, intro_cycles=5)
    enrol(world, 3, date(2025, 12, 15), cycle_months=12, first_cycle=1)
    enrol(world, 4, date(2026, 12, 3), setup_fee_cents=5_000)
    rests, leaves, longer, lower, exempt, asks, later = (
        enrol(world, place, date(2026, 10, place + 8), first_cycle=2) for place in range(5, 12)
    )
    shorter = enrol(world, 14, date(2025, 12, 28), cycle_months=12, first_cycle=1)
    world.bill()
    pause(world, rests, 1)
    leave(world, leaves)
    change(world, longer, "yearly")
    change(world, lower, "lite")
    change(world, shorter, "lite")
    pause(world, later, 2)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE membership SET charge_exempt = 'a friend' WHERE id = %s", (exempt,))
        [[client]] = uow.sql("SELECT client_id FROM membership WHERE id = %s", (asks,)).fetchall()
        tasks.open_task(uow, 1, key="asks", kind="cancel_asked", client_id=client, facts={})


def test_the_machine_asks_for_what_was_forecast(world: World) -> None:
    spa(world)
    with world.rt.unit_of_work() as uow:
        found = forecast.forecast(uow, world.spa.spa_id, TODAY)
    assert (found.until_on - TODAY).days == 7 * WEEKS - 1
    for _ in range(7 * WEEKS - 1):
        world.clock.advance(timedelta(days=1))
        world.bill()
    asked: dict[date, list[int]] = defaultdict(list)
    for day, cents in world.rows(
        "SELECT due_on, dues_cents + setup_fee_cents FROM invoice WHERE kind = 'dues' AND status <> 'skipped'"
        " AND opened_at > (SELECT min(opened_at) FROM invoice) ORDER BY due_on, id"
    ):
        asked[day].append(cents)  # type: ignore[index, arg-type]
    assert [(each.from_on, each.charges, each.cents) for each in found.days] == [
        (day, len(cents), sum(cents)) for day, cents in sorted(asked.items())
    ]
    assert found.cents == sum(week.cents for week in found.weeks) > 0
    assert len(found.weeks) == WEEKS


def test_what_is_due_today_is_in_it_until_it_is_billed(world: World) -> None:
    enrol(world, 1, TODAY)
    with world.rt.unit_of_work() as uow:
        before = forecast.forecast(uow, world.spa.spa_id, TODAY, days=1)
    world.bill()
    with world.rt.unit_of_work() as uow:
        after = forecast.forecast(uow, world.spa.spa_id, TODAY, days=1)
    assert (before.cents, after.cents) == (10_001, 0)
