"""Caps, as jobs: a member is warned, pays for no more than is granted, and loses nothing that was not said before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.services import billing, caps, credits, verification
from assistant.services.credits import Grant
from tests.world import World

TODAY = date(2026, 11, 20)
SOON = timedelta(minutes=10)


def cap(most: int, at_cap: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - a cap's fields
    return {"kind": "cap", "most": most, "at_cap": at_cap, **rest}


def visits(rollover: dict[str, Any], *, amount: int = MILLI, lot_class: str = "paid", unit: str = "visit") -> Any:  # noqa: ANN401
    return {"unit": unit, "amount": amount, "lot_class": lot_class, "rollover": rollover}


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.card(client_id)
    return client_id


def give(world: World, client_id: int, amount: int, *, promo: bool = False, unit: str = "visit") -> None:
    with world.rt.unit_of_work() as uow:
        [[many]] = uow.sql("SELECT count(*) FROM ledger_entry").fetchall()
        lot_class = LotClass.PROMO if promo else LotClass.PAID
        grant = Grant(f"given:{many}", client_id, unit, amount, lot_class, uow.now)
        credits.grant(uow, world.spa.spa_id, world.spa.zone, [grant])


def held(world: World, client_id: int) -> dict[str, int]:
    """What is there, by unit; and the books are right."""
    with world.rt.unit_of_work() as uow:
        assert [str(each) for each in verification.differences(uow)] == []
    rows = world.rows(
        "SELECT unit, sum(remaining)::bigint FROM credit_lot WHERE client_id = %s GROUP BY 1 ORDER BY 1", (client_id,)
    )
    return {str(unit): int(str(amount)) for unit, amount in rows if amount}


def shown(world: World, day: date = TODAY) -> list[tuple[str, int]]:
    with world.rt.unit_of_work() as uow:
        return [(line.decision.value, line.total_cents) for line in billing.plan(uow, world.spa.spa_id, day)]


def balance(world: World, account: str) -> int:
    [(cents,)] = world.rows(
        "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting WHERE account = %s", (account,)
    )
    return int(str(cents))


# --- what does not fit is not charged for ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "access", "kept", "dues", "decision"),
    [
        (2000, 0, None, 14_900, "charge"),
        (2500, 0, {"0": 500, "cents": 7_450}, 7_450, "charge"),
        (3000, 0, {"0": 1000, "cents": 14_900}, 0, "complete"),
        (3000, 4_900, {"0": 1000, "cents": 10_000}, 4_900, "charge"),
        (9000, 4_900, {"0": 1000, "cents": 10_000}, 4_900, "charge"),
    ],
)
def test_what_does_not_fit_is_not_charged_for(
    world: World, ana: int, there: int, access: int, kept: object, dues: int, decision: str
) -> None:
    """The plan says so beforehand, and the lots keep what was paid for them (`features.md` C5 b)."""
    give(world, ana, there)
    world.enrol(ana, anchor_on=TODAY, access_cents=access, grants=[visits(cap(3000, "hold_and_reduce"))])
    assert shown(world) == [(decision, dues)]
    world.bill()

    [invoice] = world.rows("SELECT dues_cents, held_back, status FROM invoice")
    assert invoice == (dues, kept, "paid")
    assert held(world, ana) == {"visit": max(there, 3000)}
    assert balance(world, "access") == -access
    assert balance(world, "deferred") == access - dues
    charged = world.rows("SELECT amount_cents FROM charge_attempt WHERE status = 'succeeded'")
    assert charged == ([(dues,)] if dues else [])


def test_what_is_held_back_does_not_change_when_room_is_made(world: World, ana: int) -> None:
    """It was not charged for: what was decided at the opening is what is granted."""
    give(world, ana, 3000)
    world.enrol(ana, anchor_on=TODAY, access_cents=4_900, grants=[visits(cap(3000, "hold_and_reduce"))])
    billing.bill(world.rt)
    world.spend(ana)
    world.settle()
    assert held(world, ana) == {"visit": 2000}


def test_two_grants_share_what_is_left_to_pay_for(world: World, ana: int) -> None:
    give(world, ana, 2500)
    grants = [visits(cap(3000, "hold_and_reduce")), visits({"kind": "roll_over"}, unit="extra")]
    world.enrol(ana, anchor_on=TODAY, dues_cents=21_000, grants=grants)  # 16,500 and 4,500 at list price
    assert shown(world) == [("charge", 12_750)]
    world.bill()
    assert world.rows("SELECT unit, granted, paid_cents FROM credit_lot WHERE paid_cents > 0 ORDER BY unit") == [
        ("extra", 1000, 4_500),
        ("visit", 500, 8_250),
    ]
    assert held(world, ana) == {"extra": 1000, "visit": 3000}


@pytest.mark.parametrize("grants", [[{"unit": "visit", "amount": -1}], ["nonsense"]])
def test_terms_that_cannot_be_read_wait_for_a_person_and_hold_up_nobody(world: World, ana: int, grants: Any) -> None:  # noqa: ANN401
    broken = [*grants, visits(cap(3000, "hold_and_reduce"))]
    world.enrol(ana, anchor_on=TODAY, grants=broken)
    bo = world.client("Bo", "+15055550111")
    world.card(bo)
    world.enrol(bo, anchor_on=TODAY)
    assert shown(world) == [("held", 14_900), ("charge", 14_900)]
    world.bill()
    world.bill()
    assert world.rows("SELECT client_id, status FROM invoice") == [(bo, "paid")]
    assert world.rows("SELECT kind FROM staff_task") == [("terms_unreadable",)]


def test_an_unknown_worth_is_not_nothing(world: World, ana: int) -> None:
    """Nobody has said what a peel is worth: only where it does not fit must that be known (`features.md` C18)."""
    world.enrol(ana, anchor_on=TODAY, grants=[visits(cap(1000, "hold_and_reduce"), unit="mystery")])
    assert shown(world) == [("charge", 14_900)]
    give(world, ana, 1000, unit="mystery")
    assert shown(world) == [("held", 14_900)]


# --- what does not fit is given in dollars ---------------------------------------------------------------------------


def test_what_does_not_fit_is_given_in_dollars_at_what_was_paid_for_it(world: World, ana: int) -> None:
    give(world, ana, 2500)
    world.enrol(ana, anchor_on=TODAY, grants=[visits(cap(3000, "convert"))])
    assert shown(world) == [("charge", 14_900)]
    world.bill()
    assert held(world, ana) == {"USD": 7_450, "visit": 3000}
    assert world.rows(
        "SELECT unit, lot_class, granted, paid_cents FROM credit_lot WHERE paid_cents > 0 ORDER BY 1"
    ) == [
        ("USD", "paid", 7_450, 7_450),
        ("visit", "paid", 500, 7_450),
    ]
    assert balance(world, "deferred") == -7_450  # what became dollars is the member's own now
    assert "$74.50" in world.received()[-1]


def test_a_promotion_becomes_dollars_at_list_price(world: World, ana: int) -> None:
    give(world, ana, 1000, promo=True, unit="extra")
    world.enrol(ana, anchor_on=TODAY, grants=[visits(cap(1000, "convert"), lot_class="promo", unit="extra")])
    world.bill()
    assert held(world, ana) == {"USD": 4_500, "extra": 1000}
    assert balance(world, "promotions") == 4_500
    assert balance(world, "access") == -14_900


def test_dollars_for_an_unknown_worth_wait(world: World, ana: int) -> None:
    """The money is there and known; what it banks is not made up. It is banked once somebody says what it is worth."""
    give(world, ana, 1000, unit="mystery")
    world.enrol(ana, anchor_on=TODAY, grants=[visits(cap(1000, "convert"), unit="mystery")])
    with pytest.raises(ValueError, match="nobody has said what one mystery is worth"):
        world.bill()
    assert world.rows("SELECT status FROM invoice") == [("open",)]
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO credit_kind (spa_id, unit, words, reference_cents) VALUES (%s, 'mystery', %s, 9900)",
            (world.spa.spa_id, '{"en": ["mystery", "mysteries"]}'),
        )
    world.pass_time(SOON)
    world.pass_time(SOON)
    assert held(world, ana) == {"USD": 14_900, "mystery": 1000}
    assert world.rows("SELECT status FROM charge_attempt") == [("succeeded",)]


# --- the oldest rolls off --------------------------------------------------------------------------------------------

ROLLS = visits(cap(2000, "roll_off_oldest"), lot_class="promo", unit="extra")


@pytest.fixture
def over(world: World, ana: int) -> int:
    """Ana holds two extras, and a third comes with her cycle: one is over."""
    give(world, ana, 1000, promo=True, unit="extra")
    world.clock.advance(timedelta(seconds=1))
    give(world, ana, 1000, promo=True, unit="extra")
    world.enrol(ana, anchor_on=TODAY, grants=[ROLLS])
    world.bill()
    assert held(world, ana) == {"extra": 3000}
    return ana


def after(world: World, days: int) -> None:
    world.clock.at = datetime(2026, 11, 20, 18, tzinfo=UTC) + timedelta(days=days)


def test_it_is_told_when_the_oldest_rolls_off_and_then_it_does_once(world: World, over: int) -> None:
    assert world.received()[-2:] == [
        (
            "Ana, your plan holds up to 2 extras at a time. What you have above that, 1 extra, can be used until Dec 4"
            " and not later. To book, call (505) 555-0101."
        ),
        world.received()[-1],
    ]
    assert world.rows("SELECT amount, most, last_on FROM roll_off") == [(1000, 2000, date(2026, 12, 4))]
    after(world, 14)
    assert caps.roll_off(world.rt) == 0
    after(world, 15)
    assert caps.roll_off(world.rt) == 1
    assert caps.roll_off(world.rt) == 0
    assert held(world, over) == {"extra": 2000}
    [(oldest,)] = world.rows("SELECT min(id) FROM credit_lot")
    assert world.rows("SELECT id FROM credit_lot WHERE remaining = 0") == [(oldest,)]
    assert world.rows("SELECT e.kind FROM roll_off r JOIN ledger_entry e ON e.id = r.entry_id") == [
        ("credits_expired",)
    ]


@pytest.mark.parametrize(("used", "left"), [(500, 2000), (1000, 2000), (2000, 1000)])
def test_room_that_was_made_meanwhile_counts(world: World, over: int, used: int, left: int) -> None:
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {"client_id": over, "unit": "extra", "amount": used, "key": "u", "zone": world.spa.zone}
        credits.spend(uow, world.spa.spa_id, **asked)
    after(world, 20)
    assert caps.roll_off(world.rt) == 1
    assert held(world, over) == {"extra": left}


def test_what_is_held_or_frozen_does_not_roll_off(world: World, over: int) -> None:
    after(world, 10)
    with world.rt.unit_of_work() as uow:
        asked: dict[str, Any] = {
            "client_id": over,
            "unit": "extra",
            "amount": 600,
            "ref": "booking:1",
            "zone": world.spa.zone,
        }
        credits.hold(uow, world.spa.spa_id, until=uow.now + timedelta(days=9), **asked)
        uow.sql("UPDATE credit_lot SET frozen_at = %s WHERE held = 0", (uow.now,))
    after(world, 15)
    assert caps.roll_off(world.rt) == 1
    assert held(world, over) == {"extra": 2600}


def test_what_was_never_told_is_kept_and_a_person_is_asked(world: World, over: int) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE roll_off SET told_by = 'nothing'")
    after(world, 15)
    assert caps.roll_off(world.rt) == 0
    assert held(world, over) == {"extra": 3000}
    assert world.rows("SELECT kind, facts ->> 'amount' FROM staff_task") == [("over_cap_untold", "1000")]


def test_who_cannot_be_texted_loses_nothing(world: World, ana: int) -> None:
    give(world, ana, 2000, promo=True, unit="extra")
    world.enrol(ana, anchor_on=TODAY, grants=[ROLLS])
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE phone SET sms_transactional = false")
    world.bill()
    after(world, 30)
    assert caps.roll_off(world.rt) == 0
    assert held(world, ana) == {"extra": 3000}
    assert world.rows("SELECT kind FROM staff_task WHERE kind LIKE 'over%%'") == [("over_cap_untold",)]


def test_a_second_month_tells_only_of_what_is_newly_over(world: World, ana: int) -> None:
    """With a grace longer than a cycle two roll-offs are under way at once, of one lot each."""
    give(world, ana, 2000, promo=True, unit="extra")
    rolls = visits(cap(2000, "roll_off_oldest", grace_days=40), lot_class="promo", unit="extra")
    world.enrol(ana, anchor_on=TODAY, grants=[rolls])
    world.bill()
    after(world, 30)
    world.bill()
    assert world.rows("SELECT amount, last_on FROM roll_off ORDER BY id") == [
        (1000, date(2026, 12, 30)),
        (1000, date(2027, 1, 29)),
    ]
    after(world, 41)
    caps.roll_off(world.rt)
    assert held(world, ana) == {"extra": 3000}
    after(world, 71)
    caps.roll_off(world.rt)
    assert held(world, ana) == {"extra": 2000}


def test_what_is_paid_for_never_rolls_off_whatever_the_plan_says(world: World, ana: int) -> None:
    """`rules.md` 6.12: and the database refuses whoever tries."""
    give(world, ana, 3000)
    world.enrol(ana, anchor_on=TODAY, grants=[visits(cap(3000, "roll_off_oldest"))])
    world.bill()
    assert held(world, ana) == {"visit": 4000}
    assert world.rows("SELECT count(*) FROM roll_off") == [(0,)]
    [(lot,)] = world.rows("SELECT min(id) FROM credit_lot")
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match="was paid for and is never taken"),
        world.rt.unit_of_work() as uow,
    ):
        uow.sql("SELECT credit_let_go(%s, %s, ARRAY['x'], ARRAY[%s], ARRAY[1])", (world.spa.spa_id, uow.now, lot))


# --- warnings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_cap", ["hold_and_reduce", "convert"])
def test_who_would_go_over_is_warned_in_time_and_once(world: World, ana: int, at_cap: str) -> None:
    give(world, ana, 2500)
    world.enrol(ana, anchor_on=TODAY, first_cycle=1, grants=[visits(cap(3000, at_cap))])
    after(world, 19)  # December 9th; the next cycle is the 20th
    assert caps.warn(world.rt) == 0
    after(world, 20)
    assert caps.warn(world.rt) == 1
    assert caps.warn(world.rt) == 0
    world.settle()
    assert world.received() == [
        (
            "Ana, you have 2.5 visit credits, and your plan holds up to 3 visit credits. Your next ones are due on"
            " Dec 20: use some before then so that nothing is missed. To book, call (505) 555-0101."
        )
    ]
    after(world, 25)
    assert caps.warn(world.rt) == 0


@pytest.mark.parametrize(
    ("there", "grants"),
    [
        (2000, [visits(cap(3000, "convert"))]),
        (9000, [visits({"kind": "roll_over"})]),
        (9000, [visits(cap(3000, "roll_off_oldest"))]),  # what is paid for is kept: there is nothing to warn of
        (9000, [visits(cap(3000, "convert"), lot_class="promo")]),  # counted by themselves
    ],
)
def test_nobody_is_warned_of_nothing(world: World, ana: int, there: int, grants: Any) -> None:  # noqa: ANN401
    give(world, ana, there)
    world.enrol(ana, anchor_on=TODAY, first_cycle=1, grants=grants)
    after(world, 25)
    assert caps.warn(world.rt) == 0


def test_who_cannot_be_warned_by_text_is_by_a_person(world: World, ana: int) -> None:
    give(world, ana, 3000)
    world.enrol(ana, anchor_on=TODAY, first_cycle=1, grants=[visits(cap(3000, "convert"))])
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE phone SET sms_transactional = false")
    after(world, 25)
    assert [caps.warn(world.rt), caps.warn(world.rt)] == [1, 0]
    assert world.rows("SELECT kind FROM staff_task") == [("cap_unwarned",)]


def test_one_that_cannot_be_read_stops_nobody_elses_warning(world: World, ana: int) -> None:
    give(world, ana, 3000)
    world.enrol(ana, anchor_on=TODAY, first_cycle=1, grants=[visits(cap(3000, "nonsense"))])
    bo = world.client("Bo", "+15055550111")
    give(world, bo, 3000)
    world.enrol(bo, anchor_on=TODAY, first_cycle=1, grants=[visits(cap(3000, "convert"))])
    after(world, 25)
    with pytest.raises(ExceptionGroup, match="cannot be read"):
        caps.warn(world.rt)
    world.settle()
    assert len(world.received("+15055550111")) == 1
    assert world.received() == []


# --- what is owed back -----------------------------------------------------------------------------------------------


def claim(world: World, client_id: int, amount: int, *, unit: str = "visit") -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO credit_claim (spa_id, key, client_id, unit, amount, remaining, approved_by, reason, made_at)"
            " VALUES (%s, 'refund:1', %s, %s, %s, %s, 'staff:lee', 'used, and given back', %s)",
            (world.spa.spa_id, client_id, unit, amount, amount, uow.now),
        )


@pytest.mark.parametrize(
    ("owed", "granted", "left", "goodwill"),
    [(500, 500, 0, -7_450), (1000, 0, 0, -14_900), (1500, 0, 500, -14_900)],
)
def test_the_next_grant_is_less_by_what_is_owed_back(
    world: World, ana: int, owed: int, granted: int, left: int, goodwill: int
) -> None:
    """The dues behind it give the goodwill back: nothing is owed for what is not granted (`features.md` C8)."""
    claim(world, ana, owed)
    world.enrol(ana, anchor_on=TODAY)
    world.bill()
    assert held(world, ana) == ({"visit": granted} if granted else {})
    assert world.rows("SELECT remaining FROM credit_claim") == [(left,)]
    assert balance(world, "goodwill") == goodwill
    assert balance(world, "deferred") == -14_900 - goodwill
    assert balance(world, "access") == 0


def test_a_claim_is_met_out_of_its_own_unit_and_what_was_paid_for(world: World, ana: int) -> None:
    claim(world, ana, 1000, unit="extra")
    world.enrol(
        ana,
        anchor_on=TODAY,
        grants=[visits({"kind": "roll_over"}), visits({"kind": "roll_over"}, unit=USD, amount=5000)],
    )
    world.bill()
    assert held(world, ana) == {"USD": 5000, "visit": 1000}
    assert world.rows("SELECT remaining FROM credit_claim") == [(1000,)]
