"""What is offered beside leaving and beside a balance: tokens of their own, one effect, and no more than once."""

import re
from datetime import date, timedelta

import pytest

from assistant.conversation.dialogue import KINDS
from assistant.conversation.reading import Pending
from assistant.domain.plans import Terms
from assistant.services import plans, wrong_numbers
from assistant.services.wrong_numbers import Doubt
from tests.world import ANA, World

LEO = "+15055550111"
LEAVE, KEEP, VISIT = (re.compile(rf"\b{letter}\d\d\b") for letter in "LKB")
MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.phone(client_id, LEO)
    world.enrol(client_id, anchor_on=date(2026, 8, 15), first_cycle=4)
    world.card(client_id)
    world.grant(client_id, 2)
    world.rows("UPDATE client SET region = 'NM' RETURNING id")
    return client_id


def tokens(answers: list[str]) -> tuple[str, str]:
    """To leave, and to stay."""
    return LEAVE.findall(answers[-1])[0], KEEP.findall(answers[-1])[0]


def test_every_kind_that_is_pending_outside_is_a_kind_here() -> None:
    assert {each.pending for each in KINDS.values()} >= set(Pending)
    letters = [each.letter for each in KINDS.values() if each.letter]
    assert len(letters) == len(set(letters))
    assert [each.name for each in KINDS.values() if each.yes] == ["book_offer", "guess"]


def test_whoever_takes_it_at_both_phones_rests_once(world: World, ana: int) -> None:
    del ana
    _, one = tokens(world.say("LEAVE"))
    _, other = tokens(world.say("LEAVE", LEO))
    assert "rests from" in world.say(one)[0]
    assert "rests from" not in world.say(other, LEO)[0]
    assert world.rows("SELECT count(*) FROM pause") == [(1,)]
    assert world.rows("SELECT count(*) FROM cancellation") == [(0,)]


def test_a_late_token_does_nothing_and_both_are_told_anew(world: World, ana: int) -> None:
    del ana
    _, late = tokens(world.say("LEAVE"))
    world.pass_time(16 * MINUTES)
    leave, keep = tokens(world.say(late))
    assert keep != late
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
    assert "confirmation" in world.say(leave)[0]
    assert "rests from" not in world.say(keep)[0], "it was settled with the end"


def test_what_is_not_as_it_was_offered_is_told_anew(world: World, ana: int) -> None:
    del ana
    _, keep = tokens(world.say("LEAVE"))
    world.rows("UPDATE membership SET anchor_on = '2026-08-16' RETURNING id")
    again = world.say(keep)
    assert "Dec 16" in again[0]
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
    assert tokens(again)[1] != keep


def test_it_is_offered_in_one_request_a_year(world: World, ana: int) -> None:
    del ana
    assert KEEP.search(world.say("LEAVE")[0])
    assert KEEP.search(world.say("LEAVE")[0])
    world.pass_time(2 * DAYS)
    assert not KEEP.search(world.say("LEAVE")[0])
    world.clock.advance(80 * DAYS)
    world.say("hi")
    assert not KEEP.search(world.say("LEAVE")[0])


def test_a_number_in_doubt_may_leave_and_may_not_take_it(world: World, ana: int) -> None:
    del ana
    leave, keep = tokens(world.say("LEAVE"))
    world.rt.transact(lambda uow: wrong_numbers.shake(uow, world.spa.spa_id, ANA, Doubt.SIM_SWAP))
    assert "rests" not in world.say(keep)[0]
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
    assert "confirmation" in world.say(leave)[0]


def test_the_nearest_smaller_plan_is_offered(world: World, ana: int) -> None:
    del ana
    world.spend(1, 2)
    with world.rt.unit_of_work() as uow:
        for name, cents in (("Tiny", 4_900), ("Lite", 9_900), ("Lux", 29_900)):
            plans.offer(uow, world.spa.spa_id, name.lower(), name, Terms(dues_cents=cents, grants=()), actor="staff:1")
    [told] = world.say("LEAVE")
    assert "stay on Lite for $99.00 from Dec 15" in told


def test_a_visit_is_offered_for_what_runs_out_within_a_month_and_once_a_day(world: World, ana: int) -> None:
    world.grant(ana, 1, unit="extra", expires_on=date(2026, 12, 21))
    assert not VISIT.search(world.say("BALANCE")[0])
    world.grant(ana, 1, unit="extra", expires_on=date(2026, 12, 20))
    assert VISIT.search(world.say("BALANCE")[0])
    assert "front desk" in world.say("yes")[0]
    assert world.rows("SELECT facts ->> 'summary' FROM staff_task WHERE kind = 'visit_asked'") == [
        ("Yes to a visit before ####-12-20",)
    ]
    assert not VISIT.search(world.say("BALANCE")[0])
    world.pass_time(timedelta(hours=25))
    assert VISIT.search(world.say("BALANCE")[0])


def test_with_a_visit_and_a_pause_open_a_yes_does_nothing(world: World, ana: int) -> None:
    world.grant(ana, 1, unit="extra", expires_on=date(2026, 12, 5))
    world.say("BALANCE")
    world.say("PAUSE 2")
    [which] = world.say("yes")
    assert VISIT.search(which)
    assert "more than one" in which
    assert world.rows("SELECT count(*) FROM staff_task") == [(0,)]
    assert world.rows("SELECT count(*) FROM pause") == [(0,)]
