"""The birthday treat: in its month, once a year, a promotion with an end, for whoever has the plan's perks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.perks import Perk, PerkKind
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import perks, plans, sweep, verification
from tests.world import World

TREAT = Perk(kind=PerkKind.BIRTHDAY, unit="extra", amount=MILLI, valid_days=30)
PLAIN = Terms(dues_cents=14_900, grants=(GrantTerms("visit", MILLI),))
KIND = Terms(dues_cents=19_900, grants=(GrantTerms("visit", MILLI),), perks=(TREAT,))


def born(world: World, born_on: date | None, *terms: Terms, standing: Standing = Standing.ACTIVE) -> int:
    [(many,)] = world.rows("SELECT count(*) FROM client")
    client_id = world.client("Ana", f"+15055550{int(str(many)) + 110}")
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE client SET born_on = %s WHERE id = %s", (born_on, client_id))
        for each in terms or (KIND,):
            code = f"p{each.dues_cents}-{many}"
            offered = plans.offer(uow, world.spa.spa_id, code, "Glow", each, actor="staff:1")
            joined = plans.join(uow, world.spa.spa_id, client_id, offered.version_id, today=date(2026, 11, 1))
            ended = date(2026, 11, 1) if standing is Standing.ENDED else None
            uow.sql("ALTER TABLE membership DISABLE TRIGGER standing_allowed")
            uow.sql(
                "UPDATE membership SET standing = %s, ended_on = %s WHERE id = %s",
                (standing.value, ended, joined.membership_id),
            )
            uow.sql("ALTER TABLE membership ENABLE TRIGGER standing_allowed")
    return client_id


def treats(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT client_id, unit, remaining, lot_class, expires_on FROM credit_lot ORDER BY expires_on, client_id"
    )


def test_it_is_given_once_in_its_month_every_year_and_runs_out(world: World) -> None:
    ana = born(world, date(1990, 12, 31))
    assert perks.grant_birthdays(world.rt) == 0
    world.clock.at = datetime(2026, 12, 1, 6, 59, tzinfo=UTC)  # November still, at the spa
    assert perks.grant_birthdays(world.rt) == 0
    world.clock.at = datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert perks.grant_birthdays(world.rt) == 1
    for _ in range(3):
        world.clock.advance(timedelta(days=7))
        assert perks.grant_birthdays(world.rt) == 0
    assert treats(world) == [(ana, "extra", MILLI, "promo", date(2026, 12, 31))]
    world.clock.at = datetime(2027, 1, 2, 12, tzinfo=UTC)
    assert sweep.expire_credits(world.rt) == 1
    world.clock.at = datetime(2027, 12, 30, 12, tzinfo=UTC)
    assert perks.grant_birthdays(world.rt) == 1
    assert [remaining for _, _, remaining, _, _ in treats(world)] == [0, MILLI]
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))


@pytest.mark.parametrize("year", [2027, 2028])
def test_who_was_born_on_a_leap_day_has_it_every_february(world: World, year: int) -> None:
    born(world, date(1992, 2, 29))
    world.clock.at = datetime(year, 2, 10, 18, tzinfo=UTC)
    assert perks.grant_birthdays(world.rt) == 1
    world.clock.at = datetime(year, 3, 1, 18, tzinfo=UTC)
    assert perks.grant_birthdays(world.rt) == 0


def test_it_is_for_whom_the_plan_gives_it_to(world: World) -> None:
    given = {
        born(world, date(1990, 11, 2)),
        born(world, date(1990, 11, 2), standing=Standing.PAST_DUE),
        born(world, date(1990, 11, 2), PLAIN, KIND),
    }
    born(world, date(1990, 11, 2), PLAIN)
    born(world, date(1990, 10, 2))
    born(world, None)
    rests = {
        standing: born(world, date(1990, 11, 2), standing=standing)
        for standing in (Standing.SUSPENDED, Standing.PAUSED, Standing.SCHEDULED, Standing.ENDED)
    }
    assert perks.grant_birthdays(world.rt) == 3
    assert {client_id for client_id, *_ in treats(world)} == given
    world.rows(  # it is paid within the month: so is the treat given
        "UPDATE membership SET standing = 'active' WHERE client_id = %s RETURNING 1", (rests[Standing.SUSPENDED],)
    )
    assert perks.grant_birthdays(world.rt) == 1


def test_two_memberships_with_it_are_one_birthday(world: World) -> None:
    dearer = Terms(dues_cents=29_900, grants=(GrantTerms("visit", MILLI),), perks=(TREAT,))
    born(world, date(1990, 11, 2), KIND, dearer)
    assert perks.grant_birthdays(world.rt) == 1
    assert perks.grant_birthdays(world.rt) == 0
    assert len(treats(world)) == 1
