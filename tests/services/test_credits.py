"""What members hold, on a real database: each act once, in the order of use, whoever else is at the till."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from assistant.db.connections import Database
from assistant.domain.calendar import local_day
from assistant.domain.credits import LotClass, Short, Take
from assistant.local.postgres import LocalPostgres
from assistant.services import credits, sweep, verification
from assistant.services.credits import Grant, Spent
from tests.world import World

BO = "+15055550111"
EVENING = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
"""Half past eleven at night of the 20th in Denver."""


def grant(world: World, *grants: Grant) -> int:
    with world.rt.unit_of_work() as uow:
        return credits.grant(uow, world.spa.spa_id, world.spa.zone, grants)


def spend(world: World, client_id: int, amount: int, key: str, unit: str = "visit") -> Spent | Short:
    with world.rt.unit_of_work() as uow:
        return credits.spend(
            uow, world.spa.spa_id, client_id=client_id, unit=unit, amount=amount, key=key, zone=world.spa.zone
        )


def undo(world: World, entry_id: int) -> int:
    with world.rt.unit_of_work() as uow:
        return credits.undo(uow, world.spa.spa_id, entry_id, zone=world.spa.zone)


def held(world: World, client_id: int) -> dict[int, int]:
    """What is left, by lot."""
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
        return {lot.id: lot.remaining for lot in credits.lots(uow, world.spa.spa_id, client_id)}


def entry_of(result: Spent | Short) -> int:
    assert isinstance(result, Spent)
    return result.entry_id


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


@pytest.fixture
def paid(world: World, ana: int) -> Grant:
    return Grant("g", ana, "visit", 3000, LotClass.PAID, world.clock.now())


# --- each once ---------------------------------------------------------------------------------------------------


def test_a_grant_is_given_once(world: World, ana: int, paid: Grant) -> None:
    assert grant(world, paid) == 1
    assert grant(world, paid) == 0
    assert grant(world, paid, replace(paid, key="g 2", amount=500)) == 1
    with pytest.raises(psycopg.errors.UniqueViolation):
        grant(world, replace(paid, amount=3001))
    assert sorted(held(world, ana).values()) == [500, 3000]


def test_a_lot_is_of_the_spas_own_day(world: World, paid: Grant) -> None:
    grant(world, replace(paid, at=EVENING))
    assert world.rows("SELECT granted_on FROM credit_lot") == [(date(2026, 11, 20),)]


def test_what_was_paid_for_cannot_be_given_an_end(world: World, paid: Grant) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="paid_never_expires"):
        grant(world, replace(paid, expires_on=date(2027, 1, 1)))


def test_a_use_happens_once(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid)
    first, second = spend(world, ana, 1000, "u"), spend(world, ana, 1000, "u")
    assert first == second
    assert list(held(world, ana).values()) == [2000]


def test_a_use_is_of_one_member_and_one_amount(world: World, ana: int, paid: Grant) -> None:
    bo = world.client("Bo", BO)
    grant(world, paid, replace(paid, key="g 2", client_id=bo))
    entry_of(spend(world, ana, 1000, "u"))
    for client_id, amount in ((bo, 1000), (ana, 500)):
        with pytest.raises(psycopg.errors.UniqueViolation, match="posted with other legs"):
            spend(world, client_id, amount, "u")
    assert [*held(world, ana).values(), *held(world, bo).values()] == [2000, 3000]


def test_too_little_takes_nothing(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid)
    assert spend(world, ana, 3001, "u") == Short(3000)
    assert spend(world, ana, 1, "u", unit="extra") == Short(0)
    assert list(held(world, ana).values()) == [3000]
    assert isinstance(spend(world, ana, 3000, "u"), Spent)  # a key that took nothing is still free
    assert spend(world, ana, 1, "u 2") == Short(0)


def test_soonest_to_expire_first_then_promotional_then_oldest(world: World, ana: int, paid: Grant) -> None:
    promo = replace(paid, lot_class=LotClass.PROMO, amount=1000)
    older = world.clock.now() - timedelta(days=5)
    grant(world, replace(paid, key="new paid", amount=1000))
    grant(world, replace(paid, key="old paid", amount=1000, at=older))
    grant(world, replace(promo, key="open promo"))
    grant(world, replace(promo, key="late", expires_on=date(2026, 12, 2)))
    grant(world, replace(promo, key="soon", expires_on=date(2026, 12, 1)))
    grant(world, replace(promo, key="over", expires_on=date(2026, 11, 19)))
    lots = dict(
        world.rows(
            "SELECT key, l.id FROM ledger_entry e JOIN credit_lot l ON l.entry_id = e.id AND l.spa_id = e.spa_id"
        )
    )
    order = [lots[key] for key in ("soon", "late", "open promo", "old paid", "new paid")]

    used = spend(world, ana, 4500, "u")

    assert isinstance(used, Spent)
    assert used.takes == tuple(Take(lot, 500 if lot == order[-1] else 1000) for lot in order)
    assert held(world, ana) == {order[-1]: 500, lots["over"]: 1000}
    undo(world, used.entry_id)
    assert held(world, ana) == dict.fromkeys(lots.values(), 1000)


def test_undoing_a_use_puts_it_back_into_the_very_lots_and_once(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid, replace(paid, key="g 2", amount=1000))
    before = held(world, ana)
    use = entry_of(spend(world, ana, 3500, "u"))
    assert held(world, ana) != before

    assert undo(world, use) == undo(world, use)

    assert held(world, ana) == before


def test_undoing_a_grant_takes_it_away_unless_some_of_it_is_used(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid, replace(paid, key="g 2"))
    [(first,), (second,)] = world.rows("SELECT id FROM ledger_entry ORDER BY id")
    undo(world, int(str(second)))
    assert list(held(world, ana).values()) == [3000]
    grant(world, replace(paid, key="g 3"))
    entry_of(spend(world, ana, 1000, "u"))
    with pytest.raises(psycopg.errors.CheckViolation):  # there is enough in the other lot, but it is another lot's
        undo(world, int(str(first)))
    assert sum(held(world, ana).values()) == 5000


def test_an_end_comes_once_and_on_the_spas_own_midnight(world: World, ana: int, paid: Grant) -> None:
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 20)))
    grant(world, replace(paid, key="kept", amount=1000))
    world.clock.at = EVENING
    assert sweep.expire_credits(world.rt) == 0
    assert entry_of(spend(world, ana, 1000, "on the last evening"))

    world.clock.advance(timedelta(hours=1))
    assert sweep.expire_credits(world.rt) == 1
    assert sweep.expire_credits(world.rt) == 0
    assert list(held(world, ana).values()) == [1000]
    assert world.rows("SELECT amount FROM ledger_posting WHERE account = 'expired'") == [(-2000,)]


@pytest.mark.parametrize("amount", [1000, 2000])
def test_what_comes_back_into_a_lot_that_is_over_runs_out_again_the_same_day(
    world: World, ana: int, paid: Grant, amount: int
) -> None:
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 20)))
    use = entry_of(spend(world, ana, amount, "u"))
    world.clock.advance(timedelta(days=2))
    assert sweep.expire_credits(world.rt) == 1
    undo(world, use)
    assert sum(held(world, ana).values()) == amount

    assert sweep.expire_credits(world.rt) == 1
    assert held(world, ana) == {}
    assert sweep.expire_credits(world.rt) == 0


# --- races -------------------------------------------------------------------------------------------------------


def test_eight_tills_and_one_last_credit(world: World, ana: int, paid: Grant) -> None:
    for turn in range(10):
        grant(world, replace(paid, key=f"g{turn}", amount=1000))

        def till(number: int, barrier: Barrier, turn: int) -> bool:
            barrier.wait()
            return isinstance(spend(world, ana, 1000, f"u{turn}:{number}"), Spent)

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(partial(till, barrier=Barrier(8), turn=turn), range(8)))
        assert sum(won) == 1
        assert held(world, ana) == {}


def test_eight_tills_ring_up_the_same_use(world: World, ana: int, paid: Grant) -> None:
    grant(world, replace(paid, amount=10_000))
    barrier = Barrier(8)

    def till(_number: int) -> Spent | Short:
        barrier.wait()
        return spend(world, ana, 1000, "u")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(till, range(8)))) == 1
    assert list(held(world, ana).values()) == [9000]


def test_a_use_by_yesterdays_clock_and_an_end_race_for_the_same_credit(world: World, ana: int, paid: Grant) -> None:
    """One machine's clock is behind: the lot goes to one of them, whole, and the books know to which."""
    behind, ahead = world.at(EVENING), world.at(EVENING + timedelta(hours=2))
    used = ended = 0
    for turn in range(12):
        grant(
            world, replace(paid, key=f"g{turn}", amount=1000, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 20))
        )
        barrier = Barrier(2)

        def use(barrier: Barrier, turn: int) -> bool:
            barrier.wait()
            return isinstance(spend(replace(world, rt=behind), ana, 1000, f"u{turn}"), Spent)

        def end(barrier: Barrier) -> int:
            barrier.wait()
            return sweep.expire_credits(ahead)

        with ThreadPoolExecutor(2) as pool:
            one, other = pool.submit(use, barrier, turn), pool.submit(end, barrier)
            assert one.result() + other.result() == 1
        used, ended = used + one.result(), ended + other.result()
        assert held(world, ana) == {}
    assert used + ended == 12


# --- a model -----------------------------------------------------------------------------------------------------


@dataclass
class ModelLot:
    """What a lot should be: all there is to know of it, with no database."""

    granted: int
    remaining: int
    order: tuple[date, bool, date, int]
    expires_on: date | None


MEMBERS = ("Ana", "Bo")
UNITS = ("visit", "extra")
amounts = st.integers(1, 5).map(lambda halves: halves * 500)


class CreditsMachine(RuleBasedStateMachine):
    """Any acts in any order, each sometimes twice, against a dictionary of lots."""

    postgres: ClassVar[LocalPostgres]
    template: ClassVar[str]
    databases: ClassVar[Iterator[int]] = iter(range(1_000_000))
    granted = Bundle("granted")
    used = Bundle("used")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        name = f"credits_{next(self.databases)}"
        database = Database(self.postgres.create_database(name, self.template))
        self.stack.callback(self.postgres.drop_database, name)
        self.stack.callback(database.close)
        self.world = self.stack.enter_context(World.begun(database, EVENING - timedelta(hours=3)))
        self.members = {name: self.world.client(name, f"+1505555011{place}") for place, name in enumerate(MEMBERS)}
        self.lots: dict[tuple[str, str], dict[int, ModelLot]] = {(m, u): {} for m in MEMBERS for u in UNITS}
        self.undone: set[int] = set()
        self.keys = iter(range(1_000_000))

    def teardown(self) -> None:
        self.stack.close()

    @property
    def today(self) -> date:
        return local_day(self.world.clock.now(), self.world.spa.zone)

    @rule(
        target=granted,
        member=st.sampled_from(MEMBERS),
        unit=st.sampled_from(UNITS),
        amount=amounts,
        lasts=st.none() | st.integers(-1, 20),
        promo=st.booleans(),
        twice=st.booleans(),
    )
    def grant(self, member: str, unit: str, amount: int, lasts: int | None, *, promo: bool, twice: bool) -> object:
        expires_on = self.today + timedelta(days=lasts) if promo and lasts is not None else None
        lot_class = LotClass.PROMO if promo else LotClass.PAID
        key = f"g{next(self.keys)}"
        each = Grant(key, self.members[member], unit, amount, lot_class, self.world.clock.now(), expires_on)
        assert grant(self.world, each) == 1
        if twice:
            assert grant(self.world, each) == 0
        [(lot, entry)] = self.world.rows("SELECT id, entry_id FROM credit_lot ORDER BY id DESC LIMIT 1")
        order = (expires_on or date.max, not promo, self.today, int(str(lot)))
        self.lots[member, unit][int(str(lot))] = ModelLot(amount, amount, order, expires_on)
        return (int(str(entry)), member, unit, int(str(lot)))

    @rule(
        target=used, member=st.sampled_from(MEMBERS), unit=st.sampled_from(UNITS), amount=amounts, twice=st.booleans()
    )
    def spend(self, member: str, unit: str, amount: int, *, twice: bool) -> object:
        key, lots = f"u{next(self.keys)}", self.lots[member, unit]
        usable = sorted(
            (id_ for id_, lot in lots.items() if lot.remaining and (lot.expires_on or self.today) >= self.today),
            key=lambda id_: lots[id_].order,
        )
        there = sum(lots[id_].remaining for id_ in usable)
        said = spend(self.world, self.members[member], amount, key, unit)
        if there < amount:
            assert said == Short(there)
            return multiple()
        takes: list[Take] = []
        for id_ in usable:
            part = min(lots[id_].remaining, amount - sum(take.amount for take in takes))
            if part:
                lots[id_].remaining -= part
                takes.append(Take(id_, part))
        assert said == Spent(entry_of(said), tuple(takes))
        if twice:
            assert entry_of(spend(self.world, self.members[member], amount, key, unit)) == entry_of(said)
        return (entry_of(said), member, unit, tuple(takes))

    @rule(use=used)
    def undo_use(self, use: tuple[int, str, str, tuple[Take, ...]]) -> None:
        entry, member, unit, takes = use
        undo(self.world, entry)
        for take in takes if entry not in self.undone else ():
            self.lots[member, unit][take.lot_id].remaining += take.amount
        self.undone.add(entry)

    @rule(given=granted)
    def undo_grant(self, given: tuple[int, str, str, int]) -> None:
        entry, member, unit, lot_id = given
        lot = self.lots[member, unit][lot_id]
        if entry not in self.undone and lot.remaining < lot.granted:
            with pytest.raises(psycopg.errors.CheckViolation):
                undo(self.world, entry)
            return
        undo(self.world, entry)
        if entry not in self.undone:
            lot.remaining = 0
        self.undone.add(entry)

    @rule(hours=st.sampled_from((1, 5, 24, 24 * 8)))
    def time_passes(self, hours: int) -> None:
        self.world.clock.advance(timedelta(hours=hours))

    @precondition(lambda self: any(lot.expires_on for lots in self.lots.values() for lot in lots.values()))
    @rule()
    def expire(self) -> None:
        over = [
            lot
            for lots in self.lots.values()
            for lot in lots.values()
            if lot.remaining and lot.expires_on and lot.expires_on < self.today
        ]
        assert sweep.expire_credits(self.world.rt) == len(over)
        for lot in over:
            lot.remaining = 0

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        for member, client_id in self.members.items():
            model = {id_: lot.remaining for unit in UNITS for id_, lot in self.lots[member, unit].items()}
            assert held(self.world, client_id) == {id_: left for id_, left in model.items() if left}


def test_any_acts_in_any_order_leave_what_they_should(postgres: LocalPostgres, template: str) -> None:
    CreditsMachine.postgres, CreditsMachine.template = postgres, template
    many = int(os.environ.get("EXAMPLES", "1"))
    machine = CreditsMachine.TestCase
    machine.settings = settings(
        max_examples=25 * many,
        stateful_step_count=30,
        deadline=None,
        derandomize=many == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
