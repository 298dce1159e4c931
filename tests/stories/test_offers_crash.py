"""`kill -9` at every edge of a campaign, in real processes: each recipient is sent it once, or it is let go in doubt.

A process that plans, tells and sends is killed at an edge (see `killing.py`); another one, ten minutes later, does what
is left, and is killed too. An offer whose worker died with the question on its lips is looked up, never repeated.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from assistant.domain.campaigns import Purpose
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.faults import Fault, FaultKind
from assistant.services import campaign_run, campaigns, plans, sending, sweep
from assistant.services.campaigns import Draft
from tests.stories.killing import Act, Harness, frozen, in_memory
from tests.world import PUBLIC, SPA_NUMBER, World

BEGIN = datetime(2026, 7, 7, 18, 0, tzinfo=UTC)
"""Noon in Denver, on a Tuesday."""
LATER = timedelta(minutes=10)
WORDS = (
    "Fern & Lumen: ((first name)), join ((plan)) for ((price)) a month: ((link)). Reply JOIN. Reply STOP to opt out."
)
PEOPLE = 3


@dataclass
class Campaigning(Harness):
    """Each trial is a campaign of its own, to three people of its own; one more is held out of all of them."""

    trials: int = 0

    def campaign(self, *faults: FaultKind) -> int:
        self.trials += 1
        self.at += timedelta(days=7)
        world = self.world
        world.clock.at = self.at
        world.rows("UPDATE phone SET sms_marketing = false RETURNING 1")
        for number in self.phones():
            world.client("Ana", number)
        world.rows("UPDATE phone SET sms_marketing = true WHERE number = ANY(%s) RETURNING 1", (self.phones(),))
        with closing(self.book(self.at)) as book:
            for kind in faults:
                for number in self.phones():
                    book.faults.add(Fault(kind, number))
        wanted = Draft(
            name=str(self.trials), purpose=Purpose.JOIN, plan_code="glow", texts=({"en": WORDS},), holdout_percent=0
        )
        with world.rt.unit_of_work() as uow:
            found = campaigns.draft(uow, world.spa.spa_id, wanted, actor="staff:owner")
            uow.sql(
                "UPDATE campaign SET status = 'scheduled', starts_at = %s, planned_through = ("
                " SELECT max(id) - %s FROM client) WHERE id = %s",
                (uow.now, PEOPLE, found),
            )
        return found

    def phones(self) -> list[str]:
        return [f"+1505556{self.trials * PEOPLE + place:04d}" for place in range(PEOPLE)]

    def sent(self) -> list[int]:
        """How many texts the provider took for each of them: its own record, not ours."""
        with closing(self.book(self.at + 3 * LATER)) as book:
            return [sum(each.direction == "outbound-api" for each in book.thread(number)) for number in self.phones()]

    def check(self, campaign: int, trial: object, *, status: str = "delivered") -> Counter[str]:
        """Each was told once; what the provider has is what we wrote; nothing is left to do. What became of them."""
        places = self.world.rows(
            """SELECT r.place, m.status, m.reason, m.provider_id IS NOT NULL FROM campaign_recipient r
               LEFT JOIN outbound_message m ON (m.spa_id, m.id) = (r.spa_id, r.message_id)
               WHERE r.campaign_id = %s ORDER BY r.client_id""",
            (campaign,),
        )
        sent = [("told", status, None, True), ("told", status, "the answer was lost", True)]
        doubted = [("told", "dropped", "in_doubt", False)]
        assert len(places) == PEOPLE, (trial, places)
        assert all(each in sent + doubted for each in places), (trial, places)
        assert self.sent() == [int(bool(each[3])) for each in places], (trial, places)
        written = self.world.rows("SELECT count(*) FROM outbound_message WHERE campaign_id = %s", (campaign,))
        assert written == [(PEOPLE,)], trial
        assert self.world.rows("SELECT status FROM campaign WHERE id = %s", (campaign,)) == [("done",)], trial
        assert self.world.rows("SELECT sum(offers) <= 1600 FROM sending_day") in ([(True,)], [(None,)])
        return Counter(str(each[1]) for each in places)


def work(world: World) -> None:
    """A campaign is planned and told, its offers are sent, and Twilio tells what became of them."""
    while campaign_run.next_step(world.rt) + sending.send_slice(world.rt) + world.book.pump(world.deliver):
        pass


def recover(world: World) -> None:
    """The sweep and the clock come round until there is nothing for them to do."""
    for _ in range(2):
        sweep.sweep(world.rt)
        work(world)
        world.clock.advance(timedelta(seconds=61))


def recover_from_the_callbacks(world: World) -> None:
    """As above, but Twilio's own news comes first."""
    work(world)
    recover(world)


@pytest.fixture
def harness(world: World) -> Iterator[Campaigning]:
    with in_memory() as folder:
        harness = Campaigning(world, folder, BEGIN)
        with closing(harness.book(BEGIN)) as book:
            book.own(SPA_NUMBER, f"{PUBLIC}/webhooks/twilio/inbound")
        with world.rt.unit_of_work() as uow:
            terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
            plans.offer(uow, world.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        harness.campaign()
        harness.finish(work)  # whatever is loaded at first use is loaded once, before any fork
        with frozen():
            yield harness


def test_the_edges_of_a_campaign_are_all_there(harness: Campaigning) -> None:
    """Whoever takes one away says so here: what is no edge is not killed below."""
    campaign = harness.campaign()
    edges = Counter(harness.run(work))
    assert edges["before send"] == edges["after send"] == PEOPLE
    assert edges["before webhook"] == 2 * PEOPLE
    assert edges["commit"] == edges["committed"] >= 2 + 2 + 1 + PEOPLE + 1 + 2 * PEOPLE
    assert harness.check(campaign, "no kill") == {"delivered": PEOPLE}


UNTOLD = (FaultKind.LOSE_CALLBACKS,)


@pytest.mark.parametrize(
    ("recovery", "faults"),
    [
        (recover, ()),
        (recover_from_the_callbacks, ()),
        (recover, UNTOLD),
        (recover, (FaultKind.DUPLICATE_CALLBACKS,)),
        (recover, (FaultKind.FAIL_AFTER,)),
        (recover, (FaultKind.FAIL_AFTER, *UNTOLD)),
    ],
)
def test_killed_at_any_edge(harness: Campaigning, recovery: Act, faults: tuple[FaultKind, ...]) -> None:
    """With all of Twilio's news, with it twice, with none, and with every answer lost."""
    status, became = "accepted" if FaultKind.LOSE_CALLBACKS in faults else "delivered", Counter[str]()
    for k in count(1):
        campaign = harness.campaign(*faults)
        passed = harness.run(work, kill_at=k)
        harness.run(recovery, after=LATER)
        became += harness.check(campaign, passed, status=status)
        if len(passed) < k:
            break
    assert harness.trials > 30
    assert became["dropped"] == 2 * PEOPLE, "there are two edges between the last commit and the call of each"
