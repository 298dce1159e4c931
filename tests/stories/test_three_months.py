"""Three months of a small spa, the clock's work done four times a day and twice over: all is told in its hour, once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.db.connections import Database
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.pausing import PauseQuote
from assistant.domain.perks import Perk, PerkKind
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import (
    card_care,
    fallbacks,
    legal_notices,
    membership_days,
    pauses,
    perks,
    plans,
    price_changes,
    reminders,
    sweep,
)
from tests.world import World

BEGIN = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
DAYS = 92
HOURS = (0, 4, 10, 16)
"""After midnight and at dawn, noon and evening in Denver."""
ZONE = ZoneInfo("America/Denver")
EXPECTED = {
    *("renewal-soon", "payment-received", "credits-expiring", "card-expiring", "birthday-treat", "annual-notice"),
    *("resumes-soon", "win-back"),
}
QUIET = {"payment-received"}
"""A receipt is told at once, by mail or by text, whatever the hour of the charge."""


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, BEGIN) as each:
        yield each


def people(world: World) -> None:
    """Members in both languages, one with treats, one who rests, and one who left."""
    anchors = {"Ana": date(2025, 10, 20), "Luz": date(2026, 3, 5), "Ruth": date(2026, 2, 27)}
    for place, (name, anchor) in enumerate(anchors.items()):
        client = someone(world, name, place)
        first = (2026 - anchor.year) * 12 + 9 - anchor.month
        membership = world.enrol(client, anchor_on=anchor, first_cycle=first)
        world.grant(client, 2, expires_on=date(2026, 10, 9 + place))
        if name == "Ruth":
            rest(world, membership)
    with world.rt.unit_of_work() as uow:
        treat = Perk(kind=PerkKind.BIRTHDAY, unit="extra", amount=MILLI, valid_days=30)
        terms = Terms(dues_cents=19_900, grants=(GrantTerms("visit", MILLI),), perks=(treat,))
        offered = plans.offer(uow, world.spa.spa_id, "kind", "Kind", terms, actor="staff:owner")
    bo = someone(world, "Bo", 3)
    with world.rt.unit_of_work() as uow:
        plans.join(uow, world.spa.spa_id, bo, offered.version_id, today=date(2026, 9, 1))
    leo = world.client("Leo", "+15055550139")
    world.enrol(leo, anchor_on=date(2026, 1, 9), standing=Standing.ENDED, ended_on=date(2026, 8, 20))
    world.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
    world.rows("UPDATE client SET born_on = '1980-10-05' WHERE first_name = 'Bo' RETURNING 1")
    world.rows("UPDATE card SET exp_month = 10, exp_year = 2026 WHERE id = (SELECT min(id) FROM card) RETURNING 1")


def someone(world: World, name: str, place: int) -> int:
    client = world.client(name, f"+1505555013{place}", locale="es" if name == "Luz" else "en")
    world.mailbox(client, f"{name.lower()}@example.com")
    world.card(client)
    return client


def rest(world: World, membership: int) -> None:
    with world.rt.unit_of_work() as uow:
        quote = pauses.quote_pause(uow, world.spa.spa_id, membership, months=1)
        assert isinstance(quote, PauseQuote)
        pauses.pause(uow, world.spa.spa_id, membership, quote, actor="member")


def work(world: World) -> None:
    """All that the clock rings for, twice: what is said is said once."""
    for _ in range(2):
        perks.grant_birthdays(world.rt)
        price_changes.send_notices(world.rt)
        world.bill()
        membership_days.turn(world.rt)
        card_care.warn_of_expiry(world.rt)
        reminders.remind(world.rt)
        legal_notices.tend(world.rt)
        fallbacks.tell_in_another_way(world.rt)
        sweep.sweep(world.rt)
        world.settle()


def test_three_months(world: World) -> None:
    people(world)
    for day in range(DAYS):
        for hour in HOURS:
            world.clock.at = BEGIN + timedelta(days=day, hours=hour)
            work(world)

    said = world.rows("SELECT message, key, channel, recipient, asked_at, status FROM outbound_message ORDER BY id")
    kinds = Counter(str(row[0]) for row in said)
    assert set(kinds) >= EXPECTED, EXPECTED - set(kinds)
    assert max(Counter((row[1], row[2], row[3]) for row in said).values()) == 1
    hours = {
        (str(name), at.astimezone(ZONE).hour)
        for name, _, channel, _, at, _ in said
        if isinstance(at, datetime) and channel == "sms" and name not in QUIET
    }
    assert {name for name, _ in hours} >= EXPECTED - QUIET
    assert {(name, hour) for name, hour in hours if not 8 <= hour < 21} == set()
    notices = world.rows("SELECT outcome, count(*) FROM legal_notice GROUP BY 1")
    assert notices, "no annual notice was given"
    assert {outcome for outcome, _ in notices} <= {"delivered", "task"}
