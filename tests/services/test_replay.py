"""The journal, replayed from nothing, comes to what is stored; and what was written into it by hand is found."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.domain import ledger as books
from assistant.domain.credits import MILLI, LotClass, Short
from assistant.domain.ledger import USD
from assistant.runtime import UnitOfWork
from assistant.services import credit_changes, credits, journal, ledger, replay, sweep, taking_back, verification
from assistant.services.credits import Grant
from assistant.services.replay import Replayed
from tests.world import World

BO = "+15055550111"
HOUR = timedelta(hours=1)


def replayed(world: World) -> Replayed:
    with world.rt.unit_of_work() as uow:
        [found] = replay.replay(uow)
    return found


def right(world: World) -> Replayed:
    found = replayed(world)
    assert found.differences == ()
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
    return found


def act(world: World, do: Callable[[UnitOfWork], object]) -> object:
    with world.rt.unit_of_work() as uow:
        return do(uow)


def dues(world: World, client_id: int, cents: int, *, key: str, unit: str = "visit", visits: int = 2) -> None:
    """A month is paid, and its credit given."""
    at, spa = world.clock.now(), world.spa
    given = Grant(key, client_id, unit, visits * MILLI, LotClass.PAID, at, paid_cents=cents)

    def paid(uow: UnitOfWork) -> None:
        ledger.post(uow, spa.spa_id, [books.dues_collected(f"dues:{key}", at, cents + 2_000, access_cents=2_000)])
        credits.grant(uow, spa.spa_id, spa.zone, [given])

    act(world, paid)


# --- whatever happens ------------------------------------------------------------------------------------------------

ACTS = ("dues", "gift", "dollars", "spend", "hold", "use_hold", "release", "undo", "expire", "hand", "back", "adjust")


class History:
    """Two members to whom anything may happen; `done` counts what did."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)  # noqa: S311 - a history, not a secret
        self.members = (world.client("Ana"), world.client("Bo", BO))
        self.uses: list[int] = []
        self.handed: list[str] = []
        self.held: list[tuple[str, int, str]] = []
        self.done = dict.fromkeys(ACTS, 0)

    def live(self, many: int) -> None:
        for n in range(many):
            act_ = self.chance.choice((*ACTS, "dues", "spend", "spend"))
            with self.world.rt.unit_of_work() as uow:
                self.done[act_] += bool(self.do(uow, act_, f"{n}"))
            self.world.clock.advance(timedelta(hours=self.chance.choice((1, 30, 100))))

    def do(self, uow: UnitOfWork, name: str, key: str) -> object:  # noqa: PLR0911 - one for each act
        spa, chance = self.world.spa, self.chance
        who = chance.choice(self.members)
        unit = chance.choice(("visit", "visit", "extra"))
        amount = chance.choice((300, 700, MILLI, 2 * MILLI))
        common = {"client_id": who, "unit": unit, "amount": amount}
        match name:
            case "dues" | "gift" | "dollars":
                return self.give(uow, name, who, key)
            case "spend":
                kept = USD if chance.random() < 0.2 else unit
                used = credits.spend(uow, spa.spa_id, **(common | {"unit": kept}), key=f"u{key}", zone=spa.zone)
                return isinstance(used, credits.Spent) and (self.uses.append(used.entry_id) or True)
            case "hold":
                until = uow.now + timedelta(days=3)
                if credits.hold(uow, spa.spa_id, **common, ref=f"b{key}", until=until, zone=spa.zone) is None:
                    self.held.append((f"b{key}", who, unit))
                    return True
            case "use_hold" if self.held:
                ref, who, unit = self.held.pop(chance.randrange(len(self.held)))
                common = {"client_id": who, "unit": unit, "amount": amount}
                used = credits.spend(uow, spa.spa_id, **common, key=f"h{key}", zone=spa.zone, ref=ref)
                return isinstance(used, credits.Spent)
            case "release":
                return credits.time_out(uow, spa.spa_id)
            case "undo" if self.uses:
                return credits.undo(uow, spa.spa_id, self.uses.pop(chance.randrange(len(self.uses))), zone=spa.zone)
            case "expire":
                return credits.expire(uow, spa.spa_id, spa.zone)
            case "hand" | "back" | "adjust":
                return self.by_staff(uow, name, who, unit, amount, key)
        return False

    def give(self, uow: UnitOfWork, name: str, who: int, key: str) -> bool:
        spa, chance = self.world.spa, self.chance
        if name == "gift":
            last = uow.now.date() + timedelta(days=chance.randint(1, 9))
            given = Grant(f"g{key}", who, "visit", MILLI, LotClass.PROMO, uow.now, last)
        else:
            cents = chance.randint(5_000, 15_000)
            unit, amount = (USD, cents) if name == "dollars" else ("visit", chance.randint(1, 3) * MILLI)
            ledger.post(uow, spa.spa_id, [books.dues_collected(f"d{key}", uow.now, cents)])
            given = Grant(f"g{key}", who, unit, amount, LotClass.PAID, uow.now, paid_cents=cents)
        return bool(credits.grant(uow, spa.spa_id, spa.zone, [given]))

    def by_staff(self, uow: UnitOfWork, name: str, who: int, unit: str, amount: int, key: str) -> bool:
        spa_id = self.world.spa.spa_id
        by = credit_changes.By(actor="staff:1", reason="x", approved_by="staff:2")
        if name == "adjust":
            amount = amount if self.chance.random() < 0.6 else -amount
            made: object = credit_changes.adjust(uow, spa_id, client_id=who, unit=unit, amount=amount, key=key, by=by)
        elif name == "hand":
            [other] = set(self.members) - {who}
            made = credit_changes.transfer(
                uow, spa_id, giver_id=who, taker_id=other, unit=unit, amount=amount, key=key, by=by
            )
            if isinstance(made, credit_changes.Done):
                self.handed.append(key)
        else:
            made = self.handed and credit_changes.take_back(uow, spa_id, self.handed.pop(), by=by)
        return isinstance(made, credit_changes.Done)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_journal_comes_to_what_is_stored(world: World, seed: int) -> None:
    history = History(world, seed)
    history.live(200)
    found = right(world)
    assert min(history.done.values()) > 0, history.done
    assert found.judged > 10
    [(entries, postings)] = world.rows(
        "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_posting)"
    )
    assert (found.entries, found.postings) == (entries, postings)
    for unit in ("visit", "extra", USD):
        became = {word: amount for (of, word), amount in found.became.items() if of == unit}
        assert became.pop("available", 0) == sum(became.values())
        assert sum(amount for (_, of), amount in found.balances.items() if of == unit) == 0


def test_it_is_read_in_slices(world: World) -> None:
    History(world, 9).live(60)
    whole = right(world)
    with world.rt.unit_of_work() as uow:
        assert replay.replay(uow, at_once=7) == [whole]


# --- what is planted -------------------------------------------------------------------------------------------------


@pytest.fixture
def ids(world: World) -> dict[str, int]:
    """Two paid months and a promotion, of which some was used."""
    ana, bo = world.client("Ana"), world.client("Bo", BO)
    dues(world, ana, 10_000, key="m1")
    world.clock.advance(HOUR)
    dues(world, ana, 12_000, key="m2")
    dues(world, bo, 9_000, key="m3")
    world.clock.advance(HOUR)
    used = world.spend(ana, 1)
    world.clock.advance(HOUR)
    undone = world.spend(bo, 1)
    assert isinstance(used, credits.Spent)
    assert isinstance(undone, credits.Spent)
    act(world, lambda uow: credits.undo(uow, world.spa.spa_id, undone.entry_id, zone=world.spa.zone))
    lots = dict(world.rows("SELECT e.key, l.id FROM credit_lot l JOIN ledger_entry e ON e.id = l.entry_id"))
    entries = dict(world.rows("SELECT key, id FROM ledger_entry"))
    right(world)
    found = {"ana": ana, "bo": bo, "use": used.entry_id, "undone": undone.entry_id}
    found |= {key: int(str(lots[key])) for key in ("m1", "m2", "m3")}
    return found | {f"e{key}": int(str(entries[key])) for key in ("m1", "m2", "m3")}


PLANTED: dict[str, tuple[str, ...]] = {
    journal.ZERO: ("UPDATE ledger_posting SET amount = amount + 1 WHERE account = 'redeemed' AND entry_id = {use}",),
    journal.FITS: ("DELETE FROM allocation WHERE entry_id = {use}",),
    journal.CREDITS: ("UPDATE ledger_posting SET amount = 9000 WHERE entry_id = {use} AND account = 'credits'",),
    journal.LOT: ("UPDATE allocation SET amount = 2500 WHERE entry_id = {use}",),
    journal.CENTS: ("UPDATE allocation SET cents = 10001 WHERE entry_id = {use}",),
    journal.GRANT: ("UPDATE allocation SET lot_id = {m3} WHERE entry_id = {em1}",),
    journal.MIRROR: ("UPDATE ledger_entry SET reverses = {em3} WHERE key = 'reversal:{undone}'",),
    journal.EARNS: ("UPDATE ledger_posting SET amount = sign(amount) * 4999 WHERE entry_id = {use} AND unit = 'USD'",),
    journal.ORDER: ("UPDATE allocation SET lot_id = {m2} WHERE entry_id = {use}",),
    journal.KNOWN: ("UPDATE ledger_entry SET kind = 'credits_eaten' WHERE id = {use}",),
    journal.BALANCE: ("UPDATE ledger_account SET balance = balance - 1 WHERE client_id = {ana}",),
    journal.LEFT: ("UPDATE credit_lot SET remaining = remaining - 1 WHERE id = {m2}",),
    journal.DUES: ("UPDATE credit_lot SET cents_left = cents_left - 1 WHERE id = {m2}",),
    journal.WHOLE: ("UPDATE credit_lot SET remaining = remaining - 1 WHERE id = {m2}",),
    journal.OWED: (
        "UPDATE ledger_posting SET account = 'revenue' WHERE account = 'deferred' AND entry_id = {em1} - 1",
    ),
}


@pytest.mark.parametrize("check", journal.CHECKS)
def test_what_was_written_into_it_by_hand_is_found(world: World, ids: dict[str, int], check: str) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")  # as none watches a disk that goes bad
        for statement in PLANTED[check]:
            assert uow.sql(statement.format(**ids)).rowcount > 0
        [found] = replay.replay(uow)
    assert check in {each.check for each in found.differences}
    [said] = [str(each) for each in found.differences if each.check == check]
    assert said.startswith(f"{check}: ")


def test_the_order_of_use_is_judged_by_what_could_be_used_then(world: World) -> None:
    """What was held, frozen, over, or not there yet is not missed."""
    ana = world.client("Ana")
    soon = date(2026, 11, 22)
    world.grant(ana, 1, expires_on=soon)
    dues(world, ana, 10_000, key="m1")
    world.clock.advance(HOUR)
    until = world.clock.now() + timedelta(days=9)
    kept = {"client_id": ana, "unit": "visit", "amount": MILLI, "ref": "b", "until": until, "zone": world.spa.zone}
    act(world, lambda uow: credits.hold(uow, world.spa.spa_id, **kept))  # type: ignore[arg-type]
    world.clock.advance(HOUR)
    assert isinstance(world.spend(ana, 1), credits.Spent)  # of the month, for the gift is held
    world.clock.advance(timedelta(days=4))
    act(world, lambda uow: credits.release(uow, world.spa.spa_id, "b"))
    world.clock.advance(HOUR)
    assert isinstance(world.spend(ana, 1), credits.Spent)  # of the month, for the gift is over
    assert right(world).judged == 2


def test_what_goes_back_is_named(world: World) -> None:
    ana = world.client("Ana")
    dues(world, ana, 10_000, key="m1")
    [(lot,)] = world.rows("SELECT id FROM credit_lot")
    take = taking_back.TakeBack(lot_id=int(str(lot)), client_id=ana, unit="visit", amount=MILLI, cents=5_000)

    def back(uow: UnitOfWork) -> None:
        taking_back.take(uow, world.spa.spa_id, "r:credit", [take])
        ledger.post(uow, world.spa.spa_id, [books.refunded("r", uow.now, books.Parts(deferred=5_000))])

    act(world, back)
    assert right(world).became == {
        ("visit", "granted"): 2_000,
        ("visit", "taken back"): -1_000,
        ("visit", "available"): 1_000,
    }


def test_a_history_of_nothing(world: World) -> None:
    assert replace(right(world), spa_id=0) == Replayed(0, 0, 0, 0, {}, {}, ())
    assert sweep.expire_credits(world.rt) == 0
    assert isinstance(world.spend(world.client("Ana"), 1), Short)
