"""Credit changed by hand: each once, by lots, within what one hand may do, and no cent of what was paid for is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from assistant.domain import ledger as books
from assistant.domain.credits import LotClass, Short
from assistant.domain.ledger import USD
from assistant.domain.refunds import TakeBack
from assistant.services import credit_changes, credits, ledger, sweep, taking_back, verification
from assistant.services.credit_changes import By, Done, NeedsManager, Refused
from assistant.services.credit_story import where_it_went
from assistant.services.credits import Grant
from tests.world import World

BO = "+15055550111"
KIM = By(actor="staff:kim", reason="a long wait")
BOTH = By(actor="staff:kim", reason="a very long wait", approved_by="staff:lee")
SELF = By(actor="staff:kim", reason="a very long wait", approved_by="staff:kim")


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


@pytest.fixture
def bo(world: World) -> int:
    return world.client("Bo", BO)


def adjust(world: World, client_id: int, amount: int, key: str = "k", *, by: By = KIM, **rest: Any) -> object:  # noqa: ANN401
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {"client_id": client_id, "unit": "visit", "amount": amount, "key": key, "by": by} | rest
        return credit_changes.adjust(uow, world.spa.spa_id, **asked)


def transfer(world: World, giver: int, taker: int, amount: int, key: str = "k", *, unit: str = "visit") -> object:
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {
            "giver_id": giver,
            "taker_id": taker,
            "unit": unit,
            "amount": amount,
            "key": key,
            "by": KIM,
        }
        return credit_changes.transfer(uow, world.spa.spa_id, **asked)


def take_back(world: World, key: str = "k") -> object:
    with world.rt.unit_of_work() as uow:
        return credit_changes.take_back(uow, world.spa.spa_id, key, by=KIM)


def extend(world: World, lot: int, to: date, *, by: By = KIM) -> object:
    with world.rt.unit_of_work() as uow:
        return credit_changes.extend(uow, world.spa.spa_id, lot, to, by=by)


def pay_for(world: World, client_id: int, amount: int, cents: int, *, unit: str = "visit", key: str = "paid") -> None:
    """A lot that dues paid for."""
    with world.rt.unit_of_work() as uow:
        if cents:
            ledger.post(uow, world.spa.spa_id, [books.dues_collected(f"dues:{key}", uow.now, cents)])
        grant = Grant(
            key, client_id, unit, amount, LotClass.PAID, uow.now, paid_cents=cents, reference_cents=amount * 165 // 10
        )
        credits.grant(uow, world.spa.spa_id, world.spa.zone, [grant])


def held(world: World, client_id: int) -> list[tuple[object, ...]]:
    """What is left: unit, class, amount, cents, last day. The books are right."""
    with world.rt.unit_of_work() as uow:
        assert [str(each) for each in verification.differences(uow)] == []
    return world.rows(
        "SELECT unit, lot_class, remaining, cents_left, expires_on FROM credit_lot"
        " WHERE client_id = %s AND remaining > 0 ORDER BY id",
        (client_id,),
    )


def acts(world: World) -> list[object]:
    return [act for (act,) in world.rows("SELECT act FROM audit WHERE act LIKE 'credit%%' ORDER BY id")]


# --- given and taken by staff ----------------------------------------------------------------------------------------


def test_staff_give_a_promotion_with_its_own_end_once(world: World, ana: int) -> None:
    soon = date(2026, 12, 20)
    first = adjust(world, ana, 500, expires_on=soon)
    assert first == adjust(world, ana, 500, expires_on=soon)
    assert isinstance(first, Done)
    assert held(world, ana) == [("visit", "promo", 500, 0, soon)]
    assert world.rows("SELECT reason, reference_cents FROM credit_lot") == [("a long wait", 8_250)]
    assert world.rows("SELECT actor, after ->> 'reason' FROM audit WHERE act = 'credit_adjusted'") == [
        ("staff:kim", "a long wait")
    ]
    with pytest.raises(psycopg.errors.UniqueViolation):
        adjust(world, ana, 600, expires_on=soon)


@pytest.mark.parametrize(
    ("amount", "unit", "by", "done"),
    [
        (909, "visit", KIM, True),  # $150.00 at its list value
        (910, "visit", KIM, False),
        (910, "visit", SELF, False),
        (910, "visit", BOTH, True),
        (15_000, USD, KIM, True),
        (15_001, USD, KIM, False),
        (15_001, USD, BOTH, True),
    ],
)
def test_one_hand_gives_and_takes_so_much_and_no_more(
    world: World, ana: int, amount: int, unit: str, by: By, *, done: bool
) -> None:
    said = adjust(world, ana, amount, by=by, unit=unit)
    assert isinstance(said, Done if done else NeedsManager)
    adjust(world, ana, amount, "given", by=BOTH, unit=unit)
    said = adjust(world, ana, -amount, "taken", by=by, unit=unit)
    assert isinstance(said, Done if done else NeedsManager)
    held(world, ana)


def test_the_limit_is_the_spas_own(world: World, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE spa SET policy = %s WHERE spa_id = %s", (Jsonb({"staff_credit_cents": 0}), world.spa.spa_id))
    assert adjust(world, ana, 1) == NeedsManager(17, 0)


def test_what_is_taken_back_is_only_what_nobody_paid_for(world: World, ana: int) -> None:
    pay_for(world, ana, 1000, 9_900)
    adjust(world, ana, 500)
    assert adjust(world, ana, -501, "taken") == Short(500)
    assert isinstance(adjust(world, ana, -500, "taken"), Done)
    assert isinstance(adjust(world, ana, -500, "taken"), Done)
    assert held(world, ana) == [("visit", "paid", 1000, 9_900, None)]
    assert acts(world) == ["credit_adjusted", "credit_adjusted"]
    with pytest.raises(psycopg.errors.UniqueViolation):
        adjust(world, ana, -400, "taken")


def test_nothing_is_given_to_nobody_or_of_nothing_or_for_yesterday(world: World, ana: int) -> None:
    assert adjust(world, 999, 500) == Refused("unknown_client")
    assert adjust(world, ana, 500, expires_on=date(2026, 11, 19)) == Refused("over")
    with pytest.raises(LookupError, match="no credit called 'mystery'"):
        adjust(world, ana, 500, unit="mystery")
    with pytest.raises(ValueError, match="nothing"):
        adjust(world, ana, 0)


# --- made to last ----------------------------------------------------------------------------------------------------


def lot_of(world: World) -> int:
    [(lot,)] = world.rows("SELECT min(id) FROM credit_lot")
    return int(str(lot))


def test_a_promotion_is_made_to_last(world: World, ana: int) -> None:
    adjust(world, ana, 500, expires_on=date(2026, 12, 20))
    assert extend(world, lot_of(world), date(2026, 12, 20)) == Refused("not_later")
    assert extend(world, lot_of(world), date(2027, 1, 31)) == Done(500, ())
    assert held(world, ana) == [("visit", "promo", 500, 0, date(2027, 1, 31))]
    assert acts(world) == ["credit_adjusted", "credit_extended"]


def test_what_ran_out_is_given_anew_once_and_tied_to_its_lot(world: World, ana: int) -> None:
    adjust(world, ana, 800, expires_on=date(2026, 12, 20))
    world.clock.advance(timedelta(days=40))
    sweep.expire_credits(world.rt)
    assert held(world, ana) == []
    to = date(2027, 1, 31)
    assert extend(world, lot_of(world), date(2026, 12, 21)) == Refused("over")
    assert isinstance(extend(world, lot_of(world), to), Done)
    assert extend(world, lot_of(world), to) == Refused("nothing_left")
    assert held(world, ana) == [("visit", "promo", 800, 0, to)]
    assert world.rows("SELECT source_lot_id, reference_cents, reason FROM credit_lot WHERE remaining > 0") == [
        (lot_of(world), 13_200, "a long wait")
    ]


def test_what_one_hand_may_give_anew_has_the_same_limit(world: World, ana: int) -> None:
    adjust(world, ana, 1000, by=BOTH, expires_on=date(2026, 12, 20))
    assert extend(world, lot_of(world), date(2027, 1, 31)) == NeedsManager(16_500, 15_000)
    assert isinstance(extend(world, lot_of(world), date(2027, 1, 31), by=BOTH), Done)


def test_what_has_no_end_is_not_extended(world: World, ana: int) -> None:
    pay_for(world, ana, 1000, 9_900)
    assert extend(world, lot_of(world), date(2027, 1, 31)) == Refused("no_end")
    assert extend(world, 999, date(2027, 1, 31)) == Refused("unknown_lot")


# --- handed on -------------------------------------------------------------------------------------------------------


def test_a_gift_is_what_it_was(world: World, ana: int, bo: int) -> None:
    """Class, last day, the dues behind it and the list value go with it, a lot to a lot (`features.md` N13)."""
    soon = date(2026, 12, 20)
    pay_for(world, ana, 3000, 10_000)
    adjust(world, ana, 500, "promo", expires_on=soon)
    said = transfer(world, ana, bo, 1500)
    assert isinstance(said, Done)
    assert len(said.entry_ids) == 2
    assert held(world, ana) == [("visit", "paid", 2000, 6_667, None)]
    assert held(world, bo) == [("visit", "promo", 500, 0, soon), ("visit", "paid", 1000, 3_333, None)]
    assert world.rows("SELECT reference_cents FROM credit_lot WHERE client_id = %s ORDER BY id", (bo,)) == [
        (8_250,),
        (16_500,),
    ]
    assert transfer(world, ana, bo, 1500) == said
    assert acts(world) == ["credit_adjusted", "credit_transferred"]
    for giver, amount in ((ana, 1400), (bo, 1500)):
        with pytest.raises(ValueError, match="another gift"):
            transfer(world, giver, bo if giver == ana else ana, amount)


def test_dollars_are_handed_on_too(world: World, ana: int, bo: int) -> None:
    pay_for(world, ana, 10_000, 10_000, unit=USD)
    transfer(world, ana, bo, 3_333, unit=USD)
    assert held(world, ana) == [("USD", "paid", 6_667, 6_667, None)]
    assert held(world, bo) == [("USD", "paid", 3_333, 3_333, None)]
    assert isinstance(take_back(world), Done)
    assert held(world, ana) == [("USD", "paid", 10_000, 10_000, None)]


def test_a_gift_is_taken_back_while_nothing_of_it_is_used(world: World, ana: int, bo: int) -> None:
    pay_for(world, ana, 3000, 10_000)
    before = held(world, ana)
    transfer(world, ana, bo, 1000)
    assert take_back(world) == take_back(world)
    assert held(world, ana) == before
    assert held(world, bo) == []
    assert acts(world) == ["credit_transferred", "credit_taken_back"]
    assert take_back(world, "another") == Refused("unknown_gift")


@pytest.mark.parametrize("how", ["used", "held", "frozen", "handed on"])
def test_a_gift_of_which_something_is_gone_is_not_taken_back(world: World, ana: int, bo: int, how: str) -> None:
    pay_for(world, ana, 3000, 10_000)
    transfer(world, ana, bo, 1000)
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        asked: dict[str, Any] = {"client_id": bo, "unit": "visit", "amount": 400, "zone": world.spa.zone}
        if how == "used":
            credits.spend(uow, spa_id, key="u", **asked)
        elif how == "held":
            credits.hold(uow, spa_id, ref="t", until=uow.now + timedelta(hours=1), **asked)
        elif how == "frozen":
            uow.sql("UPDATE credit_lot SET frozen_at = %s WHERE client_id = %s", (uow.now, bo))
    if how == "handed on":
        transfer(world, bo, ana, 400, "on")
    assert take_back(world) == Short(0 if how == "frozen" else 600)
    held(world, bo)


def test_a_gift_taken_back_after_its_end_lasts_a_grace_longer(world: World, ana: int, bo: int) -> None:
    adjust(world, ana, 500, expires_on=date(2026, 11, 25))
    transfer(world, ana, bo, 500, "gift")
    world.clock.advance(timedelta(days=10))
    assert isinstance(take_back(world, "gift"), Done)
    assert held(world, ana) == [("visit", "promo", 500, 0, date(2026, 12, 14))]


def test_a_gift_taken_back_after_a_part_of_its_dues_was_refunded(world: World, ana: int, bo: int) -> None:
    """What went back to the card is not behind it any more, whoever holds it."""
    pay_for(world, ana, 1000, 14_900)
    transfer(world, ana, bo, 1000)
    [(lot,)] = world.rows("SELECT id FROM credit_lot WHERE client_id = %s", (bo,))
    with world.rt.unit_of_work() as uow:
        less = TakeBack(lot_id=int(str(lot)), client_id=bo, unit="visit", amount=0, cents=2_980)
        taking_back.take(uow, world.spa.spa_id, "refund:1", [less])
        ledger.post(uow, world.spa.spa_id, [books.refunded("refund:1:money", uow.now, books.Parts(deferred=2_980))])
    assert held(world, bo) == [("visit", "paid", 1000, 11_920, None)]
    assert isinstance(take_back(world), Done)
    assert held(world, ana) == [("visit", "paid", 1000, 11_920, None)]


def test_what_is_held_or_frozen_or_another_spas_is_not_handed_on(world: World, ana: int, bo: int) -> None:
    pay_for(world, ana, 1000, 9_900)
    assert transfer(world, ana, ana, 500) == Refused("same_person")
    assert transfer(world, ana, 999, 500) == Refused("unknown_client")
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {"client_id": ana, "unit": "visit", "amount": 400, "zone": world.spa.zone, "ref": "t"}
        credits.hold(uow, world.spa.spa_id, until=uow.now + timedelta(hours=1), **asked)
    assert transfer(world, ana, bo, 700) == Short(600)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE credit_lot SET frozen_at = %s", (uow.now,))
    assert transfer(world, ana, bo, 500) == Short(0)


def test_two_who_give_to_each_other_at_once(world: World, ana: int, bo: int) -> None:
    pay_for(world, ana, 10_000, 33_333, key="a")
    pay_for(world, bo, 10_000, 77_777, key="b")
    barrier = Barrier(8)

    def give(number: int, barrier: Barrier) -> object:
        barrier.wait()
        pair = (ana, bo) if number % 2 else (bo, ana)
        return [transfer(world, *pair, 700, f"{number}:{turn}") for turn in range(5)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(partial(give, barrier=barrier), range(8)))
    cents = [sum(int(str(row[3])) for row in held(world, each)) for each in (ana, bo)]
    assert sum(cents) == 111_110
    assert sum(int(str(row[2])) for each in (ana, bo) for row in held(world, each)) == 20_000


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_cent_is_lost_however_often_credit_changes_hands(world: World, data: st.DataObject) -> None:
    """Gifts, gifts of gifts, uses and gifts taken back: what was paid is earned, or behind what is left."""
    people = [world.client(name, f"+1505555{n:04}") for name, n in zip("ABC", range(4100, 4103), strict=True)]
    [[many]] = world.rows("SELECT count(*) FROM ledger_entry")
    [(earned,)] = world.rows("SELECT coalesce(sum(amount), 0) FROM ledger_posting WHERE account = 'revenue'")
    paid = data.draw(st.integers(0, 20_000))
    pay_for(world, people[0], 3000, paid, key=f"paid:{many}")
    for turn in range(data.draw(st.integers(1, 8))):
        one, other = data.draw(st.permutations(people))[:2]
        amount, key = data.draw(st.integers(1, 3000)), f"{many}:{turn}"
        match data.draw(st.sampled_from(("give", "use", "back"))):
            case "give":
                transfer(world, one, other, amount, key)
            case "use":
                with world.rt.unit_of_work() as uow:
                    asked: dict[str, Any] = {"client_id": one, "unit": "visit", "amount": amount, "key": f"u{key}"}
                    credits.spend(uow, world.spa.spa_id, zone=world.spa.zone, **asked)
            case "back":
                take_back(world, f"{many}:{data.draw(st.integers(0, turn))}")
    left = sum(int(str(row[3])) for each in people for row in held(world, each))
    [(now_earned,)] = world.rows("SELECT coalesce(sum(amount), 0) FROM ledger_posting WHERE account = 'revenue'")
    assert left - (int(str(now_earned)) - int(str(earned))) == paid


# --- where it went ---------------------------------------------------------------------------------------------------


def test_where_the_last_of_it_went(world: World, ana: int) -> None:
    """What the second till is told (`features.md` C11)."""

    def went() -> object:
        with world.rt.unit_of_work() as uow:
            found = where_it_went(uow, world.spa.spa_id, ana, "visit")
        return found and (found.amount, found.ref, found.held, found.at)

    assert went() is None
    pay_for(world, ana, 3000, 0)
    assert went() is None
    world.spend(ana, 1, key="ticket:7:1")
    first = world.clock.now()
    assert went() == (1000, "ticket:7:1", False, first)
    world.clock.advance(timedelta(minutes=1))
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {
            "client_id": ana,
            "unit": "visit",
            "amount": 1500,
            "zone": world.spa.zone,
            "ref": "booking:9",
        }
        credits.hold(uow, world.spa.spa_id, until=uow.now + timedelta(hours=1), **asked)
    assert went() == (1500, "booking:9", True, world.clock.now())
    with world.rt.unit_of_work() as uow:
        credits.release(uow, world.spa.spa_id, "booking:9")
    assert went() == (1000, "ticket:7:1", False, first)
