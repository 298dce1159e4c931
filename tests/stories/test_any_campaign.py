"""Seasons of campaigns at random: people who stop, come back and join meanwhile, nights, faults, and workers that die.

It is `any_year` with offers: whatever is handed to the provider was wanted when its worker committed last, at an hour
that is fit wherever the recipient may be; each was told once; who was held out, never; and nothing is left undone.
`ANY_YEAR=200 pytest tests/stories/test_any_campaign.py` lives through two hundred.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assistant.domain import phones
from assistant.domain.audience import Audience
from assistant.domain.campaigns import Purpose
from assistant.domain.consent import MessageClass
from assistant.domain.plans import GrantTerms, Terms
from assistant.domain.quiet_hours import Open, window
from assistant.gateways.ports import Answer, Text
from assistant.local.postgres import LocalPostgres
from assistant.services import campaign_run, campaigns, messaging, plans, sending
from assistant.services.campaigns import Draft, Refused
from assistant.services.preflight import preflight
from tests.stories.test_any_year import Provider, Year, a_year

SEASONS = int(os.environ.get("ANY_YEAR", "3"))
STEPS = 150
BEGIN = datetime(2026, 10, 26, 15, 0, tzinfo=UTC)
"""The week before the clocks go back."""
CODES = ("505", "212", "310", "808", "602", "312", "787")
PHONES = tuple(f"+1{CODES[place % len(CODES)]}55501{20 + place}" for place in range(14))
TEXTS = (
    "Fern & Lumen: hello ((first name)), two hours are free on Thursday. Reply STOP to opt out.",
    "Fern & Lumen: ((first name)), Thursday has room for you. Reply STOP to opt out.",
)
TOLD = """
    SELECT r.campaign_id, r.client_id, r.place, r.arm, c.status, m.status, m.asked_at IS NOT NULL
    FROM campaign_recipient r JOIN campaign c ON (c.spa_id, c.id) = (r.spa_id, r.campaign_id)
    LEFT JOIN outbound_message m ON (m.spa_id, m.id) = (r.spa_id, r.message_id)"""
COUNTED = {
    *("confirmed", "text", "time passed", "offer taken", "held", "went on", "stopped for good", "taken back"),
    *("told", "killed", "stopped meanwhile", "opted out", "repeated a step"),
}


class Carrier(Provider):
    """The provider, who also looks at what an offer may be."""

    def send(self, text: Text) -> Answer:
        [(kind, client_id)] = self.year.world.rows(
            "SELECT message_class, client_id FROM outbound_message WHERE id = %s", (text.message_id,)
        )
        if kind == MessageClass.MARKETING:
            self._is_fit(text, client_id)
        return super().send(text)

    def _is_fit(self, text: Text, client_id: object) -> None:
        year = self.year
        assert isinstance(year, Season)
        [(zone,)] = year.world.rows("SELECT zone FROM client WHERE id = %s", (client_id,))
        places = phones.zones(text.recipient, str(zone))
        opening = window(MessageClass.MARKETING, places, year.world.clock.now() - timedelta(seconds=1))
        assert isinstance(opening, Open), f"an offer to {places} at {year.world.clock.now()}"
        assert text.recipient in year.wanting, f"message {text.message_id}: nobody there wants offers"
        year.happened["offer taken"] += 1


class Season(Year):
    """One seed of it."""

    phones = PHONES
    weights = (1,) * len(PHONES)
    wanting: frozenset[str] = frozenset()
    """Who wanted offers when the worker that goes on now committed last."""

    def _provider(self) -> Provider:
        return Carrier(self)

    def _people(self) -> list[int]:
        people = [
            self.world.client(f"Ana{place}", number, locale="es" if place % 3 == 0 else "en")
            for place, number in enumerate(PHONES)
        ]
        for client_id in people:
            if self.chance.random() < 0.3:
                zone = self.chance.choice(("America/New_York", "Pacific/Honolulu", "America/Los_Angeles"))
                self.world.rows("UPDATE client SET zone = %s WHERE id = %s RETURNING 1", (zone, client_id))
        self.world.rows("UPDATE phone SET sms_marketing = id %% 6 <> 0 RETURNING 1")
        with self.world.rt.unit_of_work() as uow:
            terms = Terms(dues_cents=14_900, grants=(GrantTerms("visit", 1000),))
            plans.offer(uow, self.world.spa.spa_id, "glow", "Glow", terms, actor="staff:owner")
        return people

    def _acts(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.confirm, 5), (self.plan_or_tell, 24), (self.send, 24), (self.text, 12), (self.pump, 12),
            (self.answer, 10), (self.deliver, 8), (self.sweep, 6), (self.pass_time, 12), (self.fault, 4),
            (self.hold, 2), (self.go_on, 4), (self.take_back, 1), (self.stop, 1), (self.lift, 2),
        ]  # fmt: skip

    def _edge(self, name: str) -> None:
        super()._edge(name)
        if name == "committed":
            wants = "SELECT number FROM phone WHERE sms_marketing AND suppressed_at IS NULL"
            self.wanting = frozenset(str(number) for (number,) in self.world.rows(wants))

    def confirm(self) -> None:
        """Somebody writes a campaign, looks at what would come of it, types the number and sends it."""
        spa_id, two = self.world.spa.spa_id, self.chance.random() < 0.5
        wanted = Draft(
            name=self._key("campaign"),
            purpose=Purpose.OFFER,
            texts=tuple({"en": words} for words in TEXTS[: 1 + two]),
            audience=Audience(),
            holdout_percent=self.chance.choice((0, 30, 50)),
        )

        def done() -> None:
            with self.world.rt.unit_of_work() as uow:
                made = campaigns.draft(uow, spa_id, wanted, actor="staff:owner")
                told = preflight(uow, spa_id, made).to_json()
                campaigns.confirm(
                    uow, spa_id, made, typed=told["audience"], foretold=told, at=None, actor="staff:owner"
                )

        try:
            done()
            self.happened["confirmed"] += 1
        except Refused:
            self.happened["refused"] += 1

    def pass_time(self) -> None:
        """Hours for the most part: what waits meets the evening."""
        self.world.clock.advance(timedelta(minutes=self.chance.choice((1, 1, 5, 20, 60, 170, 400, 400, 1500))))
        self.happened["time passed"] += 1

    def _words(self, phone: str) -> str:
        said = self.chance.random()
        return "STOP" if said < 0.06 else "START" if said < 0.5 else super()._words(phone)

    def meanwhile(self) -> None:
        """And now and then somebody says STOP between a worker's last look and its call, and is heard."""
        if not self.calm and self.depth <= 1 and self.chance.random() < 0.04:
            self.depth += 1
            for phone in self.chance.sample(PHONES, 3):
                self.world.text("STOP", phone)
            self._alone(self.pump)
            self.depth -= 1
            self.happened["stopped meanwhile"] += 1
        super().meanwhile()

    def plan_or_tell(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            self.happened["repeated a step"] += not campaign_run.next_step(self.rt)

    def send(self) -> None:
        sending.send_slice(self.rt)

    def hold(self) -> None:
        self._changed(campaigns.hold, "held", why="person")

    def go_on(self) -> None:
        self._changed(campaigns.resume, "went on")

    def take_back(self) -> None:
        self._changed(campaigns.undo, "taken back")

    def stop(self) -> None:
        self._changed(campaigns.stop, "stopped for good")

    def _changed(self, act: Callable[..., object], what: str, **more: str) -> None:
        ids = [row[0] for row in self.world.rows("SELECT id FROM campaign ORDER BY id")]
        if not ids:
            return
        chosen = self.chance.choice(ids)
        try:
            with self.world.rt.unit_of_work() as uow:
                act(uow, self.world.spa.spa_id, chosen, actor="staff:owner", **more)
            self.happened[what] += 1
        except Refused:
            self.happened["not now"] += 1

    def settle(self) -> None:
        """What was paused goes on, the faults stop, and three weeks go by."""
        self.calm = True
        self.world.book.faults.lift()
        self.world.rows("UPDATE spa SET sending_stopped = NULL RETURNING 1")
        for (held,) in self.world.rows("SELECT id FROM campaign WHERE status = 'held'"):
            with self.world.rt.unit_of_work() as uow:
                campaigns.resume(uow, self.world.spa.spa_id, int(str(held)), actor="staff:owner")
        for _ in range(84):
            self.world.clock.advance(timedelta(hours=6))
            self._run_dry()
        super().settle()

    def expire(self) -> None:
        """Nobody has credit here, and no time goes by for it."""

    def _run_dry(self) -> None:
        for act in (self._deliver_all, self.pump, self._answer_all, self.sweep, self._deliver_all, self.pump):
            act()

    def _deliver_all(self) -> None:
        while campaign_run.next_step(self.rt) + sending.send_slice(self.rt) + messaging.deliver_next(self.rt):
            pass

    def check(self) -> None:
        super().check()
        self._check_places(over=False)

    def check_the_end(self) -> None:
        super().check_the_end()
        self._check_places(over=True)

    def _check_places(self, *, over: bool) -> None:
        """Each recipient has a place, and a message only where they were told."""
        told = Counter[tuple[object, object]]()
        for campaign, client, place, _arm, status, became, asked in self.world.rows(TOLD):
            assert (became is not None) == (place == "told"), (campaign, client, place, became)
            assert place != "held_out" or not asked
            told[campaign, client] += 1
            if over and status in {"done", "stopped"}:
                assert place != "planned", (campaign, client)
            self.happened["told"] += over and place == "told"
            self.happened["held out"] += over and place == "held_out"
        assert max(told.values(), default=1) == 1
        twice = """SELECT campaign_id, client_id FROM outbound_message WHERE campaign_id IS NOT NULL
                   GROUP BY 1, 2 HAVING count(*) > 1"""
        assert self.world.rows(twice) == []
        if over:
            late = """
                SELECT c.name FROM campaign c WHERE status = 'scheduled' OR status = 'sending' AND NOT EXISTS (
                    SELECT FROM campaign_recipient r WHERE (r.spa_id, r.campaign_id) = (c.spa_id, c.id)
                    AND r.place = 'planned' AND r.due_at > %s)"""
            assert self.world.rows(late, (self.world.clock.now() - timedelta(hours=25),)) == [], "it waits for nothing"


def test_any_campaign(postgres: LocalPostgres, template: str) -> None:
    happened: Counter[str] = Counter()
    only = os.environ.get("ANY_YEAR_SEED")
    for seed in [int(only)] if only else range(SEASONS):
        with a_year(postgres, template, seed, Season, BEGIN) as season:
            season.live(STEPS)
            season.settle()
            season.check_the_end()
            happened += season.happened
            happened["opted out"] += len(season.opted_out())
    if not only:
        assert {what for what in COUNTED if not happened[what]} == set()
