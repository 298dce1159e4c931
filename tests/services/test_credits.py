"""What members hold, on a real database: each act once, in the order of use, whoever else is at the till."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

from assistant.db.connections import Database
from assistant.domain import ledger as books
from assistant.domain.calendar import local_day
from assistant.domain.credits import Lot, LotClass, Short, Take, paid_part, take
from assistant.local.postgres import LocalPostgres
from assistant.services import credits, ledger, sweep, verification
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
    keys = "SELECT key, l.id FROM ledger_entry e JOIN credit_lot l ON l.entry_id = e.id AND l.spa_id = e.spa_id"
    lots: dict[Any, Any] = {key: lot for key, lot in world.rows(keys)}  # noqa: C416 - rows are not pairs to mypy
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
def test_what_comes_back_after_its_end_lasts_a_grace_longer(world: World, ana: int, paid: Grant, amount: int) -> None:
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 20)))
    use = entry_of(spend(world, ana, amount, "u"))
    world.clock.advance(timedelta(days=2))
    assert sweep.expire_credits(world.rt) == 1
    undo(world, use)
    assert sum(held(world, ana).values()) == amount

    world.clock.advance(timedelta(days=credits.UNDO_GRACE_DAYS))
    assert sweep.expire_credits(world.rt) == 0
    world.clock.advance(timedelta(days=1))
    assert sweep.expire_credits(world.rt) == 1
    assert held(world, ana) == {}
    assert sweep.expire_credits(world.rt) == 0


def test_what_comes_back_before_its_end_lasts_no_longer(world: World, ana: int, paid: Grant) -> None:
    """Or a use that is rung up and undone at once would make any promotion last for ever."""
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 21)))
    undo(world, entry_of(spend(world, ana, 1000, "u")))
    assert world.rows("SELECT expires_on FROM credit_lot") == [(date(2026, 11, 21),)]


# --- holds -------------------------------------------------------------------------------------------------------


def hold(
    world: World, client_id: int, amount: int, ref: str, *, minutes: int = 30, unit: str = "visit"
) -> Short | None:
    with world.rt.unit_of_work() as uow:
        until = uow.now + timedelta(minutes=minutes)
        asked: dict[str, Any] = {"client_id": client_id, "unit": unit, "amount": amount, "ref": ref, "until": until}
        return credits.hold(uow, world.spa.spa_id, zone=world.spa.zone, **asked)


def use_held(world: World, client_id: int, amount: int, key: str, ref: str) -> Spent | Short:
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {"client_id": client_id, "unit": "visit", "amount": amount, "key": key, "ref": ref}
        return credits.spend(uow, world.spa.spa_id, zone=world.spa.zone, **asked)


def test_what_is_held_is_kept_for_its_own_ticket(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid)
    assert hold(world, ana, 2000, "ticket:1") is None
    assert hold(world, ana, 2000, "ticket:1") is None
    assert hold(world, ana, 2000, "ticket:2") == Short(1000)
    assert spend(world, ana, 2000, "walk-in") == Short(1000)
    assert list(held(world, ana).values()) == [1000]
    with pytest.raises(psycopg.errors.UniqueViolation, match="of another amount"):
        hold(world, ana, 1000, "ticket:1")

    entry_of(use_held(world, ana, 1000, "u", "ticket:1"))
    assert list(held(world, ana).values()) == [2000]  # what was over of it is let go
    assert hold(world, ana, 2000, "ticket:1") is None  # it is done: a late knock keeps nothing anew
    assert list(held(world, ana).values()) == [2000]


def test_what_was_let_go_may_be_held_anew(world: World, ana: int, paid: Grant) -> None:
    grant(world, paid)
    hold(world, ana, 3000, "booking:7")
    assert sweep.time_out_holds(world.rt) == 0
    world.clock.advance(timedelta(minutes=31))
    assert sweep.time_out_holds(world.rt) == 1
    assert sweep.time_out_holds(world.rt) == 0
    assert list(held(world, ana).values()) == [3000]
    assert hold(world, ana, 3000, "booking:7") is None
    with world.rt.unit_of_work() as uow:
        assert credits.release(uow, world.spa.spa_id, "booking:7") == 1
        assert credits.release(uow, world.spa.spa_id, "booking:7") == 0
    assert world.rows("SELECT outcome FROM credit_hold ORDER BY id") == [("timed_out",), ("released",)]


def test_a_booking_made_in_time_is_honoured_for_two_weeks_after_the_end(world: World, ana: int, paid: Grant) -> None:
    """`features.md` C3: and the clock's own end leaves alone what is kept."""
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 21), amount=2000))
    assert hold(world, ana, 1000, "booking:late", minutes=16 * 24 * 60) == Short(0)
    assert hold(world, ana, 1000, "booking:soon", minutes=15 * 24 * 60) is None
    world.clock.advance(timedelta(days=10))
    assert sweep.expire_credits(world.rt) == 1
    assert spend(world, ana, 1000, "walk-in") == Short(0)
    assert entry_of(use_held(world, ana, 1000, "u", "booking:soon"))


def test_what_a_freeze_keeps_nobody_uses_and_no_clock_ends(world: World, ana: int, paid: Grant) -> None:
    grant(world, replace(paid, lot_class=LotClass.PROMO, expires_on=date(2026, 11, 20)))
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE credit_lot SET frozen_at = %s", (uow.now,))
    assert spend(world, ana, 1000, "u") == hold(world, ana, 1000, "t") == Short(0)
    world.clock.advance(timedelta(days=3))
    assert sweep.expire_credits(world.rt) == 0


def test_the_last_use_takes_the_last_cent(world: World, ana: int, paid: Grant) -> None:
    """$100.00 in three parts: nothing is lost and nothing is made (`features.md` A12)."""
    with world.rt.unit_of_work() as uow:
        ledger.post(uow, world.spa.spa_id, [books.dues_collected("dues:1", uow.now, 10_000)])
    grant(world, replace(paid, paid_cents=10_000))
    cents = [said.cents for turn in range(3) if isinstance(said := spend(world, ana, 1000, f"u{turn}"), Spent)]
    assert cents == [3333, 3333, 3334]
    assert held(world, ana) == {}
    assert world.rows("SELECT sum(amount) FROM ledger_posting WHERE account = 'revenue'") == [(-10_000,)]


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

    lot: Lot
    remaining: int
    paid: int
    """What its dues paid for it, and how much of that is left."""
    cents: int
    expires_on: date | None
    held: dict[str, int] = field(default_factory=dict)
    frozen: bool = False

    @property
    def free(self) -> int:
        return 0 if self.frozen else self.remaining - sum(self.held.values())

    @property
    def usable(self) -> Lot:
        return replace(self.lot, remaining=self.free, expires_on=self.expires_on)


@dataclass(frozen=True)
class Use:
    entry: int
    member: str
    unit: str
    takes: tuple[Take, ...]
    cents: tuple[int, ...]


MEMBERS = ("Ana", "Bo")
UNITS = ("visit", "extra")
REFS = ("ticket:1", "ticket:2", "booking:3")
amounts = st.integers(1, 5).map(lambda halves: halves * 500)
members, units, refs = st.sampled_from(MEMBERS), st.sampled_from(UNITS), st.sampled_from(REFS)


class CreditsMachine(RuleBasedStateMachine):
    """Any acts in any order, each sometimes twice, against a dictionary of lots and the pure rule of which go first."""

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
        self.holds: dict[tuple[str, str, str], datetime] = {}
        self.done: dict[tuple[str, str, str], int] = {}
        self.undone: set[int] = set()
        self.keys = iter(range(1_000_000))

    def teardown(self) -> None:
        self.stack.close()

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def today(self) -> date:
        return local_day(self.now, self.world.spa.zone)

    def of(self, member: str, unit: str) -> list[Lot]:
        return [each.usable for each in self.lots[member, unit].values() if each.remaining]

    @rule(
        target=granted,
        member=members,
        unit=units,
        amount=amounts,
        paid=st.sampled_from((0, 1, 100, 3333, 14_900)),
        lasts=st.none() | st.integers(-1, 20),
        promo=st.booleans(),
        twice=st.booleans(),
    )
    def grant(
        self, member: str, unit: str, amount: int, paid: int, lasts: int | None, *, promo: bool, twice: bool
    ) -> object:
        expires_on = self.today + timedelta(days=lasts) if promo and lasts is not None else None
        lot_class = LotClass.PROMO if promo else LotClass.PAID
        key, cents = f"g{next(self.keys)}", 0 if promo else paid
        if cents:
            with self.world.rt.unit_of_work() as uow:
                ledger.post(uow, self.world.spa.spa_id, [books.dues_collected(f"dues:{key}", uow.now, cents)])
        each = Grant(key, self.members[member], unit, amount, lot_class, self.now, expires_on, paid_cents=cents)
        assert grant(self.world, each) == 1
        if twice:
            assert grant(self.world, each) == 0
        [(lot_id, entry)] = self.world.rows("SELECT id, entry_id FROM credit_lot ORDER BY id DESC LIMIT 1")
        lot = Lot(int(str(lot_id)), unit, lot_class, amount, amount, self.today, expires_on)
        self.lots[member, unit][lot.id] = ModelLot(lot, amount, cents, cents, expires_on)
        return (int(str(entry)), member, unit, lot.id)

    @rule(target=used, member=members, unit=units, amount=amounts, ref=st.none() | refs, twice=st.booleans())
    def spend(self, member: str, unit: str, amount: int, ref: str | None, *, twice: bool) -> object:
        lots, key = self.lots[member, unit], f"u{next(self.keys)}"
        mine = {id_: each.held[ref] for id_, each in lots.items() if ref in each.held} if ref else {}
        wanted = take(self.of(member, unit), amount, self.today, mine=mine)
        said = self._spend(member, unit, amount, key, ref)
        if isinstance(wanted, Short):
            assert said == wanted
            return multiple()
        cents = tuple(paid_part(lots[each.lot_id].cents, lots[each.lot_id].remaining, each.amount) for each in wanted)
        assert said == Spent(entry_of(said), sum(cents), wanted)
        for each, part in zip(wanted, cents, strict=True):
            lots[each.lot_id].remaining -= each.amount
            lots[each.lot_id].cents -= part
        if ref and (member, unit, ref) in self.holds:
            self._settle(member, unit, ref)
            self.done[member, unit, ref] = sum(mine.values())
        if twice:
            again = self._spend(member, unit, amount, key, ref)
            assert isinstance(again, Spent)
            assert (again.entry_id, again.cents, sorted(again.takes, key=str)) == (
                entry_of(said),
                sum(cents),
                sorted(wanted, key=str),
            )
        return Use(entry_of(said), member, unit, wanted, cents)

    def _spend(self, member: str, unit: str, amount: int, key: str, ref: str | None) -> Spent | Short:
        with self.world.rt.single_statement() as uow:
            asked: dict[str, Any] = {
                "client_id": self.members[member],
                "unit": unit,
                "amount": amount,
                "key": key,
                "ref": ref,
            }
            return credits.spend(uow, self.world.spa.spa_id, zone=self.world.spa.zone, **asked)

    @rule(member=members, unit=units, amount=amounts, ref=refs, hours=st.sampled_from((1, 30)))
    def hold(self, member: str, unit: str, amount: int, ref: str, hours: int) -> None:
        name = (member, unit, ref)
        open_for = sum(each.held.get(ref, 0) for each in self.lots[member, unit].values())
        if name in self.done or (name in self.holds and open_for != amount):
            return
        wanted = take(self.of(member, unit), amount, self.today)
        said = hold(self.world, self.members[member], amount, ref, minutes=hours * 60, unit=unit)
        if name in self.holds:
            assert said is None
        elif isinstance(wanted, Short):
            assert said == wanted
        else:
            assert said is None
            self.holds[name] = self.now + timedelta(hours=hours)
            for each in wanted:
                self.lots[member, unit][each.lot_id].held[ref] = each.amount

    def _settle(self, member: str, unit: str, ref: str) -> None:
        del self.holds[member, unit, ref]
        for each in self.lots[member, unit].values():
            each.held.pop(ref, None)

    @rule(ref=refs)
    def release(self, ref: str) -> None:
        names = [name for name in self.holds if name[2] == ref]
        many = sum(ref in each.held for member, unit, _ in names for each in self.lots[member, unit].values())
        with self.world.rt.unit_of_work() as uow:
            assert credits.release(uow, self.world.spa.spa_id, ref) == many
        for name in names:
            self._settle(*name)

    @rule()
    def time_out(self) -> None:
        over = [name for name, until in self.holds.items() if until <= self.now]
        many = sum(ref in each.held for member, unit, ref in over for each in self.lots[member, unit].values())
        assert sweep.time_out_holds(self.world.rt) == many
        for name in over:
            self._settle(*name)

    @rule(given=granted)
    def freeze_or_thaw(self, given: tuple[int, str, str, int]) -> None:
        _, member, unit, lot_id = given
        lot = self.lots[member, unit][lot_id]
        lot.frozen = not lot.frozen
        with self.world.rt.unit_of_work() as uow:
            uow.sql("UPDATE credit_lot SET frozen_at = %s WHERE id = %s", (uow.now if lot.frozen else None, lot_id))

    @rule(use=used)
    def undo_use(self, use: Use) -> None:
        undo(self.world, use.entry)
        for each, cents in zip(use.takes, use.cents, strict=True) if use.entry not in self.undone else ():
            lot = self.lots[use.member, use.unit][each.lot_id]
            lot.remaining += each.amount
            lot.cents += cents
            if lot.expires_on and lot.expires_on < self.today:
                lot.expires_on = self.today + timedelta(days=credits.UNDO_GRACE_DAYS)
        self.undone.add(use.entry)

    @rule(given=granted)
    def undo_grant(self, given: tuple[int, str, str, int]) -> None:
        entry, member, unit, lot_id = given
        lot = self.lots[member, unit][lot_id]
        if entry not in self.undone and (lot.remaining < lot.lot.granted or lot.held):
            with pytest.raises(psycopg.errors.CheckViolation):
                undo(self.world, entry)
            return
        with self.world.rt.unit_of_work() as uow:
            credits.undo(uow, self.world.spa.spa_id, entry, zone=self.world.spa.zone)
            if entry not in self.undone and lot.paid:  # the money goes back with it
                back = books.refunded(f"back:{entry}", uow.now, books.Parts(deferred=lot.paid))
                ledger.post(uow, self.world.spa.spa_id, [back])
        if entry not in self.undone:
            lot.remaining = lot.cents = 0
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
            if lot.free > 0 and lot.expires_on and lot.expires_on < self.today
        ]
        assert sweep.expire_credits(self.world.rt) == len(over)
        for lot in over:
            lot.remaining -= lot.free

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        with self.world.rt.unit_of_work() as uow:
            assert not list(verification.differences(uow))
        model = {
            id_: (lot.remaining, sum(lot.held.values()), lot.cents, lot.expires_on, lot.frozen)
            for lots in self.lots.values()
            for id_, lot in lots.items()
        }
        rows = self.world.rows(
            "SELECT id, remaining, held, cents_left, expires_on, frozen_at IS NOT NULL FROM credit_lot"
        )
        assert {row[0]: row[1:] for row in rows} == model


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
