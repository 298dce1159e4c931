"""A new price holds for whom we can show that they were told in time; everybody else keeps the old one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.credits import MILLI
from assistant.domain.notices import NoticeRefusal, Refused
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.faults import Fault, FaultKind
from assistant.services import billing, plans, price_changes
from assistant.services.price_changes import Decided
from tests.world import ANA, World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
FROM = date(2027, 1, 20)
"""The day of a charge, two months ahead."""
NOTICE = FROM - 21 * DAY


def version(world: World, cents: int) -> int:
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=cents, grants=(GrantTerms("visit", MILLI),))
        return plans.offer(uow, world.spa.spa_id, "glow", "Glow", terms, actor="staff:1").version_id


def member(world: World, version_id: int, *, region: str | None = "NM", phone: str = ANA, card: bool = True) -> int:
    client_id = world.client("Ana", phone)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE client SET region = %s WHERE id = %s", (region, client_id))
        found = plans.join(uow, world.spa.spa_id, client_id, version_id, today=TODAY)
    if card:
        world.card(client_id)
    return found.membership_id


def decide(world: World, old: int, new: int, effective_on: date = FROM) -> Decided | Refused:
    with world.rt.unit_of_work() as uow:
        today = TODAY + (uow.now - datetime(2026, 11, 20, 18, tzinfo=UTC)) // DAY * DAY
        return price_changes.decide(
            uow, world.spa.spa_id, old, new, effective_on=effective_on, today=today, actor="staff:1"
        )


def live(world: World, until: date) -> None:
    """Each day at ten in the morning: the dues, and the notices that are due."""
    while world.clock.now().date() < until:
        world.clock.advance(DAY)
        price_changes.send_notices(world.rt)
        world.bill()


def notices(world: World) -> list[str]:
    return [body for body in world.received() if "$169.00" in body and "paid" not in body]


def charged(world: World) -> list[int]:
    return [int(str(cents)) for (cents,) in world.rows("SELECT dues_cents FROM invoice ORDER BY due_on, id")]


def holds(world: World, membership_id: int) -> int:
    [(version_id,)] = world.rows("SELECT plan_version_id FROM membership WHERE id = %s", (membership_id,))
    return int(str(version_id))


def tasks(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, facts->>'why' FROM staff_task ORDER BY id")


def test_who_was_told_three_weeks_ahead_pays_the_new_price_from_its_day(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old)
    new, other = version(world, 16_900), version(world, 15_900)
    luz = member(world, other, phone="+15055550111", card=False)
    assert decide(world, old, new) == Decided(1, NOTICE)
    live(world, NOTICE - DAY)
    assert notices(world) == []
    live(world, NOTICE)
    assert len(notices(world)) == 1
    assert all(words in notices(world)[0] for words in ("$149.00", "$169.00", "Jan 20", "(505) 555-0101"))
    live(world, FROM - DAY)
    assert holds(world, ana) == old
    live(world, FROM + 31 * DAY)
    assert len(notices(world)) == 1
    assert (holds(world, ana), holds(world, luz)) == (new, other)
    ours = world.rows("SELECT due_on, dues_cents, status FROM invoice WHERE membership_id = %s ORDER BY cycle", (ana,))
    assert ours == [
        (TODAY, 14_900, "paid"),
        (date(2026, 12, 20), 14_900, "paid"),
        (FROM, 16_900, "paid"),
        (date(2027, 2, 20), 16_900, "paid"),
    ]
    assert world.rows("SELECT outcome FROM price_notice") == [("moved",)]
    assert len([body for body in world.received("+15055550111") if "$169.00" in body]) == 0
    assert [kind for kind, _ in tasks(world)] == []
    acts = world.rows("SELECT act FROM audit WHERE act LIKE 'price%%' ORDER BY id")
    assert acts == [("price_decided",), ("price_moved",)]


def test_a_notice_that_never_arrived_changes_nothing(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old)
    decide(world, old, version(world, 16_900))
    live(world, NOTICE - DAY)
    world.book.faults.add(Fault(FaultKind.UNDELIVERED, code=30007))
    live(world, FROM)
    assert holds(world, ana) == old
    assert charged(world) == [14_900, 14_900, 14_900]
    assert tasks(world) == [("price_kept", "kept:not_delivered")]
    live(world, FROM + 5 * DAY)
    assert len(tasks(world)) == 1


def test_who_cannot_be_texted_is_told_by_a_person_and_keeps_the_old_price(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old)
    decide(world, old, version(world, 16_900))
    world.rows("UPDATE phone SET suppressed_at = %s RETURNING 1", (world.clock.now(),))
    live(world, FROM)
    assert holds(world, ana) == old
    assert tasks(world) == [("price_notice_by_hand", None), ("price_kept", "kept:not_delivered")]


def test_a_notice_that_came_too_late_changes_nothing(world: World) -> None:
    """We were away from before its day until four days before the new price."""
    old = version(world, 14_900)
    ana = member(world, old)
    decide(world, old, version(world, 16_900))
    live(world, NOTICE - DAY)
    world.clock.advance(17 * DAY)
    live(world, FROM)
    assert len(notices(world)) == 1
    assert holds(world, ana) == old
    assert tasks(world) == [("price_kept", "kept:too_late")]


@pytest.mark.parametrize("region", ["NY", None, "ZZ"])
@pytest.mark.parametrize("agrees", [True, False])
def test_where_the_law_wants_a_yes_there_must_be_one(world: World, region: str | None, agrees: bool) -> None:
    old = version(world, 14_900)
    ana = member(world, old, region=region)
    new = version(world, 16_900)
    decided = decide(world, old, new)
    assert isinstance(decided, Decided)

    def agree() -> bool:
        with world.rt.unit_of_work() as uow:
            return price_changes.agree(uow, world.spa.spa_id, decided.migration_id, ana, actor="member")

    assert not agree()  # to what they have not been told
    live(world, NOTICE + DAY)
    assert not agrees or agree()
    live(world, FROM)
    assert holds(world, ana) == (new if agrees else old)
    assert tasks(world) == ([] if agrees else [("price_kept", "kept:no_consent")])
    assert not agree()  # it is settled


def test_a_lower_price_waits_for_nobody(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old, region="NY")
    new = version(world, 12_900)
    assert decide(world, old, new, TODAY) == Decided(1, TODAY)
    world.bill()
    assert (holds(world, ana), charged(world)) == (new, [12_900])
    assert tasks(world) == []


def test_a_higher_price_is_decided_in_time_or_not_at_all(world: World) -> None:
    old = version(world, 14_900)
    member(world, old)
    new = version(world, 16_900)
    refused = decide(world, old, new, TODAY + 6 * DAY)
    assert refused == Refused(NoticeRefusal.TOO_LATE, TODAY + 7 * DAY)
    assert world.rows("SELECT 1 FROM plan_migration") == []
    assert decide(world, old, new, TODAY + 7 * DAY) == Decided(1, TODAY)


def test_what_the_notice_says_is_what_is_charged_whatever_is_offered_meanwhile(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old)
    new = version(world, 16_900)
    decide(world, old, new)
    live(world, NOTICE + DAY)
    version(world, 19_900)
    live(world, FROM)
    assert (holds(world, ana), charged(world)[-1]) == (new, 16_900)


def test_everybody_is_told_on_their_own_spas_day_however_many_they_are(world: World) -> None:
    """Many more than one question reads; and a spa whose day begins before ours is not a day late."""
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE spa SET zone = 'Asia/Tokyo' WHERE spa_id = %s", (world.spa.spa_id,))
    old = version(world, 14_900)
    ana = member(world, old, card=False)
    with world.rt.unit_of_work() as uow:
        uow.sql(
            """WITH made AS (
                   INSERT INTO client (spa_id, first_name, last_name, locale, zone, created_at)
                   SELECT spa_id, 'N', n::text, 'en', 'UTC', %s FROM spa, generate_series(1, 600) n WHERE spa_id = %s
                   RETURNING spa_id, id)
               INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)
               SELECT spa_id, id, %s, 'active', %s, %s FROM made""",
            (uow.now, world.spa.spa_id, old, TODAY, uow.now),
        )
    decide(world, old, version(world, 16_900))
    world.clock.at = datetime(2026, 12, 29, 14, 59, tzinfo=UTC)
    assert price_changes.send_notices(world.rt) == 0
    world.clock.at = datetime(2026, 12, 29, 15, tzinfo=UTC)  # Dec 30 begins in Tokyo
    assert price_changes.send_notices(world.rt) == 601
    assert price_changes.send_notices(world.rt) == 0
    assert world.rows("SELECT 1 FROM price_notice WHERE membership_id = %s", (ana,)) == [(1,)]


def test_one_who_holds_the_new_terms_already_holds_up_nobodys_billing(world: World) -> None:
    old = version(world, 14_900)
    ana = member(world, old)
    new = version(world, 12_900)
    [(client_id,)] = world.rows("SELECT client_id FROM membership")
    with world.rt.unit_of_work() as uow:  # as an import may have it
        uow.sql(
            "INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)"
            " VALUES (%s, %s, %s, 'active', %s, %s)",
            (world.spa.spa_id, client_id, new, TODAY, uow.now),
        )
    decide(world, old, new, TODAY)
    world.bill()
    assert holds(world, ana) == old
    assert sorted(charged(world)) == [12_900, 14_900]
    assert tasks(world) == [("price_kept", "kept:has_it")]


def test_the_plan_of_a_day_has_the_price_of_that_day(world: World) -> None:
    old = version(world, 14_900)
    member(world, old)
    decide(world, old, version(world, 16_900))
    live(world, FROM - DAY)
    with world.rt.unit_of_work() as uow:
        cents = [[line.dues_cents for line in billing.plan(uow, world.spa.spa_id, day)] for day in (FROM - DAY, FROM)]
    assert cents == [[14_900], [16_900]]
