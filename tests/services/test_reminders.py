"""What members are told of itself: each once, at their spa's hour, and only who it helps."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.db.connections import Database
from assistant.domain.membership import Standing
from assistant.services import fallbacks, legal_notices, reminders
from tests.world import ANA, World

MORNING = datetime(2026, 7, 7, 16, tzinfo=UTC)
"""Ten o'clock in Denver."""


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, MORNING) as each:
        yield each


def remind(world: World) -> list[str]:
    before = len(world.received())
    reminders.remind(world.rt)
    reminders.remind(world.rt)
    world.settle()
    return world.received()[before:]


def test_a_charge_is_told_of_three_days_before_and_once(world: World) -> None:
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2026, 6, 11), first_cycle=1)
    assert remind(world) == []
    world.clock.advance(timedelta(days=1))
    [told] = remind(world)
    assert told.startswith("Ana, your Glow membership renews on Jul 11 for $149.00. Nothing to do.")
    world.clock.advance(timedelta(days=1))
    assert remind(world) == []


@pytest.mark.parametrize("hour", [9, 20, 23])
def test_at_no_other_hour(world: World, hour: int) -> None:
    world.enrol(world.client("Ana"), anchor_on=date(2026, 6, 9), first_cycle=1)
    world.clock.at = datetime(2026, 7, 7, 6, tzinfo=UTC) + timedelta(hours=hour)
    assert remind(world) == []


def test_who_leaves_or_rests_is_not_told_of_a_charge(world: World) -> None:
    world.enrol(world.client("Ana"), anchor_on=date(2026, 6, 9), standing=Standing.PAUSED, resumes_on=date(2026, 9, 9))
    assert remind(world) == []


def test_credit_that_is_likely_to_be_lost_is_told_of_once(world: World) -> None:
    ana = world.client("Ana")
    world.grant(ana, 2, expires_on=date(2026, 7, 20))
    assert remind(world) == [
        "Ana, 2 visit credits of yours can be used until Jul 20. Reply BOOK to find a time, or call (505) 555-0101."
    ]
    world.clock.advance(timedelta(days=1))
    assert remind(world) == []


def test_who_uses_it_up_anyway_is_not_bothered(world: World) -> None:
    ana = world.client("Ana")
    world.grant(ana, 40)
    world.spend(ana, 20)
    world.grant(ana, 1, expires_on=date(2026, 7, 27))
    assert remind(world) == []


def test_who_left_is_asked_back_once_and_only_if_they_agreed_to_offers(world: World) -> None:
    for place, agreed in enumerate((True, False)):
        number = f"+1505555011{place}"
        client = world.client("Ana", number)
        world.enrol(client, anchor_on=date(2026, 3, 1), standing=Standing.ENDED, ended_on=date(2026, 6, 5))
        world.rows("UPDATE phone SET sms_marketing = %s WHERE number = %s RETURNING 1", (agreed, number))
    for _ in range(3):
        remind(world)
        world.clock.advance(timedelta(days=1))
    assert len(world.received("+15055550110")) == 1
    assert world.received("+15055550111") == []


def tend(world: World) -> None:
    legal_notices.tend(world.rt)
    legal_notices.tend(world.rt)
    world.settle()
    legal_notices.tend(world.rt)


def outcome(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, about_on, outcome FROM legal_notice ORDER BY id")


def test_once_a_year_by_mail_and_by_text_with_proof(world: World) -> None:
    ana = world.client("Ana")
    world.mailbox(ana, "ana@example.com")
    world.enrol(ana, anchor_on=date(2025, 8, 4))
    world.clock.advance(timedelta(days=-1))
    tend(world)
    assert outcome(world) == []
    world.clock.advance(timedelta(days=1))
    tend(world)
    assert len(world.received()) == 1
    assert [each.subject for each in world.mailed("ana@example.com")] == ["Your membership: a yearly reminder"]
    assert outcome(world) == [("annual", date(2026, 8, 4), "delivered")]
    for _ in range(40):
        world.clock.advance(timedelta(days=1))
        tend(world)
    assert len(world.received()) == 1
    assert [row[1:] for row in outcome(world)] == [(date(2026, 8, 4), "delivered")]
    world.clock.advance(timedelta(days=325))
    tend(world)
    assert [row[1:] for row in outcome(world)][1:] == [(date(2027, 8, 4), "delivered")]


def test_whom_no_channel_reaches_is_a_persons(world: World) -> None:
    ana = world.client("Ana")
    world.enrol(ana, anchor_on=date(2025, 8, 4))
    world.rows("UPDATE phone SET suppressed_at = now(), sms_transactional = false RETURNING 1")
    tend(world)
    [(task, key)] = world.rows("SELECT kind, key FROM staff_task")
    assert task == "legal_notice"
    [(notice,)] = world.rows("SELECT id FROM legal_notice")
    with world.rt.unit_of_work() as uow:
        assert legal_notices.seen_to(uow, world.spa.spa_id, notice, by="staff:desk", how="by post")  # type: ignore[arg-type]
    assert outcome(world)[0][2] == "by_person"
    assert world.rows("SELECT closed_by FROM staff_task WHERE key = %s", (key,)) == [("staff:desk",)]


def test_a_notice_that_no_text_brought_goes_by_mail(world: World) -> None:
    ana = world.client("Ana")
    world.mailbox(ana, "ana@example.com")
    world.enrol(ana, anchor_on=date(2026, 6, 10), first_cycle=1)
    reminders.remind(world.rt)
    world.rows("UPDATE outbound_message SET status = 'undelivered', settled_at = %s RETURNING 1", (world.clock.now(),))
    assert fallbacks.tell_in_another_way(world.rt) == 1
    assert fallbacks.tell_in_another_way(world.rt) == 0
    world.settle()
    [mail] = world.mailed("ana@example.com")
    assert "renews on Jul 10" in mail.text
    assert world.received(ANA) == []
