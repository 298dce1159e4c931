"""A campaign from its draft to its results, on a real database and a stopped clock."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.db.connections import Database
from assistant.domain.audience import Audience, Known
from assistant.domain.campaigns import Purpose, Repeats
from assistant.domain.offer_lint import Fault
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import campaign_results, campaign_run, campaigns, plans
from assistant.services.campaigns import Draft, Refused
from assistant.services.preflight import preflight
from tests.world import World

NOON = datetime(2026, 7, 7, 18, tzinfo=UTC)
WORDS = "Fern & Lumen: ((first name)), join ((plan)) for ((price)) a month. Reply JOIN. Reply STOP to opt out."


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, NOON) as each:
        with each.rt.unit_of_work() as uow:
            terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
            plans.offer(uow, each.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        yield each


def people(world: World, many: int) -> list[int]:
    found = [world.client(f"Ana{place}", f"+1505555{place:04d}") for place in range(many)]
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE phone SET sms_marketing = true")
    return found


def drafted(world: World, **changes: object) -> int:
    wanted = Draft(name="July", purpose=Purpose.JOIN, plan_code="glow", texts=({"en": WORDS},), **changes)  # type: ignore[arg-type]
    with world.rt.unit_of_work() as uow:
        return campaigns.draft(uow, world.spa.spa_id, wanted, actor="staff:owner")


def confirmed(world: World, campaign_id: int, typed: int) -> datetime:
    foretold = {"audience": typed, "faults": []}
    with world.rt.unit_of_work() as uow:
        return campaigns.confirm(
            uow, world.spa.spa_id, campaign_id, typed=typed, foretold=foretold, at=None, actor="staff:owner"
        )


def run(world: World) -> None:
    while campaign_run.next_step(world.rt):
        pass
    world.settle()
    while campaign_run.next_step(world.rt):
        pass


def test_an_offer_goes_to_who_agreed_and_to_nobody_else(world: World) -> None:
    clients = people(world, 12)
    world.enrol(clients[0], anchor_on=NOON.date())
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE phone SET sms_marketing = false WHERE number = '+15055550001'")
        uow.sql("UPDATE phone SET suppressed_at = now() WHERE number = '+15055550002'")
        uow.sql("UPDATE client SET born_on = '2010-01-01' WHERE id = %s", (clients[3],))
    campaign = drafted(world, holdout_percent=0)
    confirmed(world, campaign, 8)
    run(world)
    assert all(not world.received(f"+1505555{place:04d}") for place in range(12)), "the minute for undoing"
    world.clock.advance(timedelta(seconds=61))
    run(world)
    told = [place for place in range(12) if world.received(f"+1505555{place:04d}")]
    assert told == [4, 5, 6, 7, 8, 9, 10, 11]
    assert world.received("+15055550004") == [
        "Fern & Lumen: Ana4, join Glow for $149.00 a month. Reply JOIN. Reply STOP to opt out."
    ]
    [(excluded, status)] = world.rows("SELECT excluded, status FROM campaign")
    assert excluded == {"member": 1, "no_consent": 1, "opted_out": 1, "minor": 1}
    assert status == "done"


def test_one_held_out_is_sent_nothing_and_counts(world: World) -> None:
    people(world, 60)
    campaign = drafted(world, holdout_percent=50)
    confirmed(world, campaign, 60)
    world.clock.advance(timedelta(seconds=61))
    for _ in range(5):
        run(world)
        world.clock.advance(timedelta(minutes=2))
    with world.rt.unit_of_work() as uow:
        found = campaign_results.results(uow, world.spa.spa_id, campaign, segment_millicents=1_200)
    assert found.told.sent + found.held_out.chosen == 60
    assert 15 <= found.held_out.chosen <= 45
    assert found.told.delivered == found.told.sent
    assert found.held_out.sent == 0
    assert found.told.cost_millicents == found.told.sent * 1_200


def test_a_join_by_an_answer_is_the_campaigns(world: World) -> None:
    clients = people(world, 4)
    campaign = drafted(world, holdout_percent=0)
    confirmed(world, campaign, 4)
    world.clock.advance(timedelta(seconds=61))
    run(world)
    [answer] = world.say("JOIN", "+15055550001")
    assert "Glow" in answer
    world.clock.advance(timedelta(hours=1))
    with world.rt.unit_of_work() as uow:
        [[version]] = uow.sql("SELECT id FROM plan_version").fetchall()
        plans.join(uow, world.spa.spa_id, clients[1], version, today=NOON.date())
        found = campaign_results.results(uow, world.spa.spa_id, campaign, segment_millicents=1_200)
    assert (found.told.sent, found.told.replied, found.told.joined) == (4, 1, 1)
    assert found.joins.share == 0.25


def test_on_a_sunday_it_waits_for_monday(world: World) -> None:
    people(world, 2)
    campaign = drafted(world, holdout_percent=0)
    world.clock.advance(datetime(2026, 7, 12, 18, tzinfo=UTC) - NOON)
    confirmed(world, campaign, 2)
    world.clock.advance(timedelta(seconds=61))
    run(world)
    assert not world.received("+15055550001")
    assert set(world.rows("SELECT due_at FROM campaign_recipient")) == {(datetime(2026, 7, 13, 16, tzinfo=UTC),)}
    world.clock.advance(timedelta(hours=22))
    run(world)
    assert world.received("+15055550001")


def test_stopped_it_lets_go_of_everyone(world: World) -> None:
    people(world, 5)
    campaign = drafted(world, holdout_percent=0)
    confirmed(world, campaign, 5)
    world.clock.advance(timedelta(seconds=61))
    while campaign_run.next_step(world.rt):
        pass
    with world.rt.unit_of_work() as uow:
        assert campaigns.stop(uow, world.spa.spa_id, campaign, actor="staff:owner") == 5
    world.settle()
    assert not world.received("+15055550001")


def test_the_number_must_be_typed(world: World) -> None:
    people(world, 3)
    campaign = drafted(world)
    with pytest.raises(Refused, match="3 people, not to 4"), world.rt.unit_of_work() as uow:
        campaigns.confirm(
            uow,
            world.spa.spa_id,
            campaign,
            typed=4,
            foretold={"audience": 3, "faults": []},
            at=None,
            actor="staff:owner",
        )


def test_what_they_did_chooses_them(world: World) -> None:
    clients = people(world, 4)
    world.enrol(clients[0], anchor_on=NOON.date(), standing="ended", ended_on=NOON.date())  # type: ignore[arg-type]
    campaign = drafted(world, holdout_percent=0, audience=Audience(known=Known.FORMER))
    confirmed(world, campaign, 1)
    world.clock.advance(timedelta(seconds=61))
    run(world)
    assert world.rows("SELECT client_id, place FROM campaign_recipient") == [(clients[0], "told")]


def test_the_preflight_tells_all_and_changes_nothing(world: World) -> None:
    people(world, 30)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE client SET first_name = 'Maximiliana' WHERE first_name = 'Ana7'")
    campaign = drafted(world)
    with world.rt.unit_of_work() as uow:
        found = preflight(uow, world.spa.spa_id, campaign)
    assert (found.audience, found.held_out, found.excluded) == (30, 3, {})
    assert found.samples[0].name == "Maximiliana"
    assert len(found.samples) == 5
    assert (found.segments, found.cost_millicents) == (27, 27 * 1_200)
    assert found.last_lands_at is not None
    assert found.last_lands_at - NOON < timedelta(minutes=2)
    assert (found.faults, found.warnings, found.expected) == ((), (), None)
    assert world.rows("SELECT count(*) FROM campaign_recipient") == [(0,)]


def test_what_may_not_be_sent_is_not_sent(world: World) -> None:
    people(world, 3)
    wanted = Draft(name="Bad", purpose=Purpose.OFFER, texts=({"en": "20% off Botox! bit.ly/x Reply YES"},))
    with world.rt.unit_of_work() as uow:
        campaign = campaigns.draft(uow, world.spa.spa_id, wanted, actor="staff:owner")
        found = preflight(uow, world.spa.spa_id, campaign)
    assert {each.fault for each in found.faults} == {
        Fault.DRUG,
        Fault.SHORTENER,
        Fault.KEYWORD,
        Fault.NO_BRAND,
        Fault.NO_STOP,
    }
    with pytest.raises(Refused, match="cannot be sent"), world.rt.unit_of_work() as uow:
        campaigns.confirm(
            uow, world.spa.spa_id, campaign, typed=3, foretold=found.to_json(), at=None, actor="staff:owner"
        )


def test_one_that_goes_badly_pauses_itself(world: World) -> None:
    people(world, 120)
    world.rows('UPDATE spa SET sending = \'{"tier": "vetted_high"}\' WHERE spa_id = 1 RETURNING 1')
    campaign = drafted(world, holdout_percent=0)
    confirmed(world, campaign, 120)
    world.clock.advance(timedelta(seconds=61))
    while campaign_run.next_step(world.rt):
        pass
    world.rows(
        "UPDATE outbound_message SET asked_at = %s, status = 'undelivered', settled_at = %s WHERE id <= 60 RETURNING 1",
        (world.clock.now(), world.clock.now()),
    )
    world.rows("UPDATE campaign_recipient SET place = 'planned', message_id = NULL WHERE client_id > 100 RETURNING 1")
    while campaign_run.next_step(world.rt):
        pass
    assert world.rows("SELECT status, held_for FROM campaign") == [("held", "failures")]
    assert world.rows("SELECT kind FROM staff_task") == [("campaign_held",)]
    before = world.rows("SELECT count(*) FROM outbound_message WHERE asked_at IS NOT NULL")
    world.settle()
    assert world.rows("SELECT count(*) FROM outbound_message WHERE asked_at IS NOT NULL") == before


def test_the_day_after_a_second_visit(world: World) -> None:
    clients = people(world, 3)

    def visited(client: int, day: datetime) -> None:
        world.rows(
            """INSERT INTO ticket (spa_id, key, client_id, status, tender, due_cents, tax_cents, tip_cents, total_cents,
                                   quote, actor, visit_on, opened_at, paid_at)
               VALUES (1, %s, %s, 'paid', 'cash', 0, 0, 0, 0, '{}', 'staff:desk', %s, %s, %s) RETURNING 1""",
            (f"{client}:{day}", client, day.date(), day, day),
        )

    visited(clients[0], NOON - timedelta(days=30))
    visited(clients[1], NOON - timedelta(days=30))
    campaign = drafted(world, holdout_percent=0, repeats=Repeats(after_visits=2))
    confirmed(world, campaign, 0)
    for day in range(4):
        world.clock.advance(timedelta(seconds=61))
        run(world)
        if day == 1:
            visited(clients[0], world.clock.now())
        world.clock.advance(timedelta(days=1))
    run(world)
    assert world.rows("SELECT client_id, place FROM campaign_recipient") == [(clients[0], "told")]
    assert world.rows("SELECT status FROM campaign") == [("sending",)]
    assert len(world.received("+15055550000")) == 1


def test_join_means_the_plan_that_was_offered(world: World) -> None:
    people(world, 1)
    with world.rt.unit_of_work() as uow:
        terms = Terms(dues_cents=24_900, grants=(GrantTerms("visit", 2000),))
        plans.offer(uow, world.spa.spa_id, "luxe", "Luxe", terms, actor="staff:owner")
    [which] = world.say("JOIN", "+15055550000")
    assert "Luxe" in which
    campaign = drafted(world, holdout_percent=0)
    confirmed(world, campaign, 1)
    world.clock.advance(timedelta(seconds=61))
    run(world)
    [answer] = world.say("JOIN", "+15055550000")
    assert "Glow" in answer
    assert "Luxe" not in answer
